"""Background work: outbox messages, webhook deliveries and periodic tasks.

Any number of processes may run it, as each item is leased by one of them at a time. It runs inside
`serve`, or as `python -m ticket_app worker`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from ticket_app.core.attachments import cleanup as attachment_cleanup
from ticket_app.core.attachments import uploading
from ticket_app.core.notifications import notifications
from ticket_app.core.platform import idempotency, outbox
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.reports import audit_trail
from ticket_app.core.search import search_index
from ticket_app.core.tickets import tag_changes
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.jobs import approvals, attachments, email, search_indexing, sla_targets, webhooks
from ticket_app.jobs import notifications as notification_jobs
from ticket_app.jobs import tag_changes as tag_jobs
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.jobs.worker_pool import Task, WorkerPool
from ticket_app.settings import settings

EMAIL_THREADS = 4
"""Connections to the mail server in one process."""
JOB_HANDLERS: dict[str, Callable[[dict[str, Any]], None]] = {
    uploading.SCAN_TOPIC: attachments.scan_attachment,
    search_index.RENAMED_TOPIC: search_indexing.reindex_renamed,
    tag_changes.REPLACED_TOPIC: tag_jobs.replace_tag,
    outbox.NOTIFICATIONS_TOPIC: notification_jobs.notify_people,
}
"""The handler of each outbox topic, called for one message at a time."""


def delete_expired_rows() -> None:
    """Delete rows whose retention period is over."""
    for delete_batch in (
        idempotency.delete_expired,
        attachment_cleanup.destroy_removed_files,
        notifications.delete_expired,
        outbox.delete_expired,
        webhook_deliveries.delete_expired,
        audit_trail.delete_expired,
    ):
        while True:
            with open_unit_of_work(writes=True) as uow:
                deleted_count = delete_batch(uow)
            if deleted_count < outbox.DELETE_BATCH_SIZE:
                break


PERIODIC_TASKS: list[tuple[float, Callable[[], None]]] = [
    (3600.0, delete_expired_rows),
    (approvals.INTERVAL_SECONDS, approvals.escalate_overdue),
    (sla_targets.INTERVAL_SECONDS, sla_targets.check_due_targets),
    (email.COMPOSE_INTERVAL_SECONDS, email.compose_due),
]
"""Functions with their interval in seconds; each process runs them, so they are safe to repeat."""


def claim_jobs(limit: int = 20) -> list[Task]:
    """Claim due outbox messages; return a task for each."""
    topics = tuple(JOB_HANDLERS)
    with open_unit_of_work(writes=False) as uow:
        if not outbox.has_due_messages(uow, topics):
            return []
    with open_unit_of_work(writes=True) as uow:
        messages = outbox.claim_due(uow, limit, topics, process_uuid=heartbeat.process_id)
    return [partial(_run_job, message) for message in messages]


def run_due_jobs() -> int:
    """Process all due outbox messages in this thread; return how many."""
    tasks = [*claim_jobs(), *webhooks.claim_changes()]
    for task in tasks:
        task()
    return len(tasks)


def _run_job(message: Any) -> None:
    try:
        JOB_HANDLERS[message.topic](message.payload)
    except Exception as error:  # noqa: BLE001 - it comes back later, and the log says why
        reason = error.message if isinstance(error, DomainError) else repr(error)
        log().warning("job_postponed", topic=message.topic, message_id=message.id, reason=reason)
        with open_unit_of_work(writes=True) as uow:
            outbox.reschedule(uow, message.id, message.attempts + 1, reason)
        return
    with open_unit_of_work(writes=True) as uow:
        outbox.mark_done(uow, message.id)


def _run_periodic_tasks(stop: threading.Event) -> None:
    """Run the periodic tasks until stopped."""
    next_run_at = [0.0] * len(PERIODIC_TASKS)
    while not stop.is_set():
        for n, (seconds, task) in enumerate(PERIODIC_TASKS):
            if time.monotonic() < next_run_at[n]:
                continue
            next_run_at[n] = time.monotonic() + seconds
            try:
                task()
            except Exception as error:  # noqa: BLE001 - the next run may succeed
                log().warning("periodic_task_failed", task=task.__name__, reason=repr(error))
        stop.wait(min(1.0, *(seconds for seconds, _ in PERIODIC_TASKS)))


def run_worker(stop: threading.Event) -> None:
    """Work until stopped; if the database is away, wait for it."""
    pools = (
        WorkerPool(
            "jobs",
            concurrency=settings().job_threads,
            claim_tasks=claim_jobs,
            wake_event=outbox.wake_event,
        ),
        WorkerPool(
            "changes",
            concurrency=1,
            claim_tasks=webhooks.claim_changes,
            wake_event=outbox.changes_wake_event,
        ),
        WorkerPool(
            "webhooks",
            concurrency=settings().webhook_threads,
            claim_tasks=webhooks.claim_deliveries,
            wake_event=webhook_deliveries.wake_event,
        ),
        WorkerPool(
            "email",
            concurrency=EMAIL_THREADS,
            claim_tasks=email.claim_emails,
            wake_event=email.wake_event,
        ),
    )
    threads = [
        threading.Thread(target=pool.run, args=(stop,), name=pool.name, daemon=True)
        for pool in pools
    ]
    heartbeat.send()
    heartbeat_thread = threading.Thread(
        target=heartbeat.run, args=(stop,), name="heartbeat", daemon=True
    )
    heartbeat_thread.start()
    for thread in threads:
        thread.start()
    _run_periodic_tasks(stop)
    for pool, thread in zip(pools, threads, strict=True):
        pool.wake()
        thread.join()
    heartbeat_thread.join()
    webhooks.record_remaining()
    heartbeat.unregister()


@asynccontextmanager
async def background_worker() -> AsyncGenerator[None]:
    """Run the worker in threads of the serving process; `TICKET_JOBS=false` disables it."""
    if not settings().jobs:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop,), name="work", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join, 10)
