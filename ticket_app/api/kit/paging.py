"""Lists a part at a time: `limit`/`offset` and `page`/`page_size` are two ways to name one part.

A `next` link that leads far into a list carries a `cursor` besides, by which the part is found at
once where an offset would be counted off row by row. It holds for that offset only: whoever
changes the one in the address is answered by counting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.datastructures import URL

from ticket_app.api.kit.address import request_url
from ticket_app.api.kit.answers import Json
from ticket_app.core.errors import NotFound
from ticket_app.core.queue import LONGEST_PAGE, Slice

USUAL = 20
FARTHEST = 1_000_000_000
FAR = 1_000
"""From so many rows on, links carry a cursor."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list a request asks for."""

    limit: int
    offset: int
    by_page: bool
    url: URL
    cursor: str = ""

    @property
    def part(self) -> Slice:
        """The same for the core."""
        of, _, cursor = self.cursor.partition(".")
        holds = cursor and of == str(self.offset)
        return Slice(limit=self.limit, offset=self.offset, cursor=cursor if holds else None)

    def answer(self, results: Iterable[Any], count: int, *, following: str | None = None) -> Json:
        """`{count, next, previous, results}`; `following` is the cursor of the next part.

        Raises `NotFound` for a page past the last.
        """
        if self.by_page and self.offset and self.offset >= count:
            raise NotFound("Page")
        end = self.offset + self.limit
        return Json(
            {
                "count": count,
                "next": self._at(end, following) if end < count else None,
                "previous": self._at(max(0, self.offset - self.limit)) if self.offset else None,
                "results": list(results),
            }
        )

    def _at(self, offset: int, cursor: str | None = None) -> str:
        url = self.url.remove_query_params("cursor")
        if cursor and offset >= FAR:
            url = url.include_query_params(cursor=f"{offset}.{cursor}")
        if self.by_page:
            return str(url.include_query_params(page=offset // self.limit + 1))
        return str(url.include_query_params(limit=self.limit, offset=offset))


async def _window(
    request: Request,
    limit: Annotated[int | None, Query(ge=1, description="Rows; 100 at most")] = None,
    offset: Annotated[int | None, Query(ge=0, le=FARTHEST, description="Rows before them")] = None,
    page: Annotated[int | None, Query(ge=1, le=10_000_000, description="From 1 on")] = None,
    page_size: Annotated[int | None, Query(ge=1, description="Rows of a page; 100 at most")] = None,
    cursor: Annotated[str, Query(max_length=300, description="As a `next` link gives it")] = "",
) -> Window:
    by_page = (page is not None or page_size is not None) and limit is None and offset is None
    size = min((page_size if by_page else limit) or USUAL, LONGEST_PAGE)
    start = ((page or 1) - 1) * size if by_page else offset or 0
    return Window(size, start, by_page, request_url(request), cursor)


Paging = Annotated[Window, Depends(_window)]
"""The part asked for; without a word of it, the first 20 rows."""
