"""Queue webhook deliveries, send each at least once, and keep them for a month.

A delivery that is being sent has the end of its lease in `next_try_at`. Claiming a delivery moves
that time into the future; only the process that still finds its own value there records the
outcome. After a crash the delivery becomes due again.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform import outbox
from ticket_app.core.platform.batch_deletes import delete_batch
from ticket_app.core.platform.outbox import OutboxMessageRow
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.event_messages import Event, format_payload
from ticket_app.core.webhooks.events import build_events
from ticket_app.core.webhooks.rows import DueDeliveryRow, NewDelivery, WebhookWithDueDeliveriesRow
from ticket_app.core.webhooks.subscriptions import Receiver
from ticket_app.tables import webhook_delivery_table, webhook_table


class DeliveryState(StrEnum):
    """The state of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


RETRY_DELAYS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""The delay after each failed attempt; there is no attempt after the last one."""
MAX_ATTEMPTS = len(RETRY_DELAYS) + 1
RETRY_JITTER = 0.1
MAX_RETRY_AFTER = timedelta(hours=24)
"""The longest delay that a `Retry-After` header may ask for."""
LEASE_DURATION = timedelta(minutes=1)
MAX_FAILING_PERIOD = timedelta(days=2)
"""A webhook that has failed for this long is deactivated when a delivery runs out of attempts."""
RETENTION = timedelta(days=30)
MAX_RESPONSE_BODY_LENGTH = 2_000
"""Characters of a response body that are kept."""
MAX_RECORDED_ATTEMPTS = 30
MAX_CONCURRENT_PER_WEBHOOK = 2
"""Deliveries in flight to one webhook at a time; a failing webhook gets one."""

wake_event = threading.Event()
"""Set after a commit that queued deliveries."""


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The outcome of one attempt."""

    status: int | None = None
    body: str = ""
    error: str | None = None
    duration_ms: int = 0
    retry_after: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver answered with a 2xx status; a redirect is a failure."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this process may send until `leased_until`."""

    id: int
    message_id: str
    event: str
    payload: str
    attempts: int
    leased_until: datetime
    webhook_id: int
    url: str
    secrets: tuple[str, ...]
    created_at: datetime


def format_message_id(uuid: UUID) -> str:
    """Return the id (`msg_...`) by which a receiver recognises a repeated delivery."""
    return f"msg_{uuid.hex}"


_INSERT_BY_DIALECT = {
    dialect: insert_function(webhook_delivery_table).on_conflict_do_nothing(
        index_elements=["webhook_id", "event", "entry_id"]
    )
    for dialect, insert_function in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def enqueue_for_subscribers(
    uow: UnitOfWork, events: Sequence[Event], receivers: Sequence[Receiver]
) -> list[UUID]:
    """Queue the events for the receivers that subscribed to them; return the UUIDs of the
    deliveries.

    A delivery that exists already (same webhook, event and timeline entry) is not queued again.
    """
    rows = [
        _delivery_values(uow, event, receiver)
        for event in events
        for receiver in receivers
        if event.name in receiver.events
    ]
    if rows:
        uow.connection.execute(_INSERT_BY_DIALECT[uow.connection.dialect.name], rows)
        uow.after_commit.append(wake_event.set)
    return [row["uuid"] for row in rows]


def queue_deliveries_and_delete_messages(
    uow: UnitOfWork, messages: Sequence[OutboxMessageRow]
) -> None:
    """Queue deliveries for changed tickets and delete the outbox messages that announced the
    changes.

    `messages` were claimed from the outbox under `CHANGES_TOPIC`.
    """
    receivers = webhook_subscriptions.deactivate_untrusted_and_list_receivers(uow)
    for message in messages if receivers else ():
        change = message.payload
        entry_ids = cast("list[int]", change["entries"])
        enqueue_for_subscribers(
            uow, build_events(uow, int(str(change["ticket_id"])), entry_ids), receivers
        )
    outbox.delete_messages(uow, [message.id for message in messages])


def _delivery_values(uow: UnitOfWork, event: Event, receiver: Receiver) -> NewDelivery:
    return {
        "uuid": uuid4(),
        "webhook_id": receiver.id,
        "event": event.name,
        "ticket_id": event.ticket_id,
        "entry_id": event.entry_id,
        "payload": format_payload(event, receiver.public_id),
        "state": DeliveryState.PENDING,
        "attempts": 0,
        "attempt_log": [],
        "next_try_at": uow.now,
        "created_at": uow.now,
    }


_IS_DUE = (
    webhook_delivery_table.c.state == DeliveryState.PENDING,
    webhook_delivery_table.c.next_try_at <= bindparam("now"),
)
_SELECT_WEBHOOKS_WITH_DUE = (
    select(webhook_table.c.id, webhook_table.c.failures)
    .where(
        webhook_table.c.is_active,
        webhook_table.c.deleted_at.is_(None),
        exists(
            select(1).where(webhook_delivery_table.c.webhook_id == webhook_table.c.id, *_IS_DUE)
        ),
    )
    .limit(webhook_subscriptions.MAX_WEBHOOKS)
)


def list_webhooks_with_due_deliveries(uow: UnitOfWork) -> list[WebhookWithDueDeliveriesRow]:
    """Return active webhooks with due deliveries: `id`, and `failures` since the last success."""
    return list(
        uow.all_rows(_SELECT_WEBHOOKS_WITH_DUE, {"now": uow.now}, of=WebhookWithDueDeliveriesRow)
    )


_SELECT_DUE_FOR_UPDATE = (
    select(
        webhook_delivery_table.c.id,
        webhook_delivery_table.c.uuid,
        webhook_delivery_table.c.event,
        webhook_delivery_table.c.payload,
        webhook_delivery_table.c.attempts,
        webhook_delivery_table.c.created_at,
        webhook_table.c.url,
        webhook_table.c.encrypted_secret,
        webhook_table.c.encrypted_old_secret,
        webhook_table.c.old_secret_expires_at,
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
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=webhook_delivery_table)
)
_UPDATE_LEASE = (
    update(webhook_delivery_table)
    .where(webhook_delivery_table.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        next_try_at=bindparam("until"),
        claimed_by=bindparam("process", type_=webhook_delivery_table.c.claimed_by.type),
        attempts=webhook_delivery_table.c.attempts + 1,
    )
)


def claim(
    uow: UnitOfWork, webhook_id: int, limit: int, *, process_id: UUID | None = None
) -> list[ClaimedDelivery]:
    """Claim up to `limit` due deliveries of one webhook, oldest first, for the time of a lease.

    `process_id` is the registered process that sends them (`core.operations.processes`).
    """
    values = {"webhook": webhook_id, "now": uow.now, "limit": limit}
    rows = uow.all_rows(_SELECT_DUE_FOR_UPDATE, values, of=DueDeliveryRow)
    if not rows:
        return []
    leased_until = uow.now + LEASE_DURATION
    ids = [row.id for row in rows]
    uow.connection.execute(
        _UPDATE_LEASE, {"ids": ids, "until": leased_until, "process": process_id}
    )
    return [
        ClaimedDelivery(
            id=row.id,
            message_id=format_message_id(row.uuid),
            event=row.event,
            payload=row.payload,
            attempts=row.attempts + 1,
            leased_until=leased_until,
            webhook_id=webhook_id,
            url=row.url,
            secrets=tuple(webhook_subscriptions.valid_signing_secrets(row, uow.now)),
            created_at=row.created_at,
        )
        for row in rows
    ]


_SELECT_LEASED_ATTEMPTS = select(webhook_delivery_table.c.attempt_log).where(
    webhook_delivery_table.c.id == bindparam("id"),
    webhook_delivery_table.c.state == DeliveryState.PENDING,
    webhook_delivery_table.c.next_try_at == bindparam("lease"),
)
_RESET_FAILURES = update(webhook_table).where(
    webhook_table.c.id == bindparam("webhook"), webhook_table.c.failures > 0
)


def record_attempt(uow: UnitOfWork, delivery: ClaimedDelivery, result: AttemptResult) -> None:
    """Record the outcome of an attempt and schedule the next one, unless the lease has expired.

    A 410 response deactivates the webhook at once; so does a delivery without attempts left after
    `MAX_FAILING_PERIOD` without success.
    """
    lease_params = {"id": delivery.id, "lease": delivery.leased_until}
    row = uow.connection.execute(_SELECT_LEASED_ATTEMPTS.with_for_update(), lease_params).first()
    if row is None:
        return
    values: dict[str, object] = {
        "response_status": result.status,
        "response_body": result.body.replace("\x00", "")[:MAX_RESPONSE_BODY_LENGTH] or None,
        "attempt_log": [*row.attempt_log, _format_attempt(uow, result)][-MAX_RECORDED_ATTEMPTS:],
        "claimed_by": None,
    }
    if result.is_success:
        values |= {"state": DeliveryState.DELIVERED, "delivered_at": uow.now, "next_try_at": None}
    elif delivery.attempts >= MAX_ATTEMPTS or result.status == 410:
        values |= {"state": DeliveryState.FAILED, "next_try_at": None}
    else:
        values["next_try_at"] = uow.now + retry_delay(delivery.attempts, result, uow.now)
    uow.connection.execute(
        update(webhook_delivery_table)
        .where(webhook_delivery_table.c.id == delivery.id)
        .values(**values)
    )
    _update_webhook_health(uow, delivery, result)


def _format_attempt(uow: UnitOfWork, result: AttemptResult) -> dict[str, object]:
    return {
        "at": uow.now.isoformat().replace("+00:00", "Z"),
        "status": result.status,
        "error": result.error,
        "milliseconds": result.duration_ms,
    }


def _update_webhook_health(
    uow: UnitOfWork, delivery: ClaimedDelivery, result: AttemptResult
) -> None:
    params = {"webhook": delivery.webhook_id}
    if result.is_success:
        uow.connection.execute(_RESET_FAILURES.values(failures=0, failing_since=None), params)
        return
    failing_since = func.coalesce(
        webhook_table.c.failing_since, bindparam("at", uow.now, webhook_table.c.failing_since.type)
    )
    count_failure = (
        update(webhook_table)
        .where(webhook_table.c.id == delivery.webhook_id)
        .values(failures=webhook_table.c.failures + 1, failing_since=failing_since)
    )
    row = uow.connection.execute(count_failure.returning(webhook_table.c.failing_since)).one()
    if result.status == 410:
        webhook_subscriptions.deactivate(uow, delivery.webhook_id, "Its receiver answered 410 Gone")
    elif delivery.attempts >= MAX_ATTEMPTS and uow.now - row.failing_since >= MAX_FAILING_PERIOD:
        webhook_subscriptions.deactivate(
            uow, delivery.webhook_id, "No delivery has succeeded for two days"
        )


def retry_delay(
    attempts: int,
    result: AttemptResult,
    now: datetime,
    *,
    random_fraction: Callable[[], float] = random.random,
) -> timedelta:
    """Return the delay before the next attempt: growing, with jitter, or as `Retry-After` asks.

    Whatever the jitter, the first two retries come within a minute.
    """
    default_delay = RETRY_DELAYS[attempts - 1] * (1 + RETRY_JITTER * (2 * random_fraction() - 1))
    requested_delay = _parse_retry_after(result.retry_after, now)
    return (
        default_delay
        if requested_delay is None
        else max(default_delay, min(requested_delay, MAX_RETRY_AFTER))
    )


def _parse_retry_after(retry_after: str | None, now: datetime) -> timedelta | None:
    if not retry_after:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        retry_at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return (retry_at if retry_at.tzinfo else retry_at.replace(tzinfo=UTC)) - now


_DELETE_WEBHOOKS = delete(webhook_table).where(
    webhook_table.c.deleted_at.is_not(None),
    ~exists(select(1).where(webhook_delivery_table.c.webhook_id == webhook_table.c.id)),
)


def delete_expired_batch(uow: UnitOfWork) -> int:
    """Delete a batch of old deliveries and one of those of deleted webhooks; return how many.

    Deletes the rows of deleted webhooks that have no delivery left.
    """
    is_expired = webhook_delivery_table.c.created_at <= uow.now - RETENTION
    deleted_count = delete_batch(uow, webhook_delivery_table, is_expired)
    deleted_webhooks = select(webhook_table.c.id).where(webhook_table.c.deleted_at.is_not(None))
    is_orphan = webhook_delivery_table.c.webhook_id.in_(deleted_webhooks)
    deleted_count += delete_batch(uow, webhook_delivery_table, is_orphan)
    uow.connection.execute(_DELETE_WEBHOOKS)
    return deleted_count
