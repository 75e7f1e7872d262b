"""Business time: how long a desk was open between two moments, and when so much of it has passed.

A calendar's windows are wall-clock times of its zone. An hour that the clock skips is no business
time, and one that it repeats counts twice, as both are lived through.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from ticket_app.core.platform.errors import Invalid

Window = tuple[int, int]
"""From and until, in minutes after midnight; until 1440 is the end of the day."""
Week = tuple[tuple[Window, ...], ...]
"""The windows of each weekday, Monday first."""

DAY = 24 * 60
ALWAYS: Week = (((0, DAY),),) * 7
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
STEP = timedelta(hours=6)
"""How finely a zone is searched for clock changes; none follows another sooner."""
FARTHEST_YEARS = 20
"""What would lie farther away than this falls at the end of that time."""

_Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a desk is open: windows of the week in a time zone, less holidays and days of its own.

    `country` and `subdivision` (ISO 3166) name whose public holidays are kept. Equal calendars
    share what was worked out for a year.
    """

    zone: str
    week: Week
    country: str | None = None
    subdivision: str | None = None
    closed_on: frozenset[date] = frozenset()

    def add(self, start: datetime, time: timedelta) -> datetime:
        """The first moment by which so much business time has passed since `start`.

        No time at all is `start` itself, also outside the windows.
        """
        left = time // MICROSECOND
        if left <= 0:
            return start
        year, moment = start.year, (start - EPOCH) // MICROSECOND
        left += _year(self, year).open_before(moment)
        while left > (whole := _year(self, year)).total:
            left -= whole.total
            year += 1
            if year > start.year + FARTHEST_YEARS:
                return datetime(year, 1, 1, tzinfo=UTC)
        return EPOCH + whole.moment_at(left) * MICROSECOND

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The business time from `start` until `end`; none if that is not later."""
        if end <= start:
            return timedelta()
        whole_years = sum(_year(self, year).total for year in range(start.year, end.year))
        after = _year(self, end.year).open_before((end - EPOCH) // MICROSECOND)
        before = _year(self, start.year).open_before((start - EPOCH) // MICROSECOND)
        return (whole_years + after - before) * MICROSECOND

    def is_open(self, at: datetime) -> bool:
        """Whether business time passes at this moment."""
        year = _year(self, at.year)
        moment = (at - EPOCH) // MICROSECOND
        n = bisect_right(year.starts, moment) - 1
        return n >= 0 and moment < year.ends[n]


@dataclass(frozen=True, slots=True)
class _Year:
    """The open spans of one UTC year in microseconds since 1970, and the open time before each."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def open_before(self, moment: int) -> int:
        n = bisect_right(self.starts, moment) - 1
        if n < 0:
            return 0
        return self.before[n] + min(moment, self.ends[n]) - self.starts[n]

    def moment_at(self, open_time: int) -> int:
        n = bisect_left(self.before, open_time) - 1
        return self.starts[n] + open_time - self.before[n]


@lru_cache(maxsize=512)
def _year(calendar: Calendar, year: int) -> _Year:
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    spans: _Spans = []
    for start, end, offset in _offsets(calendar.zone, first, last):
        for span in _open_spans(calendar, start, end, offset):
            if spans and spans[-1][1] == span[0]:
                spans[-1] = (spans[-1][0], span[1])
            else:
                spans.append(span)
    lengths = [end - start for start, end in spans]
    return _Year(
        [start for start, _ in spans],
        [end for _, end in spans],
        [0, *accumulate(lengths)][: len(spans)],
        sum(lengths),
    )


def _offsets(
    zone: str, first: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The stretches of time in which the zone's clock is not changed, with its offset from UTC."""
    clock = ZoneInfo(zone)

    def offset_at(moment: datetime) -> timedelta:
        return moment.astimezone(clock).utcoffset() or timedelta()

    start, offset, moment = first, offset_at(first), first
    while moment < last:
        moment = min(moment + STEP, last)
        if offset_at(moment) == offset:
            continue
        before, after = moment - STEP, moment
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
            if offset_at(middle) == offset:
                before = middle
            else:
                after = middle
        yield start, after, offset
        start, offset = after, offset_at(after)
    if start < last:
        yield start, last, offset


def _open_spans(
    calendar: Calendar, start: datetime, end: datetime, offset: timedelta
) -> Iterator[tuple[int, int]]:
    """The open spans within a stretch of one offset, in order."""
    earliest, latest = (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND
    day, last_day = (start + offset).date(), (end + offset).date()
    while day <= last_day:
        windows = calendar.week[day.weekday()]
        if windows and not _is_closed(calendar, day):
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - offset
            for opens, closes in windows:
                begin = (midnight + timedelta(minutes=opens) - EPOCH) // MICROSECOND
                finish = (midnight + timedelta(minutes=closes) - EPOCH) // MICROSECOND
                if max(begin, earliest) < min(finish, latest):
                    yield max(begin, earliest), min(finish, latest)
        day += timedelta(days=1)


def _is_closed(calendar: Calendar, day: date) -> bool:
    if day in calendar.closed_on:
        return True
    if calendar.country is None:
        return False
    return day in _public_holidays(calendar.country, calendar.subdivision, day.year)


@lru_cache(maxsize=512)
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


AROUND_THE_CLOCK = Calendar("UTC", ALWAYS)
"""Every hour of every day."""


def check(calendar: Calendar, now: datetime) -> None:
    """Whether a calendar can be worked with.

    Raises `Invalid` for an unknown zone, country or subdivision, for windows that overlap, and
    where no business time comes within a year.
    """
    problems: list[tuple[str, str]] = []
    if not is_zone(calendar.zone):
        problems.append(("time_zone", "is not the name of a time zone, as Europe/Berlin is"))
    if len(calendar.week) != 7 or not all(map(_are_in_order, calendar.week)):
        problems.append(("windows", "must lie within the day, one after the other"))
    if calendar.country is not None:
        problems += _holiday_problems(calendar.country, calendar.subdivision)
    elif calendar.subdivision is not None:
        problems.append(("subdivision", "needs a country"))
    if problems:
        raise Invalid.several(problems)
    if calendar.between(now, now + timedelta(days=365)) <= timedelta():
        raise Invalid("windows", "must leave some time open within a year")


def is_zone(name: str) -> bool:
    """Whether this names a time zone."""
    return name in _zones()


def zones() -> list[str]:
    """The time zones that are named after a place, and UTC, in order."""
    return sorted(
        name
        for name in _zones()
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/")))
    )


def holiday_countries() -> list[tuple[str, str]]:
    """The countries whose public holidays are known: code and English name, by name."""
    import holidays
    from holidays.registry import COUNTRIES

    known = holidays.list_supported_countries(include_aliases=False)
    found = {
        names[1]: " ".join(re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|[a-z]+", names[0]))
        for names in COUNTRIES.values()
    }
    return sorted(((code, found.get(code, code)) for code in known), key=lambda one: one[1])


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def _are_in_order(windows: tuple[Window, ...]) -> bool:
    edges = [0, *(edge for window in windows for edge in window), DAY]
    rises = all(opens < closes for opens, closes in windows)
    return rises and all(edges[n] <= edges[n + 1] for n in range(len(edges) - 1))


def _holiday_problems(country: str, subdivision: str | None) -> list[tuple[str, str]]:
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return [("country", "is not a country whose holidays are known (ISO 3166, as DE is)")]
    if subdivision is not None and subdivision not in known[country]:
        return [("subdivision", "is not a part of the country whose holidays are known")]
    return []
