"""The place in a list, kept while a ticket of it is open."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("list_place.jsx", shared=True)


class ListPlace(rx.Component):
    """The component of list_place.jsx."""

    library = SOURCE.importable_path
    tag = "ListPlace"


def list_place() -> rx.Component:
    """Bring back scroll position and focus when a person returns to a list; once on each page."""
    return ListPlace.create()
