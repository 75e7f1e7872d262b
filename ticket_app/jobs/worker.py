"""What happens later: messages of the outbox, deliveries of webhooks, and rounds by the clock.

Any number of processes may run this; whatever is taken is leased to one of them at a time. It runs
inside `serve`, and as `python -m ticket_app worker` of its own.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from ticket_app.core.attachments import attachments as files
from ticket_app.core.attachments import cleanup as attachment_cleanup
from ticket_app.core.notifications import notifications
from ticket_app.core.platform import idempotency, outbox
from ticket_app.core.platform.errors import DeskError
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_desk
from ticket_app.core.search import search_index
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.jobs import approvals, attachments, searching, service_levels, webhooks
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.jobs.lane import Lane, Task
from ticket_app.settings import settings

JOBS: dict[str, Callable[[dict[str, Any]], None]] = {
    files.SCAN_TOPIC: attachments.scan,
    search_index.RENAMED_TOPIC: searching.follow_name,
}
"""What is done about each topic of the outbox, a message at a time."""


def sweep() -> None:
    """Throw away what is kept for a time only."""
    for throw_away in (
        idempotency.sweep,
        attachment_cleanup.sweep,
        notifications.sweep,
        outbox.sweep,
        webhook_deliveries.sweep,
    ):
        while True:
            with open_desk(writes=True) as desk:
                gone = throw_away(desk)
            if gone < outbox.SWEPT_AT_ONCE:
                break


ROUNDS: list[tuple[float, Callable[[], None]]] = [
    (3600.0, sweep),
    (approvals.EVERY_SECONDS, approvals.escalate),
    (service_levels.EVERY_SECONDS, service_levels.look),
]
"""What is done every so many seconds, and at start; each process does it, so it may be repeated."""


def take(most: int = 20) -> list[Task]:
    """Lease messages that are due; a task for each."""
    topics = tuple(JOBS)
    with open_desk(writes=False) as desk:
        if not outbox.any_due(desk, topics):
            return []
    with open_desk(writes=True) as desk:
        messages = outbox.claim(desk, most, topics, process=heartbeat.process_id)
    return [partial(_deal_with, message) for message in messages]


def work_once() -> int:
    """Deal with what is due in the outbox now, here; how much it was."""
    tasks = [*take(), *webhooks.take_changes()]
    for task in tasks:
        task()
    return len(tasks)


def _deal_with(message: Any) -> None:
    try:
        JOBS[message.topic](message.payload)
    except Exception as broken:  # noqa: BLE001 - it comes back later, and the log says why
        why = broken.message if isinstance(broken, DeskError) else repr(broken)
        log().warning("job_postponed", topic=message.topic, message_id=message.id, why=why)
        with open_desk(writes=True) as desk:
            outbox.postpone(desk, message.id, message.attempts + 1, why)
        return
    with open_desk(writes=True) as desk:
        outbox.finish(desk, message.id)


def _go_round(stop: threading.Event) -> None:
    """Do the rounds until told to stop."""
    due = [0.0] * len(ROUNDS)
    while not stop.is_set():
        for n, (seconds, look_after) in enumerate(ROUNDS):
            if time.monotonic() < due[n]:
                continue
            due[n] = time.monotonic() + seconds
            try:
                look_after()
            except Exception as broken:  # noqa: BLE001 - the next round may succeed
                log().warning("round_failed", what=look_after.__name__, why=repr(broken))
        stop.wait(min(1.0, *(seconds for seconds, _ in ROUNDS)))


def work(stop: threading.Event) -> None:
    """Work until told to stop; a database that is away for a while is waited for."""
    lanes = (
        Lane("jobs", hands=settings().job_threads, take=take, bell=outbox.bell),
        Lane("changes", hands=1, take=webhooks.take_changes, bell=outbox.changes_bell),
        Lane(
            "webhooks",
            hands=settings().webhook_threads,
            take=webhooks.take_deliveries,
            bell=webhook_deliveries.bell,
        ),
    )
    threads = [
        threading.Thread(target=lane.run, args=(stop,), name=lane.name, daemon=True)
        for lane in lanes
    ]
    heartbeat.beat()
    signs = threading.Thread(target=heartbeat.run, args=(stop,), name="heartbeat", daemon=True)
    signs.start()
    for thread in threads:
        thread.start()
    _go_round(stop)
    for lane, thread in zip(lanes, threads, strict=True):
        lane.wake()
        thread.join()
    signs.join()
    webhooks.write_down_rest()
    heartbeat.end()


@asynccontextmanager
async def working() -> AsyncIterator[None]:
    """Work in threads for the life of the serving process (`TICKET_JOBS=false` leaves it out)."""
    if not settings().jobs:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name="work", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join, 10)
