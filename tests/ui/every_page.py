"""All pages of the web app as components, to hold a rule for each element of each page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import reflex as rx

from ticket_app.ui.pages import add_pages


@dataclass
class Pages:
    """Stands in for the app: collects the pages that are added to it."""

    titles: dict[str, str] = field(default_factory=dict)
    components: dict[str, rx.Component] = field(default_factory=dict)

    def add_page(self, component: Any, *, route: str, title: Any, on_load: Any = None) -> None:
        self.titles[route] = str(title)
        self.components[route] = component()


@cache
def pages() -> Pages:
    added = Pages()
    add_pages(added)  # type: ignore[arg-type]
    return added


def name_of(component: Any) -> str:
    return type(component).__name__.lower()


def elements(component: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Every component in a tree, with the components above it, the nearest last."""
    yield component, above
    for child in component.children:
        yield from elements(child, (*above, component))


def attribute(component: Any, name: str) -> str:
    """An attribute of an element as it is drawn; "" without it."""
    custom = component.custom_attrs.get(name) or component.custom_attrs.get(name.replace("_", "-"))
    value = custom if custom is not None else getattr(component, name, None)
    return "" if value is None else str(value).strip('"')
