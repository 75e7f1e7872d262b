"""Menus of options that one may type into."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import dom as dom

SOURCE: Final = rx.asset("component.tsx", shared=True)


class OptionList(BaseHTML):
    """Buttons, and perhaps an input that finds those with `data_found`.

    Arrows move; Enter takes the first that was found. `answered_for` is the text for which the
    options were found: Enter waits until that is what was typed.
    """

    library = SOURCE.importable_path
    tag = "OptionList"

    answered_for: rx.Var[str]
