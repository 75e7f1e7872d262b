"""Agents read the figures of their own work and of their team, and of nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.reports import performance
from ticket_app.core.reports.performance import OwnPerformance
from ticket_app.core.reports.periods import parse_period
from ticket_app.core.tickets import assigning, status_changes
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.tables import Person, Team
from ticket_app.ui.pages.analytics.own import load_own_statistics


@pytest.fixture
def team_id(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.admin) as uow:
        team = Team(name="Lamps", created_at=uow.now)
        uow.session.add(team)
        uow.flush()
        assert team.id is not None
        for actor in (cast.agent, cast.manager):
            uow.session.get_one(Person, actor.id).team_id = team.id
        return team.id


@pytest.fixture
def work(uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, team_id: int) -> None:
    """The agent resolves one of two tickets, the manager of the same team answers a third."""
    for n, actor in enumerate((cast.agent, cast.agent, cast.manager)):
        ticket_id = file_ticket()
        clock.forward(hours=1)
        with uow_for(actor) as uow:
            ticket = lock_ticket(uow, ticket_id)
            assigning.assign(uow, ticket, actor.id)
            assigning.set_team(uow, ticket, team_id)
            commenting.add_comment(uow, ticket, "We look into it")
            if n == 0:
                status_changes.change_status(uow, ticket, Status.RESOLVED)


def read(uow_for: UowFor, cast: Cast, team_id: int | None) -> OwnPerformance:
    with uow_for(replace(cast.agent, team_id=team_id), writes=False) as uow:
        return performance.get_own_performance(uow, parse_period("30d", uow.now))


@pytest.mark.usefixtures("work")
def test_agents_read_their_own_and_their_teams_figures(
    uow_for: UowFor, cast: Cast, team_id: int
) -> None:
    found = read(uow_for, cast, team_id)
    assert found.team is not None
    figures = [
        (one.name, one.assigned, one.open_now, one.resolved, one.replies, one.first_response_hours)
        for one in (found.own, found.team)
    ]
    assert figures == [("Agnes Hale", 2, 1, 1, 2, 1.0), ("Lamps", 3, 2, 1, 3, 1.0)]


@pytest.mark.usefixtures("work")
def test_own_figures_agree_with_the_report_for_managers(
    uow_for: UowFor, cast: Cast, team_id: int
) -> None:
    found = read(uow_for, cast, team_id)
    with uow_for(cast.manager, writes=False) as uow:
        report = performance.get_performance_report(uow, parse_period("30d", uow.now))
    assert found.own == next(one for one in report.agents if one.username == "agent")
    assert found.team == next(one for one in report.teams if one.id == team_id)


def test_agent_without_a_team_reads_only_their_own(uow_for: UowFor, cast: Cast) -> None:
    assert read(uow_for, cast, None).team is None


def test_requesters_read_no_statistics(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner, writes=False) as uow, pytest.raises(Forbidden):
        performance.get_own_performance(uow, parse_period("30d", uow.now))


@pytest.mark.usefixtures("work")
def test_page_shows_the_figures_of_the_agent_and_the_team(
    uow_for: UowFor, cast: Cast, team_id: int
) -> None:
    with uow_for(replace(cast.agent, team_id=team_id), writes=False) as uow:
        page = load_own_statistics(uow, "a century")
    assert page.period == "30d"
    own, team = page.groups
    assert (own.title, team.title) == ("You", "Lamps")
    assert {one.name: one.value for one in own.metrics} == {
        "Open now": "1",
        "Assigned": "2",
        "Resolved": "1",
        "Replies": "2",
        "First reply": "1.0 h",
        "Resolution time": "1.0 h",
        "SLA met": "–",
        "Satisfaction": "–",
    }
    assert "assignee=agent" in next(one.href for one in own.metrics if one.name == "Open now")
