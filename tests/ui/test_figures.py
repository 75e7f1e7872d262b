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

from tests.cast import MORNING, Cast, Clock, DeskFor
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DeskError
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Category, Group, Status
from ticket_app.core.reports import figures
from ticket_app.core.reports.dashboard import Backlog, Dashboard, DayFigures, Outcome, dashboard
from ticket_app.core.reports.performance import Achievement, performance
from ticket_app.core.reports.periods import Span, span_of
from ticket_app.core.sla.compliance import Share
from ticket_app.core.sla.policies import add_policy
from ticket_app.core.tickets import merging, statistics, ticket_list, tickets
from ticket_app.core.tickets.conditions import is_overdue
from ticket_app.core.tickets.ticket_list import FLAGS, TicketQuery
from ticket_app.tables import Department, Person
from ticket_app.ui.pages.analytics.told import PERIODS, Link, Told, told
from ticket_app.ui.pages.desk import work
from ticket_app.ui.pages.desk.views import DAYS, FACTS, VIEWS, Asked

ZONES = (
    "UTC",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
)


def asked_by(href: str) -> Asked:
    """What an address asks for, as the page reads it."""
    path, _, query = href.partition("?")
    assert path.startswith("/desk/views/"), href
    return Asked.read(path.rpartition("/")[2], dict(parse_qsl(query)))


def listed(desk: Desk, href: str) -> list[Any]:
    """The tickets of the list behind an address, each page of it."""
    asked = asked_by(href)
    query, _ = work._asked_query(desk, asked)
    rows: list[Any] = []
    cursor: str | None = None
    while True:
        page = ticket_list.page(desk, query, Slice(100, cursor=cursor), "whole")
        rows += page.rows
        cursor = page.next
        if cursor is None:
            break
    assert len({row.id for row in rows}) == len(rows)
    assert work.load_list(desk, asked).total == len(rows), href
    return rows


def number_in(text: str) -> int:
    """The count in words such as "1,234 resolved" and "Billing 7"."""
    words = [word.replace(",", "") for word in text.split()]
    return next(int(word) for word in (words[0], words[-1]) if word.isdigit())


def _file(desk: Desk, _ids: list[int], number: int) -> int:
    draft = tickets.TicketDraft(
        "The lamp flickers",
        "Since noon.",
        category=list(Category)[number % 3],
        department_id=1 if number % 4 == 0 else None,
        due_at=desk.now + timedelta(hours=number - 20) if number % 2 else None,
    )
    ticket_id = tickets.open_ticket(desk, draft).id
    assert ticket_id is not None
    return ticket_id


def _change(status: Status) -> Callable[[Desk, Any, int, list[int]], Any]:
    return lambda desk, ticket, _number, _ids: tickets.change_status(desk, ticket, status)


def _assign(desk: Desk, ticket: Any, number: int, _ids: list[int]) -> None:
    tickets.assign(desk, ticket, desk.actor.id if number % 3 else None)


def _due(desk: Desk, ticket: Any, number: int, _ids: list[int]) -> None:
    tickets.edit(desk, ticket, {"due_at": desk.now + timedelta(hours=number - 20)})


def _merge(desk: Desk, ticket: Any, number: int, ids: list[int]) -> None:
    merging.merge(desk, ticket.id, ids[number % len(ids)])


DEEDS: dict[str, Callable[[Desk, Any, int, list[int]], Any]] = {
    "resolve": _change(Status.RESOLVED),
    "close": _change(Status.CLOSED),
    "reject": _change(Status.WONT_FIX),
    "wait": _change(Status.PENDING_USER),
    "work": _change(Status.IN_PROGRESS),
    "reopen": lambda desk, ticket, _number, _ids: tickets.reopen(desk, ticket),
    "reply": lambda desk, ticket, _number, _ids: commenting.comment(desk, ticket, "Try again."),
    "assign": _assign,
    "due": _due,
    "merge": _merge,
    "unmerge": lambda desk, ticket, _number, _ids: merging.unmerge(desk, ticket.id),
    "delete": lambda desk, ticket, _number, _ids: tickets.delete_ticket(desk, ticket),
}

Step = tuple[str, int, int, int]
STEP = st.tuples(
    st.sampled_from(["file", "file", "rate", *DEEDS]),
    st.integers(0, 9),
    st.integers(0, 40),
    st.sampled_from([1, 30, 90, 60 * 7, 60 * 25, 60 * 24 * 6]),
)


@pytest.fixture
def live(desk_for: DeskFor, cast: Cast, clock: Clock) -> Callable[[list[Step]], None]:
    """Lets a history happen through the core, after those that happened before."""
    with desk_for(cast.admin) as desk:
        desk.session.add(Department(name="House", created_at=desk.now))
        add_policy(desk, "Standard", respond_minutes=60, resolve_minutes=480, calendar_id=None)

    def happen(steps: list[Step]) -> None:
        ids: list[int] = []
        for what, which, number, minutes in steps:
            clock.forward(minutes=minutes)
            by: Actor = cast.owner if what in ("file", "rate") else cast.admin
            with suppress(DeskError), desk_for(by) as desk:
                if what == "file" or not ids:
                    desk.actor = cast.owner
                    ids.append(_file(desk, ids, number))
                    continue
                ticket = tickets.hold(desk, ids[which % len(ids)])
                if what == "rate":
                    tickets.rate(desk, ticket, number % 5 + 1)
                else:
                    DEEDS[what](desk, ticket, number, ids)

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
    live: Callable[[list[Step]], None], desk_for: DeskFor, cast: Cast, clock: Clock,
    steps: list[Step], zone: str, period: str, department: str,
) -> None:  # fmt: skip
    live(steps)
    clock.forward(minutes=1)
    with desk_for(cast.admin, writes=False) as desk:
        desk.zone = ZoneInfo(zone)
        span = span_of(period, desk.now, desk.zone)
        where = int(department) if department else None
        page = told(desk, period, department)
        board = dashboard(desk, span, department_id=where)
        check_numbers(desk, page, board)
        for link in (*page.flow.links, *page.categories.links, *page.people.links):
            assert number_in(link.text) == len(listed(desk, link.href)), link
        people = {one.id: one for one in performance(desk, span).agents}
        for row in page.rows:
            check_person(desk, row, people[row.id])
        check_days(desk, board, span, where)
        check_views(desk)


def check_numbers(desk: Desk, page: Told, board: Dashboard) -> None:
    """Each number at the top, and each part of it."""
    found = {one.name: listed(desk, one.href) for one in page.numbers}
    value = {one.name: one.value for one in page.numbers}
    for name in ("Filed", "Resolved", "Open now"):
        assert number_in(value[name]) == len(found[name]), name
    assert len(found["Time to resolve"]) == board.outcome.resolved
    assert board.sla is not None
    assert len(found["SLA met"]) == board.sla.met + board.sla.missed
    assert board.sla.missed == sum(row.sla_breached_at is not None for row in found["SLA met"])
    assert len(found["Satisfaction"]) == board.outcome.ratings
    stars = [row.satisfaction_rating for row in found["Satisfaction"]]
    assert board.outcome.rating == (pytest.approx(mean(stars)) if stars else None)
    for one in page.numbers:
        for part in one.parts:
            assert number_in(part.text) == len(listed(desk, part.href)), part


def check_person(desk: Desk, row: Any, one: Achievement) -> None:
    """Each cell of a person's line: counts by their number, means by the mean over the list."""

    def rows(link: Link) -> list[Any]:
        return listed(desk, link.href) if link.href else []

    for name in ("open_now", "assigned", "resolved"):
        link = getattr(row, name)
        assert number_in(link.text) == len(rows(link)), (row.name, name)
    for link, end, told_hours in (
        (row.response, "first_response_at", one.first_response_hours),
        (row.resolution, "resolved_at", one.resolution_hours),
    ):
        spent = [(getattr(it, end) - it.created_at).total_seconds() / 3600 for it in rows(link)]
        assert told_hours == (pytest.approx(mean(spent), abs=0.006) if spent else None)
    broken = [it.sla_breached_at is not None for it in rows(row.compliance)]
    kept = round(100 * (1 - mean(broken)), 1) if broken else None
    assert one.compliance == (pytest.approx(kept) if broken else None)
    stars = [it.satisfaction_rating for it in rows(row.satisfaction)]
    assert (len(stars), one.satisfaction) == (
        one.ratings,
        pytest.approx(mean(stars), abs=0.006) if stars else None,
    )


def check_days(desk: Desk, board: Dashboard, span: Span, department_id: int | None) -> None:
    """The busiest day of the chart, and its edges; all days together are the span."""
    assert sum(day.filed for day in board.days) == board.filed
    assert sum(day.resolved for day in board.days) == board.outcome.resolved
    busiest = max(board.days, key=lambda day: day.filed + day.resolved)
    for day in (board.days[0], busiest, board.days[-1]):
        only = Span(day.day, day.day, span.zone)
        lists = figures.of_span(only.between, department_id=department_id)
        for name in ("filed", "resolved"):
            href = Asked.showing(lists[name], span.zone).href()
            assert getattr(day, name) == len(listed(desk, href)), (day, name)


def check_views(desk: Desk) -> None:
    """The rail counts what its views list; overdue means the same everywhere."""
    counted = work.counted(desk)
    for name in VIEWS:
        assert counted[name] == str(len(listed(desk, f"/desk/views/{name}"))), name
    everything = listed(desk, "/desk/views/all")
    overdue = {row.id for row in everything if is_overdue(row, desk.now)}
    assert {row.id for row in listed(desk, "/desk/views/overdue")} == overdue
    assert statistics.figures(desk).overdue == len(overdue)
    board = dashboard(desk, span_of("30d", desk.now, desk.zone))
    assert board.backlog.overdue == len(overdue)


PARTS = {
    "": Dashboard,
    "outcome.": Outcome,
    "sla.": Share,
    "backlog.": Backlog,
    "days.": DayFigures,
}
NO_FIGURES = {"span", "at", "outcome", "backlog", "days", "days.day"}


def names_in(kind: Any) -> set[str]:
    """The fields and properties of a report's dataclass."""
    properties = {name for name, value in vars(kind).items() if isinstance(value, property)}
    return {field.name for field in fields(kind)} | properties


def test_every_figure_of_a_report_names_its_list() -> None:
    names = {under + name for under, kind in PARTS.items() for name in names_in(kind)}
    assert names - NO_FIGURES == set(figures.DASHBOARD)
    whose = {"id", "name", "username", "team"}
    assert names_in(Achievement) - whose == set(figures.ACHIEVEMENT) | figures.NOT_TICKETS
    between = (MORNING, MORNING + timedelta(days=1))
    known = set(figures.of_span(between) | figures.at_present())
    assert {*figures.DASHBOARD.values(), *figures.ACHIEVEMENT.values()} <= known


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", [*figures.of_span((MORNING, MORNING)), *figures.at_present()])
def test_every_list_of_a_report_has_an_address(name: str, zone: str) -> None:
    whose: dict[str, Any] = {"assignee_id": 7, "department_id": 3, "team_id": 2}
    span = Span(date(2026, 3, 1), date(2026, 3, 31), ZoneInfo(zone))
    if name == "unassigned":
        del whose["assignee_id"]
    wanted = (figures.of_span(span.between, **whose) | figures.at_present(**whose))[name]
    wanted = replace(wanted, category=frozenset({Category.BILLING}))
    address = Asked.showing(wanted, span.zone, assignee="sam" if "assignee_id" in whose else "")
    again = asked_by(address.href()).query(now=MORNING, me=1, zone=span.zone, assignee_id=7)
    assert replace(again, sort="created", descending=True) == wanted


def test_every_fact_and_span_of_an_address_is_one_of_the_core() -> None:
    assert FACTS.keys() <= FLAGS.keys()
    names = get_type_hints(TicketQuery)
    assert {field for one in DAYS.values() for field in one.fields} <= names.keys()
    filters = {name for name in names if name.startswith(("sla_", "response_", "resolved_"))}
    told_of = {field for one in DAYS.values() for field in one.fields} | FACTS.keys()
    assert filters - {"sla_policy_id"} <= told_of


def test_a_waiting_ticket_past_its_due_date_is_overdue_everywhere(
    desk_for: DeskFor, cast: Cast, clock: Clock
) -> None:
    with desk_for(cast.owner) as desk:
        due = MORNING + timedelta(hours=1)
        draft = tickets.TicketDraft("The lamp flickers", "Since noon.", due_at=due)
        ticket_id = tickets.open_ticket(desk, draft).id
    assert ticket_id is not None
    with desk_for(cast.agent) as desk:
        tickets.change_status(desk, tickets.hold(desk, ticket_id), Status.PENDING_USER)
    clock.forward(hours=2)
    with desk_for(cast.manager, writes=False) as desk:
        (row,) = listed(desk, "/desk/views/overdue")
        assert (row.id, row.status_group) == (ticket_id, Group.WAITING)
        assert work.counted(desk)["overdue"] == "1"
        assert is_overdue(row, desk.now)
        assert statistics.figures(desk).overdue == 1
        page = told(desk, "30d", "")
    assert [part.text for part in page.numbers[-1].parts] == ["1 unassigned", "1 overdue"]


def test_a_list_of_somebody_who_has_left_still_shows_their_tickets(
    desk_for: DeskFor, cast: Cast
) -> None:
    with desk_for(cast.owner) as desk:
        draft = tickets.TicketDraft("The lamp flickers", "Since noon.")
        ticket_id = tickets.open_ticket(desk, draft).id or 0
    with desk_for(cast.agent) as desk:
        ticket = tickets.hold(desk, ticket_id)
        tickets.assign(desk, ticket, cast.agent.id)
        tickets.change_status(desk, ticket, Status.RESOLVED)
        desk.session.get_one(Person, cast.agent.id).is_active = False
    with desk_for(cast.manager, writes=False) as desk:
        page = told(desk, "30d", "")
        row = next(one for one in page.rows if one.id == cast.agent.id)
        assert (row.resolved.text, len(listed(desk, row.resolved.href))) == ("1", 1)


def test_the_days_of_a_list_are_those_of_the_person(
    desk_for: DeskFor, cast: Cast, clock: Clock
) -> None:
    clock.now = datetime.fromisoformat("2026-11-20T23:30:00+00:00")
    with desk_for(cast.owner) as desk:
        tickets.open_ticket(desk, tickets.TicketDraft("The lamp flickers", "Since noon."))
    for zone, day in (
        ("UTC", "2026-11-20"),
        ("Pacific/Kiritimati", "2026-11-21"),
        ("Pacific/Pago_Pago", "2026-11-20"),
        ("Asia/Kolkata", "2026-11-21"),
    ):
        with desk_for(cast.agent, writes=False) as desk:
            desk.zone = ZoneInfo(zone)
            assert len(listed(desk, f"/desk/views/all?since={day}&until={day}")) == 1, zone
            other = "2026-11-21" if day == "2026-11-20" else "2026-11-20"
            assert listed(desk, f"/desk/views/all?since={other}&until={other}") == [], zone
