"""How each message of a ticket came in, and whether its recipients were reached, for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from ticket_app.core.email.outgoing import delivery, failures
from ticket_app.core.email.outgoing.texts import FORWARD
from ticket_app.core.platform.email_states import DeliveryState, EmailState
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.core.tickets import ticket_lookup
from ticket_app.tables import (
    entry_table,
    notification_table,
    outgoing_email_table,
    person_table,
)

MAX_ROWS = 2000
"""How many of the newest notifications and emails of a ticket are read."""

MAX_FAILED = 200


class Reached(StrEnum):
    """How far a message got to one person."""

    FAILED = "failed"
    WAITING = "waiting"
    DELIVERED = "delivered"
    READ = "read"
    NOT_EMAILED = "not_emailed"


@dataclass(frozen=True, slots=True)
class RecipientDelivery:
    """How far a message got to one person, when, and why it failed."""

    name: str
    reached: Reached
    at: datetime | None = None
    reason: str = ""
    email: UUID | None = None
    """The email to them that failed, which may be tried again."""


@dataclass(frozen=True, slots=True)
class MessageDelivery:
    """The channel that a message came through, and its delivery to each recipient."""

    channel: str
    recipients: list[RecipientDelivery] = field(default_factory=list[RecipientDelivery])


class CommentChannelRow:
    """A comment and its channel, unknown for old ones."""

    id: int
    channel: str | None


class NotifiedPersonRow:
    """A person who was notified of an entry."""

    entry_id: int
    person_id: int
    full_name: str
    read_at: datetime | None
    email_state: str


class SentEmailRow:
    """An email to a person about entries up to one, or a message that was forwarded."""

    uuid: UUID
    entry_id: int
    person_id: int | None
    recipient: str
    state: str
    reason: str | None
    created_at: datetime
    sent_at: datetime | None


class FailedEmailRow:
    """An email of a ticket that failed."""

    uuid: UUID
    recipient: str
    attempt_log: list[dict[str, object]]


_OF_TICKET = bindparam("on_ticket", type_=entry_table.c.ticket_id.type)
_SELECT_COMMENTS = select(entry_table.c.id, entry_table.c.channel).where(
    entry_table.c.ticket_id == _OF_TICKET,
    entry_table.c.kind == EntryKind.COMMENT,
    entry_table.c.deleted_at.is_(None),
)
_SELECT_NOTIFIED = (
    select(
        notification_table.c.entry_id,
        notification_table.c.person_id,
        person_table.c.full_name,
        notification_table.c.read_at,
        notification_table.c.email_state,
    )
    .select_from(
        notification_table.join(
            person_table, person_table.c.id == notification_table.c.person_id
        ).join(entry_table, entry_table.c.id == notification_table.c.entry_id)
    )
    .where(
        notification_table.c.ticket_id == _OF_TICKET,
        entry_table.c.kind == EntryKind.COMMENT,
    )
    .order_by(notification_table.c.id.desc())
    .limit(MAX_ROWS)
)
_SELECT_EMAILS = (
    select(*(outgoing_email_table.c[name] for name in SentEmailRow.__annotations__))
    .where(
        outgoing_email_table.c.ticket_id == _OF_TICKET,
        outgoing_email_table.c.entry_id.is_not(None),
        or_(outgoing_email_table.c.person_id.is_not(None), outgoing_email_table.c.kind == FORWARD),
    )
    .order_by(outgoing_email_table.c.id.desc())
    .limit(MAX_ROWS)
)
_SELECT_FAILED = (
    select(*(outgoing_email_table.c[name] for name in FailedEmailRow.__annotations__))
    .where(
        outgoing_email_table.c.ticket_id == _OF_TICKET,
        outgoing_email_table.c.state == DeliveryState.FAILED,
    )
    .order_by(outgoing_email_table.c.id.desc())
    .limit(MAX_FAILED)
)
_RETRY = (
    update(outgoing_email_table)
    .where(
        outgoing_email_table.c.uuid == bindparam("wanted"),
        outgoing_email_table.c.state == DeliveryState.FAILED,
    )
    .values(state=DeliveryState.WAITING, next_try_at=bindparam("now"))
)
_REACHED_BY_STATE = {
    DeliveryState.WAITING: Reached.WAITING,
    DeliveryState.SENT: Reached.DELIVERED,
    DeliveryState.FAILED: Reached.FAILED,
    DeliveryState.DROPPED: Reached.NOT_EMAILED,
}


def list_message_deliveries(uow: UnitOfWork, ticket_id: int) -> dict[int, MessageDelivery]:
    """Return, by the id of each comment on a ticket, its channel and whom it has reached.

    Staff only: raises `Forbidden`. The caller has checked that the actor may see the ticket.
    """
    uow.actor.require("work_tickets", "see the delivery of messages")
    values = {"on_ticket": ticket_id}
    emails: defaultdict[int, list[SentEmailRow]] = defaultdict(list)
    forwarded: list[SentEmailRow] = []
    rows = uow.all_rows(_SELECT_EMAILS, values, of=SentEmailRow)
    for email in rows:
        if email.person_id is None:
            forwarded.append(email)
        else:
            emails[email.person_id].append(email)
    failed_at: dict[UUID, datetime | None] = {}
    if any(email.state == DeliveryState.FAILED for email in rows):
        failed = uow.all_rows(_SELECT_FAILED, values, of=FailedEmailRow)
        failed_at = {row.uuid: _last_attempt_at(row) for row in failed}
    deliveries = {
        row.id: MessageDelivery(row.channel or "")
        for row in uow.all_rows(_SELECT_COMMENTS, values, of=CommentChannelRow)
    }
    seen: set[tuple[int, int]] = set()
    for row in uow.all_rows(_SELECT_NOTIFIED, values, of=NotifiedPersonRow):
        key = row.entry_id, row.person_id
        if row.entry_id in deliveries and key not in seen:
            seen.add(key)
            described = _describe(row, emails[row.person_id], failed_at)
            deliveries[row.entry_id].recipients.insert(0, described)
    for email in forwarded:
        if email.entry_id in deliveries:
            described = _describe_email(email.recipient, email, failed_at)
            deliveries[email.entry_id].recipients.insert(0, described)
    return deliveries


def retry_email(uow: UnitOfWork, reference: str | int, email: UUID) -> None:
    """Send an email of a ticket that has failed again. For staff.

    Raises `NotFound`, `Forbidden`, and `RuleViolation` if it has not failed (any more), its address
    is undeliverable, or it was written for somebody who is no longer staff.
    """
    uow.actor.require("work_tickets", "send email again")
    ticket = ticket_lookup.read_ticket(uow, reference, "summary")
    statement = _SELECT_FAILED.where(outgoing_email_table.c.uuid == bindparam("wanted"))
    row = uow.first_row(statement, {"on_ticket": ticket.id, "wanted": email}, of=FailedEmailRow)
    if row is None:
        raise RuleViolation("Only an email that has failed can be sent again")
    if failures.is_undeliverable(uow, row.recipient):
        raise RuleViolation(
            f"{row.recipient} is undeliverable. An administrator can clear the address"
        )
    failures.ensure_not_for_former_staff(uow, email)
    uow.connection.execute(_RETRY, {"wanted": email, "now": uow.now})
    uow.after_commit.append(delivery.wake_event.set)


def _last_attempt_at(row: FailedEmailRow) -> datetime | None:
    at = row.attempt_log[-1].get("at") if row.attempt_log else None
    return datetime.fromisoformat(at) if isinstance(at, str) else None


def _describe(
    row: NotifiedPersonRow,
    emails: Sequence[SentEmailRow],
    failed_at: Mapping[UUID, datetime | None],
) -> RecipientDelivery:
    if row.read_at is not None:
        return RecipientDelivery(row.full_name, Reached.READ, row.read_at)
    if row.email_state == EmailState.WAITING:
        return RecipientDelivery(row.full_name, Reached.WAITING)
    # An email tells of everything that its person has not read up to its entry.
    email = min(
        (email for email in emails if email.entry_id >= row.entry_id),
        key=lambda email: email.entry_id,
        default=None,
    )
    if row.email_state != EmailState.SENT or email is None:
        return RecipientDelivery(row.full_name, Reached.NOT_EMAILED)
    return _describe_email(row.full_name, email, failed_at)


def _describe_email(
    name: str, email: SentEmailRow, failed_at: Mapping[UUID, datetime | None]
) -> RecipientDelivery:
    reached = _REACHED_BY_STATE[DeliveryState(email.state)]
    reason = (email.reason or "") if reached in (Reached.FAILED, Reached.WAITING) else ""
    if reached is Reached.FAILED:
        at = failed_at.get(email.uuid) or email.created_at
        return RecipientDelivery(name, reached, at, reason, email.uuid)
    return RecipientDelivery(name, reached, email.sent_at, reason)
