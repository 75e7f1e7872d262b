"""Reports as they are told: the document's metrics and trends, and what stands beside them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.vocabulary import STATUS
from ticket_app.core.platform.vocabulary import Category
from ticket_app.core.reports.dashboard import Dashboard as Board
from ticket_app.core.reports.performance import Achievement
from ticket_app.core.reports.performance import Performance as Figures

TOP = 5
"""Categories a dashboard names."""

CATEGORY: dict[Category, str] = {
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
    """Dashboard Metrics: tickets of the period by status; hours, percent and stars as means."""

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
    """Dashboard Metrics: against as much time just before; None where there was nothing then."""

    ticket_volume_trend: str | None
    resolution_time_trend: str | None
    satisfaction_trend: str | None


class CategoryCount(TypedDict):
    """One of the most frequent categories."""

    name: str
    count: int


class Period(TypedDict):
    """From when until when was counted."""

    start: datetime
    end: datetime


class Backlog(TypedDict):
    """What is not done now, whenever it was filed."""

    total: int
    unassigned: int
    overdue: int


class Day(TypedDict):
    """What one day (UTC) brought, and what it saw resolved."""

    date: date
    created: int
    resolved: int


class Dashboard(TypedDict):
    """Dashboard Metrics, and what a chart beside them needs."""

    metrics: Metrics
    trends: Trends
    top_categories: list[CategoryCount]
    period: Period
    backlog: Backlog
    daily: list[Day]


def dashboard(board: Board) -> dict[str, Any]:
    """Dashboard Metrics."""
    by_status = STATUS.tally({str(word): count for word, count in board.by_status.items()})
    now, before = board.outcome, board.before
    return {
        "metrics": {
            "total_tickets": board.filed,
            **{f"{word}_tickets": by_status[word] for word in BY_STATUS},
            "avg_resolution_time": _rounded(now.hours),
            "sla_compliance": _rounded(board.compliance, 1),
            "customer_satisfaction": _rounded(now.rating),
        },
        "trends": {
            "ticket_volume_trend": trend(board.filed, board.filed_before),
            "resolution_time_trend": trend(now.seconds, before.seconds),
            "satisfaction_trend": trend(now.rating, before.rating),
        },
        "top_categories": [
            {"name": CATEGORY[category], "count": count}
            for category, count in list(board.by_category.items())[:TOP]
        ],
        "period": {"start": board.span.start, "end": min(board.span.end, board.at)},
        "backlog": {
            "total": board.backlog.total,
            "unassigned": board.backlog.unassigned,
            "overdue": board.backlog.overdue,
        },
        "daily": [
            {"date": day.day, "created": day.filed, "resolved": day.resolved} for day in board.days
        ],
    }


BY_STATUS = ("open", "in_progress", "pending_approval", "resolved", "closed")
"""The statuses in the order of the metrics: all there are, so that they sum to the total."""


def trend(now: float | None, before: float | None) -> str | None:
    """How much more it is than before, as "+12%"; None without anything to compare."""
    if now is None or not before:
        return None
    return f"{round(100 * (now - before) / before):+d}%".replace("+0%", "0%")


def _rounded(value: float | None, places: int = 2) -> float | None:
    return None if value is None else round(value, places)


class Achieved(TypedDict):
    """The figures of a span: times in hours, shares in percent; None where there was nothing."""

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


class AgentAchieved(Achieved):
    """One agent's figures."""

    id: int
    username: str
    name: str
    team: str | None


class TeamAchieved(Achieved):
    """One team's figures."""

    id: int
    name: str


class Days(TypedDict):
    """The days counted, both included."""

    start_date: date
    end_date: date


class Performance(TypedDict):
    """Performance Reports."""

    period: Days
    summary: Achieved
    agents: list[AgentAchieved]
    teams: list[TeamAchieved]


def _achieved(of: Achievement) -> dict[str, Any]:
    return {
        "assigned": of.assigned,
        "open_now": of.open_now,
        "resolved": of.resolved,
        "replies": of.replies,
        "avg_first_response_time": of.first_response_hours,
        "median_first_response_time": of.median_first_response_hours,
        "avg_resolution_time": of.resolution_hours,
        "median_resolution_time": of.median_resolution_hours,
        "reopened_rate": of.reopened_percent,
        "sla_compliance": of.compliance,
        "customer_satisfaction": of.satisfaction,
        "ratings": of.ratings,
    }


def agent(of: Achievement) -> dict[str, Any]:
    """One agent's figures."""
    told = {"id": of.id, "username": of.username, "name": of.name, "team": of.team}
    return {**told, **_achieved(of)}


def team(of: Achievement) -> dict[str, Any]:
    """One team's figures."""
    return {"id": of.id, "name": of.name, **_achieved(of)}


def performance(figures: Figures) -> dict[str, Any]:
    """Performance Reports."""
    return {
        "period": {"start_date": figures.span.first, "end_date": figures.span.last},
        "summary": _achieved(figures.summary),
        "agents": [agent(one) for one in figures.agents],
        "teams": [team(one) for one in figures.teams],
    }


AGENT_COLUMNS = ("id", "username", "name", "team", *Achieved.__annotations__)
TEAM_COLUMNS = ("id", "name", *Achieved.__annotations__)
TABLE_COLUMNS = ("group", *AGENT_COLUMNS)


def table(figures: Figures) -> list[dict[str, Any]]:
    """All of a performance report in one table: agents, teams, and everybody together."""
    return [
        *({"group": "agent", **agent(one)} for one in figures.agents),
        *({"group": "team", **agent(one)} for one in figures.teams),
        {"group": "all", **agent(figures.summary)},
    ]
