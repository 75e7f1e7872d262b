"""Background work as administrators see it: who does it, and which jobs were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ticket_app.core.operations import processes
from ticket_app.core.platform import outbox
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import Desk


@dataclass(frozen=True, slots=True)
class BackgroundWork:
    """The failed jobs (as `outbox.given_up` returns them), how many, and the processes at work."""

    failed: list[Any]
    failed_count: int
    processes: int


def overview(desk: Desk) -> BackgroundWork:
    """Return how background work is doing. Raises `Forbidden`."""
    desk.actor.must("set_up", "see background jobs")
    return BackgroundWork(
        outbox.given_up(desk), outbox.count_given_up(desk), len(processes.living(desk))
    )


def retry(desk: Desk, job_ids: Sequence[int] | None = None) -> int:
    """Try failed jobs again, all or those named; returns how many.

    Raises `Forbidden`, and `NotFound` if none of those named has failed (any more).
    """
    desk.actor.must("set_up", "retry background jobs")
    retried = outbox.retry(desk, job_ids)
    if job_ids is not None and not retried:
        raise NotFound("Failed job")
    return retried
