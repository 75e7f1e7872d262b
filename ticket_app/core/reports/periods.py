"""Periods of whole days in a time zone, for reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from ticket_app.core.platform.dates import ONE_DAY, day_start, local_date, to_utc
from ticket_app.core.platform.errors import Invalid

MAX_DAYS = 366
"""The longest period of a report: one year, leap years included."""

SUPPORTED_DATES = (date(1970, 2, 1), date(9000, 1, 1))
DATE_OUT_OF_RANGE = f"must lie between {SUPPORTED_DATES[0]} and {SUPPORTED_DATES[1]}"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, in the time zone `zone`."""

    first: date
    last: date
    zone: tzinfo = UTC

    @property
    def start(self) -> datetime:
        """The first moment of the period."""
        return day_start(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return day_start(self.last + ONE_DAY, self.zone)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """`start` and `end`."""
        return self.start, self.end

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def each_day(self) -> list[date]:
        """Return the days in order."""
        return [self.first + n * ONE_DAY for n in range(self.days)]

    def previous_bounds(self, now: datetime) -> tuple[datetime, datetime]:
        """Return the bounds of an equally long time directly before the period.

        If the period is still running, only the part that has passed counts: half of today is
        compared with half of yesterday.
        """
        length = self.days * ONE_DAY
        until = min(self.end, now).astimezone(self.zone).replace(tzinfo=None) - length
        return day_start(self.first - length, self.zone), to_utc(until, self.zone)

    def split_at_clock_changes(self) -> list[tuple[Period, timedelta]]:
        """Split the period at clock changes; each part comes with its UTC offset.

        A day with a clock change is a part of its own.
        """
        parts: list[tuple[Period, timedelta]] = []
        for day in self.each_day():
            start = day_start(day, self.zone)
            offset = start.astimezone(self.zone).utcoffset() or timedelta()
            is_full_day = day_start(day + ONE_DAY, self.zone) - start == ONE_DAY
            if (
                is_full_day
                and parts
                and parts[-1][1] == offset
                and parts[-1][0].has_constant_offset
            ):
                parts[-1] = (Period(parts[-1][0].first, day, self.zone), offset)
            else:
                parts.append((Period(day, day, self.zone), offset))
        return parts

    @property
    def has_constant_offset(self) -> bool:
        """Whether the UTC offset is the same throughout the period."""
        return self.end - self.start == self.days * ONE_DAY


def _subtract_months(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    next_month = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * ONE_DAY, next_month - ONE_DAY)


SUBTRACT_BY_UNIT: dict[str, Callable[[date, int], date]] = {
    "d": lambda last, n: last - n * ONE_DAY,
    "w": lambda last, n: last - 7 * n * ONE_DAY,
    "m": _subtract_months,
    "y": lambda last, n: _subtract_months(last, 12 * n),
}
"""For each unit of a period: a function that returns the day before its first day."""

NAMED_PERIODS: dict[str, Callable[[date], Period]] = {
    "today": lambda today: Period(today, today),
    "yesterday": lambda today: Period(today - ONE_DAY, today - ONE_DAY),
    "week": lambda today: Period(today - today.weekday() * ONE_DAY, today),
    "month": lambda today: Period(today.replace(day=1), today),
    "year": lambda today: Period(today.replace(month=1, day=1), today),
}
PERIOD_PATTERN = re.compile(r"([1-9][0-9]{0,2})([dwmy])")
INVALID_PERIOD = (
    "must be a number of days, weeks, months or years up to one year, such as 30d, 12w, 6m or 1y, "
    f"or one of {', '.join(NAMED_PERIODS)}"
)


def parse_period(text: str, now: datetime, zone: tzinfo = UTC) -> Period:
    """Return the period that ends today: 30d is today and the 29 days before it.

    Raises `Invalid` for an unknown unit and for more than a year.
    """
    today = local_date(now, zone)
    if build_named := NAMED_PERIODS.get(text):
        return replace(build_named(today), zone=zone)
    match = PERIOD_PATTERN.fullmatch(text)
    if match is None:
        raise Invalid("period", INVALID_PERIOD)
    try:
        parsed = Period(SUBTRACT_BY_UNIT[match[2]](today, int(match[1])) + ONE_DAY, today, zone)
    except (OverflowError, ValueError):
        raise Invalid("period", INVALID_PERIOD) from None
    if parsed.days > MAX_DAYS:
        raise Invalid("period", INVALID_PERIOD)
    return parsed


def period_between(
    first: date | None, last: date | None, now: datetime, zone: tzinfo = UTC
) -> Period:
    """Return the period from `first` to `last`; by default the last 30 days.

    Raises `Invalid` if the dates are in the wrong order or span more than a year.
    """
    last = last or local_date(now, zone)
    if not SUPPORTED_DATES[0] <= last <= SUPPORTED_DATES[1]:
        raise Invalid("end_date", DATE_OUT_OF_RANGE)
    first = first or last - 29 * ONE_DAY
    if first > last:
        raise Invalid("end_date", "must not be before start_date")
    if first < SUPPORTED_DATES[0]:
        raise Invalid("start_date", DATE_OUT_OF_RANGE)
    chosen_period = Period(first, last, zone)
    if chosen_period.days > MAX_DAYS:
        raise Invalid("end_date", f"must be within {MAX_DAYS} days from start_date on")
    return chosen_period
