"""Response bodies of reports: the document's metrics and trends, and additional figures."""

from __future__ import annotations

from datetime import date, datetime

from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.vocabulary import STATUS
from ticket_app.core.platform.vocabulary import Category
from ticket_app.core.reports.dashboard import Dashboard as DashboardFigures
from ticket_app.core.reports.performance import PerformanceMetrics
from ticket_app.core.reports.performance import PerformanceReport as PerformanceFigures

MAX_TOP_CATEGORIES = 5
"""Number of categories in a dashboard."""

CATEGORY_NAMES: dict[Category, str] = {
    Category.TECHNICAL: "Technical Problems",
    Category.BILLING: "Billing",
    Category.ZONE_CONFIG: "Zone Configuration",
    Category.ACCOUNT: "Accounts",
    Category.PRODUCT: "Products",
    Category.FEATURE_REQUEST: "Feature Requests",
    Category.BUG: "Software Bugs",
    Category.SUPPORT: "Support",
    Category.GENERAL: "General Questions",
    Category.OTHER: "Other",
}
"""The categories' names in `top_categories`."""


class Metrics(TypedDict):
    """Dashboard Metrics: tickets of the period by status; averages and percentages."""

    total_tickets: int
    open_tickets: int
    in_progress_tickets: int
    pending_approval_tickets: int
    resolved_tickets: int
    closed_tickets: int
    avg_resolution_time: float | None
    sla_compliance: float | None
    customer_satisfaction: float | None


class Trends(TypedDict):
    """Dashboard Metrics: change since the preceding period of equal length; null without data."""

    ticket_volume_trend: str | None
    resolution_time_trend: str | None
    satisfaction_trend: str | None


class CategoryCount(TypedDict):
    """One of the most frequent categories."""

    name: str
    count: int


class Period(TypedDict):
    """The start and end of the report."""

    start: datetime
    end: datetime


class Backlog(TypedDict):
    """Tickets that are not done now, regardless of the period."""

    total: int
    unassigned: int
    overdue: int


class DailyCount(TypedDict):
    """Tickets created and resolved on one day (UTC)."""

    date: date
    created: int
    resolved: int


class Dashboard(TypedDict):
    """Dashboard Metrics, with the data of a chart."""

    metrics: Metrics
    trends: Trends
    top_categories: list[CategoryCount]
    period: Period
    backlog: Backlog
    daily: list[DailyCount]


def format_dashboard(figures: DashboardFigures) -> dict[str, object]:
    """Dashboard Metrics."""
    by_status = STATUS.format_counts(
        {str(word): count for word, count in figures.by_status.items()}
    )
    current, previous = figures.resolution, figures.previous_resolution
    return {
        "metrics": {
            "total_tickets": figures.created,
            **{f"{word}_tickets": by_status[word] for word in STATUS_METRICS},
            "avg_resolution_time": _rounded(current.mean_hours),
            "sla_compliance": _rounded(figures.compliance, 1),
            "customer_satisfaction": _rounded(current.mean_rating),
        },
        "trends": {
            "ticket_volume_trend": format_trend(figures.created, figures.previous_created),
            "resolution_time_trend": format_trend(current.mean_seconds, previous.mean_seconds),
            "satisfaction_trend": format_trend(current.mean_rating, previous.mean_rating),
        },
        "top_categories": [
            {"name": CATEGORY_NAMES[category], "count": count}
            for category, count in list(figures.by_category.items())[:MAX_TOP_CATEGORIES]
        ],
        "period": {
            "start": figures.period.start,
            "end": min(figures.period.end, figures.counted_at),
        },
        "backlog": {
            "total": figures.backlog.total,
            "unassigned": figures.backlog.unassigned,
            "overdue": figures.backlog.overdue,
        },
        "daily": [
            DailyCount(date=day.day, created=day.created, resolved=day.resolved)
            for day in figures.days
        ],
    }


STATUS_METRICS = tuple(STATUS.value_by_word)
"""All statuses in the order of the metrics, so that they sum to the total."""


def format_trend(current: float | None, previous: float | None) -> str | None:
    """Return the change since the preceding period, such as "+12%"; None without data."""
    if current is None or not previous:
        return None
    return f"{round(100 * (current - previous) / previous):+d}%".replace("+0%", "0%")


def _rounded(value: float | None, places: int = 2) -> float | None:
    return None if value is None else round(value, places)


class MetricsSchema(TypedDict):
    """The figures of a period: times in hours, shares in percent; null without data."""

    assigned: int
    open_now: int
    resolved: int
    replies: int
    avg_first_response_time: float | None
    median_first_response_time: float | None
    avg_resolution_time: float | None
    median_resolution_time: float | None
    reopened_rate: float | None
    sla_compliance: float | None
    customer_satisfaction: float | None
    ratings: int


class AgentMetrics(MetricsSchema):
    """The figures of an agent."""

    id: int
    username: str
    name: str
    team: str | None


class TeamMetrics(MetricsSchema):
    """The figures of a team."""

    id: int
    name: str


class DateRange(TypedDict):
    """The days of the report, both included."""

    start_date: date
    end_date: date


class Performance(TypedDict):
    """Performance Reports."""

    period: DateRange
    summary: MetricsSchema
    agents: list[AgentMetrics]
    teams: list[TeamMetrics]


def _format_metrics(metrics: PerformanceMetrics) -> MetricsSchema:
    return MetricsSchema(
        assigned=metrics.assigned,
        open_now=metrics.open_now,
        resolved=metrics.resolved,
        replies=metrics.replies,
        avg_first_response_time=metrics.first_response_hours,
        median_first_response_time=metrics.median_first_response_hours,
        avg_resolution_time=metrics.resolution_hours,
        median_resolution_time=metrics.median_resolution_hours,
        reopened_rate=metrics.reopened_percent,
        sla_compliance=metrics.compliance,
        customer_satisfaction=metrics.satisfaction,
        ratings=metrics.ratings,
    )


def format_agent(metrics: PerformanceMetrics) -> dict[str, object]:
    """Format the figures of an agent."""
    identity = {
        "id": metrics.id,
        "username": metrics.username,
        "name": metrics.name,
        "team": metrics.team,
    }
    return {**identity, **_format_metrics(metrics)}


def format_team(metrics: PerformanceMetrics) -> dict[str, object]:
    """Format the figures of a team."""
    return {"id": metrics.id, "name": metrics.name, **_format_metrics(metrics)}


def format_performance(figures: PerformanceFigures) -> dict[str, object]:
    """Performance Reports."""
    return {
        "period": {"start_date": figures.period.first, "end_date": figures.period.last},
        "summary": _format_metrics(figures.summary),
        "agents": [format_agent(metrics) for metrics in figures.agents],
        "teams": [format_team(metrics) for metrics in figures.teams],
    }


AGENT_COLUMNS = ("id", "username", "name", "team", *MetricsSchema.__annotations__)
TEAM_COLUMNS = ("id", "name", *MetricsSchema.__annotations__)
TABLE_COLUMNS = ("group", *AGENT_COLUMNS)


def performance_rows(figures: PerformanceFigures) -> list[dict[str, object]]:
    """Return a performance report as one table: agents, teams, and the total."""
    return [
        *({"group": "agent", **format_agent(metrics)} for metrics in figures.agents),
        *({"group": "team", **format_agent(metrics)} for metrics in figures.teams),
        {"group": "all", **format_agent(figures.summary)},
    ]
