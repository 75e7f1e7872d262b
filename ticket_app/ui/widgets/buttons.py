"""Buttons and links."""

from typing import Literal

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from ticket_app.ui.components.copy_button import CopyButton
from ticket_app.ui.components.submit_button import SubmitButton
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.overlays import menu_root
from ticket_app.ui.widgets.vars import Text

ButtonVariant = Literal["primary", "plain", "quiet", "amber", "danger"]
ButtonSize = Literal["normal", "large", "full"]

_SIZE_CLASSES = {"normal": "", "large": " large", "full": " full-width large"}


def button(
    label: Text | rx.Component,
    *,
    variant: ButtonVariant = "plain",
    size: ButtonSize = "normal",
    icon: str = "",
    submit: bool = False,
    class_name: str = "",
    **props: object,
) -> rx.Component:
    """Return a button.

    A page has one `primary` button. `icon` is a lucide name. With `submit` it submits its form, and
    is busy until the server has answered. Further props go to the element: `on_click`, `disabled`,
    `data_shortcut`...
    """
    parts = [rx.icon(icon, size=14, stroke_width=2)] if icon else []
    props["class_name"] = f"button {variant}{_SIZE_CLASSES[size]} {class_name}".rstrip()
    if submit:
        return SubmitButton.create(*parts, label, **props)
    return rx.el.button(*parts, label, type="button", **props)


def icon_button(
    icon: str, label: Text, *, size: Literal["normal", "small"] = "normal", **props: object
) -> rx.Component:
    """Return an icon button; `label` is its name and tooltip."""
    return rx.el.button(
        rx.icon(icon, size=16 if size == "normal" else 14, stroke_width=1.75),
        type="button",
        class_name="icon-button" if size == "normal" else "icon-button small",
        aria_label=label,
        title=label,
        **props,
    )


def copy_button(label: Text, text: Text) -> rx.Component:
    """Return a primary button that copies `text`."""
    icon = rx.icon("copy", size=14, stroke_width=2)
    return CopyButton.create(icon, label, text=text, class_name="button primary")


def link(*children: object, to: Text, class_name: str = "", **props: object) -> rx.Component:
    """Return a link that changes the page without loading the document again."""
    return ReactRouterLink.create(*children, to=to, class_name=class_name, **props)


def button_link(
    label: Text,
    *,
    to: Text,
    variant: ButtonVariant = "plain",
    size: ButtonSize = "normal",
    icon: str = "",
    **props: object,
) -> rx.Component:
    """Return a link that looks like a button."""
    parts = [rx.icon(icon, size=14, stroke_width=2)] if icon else []
    return link(*parts, label, to=to, class_name=f"button {variant}{_SIZE_CLASSES[size]}", **props)


def split_button(
    main: rx.Component,
    *choices: rx.Component,
    label: str = texts.BUTTON_MORE_OPTIONS,
) -> rx.Component:
    """Return a button with a menu of variants; `choices` are `rx.dropdown_menu.item`s."""
    return rx.el.span(
        main,
        menu_root(
            rx.dropdown_menu.trigger(
                rx.el.button(
                    rx.icon("chevron-down", size=14),
                    type="button",
                    class_name="button primary",
                    aria_label=label,
                )
            ),
            rx.dropdown_menu.content(*choices, align="end", size="1"),
        ),
        class_name="split-button",
    )
