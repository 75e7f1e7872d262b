"""Agents are active, away or offline, now or at a planned time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_routing import add_rule, routed
from ticket_app.core.people import absences, teams
from ticket_app.core.people.absences import ACTIVE, Availability
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.vocabulary import AgentState

DAY = timedelta(days=1)


def availability(uow_for: UowFor, cast: Cast, of: Actor) -> Availability:
    with uow_for(cast.manager) as uow:
        return absences.find_availability(uow, [of.id]).get(of.id, ACTIVE)


def test_agent_is_away_until_the_chosen_time(cast: Cast, uow_for: UowFor, clock: Clock) -> None:
    assert availability(uow_for, cast, cast.agent) == ACTIVE
    with uow_for(cast.agent) as uow:
        until = uow.now + DAY
        absences.set_own_state(uow, AgentState.AWAY, until)
    assert availability(uow_for, cast, cast.agent) == Availability(AgentState.AWAY, until)
    assert availability(uow_for, cast, cast.manager) == ACTIVE
    clock.forward(days=1)
    assert availability(uow_for, cast, cast.agent) == ACTIVE


def test_new_state_replaces_the_present_one(cast: Cast, uow_for: UowFor) -> None:
    for state in (AgentState.AWAY, AgentState.OFFLINE, AgentState.ACTIVE):
        with uow_for(cast.agent) as uow:
            absences.set_own_state(uow, state)
        assert availability(uow_for, cast, cast.agent).state is state


def test_planned_absence_begins_and_ends_by_itself_and_can_be_cancelled(
    cast: Cast, uow_for: UowFor, clock: Clock
) -> None:
    with uow_for(cast.agent) as uow:
        absences.plan_absence(uow, AgentState.AWAY, uow.now + DAY, uow.now + 3 * DAY)
        absences.plan_absence(uow, AgentState.OFFLINE, uow.now + 9 * DAY, uow.now + 10 * DAY)
        _, second = absences.list_own_absences(uow)
    assert availability(uow_for, cast, cast.agent) == ACTIVE
    clock.forward(days=2)
    assert availability(uow_for, cast, cast.agent).state is AgentState.AWAY
    clock.forward(days=2)
    assert availability(uow_for, cast, cast.agent) == ACTIVE
    with uow_for(cast.manager) as uow, pytest.raises(NotFound):
        absences.cancel_absence(uow, second.id)
    with uow_for(cast.agent) as uow:
        absences.cancel_absence(uow, second.id)
        assert absences.list_own_absences(uow) == []


def test_absence_needs_a_possible_time_and_a_person_who_works_on_tickets(
    cast: Cast, uow_for: UowFor
) -> None:
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        absences.set_own_state(uow, AgentState.AWAY)
    for start, end in ((-1, 1), (2, 1), (1, 1), (1, 5000)):
        with uow_for(cast.agent) as uow, pytest.raises(Invalid):
            absences.plan_absence(uow, AgentState.AWAY, uow.now + start * DAY, uow.now + end * DAY)
    with uow_for(cast.agent) as uow:
        for n in range(absences.MAX_ABSENCES):
            absences.plan_absence(uow, AgentState.AWAY, uow.now + (n + 1) * DAY, uow.now + 99 * DAY)
        with pytest.raises(RuleViolation):
            absences.plan_absence(uow, AgentState.AWAY, uow.now + DAY, uow.now + 2 * DAY)


@pytest.mark.parametrize("method", ["round_robin", "least_open"])
def test_routing_passes_over_who_is_away(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, method: str
) -> None:
    with uow_for(cast.admin) as uow:
        members = [cast.agent.id, cast.manager.id]
        team_id = teams.create_team(uow, "Tech", member_ids=members).id
    add_rule(uow_for, cast, team_id=team_id, method=method)
    with uow_for(cast.agent) as uow:
        absences.set_own_state(uow, AgentState.AWAY)
    assignees = [routed(uow_for, cast, file_ticket())[1] for _ in range(3)]
    assert assignees == [cast.manager.id] * 3
    with uow_for(cast.manager) as uow:
        absences.set_own_state(uow, AgentState.OFFLINE)
    assert routed(uow_for, cast, file_ticket())[:2] == (team_id, None)


def test_rule_for_a_person_who_is_away_leaves_the_ticket_unassigned(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    add_rule(uow_for, cast, assignee_id=cast.agent.id, method="person")
    assert routed(uow_for, cast, file_ticket())[1] == cast.agent.id
    with uow_for(cast.agent) as uow:
        absences.set_own_state(uow, AgentState.AWAY)
    assert routed(uow_for, cast, file_ticket())[1] is None
