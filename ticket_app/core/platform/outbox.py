"""The outbox: messages written in the transaction of a change and processed after it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from ticket_app.core.platform.batch_deletes import delete_batch
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import outbox_message_table, webhook_table

CHANGES_TOPIC = "ticket.changes"
"""Entries added to a ticket's timeline in one transaction (`ticket_id`, `entries`), for webhooks.
"""
NOTIFICATIONS_TOPIC = "ticket.notifications"
"""Those of them that people are notified of."""
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 20
MAX_RETRY_DELAY = timedelta(hours=6)
RETENTION = timedelta(days=7)

WAKE_EVENTS: defaultdict[str, threading.Event] = defaultdict(threading.Event)
"""The event of each topic, set after a commit in this process; workers of other processes poll."""

_INSERT_MESSAGE = insert(outbox_message_table)


def enqueue(
    uow: UnitOfWork, topic: str, *, due_at: datetime | None = None, **payload: object
) -> None:
    """Queue a message that is processed at least once, after this transaction has committed."""
    uow.after_commit.append(WAKE_EVENTS[topic].set)
    uow.connection.execute(
        _INSERT_MESSAGE,
        {
            "topic": topic,
            "payload": payload,
            "created_at": uow.now,
            "due_at": due_at or uow.now,
            "attempts": 0,
        },
    )


def wake_all() -> None:
    """Wake the workers of this process, whatever topic they work on."""
    for wake_event in WAKE_EVENTS.values():
        wake_event.set()


class OutboxMessageRow:
    """A claimed message; `attempts` made before this one."""

    id: int
    topic: str
    payload: dict[str, object]
    attempts: int


class FailedMessageRow(OutboxMessageRow):
    """A message that will not be retried."""

    last_error: str | None
    created_at: datetime


_IS_DUE = (
    outbox_message_table.c.done_at.is_(None),
    outbox_message_table.c.topic.in_(bindparam("topics", expanding=True)),
    outbox_message_table.c.due_at <= bindparam("now"),
    or_(
        outbox_message_table.c.claimed_until.is_(None),
        outbox_message_table.c.claimed_until <= bindparam("now"),
    ),
    outbox_message_table.c.attempts < MAX_ATTEMPTS,
)
_SELECT_ANY_DUE = select(outbox_message_table.c.id).where(*_IS_DUE).limit(1)
_SELECT_DUE = (
    select(
        outbox_message_table.c.id,
        outbox_message_table.c.topic,
        outbox_message_table.c.payload,
        outbox_message_table.c.attempts,
    )
    .where(*_IS_DUE)
    .order_by(outbox_message_table.c.due_at, outbox_message_table.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_UPDATE_CLAIM = (
    update(outbox_message_table)
    .where(outbox_message_table.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        claimed_until=bindparam("lease_ends_at"),
        claimed_by=bindparam("process", type_=outbox_message_table.c.claimed_by.type),
        attempts=outbox_message_table.c.attempts + 1,
    )
)


def has_due_messages(uow: UnitOfWork, topics: Sequence[str]) -> bool:
    """Return whether a message is due; a read, so it does not wait for a lock."""
    return (
        uow.connection.execute(_SELECT_ANY_DUE, {"now": uow.now, "topics": topics}).first()
        is not None
    )


def claim_due(
    uow: UnitOfWork, limit: int, topics: Sequence[str], *, process_uuid: UUID | None = None
) -> list[OutboxMessageRow]:
    """Claim at most `limit` due messages, so that no other process takes them for `LEASE`.

    `process_uuid` is the registered process that works on them (`core.operations.processes`): if
    it dies, they are released before the lease ends. Each message has the number of `attempts`
    made before this one.
    """
    values = {"now": uow.now, "topics": topics, "limit": limit}
    due = uow.all_rows(_SELECT_DUE, values, of=OutboxMessageRow)
    if due:
        ids = [message.id for message in due]
        lease_ends_at = uow.now + LEASE
        uow.connection.execute(
            _UPDATE_CLAIM, {"ids": ids, "lease_ends_at": lease_ends_at, "process": process_uuid}
        )
    return list(due)


_SELECT_WAITING_PAYLOADS = select(outbox_message_table.c.payload).where(
    outbox_message_table.c.done_at.is_(None), outbox_message_table.c.topic == bindparam("topic")
)


def list_waiting_payloads(uow: UnitOfWork, topic: str) -> Sequence[dict[str, object]]:
    """Return the payloads of the unfinished messages of a topic, of which there must be few."""
    return uow.connection.execute(_SELECT_WAITING_PAYLOADS, {"topic": topic}).scalars().all()


def mark_done(uow: UnitOfWork, message_id: int) -> None:
    """Mark a message as processed."""
    statement = (
        update(outbox_message_table)
        .where(outbox_message_table.c.id == message_id)
        .values(done_at=uow.now, claimed_by=None)
    )
    uow.connection.execute(statement)


def reschedule(uow: UnitOfWork, message_id: int, attempts: int, error: str) -> None:
    """Record a failed attempt, and retry after a delay that doubles each time."""
    delay = min(timedelta(seconds=15) * 2**attempts, MAX_RETRY_DELAY)
    uow.connection.execute(
        update(outbox_message_table)
        .where(outbox_message_table.c.id == message_id)
        .values(due_at=uow.now + delay, claimed_until=None, claimed_by=None, last_error=error[:500])
    )


_HAS_FAILED = (
    outbox_message_table.c.done_at.is_(None),
    outbox_message_table.c.attempts >= MAX_ATTEMPTS,
    or_(
        outbox_message_table.c.claimed_until.is_(None),
        outbox_message_table.c.claimed_until <= bindparam("now"),
    ),
)
_SELECT_FAILED = (
    select(
        outbox_message_table.c.id,
        outbox_message_table.c.topic,
        outbox_message_table.c.payload,
        outbox_message_table.c.attempts,
        outbox_message_table.c.last_error,
        outbox_message_table.c.created_at,
    )
    .where(*_HAS_FAILED)
    .order_by(outbox_message_table.c.id)
    .limit(bindparam("limit"))
)
_COUNT_FAILED = select(func.count()).select_from(outbox_message_table).where(*_HAS_FAILED)


def list_failed(uow: UnitOfWork, *, limit: int = 200) -> Sequence[FailedMessageRow]:
    """Return up to `limit` messages that failed `MAX_ATTEMPTS` times, oldest first."""
    values = {"now": uow.now, "limit": limit}
    return uow.all_rows(_SELECT_FAILED, values, of=FailedMessageRow)


def count_failed(uow: UnitOfWork) -> int:
    """Return how many messages failed `MAX_ATTEMPTS` times."""
    return uow.connection.execute(_COUNT_FAILED, {"now": uow.now}).scalar_one()


def retry_failed(uow: UnitOfWork, message_ids: Sequence[int] | None = None) -> int:
    """Retry failed messages, all or those with the given ids; return how many."""
    statement = update(outbox_message_table).where(*_HAS_FAILED)
    if message_ids is not None:
        statement = statement.where(outbox_message_table.c.id.in_(list(message_ids)))
    statement = statement.values(
        attempts=0, due_at=bindparam("now"), claimed_until=None, claimed_by=None
    )
    uow.after_commit.append(wake_all)
    return uow.connection.execute(statement, {"now": uow.now}).rowcount


_DELETE_MESSAGES = delete(outbox_message_table).where(
    outbox_message_table.c.id.in_(bindparam("ids", expanding=True))
)


def delete_messages(uow: UnitOfWork, message_ids: Sequence[int]) -> None:
    """Delete processed messages whose outcome is stored elsewhere."""
    uow.connection.execute(_DELETE_MESSAGES, {"ids": list(message_ids)})


def delete_expired_batch(uow: UnitOfWork) -> int:
    """Delete a batch of messages processed a week ago; return how many."""
    is_expired = outbox_message_table.c.done_at <= uow.now - RETENTION
    return delete_batch(uow, outbox_message_table, is_expired)


_SELECT_ACTIVE_WEBHOOK = select(webhook_table.c.id).where(webhook_table.c.is_active).limit(1)


def queue_entry_for_delivery(
    uow: UnitOfWork, ticket_id: int, entry_id: int, *, notifies_people: bool
) -> None:
    """Send a timeline entry to webhooks, and notify people of it if it is of interest to them.

    One message of each topic is queued for each changed ticket at the end of the transaction; none
    for imported history.
    """
    if uow.is_import:
        return
    if not uow.changed_entry_ids:
        uow.before_commit.append(partial(_enqueue_changes, uow))
    uow.changed_entry_ids.setdefault(ticket_id, []).append(entry_id)
    if notifies_people:
        uow.notifying_entry_ids.setdefault(ticket_id, []).append(entry_id)


def _enqueue_changes(uow: UnitOfWork) -> None:
    for ticket_id, entry_ids in uow.notifying_entry_ids.items():
        enqueue(uow, NOTIFICATIONS_TOPIC, ticket_id=ticket_id, entries=entry_ids)
    if uow.connection.execute(_SELECT_ACTIVE_WEBHOOK).first() is None:
        return
    for ticket_id, entry_ids in uow.changed_entry_ids.items():
        enqueue(uow, CHANGES_TOPIC, ticket_id=ticket_id, entries=entry_ids)
