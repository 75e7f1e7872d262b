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

from ticket_app.core.platform import outbox
from ticket_app.core.platform.outbox import SWEPT_AT_ONCE
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import events as webhook_events
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import Event, events_of
from ticket_app.core.webhooks.subscriptions import Receiver
from ticket_app.tables import webhook_delivery_table, webhook_table


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
    dialect: made(webhook_delivery_table).on_conflict_do_nothing(
        index_elements=["webhook_id", "event", "entry_id"]
    )
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
    receivers = webhook_subscriptions.receivers(desk)
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


_IS_DUE = (
    webhook_delivery_table.c.state == State.PENDING,
    webhook_delivery_table.c.next_try_at <= bindparam("now"),
)
_WAITING = (
    select(webhook_table.c.id, webhook_table.c.failures)
    .where(
        webhook_table.c.is_active,
        webhook_table.c.deleted_at.is_(None),
        exists(
            select(1).where(webhook_delivery_table.c.webhook_id == webhook_table.c.id, *_IS_DUE)
        ),
    )
    .limit(webhook_subscriptions.MOST_WEBHOOKS)
)


def waiting(desk: Desk) -> list[Any]:
    """Active webhooks that something is due for: `id` and `failures` (tries since a success)."""
    return list(desk.db.execute(_WAITING, {"now": desk.now}))


_TAKE = (
    select(
        webhook_delivery_table.c.id,
        webhook_delivery_table.c.uuid,
        webhook_delivery_table.c.event,
        webhook_delivery_table.c.payload,
        webhook_delivery_table.c.attempts,
        webhook_delivery_table.c.created_at,
        webhook_table.c.url,
        webhook_table.c.secret_sealed,
        webhook_table.c.old_secret_sealed,
        webhook_table.c.old_secret_until,
    )
    .select_from(
        webhook_delivery_table.join(
            webhook_table, webhook_table.c.id == webhook_delivery_table.c.webhook_id
        )
    )
    .where(
        webhook_delivery_table.c.webhook_id == bindparam("webhook"),
        webhook_table.c.is_active,
        *_IS_DUE,
    )
    .order_by(webhook_delivery_table.c.next_try_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=webhook_delivery_table)
)
_LEASE = (
    update(webhook_delivery_table)
    .where(webhook_delivery_table.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        next_try_at=bindparam("until"),
        claimed_by=bindparam("process", type_=webhook_delivery_table.c.claimed_by.type),
        attempts=webhook_delivery_table.c.attempts + 1,
    )
)


def claim(desk: Desk, webhook_id: int, most: int, *, process: UUID | None = None) -> list[Claimed]:
    """Take deliveries that are due for one webhook, the longest due first, for a lease.

    `process` is the registered process that sends them (`core.operations.processes`).
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
            secrets=tuple(webhook_subscriptions.secrets_of(row, desk.now)),
            created_at=row.created_at,
        )
        for row in rows
    ]


_TRIES = select(webhook_delivery_table.c.tries).where(
    webhook_delivery_table.c.id == bindparam("id"),
    webhook_delivery_table.c.state == State.PENDING,
    webhook_delivery_table.c.next_try_at == bindparam("lease"),
)
_WELL = update(webhook_table).where(
    webhook_table.c.id == bindparam("webhook"), webhook_table.c.failures > 0
)


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
    desk.db.execute(
        update(webhook_delivery_table)
        .where(webhook_delivery_table.c.id == claimed.id)
        .values(**values)
    )
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
    since = func.coalesce(
        webhook_table.c.failing_since, bindparam("at", desk.now, webhook_table.c.failing_since.type)
    )
    failed = (
        update(webhook_table)
        .where(webhook_table.c.id == claimed.webhook_id)
        .values(failures=webhook_table.c.failures + 1, failing_since=since)
    )
    row = desk.db.execute(failed.returning(webhook_table.c.failing_since)).one()
    if outcome.status == 410:
        webhook_subscriptions.switch_off(
            desk, claimed.webhook_id, "Its receiver says that it is gone (410)"
        )
    elif claimed.attempts >= MOST_TRIES and desk.now - row.failing_since >= FAILING_FOR:
        webhook_subscriptions.switch_off(desk, claimed.webhook_id, "It has taken nothing for days")


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
    select(webhook_delivery_table.c.id)
    .where(webhook_delivery_table.c.created_at <= bindparam("old"))
    .order_by(webhook_delivery_table.c.created_at)
    .limit(SWEPT_AT_ONCE)
)
_OF_THE_DELETED = (
    select(webhook_delivery_table.c.id)
    .select_from(
        webhook_delivery_table.join(
            webhook_table, webhook_table.c.id == webhook_delivery_table.c.webhook_id
        )
    )
    .where(webhook_table.c.deleted_at.is_not(None))
    .limit(SWEPT_AT_ONCE)
)
_SWEEP = delete(webhook_delivery_table).where(
    webhook_delivery_table.c.id.in_(_OLD.scalar_subquery())
)
_SWEEP_DELETED = delete(webhook_delivery_table).where(
    webhook_delivery_table.c.id.in_(_OF_THE_DELETED.scalar_subquery())
)
_FORGET = delete(webhook_table).where(
    webhook_table.c.deleted_at.is_not(None),
    ~exists(select(1).where(webhook_delivery_table.c.webhook_id == webhook_table.c.id)),
)


def sweep(desk: Desk) -> int:
    """Throw away deliveries of a month ago, and webhooks that were deleted; how many at once."""
    gone = desk.db.execute(_SWEEP, {"old": desk.now - KEPT_FOR}).rowcount
    gone += desk.db.execute(_SWEEP_DELETED).rowcount
    desk.db.execute(_FORGET)
    return gone
