"""The performance of agents as rows of a CSV file."""

from __future__ import annotations

from typing import Final

from ticket_app.core.reports.performance import PerformanceMetrics
from ticket_app.ui.pages.analytics import texts

CSV_HEADERS: Final = [
    "agent",
    "team",
    texts.CSV_OPEN,
    "assigned",
    texts.METRIC_UNIT_RESOLVED,
    "replies",
    texts.CSV_FIRST_RESPONSE,
    texts.CSV_RESOLUTION,
    texts.CSV_SLA,
    "satisfaction",
    texts.CSV_LOGGED_MINUTES,
]


def csv_row(one: PerformanceMetrics, logged_minutes: int) -> list[str]:
    """Return the figures of one agent as the columns of `CSV_HEADERS`."""
    numbers: list[float | None] = [
        one.open_now,
        one.assigned,
        one.resolved,
        one.replies,
        one.first_response_hours,
        one.resolution_hours,
        one.compliance,
        one.satisfaction,
        logged_minutes,
    ]
    return [one.name, one.team or "", *("" if n is None else str(n) for n in numbers)]
