"""Spans of whole days in a time zone that reports are about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from ticket_app.core.platform.dates import DAY, day_of, local_time, start_of
from ticket_app.core.platform.errors import Invalid

MOST_DAYS = 366
"""The longest span of a report: a year, whichever."""

KNOWN = (date(1970, 2, 1), date(9000, 1, 1))
NO_DAY = f"must lie between {KNOWN[0]} and {KNOWN[1]}"


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both included, as the clocks of `zone` count them."""

    first: date
    last: date
    zone: tzinfo = UTC

    @property
    def start(self) -> datetime:
        """The first moment of it."""
        return start_of(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment behind it."""
        return start_of(self.last + DAY, self.zone)

    @property
    def between(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first one behind it."""
        return self.start, self.end

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def each_day(self) -> list[date]:
        """Its days, in order."""
        return [self.first + n * DAY for n in range(self.days)]

    def before(self, now: datetime) -> tuple[datetime, datetime]:
        """The moments from and to which as much time passed as in this span so far, just before it.

        A span that still runs is compared with the same part of the one before: half a day today
        with half of yesterday.
        """
        back = self.days * DAY
        until = min(self.end, now).astimezone(self.zone).replace(tzinfo=None) - back
        return start_of(self.first - back, self.zone), local_time(until, self.zone)

    def even_parts(self) -> list[tuple[Span, timedelta]]:
        """The span in parts without a clock change, each with its offset from UTC.

        A day on which the clock changes is a part of its own.
        """
        parts: list[tuple[Span, timedelta]] = []
        for day in self.each_day():
            start = start_of(day, self.zone)
            offset = start.astimezone(self.zone).utcoffset() or timedelta()
            is_even = start_of(day + DAY, self.zone) - start == DAY
            if is_even and parts and parts[-1][1] == offset and parts[-1][0].is_even:
                parts[-1] = (Span(parts[-1][0].first, day, self.zone), offset)
            else:
                parts.append((Span(day, day, self.zone), offset))
        return parts

    @property
    def is_even(self) -> bool:
        """Whether the clock does not change in it."""
        return self.end - self.start == self.days * DAY


def _months_before(day: date, months: int) -> date:
    """The same day so many months ago, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * DAY, following - DAY)


LENGTHS: dict[str, Callable[[date, int], date]] = {
    "d": lambda last, n: last - n * DAY,
    "w": lambda last, n: last - 7 * n * DAY,
    "m": _months_before,
    "y": lambda last, n: _months_before(last, 12 * n),
}
"""By the letter of a period: the day before its first one."""

NAMED: dict[str, Callable[[date], Span]] = {
    "today": lambda today: Span(today, today),
    "yesterday": lambda today: Span(today - DAY, today - DAY),
    "week": lambda today: Span(today - today.weekday() * DAY, today),
    "month": lambda today: Span(today.replace(day=1), today),
    "year": lambda today: Span(today.replace(month=1, day=1), today),
}
PERIOD = re.compile(r"([1-9][0-9]{0,2})([dwmy])")
NO_PERIOD = (
    "must be a number of days, weeks, months or years up to one year, such as 30d, 12w, 6m or 1y, "
    f"or one of {', '.join(NAMED)}"
)


def span_of(period: str, now: datetime, zone: tzinfo = UTC) -> Span:
    """The days that a period ending today stands for: 30d is today and the 29 days before it.

    Raises `Invalid` for any other word, and for more than a year.
    """
    today = day_of(now, zone)
    if named := NAMED.get(period):
        return replace(named(today), zone=zone)
    counted = PERIOD.fullmatch(period)
    if counted is None:
        raise Invalid("period", NO_PERIOD)
    try:
        span = Span(LENGTHS[counted[2]](today, int(counted[1])) + DAY, today, zone)
    except (OverflowError, ValueError):
        raise Invalid("period", NO_PERIOD) from None
    if span.days > MOST_DAYS:
        raise Invalid("period", NO_PERIOD)
    return span


def span_between(first: date | None, last: date | None, now: datetime, zone: tzinfo = UTC) -> Span:
    """The days from `first` to `last`; without a word the last 30 days up to today.

    Raises `Invalid` if they are in the wrong order, or more than a year.
    """
    last = last or day_of(now, zone)
    if not KNOWN[0] <= last <= KNOWN[1]:
        raise Invalid("end_date", NO_DAY)
    first = first or last - 29 * DAY
    if first > last:
        raise Invalid("end_date", "must not be before start_date")
    if first < KNOWN[0]:
        raise Invalid("start_date", NO_DAY)
    span = Span(first, last, zone)
    if span.days > MOST_DAYS:
        raise Invalid("end_date", f"must be within {MOST_DAYS} days from start_date on")
    return span
