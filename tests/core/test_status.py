"""Every change of status: what it means for the clock, the counts and the timeline."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform.errors import Forbidden, RuleBroken
from ticket_app.core.platform.vocabulary import STATUS_GROUP, STATUS_RANK, Group, Status
from ticket_app.core.tickets import counters
from ticket_app.core.tickets.tickets import change_status, hold, reopen
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket

FREE = [status for status in Status if status is not Status.PENDING_APPROVAL]
DONE = [status for status in Status if status.group is Group.DONE]


@pytest.fixture
def ticket_in(desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket):
    """Files a ticket and puts it into a status, an hour later."""

    def put(status: Status) -> int:
        ticket_id = file_ticket()
        clock.forward(hours=1)
        with desk_for(cast.agent) as desk:
            change_status(desk, hold(desk, ticket_id), status)
        return ticket_id

    return put


def test_the_words_are_total() -> None:
    assert set(STATUS_GROUP) == set(STATUS_RANK) == set(Status)
    assert {status: status.group for status in Status} == STATUS_GROUP
    assert [status.rank for status in Status] == list(range(1, 11))


@pytest.mark.parametrize(("before", "after"), list(permutations(FREE, 2)))
def test_it_works(
    desk_for: DeskFor, cast: Cast, clock: Clock, ticket_in, before: Status, after: Status
) -> None:
    ticket_id = ticket_in(before)
    first_done = clock.now if before.group is Group.DONE else None
    clock.forward(hours=2)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        version = ticket.version
        change_status(desk, ticket, after)
    with desk_for(cast.agent, writes=False) as desk:
        ticket = desk.session.get(Ticket, ticket_id)
        assert ticket is not None
        done, was_done = after.group is Group.DONE, before.group is Group.DONE
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
        line = timeline.lines(desk, ticket_id)[-1]
        assert (line.kind, line.field, line.old_value, line.new_value, line.audience) == (
            "change",
            "status",
            before,
            after,
            "public",
        )
        assert line.actor_id == cast.agent.id
        totals = counters.totals(desk)
        assert totals.by_status == {after: 1}
        hours = (resolved_at - ticket.created_at).total_seconds() / 3600 if resolved_at else None
        assert totals.average_resolution_hours == hours


def test_the_same_status_again_writes_nothing(
    desk_for: DeskFor, cast: Cast, clock: Clock, ticket_in
) -> None:
    ticket_id = ticket_in(Status.RESOLVED)
    with desk_for(cast.agent) as desk:
        before = hold(desk, ticket_id).version, len(timeline.lines(desk, ticket_id))
    clock.forward(hours=1)
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ticket_id), Status.RESOLVED)
    with desk_for(cast.agent) as desk:
        assert (hold(desk, ticket_id).version, len(timeline.lines(desk, ticket_id))) == before


def test_to_put_a_ticket_before_an_approver_is_to_ask_for_approval(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ticket_id), Status.PENDING_APPROVAL)
        (asked,) = approval_requests.of_ticket(desk, ticket_id)
        assert asked["requested_by"]["id"] == cast.agent.id
        assert [ask["approver"]["id"] for ask in asked["steps"][0]["asks"]] == [cast.manager.id]


@pytest.mark.parametrize("after", FREE)
def test_a_ticket_before_an_approver_stays_there(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, after: Status
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.admin) as desk:
        hold(desk, ticket_id).status = Status.PENDING_APPROVAL
    with desk_for(cast.admin) as desk, pytest.raises(RuleBroken):
        change_status(desk, hold(desk, ticket_id), after)


def test_a_requester_changes_no_status(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
        change_status(desk, hold(desk, ticket_id), Status.CLOSED)


@pytest.mark.parametrize(
    ("who", "done"),
    [
        *(("agent", done) for done in DONE),
        ("owner", Status.RESOLVED),
        ("owner", Status.CLOSED),
    ],
)
def test_a_finished_ticket_is_taken_up_again(
    desk_for: DeskFor, cast: Cast, ticket_in, done: Status, who: str
) -> None:
    ticket_id = ticket_in(done)
    with desk_for(getattr(cast, who)) as desk:
        reopen(desk, hold(desk, ticket_id))
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        assert (ticket.status, ticket.status_group, ticket.reopened_count) == (
            "reopened",
            "open",
            1,
        )
        assert ticket.resolved_at is ticket.closed_at is None
        assert counters.totals(desk).by_status == {"reopened": 1}
        line = timeline.lines(desk, ticket_id)[-1]
        assert (line.old_value, line.new_value, line.actor_username) == (done, "reopened", who)


@pytest.mark.parametrize("status", [status for status in FREE if status not in DONE])
def test_only_a_finished_ticket_is_reopened(
    desk_for: DeskFor, cast: Cast, ticket_in, status: Status
) -> None:
    ticket_id = ticket_in(status)
    with desk_for(cast.owner) as desk, pytest.raises(RuleBroken):
        reopen(desk, hold(desk, ticket_id))


def test_a_merged_ticket_stays_closed(desk_for: DeskFor, cast: Cast, ticket_in) -> None:
    into, merged = ticket_in(Status.OPEN), ticket_in(Status.CLOSED)
    with desk_for(cast.agent) as desk:
        hold(desk, merged).merged_into_id = into
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken):
        reopen(desk, hold(desk, merged))


def test_the_history_of_a_field_begins_with_the_ticket(
    desk_for: DeskFor, cast: Cast, ticket_in
) -> None:
    ticket_id = ticket_in(Status.IN_PROGRESS)
    with desk_for(cast.owner) as desk:
        assert [
            (line.old_value, line.new_value)
            for line in timeline.changes_of(desk, ticket_id, "status")
        ] == [(None, "new"), ("new", "in_progress")]
