"""Turn ticket changes into webhook deliveries, and send the deliveries."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue

from ticket_app.core.platform import outbox, outgoing_http
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.outgoing_http import RequestFailed
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import signatures as webhook_signatures
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import (
    MAX_CONCURRENT_PER_WEBHOOK,
    AttemptResult,
    ClaimedDelivery,
)
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.jobs.registry import WORK_QUEUES, OutboxQueue, WorkQueue
from ticket_app.jobs.worker_pool import Task
from ticket_app.settings import settings

CHANGES_BATCH_SIZE = 50
"""Outbox messages that become deliveries in one transaction."""
USER_AGENT = "ticket-app-webhooks/1"

CHANGES = OutboxQueue("changes", concurrency=lambda: 1, batch_size=CHANGES_BATCH_SIZE)
CHANGES.handles_batches(outbox.CHANGES_TOPIC)(
    webhook_deliveries.queue_deliveries_and_delete_messages
)


_in_flight: Counter[int] = Counter()
_in_flight_lock = threading.Lock()
_finished_attempts: SimpleQueue[tuple[ClaimedDelivery, AttemptResult]] = SimpleQueue()


def claim_deliveries(limit: int) -> list[Task]:
    """Record finished attempts and claim up to `limit` due deliveries, in one transaction.

    Each webhook gets a few deliveries, a failing webhook one.
    """
    finished = _collect_finished()
    with open_unit_of_work(writes=False) as uow:
        webhooks = webhook_deliveries.list_webhooks_with_due_deliveries(uow)
    with _in_flight_lock:
        free_slots = {
            row.id: (1 if row.failures else MAX_CONCURRENT_PER_WEBHOOK) - _in_flight[row.id]
            for row in webhooks
        }
    webhook_ids = [webhook_id for webhook_id, slots in free_slots.items() if slots > 0]
    if not finished and not webhook_ids:
        return []
    random.shuffle(webhook_ids)
    deliveries: list[ClaimedDelivery] = []
    try:
        with open_unit_of_work(writes=True) as uow:
            for delivery, result in finished:
                webhook_deliveries.record_attempt(uow, delivery, result)
            for webhook_id in webhook_ids:
                if len(deliveries) < limit:
                    count = min(free_slots[webhook_id], limit - len(deliveries))
                    deliveries += webhook_deliveries.claim(
                        uow, webhook_id, count, process_id=heartbeat.process_id
                    )
    except Exception:
        _record_finished(finished)
        raise
    with _in_flight_lock:
        _in_flight.update(delivery.webhook_id for delivery in deliveries)
    return [partial(_send_and_collect, delivery) for delivery in deliveries]


def _collect_finished() -> list[tuple[ClaimedDelivery, AttemptResult]]:
    finished: list[tuple[ClaimedDelivery, AttemptResult]] = []
    with suppress(Empty):
        while True:
            finished.append(_finished_attempts.get_nowait())
    with _in_flight_lock:
        _in_flight.subtract(delivery.webhook_id for delivery, _ in finished)
    return finished


def _record_finished(finished: Sequence[tuple[ClaimedDelivery, AttemptResult]]) -> None:
    """Record each outcome in its own transaction; a delivery whose outcome cannot be recorded is
    repeated.
    """
    for delivery, result in finished:
        try:
            with open_unit_of_work(writes=True) as uow:
                webhook_deliveries.record_attempt(uow, delivery, result)
        except Exception as error:  # noqa: BLE001 - its lease runs out
            log().warning("outcome_lost", delivery_id=delivery.id, reason=repr(error))


def record_remaining() -> None:
    """Record the attempts that finished after the last claim."""
    _record_finished(_collect_finished())


def _send_and_collect(delivery: ClaimedDelivery) -> None:
    result = AttemptResult(error="the message could not be sent")
    try:
        result = send(delivery)
    finally:
        _finished_attempts.put((delivery, result))


WORK_QUEUES.append(
    WorkQueue(
        "webhooks",
        concurrency=lambda: settings().webhook_threads,
        claim_tasks=claim_deliveries,
        wake_event=webhook_deliveries.wake_event,
        record_remaining=record_remaining,
    )
)


def deliver_due() -> int:
    """Send all due deliveries in this thread; return how many."""
    tasks = claim_deliveries(webhook_subscriptions.MAX_WEBHOOKS)
    for task in tasks:
        task()
    record_remaining()
    return len(tasks)


def send(delivery: ClaimedDelivery) -> AttemptResult:
    """Send one delivery and return the outcome; no transaction is open meanwhile."""
    if not delivery.secrets:
        return AttemptResult(error="the secret cannot be read any more; rotate it")
    started_at = time.monotonic()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        **webhook_signatures.signature_headers(
            delivery.payload,
            message_id=delivery.message_id,
            event=delivery.event,
            sent_at=delivery.leased_until - webhook_deliveries.LEASE_DURATION,
            signing_secrets=delivery.secrets,
        ),
    }
    try:
        response = outgoing_http.post(delivery.url, delivery.payload.encode(), headers)
    except RequestFailed as error:
        return AttemptResult(error=str(error), duration_ms=_elapsed_ms(started_at))
    except Invalid as error:
        return AttemptResult(error=f"the URL {error.reason}", duration_ms=_elapsed_ms(started_at))
    return AttemptResult(
        status=response.status,
        body=response.body,
        duration_ms=_elapsed_ms(started_at),
        retry_after=response.headers.get("retry-after"),
        error=None if 200 <= response.status < 300 else "the receiver refused it",
    )


def _elapsed_ms(started_at: float) -> int:
    return int((time.monotonic() - started_at) * 1000)
