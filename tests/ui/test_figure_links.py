"""Every figure of the web app counts exactly the tickets of the list it links to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from statistics import mean
from typing import Any, get_type_hints
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import MORNING, Cast, Clock, UowFor
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.ticket_status import is_overdue
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Category, Status, StatusGroup
from ticket_app.core.reports import metric_queries
from ticket_app.core.reports.dashboard import (
    Backlog,
    DailyCounts,
    Dashboard,
    ResolutionSummary,
    get_dashboard,
)
from ticket_app.core.reports.performance import PerformanceMetrics, get_performance_report
from ticket_app.core.reports.periods import Period, parse_period
from ticket_app.core.sla.compliance import ComplianceRate
from ticket_app.core.sla.policies import create_policy
from ticket_app.core.tickets import (
    assigning,
    editing,
    locking,
    merging,
    opening,
    rating,
    statistics,
    status_changes,
    ticket_list,
    trash,
)
from ticket_app.core.tickets.list_filters import FLAG_FILTERS
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import Department, Person
from ticket_app.ui.pages.analytics.rows import PERIODS, AnalyticsData, Link, load_analytics
from ticket_app.ui.pages.desk.queue.filters import (
    DAY_FILTERS,
    FACT_FILTERS,
    WITH_SNOOZED,
    QueueFilters,
)
from ticket_app.ui.pages.desk.queue.rows import build_query, count_views, load_queue
from ticket_app.ui.pages.desk.queue.views import VIEWS

ZONES = (
    "UTC",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
)


def asked_by(href: str) -> QueueFilters:
    """What an address asks for, as the page reads it."""
    path, _, query = href.partition("?")
    assert path.startswith("/desk/views/"), href
    return QueueFilters.from_url(path.rpartition("/")[2], dict(parse_qsl(query)))


def listed(uow: UnitOfWork, href: str) -> list[Any]:
    """The tickets of the list behind an address, each page of it."""
    asked = asked_by(href)
    query, _ = build_query(uow, asked)
    rows: list[Any] = []
    cursor: str | None = None
    while True:
        page = ticket_list.page(uow, query, PageRequest(100, cursor=cursor), "full")
        rows += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len({row.id for row in rows}) == len(rows)
    assert load_queue(uow, asked).total == len(rows), href
    return rows


def number_in(text: str) -> int:
    """The count in words such as "1,234 resolved" and "Billing 7"."""
    words = [word.replace(",", "") for word in text.split()]
    return next(int(word) for word in (words[0], words[-1]) if word.isdigit())


def _file(uow: UnitOfWork, _ids: list[int], number: int) -> int:
    draft = opening.TicketDraft(
        "The lamp flickers",
        "Since noon.",
        category=list(Category)[number % 3],
        department_id=1 if number % 4 == 0 else None,
        due_at=uow.now + timedelta(hours=number - 20) if number % 2 else None,
    )
    ticket_id = opening.open_ticket(uow, draft).id
    assert ticket_id is not None
    return ticket_id


def _change(status: Status) -> Callable[[UnitOfWork, Any, int, list[int]], Any]:
    return lambda uow, ticket, _number, _ids: status_changes.change_status(uow, ticket, status)


def _assign(uow: UnitOfWork, ticket: Any, number: int, _ids: list[int]) -> None:
    assigning.assign(uow, ticket, uow.actor.id if number % 3 else None)


def _due(uow: UnitOfWork, ticket: Any, number: int, _ids: list[int]) -> None:
    editing.edit(uow, ticket, {"due_at": uow.now + timedelta(hours=number - 20)})


def _merge(uow: UnitOfWork, ticket: Any, number: int, ids: list[int]) -> None:
    merging.merge(uow, ticket.id, ids[number % len(ids)])


DEEDS: dict[str, Callable[[UnitOfWork, Any, int, list[int]], Any]] = {
    "resolve": _change(Status.RESOLVED),
    "close": _change(Status.CLOSED),
    "reject": _change(Status.WONT_FIX),
    "wait": _change(Status.PENDING_USER),
    "work": _change(Status.IN_PROGRESS),
    "reopen": lambda uow, ticket, _number, _ids: status_changes.reopen(uow, ticket),
    "reply": lambda uow, ticket, _number, _ids: commenting.add_comment(uow, ticket, "Try again."),
    "assign": _assign,
    "due": _due,
    "merge": _merge,
    "unmerge": lambda uow, ticket, _number, _ids: merging.unmerge(uow, ticket.id),
    "delete": lambda uow, ticket, _number, _ids: trash.delete_ticket(uow, ticket),
}

Step = tuple[str, int, int, int]
STEP = st.tuples(
    st.sampled_from(["file", "file", "rate", *DEEDS]),
    st.integers(0, 9),
    st.integers(0, 40),
    st.sampled_from([1, 30, 90, 60 * 7, 60 * 25, 60 * 24 * 6]),
)


@pytest.fixture
def live(uow_for: UowFor, cast: Cast, clock: Clock) -> Callable[[list[Step]], None]:
    """Lets a history happen through the core, after those that happened before."""
    with uow_for(cast.admin) as uow:
        uow.session.add(Department(name="House", created_at=uow.now))
        create_policy(uow, "Standard", respond_minutes=60, resolve_minutes=480, calendar_id=None)

    def happen(steps: list[Step]) -> None:
        ids: list[int] = []
        for what, which, number, minutes in steps:
            clock.forward(minutes=minutes)
            by: Actor = cast.owner if what in ("file", "rate") else cast.admin
            with suppress(DomainError), uow_for(by) as uow:
                if what == "file" or not ids:
                    uow.actor = cast.owner
                    ids.append(_file(uow, ids, number))
                    continue
                ticket = locking.lock_ticket(uow, ids[which % len(ids)])
                if what == "rate":
                    rating.rate(uow, ticket, number % 5 + 1)
                else:
                    DEEDS[what](uow, ticket, number, ids)

    return happen


RANDOM = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(
    steps=st.lists(STEP, min_size=6, max_size=24),
    zone=st.sampled_from(ZONES),
    period=st.sampled_from(sorted(PERIODS)),
    department=st.sampled_from(["", "1"]),
)
@RANDOM
def test_every_figure_equals_the_list_it_links_to(
    live: Callable[[list[Step]], None], uow_for: UowFor, cast: Cast, clock: Clock,
    steps: list[Step], zone: str, period: str, department: str,
) -> None:  # fmt: skip
    live(steps)
    clock.forward(minutes=1)
    with uow_for(cast.admin, writes=False) as uow:
        uow.time_zone = ZoneInfo(zone)
        date_range = parse_period(period, uow.now, uow.time_zone)
        where = int(department) if department else None
        page = load_analytics(uow, period, department)
        board = get_dashboard(uow, date_range, department_id=where)
        check_numbers(uow, page, board)
        for link in (*page.flow.links, *page.categories.links, *page.people.links):
            assert number_in(link.text) == len(listed(uow, link.href)), link
        people = {one.id: one for one in get_performance_report(uow, date_range).agents}
        for row in page.rows:
            check_person(uow, row, people[row.id])
        check_days(uow, board, date_range, where)
        check_views(uow)


def check_numbers(uow: UnitOfWork, page: AnalyticsData, board: Dashboard) -> None:
    """Each number at the top, and each part of it."""
    found = {one.name: listed(uow, one.href) for one in page.metrics}
    value = {one.name: one.value for one in page.metrics}
    for name in ("Created", "Resolved", "Open now"):
        assert number_in(value[name]) == len(found[name]), name
    assert len(found["Resolution time"]) == board.resolution.resolved
    assert board.sla is not None
    assert len(found["SLA met"]) == board.sla.met + board.sla.breached
    assert board.sla.breached == sum(row.sla_breached_at is not None for row in found["SLA met"])
    assert len(found["Satisfaction"]) == board.resolution.rating_count
    stars = [row.satisfaction_rating for row in found["Satisfaction"]]
    assert board.resolution.mean_rating == (pytest.approx(mean(stars)) if stars else None)
    for one in page.metrics:
        for part in one.parts:
            assert number_in(part.text) == len(listed(uow, part.href)), part


def check_person(uow: UnitOfWork, row: Any, one: PerformanceMetrics) -> None:
    """Check that each value in a person's row equals the count or mean over the linked list."""

    def rows(link: Link) -> list[Any]:
        return listed(uow, link.href) if link.href else []

    for name in ("open_now", "assigned", "resolved"):
        link = getattr(row, name)
        assert number_in(link.text) == len(rows(link)), (row.name, name)
    for link, end, shown_hours in (
        (row.response, "first_response_at", one.first_response_hours),
        (row.resolution, "resolved_at", one.resolution_hours),
    ):
        spent = [(getattr(it, end) - it.created_at).total_seconds() / 3600 for it in rows(link)]
        assert shown_hours == (pytest.approx(mean(spent), abs=0.006) if spent else None)
    broken = [it.sla_breached_at is not None for it in rows(row.compliance)]
    kept = round(100 * (1 - mean(broken)), 1) if broken else None
    assert one.compliance == (pytest.approx(kept) if broken else None)
    stars = [it.satisfaction_rating for it in rows(row.satisfaction)]
    assert (len(stars), one.satisfaction) == (
        one.ratings,
        pytest.approx(mean(stars), abs=0.006) if stars else None,
    )


def check_days(
    uow: UnitOfWork, board: Dashboard, date_range: Period, department_id: int | None
) -> None:
    """The busiest day of the chart, and its edges; all days together are the span."""
    assert sum(day.created for day in board.days) == board.created
    assert sum(day.resolved for day in board.days) == board.resolution.resolved
    busiest = max(board.days, key=lambda day: day.created + day.resolved)
    for day in (board.days[0], busiest, board.days[-1]):
        only = Period(day.day, day.day, date_range.zone)
        lists = metric_queries.queries_for_period(
            only.bounds, TicketQuery(department_id=department_id)
        )
        for name in ("created", "resolved"):
            href = QueueFilters.for_query(lists[name], date_range.zone).href()
            assert getattr(day, name) == len(listed(uow, href)), (day, name)


def check_views(uow: UnitOfWork) -> None:
    """The rail counts what its views list; overdue means the same everywhere."""
    counted = count_views(uow)
    for name in VIEWS:
        assert counted[name] == str(len(listed(uow, f"/desk/views/{name}"))), name
    everything = listed(uow, "/desk/views/all")
    overdue = {row.id for row in everything if is_overdue(row, uow.now)}
    assert {row.id for row in listed(uow, "/desk/views/overdue")} == overdue
    assert statistics.read_statistics(uow).overdue == len(overdue)
    board = get_dashboard(uow, parse_period("30d", uow.now, uow.time_zone))
    assert board.backlog.overdue == len(overdue)


PARTS = {
    "": Dashboard,
    "resolution.": ResolutionSummary,
    "sla.": ComplianceRate,
    "backlog.": Backlog,
    "days.": DailyCounts,
}
NO_FIGURES = {"period", "counted_at", "resolution", "backlog", "days", "days.day"}


def names_in(kind: Any) -> set[str]:
    """The fields and properties of a report's dataclass."""
    properties = {name for name, value in vars(kind).items() if isinstance(value, property)}
    return {field.name for field in fields(kind)} | properties


def test_every_figure_of_a_report_names_its_list() -> None:
    names = {under + name for under, kind in PARTS.items() for name in names_in(kind)}
    assert names - NO_FIGURES == set(metric_queries.DASHBOARD_QUERIES)
    whose = {"id", "name", "username", "team"}
    assert (
        names_in(PerformanceMetrics) - whose
        == set(metric_queries.PERFORMANCE_QUERIES) | metric_queries.METRICS_WITHOUT_QUERY
    )
    between = (MORNING, MORNING + timedelta(days=1))
    known = set(
        metric_queries.queries_for_period(between) | metric_queries.current_backlog_queries()
    )
    assert {
        *metric_queries.DASHBOARD_QUERIES.values(),
        *metric_queries.PERFORMANCE_QUERIES.values(),
    } <= known


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "name",
    [
        *metric_queries.queries_for_period((MORNING, MORNING)),
        *metric_queries.current_backlog_queries(),
    ],
)
def test_every_list_of_a_report_has_an_address(name: str, zone: str) -> None:
    whose: dict[str, Any] = {"assignee_id": 7, "department_id": 3, "team_id": 2}
    date_range = Period(date(2026, 3, 1), date(2026, 3, 31), ZoneInfo(zone))
    if name == "unassigned":
        del whose["assignee_id"]
    wanted = (
        metric_queries.queries_for_period(date_range.bounds, TicketQuery(**whose))
        | metric_queries.current_backlog_queries(TicketQuery(**whose))
    )[name]
    wanted = replace(wanted, category=frozenset({Category.BILLING}))
    address = QueueFilters.for_query(
        wanted, date_range.zone, assignee="sam" if "assignee_id" in whose else ""
    )
    again = asked_by(address.href()).to_query(
        now=MORNING, actor_id=1, zone=date_range.zone, assignee_id=7
    )
    assert replace(again, sort="created", descending=True) == wanted


def test_address_filters_match_the_filters_of_the_core() -> None:
    assert FACT_FILTERS.keys() - {WITH_SNOOZED} <= FLAG_FILTERS.keys()
    names = get_type_hints(TicketQuery)
    assert {field for one in DAY_FILTERS.values() for field in one.query_fields} <= names.keys()
    filters = {name for name in names if name.startswith(("sla_", "response_", "resolved_"))}
    address_filters = {
        field for one in DAY_FILTERS.values() for field in one.query_fields
    } | FACT_FILTERS.keys()
    assert filters - {"sla_policy_id"} <= address_filters


def test_a_waiting_ticket_past_its_due_date_is_overdue_everywhere(
    uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    with uow_for(cast.owner) as uow:
        due = MORNING + timedelta(hours=1)
        draft = opening.TicketDraft("The lamp flickers", "Since noon.", due_at=due)
        ticket_id = opening.open_ticket(uow, draft).id
    assert ticket_id is not None
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), Status.PENDING_USER)
    clock.forward(hours=2)
    with uow_for(cast.manager, writes=False) as uow:
        (row,) = listed(uow, "/desk/views/overdue")
        assert (row.id, row.status_group) == (ticket_id, StatusGroup.WAITING)
        assert count_views(uow)["overdue"] == "1"
        assert is_overdue(row, uow.now)
        assert statistics.read_statistics(uow).overdue == 1
        page = load_analytics(uow, "30d", "")
    assert [part.text for part in page.metrics[-1].parts] == ["1 unassigned", "1 overdue"]


def test_a_list_of_somebody_who_has_left_still_shows_their_tickets(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.owner) as uow:
        draft = opening.TicketDraft("The lamp flickers", "Since noon.")
        ticket_id = opening.open_ticket(uow, draft).id or 0
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        assigning.assign(uow, ticket, cast.agent.id)
        status_changes.change_status(uow, ticket, Status.RESOLVED)
        uow.session.get_one(Person, cast.agent.id).is_active = False
    with uow_for(cast.manager, writes=False) as uow:
        page = load_analytics(uow, "30d", "")
        row = next(one for one in page.rows if one.id == cast.agent.id)
        assert (row.resolved.text, len(listed(uow, row.resolved.href))) == ("1", 1)


def test_the_days_of_a_list_are_those_of_the_person(
    uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    clock.now = datetime.fromisoformat("2026-11-20T23:30:00+00:00")
    with uow_for(cast.owner) as uow:
        opening.open_ticket(uow, opening.TicketDraft("The lamp flickers", "Since noon."))
    for zone, day in (
        ("UTC", "2026-11-20"),
        ("Pacific/Kiritimati", "2026-11-21"),
        ("Pacific/Pago_Pago", "2026-11-20"),
        ("Asia/Kolkata", "2026-11-21"),
    ):
        with uow_for(cast.agent, writes=False) as uow:
            uow.time_zone = ZoneInfo(zone)
            assert len(listed(uow, f"/desk/views/all?since={day}&until={day}")) == 1, zone
            other = "2026-11-21" if day == "2026-11-20" else "2026-11-20"
            assert listed(uow, f"/desk/views/all?since={other}&until={other}") == [], zone
