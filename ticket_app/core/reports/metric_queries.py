"""The ticket lists behind the figures of reports.

Reports count with these conditions, and pages link each figure to the list with the same condition,
so that "Resolved 74" opens 74 tickets. A test holds that `DASHBOARD_QUERIES` and
`PERFORMANCE_QUERIES` cover every number of a report.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.tickets.ticket_query import TicketQuery

QueriesByName = dict[str, TicketQuery]
DatetimeRange = tuple[datetime, datetime]
"""From the first moment (included) until the second one (excluded)."""

ALL_TICKETS: Final = TicketQuery()
RESOLVED: Final = "resolved"
"""The list of the tickets that were resolved in a period, and the figure that counts it."""
BACKLOG_METRICS: Final = ("total", "unassigned", "overdue")

DASHBOARD_QUERIES: Final[dict[str, str]] = {
    "created": "created",
    "by_status": "created",
    "by_category": "created",
    "resolution.resolved": "resolved",
    "resolution.mean_seconds": "resolved",
    "resolution.mean_hours": "resolved",
    "resolution.mean_rating": "rated",
    "resolution.rating_count": "rated",
    "previous_created": "created",
    "previous_resolution": "resolved",
    "sla": "sla_measured",
    "sla.met": "sla_met",
    "sla.breached": "sla_breached",
    "sla.percent": "sla_measured",
    "compliance": "sla_measured",
    "backlog.total": "total",
    "backlog.unassigned": "unassigned",
    "backlog.overdue": "overdue",
    "days.created": "created",
    "days.resolved": "resolved",
}
"""For each figure of a dashboard, the name of the list that it counts.

Figures of the period before and of single days count the same list over that time.
"""

PERFORMANCE_QUERIES: Final[dict[str, str]] = {
    "assigned": "created",
    "open_now": "total",
    RESOLVED: RESOLVED,
    "first_response_hours": "answered",
    "median_first_response_hours": "answered",
    "resolution_hours": RESOLVED,
    "median_resolution_hours": RESOLVED,
    "reopened_percent": "resolved_once",
    "compliance": "sla_measured",
    "satisfaction": "rated",
    "ratings": "rated",
}
"""For each figure of a person or a team, the name of the list that it counts."""

METRICS_WITHOUT_QUERY: Final = frozenset({"replies"})
"""Figures that do not count tickets and therefore have no list."""


def queries_for_period(bounds: DatetimeRange, base: TicketQuery = ALL_TICKETS) -> QueriesByName:
    """Return the lists of a period: the tickets of `base` with one condition more each."""
    start, end = bounds
    created = replace(base, created_from=start, created_before=end)
    resolved = replace(base, resolved_from=start, resolved_before=end)
    return {
        "created": created,
        "answered": replace(created, answered=True),
        "resolved_once": replace(created, resolved_once=True),
        "reopened": replace(created, reopened=True),
        "resolved": resolved,
        "rated": replace(resolved, rated=True),
        "sla_measured": replace(base, sla_measured=bounds),
        "sla_met": replace(resolved, sla_met=True),
        "sla_breached": replace(base, sla_breached_from=start, sla_breached_before=end),
        "response_met": replace(base, response_met=True, answered_from=start, answered_before=end),
        "response_breached": replace(
            base, response_breached_from=start, response_breached_before=end
        ),
    }


def current_backlog_queries(base: TicketQuery = ALL_TICKETS) -> QueriesByName:
    """Return the lists of the present moment: the tickets of `base` that are not done."""
    return {
        "total": replace(base, group=UNFINISHED_GROUPS),
        "unassigned": replace(base, group=UNFINISHED_GROUPS, unassigned=True),
        "overdue": replace(base, overdue=True),
    }
