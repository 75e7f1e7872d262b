"""Convert between dates in a time zone and UTC."""

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
    """Return the time zone with an IANA name (`Europe/Berlin`), or None."""
    if len(name) > 64 or not _ZONE_NAME_PATTERN.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def default_time_zone() -> ZoneInfo:
    """Return the time zone of the installation (`TICKET_TIMEZONE`)."""
    return settings().timezone


def to_utc(local: datetime, zone: tzinfo) -> datetime:
    """Return the UTC time of a local time; the first one if clocks show it twice."""
    try:
        return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:
        return MIN_DATETIME if local.year == 1 else MAX_DATETIME


def day_start(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins in a time zone, in UTC."""
    return to_utc(datetime.combine(day, time()), zone)


def day_end(day: date, zone: tzinfo) -> datetime:
    """Return the last second of a day in a time zone, in UTC."""
    return (
        MAX_DATETIME if day == date.max else day_start(day + ONE_DAY, zone) - timedelta(seconds=1)
    )


def local_date(moment: datetime, zone: tzinfo) -> date:
    """Return the date of a moment in a time zone."""
    return moment.astimezone(zone).date()


def clamp_to_utc(moment: datetime) -> datetime:
    """Return an aware time in UTC; the first or last possible one if it is out of range."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return MIN_DATETIME if moment.year == 1 else MAX_DATETIME
