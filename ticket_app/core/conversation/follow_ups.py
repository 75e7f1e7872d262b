"""Follow-ups: what a requester replies too long after a ticket was closed becomes a new ticket that
is linked to it, on the timelines of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from ticket_app.core.people import customers
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import viewer, visible
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import (
    Category,
    EntryKind,
    Group,
    Kind,
    Priority,
    Severity,
    Status,
    TextFormat,
)
from ticket_app.core.tickets import tickets
from ticket_app.core.tickets.fields import FOLLOW_UP, FOLLOW_UP_OF, TicketField
from ticket_app.core.tickets.tickets import TicketDraft
from ticket_app.core.tickets.transitions import REOPENED_BY_REQUESTER
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, entry_table, ticket_table


def open_for(desk: Desk, closed: Ticket, content: str, text_format: TextFormat) -> Ticket:
    """Open the follow-up of a closed ticket its requester replied to, and link the two.

    It is about the same as the closed one (title, kind, priority, company, tags), and unassigned.
    Raises what `tickets.open_ticket` raises.
    """
    assert closed.id is not None
    company_id, contact_id = _customer(desk, closed)
    draft = TicketDraft(
        title=closed.title,
        description=content,
        kind=Kind(closed.kind),
        priority=Priority(closed.priority),
        severity=Severity(closed.severity),
        category=Category(closed.category),
        section=closed.section,
        plugin_name=closed.plugin_name,
        client_version=closed.client_version,
        environment=closed.environment,
        tags=[tag for tag in closed.tags if "," not in tag],
        company_id=company_id,
        contact_id=contact_id,
        department_id=closed.department_id,
        channel=closed.channel,
        text_format=text_format,
    )
    made = tickets.open_ticket(desk, draft)
    assert made.id is not None
    _link(desk, closed, FOLLOW_UP, made)
    _link(desk, made, FOLLOW_UP_OF, closed)
    tickets.touch(desk, closed)
    desk.settle()
    return made


def _customer(desk: Desk, closed: Ticket) -> tuple[int | None, int | None]:
    """Return the company and contact of a ticket, as far as its requester still knows them."""
    try:
        customers.check_customer(desk, closed.company_id, closed.contact_id)
    except Invalid:
        return None, None
    return closed.company_id, closed.contact_id


def _link(desk: Desk, ticket: Ticket, field: TicketField, other: Ticket) -> None:
    assert ticket.id is not None
    timeline.record_change(desk, ticket.id, field, None, ticket_numbers.key(other), new_id=other.id)


_LINKED = select(entry_table.c.new_id).where(
    entry_table.c.ticket_id == bindparam("ticket_id"),
    entry_table.c.kind == EntryKind.CHANGE,
    entry_table.c.field == bindparam("field"),
)
_BRIEF = (
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.title,
    ticket_table.c.status,
    ticket_table.c.status_group,
    ticket_table.c.merged_into_id,
)


def _linked(desk: Desk, ticket_id: int, field: TicketField) -> Sequence[Any]:
    wanted = (
        select(*_BRIEF)
        .where(visible(desk.actor), ticket_table.c.id.in_(_LINKED))
        .order_by(ticket_table.c.id.desc())
    )
    values = {**viewer(desk.actor), "ticket_id": ticket_id, "field": field.name}
    return desk.db.execute(wanted, values).all()


def of(desk: Desk, ticket_id: int) -> Sequence[Any]:
    """Return the follow-ups of a ticket that the actor sees, newest first: id, key_prefix,
    key_number, title, status, status_group, merged_into_id.
    """
    return _linked(desk, ticket_id, FOLLOW_UP)


def original_of(desk: Desk, ticket_id: int) -> Any:
    """Return the ticket that one follows up, with the same columns; None if there is none."""
    return next(iter(_linked(desk, ticket_id, FOLLOW_UP_OF)), None)


def continuing(desk: Desk, ticket_id: int) -> Any:
    """Return the follow-up in which a later reply to a closed ticket goes on, or None."""
    return next(
        (
            row
            for row in of(desk, ticket_id)
            if row.merged_into_id is None
            and (row.status_group != Group.DONE or Status(row.status) in REOPENED_BY_REQUESTER)
        ),
        None,
    )
