"""Pages of a list: which part is asked for, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list: `limit` rows (at most 100) behind a cursor or an offset.

    With `keeps_order` the cursors that follow lead through the list in the order it has now: each
    ticket that is there throughout is read once, whatever is changed meanwhile.
    """

    limit: int = 50
    offset: int = 0
    cursor: str | None = None
    keep_order: bool = False


FIRST_PAGE = PageRequest()
"""The first rows of a list."""


@dataclass(frozen=True, slots=True)
class Page:
    """One part of a list, in order; `next` is the cursor of the following part, if there is one."""

    rows: Sequence[Any] = field(default_factory=tuple)
    has_more: bool = False
    next_cursor: str | None = None
