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

from tests.cast import Cast, Clock, DeskFor
from tests.core.webhooks import subscribed
from ticket_app.core.operations import doctor, processes
from ticket_app.core.operations.processes import DEAD_AFTER
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import open_desk
from ticket_app.core.tickets.tickets import TicketDraft, open_ticket
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.jobs import webhooks as webhook_jobs
from ticket_app.settings import reload_settings
from ticket_app.tables import background_process_table, outbox_message_table, webhook_delivery_table

ROOT = Path(__file__).resolve().parents[2]
TOPIC = "mail"
HOLDER = """
import sys
from ticket_app.core import outbox, processes
from ticket_app.core.database import make_engine
from ticket_app.core.desk import open_desk

bind = make_engine(sys.argv[1])
with open_desk(writes=True, bind=bind) as desk:
    own = processes.beat(desk, None)
    taken = outbox.claim(desk, 20, ("mail",), process=own)
print(len(taken), flush=True)
sys.stdin.read()
"""


def claim(desk_for: DeskFor, process: UUID | None = None) -> list[int]:
    with desk_for(None) as desk:
        return [message.id for message in outbox.claim(desk, 20, (TOPIC,), process=process)]


def beat(desk_for: DeskFor, process: UUID | None = None) -> UUID:
    with desk_for(None) as desk:
        return processes.beat(desk, process)


def put(desk_for: DeskFor) -> None:
    with desk_for(None) as desk:
        outbox.put(desk, TOPIC)


def elsewhere(desk_for: DeskFor, **values: Any) -> UUID:
    """A process of another machine that has just given a sign of life."""
    other = UUID(int=7)
    with desk_for(None) as desk:
        row = {
            "id": other,
            "machine": "another",
            "pid": 1,
            "started": "1",
            "registered_at": desk.now,
            "seen_at": desk.now,
        }
        desk.db.execute(insert(background_process_table).values(**{**row, **values}))
    return other


def test_what_a_killed_process_of_this_machine_held_is_free_at_the_next_sign_of_life(
    desk_for: DeskFor, database: Engine
) -> None:
    put(desk_for)
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
    with open_desk(writes=True, bind=database) as desk:
        processes.beat(desk, None)
        assert outbox.claim(desk, 20, (TOPIC,)) == []
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    with open_desk(writes=True, bind=database) as desk:
        processes.beat(desk, None)
        assert len(outbox.claim(desk, 20, (TOPIC,))) == 1


def test_a_process_elsewhere_is_dead_when_it_has_been_silent(
    desk_for: DeskFor, clock: Clock
) -> None:
    put(desk_for)
    other = elsewhere(desk_for)
    own = beat(desk_for)
    (taken,) = claim(desk_for, other)
    clock.now += DEAD_AFTER - timedelta(seconds=1)
    beat(desk_for, own)
    assert claim(desk_for) == []
    clock.now += timedelta(seconds=1)
    beat(desk_for, own)
    assert claim(desk_for) == [taken]
    assert timedelta(seconds=30) >= DEAD_AFTER + processes.EVERY


def test_another_process_with_the_same_pid_is_not_the_one(desk_for: DeskFor) -> None:
    put(desk_for)
    former = elsewhere(
        desk_for, machine=processes.this_machine(), pid=1, started="not when pid 1 began"
    )
    (taken,) = claim(desk_for, former)
    beat(desk_for)
    assert claim(desk_for) == [taken]


def test_a_process_that_ends_well_leaves_nothing_behind(desk_for: DeskFor) -> None:
    put(desk_for)
    own = beat(desk_for)
    (taken,) = claim(desk_for, own)
    with desk_for(None) as desk:
        processes.sign_off(desk, own)
        assert processes.living(desk) == []
    assert claim(desk_for) == [taken]


def test_a_process_taken_for_dead_registers_again(desk_for: DeskFor, clock: Clock) -> None:
    own = beat(desk_for)
    with desk_for(None) as desk:
        assert len(processes.living(desk)) == 1
    clock.now += DEAD_AFTER
    beat(desk_for)
    again = beat(desk_for, own)
    assert again != own
    assert beat(desk_for, again) == again


def test_a_delivery_of_a_dead_process_is_due_again(
    desk_for: DeskFor, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
    reload_settings()
    with desk_for(cast.admin) as desk:
        subscribed(desk, "ticket.created", url="http://127.0.0.1:9/")
    with desk_for(cast.owner) as desk:
        open_ticket(desk, TicketDraft("Lamp", "Dark"))
    with desk_for(None) as desk:
        messages = outbox.claim(desk, 20, (outbox.CHANGES_TOPIC,))
        webhook_deliveries.fan_out(desk, messages)
    other = elsewhere(desk_for)
    with desk_for(None) as desk:
        (first,) = webhook_deliveries.claim(desk, 1, 5, process=other)
        assert webhook_deliveries.claim(desk, 1, 5) == []
    clock.now += DEAD_AFTER
    beat(desk_for)
    with desk_for(None) as desk:
        (second,) = webhook_deliveries.claim(desk, 1, 5)
        assert second.message_id == first.message_id
        webhook_deliveries.record(desk, second, webhook_deliveries.Outcome(status=200))
        row = desk.db.execute(select(webhook_delivery_table)).one()
        assert (row.state, row.claimed_by) == ("delivered", None)
    assert webhook_jobs.heartbeat.process_id is None


class TestGivenUp:
    """Messages that failed too often."""

    @pytest.fixture
    def failed(self, desk_for: DeskFor) -> int:
        put(desk_for)
        (taken,) = claim(desk_for)
        with desk_for(None) as desk:
            outbox.postpone(desk, taken, 1, "the scanner did not answer")
            desk.db.execute(update(outbox_message_table).values(attempts=outbox.MOST_ATTEMPTS))
        return taken

    def test_they_are_listed_and_tried_again(
        self, desk_for: DeskFor, clock: Clock, failed: int
    ) -> None:
        clock.now += timedelta(days=1)
        assert claim(desk_for) == []
        with desk_for(None) as desk:
            (row,) = outbox.given_up(desk)
            assert (row.id, row.topic, row.last_error) == (
                failed,
                TOPIC,
                "the scanner did not answer",
            )
            assert outbox.retry(desk, [failed + 1]) == 0
            assert outbox.retry(desk) == 1
            assert outbox.count_given_up(desk) == 0
        assert claim(desk_for) == [failed]

    def test_the_doctor_names_them(self, desk_for: DeskFor, failed: int) -> None:
        found = {one.name: one for one in doctor.look()}["outbox"]
        assert not found.is_well
        assert "1 failed 20 times" in found.says
        assert f"{failed} ({TOPIC}): the scanner did not answer" in found.says
        with desk_for(None) as desk:
            outbox.retry(desk)
        assert {one.name: one for one in doctor.look()}["outbox"].is_well


def test_the_doctor_sees_that_jobs_run_nowhere(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_JOBS", "false")
    reload_settings()
    found = {one.name: one for one in doctor.look()}["jobs"]
    assert not found.is_well
    assert "TICKET_JOBS is false" in found.says
    with open_desk(writes=True, bind=database) as desk:
        processes.beat(desk, None)
    assert {one.name: one for one in doctor.look()}["jobs"].is_well
