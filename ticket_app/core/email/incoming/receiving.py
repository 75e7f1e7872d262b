"""Receive an email, whichever way it arrives: once, and never lost (MAIL.md, "Incoming email").

The source is stored in the file store before the transaction in which the email takes effect; its
key is unique, so that a repeated delivery finds the first one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update

from ticket_app.core.conversation.recipients import EMAIL_CHANNEL
from ticket_app.core.email.incoming import (
    deciding,
    loops,
    mailboxes,
    received_files,
    rejected_files,
    senders,
    writing,
)
from ticket_app.core.email.incoming.deciding import Decision, Outcome
from ticket_app.core.email.incoming.participants import add_followers
from ticket_app.core.email.incoming.received_files import ReceivedFiles
from ticket_app.core.email.incoming.source import NotAMessage, ParsedEmail, parse
from ticket_app.core.email.incoming.states import IncomingState, MailChannel
from ticket_app.core.email.incoming.writing import Written, storable
from ticket_app.core.email.outgoing import failures
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.database import ConstraintViolation
from ticket_app.core.platform.errors import DomainError, Unavailable
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.storage import build_key, file_storage
from ticket_app.core.platform.ticket_numbers import format_key
from ticket_app.core.platform.unit_of_work import (
    Clock,
    UnitOfWork,
    open_unit_of_work,
    utc_now,
)
from ticket_app.tables import incoming_email_table, ticket_table

NOT_A_MESSAGE = "It is not an email"
PROCESSING_FAILED = "The message could not be processed"
DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an email: `accepted`, `duplicate`, `parked` or `ignored`."""

    status: str
    ticket: str | None = None
    """The number of the ticket that it is part of, such as BUG-15."""
    reason: str | None = None
    is_rejected: bool = False
    """Whether mail from its sender is not accepted, or it is no email."""


class ReceivedEmailRow:
    """An email that has arrived before, with the number of its ticket."""

    key_prefix: str | None
    key_number: int | None
    id: int


_SELECT_BY_KEY = (
    select(incoming_email_table.c.id, ticket_table.c.key_prefix, ticket_table.c.key_number)
    .select_from(
        incoming_email_table.outerjoin(
            ticket_table, ticket_table.c.id == incoming_email_table.c.ticket_id
        )
    )
    .where(incoming_email_table.c.key == bindparam("key"))
)
_UPDATE_EMAIL = update(incoming_email_table).where(
    incoming_email_table.c.id == bindparam("email_id")
)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An email on its way into the database."""

    email: ParsedEmail | None
    source: bytes
    key: str
    channel: MailChannel
    mailbox_id: int | None
    team_id: int | None
    own_addresses: Collection[str]


def receive(
    source: bytes,
    *,
    channel: MailChannel,
    mailbox_id: int | None = None,
    clock: Clock = utc_now,
) -> Receipt:
    """Receive an email. An entry point: when it returns, everything is committed.

    `mailbox_id` is the mailbox that it was read from; otherwise its addresses name it. What cannot
    be parsed is parked with its source. Raises `NotAMessage` over HTTP only, and `Unavailable`,
    after which the same email may be delivered again.
    """
    email = _parse(source, channel)
    with open_unit_of_work(writes=False, clock=clock) as uow:
        boxes = mailboxes.list_addresses(uow)
        mailbox = mailboxes.find_mailbox(boxes, email, mailbox_id)
        arrival = _Arrival(
            email,
            source,
            _key_of(email, source, mailbox and mailbox.id),
            channel,
            mailbox and mailbox.id,
            mailbox and mailbox.team_id,
            frozenset(box.address_folded for box in boxes),
        )
        if (duplicate := _find_duplicate(uow, arrival.key)) is not None:
            return duplicate
        decision = _decide(uow, arrival)
        now = uow.now
    files = ReceivedFiles()
    if email is not None and decision.is_accepted:
        files = received_files.store_files(email.files, now=now)
    storage_key = build_key(now, uuid4())
    is_kept = False
    try:
        file_storage().put(storage_key, BytesIO(source))
        with open_unit_of_work(writes=True, clock=clock) as uow:
            uow.channel = EMAIL_CHANNEL
            receipt = _record(uow, arrival, storage_key, files)
        is_kept = receipt.status != DUPLICATE
    finally:
        if not is_kept:
            _discard(files, storage_key)
    return receipt


def _discard(files: ReceivedFiles, storage_key: str) -> None:
    """Delete what was stored for an email that was not recorded."""
    try:
        files.discard()
        file_storage().delete(storage_key)
    except Unavailable as error:
        log().warning("email_files_left", reason=error.message)


def _parse(source: bytes, channel: MailChannel) -> ParsedEmail | None:
    try:
        return parse(source)
    except NotAMessage:
        if channel is MailChannel.HTTP:
            raise
        return None
    except Exception as error:  # noqa: BLE001 - it is parked with its source, and the log says why
        log().error("email_unreadable", exc_info=error)
        return None


def _key_of(email: ParsedEmail | None, source: bytes, mailbox_id: int | None) -> str:
    """Return what makes an email the same message (MAIL.md, rule 1)."""
    if email is None or not email.message_id:
        return hashlib.sha256(source).hexdigest()
    sender = email.sender.address.casefold() if email.sender else ""
    parts = f"{mailbox_id or ''}\n{sender}\n{email.message_id}"
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def _find_duplicate(uow: UnitOfWork, key: str) -> Receipt | None:
    row = uow.first_row(_SELECT_BY_KEY, {"key": key}, of=ReceivedEmailRow)
    if row is None:
        return None
    ticket = f"{row.key_prefix}-{row.key_number}" if row.key_prefix else None
    return Receipt(DUPLICATE, ticket)


def _decide(uow: UnitOfWork, arrival: _Arrival) -> Decision:
    if arrival.email is None:
        return Decision(Outcome.PARK, deciding.UNREADABLE)
    return deciding.decide(uow, arrival.email, arrival.own_addresses)


def _record(uow: UnitOfWork, arrival: _Arrival, storage_key: str, files: ReceivedFiles) -> Receipt:
    """Write the email and its effects. The unique key comes first: it makes a duplicate wait."""
    try:
        with uow.savepoint():
            email_id = _insert(uow, arrival, storage_key)
    except ConstraintViolation:
        duplicate = _find_duplicate(uow, arrival.key)
        if duplicate is None:
            raise
        return duplicate
    if arrival.email is not None and arrival.email.sender is not None:
        loops.lock_sender(uow, arrival.email.sender.address.casefold())
    # Decided again: the ticket, the sender or the limits may have changed since.
    decision = _decide(uow, arrival)
    email = arrival.email
    if email is None or not decision.is_accepted:
        files.discard()
    elif files_are_missing(email, files):
        files = received_files.store_files(email.files, now=uow.now)
    written: Written | None = None
    if email is not None and decision.is_accepted:
        try:
            with uow.savepoint():
                written = write_into_ticket(uow, email, decision, files, team_id=arrival.team_id)
        except Exception as error:  # noqa: BLE001 - parked, unless trying later may help
            decision = _park_after(error, decision)
            files.discard()
    if email is not None and email.is_delivery_report and decision.outcome is Outcome.IGNORE:
        decision = Decision(Outcome.IGNORE, loops.record_delivery_report(uow, email.report))
    save_outcome(uow, email_id, decision, written)
    if email is not None and written is not None:
        add_followers_and_report_rejected_files(uow, email, written, files, decision)
    return _receipt(decision, written)


def files_are_missing(email: ParsedEmail, files: ReceivedFiles) -> bool:
    """Return whether the files of an email have not been looked at yet."""
    return bool(email.files) and not files.stored and not files.refused


def _park_after(error: Exception, decision: Decision) -> Decision:
    """Park an email that could not be written, unless trying later may help; then raise."""
    unavailable = error if isinstance(error, Unavailable) else to_unavailable_error(error)
    if unavailable is not None:
        raise unavailable from error
    if isinstance(error, DomainError):
        reason = error.message
    else:
        log().error("email_not_processed", exc_info=error)
        reason = PROCESSING_FAILED
    return Decision(Outcome.PARK, reason, decision.owner, decision.ticket_id)


def write_into_ticket(
    uow: UnitOfWork,
    email: ParsedEmail,
    decision: Decision,
    files: ReceivedFiles,
    *,
    team_id: int | None = None,
    is_vouched_for: bool = False,
) -> Written:
    """Write an accepted email into its ticket, in the sender's name.

    `is_vouched_for` is whether an agent has accepted it. Raises `DomainError`.
    """
    actor = _get_actor(uow, email, decision)
    uow.actor = actor
    if decision.answers_forward and decision.ticket_id is not None:
        written = writing.add_answer_to_forward(uow, email, decision.ticket_id, files)
    elif decision.ticket_id is None:
        written = writing.open_ticket(uow, email, files, team_id=team_id)
    else:
        # An agent's automatic reply is no answer to the customer, nor is what others vouch for.
        is_internal = actor.is_staff and (email.is_automatic or is_vouched_for)
        written = writing.add_comment(
            uow,
            email,
            decision.ticket_id,
            files,
            is_internal=is_internal,
            is_automatic=email.is_automatic,
        )
    if not email.is_automatic:
        failures.clear_undeliverable(uow, actor.email)
    return written


def _get_actor(uow: UnitOfWork, email: ParsedEmail, decision: Decision) -> Actor:
    if decision.owner is not None:
        return decision.owner.actor
    assert email.sender is not None
    return senders.get_or_create_sender(uow, email.sender)


def add_followers_and_report_rejected_files(
    uow: UnitOfWork,
    email: ParsedEmail,
    written: Written,
    files: ReceivedFiles,
    decision: Decision,
) -> None:
    """Do what follows from a written email: followers, and word of the files that were refused.

    An answer to a forwarded message is between its sender and staff: it brings no followers.
    """
    is_public = not email.is_automatic and not decision.answers_forward
    if is_public:
        boxes = mailboxes.list_addresses(uow)
        add_followers(uow, written.ticket, email, [box.address_folded for box in boxes])
    if files.refused:
        rejected_files.notify(uow, written, files.refused, with_reply=is_public)


def _insert(uow: UnitOfWork, arrival: _Arrival, storage_key: str) -> int:
    email = arrival.email
    values: dict[str, object] = {
        "uuid": uuid4(),
        "key": arrival.key,
        "mailbox_id": arrival.mailbox_id,
        "channel": arrival.channel,
        "storage_key": storage_key,
        "size": len(arrival.source),
        "state": IncomingState.IGNORED,  # until it is decided, so that no limit counts it
        "sender": "",
        "sender_name": "",
        "subject": "",
        "recipients": {"to": [], "cc": []},
        "is_automatic": False,
        "hidden_text": "",
        "received_at": uow.now,
    }
    if email is not None:
        values |= _describe(email)
    result = uow.connection.execute(insert(incoming_email_table), values)
    primary_key = result.inserted_primary_key
    assert primary_key is not None
    return int(primary_key[0])


def _describe(email: ParsedEmail) -> dict[str, object]:
    sender = email.sender
    return {
        "message_id": email.message_id and storable(email.message_id)[:500],
        "sender": storable(sender.address.casefold())[:254] if sender else "",
        "sender_name": storable(sender.name)[:200] if sender else "",
        "recipients": {
            "to": [storable(to.address) for to in email.to[:100]],
            "cc": [storable(cc.address) for cc in email.cc[:100]],
        },
        "subject": storable(email.subject)[:500],
        "is_automatic": email.is_automatic,
        "hidden_text": storable(email.hidden_text),
    }


def save_outcome(
    uow: UnitOfWork, email_id: int, decision: Decision, written: Written | None
) -> None:
    """Record what became of an email; the actor is its sender if it was written."""
    person_id = decision.owner.actor.id if decision.owner else None
    if written is not None:
        person_id = uow.actor.id
    uow.connection.execute(
        _UPDATE_EMAIL.values(
            state=STATES[decision.outcome],
            reason=None if written else decision.reason and decision.reason[:500],
            person_id=person_id,
            ticket_id=written.ticket_id if written else decision.ticket_id,
            entry_id=written.entry_id if written else None,
        ),
        {"email_id": email_id},
    )


STATES = {
    Outcome.OPEN: IncomingState.ACCEPTED,
    Outcome.ADD: IncomingState.ACCEPTED,
    Outcome.PARK: IncomingState.PARKED,
    Outcome.IGNORE: IncomingState.IGNORED,
    Outcome.REJECT: IncomingState.IGNORED,
}


def _receipt(decision: Decision, written: Written | None) -> Receipt:
    if written is not None:
        return Receipt(IncomingState.ACCEPTED, format_key(written.ticket))
    return Receipt(
        STATES[decision.outcome],
        reason=decision.reason,
        is_rejected=decision.outcome is Outcome.REJECT,
    )
