"""The responses of reports; None means that there is no data."""

from __future__ import annotations

from datetime import date, datetime

from ticket_system_sdk.model import Model


class Metrics(Model):
    """The period's tickets by status, and mean hours, percentages and ratings."""

    total_tickets: int
    open_tickets: int
    in_progress_tickets: int
    pending_approval_tickets: int = 0
    resolved_tickets: int
    closed_tickets: int
    avg_resolution_time: float | None = None
    sla_compliance: float | None = None
    customer_satisfaction: float | None = None


class Trends(Model):
    """Changes compared with the previous period of the same length, such as "+12%"."""

    ticket_volume_trend: str | None = None
    resolution_time_trend: str | None = None
    satisfaction_trend: str | None = None


class CategoryCount(Model):
    """The number of tickets in a category."""

    name: str
    count: int


class Period(Model):
    """The start and end of the counted period."""

    start: datetime
    end: datetime


class Backlog(Model):
    """The tickets that are not done now, whenever they were created."""

    total: int
    unassigned: int
    overdue: int


class DailyCount(Model):
    """The tickets created and resolved on one day (UTC)."""

    date: date
    created: int
    resolved: int


class Dashboard(Model):
    """Dashboard Metrics."""

    metrics: Metrics
    trends: Trends
    top_categories: tuple[CategoryCount, ...] = ()
    period: Period | None = None
    backlog: Backlog | None = None
    daily: tuple[DailyCount, ...] = ()


class PerformanceMetrics(Model):
    """Performance in a period: times in hours, rates in percent."""

    assigned: int
    open_now: int
    resolved: int
    replies: int
    avg_first_response_time: float | None = None
    median_first_response_time: float | None = None
    avg_resolution_time: float | None = None
    median_resolution_time: float | None = None
    reopened_rate: float | None = None
    sla_compliance: float | None = None
    customer_satisfaction: float | None = None
    ratings: int = 0


class AgentMetrics(PerformanceMetrics):
    """The performance of an agent."""

    id: int
    username: str
    name: str
    team: str | None = None


class TeamMetrics(PerformanceMetrics):
    """The performance of a team."""

    id: int
    name: str


class DateRange(Model):
    """The first and last day, both included."""

    start_date: date
    end_date: date


class Performance(Model):
    """Performance Reports."""

    period: DateRange
    summary: PerformanceMetrics
    agents: tuple[AgentMetrics, ...] = ()
    teams: tuple[TeamMetrics, ...] = ()
