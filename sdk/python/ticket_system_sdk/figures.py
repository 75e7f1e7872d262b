"""What reports answer; None stands where nothing was measured."""

from __future__ import annotations

from datetime import date, datetime

from ticket_system_sdk.model import Model


class Metrics(Model):
    """The tickets of the period by status; hours, percent and stars as means."""

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
    """Changes against as much time just before, such as "+12%"."""

    ticket_volume_trend: str | None = None
    resolution_time_trend: str | None = None
    satisfaction_trend: str | None = None


class CategoryCount(Model):
    """How many tickets a category has."""

    name: str
    count: int


class Period(Model):
    """From when until when was counted."""

    start: datetime
    end: datetime


class Backlog(Model):
    """What is not done now, whenever it was filed."""

    total: int
    unassigned: int
    overdue: int


class Day(Model):
    """What one day (UTC) brought, and what it saw resolved."""

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
    daily: tuple[Day, ...] = ()


class Achieved(Model):
    """Figures of a span: times in hours, shares in percent."""

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


class AgentAchieved(Achieved):
    """One agent's figures."""

    id: int
    username: str
    name: str
    team: str | None = None


class TeamAchieved(Achieved):
    """One team's figures."""

    id: int
    name: str


class Days(Model):
    """The days counted, both included."""

    start_date: date
    end_date: date


class Performance(Model):
    """Performance Reports."""

    period: Days
    summary: Achieved
    agents: tuple[AgentAchieved, ...] = ()
    teams: tuple[TeamAchieved, ...] = ()
