"""Durations as pages show them."""

from __future__ import annotations

import re
from typing import Final

MINUTES_PER_HOUR: Final = 60
MINUTES_PER_DAY: Final = 24 * MINUTES_PER_HOUR
MIN_HOURS_FOR_DAYS: Final = 48
NO_DURATION: Final = "–"
_CLOCK_PATTERN: Final = re.compile(r"(\d{1,3}):([0-5]\d)")
_UNITS_PATTERN: Final = re.compile(
    r"(?:(?P<hours>\d{1,4}(?:[.,]\d{1,4})?)\s*h(?:ours?|rs?)?)?\s*"
    r"(?:(?P<minutes>\d{1,5})\s*(?:m(?:in(?:utes?|s)?)?)?)?"
)


def pluralize(number: int, unit: str) -> str:
    """Return a number with its unit: "1 day", "2 days"."""
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"


def format_duration(minutes: int, *, whole_days: bool = True) -> str:
    """Return an exact duration: "2 days", "1 hour 30 minutes".

    `whole_days` is False where a day has fewer than 24 hours, such as in a business calendar.
    """
    if whole_days and minutes >= MINUTES_PER_DAY and minutes % MINUTES_PER_DAY == 0:
        return pluralize(minutes // MINUTES_PER_DAY, "day")
    hours, minutes_left = divmod(minutes, MINUTES_PER_HOUR)
    parts = [pluralize(hours, "hour")] if hours else []
    return " ".join([*parts, *([pluralize(minutes_left, "minute")] if minutes_left else [])])


def format_average(hours: float | None) -> str:
    """Return an average duration, rounded: "40 min", "5.2 h", "3.4 days"; a dash for none."""
    if hours is None:
        return NO_DURATION
    if hours < 1:
        return f"{max(1, round(hours * MINUTES_PER_HOUR))} min"
    return f"{hours:.1f} h" if hours < MIN_HOURS_FOR_DAYS else f"{hours / 24:.1f} days"


def format_minutes(minutes: int) -> str:
    """Return an exact duration in short: "45 min", "2 h", "1 h 30 min"."""
    hours, minutes_left = divmod(abs(minutes), MINUTES_PER_HOUR)
    parts = [f"{hours:,} h"] if hours else []
    if minutes_left or not hours:
        parts.append(f"{minutes_left} min")
    return ("-" if minutes < 0 else "") + " ".join(parts)


def parse_minutes(text: str) -> int | None:
    """Return the minutes that a person has written, or None for something else.

    Accepts "1h 30m", "1:30", "1.5 h", "90 min" and "90", which is minutes.
    """
    text = text.strip().lower()
    if clock := _CLOCK_PATTERN.fullmatch(text):
        return int(clock[1]) * MINUTES_PER_HOUR + int(clock[2])
    match = _UNITS_PATTERN.fullmatch(text)
    if match is None or not text:
        return None
    hours = float((match["hours"] or "0").replace(",", "."))
    return round(hours * MINUTES_PER_HOUR) + int(match["minutes"] or 0)
