"""Background work: outbox messages, webhook deliveries and periodic tasks.

Any number of processes may run it, as each item is leased by one of them at a time. It runs inside
`serve`, or as `python -m ticket_app worker`.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ticket_app.core.platform.logs import log
from ticket_app.jobs import (
    account_email,
    approvals,
    attachments,
    cleanup,
    email,
    held_replies,
    mailboxes,
    notifications,
    rating_requests,
    search_indexing,
    sla_targets,
    snoozes,
    tag_changes,
    web_push,
    webhooks,
)
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.jobs.registry import OUTBOX_QUEUES, PERIODIC_TASKS, WORK_QUEUES, PeriodicTask
from ticket_app.jobs.worker_pool import WorkerPool
from ticket_app.settings import settings

SWITCH_INTERVAL_SECONDS = 0.0005
"""How long a busy thread keeps a request waiting.

Python's own 5 ms multiplies the time of requests while many emails are written
(`benchmarks/outgoing_email.py`).
"""


JOB_MODULES = (
    account_email,
    approvals,
    attachments,
    cleanup,
    email,
    held_replies,
    mailboxes,
    notifications,
    rating_requests,
    search_indexing,
    sla_targets,
    snoozes,
    tag_changes,
    web_push,
    webhooks,
)
"""The modules that register background work in `registry.py`."""


def run_due_jobs() -> int:
    """Process all due outbox messages in this thread; return how many batches."""
    tasks = [task for queue in OUTBOX_QUEUES for task in queue.claim_tasks(20)]
    for task in tasks:
        task()
    return len(tasks)


def _run_periodic_task(stop: threading.Event, seconds: float, task: PeriodicTask) -> None:
    """Run a task until stopped, while this process is the one that runs periodic tasks."""
    while not stop.is_set():
        if heartbeat.is_first_registered:
            try:
                task()
            except Exception as error:  # noqa: BLE001 - the next round may succeed
                log().warning("round_failed", what=task.__name__, reason=repr(error))
            stop.wait(seconds)
        else:
            stop.wait(min(seconds, 1.0))


def run_worker(stop: threading.Event) -> None:
    """Work until stopped; if the database is away, wait for it."""
    pools = [
        WorkerPool(
            queue.name,
            concurrency=queue.concurrency(),
            claim_tasks=queue.claim_tasks,
            wake_event=queue.wake_event,
        )
        for queue in WORK_QUEUES
    ]
    heartbeat.send()
    threads = [
        threading.Thread(target=heartbeat.run, args=(stop,), name="heartbeat", daemon=True),
        *(
            threading.Thread(target=pool.run, args=(stop,), name=pool.name, daemon=True)
            for pool in pools
        ),
        *(
            threading.Thread(
                target=_run_periodic_task,
                args=(stop, seconds, task),
                name=task.__name__,
                daemon=True,
            )
            for seconds, task in PERIODIC_TASKS
        ),
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for pool in pools:
        pool.wake()
    for thread in threads:
        thread.join()
    mailboxes.stop_readers()
    for queue in WORK_QUEUES:
        queue.record_remaining()
    heartbeat.unregister()


@asynccontextmanager
async def background_worker() -> AsyncGenerator[None]:
    """Run the worker in threads of the serving process; `TICKET_JOBS=false` disables it."""
    if not settings().jobs:
        yield
        return
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop,), name="work", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join, 10)
