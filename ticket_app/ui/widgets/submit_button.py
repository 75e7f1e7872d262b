"""The button that sends a form."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

SOURCE: Final = rx.asset("submit_button.jsx", shared=True)


class SubmitButton(BaseHTML):
    """The component of submit_button.jsx: busy until the server has answered.

    The handler of the form is made with `bridge.submission`, which says when it is done.
    """

    library = SOURCE.importable_path
    tag = "SubmitButton"

    disabled: rx.Var[bool]
