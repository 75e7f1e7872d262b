"""The command palette and the button that opens it."""

from typing import Final, TypedDict

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import draft_form as draft_form
from ticket_app.ui.components import keyboard_shortcuts as keyboard_shortcuts
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
BUTTON: Final = rx.asset("button.tsx", shared=True)
for _name in ("entries.ts", "matching.ts", "open.ts", "recent.ts"):
    rx.asset(_name, shared=True)


class PalettePage(TypedDict):
    """A page that the palette leads to."""

    label: str
    to: str
    group: str


class CommandPalette(rx.Component):
    """Opens on Ctrl+K or Cmd+K; once in the app.

    It lists `pages`, the elements of the open page with `data_shortcut` (`data_command` is the
    label of one whose text is not), and what the server finds. It stays closed for people who are
    not signed in; `on_signed_in` asks for the pages of one who is.
    """

    library = SOURCE.importable_path
    tag = "CommandPalette"

    pages: rx.Var[list[PalettePage]]

    is_staff: rx.Var[bool]

    on_signed_in: rx.EventHandler[rx.event.no_args_event_spec]


class PaletteButton(BaseHTML):
    """Open the command palette."""

    library = BUTTON.importable_path
    tag = "PaletteButton"
