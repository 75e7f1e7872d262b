"""What happens later: messages of the outbox, each at least once, and the daily sweep.

Any number of processes may run this; a message is leased to one of them at a time. It runs inside
`serve`, and as `python -m ticket_app worker` of its own.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from ticket_app.core import attachments as files
from ticket_app.core import idempotency, notifications, outbox
from ticket_app.core.desk import open_desk
from ticket_app.core.errors import DeskError
from ticket_app.core.logs import log
from ticket_app.jobs import attachments
from ticket_app.settings import settings

IDLE_SECONDS = 2.0
SWEEP_SECONDS = 3600.0

JOBS: dict[str, Callable[[dict[str, Any]], None]] = {
    files.SCAN_TOPIC: attachments.scan,
}
"""What is done about each topic."""


def work_once() -> int:
    """Deal with the messages that are due now; how many there were."""
    with open_desk(writes=False) as desk:
        if not outbox.any_due(desk):
            return 0
    with open_desk(writes=True) as desk:
        due = outbox.claim(desk)
    for message in due:
        _deal_with(message)
    return len(due)


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


def sweep() -> None:
    """Throw away what is kept for a time only."""
    with open_desk(writes=True) as desk:
        idempotency.sweep(desk)
        outbox.sweep(desk)
        notifications.sweep(desk)


def work(stop: threading.Event) -> None:
    """Work until told to stop; a database that is away for a while is waited for."""
    swept_at = float("-inf")
    while not stop.is_set():
        try:
            if time.monotonic() - swept_at > SWEEP_SECONDS:
                sweep()
                swept_at = time.monotonic()
            busy = work_once() > 0
        except Exception as broken:  # noqa: BLE001 - the next look may succeed
            log().warning("worker_waits", why=repr(broken))
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)


@asynccontextmanager
async def working() -> AsyncIterator[None]:
    """Work in a thread for the life of the serving process (`TICKET_JOBS=false` leaves it out)."""
    if not settings().jobs:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join, 10)
