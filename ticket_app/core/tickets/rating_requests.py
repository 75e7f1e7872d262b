"""Ask requesters by email how satisfied they are, once for each resolved ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, exists, insert, select, update
from sqlmodel import select as select_rows

from ticket_app.core.people import account_links
from ticket_app.core.people.account_links import AccountLinkRow, LinkNotValid, LinkPurpose
from ticket_app.core.people.actors import load_actor
from ticket_app.core.platform import audit_log, ticket_numbers
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.rating import rate
from ticket_app.core.tickets.transitions import CLOSED_STATUS, SOLVED_STATUS
from ticket_app.tables import (
    Person,
    RatingRequestSettings,
    account_link_table,
    person_table,
    rating_request_settings_table,
    ticket_table,
)

DEFAULT_DELAY_HOURS = 24
MAX_DELAY_HOURS = 24 * 30
BATCH_SIZE = 100
"""How many requests are sent in one transaction."""
CATCH_UP = timedelta(days=3)
"""Requests that could not be sent in time are sent this long, for example after an outage."""


@dataclass(frozen=True, slots=True)
class RatingRequests:
    """Whether requesters are asked, and how many hours after the resolution."""

    is_active: bool = False
    delay_hours: int = DEFAULT_DELAY_HOURS


@dataclass(frozen=True, slots=True)
class RatedTicket:
    """The ticket that a link rates."""

    key: str
    title: str


class _DueRow:
    ticket_id: int
    person_id: int


class _TicketRow:
    id: int
    uuid: UUID
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    title: str


def _read_row(uow: UnitOfWork) -> RatingRequestSettings | None:
    return uow.session.exec(select_rows(RatingRequestSettings)).first()


def get_settings(uow: UnitOfWork) -> RatingRequests:
    """Return the settings; requests are off by default. Raises `Forbidden`."""
    uow.actor.require("set_up", "see the settings of ratings")
    row = _read_row(uow)
    return RatingRequests(row.is_active, row.delay_hours) if row else RatingRequests()


def change_rating_request_settings(uow: UnitOfWork, *, is_active: bool, delay_hours: int) -> None:
    """Switch rating requests on or off, and set how many hours after the resolution they are sent.

    Only tickets resolved after they were switched on are asked about. Raises `Forbidden`,
    `Invalid`.
    """
    before = get_settings(uow)
    if not 0 <= delay_hours <= MAX_DELAY_HOURS:
        raise Invalid("delay_hours", f"must be from 0 to {MAX_DELAY_HOURS}")
    row = _read_row(uow)
    started_at = row.active_since if row is not None and row.is_active else uow.now
    values = {
        "is_active": is_active,
        "delay_hours": delay_hours,
        "active_since": started_at if is_active else None,
    }
    table = rating_request_settings_table
    uow.connection.execute(
        insert(table).values(id=1, **values) if row is None else update(table).values(**values)
    )
    for field, old, new in (
        ("active", before.is_active, is_active),
        ("delay in hours", before.delay_hours, delay_hours),
    ):
        if old != new:
            audit_log.record(
                uow,
                AuditKind.SETTING,
                AuditAction.CHANGED,
                subject_type="rating requests",
                subject_name="Rating requests",
                field=field,
                old=str(old),
                new=str(new),
            )


_SELECT_DUE = (
    select(ticket_table.c.id.label("ticket_id"), person_table.c.id.label("person_id"))
    .select_from(ticket_table.join(person_table, person_table.c.id == ticket_table.c.requester_id))
    .where(
        ticket_table.c.deleted_at.is_(None),
        ticket_table.c.resolved_at > bindparam("resolved_after"),
        ticket_table.c.resolved_at <= bindparam("resolved_before"),
        ticket_table.c.status.in_([SOLVED_STATUS, CLOSED_STATUS]),
        ticket_table.c.merged_into_id.is_(None),
        ticket_table.c.satisfaction_rating.is_(None),
        person_table.c.is_active,
        person_table.c.email_verified_at.is_not(None),
        ~exists().where(
            account_link_table.c.ticket_id == ticket_table.c.id,
            account_link_table.c.purpose == LinkPurpose.RATING,
        ),
    )
    .order_by(ticket_table.c.resolved_at)
    .limit(BATCH_SIZE)
    .with_for_update(of=ticket_table, skip_locked=True)
)


def is_active(uow: UnitOfWork) -> bool:
    """Return whether requests are sent at all; a read, so it does not wait for a lock."""
    row = _read_row(uow)
    return row is not None and row.is_active


def send_due(uow: UnitOfWork) -> int:
    """Send the requests that are due, at most `BATCH_SIZE`; return how many were sent."""
    row = _read_row(uow)
    if row is None or not row.is_active or row.active_since is None:
        return 0
    resolved_before = uow.now - timedelta(hours=row.delay_hours)
    values = {
        "resolved_before": resolved_before,
        "resolved_after": max(row.active_since, resolved_before - CATCH_UP),
    }
    due = uow.all_rows(_SELECT_DUE, values, of=_DueRow)
    for one in due:
        person = uow.session.get_one(Person, one.person_id)
        account_links.send_link(uow, person, LinkPurpose.RATING, ticket_id=one.ticket_id)
    return len(due)


_SELECT_TICKET = select(*(ticket_table.c[name] for name in _TicketRow.__annotations__)).where(
    ticket_table.c.id == bindparam("ticket_id"),
    ticket_table.c.requester_id == bindparam("person_id"),
    ticket_table.c.deleted_at.is_(None),
)


def _get_ticket(uow: UnitOfWork, link: AccountLinkRow) -> _TicketRow:
    values = {"ticket_id": link.ticket_id, "person_id": link.person_id}
    ticket = uow.first_row(_SELECT_TICKET, values, of=_TicketRow)
    if ticket is None:
        raise LinkNotValid
    return ticket


def find_rated_ticket(uow: UnitOfWork, token: str) -> RatedTicket:
    """Return the ticket of a rating link, without using it up. Raises `LinkNotValid`."""
    ticket = _get_ticket(uow, account_links.find_link(uow, token, LinkPurpose.RATING))
    return RatedTicket(ticket_numbers.format_key(ticket), ticket.title)


def rate_by_link(uow: UnitOfWork, token: str, rating: int, comment: str) -> None:
    """Rate a ticket for its requester, who need not be signed in.

    Raises `LinkNotValid`, `Forbidden`, `Invalid`, `RuleViolation` if the ticket was reopened.
    """
    link = account_links.use_link(uow, token, LinkPurpose.RATING)
    ticket = _get_ticket(uow, link)
    person = uow.session.get_one(Person, link.person_id)
    uow.actor = load_actor(uow, person, authentication_method="system")
    rate(uow, lock_ticket(uow, ticket.id), rating, comment)
