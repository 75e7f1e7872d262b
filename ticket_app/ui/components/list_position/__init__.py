"""Remember the position in a list while one of its tickets is open."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("storage.ts", shared=True)


class ListPosition(rx.Component):
    """Restores scroll position and focus when a person returns to a list; once on each page."""

    library = SOURCE.importable_path
    tag = "ListPosition"
