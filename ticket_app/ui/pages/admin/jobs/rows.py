"""Rows of the background jobs page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ticket_app.core.attachments import uploading
from ticket_app.core.notifications import notifications
from ticket_app.core.operations import background_jobs
from ticket_app.core.people import account_links, password_reset
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_index
from ticket_app.core.tickets import tag_changes
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.rows import iso_time

JOB_LABELS: Final = {
    uploading.SCAN_TOPIC: texts.JOBS_SCAN,
    outbox.CHANGES_TOPIC: texts.JOBS_WEBHOOK_MESSAGES,
    outbox.NOTIFICATIONS_TOPIC: texts.JOBS_NOTIFICATIONS,
    notifications.PUSH_TOPIC: texts.JOBS_PUSH,
    account_links.EMAIL_TOPIC: texts.JOBS_ACCOUNT_EMAIL,
    password_reset.REQUESTED_TOPIC: texts.JOBS_PASSWORD_RESET,
    search_index.RENAMED_TOPIC: texts.JOBS_SEARCH_INDEX,
    tag_changes.REPLACED_TOPIC: texts.JOBS_TAGS,
}
"""What a job does, by topic; other topics are shown as they are."""


@dataclass(frozen=True)
class FailedJob:
    """A job that has failed too often to be retried automatically."""

    id: int
    label: str
    details: str
    error: str
    attempts: int
    created_at: str


@dataclass(frozen=True)
class JobsOverview:
    """The data of the page."""

    failed: list[FailedJob]
    failed_count: int
    processes: int


def load_jobs(uow: UnitOfWork) -> JobsOverview:
    """Return the failed jobs, oldest first, and how many processes do background work."""
    found = background_jobs.get_status(uow)
    return JobsOverview(
        failed=[
            FailedJob(
                id=job.id,
                label=JOB_LABELS.get(job.topic, job.topic),
                details=", ".join(
                    f"{name.replace('_', ' ')} {value}"
                    for name, value in job.payload.items()
                    if isinstance(value, int | str)
                ),
                error=job.last_error or texts.JOBS_NO_ERROR,
                attempts=job.attempts,
                created_at=iso_time(job.created_at),
            )
            for job in found.failed_jobs
        ],
        failed_count=found.failed_count,
        processes=found.process_count,
    )
