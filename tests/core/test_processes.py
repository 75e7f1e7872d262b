"""What a dead process held is taken over; what a living one holds is left to it."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert, select, update

from tests.cast import Cast, Clock, UowFor
from tests.core.webhooks import subscribed
from ticket_app.core.email.outgoing import delivery as email_delivery
from ticket_app.core.operations import doctor, processes
from ticket_app.core.operations.processes import DEAD_AFTER
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.jobs import webhooks as webhook_jobs
from ticket_app.settings import reload_settings
from ticket_app.tables import (
    OutgoingEmail,
    background_process_table,
    outbox_message_table,
    webhook_delivery_table,
)

ROOT = Path(__file__).resolve().parents[2]
TOPIC = "mail"
HOLDER = """
import sys
from ticket_app.core.operations import processes
from ticket_app.core.platform import outbox
from ticket_app.core.platform.database import create_database_engine
from ticket_app.core.platform.unit_of_work import open_unit_of_work

bind = create_database_engine(sys.argv[1])
with open_unit_of_work(writes=True, bind=bind) as uow:
    own = processes.record_heartbeat_and_release_dead(uow, None)
    messages = outbox.claim_due(uow, 20, ("mail",), process_uuid=own)
print(len(messages), flush=True)
sys.stdin.read()
"""


def claim(uow_for: UowFor, process: UUID | None = None) -> list[int]:
    with uow_for(None) as uow:
        return [message.id for message in outbox.claim_due(uow, 20, (TOPIC,), process_uuid=process)]


def beat(uow_for: UowFor, process: UUID | None = None) -> UUID:
    with uow_for(None) as uow:
        return processes.record_heartbeat_and_release_dead(uow, process)


def put(uow_for: UowFor) -> None:
    with uow_for(None) as uow:
        outbox.enqueue(uow, TOPIC)


def elsewhere(uow_for: UowFor, **values: Any) -> UUID:
    """A process of another machine that has just given a sign of life."""
    other = UUID(int=7)
    with uow_for(None) as uow:
        row = {
            "id": other,
            "machine": "another",
            "pid": 1,
            "start_time": "1",
            "registered_at": uow.now,
            "seen_at": uow.now,
        }
        uow.connection.execute(insert(background_process_table).values(**{**row, **values}))
    return other


def test_what_a_killed_process_of_this_machine_held_is_free_at_the_next_sign_of_life(
    uow_for: UowFor, database: Engine
) -> None:
    put(uow_for)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database.url.render_as_string(hide_password=False)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "1\n"
    with open_unit_of_work(writes=True, bind=database) as uow:
        processes.record_heartbeat_and_release_dead(uow, None)
        assert outbox.claim_due(uow, 20, (TOPIC,)) == []
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    with open_unit_of_work(writes=True, bind=database) as uow:
        processes.record_heartbeat_and_release_dead(uow, None)
        assert len(outbox.claim_due(uow, 20, (TOPIC,))) == 1


def test_a_process_elsewhere_is_dead_when_it_has_been_silent(uow_for: UowFor, clock: Clock) -> None:
    put(uow_for)
    other = elsewhere(uow_for)
    own = beat(uow_for)
    (taken,) = claim(uow_for, other)
    clock.now += DEAD_AFTER - timedelta(seconds=1)
    beat(uow_for, own)
    assert claim(uow_for) == []
    clock.now += timedelta(seconds=1)
    beat(uow_for, own)
    assert claim(uow_for) == [taken]
    assert timedelta(seconds=30) >= DEAD_AFTER + processes.HEARTBEAT_INTERVAL


def test_another_process_with_the_same_pid_is_not_the_one(uow_for: UowFor) -> None:
    put(uow_for)
    former = elsewhere(
        uow_for, machine=processes.machine_id(), pid=1, start_time="not when pid 1 began"
    )
    (taken,) = claim(uow_for, former)
    beat(uow_for)
    assert claim(uow_for) == [taken]


def test_a_process_that_ends_well_leaves_nothing_behind(uow_for: UowFor) -> None:
    put(uow_for)
    own = beat(uow_for)
    (taken,) = claim(uow_for, own)
    with uow_for(None) as uow:
        processes.unregister(uow, own)
        assert processes.list_living(uow) == []
    assert claim(uow_for) == [taken]


def test_a_process_taken_for_dead_registers_again(uow_for: UowFor, clock: Clock) -> None:
    own = beat(uow_for)
    with uow_for(None) as uow:
        assert len(processes.list_living(uow)) == 1
    clock.now += DEAD_AFTER
    beat(uow_for)
    again = beat(uow_for, own)
    assert again != own
    assert beat(uow_for, again) == again


def test_a_delivery_of_a_dead_process_is_due_again(
    uow_for: UowFor, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
    reload_settings()
    with uow_for(cast.admin) as uow:
        subscribed(uow, "ticket.created", url="http://127.0.0.1:9/")
    with uow_for(cast.owner) as uow:
        open_ticket(uow, TicketDraft("Lamp", "Dark"))
    with uow_for(None) as uow:
        messages = outbox.claim_due(uow, 20, (outbox.CHANGES_TOPIC,))
        webhook_deliveries.queue_deliveries_and_delete_messages(uow, messages)
    other = elsewhere(uow_for)
    with uow_for(None) as uow:
        (first,) = webhook_deliveries.claim(uow, 1, 5, process_id=other)
        assert webhook_deliveries.claim(uow, 1, 5) == []
    clock.now += DEAD_AFTER
    beat(uow_for)
    with uow_for(None) as uow:
        (second,) = webhook_deliveries.claim(uow, 1, 5)
        assert second.message_id == first.message_id
        webhook_deliveries.record_attempt(uow, second, webhook_deliveries.AttemptResult(status=200))
        row = uow.connection.execute(select(webhook_delivery_table)).one()
        assert (row.state, row.claimed_by) == ("delivered", None)
    assert webhook_jobs.heartbeat.process_id is None


def test_email_of_a_dead_process_is_due_again(uow_for: UowFor, clock: Clock) -> None:
    other = elsewhere(uow_for)
    with uow_for(None) as uow:
        waiting = OutgoingEmail(
            kind="reply",
            recipient="uma@example.com",
            message_id="<1@desk>",
            subject="Lamp",
            source="",
            state="waiting",
            next_try_at=uow.now,
            created_at=uow.now,
        )
        uow.session.add(waiting)
        uow.flush()
        assert len(email_delivery.drop_pointless_and_claim_due(uow, 5, process_uuid=other)) == 1
        assert not email_delivery.has_due(uow)
    clock.now += DEAD_AFTER
    beat(uow_for)
    with uow_for(None) as uow:
        assert email_delivery.has_due(uow)


class TestGivenUp:
    """Messages that failed too often."""

    @pytest.fixture
    def failed(self, uow_for: UowFor) -> int:
        put(uow_for)
        (taken,) = claim(uow_for)
        with uow_for(None) as uow:
            outbox.reschedule(uow, taken, 1, "the scanner did not answer")
            uow.connection.execute(
                update(outbox_message_table).values(attempts=outbox.MAX_ATTEMPTS)
            )
        return taken

    def test_they_are_listed_and_tried_again(
        self, uow_for: UowFor, clock: Clock, failed: int
    ) -> None:
        clock.now += timedelta(days=1)
        assert claim(uow_for) == []
        with uow_for(None) as uow:
            (row,) = outbox.list_failed(uow)
            assert (row.id, row.topic, row.last_error) == (
                failed,
                TOPIC,
                "the scanner did not answer",
            )
            assert outbox.retry_failed(uow, [failed + 1]) == 0
            assert outbox.retry_failed(uow) == 1
            assert outbox.count_failed(uow) == 0
        assert claim(uow_for) == [failed]

    def test_the_doctor_names_them(self, uow_for: UowFor, failed: int) -> None:
        found = {one.name: one for one in doctor.run_checks()}["outbox"]
        assert not found.is_ok
        assert "1 failed 20 times" in found.detail
        assert f"{failed} ({TOPIC}): the scanner did not answer" in found.detail
        with uow_for(None) as uow:
            outbox.retry_failed(uow)
        assert {one.name: one for one in doctor.run_checks()}["outbox"].is_ok


def test_the_doctor_sees_that_jobs_run_nowhere(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_JOBS", "false")
    reload_settings()
    found = {one.name: one for one in doctor.run_checks()}["jobs"]
    assert not found.is_ok
    assert "TICKET_JOBS is false" in found.detail
    with open_unit_of_work(writes=True, bind=database) as uow:
        processes.record_heartbeat_and_release_dead(uow, None)
    assert {one.name: one for one in doctor.run_checks()}["jobs"].is_ok
