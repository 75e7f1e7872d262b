"""The collapsible and resizable panels of the layout, and their controls."""

from typing import Final, Literal

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

SOURCE: Final = rx.asset("component.tsx", shared=True)
for _name in ("panels.ts", "preferences.ts"):
    rx.asset(_name, shared=True)


class PanelToggle(BaseHTML):
    """A button that collapses the sidebar, opens its drawer, or opens a ticket's side panel."""

    library = SOURCE.importable_path
    tag = "PanelToggle"

    panel: rx.Var[Literal["sidebar", "drawer", "side"]]


class DrawerBackdrop(rx.Component):
    """The backdrop of the open drawer; a click closes it."""

    library = SOURCE.importable_path
    tag = "DrawerBackdrop"


class Sidebar(BaseHTML):
    """The sidebar; following a link closes its drawer."""

    library = SOURCE.importable_path
    tag = "Sidebar"


class SkipLink(BaseHTML):
    """A link that moves the focus to the content."""

    library = SOURCE.importable_path
    tag = "SkipLink"


class Splitter(BaseHTML):
    """The line between list and ticket, moved by dragging or with the arrow keys."""

    library = SOURCE.importable_path
    tag = "Splitter"
