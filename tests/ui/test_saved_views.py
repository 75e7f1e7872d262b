"""Saved views in the queue: what their URL lists, what is saved, and what cannot be expressed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from reflex.istate.data import ReflexURL

from tests.cast import Cast, Clock, UowFor
from tests.ui.test_desk import file_ticket
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Priority
from ticket_app.core.tickets import saved_views
from ticket_app.core.tickets.ticket_conditions import (
    Condition,
    ConditionGroup,
    Match,
    Operator,
    read_conditions,
)
from ticket_app.ui import bridge
from ticket_app.ui.pages.desk.queue.filter_labels import empty_list_texts, make_filter_chips
from ticket_app.ui.pages.desk.queue.filters import QueueFilters
from ticket_app.ui.pages.desk.queue.rows import load_queue
from ticket_app.ui.pages.desk.queue.saved_view import open_view, parse_seen, without_condition
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.queue.view_conditions import make_conditions
from ticket_app.ui.pages.desk.queue.views import VIEWS
from ticket_app.ui.pages.desk.saved_views import texts
from ticket_app.ui.pages.desk.saved_views.state import (
    change_view,
    offered_scopes,
    save_filters,
    save_new_view,
)
from ticket_app.ui.pages.desk.sidebar import KeptCounts, _load_sidebar

FORM = {"name": "Hot tickets", "icon": "flame", "scope": "me", "pinned": "on"}
IS_URGENT = Condition("priority", Operator.IS, ("high",))
IS_NOT_CLOSED = Condition("status", Operator.IS_NOT, ("closed",))


def create(uow: UnitOfWork, *conditions: Condition, match: Match = Match.ALL) -> int:
    group = ConditionGroup(match, conditions)
    return saved_views.create_view(uow, "Hot tickets", conditions=group.to_json()).id


def reopen(uow: UnitOfWork, href: str) -> QueueFilters:
    parts = urlsplit(href)
    return open_view(uow, parts.path.rpartition("/")[2], dict(parse_qsl(parts.query)))[1]


def test_view_is_listed_with_its_filters_sort_and_name(uow_for: UowFor, cast: Cast) -> None:
    urgent = file_ticket(uow_for, cast.owner, priority=Priority.HIGH)
    file_ticket(uow_for, cast.owner, priority=Priority.LOW)
    with uow_for(cast.agent) as uow:
        view_id = create(uow, IS_URGENT)
        shown, filters = open_view(uow, str(view_id), {})
        assert (shown.name, shown.is_changed, shown.can_change) == ("Hot tickets", False, True)
        assert filters.choices == {"priority": ("high",)}
        assert [row.id for row in load_queue(uow, filters).rows] == [urgent]
        assert filters.href() == f"/desk/views/{view_id}"
        assert filters.href(after="x", start=51) == f"/desk/views/{view_id}?after=x&n=51"


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/desk?status=new", *(f"/desk/views/{view}" for view in VIEWS)])
async def test_standard_view_is_listed_with_a_single_read(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[object] = []

    async def read(_page: object, use_case: object, *_: object) -> None:
        reads.append(use_case)
        raise NotFound

    monkeypatch.setattr(bridge, "read", read)
    page: Any = Queue(_reflex_internal_init=True)  # type: ignore[call-arg]
    page.router = replace(page.router, url=ReflexURL(f"http://desk{path}"))
    await Queue.load.fn(page)
    assert reads == [load_queue]
    assert not page.is_missing


def test_unknown_and_foreign_views_are_missing_alike(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        view_id = create(uow, IS_URGENT)
    with uow_for(cast.manager) as uow:
        for name in (str(view_id), "999999", "nonsense", "-1", "9" * 30):
            with pytest.raises(NotFound):
                open_view(uow, name, {})


def test_filters_of_the_url_replace_those_of_the_view(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        view_id = create(uow, IS_URGENT, IS_NOT_CLOSED)
        filters = open_view(uow, str(view_id), {})[1]
        cleared = reopen(uow, filters.with_choice("priority").href())
        assert cleared.is_changed
        assert cleared.choices == {}
        assert cleared.conditions.parts == (IS_NOT_CLOSED,)
        again = reopen(uow, cleared.with_choice("priority", "high").href())
        assert not again.is_changed
        assert reopen(uow, filters.href(sort="created")).is_changed


def test_condition_without_a_filter_is_a_chip_that_can_be_removed(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.agent) as uow:
        missing = Condition("team", Operator.IS_NOT, ("4711",))
        view_id = create(uow, IS_NOT_CLOSED, missing)
        filters = open_view(uow, str(view_id), {})[1]
        chips = make_filter_chips(filters, load_queue(uow, filters)).extras
        assert [chip.text for chip in chips] == [
            "Status is not Closed",
            f"Team is not {texts.missing_row('4711')}",
        ]
        kept = without_condition(filters.conditions, chips[1].name)
        fewer = reopen(uow, filters.href(conditions=kept))
        assert fewer.conditions.parts == (IS_NOT_CLOSED,)
        assert fewer.is_changed


def test_any_of_several_conditions_is_one_chip(uow_for: UowFor, cast: Cast) -> None:
    urgent = file_ticket(uow_for, cast.owner, priority=Priority.HIGH)
    with uow_for(cast.agent) as uow:
        is_mine = Condition("assignee", Operator.IS, ("me",))
        view_id = create(uow, IS_URGENT, is_mine, match=Match.ANY)
        filters = open_view(uow, str(view_id), {})[1]
        page = load_queue(uow, filters)
        assert [row.id for row in page.rows] == [urgent]
        assert page.conditions == ("Any of: Priority is High; Assignee is me",)
        assert without_condition(filters.conditions, "condition 0").parts == ()
        kept, _ = make_conditions(uow, filters.with_choice("status", "new"))
        assert [type(part) for part in kept.parts] == [Condition, ConditionGroup]


def test_conditions_that_cannot_be_nested_deeper_are_refused(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        inner = ConditionGroup(Match.ALL, (IS_URGENT, IS_NOT_CLOSED))
        kept = ConditionGroup(Match.ANY, (inner, IS_URGENT))
        filters = QueueFilters(view="all", view_id=1, conditions=kept)
        assert make_conditions(uow, filters) == (kept, [])
        with pytest.raises(RuleViolation, match=r"^The conditions .* cannot be combined"):
            make_conditions(uow, filters.with_choice("status", "new"))


@pytest.mark.parametrize("view", sorted(set(VIEWS) - {"snoozed"}))
def test_view_saved_from_a_standard_one_lists_the_same_tickets(
    view: str, uow_for: UowFor, cast: Cast
) -> None:
    for priority in (Priority.HIGH, Priority.LOW):
        file_ticket(uow_for, cast.owner, priority=priority)
    with uow_for(cast.agent) as uow:
        standard = QueueFilters.from_url(view, {"priority": "high"})
        row = save_new_view(uow, standard, FORM)
        saved = open_view(uow, str(row.id), {})[1]
        ids = [[one.id for one in load_queue(uow, one).rows] for one in (standard, saved)]
        assert ids[0] == ids[1]
        assert (saved.sort, saved.descending) == (standard.sort, standard.descending)


def test_all_filters_of_the_header_survive_saving(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        params = {
            "status": "new,open",
            "priority": "high",
            "assignee": "me",
            "tag": "lamp,hall",
            "section": "Lobby",
            "since": "2026-01-05",
            "until": "2026-02-07",
            "only": "sla_breached",
            "q": "flicker",
            "sort": "due",
            "dir": "asc",
        }
        listed = QueueFilters.from_url("all", params)
        row = save_new_view(uow, listed, FORM)
        saved = open_view(uow, str(row.id), {})[1]
        for name in ("choices", "assignee", "tags", "section", "since", "until", "facts"):
            assert getattr(saved, name) == getattr(listed, name), name
        assert (saved.search, saved.sort, saved.descending) == ("flicker", "due", False)
        assert saved.conditions.parts == ()


def test_filters_that_a_view_cannot_hold_are_named(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        listed = QueueFilters.from_url("all", {"only": "rated", "priority": "high"})
        conditions, left_out = make_conditions(uow, listed)
        assert conditions.parts == (IS_URGENT,)
        assert len(left_out) == 1


def test_changed_filters_are_saved_and_a_stale_change_is_refused(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.agent) as uow:
        view_id = create(uow, IS_URGENT)
        row = saved_views.get_view(uow, view_id)
        filters = open_view(uow, str(view_id), {})[1].with_choice("priority", "low")
        row = save_filters(uow, view_id, filters, row.updated_at)
        assert read_conditions(row.conditions).parts == (
            Condition("priority", Operator.IS, ("low",)),
        )
        assert not open_view(uow, str(view_id), {})[1].is_changed


def test_name_icon_sharing_and_pin_change_in_the_dialog(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        view_id = create(uow, IS_URGENT)
        shown = open_view(uow, str(view_id), {})[0]
        form = {"name": "Ours", "icon": "star", "scope": "everyone", "pinned": ""}
        change_view(uow, shown, form)
        shown = open_view(uow, str(view_id), {})[0]
        assert (shown.name, shown.icon, shown.scope) == ("Ours", "star", "everyone")
        assert not shown.is_pinned
        assert "everyone" in dict(offered_scopes(uow))
    with uow_for(cast.agent) as uow:
        assert not open_view(uow, str(view_id), {})[0].can_change
        assert "everyone" not in dict(offered_scopes(uow))


def test_sidebar_has_the_pinned_views_with_their_counts(uow_for: UowFor, cast: Cast) -> None:
    file_ticket(uow_for, cast.owner, priority=Priority.HIGH)
    with uow_for(cast.agent) as uow:
        view_id = create(uow, IS_URGENT)
        pinned = _load_sidebar(uow, KeptCounts()).pinned
        assert [(one.view, one.label, one.count) for one in pinned] == [
            (str(view_id), "Hot tickets", "1")
        ]
        assert pinned[0].href == f"/desk/views/{view_id}"


def test_empty_view_has_texts_of_its_own_until_filters_change(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        filters = open_view(uow, str(create(uow, IS_URGENT)), {})[1]
        assert empty_list_texts(filters, "")[0] == texts.EMPTY_TITLE
        assert empty_list_texts(filters.with_choice("status", "new"), "")[0] != texts.EMPTY_TITLE


def test_sidebar_counts_a_pinned_view_again_after_a_minute_or_a_change(
    uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    def load(kept: KeptCounts, actor: Actor = cast.agent) -> tuple[list[str], KeptCounts]:
        with uow_for(actor) as uow:
            data = _load_sidebar(uow, kept)
        return [one.count for one in data.pinned], data.kept_counts

    with uow_for(cast.admin) as uow:
        view = saved_views.create_view(uow, "Ours", scope="everyone")
    with uow_for(cast.agent) as uow:
        saved_views.pin_view(uow, view.id)
    counts, kept = load(KeptCounts())
    assert counts == ["0"]
    file_ticket(uow_for, cast.owner, priority=Priority.HIGH)
    clock.now += timedelta(seconds=59)
    assert load(kept) == (["0"], kept)
    assert load(kept, cast.admin)[0] == ["1"]
    clock.now += timedelta(seconds=1)
    counts, kept = load(kept)
    assert counts == ["1"]
    only_low = ConditionGroup(Match.ALL, (Condition("priority", Operator.IS, ("low",)),))
    with uow_for(cast.admin) as uow:
        saved_views.update_view(uow, view.id, {"conditions": only_low.to_json()})
    assert load(kept)[0] == ["0"]


@pytest.mark.parametrize("text", ["", "junk", "2026-13-01", "9" * 500])
def test_invalid_moment_of_a_seen_view_is_a_conflict(text: str) -> None:
    with pytest.raises(Conflict):
        parse_seen(text)
