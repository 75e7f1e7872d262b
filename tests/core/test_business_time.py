"""Business time: opening hours, clock changes, holidays and closed days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.sla.business_time import (
    ALWAYS_OPEN,
    AROUND_THE_CLOCK,
    MINUTES_PER_DAY,
    Calendar,
    Week,
    validate_calendar,
)

NINE_TO_FIVE: Week = (((9 * 60, 17 * 60),),) * 5 + ((), ())
NIGHTS: Week = (((0, 6 * 60), (22 * 60, MINUTES_PER_DAY)),) * 7
BERLIN = Calendar("Europe/Berlin", NINE_TO_FIVE)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # changes its clock at midnight
    "Africa/Cairo",
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Apia",
    "Asia/Kathmandu",
)


def at(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type,misc]


def test_business_time_skips_nights_and_weekends() -> None:
    friday_noon = at("Europe/Berlin", 2026, 11, 20, 12, 0)
    assert BERLIN.add(friday_noon, 5 * HOUR) == at("Europe/Berlin", 2026, 11, 20, 17, 0)
    assert BERLIN.add(friday_noon, 6 * HOUR) == at("Europe/Berlin", 2026, 11, 23, 10, 0)
    assert BERLIN.between(friday_noon, at("Europe/Berlin", 2026, 11, 23, 10, 0)) == 6 * HOUR
    assert BERLIN.add(friday_noon, timedelta()) == friday_noon
    assert BERLIN.is_open(friday_noon)
    assert not BERLIN.is_open(at("Europe/Berlin", 2026, 11, 20, 17, 0))


def test_a_day_may_have_several_windows() -> None:
    lunch = Calendar("Europe/Paris", (((8 * 60, 12 * 60), (14 * 60, 18 * 60)),) * 7)
    start = at("Europe/Paris", 2026, 11, 20, 11, 30)
    assert lunch.add(start, HOUR) == at("Europe/Paris", 2026, 11, 20, 14, 30)
    assert lunch.between(start, start + timedelta(days=1)) == 8 * HOUR


def test_windows_that_meet_at_midnight_are_one_night() -> None:
    start = at("Asia/Bangkok", 2026, 12, 31, 21, 0)
    nights = Calendar("Asia/Bangkok", NIGHTS)
    assert nights.add(start, 8 * HOUR) == at("Asia/Bangkok", 2027, 1, 1, 6, 0)
    assert nights.between(start, at("Asia/Bangkok", 2027, 1, 1, 22, 30)) == 8.5 * HOUR


@pytest.mark.parametrize(
    ("day", "hours"),
    [((2026, 3, 28), 24), ((2026, 3, 29), 23), ((2026, 10, 24), 24), ((2026, 10, 25), 25)],
)
def test_a_whole_day_has_the_length_it_is_lived_through(
    day: tuple[int, int, int], hours: int
) -> None:
    whole = Calendar("Europe/Berlin", ALWAYS_OPEN)
    following = date(*day) + timedelta(days=1)
    start = at("Europe/Berlin", *day)
    end = at("Europe/Berlin", following.year, following.month, following.day)
    assert whole.between(start, end) == hours * HOUR


def test_a_day_at_the_office_is_as_long_when_the_clock_changes() -> None:
    every_day = Calendar("Europe/Berlin", (((9 * 60, 17 * 60),),) * 7)
    start = at("Europe/Berlin", 2026, 3, 28, 17, 0)
    assert every_day.add(start, 8 * HOUR) == at("Europe/Berlin", 2026, 3, 29, 17, 0)
    assert every_day.add(start, HOUR) == datetime(2026, 3, 29, 8, 0, tzinfo=UTC)


def test_an_hour_skipped_is_no_time_and_an_hour_repeated_is_two() -> None:
    two_to_four = Calendar("Europe/Berlin", (((2 * 60, 4 * 60),),) * 7)

    def on(*day: int) -> timedelta:
        noon = at("Europe/Berlin", *day, 12)
        return two_to_four.between(noon - timedelta(hours=12), noon)

    assert on(2026, 3, 28) == 2 * HOUR
    assert on(2026, 3, 29) == HOUR
    assert on(2026, 10, 25) == 3 * HOUR
    half_past = Calendar("Europe/Berlin", (((2 * 60 + 30, 10 * 60),),) * 7)
    opens = at("Europe/Berlin", 2026, 3, 29, 3, 0)
    assert half_past.is_open(opens)
    assert not half_past.is_open(opens - timedelta(seconds=1))


def test_a_day_that_never_was_has_no_hours() -> None:
    samoa = Calendar("Pacific/Apia", (((9 * 60, 17 * 60),),) * 7)
    start = at("Pacific/Apia", 2011, 12, 29, 17, 0)
    assert samoa.add(start, HOUR) == at("Pacific/Apia", 2011, 12, 31, 10, 0)


def test_public_holidays_are_those_of_the_part_of_the_country() -> None:
    epiphany_eve = at("Europe/Berlin", 2026, 1, 5, 16, 0)
    bavaria = Calendar("Europe/Berlin", NINE_TO_FIVE, "DE", "BY")
    assert bavaria.add(epiphany_eve, 2 * HOUR) == at("Europe/Berlin", 2026, 1, 7, 10, 0)
    anywhere = Calendar("Europe/Berlin", NINE_TO_FIVE, "DE")
    assert anywhere.add(epiphany_eve, 2 * HOUR) == at("Europe/Berlin", 2026, 1, 6, 10, 0)


def test_a_holiday_is_a_day_of_the_zone_and_not_of_utc() -> None:
    new_zealand = Calendar("Pacific/Auckland", NINE_TO_FIVE, "NZ")
    eve = at("Pacific/Auckland", 2026, 12, 31, 16, 0)  # still Thursday morning in UTC
    assert new_zealand.add(eve, 2 * HOUR) == at("Pacific/Auckland", 2027, 1, 5, 10, 0)


def test_a_calendar_has_closed_days_of_its_own() -> None:
    moving = Calendar("Europe/Berlin", NINE_TO_FIVE, closed_on=frozenset({date(2026, 11, 23)}))
    friday = at("Europe/Berlin", 2026, 11, 20, 17, 0)
    assert moving.add(friday, HOUR) == at("Europe/Berlin", 2026, 11, 24, 10, 0)


def test_time_goes_on_over_the_turn_of_years() -> None:
    start, years = datetime(2019, 6, 1, tzinfo=UTC), timedelta(days=7 * 365)
    assert AROUND_THE_CLOCK.add(start, years) == start + years
    assert AROUND_THE_CLOCK.between(start, start + years) == years
    assert BERLIN.between(start, BERLIN.add(start, 10_000 * HOUR)) == 10_000 * HOUR


def test_what_is_too_far_away_falls_at_the_end_of_twenty_years() -> None:
    seldom = Calendar("UTC", (((0, 1),), (), (), (), (), (), ()))
    assert seldom.add(NOW, 366 * 24 * HOUR) == datetime(2047, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "field"),
    [
        (Calendar("Europe/Atlantis", NINE_TO_FIVE), "time_zone"),
        (Calendar("", NINE_TO_FIVE), "time_zone"),
        (Calendar("../../etc/passwd", NINE_TO_FIVE), "time_zone"),
        (Calendar("UTC", NINE_TO_FIVE[:6]), "windows"),
        (Calendar("UTC", (((600, 600),),) * 7), "windows"),
        (Calendar("UTC", (((600, 500),),) * 7), "windows"),
        (Calendar("UTC", (((0, 700), (600, 800)),) * 7), "windows"),
        (Calendar("UTC", (((600, 1441),),) * 7), "windows"),
        (Calendar("UTC", (((-1, 60),),) * 7), "windows"),
        (Calendar("UTC", ((),) * 7), "windows"),
        (Calendar("UTC", NINE_TO_FIVE, "QQ"), "country"),
        (Calendar("UTC", NINE_TO_FIVE, "de"), "country"),
        (Calendar("UTC", NINE_TO_FIVE, "DE", "XX"), "subdivision"),
        (Calendar("UTC", NINE_TO_FIVE, None, "BY"), "subdivision"),
    ],
)
def test_a_calendar_nobody_can_work_with_is_refused(calendar: Calendar, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        validate_calendar(calendar, NOW)
    assert refused.value.field == field


def test_a_calendar_that_is_closed_for_a_year_is_refused() -> None:
    mondays: Week = (((0, MINUTES_PER_DAY),), (), (), (), (), (), ())
    closed = {NOW.date() + timedelta(days=n) for n in range(400)}
    with pytest.raises(Invalid):
        validate_calendar(Calendar("UTC", mondays, closed_on=frozenset(closed)), NOW)
    validate_calendar(
        Calendar("UTC", mondays, closed_on=frozenset(closed - {date(2027, 8, 2)})), NOW
    )


@st.composite
def _days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, MINUTES_PER_DAY), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def _calendars(draw: st.DrawFn) -> Calendar:
    week = tuple(draw(st.lists(_days(), min_size=7, max_size=7)))
    if not any(week):
        week = NINE_TO_FIVE
    return Calendar(
        draw(st.sampled_from(ZONES)),
        week,
        *draw(st.sampled_from([(None, None), ("DE", "BY"), ("TH", None), ("GB", "SCT")])),
        frozenset(draw(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))),
    )


CALENDARS = _calendars()
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis wants them without, and adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
TIMES = st.timedeltas(timedelta(), timedelta(days=20))


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MOMENTS, TIMES)
def test_between_undoes_add(calendar: Calendar, start: datetime, time: timedelta) -> None:
    end = calendar.add(start, time)
    assert end >= start
    # Results are cut to the end of twenty years.
    assume(end < start.replace(year=start.year + 20, month=1, day=1))
    assert calendar.between(start, end) == time
    if time:
        assert calendar.between(start, end - timedelta(microseconds=1)) < time


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_time_adds_up_and_is_never_longer_than_lived(
    calendar: Calendar, one: datetime, another: datetime, other: datetime
) -> None:
    first, second, third = sorted((one, another, other))
    whole = calendar.between(first, third)
    assert whole == calendar.between(first, second) + calendar.between(second, third)
    assert timedelta() <= whole <= third - first
    assert calendar.between(third, first) == timedelta()


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MOMENTS, MOMENTS, TIMES, TIMES)
def test_what_begins_later_or_takes_longer_never_ends_sooner(
    calendar: Calendar, one: datetime, other: datetime, few: timedelta, more: timedelta
) -> None:
    (early, late), (short, long) = sorted((one, other)), sorted((few, more))
    assert calendar.add(early, short) <= calendar.add(late, short)
    assert calendar.add(early, short) <= calendar.add(early, long)
    assert calendar.add(calendar.add(early, short), long) == calendar.add(early, short + long)


@settings(max_examples=60, deadline=None)
@given(CALENDARS, MOMENTS)
def test_opening_hours_follow_the_local_time(calendar: Calendar, moment: datetime) -> None:
    wall = moment.astimezone(ZoneInfo(calendar.zone))
    minute = wall.hour * 60 + wall.minute
    inside = any(opens <= minute < closes for opens, closes in calendar.week[wall.weekday()])
    plain = Calendar(calendar.zone, calendar.week)
    assert plain.is_open(moment) == inside
    assert plain.between(moment, moment + timedelta(microseconds=1)) == inside * timedelta(
        microseconds=1
    )
