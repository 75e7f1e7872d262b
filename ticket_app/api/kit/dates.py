"""Dates and times as API clients send them, in bodies and query parameters: one parser for all.

A day without a time is a day of the desk's time zone (`TICKET_TIMEZONE`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from ticket_app.core.platform.dates import desk_zone, end_of, start_of
from ticket_app.core.platform.errors import Reason

EARLIEST_YEAR = 1900
"""Earlier years are empty dates of a client's language (.NET sends the year 1), never meant."""

DATETIME_FORMAT = Reason(
    "must be an ISO 8601 date and time, such as 2026-12-01T09:30:00Z", "datetime"
)
DATE_FORMAT = Reason("must be a date, such as 2026-12-01", "date")
TOO_EARLY = Reason(f"must not be before the year {EARLIEST_YEAR}", "too_early", year=EARLIEST_YEAR)
TOO_LATE = Reason("is too far in the future", "too_late")

Day = TypeVar("Day", bound=date)
_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{8})"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?|\d{4}(?:\d\d(?:[.,]\d{1,9})?)?)"
    r"(?: ?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)| (?P<bare>\d\d(?::?\d\d)?))?)?",
    re.ASCII | re.IGNORECASE,
)
"""ISO 8601, extended or basic; a plus sign that an address did not escape arrives as a blank."""


class WrongValue(ValueError):
    """A value cannot be what a field takes; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason if isinstance(reason, Reason) else Reason(reason)


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day in the desk's time zone."""
    return start_of(day, desk_zone())


def _end_of_day(day: date) -> datetime:
    return end_of(day, desk_zone())


def read_moment(value: Any, at: Callable[[date], datetime] = start_of_day) -> datetime:
    """Return the moment that a text names, in UTC. Raises `WrongValue`.

    A date without a time is read by `at`, a time without a zone as UTC. Numbers are never read as
    seconds since 1970: eight digits are a date (20261201), other digits are wrong.
    """
    if isinstance(value, datetime):
        return value
    parts = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        raise WrongValue(DATETIME_FORMAT)
    try:
        if parts["time"] is None:
            return at(_checked(date.fromisoformat(parts["date"]))).astimezone(UTC)
        zone = parts["zone"] or (f"+{parts['bare']}" if parts["bare"] else "Z")
        moment = datetime.fromisoformat(f"{parts['date']}T{parts['time']}{zone.upper()}")
    except WrongValue:
        raise
    except ValueError:
        raise WrongValue(DATETIME_FORMAT) from None
    _checked(moment)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise WrongValue(TOO_LATE) from None


def read_due_moment(value: Any) -> datetime:
    """Return the moment that a text names, in UTC; of a date without a time, the end of that day.

    Raises `WrongValue`.
    """
    return read_moment(value, _end_of_day)


def read_day(value: Any) -> date:
    """Return the day that a text names (2026-12-01 or 20261201). Raises `WrongValue`.

    A time is taken only if it is midnight.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    parts = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None or set(parts["time"] or "") - set("0:.,"):
        raise WrongValue(DATE_FORMAT)
    try:
        day = date.fromisoformat(parts["date"])
    except ValueError:
        raise WrongValue(DATE_FORMAT) from None
    return _checked(day)


def _checked(day: Day) -> Day:
    if day.year < EARLIEST_YEAR:
        raise WrongValue(TOO_EARLY)
    return day
