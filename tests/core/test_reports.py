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

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.vocabulary import Category, Status, StatusGroup
from ticket_app.core.reports import dashboard, performance
from ticket_app.core.reports.dashboard import Dashboard
from ticket_app.core.reports.performance import PerformanceMetrics, PerformanceReport
from ticket_app.core.reports.periods import ONE_DAY, Period, parse_period, period_between
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.sla.policies import create_policy
from ticket_app.core.tickets import (
    assigning,
    editing,
    opening,
    rating,
    status_changes,
    ticket_list,
    trash,
)
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import Department, Person, Team, ticket_table

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

Board = Callable[..., Dashboard]


@pytest.fixture
def board(uow_for: UowFor, cast: Cast) -> Board:
    """The dashboard as the manager sees it."""

    def read(period: str = "30d", department_id: int | None = None) -> Dashboard:
        with uow_for(cast.manager, writes=False) as uow:
            date_range = parse_period(period, uow.now)
            return dashboard.get_dashboard(uow, date_range, department_id=department_id)

    return read


@pytest.fixture
def department(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.admin) as uow:
        row = Department(name="IT", created_at=uow.now)
        uow.session.add(row)
        uow.flush()
        assert row.id is not None
        return row.id


@pytest.fixture
def resolve(uow_for: UowFor, cast: Cast) -> Callable[..., None]:
    """Puts a ticket into a status as somebody who works tickets."""

    def change(ticket_id: int, status: Status = Status.RESOLVED, by: Actor | None = None) -> None:
        with uow_for(by or cast.agent) as uow:
            status_changes.change_status(uow, lock_ticket(uow, ticket_id), status)

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
    assert parse_period(period, NOW) == Period(first, last)


def test_a_month_before_the_last_day_of_a_long_one_is_the_last_day_of_a_short_one() -> None:
    march = datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert parse_period("1m", march) == Period(date(2026, 3, 1), date(2026, 3, 31))
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    assert parse_period("1y", leap) == Period(date(2027, 3, 1), date(2028, 2, 29))


@pytest.mark.parametrize(
    "period", ["", "d", "0d", "367d", "53w", "13m", "2y", "999d", " 30d", "30D"]
)
def test_no_other_period_is_known(period: str) -> None:
    with pytest.raises(Invalid) as wrong:
        parse_period(period, NOW)
    assert wrong.value.field == "period"


def test_unfinished_period_is_compared_with_an_equally_long_one() -> None:
    assert Period(TODAY, TODAY).previous_bounds(NOW) == (
        NOW.replace(hour=0) - ONE_DAY,
        NOW - ONE_DAY,
    )
    week = Period(date(2026, 11, 2), date(2026, 11, 8))
    assert week.previous_bounds(NOW) == (week.start - 7 * ONE_DAY, week.start)


def test_days_may_be_left_out() -> None:
    assert period_between(None, None, NOW) == Period(date(2026, 10, 22), TODAY)
    assert period_between(date(2026, 11, 1), None, NOW) == Period(date(2026, 11, 1), TODAY)
    assert period_between(TODAY, TODAY, NOW).days == 1
    with pytest.raises(Invalid):
        period_between(date(2025, 11, 19), TODAY, NOW)
    assert period_between(date(2025, 11, 20), TODAY, NOW).days == 366


def test_report_without_tickets_has_no_comparison(board: Board) -> None:
    empty = board()
    assert (empty.created, empty.previous_created, empty.resolution.resolved) == (0, 0, 0)
    assert (empty.resolution.mean_hours, empty.resolution.mean_rating, empty.compliance) == (
        None,
        None,
        None,
    )
    assert sum(day.created + day.resolved for day in empty.days) == 0


def test_what_was_created_counts_by_its_day(
    board: Board, file_ticket: FileTicket, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 18, 23, 59, 59, 999_999, tzinfo=UTC)
    file_ticket()
    clock.now += timedelta(microseconds=1)
    file_ticket()
    clock.now = NOW
    file_ticket()
    assert [day.created for day in board("3d").days] == [1, 1, 1]
    assert board("yesterday").created == 1
    today = board("today")
    assert (today.created, today.previous_created) == (1, 1)


def test_averages_cover_tickets_resolved_in_the_period(
    board: Board, file_ticket: FileTicket, resolve: Callable[..., None], clock: Clock,
    uow_for: UowFor, cast: Cast,
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
        with uow_for(cast.owner) as uow:
            rating.rate(uow, lock_ticket(uow, ticket_id), stars)
    week = board("7d")
    assert (
        week.resolution.resolved,
        week.resolution.mean_rating,
        week.resolution.rating_count,
    ) == (2, 3.5, 2)
    assert week.resolution.mean_hours == pytest.approx((240 + 3) / 2)
    assert (week.previous_resolution.resolved, week.previous_resolution.mean_rating) == (1, 4)
    assert week.previous_resolution.mean_hours == pytest.approx(6)
    assert (week.created, week.previous_created) == (1, 2)


def test_a_department_is_counted_alone(
    board: Board, file_ticket: FileTicket, department: int, resolve: Callable[..., None],
    uow_for: UowFor, cast: Cast,
) -> None:  # fmt: skip
    inside, _ = file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        editing.set_department(uow, lock_ticket(uow, inside), department)
    resolve(inside)
    whole, part = board(), board(department_id=department)
    assert (whole.created, part.created) == (2, 1)
    assert (whole.backlog.total, part.backlog.total) == (1, 0)
    assert (whole.resolution.resolved, part.resolution.resolved) == (1, 1)
    assert board(department_id=department + 1).created == 0


def test_reports_are_for_those_who_may_read_them(uow_for: UowFor, cast: Cast) -> None:
    date_range = parse_period("30d", NOW)
    for actor in (cast.owner, cast.agent):
        with uow_for(actor, writes=False) as uow:
            with pytest.raises(Forbidden):
                dashboard.get_dashboard(uow, date_range)
            with pytest.raises(Forbidden):
                performance.get_performance_report(uow, date_range)


def test_who_sees_only_their_own_reads_of_nothing_else(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, board: Board,
    resolve: Callable[..., None],
) -> None:  # fmt: skip
    file_ticket()
    theirs = file_ticket(cast.stranger)
    resolve(theirs)
    assert board().created == 2
    curious = replace(cast.owner, permissions=cast.owner.permissions | {"view_reports"})
    with uow_for(curious, writes=False) as uow:
        date_range = parse_period("30d", uow.now)
        own = dashboard.get_dashboard(uow, date_range)
        done = performance.get_performance_report(uow, date_range)
    assert (own.created, own.resolution.resolved, own.backlog.total, own.compliance) == (
        1,
        0,
        1,
        None,
    )
    assert (done.summary.assigned, done.summary.resolved) == (1, 0)


def test_a_small_desks_figures_are_never_old(board: Board, file_ticket: FileTicket) -> None:
    assert board().created == 0
    file_ticket()
    assert board().created == 1


def test_report_with_many_tickets_is_cached_for_a_few_seconds_only(
    board: Board, file_ticket: FileTicket, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard, "MAX_TICKETS_WITHOUT_CACHE", 0)
    file_ticket()
    assert board().created == 1
    file_ticket()
    assert board().created == 1
    clock.forward(seconds=5)
    assert board().created == 2


def test_what_hangs_on_the_clock_is_counted_again(
    board: Board, file_ticket: FileTicket, clock: Clock
) -> None:
    file_ticket(due_at=clock.now + timedelta(seconds=30))
    assert board().backlog.overdue == 0
    clock.forward(seconds=40)
    assert board().backlog.overdue == 1


def test_report_counts_sla_targets_as_the_compliance_report_does(
    board: Board, file_ticket: FileTicket, clock: Clock, uow_for: UowFor, cast: Cast,
    resolve: Callable[..., None],
) -> None:  # fmt: skip
    with uow_for(cast.admin) as uow:
        create_policy(uow, "Standard", resolve_minutes=60, respond_minutes=None, calendar_id=None)
    kept = [file_ticket() for _ in range(2)]
    late = file_ticket()
    for ticket_id in (*kept, late):
        with uow_for(cast.agent) as uow:
            assigning.assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
    clock.forward(minutes=30)
    for ticket_id in kept:
        resolve(ticket_id)
    clock.forward(minutes=45)
    resolve(late)
    with uow_for(cast.manager, writes=False) as uow:
        date_range = parse_period("30d", uow.now)
        known = sla_tracking.measure_compliance(uow, since=date_range.start, until=date_range.end)
        done = performance.get_performance_report(uow, date_range)
    assert board().compliance == known.percent == done.summary.compliance == 66.7
    assert of("agent", done).compliance == 66.7


def of(username: str, done: PerformanceReport) -> PerformanceMetrics:
    return next(one for one in done.agents if one.username == username)


def test_agents_and_teams_are_listed_with_their_work(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket,
    resolve: Callable[..., None],
) -> None:  # fmt: skip
    with uow_for(cast.admin) as uow:
        team = Team(name="Tech", created_at=uow.now)
        uow.session.add(team)
        uow.flush()
        uow.session.get_one(Person, cast.agent.id).team_id = team.id
        uow.flush()
    ids = [file_ticket() for _ in range(4)]
    for ticket_id in ids[:3]:
        with uow_for(cast.agent) as uow:
            assigning.assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
    for n, ticket_id in enumerate(ids[:3], start=1):
        clock.forward(hours=n)
        with uow_for(cast.agent) as uow:
            commenting.add_comment(uow, lock_ticket(uow, ticket_id), "Here is what to do")
            commenting.add_comment(uow, lock_ticket(uow, ticket_id), "He will ask", internal=True)
        resolve(ticket_id)
    with uow_for(cast.owner) as uow:
        status_changes.reopen(uow, lock_ticket(uow, ids[0]))
    with uow_for(cast.manager, writes=False) as uow:
        done = performance.get_performance_report(uow, parse_period("30d", uow.now))
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


def test_former_agents_are_listed_with_their_past_work(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, resolve: Callable[..., None]
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        assigning.assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
    resolve(ticket_id)
    with uow_for(cast.admin) as uow:
        uow.session.get_one(Person, cast.agent.id).is_active = False
        uow.session.get_one(Person, cast.manager.id).is_active = False
        uow.flush()
    with uow_for(cast.manager, writes=False) as uow:
        done = performance.get_performance_report(uow, parse_period("30d", uow.now))
    assert {one.username for one in done.agents} == {"agent", "admin"}
    assert of("agent", done).resolved == 1


def history(uow_for: UowFor, cast: Cast, clock: Clock, department: int, dice: Random) -> None:
    """Eighty days on the desk, in which anything may happen."""
    clock.now = NOW - timedelta(days=80)
    known: list[int] = []
    for _ in range(100):
        clock.forward(minutes=dice.randrange(60, 2_000))
        with uow_for(dice.choice((cast.owner, cast.stranger))) as uow:
            draft = TicketDraft("Lamp", "Dark", category=dice.choice(list(Category)))
            made = opening.open_ticket(uow, draft).id
            assert made is not None
            known.append(made)
        with uow_for(cast.admin) as uow:
            ticket = lock_ticket(uow, dice.choice(known))
            match dice.randrange(6):
                case 0:
                    assigning.assign(uow, ticket, dice.choice((None, cast.agent.id, cast.admin.id)))
                case 1:
                    commenting.add_comment(uow, ticket, "Hm", internal=dice.random() < 0.3)
                case 2:
                    editing.set_department(uow, ticket, dice.choice((None, department)))
                case 3 if len(known) > 5:
                    trash.delete_ticket(uow, ticket)
                    known.remove(ticket.id)
                case _:
                    status = dice.choice([s for s in Status if s is not Status.PENDING_APPROVAL])
                    status_changes.change_status(uow, ticket, status)
                    if status.group is StatusGroup.DONE and dice.random() < 0.5:
                        with changing(uow, ticket):
                            ticket.satisfaction_rating = dice.randint(1, 5)
    clock.now = NOW


@pytest.mark.parametrize("seed", range(2))
def test_the_database_counts_as_we_do(
    seed: int, database: Engine, uow_for: UowFor, cast: Cast, clock: Clock, board: Board,
    department: int,
) -> None:  # fmt: skip
    history(uow_for, cast, clock, department, Random(seed))
    with database.connect() as connection:
        rows: list[Any] = list(
            connection.execute(select(ticket_table).where(ticket_table.c.deleted_at.is_(None)))
        )
    for period, where in (("30d", None), ("week", None), ("60d", department)):
        result = board(period, where)
        date_range = parse_period(period, NOW)
        own = [row for row in rows if where in (None, row.department_id)]
        created = [row for row in own if date_range.start <= row.created_at < date_range.end]
        resolved = [row for row in own if _in(date_range.start, row.resolved_at, date_range.end)]
        since, until = date_range.previous_bounds(NOW)
        assert result.by_status == Counter(row.status for row in created)
        assert result.by_category == Counter(row.category for row in created)
        assert list(result.by_category.values()) == sorted(
            result.by_category.values(), reverse=True
        )
        assert result.created == len(created)
        assert result.previous_created == sum(since <= row.created_at < until for row in own)
        assert result.resolution.resolved == len(resolved)
        assert result.previous_resolution.resolved == sum(
            _in(since, row.resolved_at, until) for row in own
        )
        ratings = [row.satisfaction_rating for row in resolved if row.satisfaction_rating]
        assert result.resolution.mean_rating == (pytest.approx(mean(ratings)) if ratings else None)
        spent = [_seconds(row, row.resolved_at) for row in resolved]
        assert result.resolution.mean_seconds == (
            pytest.approx(mean(spent), abs=0.01) if spent else None
        )
        assert result.backlog.total == sum(row.status_group != StatusGroup.DONE for row in own)
        days = Counter(row.created_at.date() for row in created)
        assert {day.day: day.created for day in result.days if day.created} == days
        assert sum(day.resolved for day in result.days) == len(resolved)
        with uow_for(cast.manager, writes=False) as uow:
            query = TicketQuery(created_from=date_range.start, department_id=where)
            assert ticket_list.count_tickets(uow, query) == result.created


def test_the_database_finds_the_means_and_the_middle_as_we_do(
    database: Engine, uow_for: UowFor, cast: Cast, clock: Clock, department: int
) -> None:
    history(uow_for, cast, clock, department, Random(7))
    with database.connect() as connection:
        rows: list[Any] = list(
            connection.execute(select(ticket_table).where(ticket_table.c.deleted_at.is_(None)))
        )
    with uow_for(cast.manager, writes=False) as uow:
        date_range = parse_period("60d", uow.now)
        done = performance.get_performance_report(uow, date_range)
    whose = {one.username: one for one in done.agents}
    for result, own in (
        (done.summary, rows),
        (whose["agent"], [row for row in rows if row.assignee_id == cast.agent.id]),
        (whose["admin"], [row for row in rows if row.assignee_id == cast.admin.id]),
    ):
        created = [row for row in own if date_range.start <= row.created_at < date_range.end]
        resolved = [row for row in own if _in(date_range.start, row.resolved_at, date_range.end)]
        answers = [_seconds(row, row.first_response_at) for row in created if row.first_response_at]
        spent = [_seconds(row, row.resolved_at) for row in resolved]
        finished = [row for row in created if row.resolved_at or row.reopened_count]
        assert (result.assigned, result.resolved) == (len(created), len(resolved))
        assert result.open_now == sum(row.status_group != StatusGroup.DONE for row in own)
        assert result.first_response_hours == _hours(mean, answers)
        assert result.median_first_response_hours == _hours(median, answers)
        assert result.resolution_hours == _hours(mean, spent)
        assert result.median_resolution_hours == _hours(median, spent)
        again = [row for row in finished if row.reopened_count]
        assert result.reopened_percent == (
            round(100 * len(again) / len(finished), 1) if finished else None
        )


def _in(since: datetime, moment: datetime | None, until: datetime) -> bool:
    return moment is not None and since <= moment < until


def _seconds(row: Any, end: datetime) -> float:
    return (end - row.created_at).total_seconds()


def _hours(kind: Callable[[list[float]], float], seconds: list[float]) -> Any:
    return pytest.approx(kind(seconds) / 3600, abs=0.006) if seconds else None
