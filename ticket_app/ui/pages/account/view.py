"""The pages that links in emails open, and "Forgot password?".

A link opens a page and changes nothing: programs that look at links in emails must not use them up.
Only the page's button acts.
"""

from __future__ import annotations

import reflex as rx

from ticket_app.core.people import passwords
from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.account import texts
from ticket_app.ui.pages.account.state import (
    AcceptInvitation,
    ForgotPassword,
    ResetPassword,
    VerifyAddress,
)


def _sign_in_footer() -> list[rx.Component]:
    return [w.link(texts.BACK_TO_SIGN_IN, to=routes.LOGIN)]


def _done(title: str, hint: str, button: rx.Component) -> rx.Component:
    return rx.el.div(
        w.callout(title, hint, tone="green"),
        button,
        class_name="auth-fields",
    )


def expired_link_notice(hint: str, button: rx.Component | None = None) -> rx.Component:
    return rx.el.div(
        w.callout(texts.LINK_NOT_VALID, hint, tone="amber"),
        *([button] if button is not None else []),
        class_name="auth-fields",
    )


def _sign_in_button() -> rx.Component:
    return w.button_link(texts.SIGN_IN, to=routes.LOGIN, variant="primary", size="full")


def _password_field(label: str, error: rx.Var[str]) -> rx.Component:
    return w.field(
        label,
        w.text_input(
            "password",
            input_type="password",
            auto_complete="new-password",
            required=True,
            max_length=1024,
        ),
        name="password",
        hint=texts.password_hint(passwords.MIN_LENGTH),
        error=error,
    )


def forgot_password_page() -> rx.Component:
    """Return the form that asks for a link; its answer is the same for every address."""
    form = rx.el.form(
        rx.cond(ForgotPassword.error, w.callout(ForgotPassword.error)),
        rx.el.p(texts.FORGOT_HINT, class_name="text-muted"),
        w.field(
            texts.EMAIL,
            w.text_input(
                "email",
                input_type="email",
                auto_complete="email",
                required=True,
                max_length=254,
                auto_focus=True,
            ),
            name="email",
            error=ForgotPassword.email_error,
        ),
        w.button(texts.FORGOT_SEND, variant="primary", size="full", submit=True),
        on_submit=ForgotPassword.send,
        class_name="auth-fields",
        no_validate=True,
    )
    sent = rx.el.div(
        w.callout(texts.FORGOT_SENT, texts.FORGOT_SENT_HINT, tone="green"),
        w.button(texts.FORGOT_AGAIN, size="full", on_click=ForgotPassword.start_again),
        class_name="auth-fields",
    )
    return w.auth_layout(
        texts.FORGOT_TITLE, rx.cond(ForgotPassword.is_sent, sent, form), footer=_sign_in_footer()
    )


def reset_password_page() -> rx.Component:
    """Return the form for the new password."""
    form = rx.el.form(
        rx.cond(ResetPassword.error, w.callout(ResetPassword.error)),
        rx.el.p(texts.account_of(ResetPassword.account), class_name="text-muted", dir="auto"),
        _password_field(texts.NEW_PASSWORD, ResetPassword.password_error),
        w.button(texts.RESET_SAVE, variant="primary", size="full", submit=True),
        on_submit=ResetPassword.save,
        class_name="auth-fields",
        no_validate=True,
    )
    ask_again = w.button_link(
        texts.RESET_ASK_AGAIN, to=routes.FORGOT_PASSWORD, variant="primary", size="full"
    )
    return w.auth_layout(
        texts.RESET_TITLE,
        rx.match(
            ResetPassword.step,
            ("form", form),
            ("finished", _done(texts.RESET_DONE, texts.RESET_DONE_HINT, _sign_in_button())),
            ("expired", expired_link_notice(texts.RESET_EXPIRED_HINT, ask_again)),
            w.card_skeleton(1),
        ),
        footer=_sign_in_footer(),
    )


def invitation_page() -> rx.Component:
    """Return the form for the name and password of an invited person."""
    state = AcceptInvitation
    form = rx.el.form(
        rx.cond(state.error, w.callout(state.error)),
        rx.el.p(texts.INVITATION_HINT, class_name="text-muted"),
        rx.el.p(texts.account_of(state.account), class_name="text-muted", dir="auto"),
        rx.el.div(
            w.field(
                texts.FIRST_NAME,
                w.text_input(
                    "first_name",
                    auto_complete="given-name",
                    max_length=150,
                    required=True,
                    auto_focus=True,
                ),
                name="first_name",
                error=state.first_name_error,
            ),
            w.field(
                texts.LAST_NAME,
                w.text_input("last_name", auto_complete="family-name", max_length=150),
                name="last_name",
                optional=True,
                error=state.last_name_error,
            ),
            class_name="two-columns",
        ),
        _password_field(texts.PASSWORD, state.password_error),
        w.button(texts.INVITATION_ACCEPT, variant="primary", size="full", submit=True),
        on_submit=state.accept,
        class_name="auth-fields",
        no_validate=True,
    )
    return w.auth_layout(
        texts.INVITATION_TITLE,
        rx.match(
            state.step,
            ("form", form),
            (
                "finished",
                _done(texts.INVITATION_DONE, texts.INVITATION_DONE_HINT, _sign_in_button()),
            ),
            ("expired", expired_link_notice(texts.INVITATION_EXPIRED_HINT)),
            w.card_skeleton(1),
        ),
        footer=_sign_in_footer(),
    )


def verify_page() -> rx.Component:
    """Return the button that confirms an address."""
    state = VerifyAddress
    form = rx.el.form(
        rx.cond(state.error, w.callout(state.error)),
        rx.el.p(texts.VERIFY_HINT, class_name="text-muted"),
        rx.el.p(rx.el.strong(state.account), dir="auto"),
        w.button(texts.VERIFY_CONFIRM, variant="primary", size="full", submit=True),
        on_submit=state.confirm,
        class_name="auth-fields",
    )
    go_on = w.button_link(texts.VERIFY_CONTINUE, to=routes.HOME, variant="primary", size="full")
    return w.auth_layout(
        texts.VERIFY_TITLE,
        rx.match(
            state.step,
            ("form", form),
            ("finished", _done(texts.VERIFY_DONE, "", go_on)),
            ("expired", expired_link_notice(texts.VERIFY_EXPIRED_HINT, _sign_in_button())),
            w.card_skeleton(1),
        ),
    )
