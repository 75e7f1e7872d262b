"""A new ticket gets its team and assignee by the first routing rule that matches it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.people import teams
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound
from ticket_app.core.platform.vocabulary import Category, Kind, Status
from ticket_app.core.tickets import counters, routing_rules
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.timeline import timeline
from ticket_app.tables import person_table


@pytest.fixture
def team_id(uow_for: UowFor, cast: Cast) -> int:
    """A team of the agent and the manager."""
    with uow_for(cast.admin) as uow:
        members = [cast.agent.id, cast.manager.id]
        return teams.create_team(uow, "Tech", member_ids=members).id


def add_rule(uow_for: UowFor, cast: Cast, name: str = "Everything", **fields: Any) -> int:
    with uow_for(cast.admin) as uow:
        return routing_rules.create_rule(uow, name, **fields).id


def routed(uow_for: UowFor, cast: Cast, ticket_id: int) -> tuple[int | None, int | None, str]:
    """The team, assignee and status of a ticket."""
    with uow_for(cast.admin) as uow:
        row = lock_ticket(uow, ticket_id)
        return row.team_id, row.assignee_id, row.status


def test_a_rule_assigns_a_new_ticket_as_its_own_act(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    add_rule(uow_for, cast, "Bugs", kinds=["bug"], team_id=team_id, method="round_robin")
    ticket_id = file_ticket(kind=Kind.BUG)
    assert routed(uow_for, cast, ticket_id) == (team_id, cast.agent.id, "open")
    with uow_for(cast.agent) as uow:
        entries = timeline.list_entries(uow, ticket_id)
        assert [
            (line.field, line.old_value, line.new_value, line.actor_id, line.audience)
            for line in entries
        ] == [
            ("status", None, "new", cast.owner.id, "public"),
            ("routing_rule", None, "Bugs", None, "internal"),
            ("assignee", None, "Agnes Hale", None, "public"),
            ("team", None, "Tech", None, "internal"),
            ("status", "new", "open", None, "public"),
        ]
        assert all(line.by_staff for line in entries[1:])
        assert {
            (bucket.status, bucket.is_assigned)
            for bucket in counters.count_all_tickets(uow).buckets
        } == {("open", True)}
    with uow_for(cast.owner) as uow:
        fields = [line.field for line in timeline.list_entries(uow, ticket_id)]
        assert fields == ["status", "assignee", "status"]


def test_without_a_matching_rule_a_ticket_stays_unassigned(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    add_rule(uow_for, cast, kinds=["incident"], team_id=team_id, method="round_robin")
    assert routed(uow_for, cast, file_ticket(kind=Kind.BUG)) == (None, None, "new")


@pytest.mark.parametrize(
    ("conditions", "values", "matches"),
    [
        ({}, {}, True),
        ({"categories": ["billing", "account"]}, {"category": Category.BILLING}, True),
        ({"categories": ["billing"]}, {"category": Category.TECHNICAL}, False),
        ({"categories": ["feature_request"]}, {"kind": Kind.FEATURE_REQUEST}, True),
        ({"kinds": ["bug"]}, {"category": Category.BUG}, True),
        ({"sections": ["plugins"]}, {"section": "Plugins"}, True),
        ({"sections": ["plugins"]}, {}, False),
        ({"kinds": ["bug"], "sections": ["api"]}, {"kind": Kind.BUG, "section": "api"}, True),
        ({"kinds": ["bug"], "sections": ["api"]}, {"kind": Kind.BUG, "section": "other"}, False),
        ({"is_active": False}, {}, False),
    ],
)
def test_a_rule_matches_by_kind_category_and_section(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    team_id: int,
    conditions: dict[str, Any],
    values: dict[str, Any],
    matches: bool,
) -> None:
    add_rule(uow_for, cast, team_id=team_id, **conditions)
    ticket_id = file_ticket(**values)
    assert routed(uow_for, cast, ticket_id) == (team_id if matches else None, None, "new")


def test_a_rule_matches_by_company(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    assert cast.owner.company_id != cast.stranger.company_id
    add_rule(uow_for, cast, company_id=cast.owner.company_id, team_id=team_id)
    assert routed(uow_for, cast, file_ticket(cast.owner))[0] == team_id
    assert routed(uow_for, cast, file_ticket(cast.stranger))[0] is None


def test_the_first_rule_by_rank_decides(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    add_rule(uow_for, cast, "Late", rank=200, team_id=team_id)
    add_rule(
        uow_for, cast, "Early", rank=10, assignee_id=cast.manager.id, method="person", kinds=["bug"]
    )
    assert routed(uow_for, cast, file_ticket(kind=Kind.BUG))[1] == cast.manager.id
    assert routed(uow_for, cast, file_ticket(kind=Kind.CHANGE)) == (team_id, None, "new")


def test_round_robin_gives_each_member_their_turn(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    rule_id = add_rule(uow_for, cast, team_id=team_id, method="round_robin")
    assignees = [routed(uow_for, cast, file_ticket())[1] for _ in range(5)]
    agent, manager = cast.agent.id, cast.manager.id
    assert assignees == [agent, manager, agent, manager, agent]
    with uow_for(cast.admin) as uow:
        row = routing_rules.get_rule(uow, rule_id)
        assert (row.last_assignee_id, row.assigned_count) == (agent, 5)


def test_least_open_counts_unfinished_tickets(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    for _ in range(2):
        file_ticket(cast.agent, assignee_id=cast.agent.id)
    add_rule(uow_for, cast, team_id=team_id, method="least_open")
    agent, manager = cast.agent.id, cast.manager.id
    assignees = [routed(uow_for, cast, file_ticket())[1] for _ in range(3)]
    assert assignees == [manager, manager, agent]
    finished_id = file_ticket()
    assert routed(uow_for, cast, finished_id)[1] == manager
    with uow_for(cast.manager) as uow:
        change_status(uow, lock_ticket(uow, finished_id), Status.RESOLVED)
    assert routed(uow_for, cast, file_ticket())[1] == manager


@pytest.mark.parametrize("method", ["round_robin", "least_open"])
def test_only_active_agents_get_tickets(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int, method: str
) -> None:
    add_rule(uow_for, cast, team_id=team_id, method=method)
    with uow_for(cast.admin) as uow:
        uow.connection.execute(
            update(person_table).where(person_table.c.id == cast.agent.id).values(is_active=False)
        )
        uow.connection.execute(
            update(person_table)
            .where(person_table.c.id == cast.colleague.id)
            .values(team_id=team_id)
        )
    assert [routed(uow_for, cast, file_ticket())[1] for _ in range(3)] == [cast.manager.id] * 3
    with uow_for(cast.admin) as uow:
        uow.connection.execute(
            update(person_table).where(person_table.c.id == cast.manager.id).values(role="user")
        )
    assert routed(uow_for, cast, file_ticket()) == (team_id, None, "new")


def test_a_person_who_left_gets_no_tickets_by_their_rule(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    add_rule(uow_for, cast, team_id=team_id, method="person", assignee_id=cast.manager.id)
    assert routed(uow_for, cast, file_ticket()) == (team_id, cast.manager.id, "open")
    with uow_for(cast.admin) as uow:
        uow.connection.execute(
            update(person_table).where(person_table.c.id == cast.manager.id).values(is_active=False)
        )
    assert routed(uow_for, cast, file_ticket()) == (team_id, None, "new")


def test_an_assignee_of_the_client_is_kept(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    add_rule(uow_for, cast, team_id=team_id, method="round_robin")
    ticket_id = file_ticket(cast.agent, assignee_id=cast.admin.id)
    assert routed(uow_for, cast, ticket_id) == (None, cast.admin.id, "open")
    with uow_for(cast.agent) as uow:
        entries = timeline.list_entries(uow, ticket_id)
        assert {line.actor_id for line in entries} == {cast.agent.id}


def test_turns_are_taken_once_when_tickets_are_opened_at_the_same_time(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, team_id: int
) -> None:
    for method in ("round_robin", "least_open"):
        rule_id = add_rule(
            uow_for, cast, method, team_id=team_id, method=method, kinds=["bug"], rank=1
        )
        with ThreadPoolExecutor(6) as pool:
            ids = list(pool.map(lambda _: file_ticket(kind=Kind.BUG), range(12)))
        assignees = [routed(uow_for, cast, ticket_id)[1] for ticket_id in ids]
        assert assignees.count(cast.agent.id) == assignees.count(cast.manager.id) == 6
        with uow_for(cast.admin) as uow:
            assert routing_rules.get_rule(uow, rule_id).assigned_count == 12
            routing_rules.delete_rule(uow, rule_id)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "team_id"),
        ({"method": "round_robin"}, "team_id"),
        ({"method": "person"}, "assignee_id"),
        ({"team_id": 1, "method": "round_robin", "assignee_id": 1}, "assignee_id"),
        ({"team_id": 999}, "team_id"),
        ({"team_id": 1, "company_id": 999}, "company_id"),
        ({"team_id": 1, "rank": -1}, "rank"),
        ({"method": "person", "assignee_id": 999}, "assignee_id"),
    ],
)
def test_a_rule_needs_a_valid_target(
    uow_for: UowFor, cast: Cast, team_id: int, fields: dict[str, Any], wrong: str
) -> None:
    if fields.get("team_id") == 1:
        fields = {**fields, "team_id": team_id}
    with uow_for(cast.admin) as uow, pytest.raises(Invalid) as caught:
        routing_rules.create_rule(uow, "Wrong", **fields)
    assert caught.value.field == wrong


def test_rules_are_changed_and_deleted_by_admins_only(
    uow_for: UowFor, cast: Cast, team_id: int
) -> None:
    rule_id = add_rule(uow_for, cast, "Bugs", team_id=team_id)
    with uow_for(cast.admin) as uow:
        row = routing_rules.update_rule(uow, rule_id, {"name": "Crashes", "sections": ["api", ""]})
        assert (row.name, row.sections, row.team_name) == ("Crashes", ["api"], "Tech")
    with uow_for(cast.admin) as uow, pytest.raises(Conflict):
        routing_rules.create_rule(uow, "CRASHES", team_id=team_id)
    with uow_for(cast.agent) as uow:
        assert [row.name for row in routing_rules.list_rules(uow)] == ["Crashes"]
        for use_case in (
            lambda: routing_rules.create_rule(uow, "x", team_id=team_id),
            lambda: routing_rules.update_rule(uow, rule_id, {}),
            lambda: routing_rules.delete_rule(uow, rule_id),
        ):
            with pytest.raises(Forbidden):
                use_case()
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        routing_rules.list_rules(uow)
    with uow_for(cast.admin) as uow:
        routing_rules.delete_rule(uow, rule_id)
        with pytest.raises(NotFound):
            routing_rules.get_rule(uow, rule_id)
