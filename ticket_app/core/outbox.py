"""What must happen after a change, written in the change's own transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from ticket_app.core.desk import Desk
from ticket_app.tables import OutboxMessage

M: Any = OutboxMessage.__table__  # type: ignore[attr-defined]
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 20
LONGEST_WAIT = timedelta(hours=6)
KEPT_FOR = timedelta(days=7)

_PUT = insert(M)


def put(desk: Desk, topic: str, *, due_at: datetime | None = None, **payload: Any) -> None:
    """Ask for something to be done at least once, after this transaction has succeeded."""
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


_DUE = (
    select(M.c.id, M.c.topic, M.c.payload, M.c.attempts)
    .where(
        M.c.done_at.is_(None),
        M.c.due_at <= bindparam("now"),
        or_(M.c.claimed_until.is_(None), M.c.claimed_until <= bindparam("now")),
        M.c.attempts < MOST_ATTEMPTS,
    )
    .order_by(M.c.id)
    .with_for_update(skip_locked=True)
)
_CLAIM = update(M).where(M.c.id.in_(bindparam("ids", expanding=True)))


_ANY_DUE = (
    select(M.c.id)
    .where(M.c.done_at.is_(None), M.c.due_at <= bindparam("now"), M.c.attempts < MOST_ATTEMPTS)
    .limit(1)
)


def any_due(desk: Desk) -> bool:
    """Whether there may be something to claim; a read, so that nobody waits for it."""
    return desk.db.execute(_ANY_DUE, {"now": desk.now}).first() is not None


def claim(desk: Desk, most: int = 20) -> list[Any]:
    """Messages that are due, leased to the caller so that no other process takes them."""
    due = desk.db.execute(_DUE.limit(most), {"now": desk.now}).all()
    if due:
        desk.db.execute(
            _CLAIM.values(claimed_until=desk.now + LEASE, attempts=M.c.attempts + 1),
            {"ids": [message.id for message in due]},
        )
    return list(due)


def finish(desk: Desk, message_id: int) -> None:
    """The message has been dealt with."""
    desk.db.execute(update(M).where(M.c.id == message_id).values(done_at=desk.now))


def postpone(desk: Desk, message_id: int, attempts: int, why: str) -> None:
    """The message could not be dealt with: it comes back later, each time after a longer wait."""
    wait = min(timedelta(seconds=15) * 2**attempts, LONGEST_WAIT)
    desk.db.execute(
        update(M)
        .where(M.c.id == message_id)
        .values(due_at=desk.now + wait, claimed_until=None, last_error=why[:500])
    )


def sweep(desk: Desk) -> int:
    """Throw away messages dealt with a week ago; how many."""
    old = desk.now - KEPT_FOR
    return desk.db.execute(delete(M).where(M.c.done_at.is_not(None), M.c.done_at <= old)).rowcount
