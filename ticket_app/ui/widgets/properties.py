"""The properties of a ticket: label, value, and the menu that changes it."""

import reflex as rx

from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.overlays import menu_root, menu_title
from ticket_app.ui.widgets.vars import Text, may_be_present


def property_row(label: Text, value: rx.Component) -> rx.Component:
    """Return a property: its label at the left, its value at the right."""
    return rx.el.div(rx.el.dt(label), rx.el.dd(value), class_name="property")


def properties(*rows: rx.Component) -> rx.Component:
    """Return a block of `property_row`s."""
    return rx.el.dl(*rows, class_name="properties")


def read_only_value(*content: Text | rx.Component) -> rx.Component:
    """Return the value of a read-only property."""
    return rx.el.span(*content, class_name="property-value", dir="auto")


def property_menu(
    shown: rx.Component,
    label: str,
    *items: rx.Component,
    subject: Text = "",
    shortcut: str = "",
) -> rx.Component:
    """Return a property's value that opens a menu on click or by `shortcut`.

    `items` are menu items. `subject` names the ticket in the first line of the menu ("Status of
    BUG-15").
    """
    return menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                shown,
                type="button",
                class_name="property-value",
                aria_label=label,
                data_shortcut=shortcut,
            )
        ),
        rx.dropdown_menu.content(
            *(
                [menu_title(rx.fragment(texts.menu_of(label), subject))]
                if may_be_present(subject)
                else []
            ),
            *items,
            size="1",
        ),
    )
