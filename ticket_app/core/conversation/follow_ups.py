"""Follow-up tickets: a late reply to a closed ticket opens a new ticket that is linked to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from ticket_app.core.people import customers
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.ticket_status import is_done
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    Category,
    EntryKind,
    Kind,
    Priority,
    Severity,
    Status,
    TextFormat,
)
from ticket_app.core.tickets import opening
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.fields import (
    FOLLOW_UP,
    FOLLOW_UP_OF,
    FieldView,
    TicketField,
    fields_shown_in,
)
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.transitions import REOPENABLE_BY_REQUESTER
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, entry_table, ticket_table


def open_follow_up(
    uow: UnitOfWork, closed_ticket: Ticket, content: str, text_format: TextFormat
) -> Ticket:
    """Open the follow-up of a closed ticket its requester replied to, and link the two.

    It has the same title, kind, priority, customer, tags and so on, and is unassigned.
    Raises what `tickets.open_ticket` raises.
    """
    assert closed_ticket.id is not None
    company_id, contact_id = _get_visible_customer(uow, closed_ticket)
    draft = TicketDraft(
        title=closed_ticket.title,
        description=content,
        kind=Kind(closed_ticket.kind),
        priority=Priority(closed_ticket.priority),
        severity=Severity(closed_ticket.severity),
        category=Category(closed_ticket.category),
        section=closed_ticket.section,
        **{
            field.name: getattr(closed_ticket, field.column)
            for field in fields_shown_in(FieldView.STAFF_DETAILS)
        },
        environment=closed_ticket.environment,
        tags=[tag for tag in closed_ticket.tags if "," not in tag],
        company_id=company_id,
        contact_id=contact_id,
        department_id=closed_ticket.department_id,
        channel=closed_ticket.channel,
        text_format=text_format,
    )
    follow_up = opening.open_ticket(uow, draft)
    assert follow_up.id is not None
    with changing(uow, closed_ticket):
        _link(uow, closed_ticket, FOLLOW_UP, follow_up)
        _link(uow, follow_up, FOLLOW_UP_OF, closed_ticket)
    return follow_up


def _get_visible_customer(uow: UnitOfWork, closed_ticket: Ticket) -> tuple[int | None, int | None]:
    """Return the company and contact of a ticket, or neither if they are no longer valid."""
    try:
        customers.ensure_valid_customer(uow, closed_ticket.company_id, closed_ticket.contact_id)
    except Invalid:
        return None, None
    return closed_ticket.company_id, closed_ticket.contact_id


def _link(uow: UnitOfWork, ticket: Ticket, field: TicketField, other: Ticket) -> None:
    assert ticket.id is not None
    timeline.record_change(
        uow, ticket.id, field, None, ticket_numbers.format_key(other), new_id=other.id
    )


_SELECT_LINKED_IDS = select(entry_table.c.new_id).where(
    entry_table.c.ticket_id == bindparam("ticket_id"),
    entry_table.c.kind == EntryKind.CHANGE,
    entry_table.c.field == bindparam("field"),
)


class FollowUpRow:
    """A follow-up, or the ticket that one was opened for."""

    id: int
    key_prefix: str
    key_number: int
    title: str
    status: str
    status_group: str
    merged_into_id: int | None


_SUMMARY_COLUMNS = (
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.title,
    ticket_table.c.status,
    ticket_table.c.status_group,
    ticket_table.c.merged_into_id,
)


def _list_linked_tickets(
    uow: UnitOfWork, ticket_id: int, field: TicketField
) -> Sequence[FollowUpRow]:
    statement = (
        select(*_SUMMARY_COLUMNS)
        .where(visibility_condition(uow.actor), ticket_table.c.id.in_(_SELECT_LINKED_IDS))
        .order_by(ticket_table.c.id.desc())
    )
    values = {**visibility_parameters(uow.actor), "ticket_id": ticket_id, "field": field.name}
    return uow.all_rows(statement, values, of=FollowUpRow)


def list_follow_ups(uow: UnitOfWork, ticket_id: int) -> Sequence[FollowUpRow]:
    """Return the follow-ups of a ticket that the actor may see, newest first."""
    return _list_linked_tickets(uow, ticket_id, FOLLOW_UP)


def find_original(uow: UnitOfWork, ticket_id: int) -> FollowUpRow | None:
    """Return the ticket that a follow-up was opened for, or None."""
    return next(iter(_list_linked_tickets(uow, ticket_id, FOLLOW_UP_OF)), None)


def find_active_follow_up(uow: UnitOfWork, ticket_id: int) -> FollowUpRow | None:
    """Return the follow-up that later replies to a closed ticket are added to, or None."""
    return next(
        (
            row
            for row in list_follow_ups(uow, ticket_id)
            if row.merged_into_id is None
            and (not is_done(row) or Status(row.status) in REOPENABLE_BY_REQUESTER)
        ),
        None,
    )
