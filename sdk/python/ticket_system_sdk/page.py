"""A page of a list, and iteration over the pages that follow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload

from ticket_system_sdk.errors import UnexpectedResponse
from ticket_system_sdk.model import M, parse

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageItems(Sequence[T], Generic[T]):
    """The items of a page, and where it is in its list."""

    items: tuple[T, ...]
    total: int
    page: int
    size: int
    pages: int

    @property
    def has_next(self) -> bool:
        """Whether there is another page."""
        return self.page < self.pages

    @property
    def has_prev(self) -> bool:
        """Whether this is not the first page."""
        return self.page > 1

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self.items[index]


@dataclass(frozen=True, slots=True)
class Page(PageItems[T]):
    """A page of a list; `all()` iterates over this page and all that follow."""

    _fetch_page: Callable[[int], Page[T]] = field(repr=False, compare=False)

    def next(self) -> Page[T] | None:
        """Fetch the next page; None after the last one."""
        return self._fetch_page(self.page + 1) if self.has_next else None

    def all(self) -> Iterator[T]:
        """Yield the items of this page and of all that follow, fetched on demand.

        An item that moves to the next page in the meantime is yielded once.
        """
        previous: Page[T] | None = None
        page: Page[T] | None = self
        while page is not None:
            yield from _new_items(page, previous)
            previous, page = page, page.next()


@dataclass(frozen=True, slots=True)
class AsyncPage(PageItems[T]):
    """A page of a list; `all()` iterates over this page and all that follow."""

    _fetch_page: Callable[[int], Awaitable[AsyncPage[T]]] = field(repr=False, compare=False)

    async def next(self) -> AsyncPage[T] | None:
        """Fetch the next page; None after the last one."""
        return await self._fetch_page(self.page + 1) if self.has_next else None

    async def all(self) -> AsyncIterator[T]:
        """Yield the items of this page and of all that follow, fetched on demand.

        An item that moves to the next page in the meantime is yielded once.
        """
        previous: AsyncPage[T] | None = None
        page: AsyncPage[T] | None = self
        while page is not None:
            for item in _new_items(page, previous):
                yield item
            previous, page = page, await page.next()


def _new_items(page: PageItems[T], previous: PageItems[T] | None) -> Iterator[T]:
    """Yield the items that are not on the page before, from which they may have moved."""
    ids = {_id(item) for item in previous or ()}
    return (item for item in page.items if _id(item) not in ids)


def _id(item: Any) -> int:
    return item.id


def parse_page(model: type[M], data: Any, fetch_page: Callable[[int], Page[M]]) -> Page[M]:
    """Parse the data of a list. Raises `UnexpectedResponse`."""
    return Page(*_parts(model, data), fetch_page)


def parse_async_page(
    model: type[M], data: Any, fetch_page: Callable[[int], Awaitable[AsyncPage[M]]]
) -> AsyncPage[M]:
    """Parse the data of a list. Raises `UnexpectedResponse`."""
    return AsyncPage(*_parts(model, data), fetch_page)


def _parts(model: type[M], data: Any) -> tuple[tuple[M, ...], int, int, int, int]:
    try:
        page = data.get("pagination", data)
        items = tuple(parse(model, item) for item in data["items"])
        return items, page["total"], page["page"], page["size"], page["pages"]
    except (AttributeError, KeyError, TypeError) as error:
        raise UnexpectedResponse("the response is not a list") from error
