"""A part of a list, and the way through the rest of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload

from ticket_system_sdk.errors import UnexpectedAnswer
from ticket_system_sdk.model import M, read

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Sequence[T], Generic[T]):
    """A part of a list; `all()` goes on through the rest of it."""

    items: tuple[T, ...]
    total: int
    page: int
    size: int
    pages: int
    _turn: Callable[[int], Page[T]] = field(repr=False, compare=False)

    @property
    def has_next(self) -> bool:
        """Whether there is another page."""
        return self.page < self.pages

    @property
    def has_prev(self) -> bool:
        """Whether this is not the first page."""
        return self.page > 1

    def next(self) -> Page[T] | None:
        """The next page, fetched now; None after the last."""
        return self._turn(self.page + 1) if self.has_next else None

    def all(self) -> Iterator[T]:
        """Every item from here on; pages are fetched as they are reached.

        What slides onto the next page while one is read is not told twice.
        """
        page: Page[T] | None = self
        told: set[int] = set()
        while page is not None:
            yield from (item for item in page.items if _id(item) not in told)
            told = {_id(item) for item in page.items}
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


def read_page(model: type[M], data: Any, turn: Callable[[int], Page[M]]) -> Page[M]:
    """A list's data as a page. Raises `UnexpectedAnswer`."""
    try:
        told = data.get("pagination", data)
        items = tuple(read(model, item) for item in data["items"])
        return Page(items, told["total"], told["page"], told["size"], told["pages"], turn)
    except (AttributeError, KeyError, TypeError) as wrong:
        raise UnexpectedAnswer("the answer is no list") from wrong
