"""What is not decided in time is brought to others, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.event import listen

from tests.cast import Cast, Clock, UowFor
from tests.core.approving import asking, list_notices, policy, waiting_for
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.approvals.decisions import cancel_request, perform_action
from ticket_app.core.approvals.escalation import escalate_request, list_requests_to_escalate
from ticket_app.core.approvals.policies import QUORUM_ALL
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.notifications import notifications
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
from ticket_app.core.timeline import timeline
from ticket_app.jobs import approvals as job
from ticket_app.jobs.registry import PERIODIC_TASKS
from ticket_app.tables import Person

APPROVE, REJECT = ApprovalAction.APPROVE, ApprovalAction.REJECT


def go_round(uow_for: UowFor) -> int:
    """What the job does, at the clock's time; how many were brought to others."""
    with uow_for(None, writes=False) as uow:
        rows = list_requests_to_escalate(uow)
    done = 0
    for row in rows:
        with uow_for(None) as uow:
            done += escalate_request(uow, row.id, row.ticket_id)
    return done


@pytest.fixture
def waiting(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> tuple[int, int]:
    """A ticket that waits for the manager for a day at most, and the request."""
    policy(uow_for, cast.admin, asking(cast.manager, hours=24))
    ticket_id = file_ticket()
    with uow_for(cast.manager) as uow:
        (request_id,) = waiting_for(uow)
    return ticket_id, request_id


def test_overdue_approval_is_escalated_once(
    uow_for: UowFor, cast: Cast, clock: Clock, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    due_at = clock.forward(hours=23.99)
    assert go_round(uow_for) == 0
    due_at = clock.forward(hours=0.02)
    assert go_round(uow_for) == 1
    clock.forward(hours=1)
    assert go_round(uow_for) == 0
    with uow_for(cast.admin) as uow:
        assert waiting_for(uow) == [request_id]
        assert notifications.list_own(uow)[0].message == "An overdue approval was escalated to you"
        line = timeline.list_entries(uow, ticket_id)[-1]
        assert (line.field, line.new_value, line.actor_id) == ("escalated", "Addie Minton", None)
        assert list_notices(uow, ticket_id)[-1] == ("escalated", "internal")
        (step,) = approval_listing.get_request(uow, request_id)["steps"]
        assert step["escalated_at"] == due_at
        assert [ask["is_escalation"] for ask in step["asks"]] == [False, True]
    with uow_for(cast.manager) as uow:
        assert waiting_for(uow) == [request_id]
        assert notifications.list_own(uow)[0].message == "Your approval is overdue"
    with uow_for(cast.admin) as uow:
        perform_action(uow, request_id, APPROVE)
        assert approval_listing.get_request(uow, request_id)["state"] == "approved"


@pytest.mark.parametrize(("action", "state"), [(APPROVE, "approved"), (REJECT, "rejected")])
def test_decision_of_an_escalation_approver_completes_the_step(
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    action: ApprovalAction,
    state: str,
) -> None:
    to = ApproverSelection(person_ids=(cast.admin.id,))
    step = asking(cast.manager, cast.agent, quorum=QUORUM_ALL, hours=1, escalates_to=to)
    policy(uow_for, cast.admin, step)
    file_ticket()
    clock.forward(hours=2)
    assert go_round(uow_for) == 1
    with uow_for(cast.admin) as uow:
        (request_id,) = waiting_for(uow)
        perform_action(uow, request_id, action, comments="It has to be said")
        assert approval_listing.get_request(uow, request_id)["state"] == state


def test_the_others_can_still_decide(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.manager, cast.agent, quorum=QUORUM_ALL, hours=1))
    file_ticket()
    clock.forward(hours=2)
    assert go_round(uow_for) == 1
    for actor in (cast.manager, cast.agent):
        with uow_for(actor) as uow:
            (request_id,) = waiting_for(uow)
            perform_action(uow, request_id, APPROVE)
    with uow_for(cast.admin) as uow:
        assert approval_listing.get_request(uow, request_id)["state"] == "approved"
        assert waiting_for(uow) == []


def test_escalation_time_is_paused_while_information_is_requested(
    uow_for: UowFor, cast: Cast, clock: Clock, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    clock.forward(hours=20)
    with uow_for(cast.manager) as uow:
        perform_action(uow, request_id, ApprovalAction.REQUEST_INFO, comments="Why?")
    clock.forward(hours=48)
    assert go_round(uow_for) == 0
    with uow_for(cast.owner) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "That is why")
    clock.forward(hours=3.9)
    assert go_round(uow_for) == 0
    clock.forward(hours=0.2)
    assert go_round(uow_for) == 1


def test_what_is_over_or_in_the_trash_is_brought_to_nobody(
    uow_for: UowFor, cast: Cast, clock: Clock, waiting: tuple[int, int], file_ticket: FileTicket
) -> None:
    ticket_id, _ = waiting
    for _ in range(2):
        file_ticket()
    with uow_for(cast.manager) as uow:
        _, second, third = waiting_for(uow)
        perform_action(uow, second, APPROVE)
    with uow_for(cast.admin) as uow:
        cancel_request(uow, third)
        delete_ticket(uow, lock_ticket(uow, ticket_id))
    clock.forward(hours=48)
    assert go_round(uow_for) == 0
    with uow_for(cast.admin) as uow:
        restore_ticket(uow, ticket_id)
    assert go_round(uow_for) == 1


def test_nobody_is_brought_what_they_want_themselves(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.manager, hours=1))
    file_ticket(cast.admin)
    clock.forward(hours=2)
    assert go_round(uow_for) == 1
    with uow_for(cast.admin) as uow:
        assert waiting_for(uow) == []
    with uow_for(cast.manager) as uow:
        assert len(waiting_for(uow)) == 1


def test_what_somebody_was_asked_who_has_left_is_brought_to_the_admins(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    assert go_round(uow_for) == 0
    with uow_for(cast.admin) as uow:
        uow.session.get_one(Person, cast.manager.id).is_active = False
    assert go_round(uow_for) == 1
    assert go_round(uow_for) == 0
    with uow_for(cast.admin) as uow:
        assert waiting_for(uow) == [waiting[1]]
        assert notifications.list_own(uow)[0].message == "An approval was escalated to you"
        perform_action(uow, waiting[1], APPROVE)
        assert approval_listing.get_request(uow, waiting[1])["state"] == "approved"


def test_several_processes_do_it_once(
    uow_for: UowFor, cast: Cast, clock: Clock, waiting: tuple[int, int]
) -> None:
    ticket_id, _ = waiting
    clock.forward(hours=25)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: go_round(uow_for), range(4)))
    assert sum(done) == 1
    with uow_for(cast.agent) as uow:
        assert list_notices(uow, ticket_id).count(("escalated", "internal")) == 1


def test_the_worker_looks_after_it(
    uow_for: UowFor, cast: Cast, clock: Clock, waiting: tuple[int, int]
) -> None:
    assert (job.INTERVAL_SECONDS, job.escalate_overdue) in PERIODIC_TASKS
    clock.now = clock.now.replace(year=2020)
    _, request_id = waiting
    with uow_for(cast.manager) as uow:
        uow.connection.execute(
            text("UPDATE approval_step SET due_at = :then"),
            {"then": "2020-01-01 00:00:00.000000+00:00"},
        )
    job.escalate_overdue()
    with uow_for(cast.admin) as uow:
        assert waiting_for(uow) == [request_id]


def test_the_overdue_are_found_by_their_index(database: Engine, uow_for: UowFor) -> None:
    if database.dialect.name != "sqlite":
        return
    sent: list[tuple[str, Any]] = []
    listen(database, "before_cursor_execute", lambda *arguments: sent.append(arguments[2:4]))
    with uow_for(None, writes=False) as uow:
        list_requests_to_escalate(uow)
        sql, values = next(one for one in sent if "due_at" in one[0])
        plan = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    assert any("ix_approval_step_running" in step[3] for step in plan), plan
