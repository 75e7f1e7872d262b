"""Parked email: what agents do with messages that the help desk did not accept by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from ticket_app.core.conversation.recipients import EMAIL_CHANNEL
from ticket_app.core.email.incoming import blocking, received_files, receiving, senders
from ticket_app.core.email.incoming.deciding import Decision, Outcome
from ticket_app.core.email.incoming.mailboxes import find_mailbox, list_addresses
from ticket_app.core.email.incoming.source import NotAMessage, ParsedEmail, parse
from ticket_app.core.email.incoming.states import IncomingState
from ticket_app.core.notifications import followers
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.platform.email_addresses import is_email_address
from ticket_app.core.platform.errors import Conflict, NotFound, RuleViolation
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import locking
from ticket_app.core.tickets.linked_tickets import final_ticket_id
from ticket_app.tables import Ticket, incoming_email_table, person_table, ticket_table

ALREADY_HANDLED = "This email has been handled already"
NO_SENDER = "This email names no valid sender who could be the requester"
UNREADABLE = "This email cannot be read. Download its source instead"
MAX_PAGE = 200


class IncomingEmailRow:
    """An email that arrived, with the person, the ticket and who decided on it."""

    id: int
    uuid: UUID
    channel: str
    mailbox_id: int | None
    sender: str
    sender_name: str
    recipients: dict[str, list[str]]
    subject: str
    size: int
    state: str
    reason: str | None
    is_automatic: bool
    person_id: int | None
    person_name: str | None
    ticket_id: int | None
    entry_id: int | None
    key_prefix: str | None
    key_number: int | None
    hidden_text: str
    received_at: datetime
    handled_at: datetime | None
    handled_by: str | None


class TicketEmailRow:
    """An email that a ticket consists of, and the timeline entry that shows it."""

    id: int
    entry_id: int | None


class StoredEmailRow:
    """An email with the file that holds its source."""

    id: int
    state: str
    sender: str
    mailbox_id: int | None
    storage_key: str


_HANDLER = person_table.alias("handler")
_COLUMNS = (
    *(
        incoming_email_table.c[name]
        for name in (
            *("id", "uuid", "channel", "mailbox_id", "sender", "sender_name", "recipients"),
            *("subject", "size", "state", "reason", "is_automatic", "person_id", "ticket_id"),
            *("entry_id", "hidden_text", "received_at", "handled_at"),
        )
    ),
    person_table.c.full_name.label("person_name"),
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    _HANDLER.c.full_name.label("handled_by"),
)
_SELECT_EMAILS = select(*_COLUMNS).select_from(
    incoming_email_table.outerjoin(
        person_table, person_table.c.id == incoming_email_table.c.person_id
    )
    .outerjoin(ticket_table, ticket_table.c.id == incoming_email_table.c.ticket_id)
    .outerjoin(_HANDLER, _HANDLER.c.id == incoming_email_table.c.handled_by_id)
)
_SELECT_PARKED = (
    _SELECT_EMAILS.where(
        incoming_email_table.c.state == IncomingState.PARKED,
        incoming_email_table.c.id < bindparam("before_id"),
    )
    .order_by(incoming_email_table.c.id.desc())
    .limit(bindparam("limit"))
)
_SELECT_ONE = _SELECT_EMAILS.where(incoming_email_table.c.id == bindparam("email_id"))
_SELECT_OF_TICKET = (
    select(incoming_email_table.c.id, incoming_email_table.c.entry_id)
    .select_from(
        incoming_email_table.join(
            ticket_table, ticket_table.c.id == incoming_email_table.c.ticket_id
        )
    )
    .where(
        incoming_email_table.c.ticket_id == bindparam("on_ticket"),
        incoming_email_table.c.state == IncomingState.ACCEPTED,
        ticket_table.c.deleted_at.is_(None),
    )
    .order_by(incoming_email_table.c.id.desc())
    .limit(bindparam("limit"))
)
_COUNT_PARKED = (
    select(func.count())
    .select_from(incoming_email_table)
    .where(incoming_email_table.c.state == IncomingState.PARKED)
)
_SELECT_STORED = select(
    incoming_email_table.c.id,
    incoming_email_table.c.state,
    incoming_email_table.c.sender,
    incoming_email_table.c.mailbox_id,
    incoming_email_table.c.storage_key,
).where(incoming_email_table.c.id == bindparam("email_id"))
_UPDATE_HANDLED = (
    update(incoming_email_table)
    .where(incoming_email_table.c.id == bindparam("email_id"))
    .values(handled_at=bindparam("now"), handled_by_id=bindparam("agent_id"))
)


def list_parked(
    uow: UnitOfWork, *, before_id: int | None = None, limit: int = 50
) -> Sequence[IncomingEmailRow]:
    """Return parked emails, newest first, with ids below `before_id`. Raises `Forbidden`."""
    _require(uow)
    values = {"before_id": before_id or MAX_ID, "limit": min(limit, MAX_PAGE)}
    return uow.all_rows(_SELECT_PARKED, values, of=IncomingEmailRow)


def count_parked(uow: UnitOfWork) -> int:
    """Return how many emails are parked. Raises `Forbidden`."""
    _require(uow)
    return uow.connection.execute(_COUNT_PARKED).scalar_one()


def get_email(uow: UnitOfWork, email_id: int) -> IncomingEmailRow:
    """Return an email that arrived, in whatever state. Raises `Forbidden`, `NotFound`."""
    _require(uow)
    row = uow.first_row(_SELECT_ONE, {"email_id": email_id}, of=IncomingEmailRow)
    if row is None:
        raise NotFound("Email")
    return row


def list_of_ticket(
    uow: UnitOfWork, ticket_id: int, *, limit: int = MAX_PAGE
) -> Sequence[TicketEmailRow]:
    """Return the emails that a ticket consists of, newest first, for "Show original".

    `entry_id` is the timeline entry that shows it: a comment, or the one of the new ticket.
    Requesters get none. Raises nothing.
    """
    if not uow.actor.is_staff:
        return []
    values = {"on_ticket": ticket_id, "limit": limit}
    return uow.all_rows(_SELECT_OF_TICKET, values, of=TicketEmailRow)


def get_source(uow: UnitOfWork, email_id: int) -> bytes:
    """Return the source of an email as it arrived. Raises `Forbidden`, `NotFound`."""
    _require(uow)
    return _read_source(_get_stored(uow, email_id))


def read_email(uow: UnitOfWork, email_id: int) -> ParsedEmail:
    """Return what can be read of an email. Raises `Forbidden`, `NotFound`, `RuleViolation`."""
    return _parse(get_source(uow, email_id))


def make_ticket(uow: UnitOfWork, email_id: int) -> Ticket:
    """Open a ticket with a parked email, in the name of its sender.

    Raises `Forbidden`, `NotFound`, `Conflict` (it is not parked any more), `RuleViolation`.
    """
    return _accept(uow, email_id, None)


def add_to_ticket(uow: UnitOfWork, email_id: int, reference: str | int) -> Ticket:
    """Add a parked email to a ticket (any id or number) as a message of its sender.

    The sender follows the ticket from then on. Mail in the name of staff becomes an internal note,
    because nothing has shown that it is theirs. Raises `Forbidden`, `NotFound`, `Conflict`,
    `RuleViolation`.
    """
    _require(uow)
    ticket = locking.lock_ticket(uow, reference)
    assert ticket.id is not None
    return _accept(uow, email_id, final_ticket_id(uow, ticket.id))


def discard(uow: UnitOfWork, email_id: int) -> None:
    """Throw a parked email away; its source is kept. Raises `Forbidden`, `NotFound`, `Conflict`."""
    row = _lock_parked(uow, email_id)
    _mark_handled(uow, row.id, state=IncomingState.DISCARDED)


def block_sender(uow: UnitOfWork, email_id: int, *, whole_domain: bool = False) -> None:
    """Block the sender of a parked email, or their whole domain, and throw the email away.

    Raises `Forbidden`, `NotFound`, `Conflict`, `Invalid`.
    """
    row = _lock_parked(uow, email_id)
    blocking.block(uow, row.sender.rpartition("@")[2] if whole_domain else row.sender)
    _mark_handled(uow, row.id, state=IncomingState.DISCARDED)


def _require(uow: UnitOfWork) -> None:
    uow.actor.require("view_all_tickets", "see the original of an email")
    uow.actor.require("work_tickets", "manage incoming email")


def _get_stored(uow: UnitOfWork, email_id: int) -> StoredEmailRow:
    row = uow.first_row(_SELECT_STORED, {"email_id": email_id}, of=StoredEmailRow)
    if row is None:
        raise NotFound("Email")
    return row


def _lock_parked(uow: UnitOfWork, email_id: int) -> StoredEmailRow:
    _require(uow)
    statement = _SELECT_STORED.with_for_update()
    row = uow.first_row(statement, {"email_id": email_id}, of=StoredEmailRow)
    if row is None:
        raise NotFound("Email")
    if row.state != IncomingState.PARKED:
        raise Conflict(ALREADY_HANDLED)
    return row


def _read_source(row: StoredEmailRow) -> bytes:
    return b"".join(file_storage().stream(row.storage_key))


def _parse(source: bytes) -> ParsedEmail:
    try:
        return parse(source)
    except NotAMessage:
        raise RuleViolation(UNREADABLE) from None


def _accept(uow: UnitOfWork, email_id: int, ticket_id: int | None) -> Ticket:
    row = _lock_parked(uow, email_id)
    email = _parse(_read_source(row))
    if email.sender is None or not is_email_address(email.sender.address):
        raise RuleViolation(NO_SENDER)
    agent, channel = uow.actor, uow.channel
    owner = senders.find_owner(uow, email.sender.address)
    outcome = Outcome.OPEN if ticket_id is None else Outcome.ADD
    decision = Decision(outcome, owner=owner, ticket_id=ticket_id)
    files = received_files.store_files(email.files, now=uow.now)
    mailbox = find_mailbox(list_addresses(uow), email, row.mailbox_id)
    uow.channel = EMAIL_CHANNEL
    try:
        written = receiving.write_into_ticket(
            uow,
            email,
            decision,
            files,
            team_id=mailbox and mailbox.team_id,
            is_vouched_for=True,
        )
        receiving.save_outcome(uow, row.id, decision, written)
        if ticket_id is not None and not uow.actor.is_staff:
            followers.follow(uow, written.ticket_id, uow.actor.id, FollowReason.CC)
        receiving.add_followers_and_report_rejected_files(uow, email, written, files, decision)
    except BaseException:
        files.discard()
        raise
    finally:
        uow.actor, uow.channel = agent, channel
    _mark_handled(uow, row.id)
    return written.ticket


def _mark_handled(uow: UnitOfWork, email_id: int, *, state: IncomingState | None = None) -> None:
    statement = _UPDATE_HANDLED if state is None else _UPDATE_HANDLED.values(state=state)
    values = {"email_id": email_id, "now": uow.now, "agent_id": uow.actor.id}
    uow.connection.execute(statement, values)
