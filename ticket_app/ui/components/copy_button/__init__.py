"""A button that copies a text."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import page_commands as page_commands
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)


class CopyButton(BaseHTML):
    """Copy `text` to the clipboard and confirm it; with `path` the page's whole address too."""

    library = SOURCE.importable_path
    tag = "CopyButton"

    text: rx.Var[str]

    path: rx.Var[str]
