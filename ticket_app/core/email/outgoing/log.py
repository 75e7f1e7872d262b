"""The log of outgoing email, for administrators: list, content, retry, resend, drop."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, select, update

from ticket_app.core.email import links, message_ids, signatures
from ticket_app.core.email.outgoing import delivery, failures
from ticket_app.core.platform import audit_log
from ticket_app.core.platform.batch_deletes import delete_batch
from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.core.platform.errors import NotFound, RuleViolation
from ticket_app.core.platform.sql_types import AnySelect
from ticket_app.core.platform.ticket_numbers import parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.tables import outgoing_email_table, person_table, ticket_table

RETENTION = timedelta(days=90)
MAX_COUNTED = 10_000
"""Emails in a state are counted up to this number."""
_MESSAGE_ID_LINE = re.compile(r"^Message-ID:[^\r\n]*\r\n", re.IGNORECASE | re.MULTILINE)
_DATE_LINE = re.compile(r"^Date:[^\r\n]*\r\n", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EmailFilters:
    """What the log shows. `address` may be the beginning of one; `ticket` is any reference."""

    state: str = ""
    kind: str = ""
    address: str = ""
    ticket: str = ""
    since: datetime | None = None
    until: datetime | None = None


class LoggedEmailRow:
    """An outgoing email with its recipient and ticket, without its content."""

    id: int
    uuid: UUID
    kind: str
    recipient: str
    person_name: str | None
    ticket_id: int | None
    key_prefix: str | None
    key_number: int | None
    subject: str
    state: str
    reason: str | None
    attempts: int
    next_try_at: datetime | None
    created_at: datetime
    sent_at: datetime | None


class LoggedEmailDetails(LoggedEmailRow):
    """An outgoing email with its content and attempts."""

    message_id: str
    source: str
    attempt_log: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class EmailContent:
    """An email taken apart: its headers in order, and both bodies."""

    headers: Sequence[tuple[str, str]]
    text: str
    html: str


_LISTED_COLUMNS = (
    *(
        outgoing_email_table.c[name]
        for name in (
            "id",
            "uuid",
            "kind",
            "recipient",
            "ticket_id",
            "subject",
            "state",
            "reason",
            "attempts",
            "next_try_at",
            "created_at",
            "sent_at",
        )
    ),
    person_table.c.full_name.label("person_name"),
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
)
_WITH_PERSON_AND_TICKET = outgoing_email_table.outerjoin(
    person_table, person_table.c.id == outgoing_email_table.c.person_id
).outerjoin(ticket_table, ticket_table.c.id == outgoing_email_table.c.ticket_id)
_SELECT_LIST = (
    select(*_LISTED_COLUMNS)
    .select_from(_WITH_PERSON_AND_TICKET)
    .order_by(outgoing_email_table.c.id.desc())
)
_SELECT_DETAILS = (
    select(
        *_LISTED_COLUMNS,
        outgoing_email_table.c.message_id,
        outgoing_email_table.c.source,
        outgoing_email_table.c.attempt_log,
    )
    .select_from(_WITH_PERSON_AND_TICKET)
    .where(outgoing_email_table.c.uuid == bindparam("wanted"))
)
_COUNT_STATE = select(func.count()).select_from(
    select(outgoing_email_table.c.id)
    .where(outgoing_email_table.c.state == bindparam("wanted_state"))
    .limit(MAX_COUNTED)
    .subquery()
)
_SEND_NOW = (
    update(outgoing_email_table)
    .where(
        outgoing_email_table.c.uuid == bindparam("wanted"),
        outgoing_email_table.c.state.in_((DeliveryState.WAITING, DeliveryState.FAILED)),
        outgoing_email_table.c.claimed_by.is_(None),
    )
    .values(state=DeliveryState.WAITING, next_try_at=bindparam("now"))
)
_DROP = (
    update(outgoing_email_table)
    .where(
        outgoing_email_table.c.uuid == bindparam("wanted"),
        outgoing_email_table.c.state == DeliveryState.WAITING,
        outgoing_email_table.c.claimed_by.is_(None),
    )
    .values(state=DeliveryState.DROPPED, reason="Dropped by an administrator", next_try_at=None)
)


def list_emails(
    uow: UnitOfWork, filters: EmailFilters, *, limit: int = 50, before_id: int | None = None
) -> Sequence[LoggedEmailRow]:
    """Return outgoing emails, newest first; `before_id` continues the list. Raises `Forbidden`."""
    _ensure_administrator(uow)
    statement = _apply_filters(_SELECT_LIST, filters).limit(max(1, min(limit, 200)))
    if before_id is not None:
        statement = statement.where(outgoing_email_table.c.id < before_id)
    return uow.all_rows(statement, of=LoggedEmailRow)


def _apply_filters(statement: AnySelect, filters: EmailFilters) -> AnySelect:
    if filters.state:
        statement = statement.where(outgoing_email_table.c.state == filters.state)
    if filters.kind:
        statement = statement.where(outgoing_email_table.c.kind == filters.kind)
    if filters.address:
        address = filters.address.strip().casefold()
        statement = statement.where(
            outgoing_email_table.c.recipient.startswith(address, autoescape=True)
        )
    if filters.ticket:
        reference = parse_reference(filters.ticket)
        condition = reference.condition() if reference else ticket_table.c.id.is_(None)
        statement = statement.where(condition)
    if filters.since is not None:
        statement = statement.where(outgoing_email_table.c.created_at >= filters.since)
    if filters.until is not None:
        statement = statement.where(outgoing_email_table.c.created_at < filters.until)
    return statement


def count_by_state(uow: UnitOfWork) -> Mapping[DeliveryState, int]:
    """Return how many emails are in each state, at most `MAX_COUNTED`. Raises `Forbidden`."""
    _ensure_administrator(uow)
    return {
        state: uow.connection.execute(_COUNT_STATE, {"wanted_state": state}).scalar_one()
        for state in DeliveryState
    }


def get_email(uow: UnitOfWork, email_uuid: UUID) -> LoggedEmailDetails:
    """Return an outgoing email with its source. Raises `Forbidden`, `NotFound`."""
    _ensure_administrator(uow)
    row = uow.first_row(_SELECT_DETAILS, {"wanted": email_uuid}, of=LoggedEmailDetails)
    if row is None:
        raise NotFound("Email")
    return row


def read_content(source: str) -> EmailContent:
    """Take an email apart. Links that sign a person in or set a password are hidden."""
    message = message_from_bytes(source.encode(), policy=default)
    assert isinstance(message, EmailMessage)
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    return EmailContent(
        headers=[(name, str(value)) for name, value in message.items()],
        text=links.hide_account_links(text.get_content() if text else ""),
        html=links.hide_account_links(html.get_content() if html else ""),
    )


def retry(uow: UnitOfWork, email_uuid: UUID) -> None:
    """Send an email that waits or has failed now. Raises `Forbidden`, `NotFound`, `RuleViolation`.

    It keeps its Message-ID.
    """
    email = get_email(uow, email_uuid)
    _ensure_deliverable(uow, email)
    values = {"wanted": email_uuid, "now": uow.now}
    if not uow.connection.execute(_SEND_NOW, values).rowcount:
        raise RuleViolation("Only an email that waits or has failed can be tried again")
    _record(uow, email, AuditAction.RETRIED)
    uow.after_commit.append(delivery.wake_event.set)


def resend(uow: UnitOfWork, email_uuid: UUID) -> UUID:
    """Send a copy of an email; return the copy's id.

    It has a Message-ID of its own, as mail programs hide a message that they already have. Raises
    `Forbidden`, `NotFound`, and `RuleViolation` if the address is undeliverable, the email still
    waits, or it was written for somebody who is no longer staff.
    """
    email = get_email(uow, email_uuid)
    _ensure_deliverable(uow, email)
    if email.state == DeliveryState.WAITING:
        raise RuleViolation("This email is still waiting to be sent")
    message_id = _new_message_id(email.message_id)
    source = _MESSAGE_ID_LINE.sub(f"Message-ID: {message_id}\r\n", email.source, count=1)
    source = _DATE_LINE.sub(f"Date: {format_datetime(uow.now)}\r\n", source, count=1)
    copied = select(
        *(
            outgoing_email_table.c[name]
            for name in ("kind", "person_id", "recipient", "ticket_id", "entry_id", "subject")
        )
    ).where(outgoing_email_table.c.uuid == email_uuid)
    copy_uuid = uuid4()
    row: dict[str, object] = {
        **uow.connection.execute(copied).mappings().one(),
        "uuid": copy_uuid,
        "message_id": message_id,
        "source": source,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "attempt_log": [],
        "next_try_at": uow.now,
        "created_at": uow.now,
    }
    uow.connection.execute(insert(outgoing_email_table), row)
    _record(uow, email, AuditAction.RETRIED)
    uow.after_commit.append(delivery.wake_event.set)
    return copy_uuid


def _new_message_id(message_id: str) -> str:
    """Return another Message-ID, of the same ticket if it is a ticket's."""
    named = message_ids.read_message_id(message_id)
    if isinstance(named, signatures.Unrecognised):
        return message_ids.new_message_id()
    return message_ids.format_message_id(named[0], uuid4())


def drop(uow: UnitOfWork, email_uuid: UUID) -> None:
    """Do not send an email that waits. Raises `Forbidden`, `NotFound`, `RuleViolation`."""
    email = get_email(uow, email_uuid)
    if not uow.connection.execute(_DROP, {"wanted": email_uuid}).rowcount:
        raise RuleViolation("Only an email that waits can be dropped")
    _record(uow, email, AuditAction.DELETED)


def delete_expired_batch(uow: UnitOfWork) -> int:
    """Delete a batch of emails older than `RETENTION`; return how many."""
    is_expired = outgoing_email_table.c.created_at <= uow.now - RETENTION
    return delete_batch(uow, outgoing_email_table, is_expired)


def _ensure_administrator(uow: UnitOfWork) -> None:
    uow.actor.require("set_up", "see outgoing email")


def _ensure_deliverable(uow: UnitOfWork, email: LoggedEmailRow) -> None:
    if failures.is_undeliverable(uow, email.recipient):
        raise RuleViolation(f"{email.recipient} is undeliverable. Clear the address first")
    failures.ensure_not_for_former_staff(uow, email.uuid)


def _record(uow: UnitOfWork, email: LoggedEmailRow, action: AuditAction) -> None:
    audit_log.record(
        uow,
        AuditKind.SETTING,
        action,
        subject_type="outgoing_email",
        subject_name=f"{email.subject} ({email.recipient})",
        subject_id=email.id,
    )
