"""Return the focus to the previous element when a dialog closes."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("component.tsx", shared=True)


class DialogFocus(rx.Component):
    """Beside a dialog's content: returns the focus to the element that opened the dialog."""

    library = SOURCE.importable_path
    tag = "DialogFocus"

    is_open: rx.Var[bool]
