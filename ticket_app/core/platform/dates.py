"""Days and moments: when a day begins and ends in a time zone, and which zone that is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from ticket_app.settings import settings

DAY: Final = timedelta(days=1)
EARLIEST: Final = datetime(1, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_NAME = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that IANA name (`Europe/Berlin`); None if there is none."""
    if len(name) > 64 or not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def desk_zone() -> ZoneInfo:
    """The desk's own time zone (`TICKET_TIMEZONE`), for days that come without a person's."""
    return settings().timezone


def local_time(wall: datetime, zone: tzinfo) -> datetime:
    """The moment at which the clocks of a zone show a time, the first one if they show it twice."""
    try:
        return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:
        return EARLIEST if wall.year == 1 else LATEST


def start_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day."""
    return local_time(datetime.combine(day, time()), zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last second of a day."""
    return LATEST if day == date.max else start_of(day + DAY, zone) - timedelta(seconds=1)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day that a moment belongs to."""
    return moment.astimezone(zone).date()
