"""How each message of a ticket came in, and whether its recipients were reached, for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select

from ticket_app.core.email.outgoing.states import DeliveryState
from ticket_app.core.notifications.kinds import EmailState
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.tables import (
    entry_table,
    notification_table,
    outgoing_email_table,
    person_table,
)

MAX_ROWS = 2000
"""How many of the newest notifications and emails of a ticket are read."""


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
    """An email to a person about entries up to one."""

    entry_id: int
    person_id: int
    state: str
    reason: str | None
    created_at: datetime
    sent_at: datetime | None


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
    select(
        *(
            outgoing_email_table.c[name]
            for name in ("entry_id", "person_id", "state", "reason", "created_at", "sent_at")
        )
    )
    .where(
        outgoing_email_table.c.ticket_id == _OF_TICKET,
        outgoing_email_table.c.entry_id.is_not(None),
        outgoing_email_table.c.person_id.is_not(None),
    )
    .order_by(outgoing_email_table.c.id.desc())
    .limit(MAX_ROWS)
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
    for email in uow.all_rows(_SELECT_EMAILS, values, of=SentEmailRow):
        emails[email.person_id].append(email)
    deliveries = {
        row.id: MessageDelivery(row.channel or "")
        for row in uow.all_rows(_SELECT_COMMENTS, values, of=CommentChannelRow)
    }
    seen: set[tuple[int, int]] = set()
    for row in uow.all_rows(_SELECT_NOTIFIED, values, of=NotifiedPersonRow):
        key = row.entry_id, row.person_id
        if row.entry_id in deliveries and key not in seen:
            seen.add(key)
            delivery = _describe(row, emails[row.person_id])
            deliveries[row.entry_id].recipients.insert(0, delivery)
    return deliveries


def _describe(row: NotifiedPersonRow, emails: Sequence[SentEmailRow]) -> RecipientDelivery:
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
    reached = _REACHED_BY_STATE[DeliveryState(email.state)]
    reason = (email.reason or "") if reached in (Reached.FAILED, Reached.WAITING) else ""
    return RecipientDelivery(row.full_name, reached, email.sent_at, reason)
