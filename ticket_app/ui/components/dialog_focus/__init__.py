"""The focus goes back to where it was when a dialog closes."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("component.tsx", shared=True)


class DialogFocus(rx.Component):
    """Beside a dialog's content: when it closes, what opened it has the focus again."""

    library = SOURCE.importable_path
    tag = "DialogFocus"

    is_open: rx.Var[bool]
