"""A field whose value is a parameter of the page's address."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("params.ts", shared=True)
PAGING_PARAMETERS: Final = ("after", "n", "page")
"""Parameters that name a page of a list: another filter starts at the first page."""


class AddressField(BaseHTML):
    """An input whose value is the parameter `param` of the page's address."""

    library = SOURCE.importable_path
    tag = "AddressField"

    param: rx.Var[str]

    side: rx.Var[str]

    resets: rx.Var[list[str]]

    delay: rx.Var[int]

    type: rx.Var[str]

    placeholder: rx.Var[str]

    auto_complete: rx.Var[str]

    max_length: rx.Var[int]

    min: rx.Var[str]

    on_enter: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def address_field(
    param: str,
    *,
    side: Literal["", "first", "last"] = "",
    resets: Sequence[str] = PAGING_PARAMETERS,
    delay: int = 250,
    **props: Any,
) -> rx.Component:
    """An input that reads and writes the parameter `param` of the address.

    With `side` it is one end of a parameter that names a range (`first..last`). The address changes
    `delay` milliseconds after the last key and loses the parameters in `resets`. Further props go
    to the element.
    """
    return AddressField.create(param=param, side=side, resets=list(resets), delay=delay, **props)
