"""Delete tickets, list deleted ones and restore them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import select as select_rows

from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.ticket_numbers import parse_reference
from ticket_app.core.platform.ticket_status import is_open
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.changing import changing
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, person_table, ticket_table

UNDO_WINDOW = timedelta(minutes=10)
"""How long a person who is not an admin can undo a deletion or a merge of their own."""
MAX_LISTED = 100


class DeletedTicketRow:
    """A ticket in the trash; `deleted_by` is the name of who deleted it."""

    id: int
    key_prefix: str
    key_number: int
    title: str
    status: str
    deleted_at: datetime
    deleted_by: str | None


_DELETER = person_table.alias("deleter")
_SELECT_DELETED = (
    select(
        ticket_table.c.id,
        ticket_table.c.key_prefix,
        ticket_table.c.key_number,
        ticket_table.c.title,
        ticket_table.c.status,
        ticket_table.c.deleted_at,
        _DELETER.c.full_name.label("deleted_by"),
    )
    .select_from(ticket_table.outerjoin(_DELETER, _DELETER.c.id == ticket_table.c.deleted_by_id))
    .where(ticket_table.c.deleted_at.is_not(None))
    .order_by(ticket_table.c.deleted_at.desc(), ticket_table.c.id.desc())
    .limit(bindparam("limit"))
)


def list_deleted(uow: UnitOfWork, limit: int = MAX_LISTED) -> Sequence[DeletedTicketRow]:
    """Return the `limit` most recently deleted tickets. Raises `Forbidden`."""
    uow.actor.require("restore_tickets", "look into the trash")
    return uow.all_rows(_SELECT_DELETED, {"limit": limit}, of=DeletedTicketRow)


def delete_ticket(uow: UnitOfWork, ticket: Ticket) -> None:
    """Put the ticket into the trash; its numbers stay taken. Raises `Forbidden`."""
    assert ticket.id is not None
    ensure_allowed(Action.DELETE, ticket, uow.actor, uow.now)
    with changing(uow, ticket):
        ticket.deleted_at, ticket.deleted_by_id = uow.now, uow.actor.id
        timeline.add_entry(uow, ticket.id, EntryKind.DELETED)
        sla_tracking.sync_clock(uow, ticket)


def restore_ticket(uow: UnitOfWork, reference: str | int) -> Ticket:
    """Restore a ticket from the trash. Raises `Forbidden`, `NotFound`."""
    uow.actor.require("restore_tickets", "restore deleted tickets")
    parsed_reference = parse_reference(str(reference))
    if parsed_reference is None:
        raise NotFound
    ticket = uow.session.exec(
        select_rows(Ticket).where(
            ticket_table.c.deleted_at.is_not(None), parsed_reference.condition()
        )
    ).first()
    if ticket is None or ticket.id is None:
        raise NotFound
    _remove_from_trash(uow, ticket)
    return ticket


def undo_delete(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """Undo the actor's own recent deletion.

    The SLA clock does not gain the time in the trash. Raises `NotFound` if it is not that.
    """
    ticket = uow.session.exec(
        select_rows(Ticket).where(
            ticket_table.c.id == ticket_id,
            ticket_table.c.deleted_by_id == uow.actor.id,
            ticket_table.c.deleted_at > uow.now - UNDO_WINDOW,
        )
    ).first()
    if ticket is None:
        raise NotFound
    if is_open(ticket):
        sla_tracking.undo_pause(uow, ticket)
    _remove_from_trash(uow, ticket)
    return ticket


def _remove_from_trash(uow: UnitOfWork, ticket: Ticket) -> None:
    assert ticket.id is not None
    with changing(uow, ticket):
        ticket.deleted_at = ticket.deleted_by_id = None
        timeline.add_entry(uow, ticket.id, EntryKind.RESTORED)
        sla_tracking.sync_clock(uow, ticket)
        sla_tracking.check_ticket_targets(uow, ticket)
