"""The menus at the end of a page's header: the theme, and the account of who is signed in."""

import reflex as rx
from reflex.style import set_color_mode, toggle_color_mode

from ticket_app.ui import routes
from ticket_app.ui.components.installed_app import InstallItem
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.badges import avatar
from ticket_app.ui.widgets.overlays import menu_root
from ticket_app.ui.widgets.vars import Number, Text

THEMES = (
    ("light", texts.THEME_LIGHT, "sun"),
    ("dark", texts.THEME_DARK, "moon"),
    ("system", texts.THEME_SYSTEM, "monitor"),
)


def theme_switch() -> rx.Component:
    """Return the switch between light, dark and system theme; the browser remembers the choice."""
    toggle = rx.el.button(
        texts.THEME_TOGGLE, type="button", data_shortcut="d", on_click=toggle_color_mode
    )
    return rx.fragment(rx.el.span(toggle, hidden=True), _theme_menu())


def _theme_menu() -> rx.Component:
    return menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.color_mode_cond(
                    rx.icon("sun", size=16, stroke_width=1.75),
                    rx.icon("moon", size=16, stroke_width=1.75),
                ),
                type="button",
                class_name="icon-button",
                aria_label=texts.THEME,
                title=texts.THEME,
            )
        ),
        rx.dropdown_menu.content(
            *(
                rx.dropdown_menu.item(rx.icon(icon, size=14), word, on_select=set_color_mode(mode))
                for mode, word, icon in THEMES
            ),
            size="1",
            align="end",
        ),
    )


def account_menu(
    name: Text,
    email: Text,
    initials: Text,
    color: Number,
    *items: rx.Component,
    sign_out: rx.event.EventType,
) -> rx.Component:
    """Return the account menu; `items` are `rx.dropdown_menu.item`s above Sign out."""
    return menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                avatar(initials, name, color, size=24),
                type="button",
                class_name="icon-button",
                aria_label=texts.LAYOUT_ACCOUNT,
            )
        ),
        rx.dropdown_menu.content(
            rx.el.div(
                rx.el.div(name, class_name="truncate", style={"fontWeight": 500}, dir="auto"),
                rx.el.div(email, class_name="truncate text-muted"),
                style={"padding": "6px 12px 8px", "maxWidth": "240px"},
            ),
            rx.dropdown_menu.separator(),
            *items,
            InstallItem.create(rx.icon("download", size=14), texts.LAYOUT_INSTALL_APP),
            rx.dropdown_menu.item(
                rx.icon("log-out", size=14), texts.LAYOUT_SIGN_OUT, on_select=sign_out
            ),
            size="1",
            align="end",
        ),
    )


def notification_settings_item() -> rx.Component:
    """Return the item of the account menu that leads to the notification settings."""
    return rx.dropdown_menu.item(
        rx.icon("bell", size=14),
        texts.LAYOUT_NOTIFICATION_SETTINGS,
        on_select=rx.redirect(routes.NOTIFICATION_SETTINGS),
    )
