"""A page of a list, and iteration over the pages that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload

from ticket_system_sdk.errors import UnexpectedResponse
from ticket_system_sdk.model import M, parse

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Sequence[T], Generic[T]):
    """A page of a list; `all()` iterates over this page and all that follow."""

    items: tuple[T, ...]
    total: int
    page: int
    size: int
    pages: int
    _fetch_page: Callable[[int], Page[T]] = field(repr=False, compare=False)

    @property
    def has_next(self) -> bool:
        """Whether there is another page."""
        return self.page < self.pages

    @property
    def has_prev(self) -> bool:
        """Whether this is not the first page."""
        return self.page > 1

    def next(self) -> Page[T] | None:
        """Fetch the next page; None after the last one."""
        return self._fetch_page(self.page + 1) if self.has_next else None

    def all(self) -> Iterator[T]:
        """Yield the items of this page and of all that follow, fetched on demand.

        An item that moves to the next page in the meantime is yielded once.
        """
        page: Page[T] | None = self
        previous_ids: set[int] = set()
        while page is not None:
            yield from (item for item in page.items if _id(item) not in previous_ids)
            previous_ids = {_id(item) for item in page.items}
            page = page.next()

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


def _id(item: Any) -> int:
    return item.id


def parse_page(model: type[M], data: Any, fetch_page: Callable[[int], Page[M]]) -> Page[M]:
    """Parse the data of a list. Raises `UnexpectedResponse`."""
    try:
        page = data.get("pagination", data)
        items = tuple(parse(model, item) for item in data["items"])
        return Page(items, page["total"], page["page"], page["size"], page["pages"], fetch_page)
    except (AttributeError, KeyError, TypeError) as error:
        raise UnexpectedResponse("the response is not a list") from error
