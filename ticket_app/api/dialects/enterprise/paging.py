"""Pagination Response: `page` and `size`, told in both of the document's shapes at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

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
    """A part of a list: the totals beside its items (List Tickets), and once more below."""

    items: list[Item]
    total: int
    page: int
    size: int
    pages: int
    pagination: Pagination


@dataclass(frozen=True, slots=True)
class PageParameters:
    """The part of a list a request asks for."""

    page: int
    size: int

    @property
    def page_request(self) -> PageRequest:
        """The same for the core."""
        return PageRequest(limit=self.size, offset=(self.page - 1) * self.size)

    def format_page(self, items: Iterable[Any], total: int) -> dict[str, Any]:
        """The `data` of a list (`Listed`); a page past the last one holds nothing."""
        pages = -(-total // self.size)
        totals = {"total": total, "page": self.page, "size": self.size, "pages": pages}
        has_next, has_prev = self.page < pages, self.page > 1
        return {
            "items": list(items),
            **totals,
            "pagination": {
                **totals,
                "has_next": has_next,
                "has_prev": has_prev,
                "next_page": self.page + 1 if has_next else None,
                "prev_page": min(self.page - 1, max(pages, 1)) if has_prev else None,
            },
        }


async def _page_parameters(
    page: Annotated[int, Query(ge=1, le=MAX_PAGE, description="From 1 on")] = 1,
    size: Annotated[
        int, Query(ge=1, description="Items of a page; 100 at most")
    ] = DEFAULT_PAGE_SIZE,
) -> PageParameters:
    return PageParameters(page, min(size, MAX_PAGE_SIZE))


PageParametersDep = Annotated[PageParameters, Depends(_page_parameters)]
"""The page asked for; without a word of it, the first 20 items."""


@dataclass(frozen=True, slots=True)
class CursorPageParameters(PageParameters):
    """A page of a list that may be very long.

    The answer's `Link` leads to the next page by a `cursor`, by which it is found at once where a
    number of pages would be counted off. It holds for that page only.
    """

    url: URL
    cursor: str

    @property
    def page_request(self) -> PageRequest:
        """The same for the core."""
        return PageRequest(
            limit=self.size,
            offset=(self.page - 1) * self.size,
            cursor=cursor_for(self.cursor, self.page),
            keep_order=True,
        )

    def add_next_link(self, response: JsonResponse, current_page: Page) -> JsonResponse:
        """The answer, with the way to the next page if there is one."""
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
    cursor: Annotated[str, Query(max_length=1_500, description="As a `Link` header gives it")] = "",
) -> CursorPageParameters:
    return CursorPageParameters(
        page_parameters.page, page_parameters.size, request_url(request), cursor
    )


CursorPageParametersDep = Annotated[CursorPageParameters, Depends(_cursor_page_parameters)]
"""The same for lists of any length."""
