"""Which function does the background work of each topic, and which tasks run by the clock.

A module of `jobs/` registers its functions here, and `worker.py` imports it:

    @JOBS.handles("tags.replaced")
    def replace_tag(uow, payload): ...

    @runs_every(30)
    def escalate_overdue(): ...
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ticket_app.core.platform import outbox
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.outbox import OutboxMessageRow
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.jobs.worker_pool import Task
from ticket_app.settings import settings

PAUSE_SECONDS = 0.005
Payload = dict[str, Any]
PeriodicTask = Callable[[], None]


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """Work that has threads of its own, so that no other work waits for it."""

    name: str
    concurrency: Callable[[], int]
    """How many tasks of one process run at once."""
    claim_tasks: Callable[[int], Sequence[Task]]
    """Claims at most so many tasks, so that no other process takes them."""
    wake_event: threading.Event
    """Set after a commit in this process that added work."""
    record_remaining: Callable[[], None] = lambda: None
    """Called when the worker ends."""


WORK_QUEUES: list[WorkQueue] = []
"""Every queue that a worker works on."""
PERIODIC_TASKS: list[tuple[float, PeriodicTask]] = []
"""Functions with their interval in seconds; one process of all runs them (`runs_every`)."""


class OutboxQueue:
    """Outbox messages of some topics, worked on by threads of their own.

    A message is processed at least once. It comes back later if its handler raises, with growing
    delays (`outbox.reschedule`), or if its process dies.
    """

    def __init__(self, name: str, *, concurrency: Callable[[], int], batch_size: int = 1) -> None:
        self._batch_size = batch_size
        self._handlers: dict[str, Callable[[Sequence[OutboxMessageRow]], None]] = {}
        self._wake_event = threading.Event()
        OUTBOX_QUEUES.append(self)
        WORK_QUEUES.append(WorkQueue(name, concurrency, self.claim_tasks, self._wake_event))

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of this queue."""
        return tuple(self._handlers)

    def handles(self, topic: str) -> Callable[[Callable[[UnitOfWork, Payload], None]], Any]:
        """Register a function that handles a message in one transaction.

        The message is marked as done in the same transaction, so what the function writes is
        written once.
        """

        def register(function: Callable[[UnitOfWork, Payload], None]) -> object:
            def run(uow: UnitOfWork, messages: Sequence[OutboxMessageRow]) -> None:
                for message in messages:
                    function(uow, message.payload)
                    outbox.mark_done(uow, message.id)

            self.handles_batches(topic)(run)
            return function

        return register

    def handles_batches(
        self, topic: str
    ) -> Callable[[Callable[[UnitOfWork, Sequence[OutboxMessageRow]], None]], None]:
        """Register a function that handles several messages in one transaction.

        It marks them as done, or deletes them. If it raises, each is handled by itself.
        """

        def register(
            function: Callable[[UnitOfWork, Sequence[OutboxMessageRow]], None],
        ) -> None:
            def run(messages: Sequence[OutboxMessageRow]) -> None:
                with open_unit_of_work(writes=True) as uow:
                    function(uow, messages)

            self._register(topic, run)

        return register

    def handles_without_transaction(
        self, topic: str
    ) -> Callable[[Callable[[Payload], None]], Callable[[Payload], None]]:
        """Register a function that waits for others (a scanner, a server), so that no transaction
        may be open; it must be safe to repeat.
        """

        def register(function: Callable[[Payload], None]) -> Callable[[Payload], None]:
            def run(messages: Sequence[OutboxMessageRow]) -> None:
                for message in messages:
                    function(message.payload)
                    with open_unit_of_work(writes=True) as uow:
                        outbox.mark_done(uow, message.id)

            self._register(topic, run)
            return function

        return register

    def _register(self, topic: str, run: Callable[[Sequence[OutboxMessageRow]], None]) -> None:
        if any(topic in queue.topics for queue in OUTBOX_QUEUES):
            raise ValueError(f"two functions handle the topic {topic}")
        self._handlers[topic] = run
        outbox.WAKE_EVENTS[topic] = self._wake_event

    def claim_tasks(self, limit: int) -> list[Task]:
        """Claim due messages for at most `limit` tasks."""
        with open_unit_of_work(writes=False) as uow:
            if not outbox.has_due_messages(uow, self.topics):
                return []
        with open_unit_of_work(writes=True) as uow:
            messages = outbox.claim_due(
                uow, limit * self._batch_size, self.topics, process_uuid=heartbeat.process_id
            )
        batches: dict[tuple[str, int], list[OutboxMessageRow]] = {}
        for n, message in enumerate(messages):
            batches.setdefault((message.topic, n // self._batch_size), []).append(message)
        return [partial(self._run, topic, batch) for (topic, _), batch in batches.items()]

    def _run(self, topic: str, messages: Sequence[OutboxMessageRow]) -> None:
        try:
            self._handlers[topic](messages)
        except Exception as error:  # noqa: BLE001 - it comes back later, and the log says why
            if len(messages) > 1:
                for message in messages:
                    self._run(topic, [message])
                return
            (message,) = messages
            reason = error.message if isinstance(error, DomainError) else repr(error)
            log().warning("job_postponed", topic=topic, message_id=message.id, reason=reason)
            with open_unit_of_work(writes=True) as uow:
                outbox.reschedule(uow, message.id, message.attempts + 1, reason)


OUTBOX_QUEUES: list[OutboxQueue] = []
"""Every queue of outbox messages."""
JOBS = OutboxQueue("jobs", concurrency=lambda: settings().job_threads)
"""Work that no one waits for within seconds."""


def pause_for_other_writers() -> None:
    """Pause between two transactions of a long task.

    The lock of SQLite's writers goes to whoever asks first, so that a task without pauses would
    take it again before the waiting request wakes.
    """
    time.sleep(PAUSE_SECONDS)


def runs_every(seconds: float) -> Callable[[PeriodicTask], PeriodicTask]:
    """Register a task that one process of all runs about every so many seconds.

    Each task has a thread of its own. Another process takes over within half a minute if that one
    dies; as both may run the task around that moment, it must be safe to repeat.
    """

    def register(task: PeriodicTask) -> PeriodicTask:
        PERIODIC_TASKS.append((seconds, task))
        return task

    return register
