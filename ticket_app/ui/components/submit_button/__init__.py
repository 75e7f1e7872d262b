"""The submit button of a form."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import page_commands as page_commands

SOURCE: Final = rx.asset("component.tsx", shared=True)


class SubmitButton(BaseHTML):
    """Busy from the click until the server has answered, so that a double click submits once.

    The handler of the form is made with `bridge.submission`, which ends the busy state.
    """

    library = SOURCE.importable_path
    tag = "SubmitButton"

    disabled: rx.Var[bool]
