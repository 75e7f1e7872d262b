"""Read moments as people write them: "tomorrow 9", "monday", "in 3 hours", "5 dec 14:30"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final

import parsedatetime  # pyright: ignore[reportMissingTypeStubs]

from ticket_app.core.platform.errors import Invalid

START_OF_DAY_HOUR: Final = 9
"""When a day begins that was given without a time."""
MAX_LENGTH: Final = 60
NOT_A_MOMENT: Final = 'is not a time that we understand; write "tomorrow 9" or "5 dec 14:30"'
IN_THE_PAST: Final = "must be in the future"
_DAY_AND_HOUR = re.compile(
    r"(?i)\b((?:today|tomorrow|mon|tue|wed|thu|fri|sat|sun)[a-z]*)\s+(?:at\s+)?([01]?\d|2[0-3])$"
)
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2})?")


@lru_cache(maxsize=1)
def _calendar() -> Any:
    return parsedatetime.Calendar(version=parsedatetime.VERSION_CONTEXT_STYLE)


def parse_moment(name: str, text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment that a text names, in the future and in the time zone `zone`.

    A day without a time is its morning, at nine. `name` is the field that an error is about.
    Raises `Invalid`.
    """
    words = " ".join(text.split())
    if not words or len(words) > MAX_LENGTH:
        raise Invalid(name, NOT_A_MOMENT)
    local_now = now.astimezone(zone)
    moment = _parse(_DAY_AND_HOUR.sub(r"\1 \2:00", words), local_now.replace(tzinfo=None))
    if moment is None:
        raise Invalid(name, NOT_A_MOMENT)
    result = moment.replace(tzinfo=zone)
    if result <= local_now:
        raise Invalid(name, IN_THE_PAST)
    return result


def _parse(words: str, local_now: datetime) -> datetime | None:
    if _ISO_MOMENT.fullmatch(words):
        try:
            moment = datetime.fromisoformat(words)
        except ValueError:
            return None
        return moment if len(words) > len("2026-01-31") else _start_of_day(moment)
    try:
        moment, found = _calendar().parseDT(words, sourceTime=local_now)
    except (ValueError, OverflowError):
        return None
    if not found.hasDateOrTime:
        return None
    if not found.hasTime:
        return _start_of_day(moment)
    # "9am" in the afternoon is that of tomorrow.
    is_past_time = not found.hasDate and moment <= local_now
    return moment + timedelta(days=1) if is_past_time else moment


def _start_of_day(moment: datetime) -> datetime:
    return moment.replace(hour=START_OF_DAY_HOUR, minute=0, second=0, microsecond=0)


def suggest_moments(now: datetime, zone: tzinfo) -> list[tuple[str, datetime]]:
    """Return what is usually chosen, soonest first: names such as "Tomorrow", and moments.

    "Later today" is three hours from now and left out in the evening.
    """
    local = now.astimezone(zone).replace(second=0, microsecond=0)
    morning = _start_of_day(local)
    later = local + timedelta(hours=3)
    next_monday = morning + timedelta(days=7 - morning.weekday())
    moments = [
        ("Tomorrow", morning + timedelta(days=1)),
        ("In 3 days", morning + timedelta(days=3)),
        ("Next week", next_monday),
        ("In a month", morning + timedelta(days=30)),
    ]
    if later.date() == local.date() and later.hour < 20:
        moments.insert(0, ("Later today", later.replace(minute=0)))
    return sorted(moments, key=lambda one: one[1])
