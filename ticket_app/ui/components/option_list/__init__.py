"""Searchable lists of options."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import dom as dom

SOURCE: Final = rx.asset("component.tsx", shared=True)


class OptionList(BaseHTML):
    """Buttons, and optionally an input that filters those with `data_search_result`.

    Arrow keys move; Enter chooses the first match. `answered_for` is the text for which the options
    were loaded: Enter waits until it is what was typed.
    """

    library = SOURCE.importable_path
    tag = "OptionList"

    answered_for: rx.Var[str]
