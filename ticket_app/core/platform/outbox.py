"""What must happen after a change, written in the change's own transaction."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import outbox_message_table, webhook_table

CHANGES_TOPIC = "ticket.changes"
"""Lines written on one ticket's timeline in one transaction (`ticket_id`, `entries`)."""
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 20
LONGEST_WAIT = timedelta(hours=6)
KEPT_FOR = timedelta(days=7)
SWEPT_AT_ONCE = 1000

bell = threading.Event()
changes_bell = threading.Event()
"""Rung after a commit in this process; workers of others look for themselves."""
BELL_OF = {CHANGES_TOPIC: changes_bell}

_PUT = insert(outbox_message_table)


def put(desk: Desk, topic: str, *, due_at: datetime | None = None, **payload: Any) -> None:
    """Ask for something to be done at least once, after this transaction has succeeded."""
    desk.after.append(BELL_OF.get(topic, bell).set)
    desk.db.execute(
        _PUT,
        {
            "topic": topic,
            "payload": payload,
            "created_at": desk.now,
            "due_at": due_at or desk.now,
            "attempts": 0,
        },
    )


_IS_DUE = (
    outbox_message_table.c.done_at.is_(None),
    outbox_message_table.c.topic.in_(bindparam("topics", expanding=True)),
    outbox_message_table.c.due_at <= bindparam("now"),
    or_(
        outbox_message_table.c.claimed_until.is_(None),
        outbox_message_table.c.claimed_until <= bindparam("now"),
    ),
    outbox_message_table.c.attempts < MOST_ATTEMPTS,
)
_ANY_DUE = select(outbox_message_table.c.id).where(*_IS_DUE).limit(1)
_DUE = (
    select(
        outbox_message_table.c.id,
        outbox_message_table.c.topic,
        outbox_message_table.c.payload,
        outbox_message_table.c.attempts,
    )
    .where(*_IS_DUE)
    .order_by(outbox_message_table.c.due_at, outbox_message_table.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox_message_table)
    .where(outbox_message_table.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        claimed_until=bindparam("until"),
        claimed_by=bindparam("process", type_=outbox_message_table.c.claimed_by.type),
        attempts=outbox_message_table.c.attempts + 1,
    )
)


def any_due(desk: Desk, topics: Sequence[str]) -> bool:
    """Whether there is something to claim; a read, so that nobody waits for it."""
    return desk.db.execute(_ANY_DUE, {"now": desk.now, "topics": topics}).first() is not None


def claim(
    desk: Desk, most: int, topics: Sequence[str], *, process: UUID | None = None
) -> list[Any]:
    """Messages of these topics that are due, leased so that no other process takes them.

    `process` is the registered process that works on them (`core.operations.processes`): if it
    dies, they are released before the lease ends. Returns `id`, `topic`, `payload` and the
    `attempts` made before, of at most `most`.
    """
    due = desk.db.execute(_DUE, {"now": desk.now, "topics": topics, "most": most}).all()
    if due:
        ids = [message.id for message in due]
        until = desk.now + LEASE
        desk.db.execute(_CLAIM, {"ids": ids, "until": until, "process": process})
    return list(due)


def finish(desk: Desk, message_id: int) -> None:
    """The message has been dealt with."""
    done = (
        update(outbox_message_table)
        .where(outbox_message_table.c.id == message_id)
        .values(done_at=desk.now, claimed_by=None)
    )
    desk.db.execute(done)


def postpone(desk: Desk, message_id: int, attempts: int, why: str) -> None:
    """The message could not be dealt with: it comes back later, each time after a longer wait."""
    wait = min(timedelta(seconds=15) * 2**attempts, LONGEST_WAIT)
    desk.db.execute(
        update(outbox_message_table)
        .where(outbox_message_table.c.id == message_id)
        .values(due_at=desk.now + wait, claimed_until=None, claimed_by=None, last_error=why[:500])
    )


_GIVEN_UP = (
    outbox_message_table.c.done_at.is_(None),
    outbox_message_table.c.attempts >= MOST_ATTEMPTS,
    or_(
        outbox_message_table.c.claimed_until.is_(None),
        outbox_message_table.c.claimed_until <= bindparam("now"),
    ),
)
_FAILED = (
    select(
        outbox_message_table.c.id,
        outbox_message_table.c.topic,
        outbox_message_table.c.payload,
        outbox_message_table.c.attempts,
        outbox_message_table.c.last_error,
        outbox_message_table.c.created_at,
    )
    .where(*_GIVEN_UP)
    .order_by(outbox_message_table.c.id)
    .limit(bindparam("most"))
)
_COUNT_FAILED = select(func.count()).select_from(outbox_message_table).where(*_GIVEN_UP)


def given_up(desk: Desk, *, most: int = 200) -> list[Any]:
    """Return messages that failed `MOST_ATTEMPTS` times and are not tried any more, oldest first.

    Each has `id`, `topic`, `payload`, `attempts`, `last_error` and `created_at`.
    """
    return list(desk.db.execute(_FAILED, {"now": desk.now, "most": most}))


def count_given_up(desk: Desk) -> int:
    """Return how many messages are not tried any more."""
    return desk.db.execute(_COUNT_FAILED, {"now": desk.now}).scalar_one()


def retry(desk: Desk, message_ids: Sequence[int] | None = None) -> int:
    """Try messages again that were given up, all or those named; returns how many."""
    again = update(outbox_message_table).where(*_GIVEN_UP)
    if message_ids is not None:
        again = again.where(outbox_message_table.c.id.in_(list(message_ids)))
    again = again.values(attempts=0, due_at=bindparam("now"), claimed_until=None, claimed_by=None)
    desk.after += [bell.set, changes_bell.set]
    return desk.db.execute(again, {"now": desk.now}).rowcount


_FORGET = delete(outbox_message_table).where(
    outbox_message_table.c.id.in_(bindparam("ids", expanding=True))
)


def forget(desk: Desk, message_ids: Sequence[int]) -> None:
    """The messages have been dealt with, and what came of them is kept elsewhere."""
    desk.db.execute(_FORGET, {"ids": list(message_ids)})


_OLD = (
    select(outbox_message_table.c.id)
    .where(outbox_message_table.c.done_at <= bindparam("old"))
    .limit(SWEPT_AT_ONCE)
)
_SWEEP = delete(outbox_message_table).where(outbox_message_table.c.id.in_(_OLD.scalar_subquery()))


def sweep(desk: Desk) -> int:
    """Throw away messages dealt with a week ago, at most `SWEPT_AT_ONCE`; how many."""
    return desk.db.execute(_SWEEP, {"old": desk.now - KEPT_FOR}).rowcount


_ANYBODY_TO_TELL = select(webhook_table.c.id).where(webhook_table.c.is_active).limit(1)


def tell_of(desk: Desk, ticket_id: int, entry_id: int) -> None:
    """A line was written on a ticket's timeline: who follows from outside is to be told.

    It is asked for once for each changed ticket, at the end of the transaction.
    """
    if not desk.changed:
        desk.before.append(partial(_put_changes, desk))
    desk.changed.setdefault(ticket_id, []).append(entry_id)


def _put_changes(desk: Desk) -> None:
    if desk.db.execute(_ANYBODY_TO_TELL).first() is None:
        return
    for ticket_id, entries in desk.changed.items():
        put(desk, CHANGES_TOPIC, ticket_id=ticket_id, entries=entries)
