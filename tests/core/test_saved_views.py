"""Views that people keep: what they list, who may change them, and where they are pinned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from tests.cast import MORNING, Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.tickets import saved_views, ticket_list
from ticket_app.core.tickets.assigning import assign
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.saved_view_queries import build_view_query, with_conditions
from ticket_app.core.tickets.ticket_conditions import (
    CONDITION_FIELDS,
    Condition,
    ConditionGroup,
    Match,
    read_conditions,
)
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import Team, person_table, saved_view_table


def where(field: str, operator: str, *values: str) -> Condition:
    return Condition(field, operator, values)


def listed(
    uow: UnitOfWork, *parts: Condition | ConditionGroup, match: Match = Match.ALL
) -> list[int]:
    query = with_conditions(
        uow, TicketQuery(sort="created", descending=False), ConditionGroup(match, parts)
    )
    found = [row.id for row in ticket_list.page(uow, query, PageRequest(50)).rows]
    assert ticket_list.count_tickets(uow, query) == len(found)
    return found


def team_of(uow: UnitOfWork, name: str) -> int:
    result = uow.connection.execute(insert(Team).values(name=name, created_at=MORNING))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def test_choices_are_compared_with_all_operators(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    low, high, urgent = (
        file_ticket(priority=one) for one in (Priority.LOW, Priority.HIGH, Priority.URGENT)
    )
    with uow_for(cast.agent) as uow:
        assert listed(uow, where("priority", "is", "low")) == [low]
        assert listed(uow, where("priority", "is_not", "low")) == [high, urgent]
        assert listed(uow, where("priority", "any_of", "low", "urgent")) == [low, urgent]
        assert listed(uow, where("priority", "none_of", "low", "urgent")) == [high]
        # Two conditions on one field: the second is not served by an index.
        assert listed(
            uow, where("priority", "any_of", "low", "high"), where("priority", "any_of", "high")
        ) == [high]


def test_empty_assignee_differs_from_every_person(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    mine, other, free = file_ticket(), file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        assign(uow, lock_ticket(uow, mine), cast.agent.id)
        assign(uow, lock_ticket(uow, other), cast.manager.id)
        assert listed(uow, where("assignee", "is", "me")) == [mine]
        assert listed(uow, where("assignee", "is_not", "me")) == [other, free]
        assert listed(uow, where("assignee", "is", "none")) == [free]
        assert listed(uow, where("assignee", "any_of", "me", "none")) == [mine, free]
        assert listed(uow, where("assignee", "none_of", "me", "none")) == [other]
        assert listed(uow, where("assignee", "is", str(cast.manager.id))) == [other]


def test_any_group_within_all_is_one_condition(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    low = file_ticket(priority=Priority.LOW)
    bug = file_ticket(priority=Priority.HIGH, kind=Kind.BUG)
    file_ticket(priority=Priority.HIGH, kind=Kind.REQUEST)
    stranger = file_ticket(by=cast.stranger, priority=Priority.LOW)
    either = ConditionGroup(Match.ANY, (where("priority", "is", "low"), where("kind", "is", "bug")))
    with uow_for(cast.agent) as uow:
        assert listed(uow, where("requester", "is", str(cast.owner.id)), either) == [low, bug]
        assert listed(
            uow,
            where("requester", "is", str(cast.stranger.id)),
            where("kind", "is", "bug"),
            match=Match.ANY,
        ) == [bug, stranger]


def test_dates_are_relative_to_now(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    old = file_ticket()
    clock.now += timedelta(days=3)
    new = file_ticket()
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, old), {"due_at": clock.now + timedelta(hours=3)})
        edit(uow, lock_ticket(uow, new), {"due_at": clock.now + timedelta(days=2)})
        assert listed(uow, where("created", "in_last", "2d")) == [new]
        assert listed(uow, where("created", "older_than", "2d")) == [old]
        assert listed(uow, where("due", "within_next", "24h")) == [old]
        assert listed(uow, where("due", "within_next", "1w")) == [old, new]
        assert listed(uow, where("created", "before", "2026-11-22")) == [old]
        assert listed(uow, where("created", "after", "2026-11-22")) == [new]
    clock.now += timedelta(hours=4)
    with uow_for(cast.agent) as uow:
        assert listed(uow, where("sla", "is", "overdue")) == [old]
        assert listed(uow, where("sla", "is_not", "overdue")) == [new]


def test_last_replier_is_requester_staff_or_me(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    by_requester, by_me, by_manager, silent = (file_ticket() for _ in range(4))
    for ticket_id, who in (
        (by_requester, cast.owner),
        (by_me, cast.agent),
        (by_manager, cast.manager),
    ):
        with uow_for(who) as uow:
            add_comment(uow, lock_ticket(uow, ticket_id), "Hello")
    with uow_for(cast.agent) as uow:
        assert listed(uow, where("last_replier", "is", "requester")) == [by_requester]
        assert listed(uow, where("last_replier", "is", "staff")) == [by_me, by_manager]
        assert listed(uow, where("last_replier", "is", "me")) == [by_me]
        assert listed(uow, where("last_replier", "none_of", "requester", "me")) == [
            by_manager,
            silent,
        ]


def test_tags_are_compared_regardless_of_case(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    tagged, plain = file_ticket(tags=["Printer"]), file_ticket()
    with uow_for(cast.agent) as uow:
        assert listed(uow, where("tags", "is", "printer")) == [tagged]
        assert listed(uow, where("tags", "none_of", "PRINTER", "x")) == [plain]


SAMPLE_VALUES = {"row": "1", "text": "shop", "tag": "vip"}


@pytest.mark.parametrize("name", list(CONDITION_FIELDS))
def test_every_field_runs_with_each_operator(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, name: str
) -> None:
    file_ticket()
    field = CONDITION_FIELDS[name]
    with uow_for(cast.agent) as uow:
        for operator in field.operators:
            is_day = operator in ("before", "after")
            values = field.words or (
                SAMPLE_VALUES.get(field.sort, "2026-11-20" if is_day else "7d"),
            )
            value = values if operator in ("any_of", "none_of") else values[:1]
            condition = where(name, operator, *value)
            assert condition.is_valid
            query = TicketQuery(conditions=ConditionGroup(Match.ANY, (condition, condition)))
            assert ticket_list.count_tickets(uow, query) in (0, 1)


def test_view_is_created_pinned_and_read_back(uow_for: UowFor, cast: Cast) -> None:
    conditions: dict[str, Any] = {
        "match": "all",
        "conditions": [{"field": "priority", "operator": "any_of", "values": ["urgent", "high"]}],
    }
    with uow_for(cast.agent) as uow:
        view = saved_views.create_view(
            uow,
            " Hot  tickets ",
            icon="flame",
            conditions=conditions,
            sort="due",
            descending=False,
            columns=["due", "assignee"],
            group_by="status",
            density="compact",
        )
        assert (view.name, view.icon, view.scope, view.owner_id) == (
            "Hot tickets",
            "flame",
            "me",
            cast.agent.id,
        )
        assert view.conditions == conditions
        assert (view.columns, view.group_by, view.density) == (
            ["due", "assignee"],
            "status",
            "compact",
        )
        assert (view.rank, view.is_default) == (1, False)
        assert [one.view.name for one in saved_views.count_pinned_views(uow)] == ["Hot tickets"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("icon", "skull"),
        ("sort", "relevance"),
        ("columns", ["salary"]),
        ("group_by", "moon"),
        ("layout", "globe"),
        ("density", "airy"),
        ("conditions", {"conditions": [{"field": "moon", "operator": "is", "values": ["full"]}]}),
        ("conditions", {"conditions": [{"field": "due", "operator": "is", "values": ["7d"]}]}),
        ("conditions", {"conditions": [{"field": "kind", "operator": "is", "values": []}]}),
        ("conditions", {"conditions": [{"field": "team", "operator": "is", "values": ["x"]}]}),
        (
            "conditions",
            {"conditions": [{"field": "sla", "operator": "is", "values": ["met"]}] * 31},
        ),
    ],
)
def test_invalid_field_of_a_view_is_named(
    uow_for: UowFor, cast: Cast, field: str, value: object
) -> None:
    with uow_for(cast.agent) as uow:
        fields: dict[str, Any] = {"name": "View", field: value}
        with pytest.raises(Invalid) as caught:
            saved_views.create_view(uow, **fields)
        assert [name for name, _ in caught.value.problems] == [field]


def test_private_view_of_another_person_is_missing(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        view_id = saved_views.create_view(uow, "Mine").id
    for other in (cast.manager, cast.admin):
        with uow_for(other) as uow:
            with pytest.raises(NotFound) as hidden:
                saved_views.get_view(uow, view_id)
            with pytest.raises(NotFound) as missing:
                saved_views.get_view(uow, 10_000)
            assert str(hidden.value) == str(missing.value)
            assert saved_views.list_views(uow) == []
            for change in (saved_views.pin_view, saved_views.delete_view, saved_views.restore_view):
                with pytest.raises(NotFound):
                    change(uow, view_id)
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        saved_views.list_views(uow)


def test_only_administrators_share_with_everyone(uow_for: UowFor, cast: Cast) -> None:
    for actor in (cast.agent, cast.manager):
        with uow_for(actor) as uow, pytest.raises(Forbidden):
            saved_views.create_view(uow, "Ours", scope="everyone")
    with uow_for(cast.admin) as uow:
        view_id = saved_views.create_view(uow, "Ours", scope="everyone").id
    with uow_for(cast.agent) as uow:
        assert saved_views.get_view(uow, view_id).rank is None
        saved_views.pin_view(uow, view_id)
        assert [one.id for one in saved_views.list_pinned(uow)] == [view_id]
        with pytest.raises(Forbidden):
            saved_views.update_view(uow, view_id, {"name": "Theirs"})
        copy = saved_views.duplicate_view(uow, view_id, "My copy")
        assert (copy.scope, copy.owner_id, copy.name) == ("me", cast.agent.id, "My copy")


def test_team_view_is_used_and_changed_by_the_team(
    uow_for: UowFor, cast: Cast, database: Engine
) -> None:
    with uow_for(cast.admin) as uow:
        team_id = team_of(uow, "Network")
        uow.connection.execute(
            update(person_table).where(person_table.c.id == cast.agent.id).values(team_id=team_id)
        )
    member = _with_team(cast.agent, team_id)
    with uow_for(member) as uow:
        view_id = saved_views.create_view(uow, "Network", scope="team").id
    with uow_for(_with_team(cast.manager, team_id)) as uow:
        assert saved_views.update_view(uow, view_id, {"name": "Net"}).name == "Net"
    with uow_for(cast.manager) as uow, pytest.raises(NotFound):
        saved_views.get_view(uow, view_id)


def _with_team(actor: Actor, team_id: int) -> Actor:
    values = {name: getattr(actor, name) for name in Actor.__dataclass_fields__}
    return Actor(**{**values, "team_id": team_id})


def test_view_that_somebody_else_changed_is_a_conflict(
    uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    with uow_for(cast.agent) as uow:
        view = saved_views.create_view(uow, "Mine")
    clock.now += timedelta(minutes=1)
    with uow_for(cast.agent) as uow:
        saved_views.update_view(uow, view.id, {"name": "First"}, seen_at=view.updated_at)
    with uow_for(cast.agent) as uow, pytest.raises(Conflict):
        saved_views.update_view(uow, view.id, {"name": "Second"}, seen_at=view.updated_at)


def test_deleted_view_is_restored_with_its_pin(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    with uow_for(cast.agent) as uow:
        first = saved_views.create_view(uow, "First").id
        saved_views.create_view(uow, "Second")
        saved_views.set_default_view(uow, first)
        saved_views.delete_view(uow, first)
        assert [one.name for one in saved_views.list_pinned(uow)] == ["Second"]
        assert saved_views.find_default_view(uow) is None
        with pytest.raises(NotFound):
            saved_views.get_view(uow, first)
        saved_views.restore_view(uow, first)
        assert [one.name for one in saved_views.list_pinned(uow)] == ["First", "Second"]
        default = saved_views.find_default_view(uow)
        assert default is not None
        assert default.id == first
        saved_views.delete_view(uow, first)
    clock.now += timedelta(days=2)
    with uow_for(cast.agent) as uow:
        third = saved_views.create_view(uow, "Third").id
        saved_views.delete_view(uow, third)
        with pytest.raises(NotFound):
            saved_views.restore_view(uow, first)


def test_pinned_views_are_moved_and_unpinned(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        one, two, three = (saved_views.create_view(uow, name).id for name in ("A", "B", "C"))
        saved_views.move_pinned(uow, three, 0)
        assert [row.id for row in saved_views.list_pinned(uow)] == [three, one, two]
        saved_views.move_pinned(uow, three, 99)
        assert [row.id for row in saved_views.list_pinned(uow)] == [one, two, three]
        saved_views.unpin_view(uow, two)
        assert [row.id for row in saved_views.list_pinned(uow)] == [one, three]
        with pytest.raises(NotFound):
            saved_views.move_pinned(uow, two, 0)
    with uow_for(cast.manager) as uow:
        assert saved_views.list_pinned(uow) == []


def test_person_has_one_default_view(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        one, two = (saved_views.create_view(uow, name).id for name in ("A", "B"))
        assert saved_views.find_default_view(uow) is None
        for view_id in (one, two):
            saved_views.set_default_view(uow, view_id)
            default = saved_views.find_default_view(uow)
            assert default is not None
            assert default.id == view_id
        saved_views.set_default_view(uow, None)
        assert saved_views.find_default_view(uow) is None


def test_pinned_view_counts_one_more_than_it_shows(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_views, "MAX_PINNED_COUNT", 2)
    for _ in range(5):
        file_ticket()
    with uow_for(cast.agent) as uow:
        saved_views.create_view(uow, "All")
        assert [one.count for one in saved_views.count_pinned_views(uow)] == [3]


def test_stored_conditions_that_are_no_longer_valid_do_no_harm(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(priority=Priority.LOW)
    stored: list[object] = [
        {"field": "priority", "operator": "is", "values": ["low"]},
        {"field": "moon", "operator": "is", "values": ["full"]},
        {"field": "priority", "operator": "is", "values": ["gigantic"]},
        "nonsense",
        {"conditions": [{"field": "due", "operator": "in_last", "values": ["99999999d"]}]},
    ]
    with uow_for(cast.agent) as uow:
        view_id = saved_views.create_view(uow, "Old").id
        for broken in (stored, None, {"conditions": stored, "match": "all"}, {"conditions": 7}):
            uow.connection.execute(
                update(saved_view_table)
                .where(saved_view_table.c.id == view_id)
                .values(conditions=broken if isinstance(broken, dict) else {"conditions": broken})
            )
            view = saved_views.get_view(uow, view_id)
            rows = ticket_list.page(uow, build_view_query(uow, view), PageRequest(5)).rows
            assert [row.id for row in rows] == [ticket_id]
        group = read_conditions({"conditions": stored})
        assert [one.is_valid for one in group.list_conditions()] == [True, False, False, False]
        # A team that is gone matches nothing.
        assert listed(uow, where("team", "is", "4711")) == []


def test_common_views_are_read_from_an_index(uow_for: UowFor, cast: Cast, database: Engine) -> None:
    group = ConditionGroup(
        Match.ALL,
        (
            where("assignee", "is", "me"),
            where("group", "is", "open"),
            where("last_replier", "is", "requester"),
        ),
    )
    with uow_for(cast.agent) as uow:
        query = with_conditions(uow, TicketQuery(), group)
        assert (query.assignee_id, query.group, len(query.conditions.parts)) == (
            cast.agent.id,
            frozenset({"open"}),
            1,
        )
