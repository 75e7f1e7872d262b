"""Turn the core's reports into what the analytics page shows: metrics, titles, charts and rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

import plotly.graph_objects as go

from ticket_app.core.people import directory
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Category
from ticket_app.core.reports import dashboard, performance, time_report
from ticket_app.core.reports import metric_queries as report_figures
from ticket_app.core.reports.dashboard import Dashboard
from ticket_app.core.reports.performance import PerformanceMetrics
from ticket_app.core.reports.periods import Period, parse_period
from ticket_app.core.reports.time_report import TimeReport
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.ui.durations import NO_DURATION, format_average, format_minutes
from ticket_app.ui.field_values import CATEGORY_LABELS
from ticket_app.ui.pages.analytics import chart_titles, charts, texts
from ticket_app.ui.pages.analytics.csv_rows import CSV_HEADERS, csv_row
from ticket_app.ui.pages.desk.queue.filters import QueueFilters
from ticket_app.ui.rows import initials_of, person_color_number

PERIODS: Final[dict[str, str]] = {
    "7d": texts.PERIOD_7_DAYS,
    "30d": texts.PERIOD_30_DAYS,
    "90d": texts.PERIOD_90_DAYS,
    "1y": texts.PERIOD_12_MONTHS,
}
DEFAULT_PERIOD: Final = "30d"
MAX_BARS: Final = 8


@dataclass(frozen=True)
class Link:
    """A label that links to the tickets it counts."""

    text: str
    href: str


@dataclass(frozen=True)
class Metric:
    """One metric, its change and a link to its tickets; `parts` link to subsets."""

    name: str
    value: str
    change: str
    tone: str
    hint: str
    sparkline: str
    href: str
    parts: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ChartSummary:
    """A chart's title, which states its finding, and links to its tickets."""

    title: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class PersonRow:
    """The performance of one agent; numbers of tickets link to their lists."""

    id: int
    name: str
    initials: str
    color: int
    team: str
    open_now: Link
    assigned: Link
    resolved: Link
    replies: str
    time: str
    response: Link
    resolution: Link
    compliance: Link
    satisfaction: Link


@dataclass(frozen=True)
class TimeSummary:
    """What was logged in the period, and how the estimates compare with it, as sentences."""

    headline: str = ""
    estimates: str = ""


@dataclass(frozen=True)
class AnalyticsData:
    """All data of the page for one period and department."""

    period: str
    department: str
    department_name: str
    departments: list[tuple[str, str]]
    metrics: list[Metric]
    flow: ChartSummary
    categories: ChartSummary
    people: ChartSummary
    flow_figure: go.Figure
    categories_figure: go.Figure
    people_figure: go.Figure
    rows: list[PersonRow]
    time: TimeSummary
    export_href: str
    has_data: bool
    csv_tables: dict[str, list[list[str]]] = field(default_factory=dict)


def load_analytics(uow: UnitOfWork, period: str, department: str) -> AnalyticsData:
    """Return the page's data; `department` is an id, or "" for all. Raises `Forbidden`."""
    uow.actor.require("view_reports", texts.PERMISSION)
    period = period if period in PERIODS else DEFAULT_PERIOD
    departments = [(str(row.id), row.name) for row in directory.list_departments(uow)]
    names = dict(departments)
    department = department if department in names else ""
    report_period = parse_period(period, uow.now, uow.time_zone)
    department_id = int(department) if department else None
    totals = dashboard.get_dashboard(uow, report_period, department_id=department_id)
    people = performance.get_performance_report(uow, report_period)
    in_department = TicketQuery(department_id=department_id)
    time = time_report.get_time_report(uow, report_period, department_id=department_id)
    queries = report_figures.queries_for_period(
        report_period.bounds, in_department
    ) | report_figures.current_backlog_queries(in_department)
    links = {name: _href(tickets, report_period) for name, tickets in queries.items()}
    top_people = sorted(
        (one for one in people.agents if one.resolved), key=lambda one: -one.resolved
    )[:MAX_BARS]
    categories = {_category_label(word): n for word, n in totals.by_category.items()}
    top = dict(list(categories.items())[:MAX_BARS])
    return AnalyticsData(
        period=period,
        department=department,
        department_name=names.get(department, ""),
        departments=departments,
        metrics=_metrics(totals, links, PERIODS[period]),
        flow=ChartSummary(
            chart_titles.created_and_resolved_title(totals, PERIODS[period]),
            (
                Link(texts.chart_created(totals.created), links["created"]),
                Link(
                    texts.chart_resolved(totals.resolution.resolved), links[report_figures.RESOLVED]
                ),
            ),
        ),
        categories=ChartSummary(
            chart_titles.top_category_title(top, totals.created),
            tuple(
                Link(
                    f"{_category_label(word)} {n:,}",
                    _href(replace(queries["created"], category=frozenset({word})), report_period),
                )
                for word, n in list(totals.by_category.items())[:MAX_BARS]
            ),
        ),
        people=ChartSummary(
            chart_titles.top_agent_title(top_people, all_departments=bool(department)),
            tuple(
                Link(
                    f"{one.name} {one.resolved:,}",
                    person_links(one, report_period)[report_figures.RESOLVED],
                )
                for one in top_people
            ),
        ),
        flow_figure=charts.created_and_resolved_chart(
            [day.day for day in totals.days],
            [day.created for day in totals.days],
            [day.resolved for day in totals.days],
        ),
        categories_figure=charts.bar_chart(top, texts.METRIC_UNIT_CREATED),
        people_figure=charts.bar_chart(
            {one.name: one.resolved for one in top_people}, texts.METRIC_UNIT_RESOLVED
        ),
        rows=[
            _person_row(one, report_period, time.minutes_by_person.get(one.id or 0, 0))
            for one in people.agents
        ],
        time=_time_summary(time, PERIODS[period]),
        export_href=_export_href(report_period, department),
        has_data=bool(totals.created or totals.resolution.resolved),
        csv_tables={
            "flow": [
                ["day", "created", texts.METRIC_UNIT_RESOLVED],
                *(
                    [day.day.isoformat(), str(day.created), str(day.resolved)]
                    for day in totals.days
                ),
            ],
            "categories": [
                ["category", "created"],
                *([name, str(n)] for name, n in categories.items()),
            ],
            "people": [
                CSV_HEADERS,
                *(
                    csv_row(one, time.minutes_by_person.get(one.id or 0, 0))
                    for one in people.agents
                ),
            ],
        },
    )


def _time_summary(time: TimeReport, period: str) -> TimeSummary:
    if not time.total_minutes and not time.estimated_tickets:
        return TimeSummary()
    estimates = (
        texts.time_estimates(time.estimated_tickets, time.estimated_hours, time.actual_hours)
        if time.estimated_tickets
        else texts.TIME_NO_ESTIMATES
    )
    return TimeSummary(texts.title_time(format_minutes(time.total_minutes), period), estimates)


def _category_label(word: Category) -> str:
    return CATEGORY_LABELS[word]


def _href(tickets: TicketQuery, period: Period, assignee: str = "") -> str:
    """Return the address of the queue that lists these tickets."""
    return QueueFilters.for_query(tickets, period.zone, assignee=assignee).href()


def person_links(one: PerformanceMetrics, period: Period) -> dict[str, str]:
    """Return the addresses of a person's ticket lists by metric (`core.reports.metric_queries`)."""
    assigned = TicketQuery(assignee_id=one.id)
    queries = report_figures.queries_for_period(
        period.bounds, assigned
    ) | report_figures.current_backlog_queries(assigned)
    return {name: _href(tickets, period, one.username or "") for name, tickets in queries.items()}


def _export_href(period: Period, department: str) -> str:
    """Return the address of the period's ticket export, without the format at its end."""
    params = {"since": period.first.isoformat(), "until": period.last.isoformat()}
    if department:
        params["department"] = department
    return f"/session/export?{urlencode(params)}&format="


def _percent_change(now: float | None, before: float | None) -> str:
    if now is None or not before:
        return ""
    percent = round((now - before) / before * 100)
    return f"{percent:+d}%".replace("-", "\N{MINUS SIGN}")


def _tone(now: float | None, before: float | None, *, up_is_good: bool | None) -> str:
    if up_is_good is None or now is None or not before or round(now, 2) == round(before, 2):
        return "gray"
    return "green" if (now > before) == up_is_good else "red"


def _metrics(board: Dashboard, links: dict[str, str], period: str) -> list[Metric]:
    now, before = board.resolution, board.previous_resolution
    comparison = texts.metric_comparison(period)
    rating_hint = (
        texts.metric_ratings(now.rating_count) if now.rating_count else texts.METRIC_NO_RATINGS
    )
    return [
        Metric(
            texts.CREATED,
            f"{board.created:,}",
            _percent_change(board.created, board.previous_created),
            _tone(board.created, board.previous_created, up_is_good=None),
            comparison,
            charts.sparkline_points([day.created for day in board.days]),
            links["created"],
        ),
        Metric(
            texts.RESOLVED,
            f"{now.resolved:,}",
            _percent_change(now.resolved, before.resolved),
            _tone(now.resolved, before.resolved, up_is_good=True),
            comparison,
            charts.sparkline_points([day.resolved for day in board.days]),
            links[report_figures.RESOLVED],
        ),
        Metric(
            texts.METRIC_RESOLUTION_TIME,
            format_average(now.mean_hours),
            _percent_change(now.mean_hours, before.mean_hours),
            _tone(now.mean_hours, before.mean_hours, up_is_good=False),
            texts.metric_on_average(comparison),
            "",
            links[report_figures.RESOLVED],
        ),
        Metric(
            texts.METRIC_SLA,
            "–" if board.compliance is None else f"{board.compliance:.1f}%",
            "",
            "gray",
            texts.METRIC_NO_SLA if board.compliance is None else "",
            "",
            links["sla_measured"],
            _sla_parts(board, links),
        ),
        Metric(
            texts.METRIC_SATISFACTION,
            "–" if now.mean_rating is None else texts.metric_rating(now.mean_rating),
            _percent_change(now.mean_rating, before.mean_rating),
            _tone(now.mean_rating, before.mean_rating, up_is_good=True),
            rating_hint,
            "",
            links["rated"],
        ),
        Metric(
            texts.METRIC_OPEN,
            f"{board.backlog.total:,}",
            "",
            "gray",
            "",
            "",
            links["total"],
            (
                Link(texts.metric_unassigned(board.backlog.unassigned), links["unassigned"]),
                Link(texts.metric_overdue(board.backlog.overdue), links["overdue"]),
            ),
        ),
    ]


def _sla_parts(board: Dashboard, links: dict[str, str]) -> tuple[Link, ...]:
    if board.sla is None or board.compliance is None:
        return ()
    return (
        Link(texts.metric_sla_met(board.sla.met), links["sla_met"]),
        Link(texts.metric_sla_breached(board.sla.breached), links["sla_breached"]),
    )


def _person_row(one: PerformanceMetrics, period: Period, logged_minutes: int) -> PersonRow:
    links = person_links(one, period)
    link_names = report_figures.PERFORMANCE_QUERIES

    def link(figure: str, text: str) -> Link:
        return Link(text, "" if getattr(one, figure) is None else links[link_names[figure]])

    return PersonRow(
        id=one.id or 0,
        name=one.name,
        initials=initials_of(one.name),
        color=person_color_number(one.username or one.name),
        team=one.team or "",
        open_now=link("open_now", f"{one.open_now:,}"),
        assigned=link("assigned", f"{one.assigned:,}"),
        resolved=link(report_figures.RESOLVED, f"{one.resolved:,}"),
        replies=f"{one.replies:,}",
        time=format_minutes(logged_minutes) if logged_minutes else NO_DURATION,
        response=link("first_response_hours", format_average(one.first_response_hours)),
        resolution=link("resolution_hours", format_average(one.resolution_hours)),
        compliance=link("compliance", "–" if one.compliance is None else f"{one.compliance:.0f}%"),
        satisfaction=link(
            "satisfaction", "–" if one.satisfaction is None else f"{one.satisfaction:.1f}"
        ),
    )
