"""Keep the order of a list while a client reads it page by page.

A list that is sorted by a value that changes would reorder its tickets between two pages. Its first
page therefore records the id of the newest timeline entry (`latest_entry_id_subquery`). On later
pages, tickets that have not changed since then are read by their index
(`unchanged_since_snapshot_condition`).
The few others are put where they were (`list_sort_keys_before_moves`): timeline entries keep the
old values.
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
"""After this many new timeline entries, a list continues in its present order."""


def _parse_due_date(value: str | None) -> datetime:
    return datetime.fromisoformat(value) if value else FAR_FUTURE


_RECORDED_SORTS: dict[str, tuple[TicketField, Callable[[Any], int | datetime]]] = {
    "status": (STATUS, lambda value: Status(value).rank),
    "priority": (PRIORITY, lambda value: Priority(value).rank),
    "due": (DUE_AT, _parse_due_date),
}
"""Sorts by a recorded field, each with the function that reads an old value as a sort key."""

MUTABLE_SORTS = frozenset({"updated", *_RECORDED_SORTS})
"""Sorts by a value that changes."""


def latest_entry_id_subquery() -> ScalarSelect[int]:
    """Return the id of the newest timeline entry of all tickets, as a column."""
    return select(func.coalesce(func.max(entry_table.c.id), 0)).scalar_subquery()


_SELECT_LATEST_ENTRY_ID = select(func.coalesce(func.max(entry_table.c.id), 0))


def is_snapshot_expired(uow: UnitOfWork, entry_id: int) -> bool:
    """Return whether more than `MAX_NEW_ENTRIES` entries were added after this one."""
    return uow.connection.execute(_SELECT_LATEST_ENTRY_ID).scalar_one() - entry_id > MAX_NEW_ENTRIES


def _moving_entry_conditions(sort: str) -> list[Condition]:
    """Return the conditions of entries that may have moved a ticket in the order, or created it."""
    after = entry_table.c.id > bindparam("start_entry_id")
    if sort == "updated":
        return [after]
    field, _ = _RECORDED_SORTS[sort]
    is_change = (entry_table.c.kind == EntryKind.CHANGE) & (entry_table.c.field == field.name)
    return [after, or_(is_change, entry_table.c.kind == EntryKind.CREATED)]


def unchanged_since_snapshot_condition(sort: str) -> Condition:
    """Return the condition that a ticket has not moved since entry `start_entry_id`."""
    # An aggregate, because a NOT EXISTS would become a join that loses the order of the index.
    moving_entry_id = select(func.max(entry_table.c.id)).where(
        entry_table.c.ticket_id == ticket_table.c.id, *_moving_entry_conditions(sort)
    )
    return moving_entry_id.correlate(ticket_table).scalar_subquery().is_(None)


def _build_first_moves(sort: str) -> Executable:
    # A comment that a merge has moved was added to the other ticket.
    ticket_id = func.coalesce(moved_entry_table.c.original_ticket_id, entry_table.c.ticket_id)
    first = (
        select(ticket_id.label("ticket_id"), func.min(entry_table.c.id).label("entry_id"))
        .select_from(
            entry_table.outerjoin(
                moved_entry_table, moved_entry_table.c.entry_id == entry_table.c.id
            )
        )
        .where(*_moving_entry_conditions(sort))
        .group_by(ticket_id)
        .subquery()
    )
    return select(
        first.c.ticket_id,
        entry_table.c.old_value,
        entry_table.c.ticket_updated_at,
        entry_table.c.at,
    ).where(entry_table.c.id == first.c.entry_id, entry_table.c.kind != EntryKind.CREATED)


_SELECT_FIRST_MOVES = {sort: _build_first_moves(sort) for sort in MUTABLE_SORTS}


def list_sort_keys_before_moves(
    uow: UnitOfWork, sort: str, entry_id: int
) -> list[tuple[int | datetime, int]]:
    """Return the earlier sort key and the id of each ticket that has moved since this entry.

    Tickets created since then are left out.
    """
    entries = uow.connection.execute(_SELECT_FIRST_MOVES[sort], {"start_entry_id": entry_id})
    if sort == "updated":
        return [(entry.ticket_updated_at or entry.at, entry.ticket_id) for entry in entries]
    _, parse_sort_key = _RECORDED_SORTS[sort]
    return [(parse_sort_key(entry.old_value), entry.ticket_id) for entry in entries]
