"""Interface texts of the analytics page, ready for translation."""

from __future__ import annotations

from typing import Final

from ticket_app.ui.durations import pluralize

# analytics/charts
CREATED: Final = "Created"
RESOLVED: Final = "Resolved"
CHART_WEEK: Final = "Week of %{x|%b %-d}"

# analytics/own
OWN_STATISTICS: Final = "You"
OWN_REPLIES: Final = "Replies"
OWN_REPLIES_HINT: Final = "public replies"
OWN_ASSIGNED: Final = "Assigned"
OWN_ASSIGNED_HINT: Final = "created in this period"
OWN_TEAM_HINT: Final = "Your team's tickets"
OWN_HINT: Final = "Tickets assigned to you"


def own_median(duration: str) -> str:
    return f"median {duration}"


# analytics/rows
PERIOD_7_DAYS: Final = "7 days"
PERIOD_30_DAYS: Final = "30 days"
PERIOD_90_DAYS: Final = "90 days"
PERIOD_12_MONTHS: Final = "12 months"
PERMISSION: Final = "view reports"
METRIC_UNIT_CREATED: Final = "created"
METRIC_UNIT_RESOLVED: Final = "resolved"
METRIC_NO_RATINGS: Final = "no ratings yet"
METRIC_RESOLUTION_TIME: Final = "Resolution time"
METRIC_SLA: Final = "SLA met"
METRIC_NO_SLA: Final = "no SLA targets were due"
METRIC_SATISFACTION: Final = "Satisfaction"
METRIC_OPEN: Final = "Open now"
TITLE_NO_CATEGORIES: Final = "No tickets by category yet"
TITLE_NO_AGENTS: Final = "No tickets resolved yet"
TITLE_ALL_DEPARTMENTS: Final = " in all departments"
CSV_OPEN: Final = "open now"
CSV_FIRST_RESPONSE: Final = "first response (hours)"
CSV_RESOLUTION: Final = "resolution (hours)"
CSV_SLA: Final = "SLA met %"


def chart_created(number: object) -> str:
    return f"{number:,} created"


def chart_resolved(number: object) -> str:
    return f"{number:,} resolved"


def metric_comparison(period: object) -> str:
    return f"vs. previous {period}"


def metric_ratings(number: int) -> str:
    return pluralize(number, "rating")


def metric_on_average(comparison: object) -> str:
    return f"average, {comparison}"


def metric_rating(rating: object) -> str:
    return f"{rating:.1f} of 5"


def metric_unassigned(number: object) -> str:
    return f"{number:,} unassigned"


def metric_overdue(number: object) -> str:
    return f"{number:,} overdue"


def metric_sla_met(number: object) -> str:
    return f"{number:,} met"


def metric_sla_breached(number: object) -> str:
    return f"{number:,} breached"


def title_no_tickets(period: object) -> str:
    return f"No tickets in the last {period}"


def title_balanced(period: object) -> str:
    return f"As many tickets resolved as created in the last {period}"


def title_more_created(number: int, period: object) -> str:
    return f"{pluralize(number, 'more ticket')} created than resolved in the last {period}"


def title_more_resolved(number: int, period: object) -> str:
    return f"{pluralize(number, 'more ticket')} resolved than created in the last {period}"


def title_category(category: object, number: object, total: object) -> str:
    return f"{category} is the top category with {number:,} of {total:,}"


def title_categories(categories: object, last: object, number: object, total: object) -> str:
    return f"{categories} and {last} are the top categories with {number:,} each of {total:,}"


def title_agent(name: object, scope: object, number: object) -> str:
    return f"{name} resolved the most{scope}, {number:,}"


# analytics/view
ANALYTICS_OPEN_HINT: Final = "Open tickets assigned to them now"
ANALYTICS_OPEN: Final = "Open"
ANALYTICS_ASSIGNED: Final = "Assigned"
ANALYTICS_ASSIGNED_HINT: Final = "Tickets created in this period and assigned to them now"
ANALYTICS_RESOLVED_HINT: Final = "Tickets resolved in this period"
ANALYTICS_REPLIES_HINT: Final = "Public replies in this period"
ANALYTICS_REPLIES: Final = "Replies"
ANALYTICS_FIRST_REPLY: Final = "First reply"
ANALYTICS_FIRST_REPLY_HINT: Final = "Average time to first reply"
ANALYTICS_RESOLUTION_HINT: Final = "Average time from creation to resolution"
ANALYTICS_RESOLUTION: Final = "Resolution"
ANALYTICS_SLA_HINT: Final = "Share of SLA targets met"
ANALYTICS_RATING_HINT: Final = "Average rating by requesters, out of 5"
ANALYTICS_RATING: Final = "Rating"
ANALYTICS_PERIOD: Final = "Period"
ANALYTICS_ALL_DEPARTMENTS: Final = "All departments"
ANALYTICS_DEPARTMENT: Final = "Department"
ANALYTICS_EXPORT: Final = "Export tickets"
ANALYTICS_EXPORT_EXCEL: Final = "Excel"
ANALYTICS_DOWNLOAD: Final = "Download"
ANALYTICS_AGENTS: Final = "Agent performance"
ANALYTICS_AGENT: Final = "Agent"
ANALYTICS_AGENTS_LABEL: Final = "Performance of all agents"
ANALYTICS_METRICS: Final = "Metrics"
ANALYTICS_FLOW: Final = "Tickets created and resolved over time"
ANALYTICS_CATEGORIES: Final = "Tickets created by category"
ANALYTICS_PEOPLE: Final = "Tickets resolved by assignee"
ANALYTICS_EMPTY_TITLE: Final = "No activity in this period"
ANALYTICS_EMPTY_HINT: Final = "Choose a longer period, or come back when there are tickets."
ANALYTICS_TITLE: Final = "Analytics"
ANALYTICS_DENIED_TITLE: Final = "You don't have access to reports"


def analytics_download_numbers(chart: object) -> str:
    return f"Download data: {chart}"


# Columns
ANALYTICS_SLA_MET: Final = "SLA met"


# The time logged
ANALYTICS_TIME: Final = "Time"
ANALYTICS_TIME_HINT: Final = "Time that the person has logged in this period"
CSV_LOGGED_MINUTES: Final = "logged minutes"
TIME_NO_ESTIMATES: Final = "None of the resolved tickets had an estimate."


def title_time(duration: str, period: str) -> str:
    return f"{duration} logged on tickets in the last {period}"


def time_estimates(tickets: int, estimated: float, actual: float) -> str:
    resolved = pluralize(tickets, "resolved ticket")
    return f"{resolved} had estimates: {estimated:,.1f} h estimated, {actual:,.1f} h spent."
