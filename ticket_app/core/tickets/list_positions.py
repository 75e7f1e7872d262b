"""Positions in a list of tickets, and the cursors that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from ticket_app.core.platform import cursors
from ticket_app.core.platform.cursors import INVALID_CURSOR, is_row_id
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.tickets import stable_order
from ticket_app.core.tickets.ticket_query import AGE_SORTS

SortKey = int | datetime
"""What a row is sorted by: an id, a rank, a relevance score or a moment."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of a list ended: after the row with this sort key and id.

    `start_entry_id` is the newest timeline entry when the first page was read, for a list that
    keeps its order. `oldest_id` is the oldest of the reordered tickets
    (`QueryShape.reorder_limit`), 0 if all were reordered; the tickets after it, where `is_by_age`,
    have no sort key.
    """

    sort_key: SortKey | None
    id: int
    start_entry_id: int | None = None
    oldest_id: int | None = None
    is_by_age: bool = False

    def encode(self, sort: str) -> str:
        """Return the cursor of this position."""
        encoded_key = (
            self.sort_key.isoformat() if isinstance(self.sort_key, datetime) else self.sort_key
        )
        if self.start_entry_id is None and self.oldest_id is None:
            return cursors.encode(sort, encoded_key, self.id)
        return cursors.encode(sort, encoded_key, self.id, self.start_entry_id, self.oldest_id)

    @staticmethod
    def decode(cursor: str, sort: str) -> Position:
        """Return the position that a cursor of a list with this sort holds. Raises `Invalid`."""
        parts = cursors.decode(cursor)
        if len(parts) not in (3, 5) or parts[0] != sort or not is_row_id(parts[2]):
            raise Invalid("cursor", INVALID_CURSOR)
        sort_key, row_id = _parse_sort_key(parts[1], sort), int(parts[2])
        start_entry_id, oldest_id = parts[3:] or (None, None)
        is_by_age = sort_key is None and oldest_id is not None
        if not (
            (sort_key is not None or is_by_age)
            and (
                start_entry_id is None
                or (_is_non_negative_id(start_entry_id) and sort in stable_order.MUTABLE_SORTS)
            )
            and (oldest_id is None or _is_non_negative_id(oldest_id))
            and (sort not in AGE_SORTS or sort_key == row_id)
        ):
            raise Invalid("cursor", INVALID_CURSOR)
        return Position(sort_key, row_id, start_entry_id, oldest_id, is_by_age)

    def precedes(self, sort_key: SortKey, row_id: int, *, descending: bool) -> bool:
        """Return whether a row with this sort key and id comes after the position."""
        row_position = (sort_key, row_id)
        own_position: tuple[Any, int] = (self.sort_key, self.id)
        return row_position < own_position if descending else row_position > own_position


def _is_non_negative_id(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= MAX_ID


def _parse_sort_key(encoded: object, sort: str) -> SortKey | None:
    """Return the sort key in a cursor; None if it is not a key of this sort."""
    if sort == "relevance":
        return encoded if _is_non_negative_id(encoded) else None
    if sort not in ("updated", "due"):
        return encoded if is_row_id(encoded) else None
    if not isinstance(encoded, str):
        return None
    try:
        moment = datetime.fromisoformat(encoded)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
