"""The profile page."""

from __future__ import annotations

import reflex as rx
from reflex.style import color_mode, set_color_mode

from ticket_app.core.people import passwords
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.pages.portal.layout import portal_page
from ticket_app.ui.pages.portal.profile.state import TOKEN_LIFETIMES, Profile, TokenRow


def _identity_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2("You"),
        w.properties(
            w.property_row("Name", w.property_text(CurrentUser.name)),
            w.property_row("Username", w.property_text(CurrentUser.username)),
            w.property_row("E-mail", w.property_text(CurrentUser.email)),
        ),
        class_name="block",
    )


def _preferences_section() -> rx.Component:
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
                type="checkbox",
                checked=Profile.shortcuts_enabled,
                on_change=Profile.toggle_shortcuts,
            ),
            rx.el.span(
                "Single-key shortcuts",
                rx.el.small("Keys such as / and N do something when you are not writing."),
            ),
            class_name="check",
        ),
        class_name="block",
    )


def _password_section() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Password"),
        rx.cond(
            Profile.has_password,
            rx.el.form(
                rx.cond(Profile.password_error, w.callout(Profile.password_error)),
                w.field(
                    "Your password",
                    w.text_input(
                        "old_password", input_type="password", auto_complete="current-password"
                    ),
                    name="old_password",
                    error=Profile.current_password_error,
                ),
                w.field(
                    "New password",
                    w.text_input(
                        "new_password", input_type="password", auto_complete="new-password"
                    ),
                    name="new_password",
                    hint=f"At least {passwords.MIN_LENGTH} characters, and not a common one. "
                    "Every other browser and program signed in as you has to sign in again.",
                    error=Profile.new_password_error,
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


def _token_item(token: rx.Var[TokenRow]) -> rx.Component:
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
                rx.cond(token.expires_on != "", rx.el.span(", until ", token.expires_on)),
                class_name="soft",
            ),
        ),
        w.button(
            "Revoke",
            variant="danger",
            on_click=Profile.revoke_token(token.id),
            aria_label=rx.Var.create("Revoke ") + token.name,
        ),
        key=token.id,
    )


def _tokens_section() -> rx.Component:
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
            rx.el.ul(rx.foreach(Profile.tokens, _token_item), class_name="plain token-list"),
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
                w.select_input("days", list(TOKEN_LIFETIMES.items()), value="90"),
                name="days",
            ),
            w.button("Make a token", submit=True),
            on_submit=Profile.create_token,
            class_name="token-form",
            no_validate=True,
        ),
        class_name="block",
    )


def profile_page() -> rx.Component:
    return portal_page(
        w.page_heading("Profile"),
        rx.cond(
            Profile.is_loaded,
            rx.el.div(
                _identity_section(),
                _preferences_section(),
                _password_section(),
                _tokens_section(),
                class_name="blocks",
            ),
            w.card_skeleton(3),
        ),
        current_page="profile",
    )
