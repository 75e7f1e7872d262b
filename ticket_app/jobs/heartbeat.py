"""The heartbeat of this process while it does background work."""

from __future__ import annotations

import threading
from uuid import UUID

from ticket_app.core.operations import processes
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_unit_of_work


class Heartbeat:
    """Keeps this process registered; `process_id` marks the work that it has claimed.

    `is_first_registered` is whether this process, of all that are alive, runs the periodic tasks.
    """

    def __init__(self) -> None:
        self.process_id: UUID | None = None
        self.is_first_registered = False

    def send(self) -> None:
        """Record one heartbeat; if the database is away, try again with the next one."""
        try:
            with open_unit_of_work(writes=True) as uow:
                process_id = processes.record_heartbeat_and_release_dead(uow, self.process_id)
                is_first_registered = processes.is_first_registered(uow, process_id)
            self.process_id, self.is_first_registered = process_id, is_first_registered
        except Exception as error:  # noqa: BLE001 - the next one may succeed
            log().warning("heartbeat_failed", reason=repr(error))

    def run(self, stop: threading.Event) -> None:
        """Send heartbeats until stopped."""
        while not stop.wait(processes.HEARTBEAT_INTERVAL.total_seconds()):
            self.send()

    def unregister(self) -> None:
        """Remove the registration of this process, so that others need not wait for its timeout."""
        if self.process_id is None:
            return
        try:
            with open_unit_of_work(writes=True) as uow:
                processes.unregister(uow, self.process_id)
        except Exception as error:  # noqa: BLE001 - others will find out
            log().warning("heartbeat_failed", reason=repr(error))
        self.process_id = None
        self.is_first_registered = False


heartbeat = Heartbeat()
"""The heartbeat of this process."""
