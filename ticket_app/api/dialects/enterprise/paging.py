"""Pages of lists by `page` and `size`, with both of the document's response shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from starlette.datastructures import URL
from typing_extensions import TypedDict

from ticket_app.api.kit.paging import cursor_for
from ticket_app.api.kit.public_urls import request_url
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest

DEFAULT_PAGE_SIZE = 20
MAX_PAGE = 10_000_000

Item = TypeVar("Item")
Row = TypeVar("Row")


class Pagination(TypedDict):
    """Pagination Response, its `pagination`."""

    total: int
    page: int
    size: int
    pages: int
    has_next: bool
    has_prev: bool
    next_page: int | None
    prev_page: int | None


class PageData(TypedDict, Generic[Item]):
    """One page: the totals beside its items (List Tickets), and again in `pagination`."""

    items: list[Item]
    total: int
    page: int
    size: int
    pages: int
    pagination: Pagination


@dataclass(frozen=True, slots=True)
class PageParameters:
    """The page of a list that a request asks for."""

    page: int
    size: int

    @property
    def page_request(self) -> PageRequest:
        """Return the page request for the core."""
        return PageRequest(limit=self.size, offset=(self.page - 1) * self.size)

    def format_page(self, items: Iterable[Item], total: int) -> PageData[Item]:
        """Return the `data` of a list; a page past the last one is empty."""
        pages = -(-total // self.size)
        has_next, has_prev = self.page < pages, self.page > 1
        return {
            "items": list(items),
            "total": total,
            "page": self.page,
            "size": self.size,
            "pages": pages,
            "pagination": {
                "total": total,
                "page": self.page,
                "size": self.size,
                "pages": pages,
                "has_next": has_next,
                "has_prev": has_prev,
                "next_page": self.page + 1 if has_next else None,
                "prev_page": min(self.page - 1, max(pages, 1)) if has_prev else None,
            },
        }

    def slice_and_format_page(
        self, rows: Sequence[Row], format_row: Callable[[Row], Item]
    ) -> PageData[Item]:
        """Return the `data` of a list whose rows are all at hand, such as policies."""
        first = self.page_request.offset
        return self.format_page(map(format_row, rows[first : first + self.size]), len(rows))


async def _page_parameters(
    page: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Starts at 1")] = 1,
    size: Annotated[
        int, Query(ge=1, description="Items per page; 100 at most")
    ] = DEFAULT_PAGE_SIZE,
) -> PageParameters:
    return PageParameters(page, min(size, MAX_PAGE_SIZE))


PageParametersDep = Annotated[PageParameters, Depends(_page_parameters)]
"""The requested page; by default, the first 20 items."""


@dataclass(frozen=True, slots=True)
class CursorPageParameters(PageParameters):
    """A page of a list that may be very long.

    The `Link` header points to the next page with a `cursor`, which finds it quickly at any depth.
    A cursor is valid only for its page.
    """

    url: URL
    cursor: str

    @property
    def page_request(self) -> PageRequest:
        """Return the page request for the core."""
        return PageRequest(
            limit=self.size,
            offset=(self.page - 1) * self.size,
            cursor=cursor_for(self.cursor, self.page),
            keep_order=True,
        )

    def add_next_link(self, response: JsonResponse, current_page: Page) -> JsonResponse:
        """Add the `Link` to the next page, if there is one, and return the response."""
        if current_page.has_more:
            page = self.page + 1
            url = self.url.remove_query_params("cursor").include_query_params(page=page)
            if current_page.next_cursor:
                url = url.include_query_params(cursor=f"{page}.{current_page.next_cursor}")
            response.headers["Link"] = f'<{url}>; rel="next"'
        return response


async def _cursor_page_parameters(
    request: Request,
    page_parameters: PageParametersDep,
    cursor: Annotated[str, Query(max_length=1_500, description="From a `Link` header")] = "",
) -> CursorPageParameters:
    return CursorPageParameters(
        page_parameters.page, page_parameters.size, request_url(request), cursor
    )


CursorPageParametersDep = Annotated[CursorPageParameters, Depends(_cursor_page_parameters)]
"""The requested page of a list of any length."""
