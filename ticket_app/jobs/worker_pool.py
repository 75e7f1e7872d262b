"""A lane: work that one thread takes from the database and several do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from ticket_app.core.platform.logs import log

POLL_SECONDS = 1.0
"""How long what another process asked for may wait; this one's own rings the bell."""

Task = Callable[[], None]


class WorkerPool:
    """Takes as many tasks as it has hands, and takes again when one is done or the bell rings.

    What is taken begins at once: nothing that is leased waits in a queue of this process.
    """

    def __init__(
        self,
        name: str,
        *,
        concurrency: int,
        claim_tasks: Callable[[int], Sequence[Task]],
        wake_event: threading.Event,
    ) -> None:
        self.name = name
        self.concurrency = concurrency
        self._claim_tasks = claim_tasks
        self._wake_event = wake_event
        self._free_slots = concurrency
        self._lock = threading.Lock()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop (and woken by the bell); what was begun is finished."""
        with ThreadPoolExecutor(self.concurrency, thread_name_prefix=self.name) as pool:
            while not stop.is_set():
                self._wake_event.clear()
                if not self._start_due_tasks(pool):
                    self._wake_event.wait(POLL_SECONDS)

    def wake(self) -> None:
        """Look at once whether there is something to do, or a reason to stop."""
        self._wake_event.set()

    def _start_due_tasks(self, pool: ThreadPoolExecutor) -> bool:
        """Begin what is due; whether there was anything. A database that is away is waited for."""
        with self._lock:
            free_slots = self._free_slots
        if not free_slots:
            return False
        try:
            tasks = self._claim_tasks(free_slots)
        except Exception as error:  # noqa: BLE001 - the next look may succeed
            log().warning("worker_waits", pool=self.name, reason=repr(error))
            return False
        for task in tasks:
            with self._lock:
                self._free_slots -= 1
            pool.submit(self._run_task, task)
        return bool(tasks)

    def _run_task(self, task: Task) -> None:
        try:
            task()
        except Exception as error:  # noqa: BLE001 - its lease runs out, and it is done again
            log().error("task_failed", pool=self.name, exc_info=error)
        finally:
            with self._lock:
                self._free_slots += 1
            self._wake_event.set()
