"""Parts that the rows of the settings lists share: the name, the switch and the menu."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import fields, texts
from ticket_app.ui.widgets.vars import Text


def name_button(name: Text, on_edit: rx.event.EventType) -> rx.Component:
    """Return an object's name, which opens its dialog."""
    return rx.el.button(
        rx.el.b(name, dir="auto"),
        type="button",
        class_name="settings-row-name truncate",
        title=name,
        on_click=on_edit,
    )


def active_switch(
    name: Text, is_active: rx.Var[bool], on_change: rx.event.EventType[bool]
) -> rx.Component:
    """Return the switch that activates or deactivates an object."""
    return fields.toggle_switch(
        is_active, rx.cond(is_active, texts.deactivate(name), texts.activate(name)), on_change
    )


def row_menu(
    name: Text,
    *items: rx.Component,
    label: Text,
    on_edit: rx.event.EventType,
    on_delete: rx.event.EventType,
) -> rx.Component:
    """Return the menu of an object: edit, `items`, delete; `label` names its button."""
    return w.menu_root(
        rx.dropdown_menu.trigger(w.icon_button("ellipsis", label)),
        rx.dropdown_menu.content(
            w.menu_title(name),
            rx.dropdown_menu.item(texts.EDIT_ITEM, on_select=on_edit),
            *items,
            rx.dropdown_menu.separator(),
            rx.dropdown_menu.item(texts.DELETE_ITEM, color_scheme="red", on_select=on_delete),
            size="1",
            align="end",
        ),
    )
