"""Days begin and end as the clocks of their time zone say."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from tests.cast import Cast, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.dates import DAY, day_of, end_of, start_of, zone_named
from ticket_app.core.reports import dashboard
from ticket_app.core.reports.periods import Span, span_of
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
def test_a_day_is_as_long_as_its_clock_says(zone: ZoneInfo, day: date, hours: int) -> None:
    assert start_of(day + DAY, zone) - start_of(day, zone) == timedelta(hours=hours)
    assert end_of(day, zone) + timedelta(seconds=1) == start_of(day + DAY, zone)
    for moment in (start_of(day, zone), end_of(day, zone)):
        assert day_of(moment, zone) == day
    assert day_of(start_of(day, zone) - timedelta(seconds=1), zone) == day - DAY


def test_days_at_the_ends_of_time_are_cut_off() -> None:
    assert start_of(date.min, ZoneInfo("Asia/Tokyo")) == datetime(1, 1, 1, tzinfo=UTC)
    assert end_of(date.max, BEHIND).year == 9999


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "../../etc/passwd", "/etc/localtime", "Europe", "x" * 100, "Ü"]
)
def test_only_a_known_time_zone_is_taken(name: str) -> None:
    assert zone_named(name) is None


def test_a_period_ends_with_the_persons_day() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert span_of("1d", late).last == date(2026, 11, 20)
    assert span_of("1d", late, AHEAD).last == date(2026, 11, 21)
    assert span_of("today", late, BERLIN).last == date(2026, 11, 21)
    early = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert span_of("today", early, BEHIND).last == date(2026, 11, 19)


def test_a_span_falls_into_parts_between_clock_changes() -> None:
    span = Span(SPRING - 3 * DAY, SPRING + 3 * DAY, BERLIN)
    parts = [(part.days, offset) for part, offset in span.even_parts()]
    one, two = timedelta(hours=1), timedelta(hours=2)
    assert parts == [(3, one), (1, one), (3, two)]
    assert span.end - span.start == 7 * DAY - timedelta(hours=1)
    assert [len(Span(SPRING, AUTUMN, UTC).even_parts())] == [1]


@pytest.mark.parametrize("zone", [UTC, AHEAD, BEHIND, BERLIN, ZoneInfo("Asia/Kolkata")])
@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_charts_count_by_the_days_of_the_zone(
    change: date, zone: ZoneInfo, desk_for: DeskFor, cast: Cast, clock, file_ticket: FileTicket
) -> None:
    file_ticket()
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - 2 * DAY
    moments = [start + timedelta(minutes=30 + 60 * n) for n in range(24 * 5)]
    with desk_for(cast.admin) as desk:
        row = dict(desk.db.execute(ticket_table.select()).mappings().one())
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
        desk.db.execute(insert(ticket_table), rows)
        first = {"created_at": moments[0], "resolved_at": moments[0]}
        desk.db.execute(ticket_table.update().where(ticket_table.c.id == 1).values(first))
    clock.now = moments[-1] + timedelta(hours=1)
    with desk_for(cast.manager, writes=False) as desk:
        board = dashboard.dashboard(desk, Span(change - 5 * DAY, change + 5 * DAY, zone))
    expected = Counter(moment.astimezone(zone).date() for moment in moments)
    assert {day.day: day.filed for day in board.days if day.filed} == expected
    assert {day.day: day.resolved for day in board.days if day.resolved} == expected
