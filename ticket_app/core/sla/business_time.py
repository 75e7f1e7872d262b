"""Business time: the open time between two moments, and the moment after a given open time.

A calendar's windows are wall-clock times in its zone. An hour that the clock skips does not count,
and an hour that it repeats counts twice.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo, available_timezones

import holidays
from holidays.registry import COUNTRIES

from ticket_app.core.platform.errors import Invalid

Window = tuple[int, int]
"""Start and end in minutes after midnight; 1440 is the end of the day."""
Week = tuple[tuple[Window, ...], ...]
"""The windows of each weekday, Monday first."""

MINUTES_PER_DAY = 24 * 60
ALWAYS_OPEN: Week = (((0, MINUTES_PER_DAY),),) * 7
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CLOCK_CHANGE_STEP = timedelta(hours=6)
"""The step of the search for clock changes; two changes are always further apart."""
MAX_YEARS_AHEAD = 20
"""Later results are cut to the end of this period."""

_OpenPeriods = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly opening hours in a time zone, without public holidays and closed days.

    `country` and `subdivision` (ISO 3166) choose the public holidays. The open periods of a year
    are cached for equal calendars.
    """

    zone: str
    week: Week
    country: str | None = None
    subdivision: str | None = None
    closed_on: frozenset[date] = frozenset()

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """Return the earliest moment at which `duration` of business time has passed since `start`.

        For a zero duration that is `start` itself, even outside the opening hours.
        """
        remaining = duration // MICROSECOND
        if remaining <= 0:
            return start
        year, moment = start.year, (start - EPOCH) // MICROSECOND
        remaining += _get_open_year(self, year).open_time_before(moment)
        while remaining > (open_year := _get_open_year(self, year)).total:
            remaining -= open_year.total
            year += 1
            if year > start.year + MAX_YEARS_AHEAD:
                return datetime(year, 1, 1, tzinfo=UTC)
        return EPOCH + open_year.moment_after(remaining) * MICROSECOND

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the business time from `start` until `end`; zero if `end` is not later."""
        if end <= start:
            return timedelta()
        whole_years = sum(_get_open_year(self, year).total for year in range(start.year, end.year))
        after = _get_open_year(self, end.year).open_time_before((end - EPOCH) // MICROSECOND)
        before = _get_open_year(self, start.year).open_time_before((start - EPOCH) // MICROSECOND)
        return (whole_years + after - before) * MICROSECOND

    def is_open(self, at: datetime) -> bool:
        """Return whether business time passes at this moment."""
        open_year = _get_open_year(self, at.year)
        moment = (at - EPOCH) // MICROSECOND
        index = bisect_right(open_year.starts, moment) - 1
        return index >= 0 and moment < open_year.ends[index]


@dataclass(frozen=True, slots=True)
class _OpenYear:
    """The open periods of a UTC year in microseconds since 1970, and the open time before each."""

    starts: list[int]
    ends: list[int]
    open_time_before_period: list[int]
    total: int

    def open_time_before(self, moment: int) -> int:
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0
        return (
            self.open_time_before_period[index] + min(moment, self.ends[index]) - self.starts[index]
        )

    def moment_after(self, open_time: int) -> int:
        index = bisect_left(self.open_time_before_period, open_time) - 1
        return self.starts[index] + open_time - self.open_time_before_period[index]


@lru_cache(maxsize=512)
def _get_open_year(calendar: Calendar, year: int) -> _OpenYear:
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    periods: _OpenPeriods = []
    for start, end, offset in _constant_offset_periods(calendar.zone, first, last):
        for period in _open_periods(calendar, start, end, offset):
            if periods and periods[-1][1] == period[0]:
                periods[-1] = (periods[-1][0], period[1])
            else:
                periods.append(period)
    lengths = [end - start for start, end in periods]
    return _OpenYear(
        [start for start, _ in periods],
        [end for _, end in periods],
        [0, *accumulate(lengths)][: len(periods)],
        sum(lengths),
    )


def _constant_offset_periods(
    zone: str, start_of_range: datetime, end_of_range: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Yield the periods in which the zone has a constant offset from UTC, with that offset."""
    clock = ZoneInfo(zone)

    def offset_at(moment: datetime) -> timedelta:
        return moment.astimezone(clock).utcoffset() or timedelta()

    start, offset, moment = start_of_range, offset_at(start_of_range), start_of_range
    while moment < end_of_range:
        moment = min(moment + CLOCK_CHANGE_STEP, end_of_range)
        if offset_at(moment) == offset:
            continue
        before, after = moment - CLOCK_CHANGE_STEP, moment
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
            if offset_at(middle) == offset:
                before = middle
            else:
                after = middle
        yield start, after, offset
        start, offset = after, offset_at(after)
    if start < end_of_range:
        yield start, end_of_range, offset


def _open_periods(
    calendar: Calendar, start: datetime, end: datetime, offset: timedelta
) -> Iterator[tuple[int, int]]:
    """Yield the open periods within a period of constant offset, in order."""
    earliest, latest = (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND
    day, last_day = (start + offset).date(), (end + offset).date()
    while day <= last_day:
        windows = calendar.week[day.weekday()]
        if windows and not _is_closed(calendar, day):
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - offset
            for opens, closes in windows:
                opens_at = (midnight + timedelta(minutes=opens) - EPOCH) // MICROSECOND
                closes_at = (midnight + timedelta(minutes=closes) - EPOCH) // MICROSECOND
                if max(opens_at, earliest) < min(closes_at, latest):
                    yield max(opens_at, earliest), min(closes_at, latest)
        day += timedelta(days=1)


def _is_closed(calendar: Calendar, day: date) -> bool:
    if day in calendar.closed_on:
        return True
    if calendar.country is None:
        return False
    return day in _public_holidays(calendar.country, calendar.subdivision, day.year)


@lru_cache(maxsize=512)
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


AROUND_THE_CLOCK = Calendar("UTC", ALWAYS_OPEN)
"""A calendar that is always open."""


def validate_calendar(calendar: Calendar, now: datetime) -> None:
    """Check a calendar.

    Raises `Invalid` for an unknown zone, country or subdivision, for windows that overlap, and for
    a calendar without any business time within a year of `now`.
    """
    problems: list[tuple[str, str]] = []
    if not is_time_zone(calendar.zone):
        problems.append(("time_zone", "must be the name of a time zone, such as Europe/Berlin"))
    if len(calendar.week) != 7 or not all(map(are_windows_valid, calendar.week)):
        problems.append(("windows", "must be within one day, in order and without overlap"))
    if calendar.country is not None:
        problems += _holiday_problems(calendar.country, calendar.subdivision)
    elif calendar.subdivision is not None:
        problems.append(("subdivision", "requires a country"))
    if problems:
        raise Invalid.from_problems(problems)
    if calendar.between(now, now + timedelta(days=365)) <= timedelta():
        raise Invalid("windows", "must include some opening hours within a year")


def is_time_zone(name: str) -> bool:
    """Return whether this is the name of a time zone."""
    return name in _all_time_zones()


def list_time_zones() -> list[str]:
    """List the time zones that are named after a place, and UTC, sorted."""
    return sorted(
        name
        for name in _all_time_zones()
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/")))
    )


def list_holiday_countries() -> list[tuple[str, str]]:
    """List the countries whose public holidays are known, as (code, English name), by name."""
    supported = holidays.list_supported_countries(include_aliases=False)
    names_by_code = {
        names[1]: " ".join(re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|[a-z]+", names[0]))
        for names in COUNTRIES.values()
    }
    return sorted(
        ((code, names_by_code.get(code, code)) for code in supported),
        key=lambda country: country[1],
    )


@lru_cache(maxsize=1)
def _all_time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def are_windows_valid(windows: tuple[Window, ...]) -> bool:
    """Return whether the windows of a day are within it, in order and without overlap."""
    edges = [0, *(edge for window in windows for edge in window), MINUTES_PER_DAY]
    each_opens_before_closing = all(opens < closes for opens, closes in windows)
    return each_opens_before_closing and all(
        edges[n] <= edges[n + 1] for n in range(len(edges) - 1)
    )


def _holiday_problems(country: str, subdivision: str | None) -> list[tuple[str, str]]:
    supported = holidays.list_supported_countries(include_aliases=False)
    if country not in supported:
        return [("country", "must be an ISO 3166 country code with known holidays, such as DE")]
    if subdivision is not None and subdivision not in supported[country]:
        return [("subdivision", "must be a subdivision of the country with known holidays")]
    return []
