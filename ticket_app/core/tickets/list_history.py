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

from sqlalchemy import bindparam, func, or_, select

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import EntryKind, Priority, Status
from ticket_app.core.tickets.fields import DUE_AT, PRIORITY, STATUS, TicketField
from ticket_app.tables import entry_table, moved_entry_table, ticket_table
from ticket_app.tables.tickets import FAR_FUTURE

MOST_LINES = 20_000
"""After so many new lines on all timelines a list is read on in its present order."""


def _due(value: str | None) -> datetime:
    return datetime.fromisoformat(value) if value else FAR_FUTURE


_RECORDED: dict[str, tuple[TicketField, Callable[[Any], Any]]] = {
    "status": (STATUS, lambda value: Status(value).rank),
    "priority": (PRIORITY, lambda value: Priority(value).rank),
    "due": (DUE_AT, _due),
}
"""Sorts by a recorded field, each with how its old value is read as a sort key."""

CHANGING = frozenset({"updated", *_RECORDED})
"""Sorts by something that changes."""


def latest_line() -> Any:
    """The id of the newest line of all timelines, as a column."""
    return select(func.coalesce(func.max(entry_table.c.id), 0)).scalar_subquery()


_LATEST = select(func.coalesce(func.max(entry_table.c.id), 0))


def is_too_long_ago(desk: Desk, line_id: int) -> bool:
    """Whether more than `MOST_LINES` lines were written after this one."""
    return desk.db.execute(_LATEST).scalar_one() - line_id > MOST_LINES


def _moves(sort: str) -> list[Any]:
    """Which lines tell that a ticket's place in the order may have changed, or that it is new."""
    after = entry_table.c.id > bindparam("start_line")
    if sort == "updated":
        return [after]
    field, _ = _RECORDED[sort]
    is_change = (entry_table.c.kind == EntryKind.CHANGE) & (entry_table.c.field == field.name)
    return [after, or_(is_change, entry_table.c.kind == EntryKind.CREATED)]


def is_unchanged(sort: str) -> Any:
    """The condition that a ticket stands where it stood when line `start_line` was the newest."""
    # An aggregate, as a NOT EXISTS would be made a join that gives up the order of the index.
    moved = select(func.max(entry_table.c.id)).where(
        entry_table.c.ticket_id == ticket_table.c.id, *_moves(sort)
    )
    return moved.correlate(ticket_table).scalar_subquery().is_(None)


def _first_moves(sort: str) -> Any:
    # A comment that came by a merge was written on the other ticket.
    ticket_id = func.coalesce(moved_entry_table.c.origin_id, entry_table.c.ticket_id)
    first = (
        select(ticket_id.label("ticket_id"), func.min(entry_table.c.id).label("line_id"))
        .select_from(
            entry_table.outerjoin(
                moved_entry_table, moved_entry_table.c.entry_id == entry_table.c.id
            )
        )
        .where(*_moves(sort))
        .group_by(ticket_id)
        .subquery()
    )
    return select(
        first.c.ticket_id,
        entry_table.c.old_value,
        entry_table.c.ticket_updated_at,
        entry_table.c.at,
    ).where(entry_table.c.id == first.c.line_id, entry_table.c.kind != EntryKind.CREATED)


_FIRST_MOVES = {sort: _first_moves(sort) for sort in CHANGING}


def changed(desk: Desk, sort: str, line_id: int) -> list[tuple[Any, int]]:
    """The sort key and id of each ticket that is not `is_unchanged`, as both were at that line.

    Tickets filed since are left out.
    """
    lines = desk.db.execute(_FIRST_MOVES[sort], {"start_line": line_id})
    if sort == "updated":
        return [(line.ticket_updated_at or line.at, line.ticket_id) for line in lines]
    _, key_of = _RECORDED[sort]
    return [(key_of(line.old_value), line.ticket_id) for line in lines]
