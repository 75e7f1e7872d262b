"""A ticket is handed to somebody who works tickets, to a team, or to nobody."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import counters
from ticket_app.core.tickets.assigning import assign, set_team
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.timeline import timeline
from ticket_app.tables import Person, Team


def list_changes(uow, ticket_id: int) -> list[tuple[str | None, ...]]:
    return [
        (line.field, line.old_value, line.new_value, line.audience)
        for line in timeline.list_entries(uow, ticket_id)[1:]
    ]


@pytest.fixture
def team_id(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.admin) as uow:
        team = Team(name="Lights", created_at=uow.now)
        uow.session.add(team)
        uow.flush()
        assert team.id is not None
        return team.id


def test_assigning_a_new_ticket_opens_it_and_is_recorded(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    clock.forward(minutes=5)
    with uow_for(cast.manager) as uow:
        assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.assignee_id, ticket.status, ticket.version, ticket.updated_at) == (
            cast.agent.id,
            "open",
            2,
            clock.now,
        )
        assert list_changes(uow, ticket_id) == [
            ("assignee", None, "Agnes Hale", "public"),
            ("status", "new", "open", "public"),
        ]
        line = timeline.list_entries(uow, ticket_id)[1]
        assert (line.old_id, line.new_id) == (None, cast.agent.id)
        assert {
            (bucket.status, bucket.is_assigned)
            for bucket in counters.count_all_tickets(uow).buckets
        } == {("open", True)}


def test_ticket_is_reassigned_and_unassigned(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    for person_id in (cast.agent.id, cast.manager.id, None):
        with uow_for(cast.agent) as uow:
            assign(uow, lock_ticket(uow, ticket_id), person_id)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.assignee_id, ticket.status) == (None, "open")
        assert list_changes(uow, ticket_id)[2:] == [
            ("assignee", "Agnes Hale", "Manny Gere", "public"),
            ("assignee", "Manny Gere", None, "public"),
        ]
        assert {
            (bucket.status, bucket.is_assigned)
            for bucket in counters.count_all_tickets(uow).buckets
        } == {("open", False)}


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in (Status.NEW, Status.PENDING_APPROVAL)]
)
def test_only_a_new_ticket_is_opened_by_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, status: Status
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), status)
    with uow_for(cast.agent) as uow:
        assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
        assert lock_ticket(uow, ticket_id).status == status


def test_the_same_person_again_writes_nothing(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    for _ in range(2):
        with uow_for(cast.agent) as uow:
            assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
    with uow_for(cast.agent) as uow:
        assert lock_ticket(uow, ticket_id).version == 2
        assert len(list_changes(uow, ticket_id)) == 2


def test_nobody_who_does_not_work_here(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow:
        gone = uow.session.get(Person, cast.manager.id)
        assert gone is not None
        gone.is_active = False
    for person_id in (cast.owner.id, cast.manager.id, 999):
        with uow_for(cast.agent) as uow, pytest.raises(Invalid) as error:
            assign(uow, lock_ticket(uow, ticket_id), person_id)
        assert error.value.field == "assignee"


def test_a_requester_assigns_nobody(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.owner) as uow:
        with pytest.raises(Forbidden):
            assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
        with pytest.raises(Forbidden):
            set_team(uow, lock_ticket(uow, ticket_id), team_id)


def test_assigned_ticket_goes_to_the_team_of_its_assignee(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow:
        agent = uow.session.get(Person, cast.agent.id)
        assert agent is not None
        agent.team_id = team_id
    with uow_for(cast.manager) as uow:
        assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
    with uow_for(cast.manager) as uow:
        assert (lock_ticket(uow, ticket_id).team_id, lock_ticket(uow, ticket_id).version) == (
            team_id,
            2,
        )
        assert ("team", None, "Lights", "internal") in list_changes(uow, ticket_id)
    with uow_for(cast.owner) as uow:
        assert "team" not in {line.field for line in timeline.list_entries(uow, ticket_id)}


def test_a_team_is_set_by_itself(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, team_id: int
) -> None:
    ticket_id = file_ticket()
    for chosen in (team_id, team_id, None):
        clock.forward(minutes=1)
        with uow_for(cast.agent) as uow:
            set_team(uow, lock_ticket(uow, ticket_id), chosen)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.team_id, ticket.version, ticket.updated_at) == (None, 3, clock.now)
        assert list_changes(uow, ticket_id) == [
            ("team", None, "Lights", "internal"),
            ("team", "Lights", None, "internal"),
        ]
        with pytest.raises(Invalid):
            set_team(uow, ticket, 999)
