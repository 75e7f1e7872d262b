"""The filters of a queue URL by ranges of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from ticket_app.core.platform.dates import MAX_DATETIME, day_start, local_date
from ticket_app.ui.pages.desk import texts


@dataclass(frozen=True)
class DayFilter:
    """A date range filter: its label, its URL parameters and the query fields it sets.

    A single query field takes both ends of the range.
    """

    label: str
    since_parameter: str
    until_parameter: str
    query_fields: tuple[str, ...]


DAY_FILTERS: Final[dict[str, DayFilter]] = {
    (name := fields[0].removesuffix("_from").removesuffix("_measured")): DayFilter(
        label, f"{name}_since", f"{name}_until", fields
    )
    for label, fields in (
        (texts.QUEUE_DATES_RESOLVED, ("resolved_from", "resolved_before")),
        (texts.QUEUE_DATES_FIRST_REPLY, ("answered_from", "answered_before")),
        (texts.QUEUE_DATES_SLA, ("sla_measured",)),
        (texts.QUEUE_FILTER_SLA_BREACHED, ("sla_breached_from", "sla_breached_before")),
        (
            texts.QUEUE_FILTER_RESPONSE_BREACHED,
            ("response_breached_from", "response_breached_before"),
        ),
    )
}
"""The date range filters, apart from the creation date (`since`, `until`)."""


def parse_day(text: str) -> date | None:
    """Return a day of a URL; None if it is not one."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def time_range(since: str, until: str, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """Return the start of the first day and the end of the last one; either may be missing."""
    first, last = parse_day(since), parse_day(until)
    start = day_start(first, zone) if first else None
    if last is None:
        return start, None
    return start, MAX_DATETIME if last == date.max else day_start(last + timedelta(days=1), zone)


def day_range(start: datetime | None, end: datetime | None, zone: tzinfo) -> tuple[str, str]:
    """Return the first and the last day of a range of moments: the inverse of `time_range`."""
    first = local_date(start, zone).isoformat() if start else ""
    return first, (local_date(end, zone) - timedelta(days=1)).isoformat() if end else ""
