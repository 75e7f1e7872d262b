"""A button that shows new rows of a list."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

SOURCE: Final = rx.asset("component.tsx", shared=True)


class FreshRowsButton(BaseHTML):
    """It presses itself when it appears, unless somebody is busy with the list."""

    library = SOURCE.importable_path
    tag = "FreshRowsButton"
