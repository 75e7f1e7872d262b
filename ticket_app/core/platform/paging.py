"""Page requests and pages of lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

from typing_extensions import TypeVar

MAX_PAGE_SIZE = 100
RowT = TypeVar("RowT", default=Any)
"""The class that describes the rows of a list."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list is requested: `limit` rows (at most 100) after a cursor or an offset.

    With `keep_order`, cursors follow the order that the list has now: each ticket that stays in the
    list is returned exactly once, whatever changes between the requests.
    """

    limit: int = 50
    offset: int = 0
    cursor: str | None = None
    keep_order: bool = False


FIRST_PAGE = PageRequest()
"""The request for the first page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """One page of a list; `next_cursor` leads to the next page, if there is one."""

    rows: Sequence[RowT] = ()
    has_more: bool = False
    next_cursor: str | None = None
