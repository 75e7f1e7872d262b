"""Counts kept in the transaction of each change, so that no dashboard counts a million rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import Ticket, tally_table

CELL = ("status", "priority", "category", "kind", "is_assigned")


def _add(insert: Any) -> Any:
    statement = insert(tally_table).values(
        **{name: bindparam(name) for name in CELL},
        tickets=bindparam("n"),
        resolved=bindparam("r"),
        resolved_seconds=bindparam("s"),
    )
    return statement.on_conflict_do_update(
        index_elements=[tally_table.c[name] for name in CELL],
        set_={
            "tickets": tally_table.c.tickets + statement.excluded.tickets,
            "resolved": tally_table.c.resolved + statement.excluded.resolved,
            "resolved_seconds": tally_table.c.resolved_seconds
            + statement.excluded.resolved_seconds,
        },
    )


_ADD = {"sqlite": _add(sqlite.insert), "postgresql": _add(postgresql.insert)}


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a ticket is counted, and its share of the resolution time."""

    status: str
    priority: str
    category: str
    kind: str
    is_assigned: bool
    resolved_seconds: int | None

    @classmethod
    def of(cls, ticket: Ticket) -> Cell | None:
        """The ticket's cell; None while it lies in the trash."""
        if ticket.deleted_at is not None:
            return None
        return cls(
            ticket.status,
            ticket.priority,
            ticket.category,
            ticket.kind,
            ticket.assignee_id is not None,
            _seconds(ticket.created_at, ticket.resolved_at),
        )


def _place(step: tuple[Cell, int]) -> tuple[Any, ...]:
    """Cells are changed in one order everywhere, so that no two changes wait for each other."""
    return tuple(getattr(step[0], name) for name in CELL)


def _seconds(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else max(0, int((end - start).total_seconds()))


Move = tuple[Cell | None, Cell | None]
_kept_back: WeakKeyDictionary[Desk, list[Move]] = WeakKeyDictionary()


def move(desk: Desk, before: Cell | None, after: Cell | None) -> None:
    """Count a ticket where it now stands instead of where it stood."""
    if before == after:
        return
    if desk in _kept_back:
        _kept_back[desk].append((before, after))
    else:
        _apply(desk, [(before, after)])


@contextmanager
def together(desk: Desk) -> Iterator[list[Move]]:
    """Keep the moves of a block back and make them at its end: who changes several tickets in one
    transaction touches the cells, which everybody shares, last and in order.
    """
    moves = _kept_back[desk] = []
    try:
        yield moves
    finally:
        del _kept_back[desk]
    _apply(desk, moves)


def _apply(desk: Desk, moves: Iterable[Move]) -> None:
    steps = [
        (cell, sign)
        for before, after in moves
        for cell, sign in ((before, -1), (after, 1))
        if cell is not None
    ]
    for cell, sign in sorted(steps, key=_place):
        desk.db.execute(
            _ADD[desk.db.dialect.name],
            {
                **{name: getattr(cell, name) for name in CELL},
                "n": sign,
                "r": sign if cell.resolved_seconds is not None else 0,
                "s": sign * (cell.resolved_seconds or 0),
            },
        )


_ALL = select(tally_table).where(tally_table.c.tickets > 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over every ticket outside the trash."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_category: dict[str, int]
    by_kind: dict[str, int]
    cells: tuple[Any, ...]
    average_resolution_hours: float | None


def totals(desk: Desk) -> Totals:
    """The counts of the whole desk. For staff only: raises `Forbidden` for others."""
    desk.actor.must("view_statistics", "see the statistics")
    cells = tuple(desk.db.execute(_ALL).all())
    folded: dict[str, Counter[str]] = {name: Counter() for name in CELL[:4]}
    for cell in cells:
        for name, counts in folded.items():
            counts[getattr(cell, name)] += cell.tickets
    resolved = sum(cell.resolved for cell in cells)
    seconds = sum(cell.resolved_seconds for cell in cells)
    return Totals(
        total=sum(cell.tickets for cell in cells),
        by_status=dict(folded["status"]),
        by_priority=dict(folded["priority"]),
        by_category=dict(folded["category"]),
        by_kind=dict(folded["kind"]),
        cells=cells,
        average_resolution_hours=round(seconds / resolved / 3600, 2) if resolved else None,
    )


def count(
    desk: Desk,
    *,
    status: Collection[str] = (),
    priority: Collection[str] = (),
    category: Collection[str] = (),
    kind: Collection[str] = (),
    is_assigned: bool | None = None,
) -> int:
    """How many tickets of the whole desk stand in these cells; an empty set means any."""
    told = zip(CELL, (status, priority, category, kind), strict=False)
    values: dict[str, Any] = {name: sorted(words) for name, words in told if words}
    return int(desk.db.execute(_count_of(tuple(values), is_assigned), values).scalar_one())


@lru_cache(maxsize=64)
def _count_of(words: tuple[str, ...], is_assigned: bool | None) -> Any:
    wanted = select(func.coalesce(func.sum(tally_table.c.tickets), literal_column("0"))).where(
        *(tally_table.c[name].in_(bindparam(name, expanding=True)) for name in words)
    )
    return (
        wanted if is_assigned is None else wanted.where(tally_table.c.is_assigned.is_(is_assigned))
    )
