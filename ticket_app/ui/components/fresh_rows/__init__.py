"""A button that shows the new rows of a list."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

SOURCE: Final = rx.asset("component.tsx", shared=True)


class FreshRowsButton(BaseHTML):
    """It clicks itself when it appears, unless the list is in use."""

    library = SOURCE.importable_path
    tag = "FreshRowsButton"
