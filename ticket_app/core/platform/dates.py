"""Days and moments: when a day begins and ends in a time zone, and which zone that is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from ticket_app.settings import settings

ONE_DAY: Final = timedelta(days=1)
MIN_DATETIME: Final = datetime(1, 1, 1, tzinfo=UTC)
MAX_DATETIME: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_ZONE_NAME_PATTERN = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


@lru_cache(maxsize=1024)
def find_time_zone(name: str) -> ZoneInfo | None:
    """The time zone of that IANA name (`Europe/Berlin`); None if there is none."""
    if len(name) > 64 or not _ZONE_NAME_PATTERN.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def default_time_zone() -> ZoneInfo:
    """The desk's own time zone (`TICKET_TIMEZONE`), for days that come without a person's."""
    return settings().timezone


def to_utc(local: datetime, zone: tzinfo) -> datetime:
    """The moment at which the clocks of a zone show a time, the first one if they show it twice."""
    try:
        return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:
        return MIN_DATETIME if local.year == 1 else MAX_DATETIME


def day_start(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day."""
    return to_utc(datetime.combine(day, time()), zone)


def day_end(day: date, zone: tzinfo) -> datetime:
    """The last second of a day."""
    return (
        MAX_DATETIME if day == date.max else day_start(day + ONE_DAY, zone) - timedelta(seconds=1)
    )


def local_date(moment: datetime, zone: tzinfo) -> date:
    """The day that a moment belongs to."""
    return moment.astimezone(zone).date()
