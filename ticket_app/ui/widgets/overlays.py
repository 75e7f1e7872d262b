"""Menus and popovers, which close when the URL changes.

Dialogs whose state is on the server are made by `ui/dialogs.py`. A test rejects any other place
that makes one of these.
"""

import reflex as rx
from reflex.vars import VarData

from ticket_app.ui.widgets.vars import Text

CURRENT_PATH = rx.Var(
    "addressShown",
    _var_type=str,
    _var_data=VarData(
        imports={"react-router": "useLocation"},
        hooks={'const addressShown = useLocation().pathname.replace(/\\/+$/, "") || "/"': None},
    ),
)
"""The path in the browser's address bar, before the server knows it."""


def menu_root(*children: rx.Component, **props: object) -> rx.Component:
    """Return a dropdown menu: a trigger and its content."""
    return rx.dropdown_menu.root(*children, key=CURRENT_PATH, **props)


def popover_root(*children: rx.Component, **props: object) -> rx.Component:
    """Return a popover: a trigger and its content."""
    return rx.popover.root(*children, key=CURRENT_PATH, **props)


def info_dialog_root(*children: rx.Component, **props: object) -> rx.Component:
    """Return a dialog that only shows something, opened by its own trigger."""
    return rx.dialog.root(*children, key=CURRENT_PATH, **props)


def menu_title(text: Text | rx.Component) -> rx.Component:
    """Return the first line of a menu: what its items change ("Status of BUG-15")."""
    return rx.el.div(text, class_name="menu-title", dir="auto")
