"""Tickets that a ticket is linked to: its duplicates, and those it was merged with."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Executable, bindparam, literal_column, select

from ticket_app.core.platform.access_policy import (
    VISIBLE_TO_REQUESTER,
    VISIBLE_TO_STAFF,
    visibility_condition,
    visibility_parameters,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.tables import ticket_table


class LinkedTicketRow:
    """Another ticket, named by its key, title and status."""

    id: int
    key_prefix: str
    key_number: int
    title: str
    status: Status


_SUMMARY_COLUMNS = (
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.title,
    ticket_table.c.status,
)
_OTHER_TICKET = ticket_table.alias("other")


def _select_linked(column: ColumnElement[int | None]) -> dict[bool, Executable]:
    """Build the statements, for staff and others, that select the tickets linked by a column."""
    # The subquery makes SQLite use the index of the column instead of reading tickets by id.
    linked_ids = select(_OTHER_TICKET.c.id).where(column == bindparam("ticket_id"))
    return {
        is_staff: select(*_SUMMARY_COLUMNS)
        .where(
            VISIBLE_TO_STAFF if is_staff else VISIBLE_TO_REQUESTER,
            ticket_table.c.id.in_(linked_ids),
        )
        .order_by(ticket_table.c.id.desc())
        .limit(literal_column("20"))
        for is_staff in (True, False)
    }


_SELECT_MERGE_SOURCES = _select_linked(_OTHER_TICKET.c.merged_into_id)


def list_merge_sources(uow: UnitOfWork, ticket_id: int) -> Sequence[LinkedTicketRow]:
    """Return the newest 20 tickets merged into one that the actor may see, newest first."""
    values = {**visibility_parameters(uow.actor), "ticket_id": ticket_id}
    return uow.all_rows(_SELECT_MERGE_SOURCES[uow.actor.is_staff], values, of=LinkedTicketRow)


_SELECT_MERGED_INTO = select(ticket_table.c.merged_into_id).where(
    ticket_table.c.id == bindparam("ticket_id")
)


def final_ticket_id(uow: UnitOfWork, ticket_id: int) -> int:
    """Return the last ticket of a chain of merges: the ticket itself if it was not merged."""
    while next_id := uow.connection.execute(_SELECT_MERGED_INTO, {"ticket_id": ticket_id}).scalar():
        ticket_id = next_id
    return ticket_id


def find_visible_merge_target(uow: UnitOfWork, ticket_id: int) -> LinkedTicketRow | None:
    """Return the ticket that one was merged into, at the end of a chain of merges.

    None if it was not merged, or if the actor may not see that ticket.
    """
    final_id = final_ticket_id(uow, ticket_id)
    if final_id == ticket_id:
        return None
    statement = select(*_SUMMARY_COLUMNS).where(
        visibility_condition(uow.actor), ticket_table.c.id == final_id
    )
    rows = uow.all_rows(statement, visibility_parameters(uow.actor), of=LinkedTicketRow)
    return rows[0] if rows else None
