"""A worker pool: one thread claims work from the database, several threads do it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from ticket_app.core.platform.logs import log

POLL_SECONDS = 0.15
"""The delay until work queued by other processes is found; this process sets the wake event."""
UNAVAILABLE_SECONDS = 1.0
"""The delay until work is looked for again after the database did not answer."""

Task = Callable[[], None]


class WorkerPool:
    """Claims as many tasks as threads are free, and again when one ends or the wake event is set.

    A claimed task starts at once: nothing that is leased waits in a queue of this process.
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
        """Work until stopped or woken; finish the tasks that have been started."""
        with ThreadPoolExecutor(self.concurrency, thread_name_prefix=self.name) as pool:
            while not stop.is_set():
                self._wake_event.clear()
                try:
                    is_idle = not self._start_due_tasks(pool)
                except Exception as error:  # noqa: BLE001 - the next look may succeed
                    log().warning("worker_waits", pool=self.name, reason=repr(error))
                    self._wake_event.wait(UNAVAILABLE_SECONDS)
                    continue
                if is_idle:
                    self._wake_event.wait(POLL_SECONDS)

    def wake(self) -> None:
        """Check at once for new work or a request to stop."""
        self._wake_event.set()

    def _start_due_tasks(self, pool: ThreadPoolExecutor) -> bool:
        """Start due tasks; return whether there were any."""
        with self._lock:
            free_slots = self._free_slots
        if not free_slots:
            return False
        tasks = self._claim_tasks(free_slots)
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
