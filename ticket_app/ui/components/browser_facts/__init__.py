"""Fields that are filled with facts about the browser and the machine."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import dom as dom

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("user_agent.ts", shared=True)


class BrowserFacts(BaseHTML):
    """A group whose inputs are named browser, os, screen, language or time_zone.

    Empty ones are filled if `is_filled`; a button with `data_clear` empties all.
    """

    library = SOURCE.importable_path
    tag = "BrowserFacts"

    is_filled: rx.Var[bool]
