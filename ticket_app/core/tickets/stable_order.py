"""The order that a list had when its first page was read.

A list that is sorted by something that changes moves its tickets about while somebody reads it page
by page. Its first page therefore remembers the newest line of all timelines (`latest_line`). On the
pages that follow, tickets that have not changed since are found by their index as ever
(`is_unchanged`), and the few that have are put where they stood then (`changed`): the timeline
keeps what each change replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, ScalarSelect, bindparam, func, or_, select

from ticket_app.core.platform.sql_types import Condition
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind, Priority, Status
from ticket_app.core.tickets.fields import DUE_AT, PRIORITY, STATUS, TicketField
from ticket_app.tables import entry_table, moved_entry_table, ticket_table
from ticket_app.tables.tickets import FAR_FUTURE

MAX_NEW_ENTRIES = 20_000
"""After so many new lines on all timelines a list is read on in its present order."""


def _parse_due_date(value: str | None) -> datetime:
    return datetime.fromisoformat(value) if value else FAR_FUTURE


_RECORDED_SORTS: dict[str, tuple[TicketField, Callable[[Any], int | datetime]]] = {
    "status": (STATUS, lambda value: Status(value).rank),
    "priority": (PRIORITY, lambda value: Priority(value).rank),
    "due": (DUE_AT, _parse_due_date),
}
"""Sorts by a recorded field, each with how its old value is read as a sort key."""

MUTABLE_SORTS = frozenset({"updated", *_RECORDED_SORTS})
"""Sorts by something that changes."""


def latest_entry_id() -> ScalarSelect[int]:
    """The id of the newest line of all timelines, as a column."""
    return select(func.coalesce(func.max(entry_table.c.id), 0)).scalar_subquery()


_SELECT_LATEST_ENTRY_ID = select(func.coalesce(func.max(entry_table.c.id), 0))


def is_snapshot_expired(uow: UnitOfWork, entry_id: int) -> bool:
    """Whether more than `MOST_LINES` lines were written after this one."""
    return uow.connection.execute(_SELECT_LATEST_ENTRY_ID).scalar_one() - entry_id > MAX_NEW_ENTRIES


def _is_moving_entry(sort: str) -> list[Condition]:
    """Which lines tell that a ticket's place in the order may have changed, or that it is new."""
    after = entry_table.c.id > bindparam("start_entry_id")
    if sort == "updated":
        return [after]
    field, _ = _RECORDED_SORTS[sort]
    is_change = (entry_table.c.kind == EntryKind.CHANGE) & (entry_table.c.field == field.name)
    return [after, or_(is_change, entry_table.c.kind == EntryKind.CREATED)]


def is_unchanged_since_snapshot(sort: str) -> Condition:
    """The condition that a ticket stands where it stood when line `start_line` was the newest."""
    # An aggregate, as a NOT EXISTS would be made a join that gives up the order of the index.
    moving_entry_id = select(func.max(entry_table.c.id)).where(
        entry_table.c.ticket_id == ticket_table.c.id, *_is_moving_entry(sort)
    )
    return moving_entry_id.correlate(ticket_table).scalar_subquery().is_(None)


def _build_first_moves(sort: str) -> Executable:
    # A comment that came by a merge was written on the other ticket.
    ticket_id = func.coalesce(moved_entry_table.c.original_ticket_id, entry_table.c.ticket_id)
    first = (
        select(ticket_id.label("ticket_id"), func.min(entry_table.c.id).label("line_id"))
        .select_from(
            entry_table.outerjoin(
                moved_entry_table, moved_entry_table.c.entry_id == entry_table.c.id
            )
        )
        .where(*_is_moving_entry(sort))
        .group_by(ticket_id)
        .subquery()
    )
    return select(
        first.c.ticket_id,
        entry_table.c.old_value,
        entry_table.c.ticket_updated_at,
        entry_table.c.at,
    ).where(entry_table.c.id == first.c.line_id, entry_table.c.kind != EntryKind.CREATED)


_SELECT_FIRST_MOVES = {sort: _build_first_moves(sort) for sort in MUTABLE_SORTS}


def list_moved_tickets(
    uow: UnitOfWork, sort: str, entry_id: int
) -> list[tuple[int | datetime, int]]:
    """The sort key and id of each ticket that is not `is_unchanged`, as both were at that line.

    Tickets created since are left out.
    """
    entries = uow.connection.execute(_SELECT_FIRST_MOVES[sort], {"start_entry_id": entry_id})
    if sort == "updated":
        return [(entry.ticket_updated_at or entry.at, entry.ticket_id) for entry in entries]
    _, parse_sort_key = _RECORDED_SORTS[sort]
    return [(parse_sort_key(entry.old_value), entry.ticket_id) for entry in entries]
