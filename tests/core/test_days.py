"""Days begin and end at midnight of their time zone, also when clocks change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.dates import ONE_DAY, day_end, day_start, find_time_zone, local_date
from ticket_app.core.reports import dashboard
from ticket_app.core.reports.periods import Period, parse_period
from ticket_app.tables import ticket_table

AHEAD, BEHIND = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")
BERLIN, SANTIAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Santiago")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (UTC, SPRING, 24),
        (BERLIN, SPRING, 23),
        (BERLIN, AUTUMN, 25),
        (AHEAD, SPRING, 24),
        (SANTIAGO, date(2026, 9, 6), 23),  # the clock goes from 24:00 to 1:00
        (SANTIAGO, date(2026, 4, 4), 25),
    ],
)
def test_day_length_follows_clock_changes(zone: ZoneInfo, day: date, hours: int) -> None:
    assert day_start(day + ONE_DAY, zone) - day_start(day, zone) == timedelta(hours=hours)
    assert day_end(day, zone) + timedelta(seconds=1) == day_start(day + ONE_DAY, zone)
    for moment in (day_start(day, zone), day_end(day, zone)):
        assert local_date(moment, zone) == day
    assert local_date(day_start(day, zone) - timedelta(seconds=1), zone) == day - ONE_DAY


def test_days_at_the_ends_of_time_are_cut_off() -> None:
    assert day_start(date.min, ZoneInfo("Asia/Tokyo")) == datetime(1, 1, 1, tzinfo=UTC)
    assert day_end(date.max, BEHIND).year == 9999


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "../../etc/passwd", "/etc/localtime", "Europe", "x" * 100, "Ü"]
)
def test_only_a_known_time_zone_is_taken(name: str) -> None:
    assert find_time_zone(name) is None


def test_a_period_ends_with_the_persons_day() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert parse_period("1d", late).last == date(2026, 11, 20)
    assert parse_period("1d", late, AHEAD).last == date(2026, 11, 21)
    assert parse_period("today", late, BERLIN).last == date(2026, 11, 21)
    early = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert parse_period("today", early, BEHIND).last == date(2026, 11, 19)


def test_period_is_split_at_clock_changes() -> None:
    period = Period(SPRING - 3 * ONE_DAY, SPRING + 3 * ONE_DAY, BERLIN)
    parts = [(part.days, offset) for part, offset in period.split_at_clock_changes()]
    one, two = timedelta(hours=1), timedelta(hours=2)
    assert parts == [(3, one), (1, one), (3, two)]
    assert period.end - period.start == 7 * ONE_DAY - timedelta(hours=1)
    assert [len(Period(SPRING, AUTUMN, UTC).split_at_clock_changes())] == [1]


@pytest.mark.parametrize("zone", [UTC, AHEAD, BEHIND, BERLIN, ZoneInfo("Asia/Kolkata")])
@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_charts_count_by_the_days_of_the_zone(
    change: date, zone: ZoneInfo, uow_for: UowFor, cast: Cast, clock, file_ticket: FileTicket
) -> None:
    file_ticket()
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - 2 * ONE_DAY
    moments = [start + timedelta(minutes=30 + 60 * n) for n in range(24 * 5)]
    with uow_for(cast.admin) as uow:
        row = dict(uow.connection.execute(ticket_table.select()).mappings().one())
        rows = [
            {
                **row,
                "id": n + 2,
                "uuid": type(row["uuid"])(int=n + 2),
                "key_number": n + 2,
                "day_number": n + 2,
                "created_at": at,
                "resolved_at": at,
            }
            for n, at in enumerate(moments[1:])
        ]
        uow.connection.execute(insert(ticket_table), rows)
        first = {"created_at": moments[0], "resolved_at": moments[0]}
        uow.connection.execute(ticket_table.update().where(ticket_table.c.id == 1).values(first))
    clock.now = moments[-1] + timedelta(hours=1)
    with uow_for(cast.manager, writes=False) as uow:
        board = dashboard.get_dashboard(
            uow, Period(change - 5 * ONE_DAY, change + 5 * ONE_DAY, zone)
        )
    expected = Counter(moment.astimezone(zone).date() for moment in moments)
    assert {day.day: day.created for day in board.days if day.created} == expected
    assert {day.day: day.resolved for day in board.days if day.resolved} == expected
