"""Keep the numbers of tickets by bucket, so that dashboards do not count all rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, bindparam, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform.sql_types import DialectInsert
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import Ticket, ticket_count_table

BUCKET_COLUMNS = ("status", "priority", "category", "kind", "is_assigned")


def _build_upsert(insert: DialectInsert) -> Executable:
    statement = insert(ticket_count_table).values(
        **{name: bindparam(name) for name in BUCKET_COLUMNS},
        tickets=bindparam("ticket_delta"),
        resolved=bindparam("resolved_delta"),
        resolved_seconds=bindparam("seconds_delta"),
    )
    return statement.on_conflict_do_update(
        index_elements=[ticket_count_table.c[name] for name in BUCKET_COLUMNS],
        set_={
            "tickets": ticket_count_table.c.tickets + statement.excluded.tickets,
            "resolved": ticket_count_table.c.resolved + statement.excluded.resolved,
            "resolved_seconds": ticket_count_table.c.resolved_seconds
            + statement.excluded.resolved_seconds,
        },
    )


_UPSERT_BUCKET = {
    "sqlite": _build_upsert(sqlite.insert),
    "postgresql": _build_upsert(postgresql.insert),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a ticket is counted, and its share of the resolution time."""

    status: str
    priority: str
    category: str
    kind: str
    is_assigned: bool
    resolved_seconds: int | None

    @classmethod
    def of(cls, ticket: Ticket) -> Bucket | None:
        """Return the bucket of a ticket; None while it is in the trash."""
        if ticket.deleted_at is not None:
            return None
        return cls(
            ticket.status,
            ticket.priority,
            ticket.category,
            ticket.kind,
            ticket.assignee_id is not None,
            _seconds_between(ticket.created_at, ticket.resolved_at),
        )


def _bucket_sort_key(step: tuple[Bucket, int]) -> tuple[str | bool, ...]:
    """Buckets are updated in one order everywhere, so that two changes cannot deadlock."""
    bucket, _ = step
    return bucket.status, bucket.priority, bucket.category, bucket.kind, bucket.is_assigned


def _seconds_between(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else max(0, int((end - start).total_seconds()))


BucketMove = tuple[Bucket | None, Bucket | None]
_deferred_moves: WeakKeyDictionary[UnitOfWork, list[BucketMove]] = WeakKeyDictionary()


def move(uow: UnitOfWork, before: Bucket | None, after: Bucket | None) -> None:
    """Count a ticket in the bucket `after` instead of `before`; called by `changing` only."""
    if before == after:
        return
    if uow in _deferred_moves:
        _deferred_moves[uow].append((before, after))
    else:
        _apply_moves(uow, [(before, after)])


@contextmanager
def defer_moves(uow: UnitOfWork) -> Generator[list[BucketMove]]:
    """Collect the moves of a block and apply them at its end, in order: all transactions share the
    buckets, so they are locked as late as possible.
    """
    moves = _deferred_moves[uow] = []
    try:
        yield moves
    finally:
        del _deferred_moves[uow]
    _apply_moves(uow, moves)


def _apply_moves(uow: UnitOfWork, moves: Iterable[BucketMove]) -> None:
    steps = [
        (bucket, delta)
        for before, after in moves
        for bucket, delta in ((before, -1), (after, 1))
        if bucket is not None
    ]
    for bucket, delta in sorted(steps, key=_bucket_sort_key):
        uow.connection.execute(
            _UPSERT_BUCKET[uow.connection.dialect.name],
            {
                **{name: getattr(bucket, name) for name in BUCKET_COLUMNS},
                "ticket_delta": delta,
                "resolved_delta": delta if bucket.resolved_seconds is not None else 0,
                "seconds_delta": delta * (bucket.resolved_seconds or 0),
            },
        )


_SELECT_BUCKETS = select(ticket_count_table).where(ticket_count_table.c.tickets > 0)


class BucketRow:
    """A bucket with the tickets in it, and those of them that are resolved."""

    status: str
    priority: str
    category: str
    kind: str
    is_assigned: bool
    tickets: int
    resolved: int
    resolved_seconds: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over every ticket outside the trash."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_category: dict[str, int]
    by_kind: dict[str, int]
    buckets: tuple[BucketRow, ...]
    average_resolution_hours: float | None


def count_all_tickets(uow: UnitOfWork) -> Totals:
    """Return how many tickets there are outside the trash, by status, priority, category and kind.

    Counts all of them, whatever the actor may see, and averages the hours to their resolution.
    Raises `Forbidden` without the permission `view_statistics`.
    """
    uow.actor.require("view_statistics", "see the statistics")
    buckets = tuple(uow.all_rows(_SELECT_BUCKETS, of=BucketRow))
    counts_by_column: dict[str, Counter[str]] = {name: Counter() for name in BUCKET_COLUMNS[:4]}
    for bucket in buckets:
        for name, counts in counts_by_column.items():
            counts[getattr(bucket, name)] += bucket.tickets
    resolved = sum(bucket.resolved for bucket in buckets)
    seconds = sum(bucket.resolved_seconds for bucket in buckets)
    return Totals(
        total=sum(bucket.tickets for bucket in buckets),
        by_status=dict(counts_by_column["status"]),
        by_priority=dict(counts_by_column["priority"]),
        by_category=dict(counts_by_column["category"]),
        by_kind=dict(counts_by_column["kind"]),
        buckets=buckets,
        average_resolution_hours=round(seconds / resolved / 3600, 2) if resolved else None,
    )


def count_tickets(
    uow: UnitOfWork,
    *,
    status: Collection[str] = (),
    priority: Collection[str] = (),
    category: Collection[str] = (),
    kind: Collection[str] = (),
    is_assigned: bool | None = None,
) -> int:
    """Count all tickets in these buckets; an empty set means any."""
    filters = zip(BUCKET_COLUMNS, (status, priority, category, kind), strict=False)
    values = {name: sorted(selected) for name, selected in filters if selected}
    return int(
        uow.connection.execute(_count_statement(tuple(values), is_assigned), values).scalar_one()
    )


@lru_cache(maxsize=64)
def _count_statement(columns: tuple[str, ...], is_assigned: bool | None) -> Executable:
    statement = select(
        func.coalesce(func.sum(ticket_count_table.c.tickets), literal_column("0"))
    ).where(*(ticket_count_table.c[name].in_(bindparam(name, expanding=True)) for name in columns))
    return (
        statement
        if is_assigned is None
        else statement.where(ticket_count_table.c.is_assigned.is_(is_assigned))
    )
