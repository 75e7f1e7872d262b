"""Saved views: how many there can be, how long a deletion is undone, and simultaneous changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_saved_views import team_of, where
from ticket_app.core.platform import sharing
from ticket_app.core.platform.errors import Conflict, NotFound, RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.tickets import saved_views, ticket_list
from ticket_app.core.tickets.saved_view_fields import validate_fields
from ticket_app.core.tickets.saved_view_queries import build_view_query, with_conditions
from ticket_app.core.tickets.tags import set_tags
from ticket_app.core.tickets.ticket_conditions import ConditionGroup, Match
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import saved_view_table


@pytest.fixture(autouse=True)
def two_in_each_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "MAX_IN_SCOPE", 2)


def test_deleted_views_do_not_count_until_they_are_restored(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        first = saved_views.create_view(uow, "First").id
        saved_views.create_view(uow, "Second")
        with pytest.raises(RuleViolation):
            saved_views.create_view(uow, "Third")
        saved_views.delete_view(uow, first)
        third = saved_views.create_view(uow, "Third").id
        with pytest.raises(RuleViolation):
            saved_views.restore_view(uow, first)
        saved_views.delete_view(uow, third)
        assert saved_views.restore_view(uow, first).name == "First"


def test_old_deletion_is_final(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    with uow_for(cast.agent) as uow:
        view_id = saved_views.create_view(uow, "Old").id
        saved_views.delete_view(uow, view_id)
    clock.now += saved_views.UNDO_PERIOD + timedelta(seconds=1)
    with uow_for(cast.agent) as uow:
        with pytest.raises(NotFound):
            saved_views.restore_view(uow, view_id)
        saved_views.create_view(uow, "New")
        count = select(func.count()).select_from(saved_view_table)
        assert uow.connection.execute(count).scalar_one() == 1


def test_view_is_not_moved_to_a_team_with_the_maximum(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        full, other = team_of(uow, "Full"), team_of(uow, "Other")
        for name in ("A", "B"):
            saved_views.create_view(uow, name, scope="team", team_id=full)
        view = saved_views.create_view(uow, "C", scope="team", team_id=other)
        with pytest.raises(RuleViolation):
            saved_views.update_view(uow, view.id, {"team_id": full})
        assert saved_views.get_view(uow, view.id).team_id == other


@pytest.mark.parametrize("scope", ["me", "everyone"])
def test_second_of_two_simultaneous_saves_is_a_conflict(
    uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch, scope: str
) -> None:
    with uow_for(cast.admin) as uow:
        view = saved_views.create_view(uow, "Before", scope=scope)

        def save_between(changes: Mapping[str, object]) -> dict[str, object]:
            later = view.updated_at + timedelta(seconds=1)
            uow.connection.execute(
                update(saved_view_table)
                .where(saved_view_table.c.id == view.id)
                .values(name="First", updated_at=later)
            )
            return validate_fields(changes)

        monkeypatch.setattr(saved_views, "validate_fields", save_between)
        with pytest.raises(Conflict):
            saved_views.update_view(uow, view.id, {"name": "Second"}, seen_at=view.updated_at)
        assert saved_views.get_view(uow, view.id).name == "First"


def test_operators_in_the_search_of_a_view_are_applied(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    tagged, other = file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        set_tags(uow, tagged, ["vpn"])
        for search, expected in (("tag:vpn is:open", [tagged]), ("-tag:vpn", [other])):
            view = saved_views.create_view(uow, "Search", search=search)
            query = build_view_query(uow, view)
            assert [row.id for row in ticket_list.page(uow, query, PageRequest(5)).rows] == expected
            counts = {one.view.id: one.count for one in saved_views.count_pinned_views(uow)}
            assert counts[view.id] == 1


def test_one_tag_is_read_from_its_index(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    tagged, both = file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        set_tags(uow, tagged, ["vpn"])
        set_tags(uow, both, ["vpn", "wifi"])
        for parts, expected in (
            ([where("tags", "is", "VPN")], [both, tagged]),
            ([where("tags", "is", "vpn"), where("tags", "is", "wifi")], [both]),
            ([where("tags", "is", "missing")], []),
        ):
            query = with_conditions(uow, TicketQuery(), ConditionGroup(Match.ALL, tuple(parts)))
            assert query.tags == parts[0].values
            assert len(query.conditions.parts) == len(parts) - 1
            assert [row.id for row in ticket_list.page(uow, query).rows] == expected
            assert ticket_list.count_tickets(uow, query) == len(expected)
