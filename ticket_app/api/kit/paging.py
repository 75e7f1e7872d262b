"""Page through lists by `limit` and `offset`, or by `page` and `page_size`.

A `next` link also carries a `cursor`: the next page begins after the last row of this one, even if
rows were added, changed or removed meanwhile, and is found quickly at any depth. A cursor is valid
only for the offset it was made for; with any other offset, rows are counted off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.datastructures import URL

from ticket_app.api.kit.public_urls import request_url
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest

DEFAULT_PAGE_SIZE = 20
MAX_OFFSET = 1_000_000_000


def cursor_for(parameter: str, position: int) -> str | None:
    """Return the cursor in a `cursor` parameter, `<position>.<cursor>`.

    None if it was made for another position (offset or page number) than the requested one.
    """
    cursor_position, _, cursor = parameter.partition(".")
    return cursor if cursor and cursor_position == str(position) else None


@dataclass(frozen=True, slots=True)
class PageParameters:
    """The page of a list that a request asks for."""

    limit: int
    offset: int
    uses_page_numbers: bool
    url: URL
    cursor: str = ""

    @property
    def page_request(self) -> PageRequest:
        """Return the page request for the core."""
        return PageRequest(
            limit=self.limit,
            offset=self.offset,
            cursor=cursor_for(self.cursor, self.offset),
            keep_order=True,
        )

    def page_response(
        self, results: Iterable[object], count: int, *, page: Page | None = None
    ) -> JsonResponse:
        """Return `{count, next, previous, results}`.

        `count` is the number of rows on all pages. `page` says whether more rows follow and gives
        their cursor; without it, `count` does. Raises `NotFound` for a page past the last.
        """
        has_cursor = self.page_request.cursor is not None
        if self.uses_page_numbers and self.offset and self.offset >= count and not has_cursor:
            raise NotFound("Page")
        end = self.offset + self.limit
        next_cursor = page.next_cursor if page else None
        # The count does not help after a cursor: rows before it may have left the list.
        has_more = page.has_more if page else end < count
        return JsonResponse(
            {
                "count": count,
                "next": self._page_url(end, next_cursor) if has_more else None,
                "previous": self._page_url(max(0, self.offset - self.limit))
                if self.offset
                else None,
                "results": list(results),
            }
        )

    def _page_url(self, offset: int, cursor: str | None = None) -> str:
        url = self.url.remove_query_params("cursor")
        if cursor:
            url = url.include_query_params(cursor=f"{offset}.{cursor}")
        if self.uses_page_numbers:
            return str(url.include_query_params(page=offset // self.limit + 1))
        return str(url.include_query_params(limit=self.limit, offset=offset))


async def _page_parameters(
    request: Request,
    limit: Annotated[int | None, Query(ge=1, description="Number of rows; 100 at most")] = None,
    offset: Annotated[
        int | None, Query(ge=0, le=MAX_OFFSET, description="Number of rows to skip")
    ] = None,
    page: Annotated[int | None, Query(ge=1, le=10_000_000, description="Starts at 1")] = None,
    page_size: Annotated[int | None, Query(ge=1, description="Rows per page; 100 at most")] = None,
    cursor: Annotated[str, Query(max_length=1_500, description="From a `next` link")] = "",
) -> PageParameters:
    uses_page_numbers = (
        (page is not None or page_size is not None) and limit is None and offset is None
    )
    size = min((page_size if uses_page_numbers else limit) or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    start = ((page or 1) - 1) * size if uses_page_numbers else offset or 0
    return PageParameters(size, start, uses_page_numbers, request_url(request), cursor)


PageParametersDep = Annotated[PageParameters, Depends(_page_parameters)]
"""The requested page; by default, the first 20 rows."""
