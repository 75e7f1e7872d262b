"""The page with failed background jobs: what administrators see, and who is turned away."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.cast import Cast, DeskFor
from ticket_app.core.operations import background_jobs
from ticket_app.core.platform import outbox
from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.jobs.worker import JOBS
from ticket_app.tables import outbox_message_table
from ticket_app.ui.pages.admin.jobs.rows import LABELS, jobs


@pytest.fixture
def failed(desk_for: DeskFor) -> int:
    with desk_for(None) as desk:
        outbox.put(desk, outbox.CHANGES_TOPIC, ticket_id=7, entries=[1])
        (message,) = outbox.claim(desk, 1, (outbox.CHANGES_TOPIC,))
        outbox.postpone(desk, message.id, 1, "the receiver list could not be read")
        desk.db.execute(update(outbox_message_table).values(attempts=outbox.MOST_ATTEMPTS))
    return message.id


def test_administrators_see_and_retry_them(desk_for: DeskFor, cast: Cast, failed: int) -> None:
    with desk_for(cast.admin) as desk:
        found = jobs(desk)
        (job,) = found.failed
        assert (job.id, job.label, job.details, job.error, job.attempts) == (
            failed,
            "Prepare webhook messages",
            "ticket id 7",
            "the receiver list could not be read",
            outbox.MOST_ATTEMPTS,
        )
        assert (found.failed_count, found.processes) == (1, 0)
        assert background_jobs.retry(desk, [failed]) == 1
        assert jobs(desk).failed == []
        with pytest.raises(NotFound):
            background_jobs.retry(desk, [failed])
        assert background_jobs.retry(desk) == 0


def test_others_are_refused(desk_for: DeskFor, cast: Cast, failed: int) -> None:
    for person in (cast.owner, cast.agent, cast.manager):
        with desk_for(person) as desk:
            with pytest.raises(Forbidden):
                jobs(desk)
            with pytest.raises(Forbidden):
                background_jobs.retry(desk)
    with desk_for(None) as desk:
        assert outbox.count_given_up(desk) == 1


def test_every_kind_of_job_has_a_label() -> None:
    assert {*JOBS, outbox.CHANGES_TOPIC} == LABELS.keys()
