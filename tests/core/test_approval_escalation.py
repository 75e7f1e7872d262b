"""What is not decided in time is brought to others, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.event import listen

from tests.cast import Cast, Clock, DeskFor
from tests.core.approving import asking, policy, told_of, waiting_for
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals.approvers import Approvers
from ticket_app.core.approvals.decisions import act, cancel
from ticket_app.core.approvals.escalation import escalate, overdue
from ticket_app.core.approvals.policies import ALL
from ticket_app.core.conversation.commenting import comment
from ticket_app.core.notifications import notifications
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets.tickets import delete_ticket, hold, restore_ticket
from ticket_app.core.timeline import timeline
from ticket_app.jobs import approvals as job
from ticket_app.jobs.worker import ROUNDS
from ticket_app.tables import Person

APPROVE, REJECT = ApprovalAction.APPROVE, ApprovalAction.REJECT


def go_round(desk_for: DeskFor) -> int:
    """What the job does, at the clock's time; how many were brought to others."""
    with desk_for(None, writes=False) as desk:
        rows = overdue(desk)
    done = 0
    for row in rows:
        with desk_for(None) as desk:
            done += escalate(desk, row.id, row.ticket_id)
    return done


@pytest.fixture
def waiting(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> tuple[int, int]:
    """A ticket that waits for the manager for a day at most, and the request."""
    policy(desk_for, cast.admin, asking(cast.manager, hours=24))
    ticket_id = file_ticket()
    with desk_for(cast.manager) as desk:
        (request_id,) = waiting_for(desk)
    return ticket_id, request_id


def test_it_works(desk_for: DeskFor, cast: Cast, clock: Clock, waiting: tuple[int, int]) -> None:
    ticket_id, request_id = waiting
    due_at = clock.forward(hours=23.99)
    assert go_round(desk_for) == 0
    due_at = clock.forward(hours=0.02)
    assert go_round(desk_for) == 1
    clock.forward(hours=1)
    assert go_round(desk_for) == 0
    with desk_for(cast.admin) as desk:
        assert waiting_for(desk) == [request_id]
        assert notifications.mine(desk)[0].says == "An approval is overdue"
        line = timeline.lines(desk, ticket_id)[-1]
        assert (line.field, line.new_value, line.actor_id) == ("escalated", "Addie Minton", None)
        assert told_of(desk, ticket_id)[-1] == ("escalated", "internal")
        (step,) = approval_listing.read(desk, request_id)["steps"]
        assert step["escalated_at"] == due_at
        assert [ask["is_escalation"] for ask in step["asks"]] == [False, True]
    with desk_for(cast.manager) as desk:
        assert waiting_for(desk) == [request_id]
        assert notifications.mine(desk)[0].says == "Your approval is overdue"
    with desk_for(cast.admin) as desk:
        act(desk, request_id, APPROVE)
        assert approval_listing.read(desk, request_id)["state"] == "approved"


@pytest.mark.parametrize(("action", "state"), [(APPROVE, "approved"), (REJECT, "rejected")])
def test_the_word_of_whom_it_was_brought_to_is_enough(
    desk_for: DeskFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    action: ApprovalAction,
    state: str,
) -> None:
    to = Approvers(people=(cast.admin.id,))
    step = asking(cast.manager, cast.agent, quorum=ALL, hours=1, escalates_to=to)
    policy(desk_for, cast.admin, step)
    file_ticket()
    clock.forward(hours=2)
    assert go_round(desk_for) == 1
    with desk_for(cast.admin) as desk:
        (request_id,) = waiting_for(desk)
        act(desk, request_id, action, comments="It has to be said")
        assert approval_listing.read(desk, request_id)["state"] == state


def test_the_others_can_still_decide(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.manager, cast.agent, quorum=ALL, hours=1))
    file_ticket()
    clock.forward(hours=2)
    assert go_round(desk_for) == 1
    for actor in (cast.manager, cast.agent):
        with desk_for(actor) as desk:
            (request_id,) = waiting_for(desk)
            act(desk, request_id, APPROVE)
    with desk_for(cast.admin) as desk:
        assert approval_listing.read(desk, request_id)["state"] == "approved"
        assert waiting_for(desk) == []


def test_the_clock_stands_while_an_answer_is_waited_for(
    desk_for: DeskFor, cast: Cast, clock: Clock, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    clock.forward(hours=20)
    with desk_for(cast.manager) as desk:
        act(desk, request_id, ApprovalAction.REQUEST_INFO, comments="Why?")
    clock.forward(hours=48)
    assert go_round(desk_for) == 0
    with desk_for(cast.owner) as desk:
        comment(desk, hold(desk, ticket_id), "That is why")
    clock.forward(hours=3.9)
    assert go_round(desk_for) == 0
    clock.forward(hours=0.2)
    assert go_round(desk_for) == 1


def test_what_is_over_or_in_the_trash_is_brought_to_nobody(
    desk_for: DeskFor, cast: Cast, clock: Clock, waiting: tuple[int, int], file_ticket: FileTicket
) -> None:
    ticket_id, _ = waiting
    for _ in range(2):
        file_ticket()
    with desk_for(cast.manager) as desk:
        _, second, third = waiting_for(desk)
        act(desk, second, APPROVE)
    with desk_for(cast.admin) as desk:
        cancel(desk, third)
        delete_ticket(desk, hold(desk, ticket_id))
    clock.forward(hours=48)
    assert go_round(desk_for) == 0
    with desk_for(cast.admin) as desk:
        restore_ticket(desk, ticket_id)
    assert go_round(desk_for) == 1


def test_nobody_is_brought_what_they_want_themselves(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.manager, hours=1))
    file_ticket(cast.admin)
    clock.forward(hours=2)
    assert go_round(desk_for) == 1
    with desk_for(cast.admin) as desk:
        assert waiting_for(desk) == []
    with desk_for(cast.manager) as desk:
        assert len(waiting_for(desk)) == 1


def test_what_somebody_was_asked_who_has_left_is_brought_to_the_admins(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    assert go_round(desk_for) == 0
    with desk_for(cast.admin) as desk:
        desk.session.get_one(Person, cast.manager.id).is_active = False
    assert go_round(desk_for) == 1
    assert go_round(desk_for) == 0
    with desk_for(cast.admin) as desk:
        assert waiting_for(desk) == [waiting[1]]
        assert notifications.mine(desk)[0].says == "An approval is left to you"
        act(desk, waiting[1], APPROVE)
        assert approval_listing.read(desk, waiting[1])["state"] == "approved"


def test_several_processes_do_it_once(
    desk_for: DeskFor, cast: Cast, clock: Clock, waiting: tuple[int, int]
) -> None:
    ticket_id, _ = waiting
    clock.forward(hours=25)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: go_round(desk_for), range(4)))
    assert sum(done) == 1
    with desk_for(cast.agent) as desk:
        assert told_of(desk, ticket_id).count(("escalated", "internal")) == 1


def test_the_worker_looks_after_it(
    desk_for: DeskFor, cast: Cast, clock: Clock, waiting: tuple[int, int]
) -> None:
    assert (job.EVERY_SECONDS, job.escalate) in ROUNDS
    clock.now = clock.now.replace(year=2020)
    _, request_id = waiting
    with desk_for(cast.manager) as desk:
        desk.db.execute(
            text("UPDATE approval_step SET due_at = :then"),
            {"then": "2020-01-01 00:00:00.000000+00:00"},
        )
    job.escalate()
    with desk_for(cast.admin) as desk:
        assert waiting_for(desk) == [request_id]


def test_the_overdue_are_found_by_their_index(database: Engine, desk_for: DeskFor) -> None:
    if database.dialect.name != "sqlite":
        return
    sent: list[tuple[str, Any]] = []
    listen(database, "before_cursor_execute", lambda *told: sent.append(told[2:4]))
    with desk_for(None, writes=False) as desk:
        overdue(desk)
        sql, values = next(one for one in sent if "due_at" in one[0])
        plan = desk.db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    assert any("ix_approval_step_running" in step[3] for step in plan), plan
