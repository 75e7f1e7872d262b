"""Messages to webhooks: written down once, sent at least once, and kept for a month.

A delivery that is being tried carries its lease in `next_try_at`: whoever takes it moves that into
the future, and only who still finds it there writes down the outcome. After a crash it is simply
due again.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core import outbox, webhook_events, webhooks
from ticket_app.core.desk import Desk
from ticket_app.core.outbox import SWEPT_AT_ONCE, W
from ticket_app.core.webhook_events import Event, events_of
from ticket_app.core.webhooks import Receiver
from ticket_app.tables import WebhookDelivery

D: Any = WebhookDelivery.__table__  # type: ignore[attr-defined]


class State(StrEnum):
    """How far a delivery has come."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long after each failed try the next one comes; after the last, no more."""
MOST_TRIES = len(WAITS) + 1
JITTER = 0.1
LONGEST_WAIT = timedelta(hours=24)
"""What `Retry-After` may ask for at most."""
LEASE = timedelta(minutes=1)
FAILING_FOR = timedelta(days=2)
"""A webhook that has taken nothing for so long is switched off when a message is given up."""
KEPT_FOR = timedelta(days=30)
LONGEST_BODY = 2_000
"""Characters of an answer that are kept."""
MOST_KEPT_TRIES = 30
MOST_AT_ONCE = 2
"""Messages on their way to one webhook at a time; one, while it fails."""

bell = threading.Event()
"""Rung after a commit that left something to send."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try."""

    status: int | None = None
    body: str = ""
    error: str | None = None
    milliseconds: int = 0
    retry_after: str | None = None

    @property
    def is_success(self) -> bool:
        """The receiver took it; a redirect is a refusal."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to try until `lease`."""

    id: int
    message_id: str
    event: str
    payload: str
    attempts: int
    lease: datetime
    webhook_id: int
    url: str
    secrets: tuple[str, ...]
    created_at: datetime


def message_id(uuid: UUID) -> str:
    """msg_..., the same on every try: what a receiver knows a repeated message by."""
    return f"msg_{uuid.hex}"


_PUT = {
    dialect: made(D).on_conflict_do_nothing(index_elements=["webhook_id", "event", "entry_id"])
    for dialect, made in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def put(desk: Desk, events: Sequence[Event], receivers: Sequence[Receiver]) -> list[UUID]:
    """Write down what each receiver is to be told, each event once; the messages' uuids."""
    rows = [
        _row(desk, event, receiver)
        for event in events
        for receiver in receivers
        if event.name in receiver.events
    ]
    if rows:
        desk.db.execute(_PUT[desk.db.dialect.name], rows)
        desk.after.append(bell.set)
    return [row["uuid"] for row in rows]


def fan_out(desk: Desk, messages: Sequence[Any]) -> None:
    """Write down what each receiver is to be told of these changes of tickets, and forget them.

    `messages` are what was claimed of the outbox under `CHANGES_TOPIC`.
    """
    receivers = webhooks.receivers(desk)
    for message in messages if receivers else ():
        told = message.payload
        put(desk, events_of(desk, int(told["ticket_id"]), told["entries"]), receivers)
    outbox.forget(desk, [message.id for message in messages])


def _row(desk: Desk, event: Event, receiver: Receiver) -> dict[str, Any]:
    return {
        "uuid": uuid4(),
        "webhook_id": receiver.id,
        "event": event.name,
        "ticket_id": event.ticket_id,
        "entry_id": event.entry_id,
        "payload": webhook_events.payload(event, receiver.printed),
        "state": State.PENDING,
        "attempts": 0,
        "tries": [],
        "next_try_at": desk.now,
        "created_at": desk.now,
    }


_IS_DUE = (D.c.state == State.PENDING, D.c.next_try_at <= bindparam("now"))
_WAITING = (
    select(W.c.id, W.c.failures)
    .where(
        W.c.is_active,
        W.c.deleted_at.is_(None),
        exists(select(1).where(D.c.webhook_id == W.c.id, *_IS_DUE)),
    )
    .limit(webhooks.MOST_WEBHOOKS)
)


def waiting(desk: Desk) -> list[Any]:
    """Active webhooks that something is due for: `id` and `failures` (tries since a success)."""
    return list(desk.db.execute(_WAITING, {"now": desk.now}))


_TAKE = (
    select(
        D.c.id,
        D.c.uuid,
        D.c.event,
        D.c.payload,
        D.c.attempts,
        D.c.created_at,
        W.c.url,
        W.c.secret_sealed,
        W.c.old_secret_sealed,
        W.c.old_secret_until,
    )
    .select_from(D.join(W, W.c.id == D.c.webhook_id))
    .where(D.c.webhook_id == bindparam("webhook"), W.c.is_active, *_IS_DUE)
    .order_by(D.c.next_try_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=D)
)
_LEASE = (
    update(D)
    .where(D.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        next_try_at=bindparam("until"),
        claimed_by=bindparam("process", type_=D.c.claimed_by.type),
        attempts=D.c.attempts + 1,
    )
)


def claim(desk: Desk, webhook_id: int, most: int, *, process: UUID | None = None) -> list[Claimed]:
    """Take deliveries that are due for one webhook, the longest due first, for a lease.

    `process` is the registered process that sends them (`core.processes`).
    """
    rows = desk.db.execute(_TAKE, {"webhook": webhook_id, "now": desk.now, "most": most}).all()
    if not rows:
        return []
    until = desk.now + LEASE
    ids = [row.id for row in rows]
    desk.db.execute(_LEASE, {"ids": ids, "until": until, "process": process})
    return [
        Claimed(
            id=row.id,
            message_id=message_id(row.uuid),
            event=row.event,
            payload=row.payload,
            attempts=row.attempts + 1,
            lease=until,
            webhook_id=webhook_id,
            url=row.url,
            secrets=tuple(webhooks.secrets_of(row, desk.now)),
            created_at=row.created_at,
        )
        for row in rows
    ]


_TRIES = select(D.c.tries).where(
    D.c.id == bindparam("id"), D.c.state == State.PENDING, D.c.next_try_at == bindparam("lease")
)
_WELL = update(W).where(W.c.id == bindparam("webhook"), W.c.failures > 0)


def record(desk: Desk, claimed: Claimed, outcome: Outcome) -> None:
    """Write down what came of a try, and when the next one is; unless the lease had run out.

    410 switches the webhook off at once, as does giving a message up after days without success.
    """
    held = {"id": claimed.id, "lease": claimed.lease}
    row = desk.db.execute(_TRIES.with_for_update(), held).first()
    if row is None:
        return
    values: dict[str, Any] = {
        "response_status": outcome.status,
        "response_body": outcome.body.replace("\x00", "")[:LONGEST_BODY] or None,
        "tries": [*row.tries, _told(desk, outcome)][-MOST_KEPT_TRIES:],
        "claimed_by": None,
    }
    if outcome.is_success:
        values |= {"state": State.DELIVERED, "delivered_at": desk.now, "next_try_at": None}
    elif claimed.attempts >= MOST_TRIES or outcome.status == 410:
        values |= {"state": State.FAILED, "next_try_at": None}
    else:
        values["next_try_at"] = desk.now + wait_after(claimed.attempts, outcome, desk.now)
    desk.db.execute(update(D).where(D.c.id == claimed.id).values(**values))
    _judge(desk, claimed, outcome)


def _told(desk: Desk, outcome: Outcome) -> dict[str, Any]:
    return {
        "at": desk.now.isoformat().replace("+00:00", "Z"),
        "status": outcome.status,
        "error": outcome.error,
        "milliseconds": outcome.milliseconds,
    }


def _judge(desk: Desk, claimed: Claimed, outcome: Outcome) -> None:
    named = {"webhook": claimed.webhook_id}
    if outcome.is_success:
        desk.db.execute(_WELL.values(failures=0, failing_since=None), named)
        return
    since = func.coalesce(W.c.failing_since, bindparam("at", desk.now, W.c.failing_since.type))
    failed = (
        update(W)
        .where(W.c.id == claimed.webhook_id)
        .values(failures=W.c.failures + 1, failing_since=since)
    )
    row = desk.db.execute(failed.returning(W.c.failing_since)).one()
    if outcome.status == 410:
        webhooks.switch_off(desk, claimed.webhook_id, "Its receiver says that it is gone (410)")
    elif claimed.attempts >= MOST_TRIES and desk.now - row.failing_since >= FAILING_FOR:
        webhooks.switch_off(desk, claimed.webhook_id, "It has taken nothing for days")


def wait_after(
    attempts: int, outcome: Outcome, now: datetime, *, chance: Callable[[], float] = random.random
) -> timedelta:
    """How long to wait after so many tries: ever longer, a little at random, or as was asked for.

    The first two retries come within a minute whatever chance says.
    """
    usual = WAITS[attempts - 1] * (1 + JITTER * (2 * chance() - 1))
    asked = _asked_for(outcome.retry_after, now)
    return usual if asked is None else max(usual, min(asked, LONGEST_WAIT))


def _asked_for(retry_after: str | None, now: datetime) -> timedelta | None:
    if not retry_after:
        return None
    said = retry_after.strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now


_OLD = (
    select(D.c.id)
    .where(D.c.created_at <= bindparam("old"))
    .order_by(D.c.created_at)
    .limit(SWEPT_AT_ONCE)
)
_OF_THE_DELETED = (
    select(D.c.id)
    .select_from(D.join(W, W.c.id == D.c.webhook_id))
    .where(W.c.deleted_at.is_not(None))
    .limit(SWEPT_AT_ONCE)
)
_SWEEP = delete(D).where(D.c.id.in_(_OLD.scalar_subquery()))
_SWEEP_DELETED = delete(D).where(D.c.id.in_(_OF_THE_DELETED.scalar_subquery()))
_FORGET = delete(W).where(
    W.c.deleted_at.is_not(None), ~exists(select(1).where(D.c.webhook_id == W.c.id))
)


def sweep(desk: Desk) -> int:
    """Throw away deliveries of a month ago, and webhooks that were deleted; how many at once."""
    gone = desk.db.execute(_SWEEP, {"old": desk.now - KEPT_FOR}).rowcount
    gone += desk.db.execute(_SWEEP_DELETED).rowcount
    desk.db.execute(_FORGET)
    return gone
