"""A ticket is handed to somebody who works tickets, to a team, or to nobody."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import counters
from ticket_app.core.tickets.tickets import assign, change_status, hold, set_team
from ticket_app.core.timeline import timeline
from ticket_app.tables import Person, Team


def told(desk, ticket_id: int) -> list[tuple[str | None, ...]]:
    return [
        (line.field, line.old_value, line.new_value, line.audience)
        for line in timeline.lines(desk, ticket_id)[1:]
    ]


@pytest.fixture
def team_id(desk_for: DeskFor, cast: Cast) -> int:
    with desk_for(cast.admin) as desk:
        team = Team(name="Lights", created_at=desk.now)
        desk.session.add(team)
        desk.settle()
        assert team.id is not None
        return team.id


def test_it_works(desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    clock.forward(minutes=5)
    with desk_for(cast.manager) as desk:
        assign(desk, hold(desk, ticket_id), cast.agent.id)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        assert (ticket.assignee_id, ticket.status, ticket.version, ticket.updated_at) == (
            cast.agent.id,
            "open",
            2,
            clock.now,
        )
        assert told(desk, ticket_id) == [
            ("assignee", None, "Agnes Hale", "public"),
            ("status", "new", "open", "public"),
        ]
        line = timeline.lines(desk, ticket_id)[1]
        assert (line.old_id, line.new_id) == (None, cast.agent.id)
        assert {(cell.status, cell.is_assigned) for cell in counters.totals(desk).cells} == {
            ("open", True)
        }


def test_it_goes_on_to_somebody_else_and_back_to_nobody(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    for person_id in (cast.agent.id, cast.manager.id, None):
        with desk_for(cast.agent) as desk:
            assign(desk, hold(desk, ticket_id), person_id)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        assert (ticket.assignee_id, ticket.status) == (None, "open")
        assert told(desk, ticket_id)[2:] == [
            ("assignee", "Agnes Hale", "Manny Gere", "public"),
            ("assignee", "Manny Gere", None, "public"),
        ]
        assert {(cell.status, cell.is_assigned) for cell in counters.totals(desk).cells} == {
            ("open", False)
        }


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in (Status.NEW, Status.PENDING_APPROVAL)]
)
def test_only_a_new_ticket_is_opened_by_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, status: Status
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ticket_id), status)
    with desk_for(cast.agent) as desk:
        assign(desk, hold(desk, ticket_id), cast.agent.id)
        assert hold(desk, ticket_id).status == status


def test_the_same_person_again_writes_nothing(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    for _ in range(2):
        with desk_for(cast.agent) as desk:
            assign(desk, hold(desk, ticket_id), cast.agent.id)
    with desk_for(cast.agent) as desk:
        assert hold(desk, ticket_id).version == 2
        assert len(told(desk, ticket_id)) == 2


def test_nobody_who_does_not_work_here(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.admin) as desk:
        gone = desk.session.get(Person, cast.manager.id)
        assert gone is not None
        gone.is_active = False
    for person_id in (cast.owner.id, cast.manager.id, 999):
        with desk_for(cast.agent) as desk, pytest.raises(Invalid) as refusal:
            assign(desk, hold(desk, ticket_id), person_id)
        assert refusal.value.field == "assignee"


def test_a_requester_assigns_nobody(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.owner) as desk:
        with pytest.raises(Forbidden):
            assign(desk, hold(desk, ticket_id), cast.agent.id)
        with pytest.raises(Forbidden):
            set_team(desk, hold(desk, ticket_id), team_id)


def test_the_ticket_goes_to_the_team_of_who_works_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.admin) as desk:
        agent = desk.session.get(Person, cast.agent.id)
        assert agent is not None
        agent.team_id = team_id
    with desk_for(cast.manager) as desk:
        assign(desk, hold(desk, ticket_id), cast.agent.id)
    with desk_for(cast.manager) as desk:
        assert (hold(desk, ticket_id).team_id, hold(desk, ticket_id).version) == (team_id, 2)
        assert ("team", None, "Lights", "internal") in told(desk, ticket_id)
    with desk_for(cast.owner) as desk:
        assert "team" not in {line.field for line in timeline.lines(desk, ticket_id)}


def test_a_team_is_set_by_itself(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket, team_id: int
) -> None:
    ticket_id = file_ticket()
    for chosen in (team_id, team_id, None):
        clock.forward(minutes=1)
        with desk_for(cast.agent) as desk:
            set_team(desk, hold(desk, ticket_id), chosen)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        assert (ticket.team_id, ticket.version, ticket.updated_at) == (None, 3, clock.now)
        assert told(desk, ticket_id) == [
            ("team", None, "Lights", "internal"),
            ("team", "Lights", None, "internal"),
        ]
        with pytest.raises(Invalid):
            set_team(desk, ticket, 999)
