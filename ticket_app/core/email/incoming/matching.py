"""Find the ticket that an email belongs to (MAIL.md, rule 2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import bindparam, or_, select

from ticket_app.core.email import message_ids, own_addresses
from ticket_app.core.email.incoming.source import ParsedEmail
from ticket_app.core.email.outgoing.texts import FORWARD
from ticket_app.core.email.signatures import Unrecognised
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.ticket_numbers import TicketReference, parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind
from ticket_app.core.tickets.linked_tickets import final_ticket_id
from ticket_app.tables import (
    entry_table,
    follower_table,
    outgoing_email_table,
    ticket_table,
)

MAX_ANSWERED_IDS = 100
_SUBJECT_KEY = re.compile(r"\[([A-Za-z]{2,4}-\d{1,9})\]")


class Evidence(Enum):
    """What names the ticket of an email."""

    NONE = auto()
    ADDRESS = auto()
    """The signed address that it was sent to."""
    MESSAGE_ID = auto()
    """A signed Message-ID of ours that it answers."""
    SUBJECT = auto()
    """The number in the subject, which anybody can write."""
    FORWARD = auto()
    """The signed address or the Message-ID of a message that staff forwarded to somebody."""
    WRONG_SIGNATURE = auto()
    """An address or a Message-ID with a signature that is not ours."""


@dataclass(frozen=True, slots=True)
class Match:
    """The ticket that an email names, and how; without a ticket it is to become a new one."""

    evidence: Evidence
    ticket_id: int | None = None
    forwarded_to: str = ""
    """The address that the message was forwarded to, case-folded."""

    @property
    def is_signed(self) -> bool:
        """Whether the sender was told the address or the Message-ID by the help desk."""
        return self.ticket_id is not None and self.evidence in (
            Evidence.ADDRESS,
            Evidence.MESSAGE_ID,
        )


_SELECT_TICKET = select(ticket_table.c.id).where(ticket_table.c.deleted_at.is_(None))
_SELECT_TAKES_PART = (
    select(ticket_table.c.id)
    .where(
        ticket_table.c.id == bindparam("ticket_id"),
        or_(
            ticket_table.c.requester_id == bindparam("person_id"),
            ticket_table.c.assignee_id == bindparam("person_id"),
            ticket_table.c.id.in_(
                select(follower_table.c.ticket_id).where(
                    follower_table.c.ticket_id == bindparam("ticket_id"),
                    follower_table.c.person_id == bindparam("person_id"),
                )
            ),
            ticket_table.c.id.in_(
                select(entry_table.c.ticket_id).where(
                    entry_table.c.ticket_id == bindparam("ticket_id"),
                    entry_table.c.actor_id == bindparam("person_id"),
                    entry_table.c.kind == EntryKind.COMMENT,
                    entry_table.c.audience == Audience.PUBLIC,
                )
            ),
        ),
    )
    .limit(1)
)
_SELECT_FORWARD = select(outgoing_email_table.c.ticket_id, outgoing_email_table.c.recipient).where(
    outgoing_email_table.c.kind == FORWARD
)
_SELECT_FORWARD_BY_ENTRY = _SELECT_FORWARD.where(
    outgoing_email_table.c.entry_id == bindparam("entry_id")
)
_SELECT_FORWARD_BY_MESSAGE_ID = _SELECT_FORWARD.where(
    outgoing_email_table.c.message_id.in_(bindparam("message_ids", expanding=True))
)


class _ForwardRow:
    ticket_id: int
    recipient: str


def match(uow: UnitOfWork, email: ParsedEmail) -> Match:
    """Return the ticket that an email names: by its address, what it answers, or its subject.

    A wrong signature never leads to a ticket, whatever else the email says. A number in the
    subject still needs a sender who takes part in the ticket (`takes_part`).
    """
    recipients = [to.address for to in (*email.to, *email.cc)]
    addresses = [own_addresses.read_reply_address(address) for address in recipients]
    forwards = [own_addresses.read_forward_address(address) for address in recipients]
    if Unrecognised.WRONG_SIGNATURE in (*addresses, *forwards):
        return Match(Evidence.WRONG_SIGNATURE)
    entry_ids = [entry_id for entry_id in forwards if isinstance(entry_id, int)]
    if (found := _find_forward(uow, entry_ids, _answered_ids(email))) is not None:
        return found
    keys = [key for key in addresses if isinstance(key, str)]
    if (ticket_id := _find_first(uow, map(parse_reference, keys))) is not None:
        return Match(Evidence.ADDRESS, ticket_id)
    answered = [message_ids.read_message_id(word) for word in _answered_ids(email)]
    tickets = [TicketReference(uuid=ids[0]) for ids in answered if isinstance(ids, tuple)]
    if (ticket_id := _find_first(uow, tickets)) is not None:
        return Match(Evidence.MESSAGE_ID, ticket_id)
    if Unrecognised.WRONG_SIGNATURE in answered:
        return Match(Evidence.WRONG_SIGNATURE)
    named = map(parse_reference, _SUBJECT_KEY.findall(email.subject))
    if (ticket_id := _find_first(uow, named)) is not None:
        return Match(Evidence.SUBJECT, ticket_id)
    return Match(Evidence.NONE)


def _answered_ids(email: ParsedEmail) -> list[str]:
    """Return the Message-IDs that an email answers, the nearest first."""
    return list(dict.fromkeys([*email.in_reply_to, *reversed(email.references)]))


def _find_forward(
    uow: UnitOfWork, entry_ids: Sequence[int], message_ids_answered: Sequence[str]
) -> Match | None:
    """Return the ticket of a forwarded message that an email was sent to or answers."""
    row: _ForwardRow | None = None
    for entry_id in entry_ids:
        values = {"entry_id": entry_id}
        row = row or uow.first_row(_SELECT_FORWARD_BY_ENTRY, values, of=_ForwardRow)
    if row is None and not entry_ids:
        answered = [word.strip() for word in message_ids_answered][:MAX_ANSWERED_IDS]
        values = {"message_ids": answered}
        row = uow.first_row(_SELECT_FORWARD_BY_MESSAGE_ID, values, of=_ForwardRow)
    if row is None:
        return None
    ticket_id = _find_first(uow, [TicketReference(id=row.ticket_id)])
    return None if ticket_id is None else Match(Evidence.FORWARD, ticket_id, row.recipient)


def _find_first(uow: UnitOfWork, references: Iterable[TicketReference | None]) -> int | None:
    for reference in references:
        if reference is None:
            continue
        statement = _SELECT_TICKET.where(reference.condition()).limit(1)
        row = uow.connection.execute(statement).first()
        if row is not None:
            return final_ticket_id(uow, row.id)
    return None


def takes_part(uow: UnitOfWork, ticket_id: int, person: Actor) -> bool:
    """Return whether a person takes part in a ticket: its requester, a follower, or its staff.

    Whoever works on tickets takes part in each of them.
    """
    if person.is_staff and person.can("comment_tickets"):
        return True
    values = {"ticket_id": ticket_id, "person_id": person.id}
    return uow.connection.execute(_SELECT_TAKES_PART, values).first() is not None
