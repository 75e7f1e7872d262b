"""Send the emails that wait, and record what became of each attempt (MAIL.md)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update

from ticket_app.core.email.outgoing import failures
from ticket_app.core.email.outgoing.transport import (
    Envelope,
    FailureScope,
    SendingFailed,
    Transport,
)
from ticket_app.core.email.own_addresses import own_sender
from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import outgoing_email_table, person_table, ticket_table

LEASE = timedelta(minutes=5)
"""How long a process may take for one message before another one tries it."""
GIVE_UP_AFTER = timedelta(days=2)
CONNECTION_RETRY = timedelta(seconds=60)
"""After a server that could not be reached; mail flows soon after it returns."""
RETRY_DELAYS = (60, 120, 300, 900, 1800, 3600)
"""Seconds until the next attempt after a temporary answer; the last one repeats."""
MAX_LOGGED_ATTEMPTS = 20
POINTLESS_REASON = "The ticket was deleted, or the account deactivated"


wake_event = threading.Event()
"""Set after a commit in this process that leaves email to send."""


class DueEmailRow:
    """An email that is due."""

    id: int
    uuid: UUID
    person_id: int | None
    ticket_id: int | None
    entry_id: int | None
    recipient: str
    subject: str
    source: str
    attempts: int
    attempt_log: list[dict[str, object]]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of handing an email over: None for `failure` if it was accepted."""

    email: DueEmailRow
    failure: SendingFailed | None = None


_IS_DUE = (
    outgoing_email_table.c.state == DeliveryState.WAITING,
    outgoing_email_table.c.next_try_at <= bindparam("now"),
)
_SELECT_ANY_DUE = select(outgoing_email_table.c.id).where(*_IS_DUE).limit(1)
_SELECT_DUE = (
    select(*(outgoing_email_table.c[name] for name in DueEmailRow.__annotations__))
    .where(*_IS_DUE)
    .order_by(outgoing_email_table.c.next_try_at, outgoing_email_table.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_IS_POINTLESS = or_(
    select(ticket_table.c.id)
    .where(
        ticket_table.c.id == outgoing_email_table.c.ticket_id,
        ticket_table.c.deleted_at.is_not(None),
    )
    .exists(),
    select(person_table.c.id)
    .where(person_table.c.id == outgoing_email_table.c.person_id, ~person_table.c.is_active)
    .exists(),
)
"""Email about a ticket that was deleted since, or to somebody who was deactivated."""
_DROP_POINTLESS = (
    update(outgoing_email_table)
    .where(*_IS_DUE, _IS_POINTLESS)
    .values(state=DeliveryState.DROPPED, next_try_at=None, reason=POINTLESS_REASON)
)
_UPDATE_CLAIM = update(outgoing_email_table).where(
    outgoing_email_table.c.id.in_(bindparam("ids", expanding=True))
)
_UPDATE_EMAIL = update(outgoing_email_table).where(
    outgoing_email_table.c.id == bindparam("email_id")
)


def has_due(uow: UnitOfWork) -> bool:
    """Return whether an email is due."""
    return uow.connection.execute(_SELECT_ANY_DUE, {"now": uow.now}).first() is not None


def drop_pointless_and_claim_due(
    uow: UnitOfWork, limit: int, *, process_uuid: UUID | None = None
) -> Sequence[DueEmailRow]:
    """Claim at most `limit` due emails, so that no other process sends them for `LEASE`.

    Email about a deleted ticket, or to a person who was deactivated meanwhile, is dropped.
    """
    uow.connection.execute(_DROP_POINTLESS, {"now": uow.now})
    rows = uow.all_rows(_SELECT_DUE, {"now": uow.now, "limit": limit}, of=DueEmailRow)
    if rows:
        statement = _UPDATE_CLAIM.values(next_try_at=uow.now + LEASE, claimed_by=process_uuid)
        uow.connection.execute(statement, {"ids": [row.id for row in rows]})
    return rows


def send(email: DueEmailRow, transport: Transport) -> Attempt:
    """Hand one email over; no transaction is open meanwhile."""
    envelope = Envelope(
        uuid=str(email.uuid),
        sender=own_sender().address,
        recipient=email.recipient,
        source=email.source.encode(),
    )
    try:
        transport.send(envelope)
    except SendingFailed as failure:
        return Attempt(email, failure)
    return Attempt(email)


def record(uow: UnitOfWork, attempt: Attempt) -> None:
    """Record an attempt: sent, tried again later, or failed for good.

    An address that its server refuses is marked as undeliverable, and the ticket says so.
    """
    email, failure = attempt.email, attempt.failure
    attempts = email.attempts + 1
    entry: dict[str, object] = {
        "at": uow.now.isoformat(),
        "result": failure.reason if failure else "accepted",
    }
    values: dict[str, object] = {
        "attempts": attempts,
        "attempt_log": [*email.attempt_log, entry][-MAX_LOGGED_ATTEMPTS:],
        "claimed_by": None,
        "reason": failure.reason if failure else None,
    }
    if failure is None:
        values |= {"state": DeliveryState.SENT, "sent_at": uow.now, "next_try_at": None}
    else:
        next_try_at = _next_try_at(uow.now, email.created_at, attempts, failure)
        values |= {
            "next_try_at": next_try_at,
            "state": DeliveryState.FAILED if next_try_at is None else DeliveryState.WAITING,
        }
    statement = _UPDATE_EMAIL
    if failure is not None:  # what was dropped during the attempt is not tried again
        statement = statement.where(outgoing_email_table.c.state == DeliveryState.WAITING)
    uow.connection.execute(statement.values(values), {"email_id": email.id})
    if failure is not None and values["next_try_at"] is None:
        failures.report(uow, email, failure)


def _next_try_at(
    now: datetime, created_at: datetime, attempts: int, failure: SendingFailed
) -> datetime | None:
    """Return when a failed email is tried again, or None."""
    if now - created_at >= GIVE_UP_AFTER:
        return None
    if failure.is_connection:
        return now + CONNECTION_RETRY
    if failure.scope is not FailureScope.LATER:
        return None
    return now + timedelta(seconds=RETRY_DELAYS[min(attempts, len(RETRY_DELAYS)) - 1])
