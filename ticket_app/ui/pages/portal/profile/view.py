"""A person's own page."""

from __future__ import annotations

import reflex as rx
from reflex.style import color_mode, set_color_mode

from ticket_app.core.people import passwords
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.portal.frame import portal_page
from ticket_app.ui.pages.portal.profile.state import LASTING, Profile, Token
from ticket_app.ui.session import Me


def _who() -> rx.Component:
    return rx.el.section(
        rx.el.h2("You"),
        w.properties(
            w.property_row("Name", w.plain_value(Me.name)),
            w.property_row("Username", w.plain_value(Me.username)),
            w.property_row("E-mail", w.plain_value(Me.email)),
        ),
        class_name="block",
    )


def _looks() -> rx.Component:
    return rx.el.section(
        rx.el.h2("How you like it"),
        rx.el.div(
            rx.el.span("Theme", class_name="field-label"),
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
                class_name="segment",
                role="group",
                aria_label="Theme",
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox", checked=Profile.keys_are_on, on_change=Profile.switch_keys
            ),
            rx.el.span(
                "Single-key shortcuts",
                rx.el.small("Keys such as / and N do something when you are not writing."),
            ),
            class_name="check",
        ),
        class_name="block",
    )


def _password() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Password"),
        rx.cond(
            Profile.has_password,
            rx.el.form(
                rx.cond(Profile.password_error, w.callout(Profile.password_error)),
                w.field(
                    "Your password",
                    w.text_input("old_password", sort="password", auto_complete="current-password"),
                    name="old_password",
                    error=Profile.old_error,
                ),
                w.field(
                    "New password",
                    w.text_input("new_password", sort="password", auto_complete="new-password"),
                    name="new_password",
                    hint=f"At least {passwords.SHORTEST} characters, and not a common one. "
                    "Every other browser and program signed in as you has to sign in again.",
                    error=Profile.new_error,
                ),
                rx.el.div(w.button("Change password", submit=True)),
                on_submit=Profile.change_password,
                class_name="form narrow",
                no_validate=True,
            ),
            rx.el.p("You come in through another application; it keeps your password."),
        ),
        class_name="block",
    )


def _token(token: rx.Var[Token]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.strong(token.name, class_name="cut", dir="auto"),
            rx.el.span(
                rx.el.code(token.hint + "…"),
                " made ",
                w.time_ago(token.created_at),
                rx.cond(
                    token.used_at != "",
                    rx.el.span(", used ", w.time_ago(token.used_at)),
                    ", never used",
                ),
                rx.cond(token.ends != "", rx.el.span(", until ", token.ends)),
                class_name="soft",
            ),
        ),
        w.button(
            "Revoke",
            look="danger",
            on_click=Profile.revoke(token.id),
            aria_label=rx.Var.create("Revoke ") + token.name,
        ),
        key=token.id,
    )


def _tokens() -> rx.Component:
    return rx.el.section(
        rx.el.h2("API tokens"),
        rx.el.p(
            "A program of yours sends one as ",
            rx.el.code("Authorization: Bearer tk_…"),
            " and may then do what you may do.",
            class_name="soft",
        ),
        rx.el.div(
            rx.cond(
                Profile.new_token,
                rx.el.div(
                    rx.el.strong("Copy it now. It is not shown again."),
                    rx.el.div(
                        rx.el.code(Profile.new_token, class_name="secret"),
                        w.copy_button("Copy", Profile.new_token),
                        w.button("Done", on_click=Profile.hide_token),
                    ),
                    class_name="new-token",
                ),
            ),
            role="status",
        ),
        rx.cond(
            Profile.tokens,
            rx.el.ul(rx.foreach(Profile.tokens, _token), class_name="plain token-list"),
        ),
        rx.el.form(
            w.field(
                "What is it for?",
                w.text_input(
                    "token_name", auto_complete="off", placeholder="My script", max_length=120
                ),
                name="token_name",
                error=Profile.token_error,
            ),
            w.field(
                "It works for",
                w.select_input("days", list(LASTING.items()), value="90"),
                name="days",
            ),
            w.button("Make a token", submit=True),
            on_submit=Profile.make_token,
            class_name="token-form",
            no_validate=True,
        ),
        class_name="block",
    )


def profile() -> rx.Component:
    """Name, theme, keys, password, tokens."""
    return portal_page(
        w.page_title("Profile"),
        rx.cond(
            Profile.is_loaded,
            rx.el.div(_who(), _looks(), _password(), _tokens(), class_name="blocks"),
            w.card_skeleton(3),
        ),
        here="profile",
    )
