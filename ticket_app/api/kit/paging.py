"""Lists a part at a time: `limit`/`offset` and `page`/`page_size` are two ways to name one part.

A `next` link carries a `cursor` besides: the next part begins behind the last row of this one,
however many rows were added, changed or left the list meanwhile, and is found at once at any depth.
It holds for that offset only: whoever changes the one in the address is answered by counting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.datastructures import URL

from ticket_app.api.kit.address import request_url
from ticket_app.api.kit.answers import Json
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice

USUAL = 20
FARTHEST = 1_000_000_000


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
        return Slice(
            limit=self.limit,
            offset=self.offset,
            cursor=cursor if holds else None,
            keeps_order=True,
        )

    def answer(self, results: Iterable[Any], count: int, *, page: Page | None = None) -> Json:
        """Return `{count, next, previous, results}`.

        `page` says whether more follows, and by which cursor; without it the count does. Raises
        `NotFound` for a page past the last.
        """
        by_cursor = self.part.cursor is not None
        if self.by_page and self.offset and self.offset >= count and not by_cursor:
            raise NotFound("Page")
        end = self.offset + self.limit
        following = page.next if page else None
        # The count does not help after a cursor: rows before it may have left the list.
        has_more = page.has_more if page else end < count
        return Json(
            {
                "count": count,
                "next": self._at(end, following) if has_more else None,
                "previous": self._at(max(0, self.offset - self.limit)) if self.offset else None,
                "results": list(results),
            }
        )

    def _at(self, offset: int, cursor: str | None = None) -> str:
        url = self.url.remove_query_params("cursor")
        if cursor:
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
    cursor: Annotated[str, Query(max_length=1_500, description="As a `next` link gives it")] = "",
) -> Window:
    by_page = (page is not None or page_size is not None) and limit is None and offset is None
    size = min((page_size if by_page else limit) or USUAL, LONGEST_PAGE)
    start = ((page or 1) - 1) * size if by_page else offset or 0
    return Window(size, start, by_page, request_url(request), cursor)


Paging = Annotated[Window, Depends(_window)]
"""The part asked for; without a word of it, the first 20 rows."""
