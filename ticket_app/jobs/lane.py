"""A lane: work that one thread takes from the database and several do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from ticket_app.core.platform.logs import log

IDLE_SECONDS = 1.0
"""How long what another process asked for may wait; this one's own rings the bell."""

Task = Callable[[], None]


class Lane:
    """Takes as many tasks as it has hands, and takes again when one is done or the bell rings.

    What is taken begins at once: nothing that is leased waits in a queue of this process.
    """

    def __init__(
        self,
        name: str,
        *,
        hands: int,
        take: Callable[[int], Sequence[Task]],
        bell: threading.Event,
    ) -> None:
        self.name = name
        self.hands = hands
        self._take = take
        self._bell = bell
        self._free = hands
        self._lock = threading.Lock()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop (and woken by the bell); what was begun is finished."""
        with ThreadPoolExecutor(self.hands, thread_name_prefix=self.name) as pool:
            while not stop.is_set():
                self._bell.clear()
                if not self._begin(pool):
                    self._bell.wait(IDLE_SECONDS)

    def wake(self) -> None:
        """Look at once whether there is something to do, or a reason to stop."""
        self._bell.set()

    def _begin(self, pool: ThreadPoolExecutor) -> bool:
        """Begin what is due; whether there was anything. A database that is away is waited for."""
        with self._lock:
            free = self._free
        if not free:
            return False
        try:
            tasks = self._take(free)
        except Exception as broken:  # noqa: BLE001 - the next look may succeed
            log().warning("worker_waits", lane=self.name, why=repr(broken))
            return False
        for task in tasks:
            with self._lock:
                self._free -= 1
            pool.submit(self._do, task)
        return bool(tasks)

    def _do(self, task: Task) -> None:
        try:
            task()
        except Exception as broken:  # noqa: BLE001 - its lease runs out, and it is done again
            log().error("task_failed", lane=self.name, exc_info=broken)
        finally:
            with self._lock:
                self._free += 1
            self._bell.set()
