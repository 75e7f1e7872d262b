"""Background work as administrators see it: running processes and failed jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ticket_app.core.operations import processes
from ticket_app.core.platform import audit_log, outbox
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.outbox import FailedMessageRow
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind


@dataclass(frozen=True, slots=True)
class BackgroundJobStatus:
    """Failed jobs, how many there are, and how many processes are running."""

    failed_jobs: Sequence[FailedMessageRow]
    failed_count: int
    process_count: int


def get_status(uow: UnitOfWork) -> BackgroundJobStatus:
    """Return the state of background work. Raises `Forbidden`."""
    uow.actor.require("set_up", "see background jobs")
    return BackgroundJobStatus(
        outbox.list_failed(uow), outbox.count_failed(uow), len(processes.list_living(uow))
    )


def retry(uow: UnitOfWork, job_ids: Sequence[int] | None = None) -> int:
    """Retry failed jobs, all or those given; return how many.

    Raises `Forbidden`, and `NotFound` if none of the given jobs has failed.
    """
    uow.actor.require("set_up", "retry background jobs")
    retried_count = outbox.retry_failed(uow, job_ids)
    if job_ids is not None and not retried_count:
        raise NotFound("Failed job")
    audit_log.record(
        uow,
        AuditKind.SETTING,
        AuditAction.RETRIED,
        subject_type="background_jobs",
        subject_name="Background jobs",
        field="jobs",
        new=str(retried_count),
    )
    return retried_count
