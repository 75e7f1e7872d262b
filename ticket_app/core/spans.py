"""Spans of whole days (UTC) that reports are about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ticket_app.core.errors import Invalid

MOST_DAYS = 366
"""The longest span of a report: a year, whichever."""

DAY = timedelta(days=1)
KNOWN = (date(1970, 2, 1), date(9000, 1, 1))
NO_DAY = f"must lie between {KNOWN[0]} and {KNOWN[1]}"


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment of it."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first moment behind it."""
        return datetime.combine(self.last, time(), UTC) + DAY

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
        return self.start - back, min(self.end, now) - back


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


def span_of(period: str, now: datetime) -> Span:
    """The days that a period ending today stands for: 30d is today and the 29 days before it.

    Raises `Invalid` for any other word, and for more than a year.
    """
    today = now.astimezone(UTC).date()
    if named := NAMED.get(period):
        return named(today)
    counted = PERIOD.fullmatch(period)
    if counted is None:
        raise Invalid("period", NO_PERIOD)
    try:
        span = Span(LENGTHS[counted[2]](today, int(counted[1])) + DAY, today)
    except (OverflowError, ValueError):
        raise Invalid("period", NO_PERIOD) from None
    if span.days > MOST_DAYS:
        raise Invalid("period", NO_PERIOD)
    return span


def span_between(first: date | None, last: date | None, now: datetime) -> Span:
    """The days from `first` to `last`; without a word the last 30 days up to today.

    Raises `Invalid` if they are in the wrong order, or more than a year.
    """
    last = last or now.astimezone(UTC).date()
    if not KNOWN[0] <= last <= KNOWN[1]:
        raise Invalid("end_date", NO_DAY)
    first = first or last - 29 * DAY
    if first > last:
        raise Invalid("end_date", "must not be before start_date")
    if first < KNOWN[0]:
        raise Invalid("start_date", NO_DAY)
    span = Span(first, last)
    if span.days > MOST_DAYS:
        raise Invalid("end_date", f"must be within {MOST_DAYS} days from start_date on")
    return span
