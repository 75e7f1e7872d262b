"""Single-key shortcuts, in every keyboard layout.

An element declares its shortcut in `data_shortcut`: "u", "Shift+A", "?" or a sequence such as "g n"
(tinykeys syntax). A field is focused, anything else is clicked.
"""

from typing import Final

import reflex as rx

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import layout_panels as layout_panels
from ticket_app.ui.components import row_list as row_list

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("bindings.ts", shared=True)


class KeyboardShortcuts(rx.Component):
    """Listens for the shortcuts of the page; once in the app."""

    library = SOURCE.importable_path
    tag = "KeyboardShortcuts"
    lib_dependencies: list[str] = ["tinykeys@4.0.0"]
