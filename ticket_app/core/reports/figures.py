"""The figures of reports as lists: which tickets each of them counts.

Reports count by these conditions, and a page links each figure to the list with the same
condition, so that "Resolved 74" opens 74 tickets. `DASHBOARD` and `ACHIEVEMENT` name the list
behind every number of a report; a test holds that none is left out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ticket_app.core.tickets.conditions import NOT_DONE
from ticket_app.core.tickets.ticket_list import TicketQuery

Lists = dict[str, TicketQuery]
Between = tuple[datetime, datetime]
"""From a moment until before another one."""

BACKLOG: Final = ("total", "unassigned", "overdue")

DASHBOARD: Final[dict[str, str]] = {
    "filed": "filed",
    "by_status": "filed",
    "by_category": "filed",
    "outcome.resolved": "resolved",
    "outcome.seconds": "resolved",
    "outcome.hours": "resolved",
    "outcome.rating": "rated",
    "outcome.ratings": "rated",
    "filed_before": "filed",
    "before": "resolved",
    "sla": "sla_measured",
    "sla.met": "sla_met",
    "sla.missed": "sla_breached",
    "sla.percent": "sla_measured",
    "compliance": "sla_measured",
    "backlog.total": "total",
    "backlog.unassigned": "unassigned",
    "backlog.overdue": "overdue",
    "days.filed": "filed",
    "days.resolved": "resolved",
}
"""By figure of a dashboard, the list that it counts (`of_span`, `at_present`).

Those of the time before, and of one day, count the same list of that time.
"""

ACHIEVEMENT: Final[dict[str, str]] = {
    "assigned": "filed",
    "open_now": "total",
    "resolved": "resolved",
    "first_response_hours": "answered",
    "median_first_response_hours": "answered",
    "resolution_hours": "resolved",
    "median_resolution_hours": "resolved",
    "reopened_percent": "resolved_once",
    "compliance": "sla_measured",
    "satisfaction": "rated",
    "ratings": "rated",
}
"""The same for the figures of a person or a team."""

NOT_TICKETS: Final = frozenset({"replies"})
"""Figures that count something else than tickets, and hence have no list."""


def of_span(between: Between, **whose: Any) -> Lists:
    """The lists of a span of time; `whose` are further filters, such as `assignee_id`."""
    start, end = between
    base = TicketQuery(**whose)
    filed = replace(base, created_from=start, created_before=end)
    resolved = replace(base, resolved_from=start, resolved_before=end)
    return {
        "filed": filed,
        "answered": replace(filed, answered=True),
        "resolved_once": replace(filed, resolved_once=True),
        "reopened": replace(filed, reopened=True),
        "resolved": resolved,
        "rated": replace(resolved, rated=True),
        "sla_measured": replace(base, sla_measured=between),
        "sla_met": replace(resolved, sla_met=True),
        "sla_breached": replace(base, sla_breached_from=start, sla_breached_before=end),
        "response_met": replace(base, response_met=True, answered_from=start, answered_before=end),
        "response_breached": replace(
            base, response_breached_from=start, response_breached_before=end
        ),
    }


def at_present(**whose: Any) -> Lists:
    """The lists of this moment."""
    return {
        "total": TicketQuery(group=NOT_DONE, **whose),
        "unassigned": TicketQuery(group=NOT_DONE, unassigned=True, **whose),
        "overdue": TicketQuery(overdue=True, **whose),
    }
