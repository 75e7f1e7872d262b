"""Pagination Response: `page` and `size`, told in both of the document's shapes at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request
from starlette.datastructures import URL
from typing_extensions import TypedDict

from ticket_app.api.kit.address import request_url
from ticket_app.api.kit.answers import Json
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice

USUAL = 20
LAST_PAGE = 10_000_000

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


class Listed(TypedDict, Generic[Item]):
    """A part of a list: the totals beside its items (List Tickets), and once more below."""

    items: list[Item]
    total: int
    page: int
    size: int
    pages: int
    pagination: Pagination


@dataclass(frozen=True, slots=True)
class Leaf:
    """The part of a list a request asks for."""

    page: int
    size: int

    @property
    def part(self) -> Slice:
        """The same for the core."""
        return Slice(limit=self.size, offset=(self.page - 1) * self.size)

    def listed(self, items: Iterable[Any], total: int) -> dict[str, Any]:
        """The `data` of a list (`Listed`); a page past the last one holds nothing."""
        pages = -(-total // self.size)
        inline = {"total": total, "page": self.page, "size": self.size, "pages": pages}
        has_next, has_prev = self.page < pages, self.page > 1
        return {
            "items": list(items),
            **inline,
            "pagination": {
                **inline,
                "has_next": has_next,
                "has_prev": has_prev,
                "next_page": self.page + 1 if has_next else None,
                "prev_page": min(self.page - 1, max(pages, 1)) if has_prev else None,
            },
        }


async def _leaf(
    page: Annotated[int, Query(ge=1, le=LAST_PAGE, description="From 1 on")] = 1,
    size: Annotated[int, Query(ge=1, description="Items of a page; 100 at most")] = USUAL,
) -> Leaf:
    return Leaf(page, min(size, LONGEST_PAGE))


Paging = Annotated[Leaf, Depends(_leaf)]
"""The page asked for; without a word of it, the first 20 items."""


@dataclass(frozen=True, slots=True)
class LongLeaf(Leaf):
    """A page of a list that may be very long.

    The answer's `Link` leads to the next page by a `cursor`, by which it is found at once where a
    number of pages would be counted off. It holds for that page only.
    """

    url: URL
    cursor: str

    @property
    def part(self) -> Slice:
        """The same for the core."""
        page, _, cursor = self.cursor.partition(".")
        holds = cursor and page == str(self.page)
        return Slice(
            limit=self.size,
            offset=(self.page - 1) * self.size,
            cursor=cursor if holds else None,
            keeps_order=True,
        )

    def link(self, answer: Json, following: Page) -> Json:
        """The answer, with the way to the next page if there is one."""
        if following.has_more:
            page = self.page + 1
            url = self.url.remove_query_params("cursor").include_query_params(page=page)
            if following.next:
                url = url.include_query_params(cursor=f"{page}.{following.next}")
            answer.headers["Link"] = f'<{url}>; rel="next"'
        return answer


async def _long_leaf(
    request: Request,
    leaf: Paging,
    cursor: Annotated[str, Query(max_length=1_500, description="As a `Link` header gives it")] = "",
) -> LongLeaf:
    return LongLeaf(leaf.page, leaf.size, request_url(request), cursor)


LongPaging = Annotated[LongLeaf, Depends(_long_leaf)]
"""The same for lists of any length."""
