"""Every change of status: what it means for the clock, the counts and the timeline."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform.errors import Forbidden, RuleViolation
from ticket_app.core.platform.vocabulary import STATUS_GROUP, STATUS_RANK, Status, StatusGroup
from ticket_app.core.tickets import counters
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status, reopen
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket

FREE = [status for status in Status if status is not Status.PENDING_APPROVAL]
DONE = [status for status in Status if status.group is StatusGroup.DONE]


@pytest.fixture
def ticket_in(uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket):
    """Files a ticket and puts it into a status, an hour later."""

    def put(status: Status) -> int:
        ticket_id = file_ticket()
        clock.forward(hours=1)
        with uow_for(cast.agent) as uow:
            change_status(uow, lock_ticket(uow, ticket_id), status)
        return ticket_id

    return put


def test_the_words_are_total() -> None:
    assert set(STATUS_GROUP) == set(STATUS_RANK) == set(Status)
    assert {status: status.group for status in Status} == STATUS_GROUP
    assert [status.rank for status in Status] == list(range(1, 11))


@pytest.mark.parametrize(("before", "after"), list(permutations(FREE, 2)))
def test_each_status_change_updates_clock_counters_and_timeline(
    uow_for: UowFor, cast: Cast, clock: Clock, ticket_in, before: Status, after: Status
) -> None:
    ticket_id = ticket_in(before)
    first_done = clock.now if before.group is StatusGroup.DONE else None
    clock.forward(hours=2)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        version = ticket.version
        change_status(uow, ticket, after)
    with uow_for(cast.agent, writes=False) as uow:
        ticket = uow.session.get(Ticket, ticket_id)
        assert ticket is not None
        done, was_done = after.group is StatusGroup.DONE, before.group is StatusGroup.DONE
        resolved_at = (first_done or clock.now) if done else None
        assert (ticket.status, ticket.status_group, ticket.status_rank) == (
            after,
            after.group,
            after.rank,
        )
        assert ticket.resolved_at == resolved_at
        assert ticket.closed_at == (clock.now if after is Status.CLOSED else None)
        assert ticket.reopened_count == (was_done and not done)
        assert (ticket.version, ticket.updated_at) == (version + 1, clock.now)
        line = timeline.list_entries(uow, ticket_id)[-1]
        assert (line.kind, line.field, line.old_value, line.new_value, line.audience) == (
            "change",
            "status",
            before,
            after,
            "public",
        )
        assert line.actor_id == cast.agent.id
        totals = counters.count_all_tickets(uow)
        assert totals.by_status == {after: 1}
        hours = (resolved_at - ticket.created_at).total_seconds() / 3600 if resolved_at else None
        assert totals.average_resolution_hours == hours


def test_the_same_status_again_writes_nothing(
    uow_for: UowFor, cast: Cast, clock: Clock, ticket_in
) -> None:
    ticket_id = ticket_in(Status.RESOLVED)
    with uow_for(cast.agent) as uow:
        before = lock_ticket(uow, ticket_id).version, len(timeline.list_entries(uow, ticket_id))
    clock.forward(hours=1)
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), Status.RESOLVED)
    with uow_for(cast.agent) as uow:
        assert (
            lock_ticket(uow, ticket_id).version,
            len(timeline.list_entries(uow, ticket_id)),
        ) == before


def test_to_put_a_ticket_before_an_approver_is_to_ask_for_approval(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), Status.PENDING_APPROVAL)
        (asked,) = approval_requests.list_ticket_requests(uow, ticket_id)
        assert asked["requested_by"]["id"] == cast.agent.id
        assert [ask["approver"]["id"] for ask in asked["steps"][0]["asks"]] == [cast.manager.id]


@pytest.mark.parametrize("after", FREE)
def test_a_ticket_before_an_approver_stays_there(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, after: Status
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow, changing(uow, ticket := lock_ticket(uow, ticket_id)):
        ticket.status = Status.PENDING_APPROVAL
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation):
        change_status(uow, lock_ticket(uow, ticket_id), after)


def test_a_requester_changes_no_status(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        change_status(uow, lock_ticket(uow, ticket_id), Status.CLOSED)


@pytest.mark.parametrize(
    ("who", "done"),
    [
        *(("agent", done) for done in DONE),
        ("owner", Status.RESOLVED),
        ("owner", Status.CLOSED),
    ],
)
def test_a_finished_ticket_is_taken_up_again(
    uow_for: UowFor, cast: Cast, ticket_in, done: Status, who: str
) -> None:
    ticket_id = ticket_in(done)
    with uow_for(getattr(cast, who)) as uow:
        reopen(uow, lock_ticket(uow, ticket_id))
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.status, ticket.status_group, ticket.reopened_count) == (
            "reopened",
            "open",
            1,
        )
        assert ticket.resolved_at is ticket.closed_at is None
        assert counters.count_all_tickets(uow).by_status == {"reopened": 1}
        line = timeline.list_entries(uow, ticket_id)[-1]
        assert (line.old_value, line.new_value, line.actor_username) == (done, "reopened", who)


@pytest.mark.parametrize("status", [status for status in FREE if status not in DONE])
def test_only_a_finished_ticket_is_reopened(
    uow_for: UowFor, cast: Cast, ticket_in, status: Status
) -> None:
    ticket_id = ticket_in(status)
    with uow_for(cast.owner) as uow, pytest.raises(RuleViolation):
        reopen(uow, lock_ticket(uow, ticket_id))


def test_a_merged_ticket_stays_closed(uow_for: UowFor, cast: Cast, ticket_in) -> None:
    into, merged = ticket_in(Status.OPEN), ticket_in(Status.CLOSED)
    with uow_for(cast.agent) as uow, changing(uow, ticket := lock_ticket(uow, merged)):
        ticket.merged_into_id = into
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation):
        reopen(uow, lock_ticket(uow, merged))


def test_the_history_of_a_field_begins_with_the_ticket(
    uow_for: UowFor, cast: Cast, ticket_in
) -> None:
    ticket_id = ticket_in(Status.IN_PROGRESS)
    with uow_for(cast.owner) as uow:
        assert [
            (line.old_value, line.new_value)
            for line in timeline.list_creation_and_field_changes(uow, ticket_id, "status")
        ] == [(None, "new"), ("new", "in_progress")]
