"""Parse dates and times that API clients send in bodies and query parameters.

Dates without a time are days in the default time zone (`TICKET_TIMEZONE`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

from ticket_app.core.platform.dates import day_end, day_start, default_time_zone
from ticket_app.core.platform.errors import Reason

MIN_YEAR = 1900
"""Earlier years are a client's empty dates (.NET sends the year 1), never intended."""

DATETIME_FORMAT = Reason(
    "must be an ISO 8601 date and time, such as 2026-12-01T09:30:00Z", "datetime"
)
DATE_FORMAT = Reason("must be a date, such as 2026-12-01", "date")
TOO_EARLY = Reason(f"must not be before the year {MIN_YEAR}", "too_early", year=MIN_YEAR)
TOO_LATE = Reason("is too far in the future", "too_late")

DateT = TypeVar("DateT", bound=date)
_ISO_8601_PATTERN = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{8})"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?|\d{4}(?:\d\d(?:[.,]\d{1,9})?)?)"
    r"(?: ?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)| (?P<bare>\d\d(?::?\d\d)?))?)?",
    re.ASCII | re.IGNORECASE,
)
"""ISO 8601, extended or basic; an unescaped plus sign in a URL arrives as a space."""


class InvalidValue(ValueError):
    """A value is not valid for a field; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason if isinstance(reason, Reason) else Reason(reason)


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day in the default time zone."""
    return day_start(day, default_time_zone())


def end_of_day(day: date) -> datetime:
    """Return the first moment after a day in the default time zone."""
    return day_end(day, default_time_zone())


def parse_datetime(
    value: object, date_to_datetime: Callable[[date], datetime] = start_of_day
) -> datetime:
    """Return the moment that a text names, in UTC, or a datetime unchanged. Raises `InvalidValue`.

    `date_to_datetime` reads a date without a time; a time without a zone is in UTC. Numbers are
    never read as seconds since 1970: eight digits are a date (20261201), other numbers are invalid.
    """
    if isinstance(value, datetime):
        return value
    parts = _ISO_8601_PATTERN.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        raise InvalidValue(DATETIME_FORMAT)
    try:
        if parts["time"] is None:
            return date_to_datetime(_ensure_min_year(date.fromisoformat(parts["date"]))).astimezone(
                UTC
            )
        zone = parts["zone"] or (f"+{parts['bare']}" if parts["bare"] else "Z")
        result = datetime.fromisoformat(f"{parts['date']}T{parts['time']}{zone.upper()}")
    except InvalidValue:
        raise
    except ValueError:
        raise InvalidValue(DATETIME_FORMAT) from None
    _ensure_min_year(result)
    try:
        return result.astimezone(UTC)
    except OverflowError:
        raise InvalidValue(TOO_LATE) from None


def parse_due_datetime(value: object) -> datetime:
    """Return the moment that a text names, in UTC; a date alone is the end of that day.

    Raises `InvalidValue`.
    """
    return parse_datetime(value, end_of_day)


def parse_date(value: object) -> date:
    """Return the day that a text names (2026-12-01 or 20261201). Raises `InvalidValue`.

    A time is accepted only if it is midnight.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    parts = _ISO_8601_PATTERN.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None or set(parts["time"] or "") - set("0:.,"):
        raise InvalidValue(DATE_FORMAT)
    try:
        day = date.fromisoformat(parts["date"])
    except ValueError:
        raise InvalidValue(DATE_FORMAT) from None
    return _ensure_min_year(day)


def _ensure_min_year(day: DateT) -> DateT:
    if day.year < MIN_YEAR:
        raise InvalidValue(TOO_EARLY)
    return day
