"""The menu of macros."""

from __future__ import annotations

from collections.abc import Callable

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.keyed_menu import KeyedMenuContent, KeyedMenuItem
from ticket_app.ui.pages.desk.macros import texts
from ticket_app.ui.pages.desk.macros.rows import MacroItem
from ticket_app.ui.pages.desk.macros.state import MacroMenu

Choose = Callable[[rx.Var[int]], rx.event.EventType]
"""Returns the event that applies the macro with an id."""


def macro_menu(choose: Choose, title: rx.Component | rx.Var[str] | str) -> rx.Component:
    """Return the button with the menu; `title` says what the macro is applied to."""

    def item(macro: rx.Var[MacroItem]) -> rx.Component:
        return KeyedMenuItem.create(
            rx.el.span(
                w.user_text(macro.name),
                rx.el.span(macro.actions, class_name="text-muted truncate"),
                class_name="macro-item",
            ),
            item_key=macro.key,
            shown_keys=macro.shown_keys,
            on_choose=choose(macro.id),
            key=macro.id,
        )

    return w.menu_root(
        rx.dropdown_menu.trigger(
            w.button(
                rx.el.span(texts.MENU, class_name="hide-on-mobile"),
                icon="zap",
                title=texts.MENU_TOOLTIP,
                aria_label=texts.MENU,
                data_shortcut="m",
            )
        ),
        KeyedMenuContent.create(
            w.menu_title(title),
            rx.cond(
                MacroMenu.items,
                rx.foreach(MacroMenu.items, item),
                rx.el.p(texts.EMPTY, class_name="text-muted text-small menu-title"),
            ),
            rx.dropdown_menu.separator(),
            KeyedMenuItem.create(texts.MANAGE, on_choose=rx.redirect(routes.MY_MACROS)),
            size="1",
            align="end",
        ),
        on_open_change=MacroMenu.load_when_opened,
    )
