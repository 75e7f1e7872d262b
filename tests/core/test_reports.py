"""Reports say what the tickets say, whichever way one counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import mean, median
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.cast import Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.vocabulary import Category, Group, Status
from ticket_app.core.reports import dashboard, performance
from ticket_app.core.reports.dashboard import Dashboard
from ticket_app.core.reports.performance import Achievement, Performance
from ticket_app.core.reports.periods import DAY, Span, span_between, span_of
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.sla.policies import add_policy
from ticket_app.core.tickets import ticket_list, tickets
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import TicketDraft, hold
from ticket_app.tables import Department, Person, Team, ticket_table

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

Board = Callable[..., Dashboard]


@pytest.fixture
def board(desk_for: DeskFor, cast: Cast) -> Board:
    """The dashboard as the manager sees it."""

    def read(period: str = "30d", department_id: int | None = None) -> Dashboard:
        with desk_for(cast.manager, writes=False) as desk:
            span = span_of(period, desk.now)
            return dashboard.dashboard(desk, span, department_id=department_id)

    return read


@pytest.fixture
def department(desk_for: DeskFor, cast: Cast) -> int:
    with desk_for(cast.admin) as desk:
        row = Department(name="IT", created_at=desk.now)
        desk.session.add(row)
        desk.settle()
        assert row.id is not None
        return row.id


@pytest.fixture
def resolve(desk_for: DeskFor, cast: Cast) -> Callable[..., None]:
    """Puts a ticket into a status as somebody who works tickets."""

    def change(ticket_id: int, status: Status = Status.RESOLVED, by: Actor | None = None) -> None:
        with desk_for(by or cast.agent) as desk:
            tickets.change_status(desk, hold(desk, ticket_id), status)

    return change


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("1d", date(2026, 11, 20), TODAY),
        ("30d", date(2026, 10, 22), TODAY),
        ("4w", date(2026, 10, 24), TODAY),
        ("1m", date(2026, 10, 21), TODAY),
        ("9m", date(2026, 2, 21), TODAY),
        ("11m", date(2025, 12, 21), TODAY),
        ("1y", date(2025, 11, 21), TODAY),
        ("today", TODAY, TODAY),
        ("yesterday", date(2026, 11, 19), date(2026, 11, 19)),
        ("week", date(2026, 11, 16), TODAY),
        ("month", date(2026, 11, 1), TODAY),
        ("year", date(2026, 1, 1), TODAY),
    ],
)
def test_a_period_ends_today(period: str, first: date, last: date) -> None:
    assert span_of(period, NOW) == Span(first, last)


def test_a_month_before_the_last_day_of_a_long_one_is_the_last_day_of_a_short_one() -> None:
    march = datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert span_of("1m", march) == Span(date(2026, 3, 1), date(2026, 3, 31))
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    assert span_of("1y", leap) == Span(date(2027, 3, 1), date(2028, 2, 29))


@pytest.mark.parametrize(
    "period", ["", "d", "0d", "367d", "53w", "13m", "2y", "999d", " 30d", "30D"]
)
def test_no_other_period_is_known(period: str) -> None:
    with pytest.raises(Invalid) as wrong:
        span_of(period, NOW)
    assert wrong.value.field == "period"


def test_a_span_that_still_runs_is_compared_with_as_much_time() -> None:
    assert Span(TODAY, TODAY).before(NOW) == (NOW.replace(hour=0) - DAY, NOW - DAY)
    week = Span(date(2026, 11, 2), date(2026, 11, 8))
    assert week.before(NOW) == (week.start - 7 * DAY, week.start)


def test_days_may_be_left_out() -> None:
    assert span_between(None, None, NOW) == Span(date(2026, 10, 22), TODAY)
    assert span_between(date(2026, 11, 1), None, NOW) == Span(date(2026, 11, 1), TODAY)
    assert span_between(TODAY, TODAY, NOW).days == 1
    with pytest.raises(Invalid):
        span_between(date(2025, 11, 19), TODAY, NOW)
    assert span_between(date(2025, 11, 20), TODAY, NOW).days == 366


def test_an_empty_desk_has_nothing_to_compare(board: Board) -> None:
    empty = board()
    assert (empty.filed, empty.filed_before, empty.outcome.resolved) == (0, 0, 0)
    assert (empty.outcome.hours, empty.outcome.rating, empty.compliance) == (None, None, None)
    assert sum(day.filed + day.resolved for day in empty.days) == 0


def test_what_was_filed_counts_by_its_day(
    board: Board, file_ticket: FileTicket, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 18, 23, 59, 59, 999_999, tzinfo=UTC)
    file_ticket()
    clock.now += timedelta(microseconds=1)
    file_ticket()
    clock.now = NOW
    file_ticket()
    assert [day.filed for day in board("3d").days] == [1, 1, 1]
    assert board("yesterday").filed == 1
    today = board("today")
    assert (today.filed, today.filed_before) == (1, 1)


def test_means_are_of_what_was_resolved_in_the_span(
    board: Board, file_ticket: FileTicket, resolve: Callable[..., None], clock: Clock,
    desk_for: DeskFor, cast: Cast,
) -> None:  # fmt: skip
    clock.now = NOW - timedelta(days=10)
    old, older = file_ticket(), file_ticket()
    clock.forward(hours=6)
    resolve(older)
    clock.now = NOW - timedelta(days=1)
    fresh = file_ticket()
    clock.forward(hours=3)
    resolve(fresh)
    clock.now = NOW
    resolve(old)
    for ticket_id, stars in ((old, 2), (fresh, 5), (older, 4)):
        with desk_for(cast.owner) as desk:
            tickets.rate(desk, hold(desk, ticket_id), stars)
    week = board("7d")
    assert (week.outcome.resolved, week.outcome.rating, week.outcome.ratings) == (2, 3.5, 2)
    assert week.outcome.hours == pytest.approx((240 + 3) / 2)
    assert (week.before.resolved, week.before.rating) == (1, 4)
    assert week.before.hours == pytest.approx(6)
    assert (week.filed, week.filed_before) == (1, 2)


def test_a_department_is_counted_alone(
    board: Board, file_ticket: FileTicket, department: int, resolve: Callable[..., None],
    desk_for: DeskFor, cast: Cast,
) -> None:  # fmt: skip
    inside, _ = file_ticket(), file_ticket()
    with desk_for(cast.agent) as desk:
        tickets.set_department(desk, hold(desk, inside), department)
    resolve(inside)
    whole, part = board(), board(department_id=department)
    assert (whole.filed, part.filed) == (2, 1)
    assert (whole.backlog.total, part.backlog.total) == (1, 0)
    assert (whole.outcome.resolved, part.outcome.resolved) == (1, 1)
    assert board(department_id=department + 1).filed == 0


def test_reports_are_for_those_who_may_read_them(desk_for: DeskFor, cast: Cast) -> None:
    span = span_of("30d", NOW)
    for actor in (cast.owner, cast.agent):
        with desk_for(actor, writes=False) as desk:
            with pytest.raises(Forbidden):
                dashboard.dashboard(desk, span)
            with pytest.raises(Forbidden):
                performance.performance(desk, span)


def test_who_sees_only_their_own_reads_of_nothing_else(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, board: Board,
    resolve: Callable[..., None],
) -> None:  # fmt: skip
    file_ticket()
    theirs = file_ticket(cast.stranger)
    resolve(theirs)
    assert board().filed == 2
    curious = replace(cast.owner, permissions=cast.owner.permissions | {"view_reports"})
    with desk_for(curious, writes=False) as desk:
        span = span_of("30d", desk.now)
        own = dashboard.dashboard(desk, span)
        done = performance.performance(desk, span)
    assert (own.filed, own.outcome.resolved, own.backlog.total, own.compliance) == (1, 0, 1, None)
    assert (done.summary.assigned, done.summary.resolved) == (1, 0)


def test_a_small_desks_figures_are_never_old(board: Board, file_ticket: FileTicket) -> None:
    assert board().filed == 0
    file_ticket()
    assert board().filed == 1


def test_a_large_desks_figures_are_a_few_seconds_old_at_most(
    board: Board, file_ticket: FileTicket, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard, "EXACT_UP_TO", 0)
    file_ticket()
    assert board().filed == 1
    file_ticket()
    assert board().filed == 1
    clock.forward(seconds=5)
    assert board().filed == 2


def test_what_hangs_on_the_clock_is_counted_again(
    board: Board, file_ticket: FileTicket, clock: Clock
) -> None:
    file_ticket(due_at=clock.now + timedelta(seconds=30))
    assert board().backlog.overdue == 0
    clock.forward(seconds=40)
    assert board().backlog.overdue == 1


def test_promises_are_told_as_service_levels_tell_them(
    board: Board, file_ticket: FileTicket, clock: Clock, desk_for: DeskFor, cast: Cast,
    resolve: Callable[..., None],
) -> None:  # fmt: skip
    with desk_for(cast.admin) as desk:
        add_policy(desk, "Standard", resolve_minutes=60, respond_minutes=None, calendar_id=None)
    kept = [file_ticket() for _ in range(2)]
    late = file_ticket()
    for ticket_id in (*kept, late):
        with desk_for(cast.agent) as desk:
            tickets.assign(desk, hold(desk, ticket_id), cast.agent.id)
    clock.forward(minutes=30)
    for ticket_id in kept:
        resolve(ticket_id)
    clock.forward(minutes=45)
    resolve(late)
    with desk_for(cast.manager, writes=False) as desk:
        span = span_of("30d", desk.now)
        known = sla_tracking.compliance(desk, since=span.start, until=span.end)
        done = performance.performance(desk, span)
    assert board().compliance == known.percent == done.summary.compliance == 66.7
    assert of("agent", done).compliance == 66.7


def of(username: str, done: Performance) -> Achievement:
    return next(one for one in done.agents if one.username == username)


def test_agents_and_teams_are_told_by_what_they_did(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket,
    resolve: Callable[..., None],
) -> None:  # fmt: skip
    with desk_for(cast.admin) as desk:
        team = Team(name="Tech", created_at=desk.now)
        desk.session.add(team)
        desk.settle()
        desk.session.get_one(Person, cast.agent.id).team_id = team.id
        desk.settle()
    ids = [file_ticket() for _ in range(4)]
    for ticket_id in ids[:3]:
        with desk_for(cast.agent) as desk:
            tickets.assign(desk, hold(desk, ticket_id), cast.agent.id)
    for n, ticket_id in enumerate(ids[:3], start=1):
        clock.forward(hours=n)
        with desk_for(cast.agent) as desk:
            commenting.comment(desk, hold(desk, ticket_id), "Here is what to do")
            commenting.comment(desk, hold(desk, ticket_id), "He will ask", internal=True)
        resolve(ticket_id)
    with desk_for(cast.owner) as desk:
        tickets.reopen(desk, hold(desk, ids[0]))
    with desk_for(cast.manager, writes=False) as desk:
        done = performance.performance(desk, span_of("30d", desk.now))
    agnes = of("agent", done)
    assert (agnes.assigned, agnes.open_now, agnes.resolved, agnes.replies) == (3, 1, 2, 3)
    assert agnes.first_response_hours == pytest.approx(mean([1, 3, 6]), abs=0.01)
    assert agnes.median_first_response_hours == 3
    assert (agnes.resolution_hours, agnes.median_resolution_hours) == (4.5, 4.5)
    assert agnes.reopened_percent == pytest.approx(33.3)
    assert (agnes.satisfaction, agnes.ratings, agnes.compliance) == (None, 0, None)
    (tech,) = done.teams
    assert replace(agnes, id=tech.id, name="Tech", username=None, team=None) == tech
    assert of("manager", done).assigned == 0
    assert (done.summary.assigned, done.summary.open_now, done.summary.resolved) == (4, 2, 2)


def test_who_no_longer_works_tickets_is_told_for_what_they_did(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, resolve: Callable[..., None]
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        tickets.assign(desk, hold(desk, ticket_id), cast.agent.id)
    resolve(ticket_id)
    with desk_for(cast.admin) as desk:
        desk.session.get_one(Person, cast.agent.id).is_active = False
        desk.session.get_one(Person, cast.manager.id).is_active = False
        desk.settle()
    with desk_for(cast.manager, writes=False) as desk:
        done = performance.performance(desk, span_of("30d", desk.now))
    assert {one.username for one in done.agents} == {"agent", "admin"}
    assert of("agent", done).resolved == 1


def history(desk_for: DeskFor, cast: Cast, clock: Clock, department: int, dice: Random) -> None:
    """Eighty days on the desk, in which anything may happen."""
    clock.now = NOW - timedelta(days=80)
    known: list[int] = []
    for _ in range(100):
        clock.forward(minutes=dice.randrange(60, 2_000))
        with desk_for(dice.choice((cast.owner, cast.stranger))) as desk:
            draft = TicketDraft("Lamp", "Dark", category=dice.choice(list(Category)))
            made = tickets.open_ticket(desk, draft).id
            assert made is not None
            known.append(made)
        with desk_for(cast.admin) as desk:
            ticket = hold(desk, dice.choice(known))
            match dice.randrange(6):
                case 0:
                    tickets.assign(desk, ticket, dice.choice((None, cast.agent.id, cast.admin.id)))
                case 1:
                    commenting.comment(desk, ticket, "Hm", internal=dice.random() < 0.3)
                case 2:
                    tickets.set_department(desk, ticket, dice.choice((None, department)))
                case 3 if len(known) > 5:
                    tickets.delete_ticket(desk, ticket)
                    known.remove(ticket.id)
                case _:
                    status = dice.choice([s for s in Status if s is not Status.PENDING_APPROVAL])
                    tickets.change_status(desk, ticket, status)
                    if status.group is Group.DONE and dice.random() < 0.5:
                        ticket.satisfaction_rating = dice.randint(1, 5)
    clock.now = NOW


@pytest.mark.parametrize("seed", range(2))
def test_the_database_counts_as_we_do(
    seed: int, database: Engine, desk_for: DeskFor, cast: Cast, clock: Clock, board: Board,
    department: int,
) -> None:  # fmt: skip
    history(desk_for, cast, clock, department, Random(seed))
    with database.connect() as connection:
        rows: list[Any] = list(
            connection.execute(select(ticket_table).where(ticket_table.c.deleted_at.is_(None)))
        )
    for period, where in (("30d", None), ("week", None), ("60d", department)):
        told = board(period, where)
        span = span_of(period, NOW)
        own = [row for row in rows if where in (None, row.department_id)]
        filed = [row for row in own if span.start <= row.created_at < span.end]
        resolved = [row for row in own if _in(span.start, row.resolved_at, span.end)]
        since, until = span.before(NOW)
        assert told.by_status == Counter(row.status for row in filed)
        assert told.by_category == Counter(row.category for row in filed)
        assert list(told.by_category.values()) == sorted(told.by_category.values(), reverse=True)
        assert told.filed == len(filed)
        assert told.filed_before == sum(since <= row.created_at < until for row in own)
        assert told.outcome.resolved == len(resolved)
        assert told.before.resolved == sum(_in(since, row.resolved_at, until) for row in own)
        ratings = [row.satisfaction_rating for row in resolved if row.satisfaction_rating]
        assert told.outcome.rating == (pytest.approx(mean(ratings)) if ratings else None)
        spent = [_seconds(row, row.resolved_at) for row in resolved]
        assert told.outcome.seconds == (pytest.approx(mean(spent), abs=0.01) if spent else None)
        assert told.backlog.total == sum(row.status_group != Group.DONE for row in own)
        days = Counter(row.created_at.date() for row in filed)
        assert {day.day: day.filed for day in told.days if day.filed} == days
        assert sum(day.resolved for day in told.days) == len(resolved)
        with desk_for(cast.manager, writes=False) as desk:
            query = TicketQuery(created_from=span.start, department_id=where)
            assert ticket_list.count(desk, query) == told.filed


def test_the_database_finds_the_means_and_the_middle_as_we_do(
    database: Engine, desk_for: DeskFor, cast: Cast, clock: Clock, department: int
) -> None:
    history(desk_for, cast, clock, department, Random(7))
    with database.connect() as connection:
        rows: list[Any] = list(
            connection.execute(select(ticket_table).where(ticket_table.c.deleted_at.is_(None)))
        )
    with desk_for(cast.manager, writes=False) as desk:
        span = span_of("60d", desk.now)
        done = performance.performance(desk, span)
    whose = {one.username: one for one in done.agents}
    for told, own in (
        (done.summary, rows),
        (whose["agent"], [row for row in rows if row.assignee_id == cast.agent.id]),
        (whose["admin"], [row for row in rows if row.assignee_id == cast.admin.id]),
    ):
        filed = [row for row in own if span.start <= row.created_at < span.end]
        resolved = [row for row in own if _in(span.start, row.resolved_at, span.end)]
        answers = [_seconds(row, row.first_response_at) for row in filed if row.first_response_at]
        spent = [_seconds(row, row.resolved_at) for row in resolved]
        finished = [row for row in filed if row.resolved_at or row.reopened_count]
        assert (told.assigned, told.resolved) == (len(filed), len(resolved))
        assert told.open_now == sum(row.status_group != Group.DONE for row in own)
        assert told.first_response_hours == _hours(mean, answers)
        assert told.median_first_response_hours == _hours(median, answers)
        assert told.resolution_hours == _hours(mean, spent)
        assert told.median_resolution_hours == _hours(median, spent)
        again = [row for row in finished if row.reopened_count]
        assert told.reopened_percent == (
            round(100 * len(again) / len(finished), 1) if finished else None
        )


def _in(since: datetime, moment: datetime | None, until: datetime) -> bool:
    return moment is not None and since <= moment < until


def _seconds(row: Any, end: datetime) -> float:
    return (end - row.created_at).total_seconds()


def _hours(kind: Callable[[list[float]], float], seconds: list[float]) -> Any:
    return pytest.approx(kind(seconds) / 3600, abs=0.006) if seconds else None
