"""Keep mail from going in circles: delivery reports, and limits for each sender (MAIL.md, rule 6).

What ends every loop is that a message which is parked causes no email: once a limit is reached,
nothing is sent that another machine could answer.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, func, select, update

from ticket_app.core.email.incoming.reports import DeliveryReport
from ticket_app.core.email.incoming.states import IncomingState
from ticket_app.core.email.outgoing import failures
from ticket_app.core.email.outgoing.transport import FailureScope, SendingFailed
from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.tables import entry_table, incoming_email_table, outgoing_email_table

MAX_MESSAGES, MESSAGES_WINDOW = 10, timedelta(minutes=10)
MAX_ACKNOWLEDGEMENTS, ACKNOWLEDGEMENTS_WINDOW = 5, timedelta(hours=1)
TICKET_LIMITS = ((30, timedelta(hours=1)), (60, timedelta(days=1)))
"""How many emails one ticket takes from all senders together, and in which time."""
MAX_REPETITIONS = 3
"""How often in a row a person may send the same words to a ticket."""
SENDER_LOCK_ID = 7_201_113
"""The class of PostgreSQL advisory locks of which each sender has one."""

TOO_MANY_MESSAGES = f"More than {MAX_MESSAGES} messages from this sender within 10 minutes"
TOO_MANY_ACKNOWLEDGEMENTS = (
    f"This address was sent {MAX_ACKNOWLEDGEMENTS} acknowledgements within an hour"
)
TOO_MANY_ON_TICKET = "So many emails to one ticket within a short time that they may be a loop"
REPEATED_TEXT = "The same text again and again, as an automatic reply sends it"

_IS_OF_SENDER = incoming_email_table.c.sender == bindparam("sender")
_IS_RECENT = incoming_email_table.c.received_at > bindparam("since")
_COUNT_MESSAGES = (
    select(func.count())
    .select_from(incoming_email_table)
    .where(_IS_OF_SENDER, _IS_RECENT, incoming_email_table.c.state != IncomingState.IGNORED)
)
_COUNT_ACKNOWLEDGED = (
    select(func.count())
    .select_from(
        incoming_email_table.join(entry_table, entry_table.c.id == incoming_email_table.c.entry_id)
    )
    .where(
        _IS_OF_SENDER,
        _IS_RECENT,
        incoming_email_table.c.state == IncomingState.ACCEPTED,
        incoming_email_table.c.is_automatic.is_(False),
        entry_table.c.kind == EntryKind.CREATED,
    )
)
_COUNT_ON_TICKET = (
    select(func.count())
    .select_from(incoming_email_table)
    .where(
        incoming_email_table.c.ticket_id == bindparam("ticket_id"),
        _IS_RECENT,
        incoming_email_table.c.state == IncomingState.ACCEPTED,
    )
)
_SELECT_LAST_TEXTS = (
    select(entry_table.c.body)
    .where(
        entry_table.c.ticket_id == bindparam("ticket_id"),
        entry_table.c.actor_id == bindparam("person_id"),
        entry_table.c.kind == EntryKind.COMMENT,
    )
    .order_by(entry_table.c.id.desc())
    .limit(MAX_REPETITIONS)
)


def lock_sender(uow: UnitOfWork, sender: str) -> None:
    """Count the messages of one sender one after another, also those that arrive at once."""
    if not uow.is_sqlite:
        lock = func.pg_advisory_xact_lock(SENDER_LOCK_ID, func.hashtext(sender))
        uow.connection.execute(select(lock))


def find_exceeded_sender_limit(uow: UnitOfWork, sender: str) -> str | None:
    """Return why a sender has written too often, or None. The message itself is not counted."""
    values = {"sender": sender, "since": uow.now - MESSAGES_WINDOW}
    count = uow.connection.execute(_COUNT_MESSAGES, values).scalar_one()
    return TOO_MANY_MESSAGES if count >= MAX_MESSAGES else None


def find_exceeded_acknowledgement_limit(uow: UnitOfWork, sender: str) -> str | None:
    """Return why a new ticket of a sender would be one acknowledgement too many, or None.

    Tickets are counted, as their acknowledgements are sent after a while.
    """
    values = {"sender": sender, "since": uow.now - ACKNOWLEDGEMENTS_WINDOW}
    count = uow.connection.execute(_COUNT_ACKNOWLEDGED, values).scalar_one()
    return TOO_MANY_ACKNOWLEDGEMENTS if count >= MAX_ACKNOWLEDGEMENTS else None


def find_loop_reason(uow: UnitOfWork, ticket_id: int, person_id: int, text: str) -> str | None:
    """Return why a message to a ticket looks like one of a loop, or None."""
    for maximum, window in TICKET_LIMITS:
        values = {"ticket_id": ticket_id, "since": uow.now - window}
        if uow.connection.execute(_COUNT_ON_TICKET, values).scalar_one() >= maximum:
            return TOO_MANY_ON_TICKET
    values = {"ticket_id": ticket_id, "person_id": person_id}
    last_texts = uow.connection.execute(_SELECT_LAST_TEXTS, values).scalars().all()
    is_repeated = len(last_texts) == MAX_REPETITIONS and all(last == text for last in last_texts)
    return REPEATED_TEXT if is_repeated else None


class ReportedEmailRow:
    """An email of ours that a delivery report is about."""

    id: int
    recipient: str
    ticket_id: int | None


_SELECT_REPORTED = (
    select(
        outgoing_email_table.c.id,
        outgoing_email_table.c.recipient,
        outgoing_email_table.c.ticket_id,
    )
    .where(
        outgoing_email_table.c.message_id == bindparam("message_id"),
        outgoing_email_table.c.state == DeliveryState.SENT,
    )
    .order_by(outgoing_email_table.c.id)
    .limit(100)
)
_MARK_FAILED = (
    update(outgoing_email_table)
    .where(outgoing_email_table.c.id == bindparam("email_id"))
    .values(state=DeliveryState.FAILED, reason=bindparam("reason"))
)


def record_delivery_report(uow: UnitOfWork, report: DeliveryReport | None) -> str:
    """Record what a delivery report says of an email of ours; return that for the log.

    Only a report about an email that was sent to the address that it names counts. A permanent
    failure marks the address as undeliverable, unless a policy is the reason (5.7.x).
    """
    if report is None or report.original_message_id is None:
        return "Delivery report about no message"
    values = {"message_id": report.original_message_id}
    rows = uow.all_rows(_SELECT_REPORTED, values, of=ReportedEmailRow)
    recipient = (report.recipient or "").casefold()
    matching = [row for row in rows if row.recipient == recipient]
    if not matching and not recipient and len(rows) == 1:
        matching = list(rows)
    if not matching:
        return "Delivery report about no message of the help desk"
    (row, *_) = matching
    if not report.is_permanent:
        return f"Delivery report about the email to {row.recipient}"
    reason = f"Its mail server returned it ({report.status or 'no status'})"
    is_policy = (report.status or "").startswith("5.7.")
    scope = FailureScope.INSTALLATION if is_policy else FailureScope.RECIPIENT
    uow.connection.execute(_MARK_FAILED, {"email_id": row.id, "reason": reason})
    failures.report(uow, row, SendingFailed(scope, reason))
    return f"The email to {row.recipient} could not be delivered"
