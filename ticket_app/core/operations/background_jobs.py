"""Background work as administrators see it: who does it, and which jobs were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ticket_app.core.operations import processes
from ticket_app.core.platform import outbox
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class BackgroundJobStatus:
    """The failed jobs (as `outbox.given_up` returns them), how many, and the processes at work."""

    failed_jobs: list[Any]
    failed_count: int
    process_count: int


def get_status(uow: UnitOfWork) -> BackgroundJobStatus:
    """Return how background work is doing. Raises `Forbidden`."""
    uow.actor.require("set_up", "see background jobs")
    return BackgroundJobStatus(
        outbox.list_failed(uow), outbox.count_failed(uow), len(processes.list_living(uow))
    )


def retry(uow: UnitOfWork, job_ids: Sequence[int] | None = None) -> int:
    """Try failed jobs again, all or those named; returns how many.

    Raises `Forbidden`, and `NotFound` if none of those named has failed (any more).
    """
    uow.actor.require("set_up", "retry background jobs")
    retried_count = outbox.retry_failed(uow, job_ids)
    if job_ids is not None and not retried_count:
        raise NotFound("Failed job")
    return retried_count
