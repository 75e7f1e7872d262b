"""A counter under a field with a limit."""

from typing import Final

import reflex as rx

from ticket_app.ui.components import dom as dom

SOURCE: Final = rx.asset("component.tsx", shared=True)


class CharacterCounter(rx.Component):
    """Count the characters of the control with the id `field` against `limit`."""

    library = SOURCE.importable_path
    tag = "CharacterCounter"

    field: rx.Var[str]

    limit: rx.Var[int]
