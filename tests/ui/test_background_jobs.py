"""The page with failed background jobs: what administrators see, and who is turned away."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.cast import Cast, UowFor
from ticket_app.core.operations import background_jobs
from ticket_app.core.platform import outbox
from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.jobs.worker import OUTBOX_QUEUES
from ticket_app.tables import outbox_message_table
from ticket_app.ui.pages.admin.jobs.rows import JOB_LABELS, load_jobs


@pytest.fixture
def failed(uow_for: UowFor) -> int:
    with uow_for(None) as uow:
        outbox.enqueue(uow, outbox.CHANGES_TOPIC, ticket_id=7, entries=[1])
        (message,) = outbox.claim_due(uow, 1, (outbox.CHANGES_TOPIC,))
        outbox.reschedule(uow, message.id, 1, "the receiver list could not be read")
        uow.connection.execute(update(outbox_message_table).values(attempts=outbox.MAX_ATTEMPTS))
    return message.id


def test_administrators_see_and_retry_them(uow_for: UowFor, cast: Cast, failed: int) -> None:
    with uow_for(cast.admin) as uow:
        found = load_jobs(uow)
        (job,) = found.failed
        assert (job.id, job.label, job.details, job.error, job.attempts) == (
            failed,
            "Prepare webhook messages",
            "ticket id 7",
            "the receiver list could not be read",
            outbox.MAX_ATTEMPTS,
        )
        assert (found.failed_count, found.processes) == (1, 0)
        assert background_jobs.retry(uow, [failed]) == 1
        assert load_jobs(uow).failed == []
        with pytest.raises(NotFound):
            background_jobs.retry(uow, [failed])
        assert background_jobs.retry(uow) == 0


def test_others_are_refused(uow_for: UowFor, cast: Cast, failed: int) -> None:
    for person in (cast.owner, cast.agent, cast.manager):
        with uow_for(person) as uow:
            with pytest.raises(Forbidden):
                load_jobs(uow)
            with pytest.raises(Forbidden):
                background_jobs.retry(uow)
    with uow_for(None) as uow:
        assert outbox.count_failed(uow) == 1


def test_every_kind_of_job_has_a_label() -> None:
    topics = {topic for queue in OUTBOX_QUEUES for topic in queue.topics}
    assert topics == JOB_LABELS.keys()
