"""The profile page."""

from __future__ import annotations

import reflex as rx
from reflex.style import color_mode, set_color_mode

from ticket_app.core.conversation import held_replies
from ticket_app.core.people import passwords
from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.layout import portal_page
from ticket_app.ui.pages.portal.profile.state import TOKEN_LIFETIMES, Profile, TokenRow


def _identity_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts.PROFILE_YOU),
        w.properties(
            w.property_row(texts.PROFILE_NAME, w.read_only_value(CurrentUser.name)),
            w.property_row(texts.PROFILE_USERNAME, w.read_only_value(CurrentUser.username)),
            w.property_row(texts.REGISTER_EMAIL, w.read_only_value(CurrentUser.email)),
        ),
        class_name="profile-section",
    )


def _email_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts.PROFILE_EMAIL),
        rx.cond(
            Profile.is_email_verified,
            rx.fragment(),
            w.callout(
                texts.PROFILE_EMAIL_UNVERIFIED,
                texts.PROFILE_EMAIL_UNVERIFIED_HINT,
                tone="amber",
                action=w.button(
                    texts.PROFILE_EMAIL_RESEND, icon="send", on_click=Profile.resend_verification
                ),
            ),
        ),
        rx.el.form(
            w.field(
                texts.PROFILE_EMAIL_ADDRESS,
                w.text_input(
                    "new_email", input_type="email", auto_complete="email", max_length=254
                ),
                name="new_email",
                hint=texts.PROFILE_EMAIL_HINT,
                error=Profile.email_error,
            ),
            rx.el.div(w.button(texts.PROFILE_EMAIL_SEND, submit=True)),
            on_submit=Profile.change_email,
            class_name="form narrow-form",
            no_validate=True,
        ),
        class_name="profile-section",
    )


def _preferences_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts.PROFILE_PREFERENCES),
        rx.el.div(
            rx.el.span(texts.PROFILE_THEME, class_name="field-label"),
            rx.el.div(
                *(
                    rx.el.button(
                        rx.icon(icon, size=16, stroke_width=1.75),
                        word,
                        type="button",
                        class_name="button",
                        aria_pressed=rx.cond(color_mode == mode, "true", "false"),
                        on_click=[set_color_mode(mode), Profile.choose_theme(mode)],
                    )
                    for mode, word, icon in w.THEMES
                ),
                class_name="segmented-control",
                role="group",
                aria_label=texts.PROFILE_THEME,
            ),
            class_name="field",
        ),
        w.link(
            rx.icon("bell", size=14),
            texts.PROFILE_NOTIFICATIONS,
            to=routes.NOTIFICATION_SETTINGS,
            class_name="text-link icon-label",
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=Profile.shortcuts_enabled,
                on_change=Profile.toggle_shortcuts,
            ),
            rx.el.span(
                texts.PROFILE_SHORTCUTS,
                rx.el.small(texts.PROFILE_SHORTCUTS_HINT),
            ),
            class_name="checkbox-option",
        ),
        rx.cond(CurrentUser.is_staff, rx.fragment(_assign_field(), _undo_field())),
        class_name="profile-section",
    )


def _assign_field() -> rx.Component:
    """Return the choice whether the first key of a reply assigns an unassigned ticket."""
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=Profile.assigns_on_typing,
            on_change=Profile.toggle_assigns_on_typing,
        ),
        rx.el.span(texts.PROFILE_ASSIGN, rx.el.small(texts.PROFILE_ASSIGN_HINT)),
        class_name="checkbox-option",
    )


def _undo_field() -> rx.Component:
    """Return the choice of how long a reply is held before it is sent."""
    return rx.el.div(
        rx.el.label(texts.PROFILE_UNDO_SEND, html_for="undo_seconds", class_name="field-label"),
        rx.el.select(
            *(
                rx.el.option(texts.profile_undo_seconds(seconds), value=str(seconds))
                for seconds in range(held_replies.MAX_UNDO_SECONDS + 1)
                if seconds % 5 == 0
            ),
            id="undo_seconds",
            value=Profile.undo_seconds,
            on_change=Profile.choose_undo_seconds,
            class_name="input",
            dir="auto",
        ),
        rx.el.small(texts.PROFILE_UNDO_SEND_HINT, class_name="text-muted"),
        class_name="field narrow-form",
    )


def _password_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts.PROFILE_PASSWORD),
        rx.cond(
            Profile.has_password,
            rx.el.form(
                rx.cond(Profile.password_error, w.callout(Profile.password_error)),
                w.field(
                    texts.PROFILE_CURRENT_PASSWORD,
                    w.text_input(
                        "old_password", input_type="password", auto_complete="current-password"
                    ),
                    name="old_password",
                    error=Profile.current_password_error,
                ),
                w.field(
                    texts.PROFILE_NEW_PASSWORD,
                    w.text_input(
                        "new_password", input_type="password", auto_complete="new-password"
                    ),
                    name="new_password",
                    hint=texts.profile_new_password_hint(passwords.MIN_LENGTH),
                    error=Profile.new_password_error,
                ),
                rx.el.div(w.button(texts.PROFILE_CHANGE_PASSWORD, submit=True)),
                on_submit=Profile.change_password,
                class_name="form narrow-form",
                no_validate=True,
            ),
            rx.el.p(texts.PROFILE_NO_PASSWORD),
        ),
        class_name="profile-section",
    )


def _token_item(token: rx.Var[TokenRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.strong(token.name, class_name="truncate", dir="auto"),
            rx.el.span(
                rx.el.code(token.hint + "…"),
                texts.PROFILE_TOKEN_CREATED,
                w.time_ago(token.created_at),
                rx.cond(
                    token.used_at != "",
                    rx.el.span(texts.PROFILE_TOKEN_USED, w.time_ago(token.used_at)),
                    texts.PROFILE_TOKEN_NEVER_USED,
                ),
                rx.cond(
                    token.expires_on != "",
                    rx.el.span(texts.profile_token_expires(token.expires_on)),
                ),
                class_name="text-muted",
            ),
        ),
        w.button(
            texts.PROFILE_TOKEN_REVOKE,
            variant="danger",
            on_click=Profile.revoke_token(token.id),
            aria_label=texts.profile_revoke_token(token.name),
        ),
        key=token.id,
    )


def _tokens_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts.PROFILE_TOKENS),
        rx.el.p(
            texts.PROFILE_TOKENS_BEFORE_HEADER,
            rx.el.code(texts.PROFILE_TOKEN_HEADER),
            texts.PROFILE_TOKENS_AFTER_HEADER,
            class_name="text-muted",
        ),
        rx.el.div(
            rx.cond(
                Profile.new_token,
                rx.el.div(
                    rx.el.strong(texts.PROFILE_TOKEN_COPY_TITLE),
                    rx.el.div(
                        rx.el.code(Profile.new_token, class_name="secret-value"),
                        w.copy_button(texts.PROFILE_TOKEN_COPY, Profile.new_token),
                        w.button(texts.PROFILE_TOKEN_DONE, on_click=Profile.hide_token),
                    ),
                    class_name="new-secret",
                ),
            ),
            role="status",
        ),
        rx.cond(
            Profile.tokens,
            rx.el.ul(
                rx.foreach(Profile.tokens, _token_item), class_name="list-unstyled token-list"
            ),
        ),
        rx.el.form(
            w.field(
                texts.PROFILE_TOKEN_NAME,
                w.text_input(
                    "token_name",
                    auto_complete="off",
                    placeholder=texts.PROFILE_TOKEN_NAME_EXAMPLE,
                    max_length=120,
                ),
                name="token_name",
                error=Profile.token_error,
            ),
            w.field(
                texts.PROFILE_TOKEN_EXPIRES,
                w.select_input("days", list(TOKEN_LIFETIMES.items()), value="90"),
                name="days",
            ),
            w.button(texts.PROFILE_TOKEN_CREATE, submit=True),
            on_submit=Profile.create_token,
            class_name="token-form",
            no_validate=True,
        ),
        class_name="profile-section",
    )


def profile_page() -> rx.Component:
    return portal_page(
        w.page_heading(texts.PROFILE),
        rx.cond(
            Profile.is_loaded,
            rx.el.div(
                _identity_section(),
                _preferences_section(),
                _email_section(),
                _password_section(),
                _tokens_section(),
                class_name="profile-sections",
            ),
            w.card_skeleton(3),
        ),
        current_page="profile",
    )
