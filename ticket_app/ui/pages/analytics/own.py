"""What agents see of their own performance and their team's."""

from __future__ import annotations

from dataclasses import dataclass

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.reports import metric_queries, performance
from ticket_app.core.reports.performance import PerformanceMetrics
from ticket_app.core.reports.periods import parse_period
from ticket_app.ui.durations import format_average
from ticket_app.ui.pages.analytics import texts
from ticket_app.ui.pages.analytics.rows import (
    DEFAULT_PERIOD,
    PERIODS,
    Metric,
    person_links,
)


@dataclass(frozen=True)
class MetricGroup:
    """The metrics of a person or a team."""

    title: str
    hint: str
    metrics: list[Metric]


@dataclass(frozen=True)
class OwnStatistics:
    """The actor's own metrics and those of their team, for a period."""

    period: str
    groups: list[MetricGroup]


def load_own_statistics(uow: UnitOfWork, period: str) -> OwnStatistics:
    """Return the statistics of the actor. Raises `Forbidden`."""
    period = period if period in PERIODS else DEFAULT_PERIOD
    report_period = parse_period(period, uow.now, uow.time_zone)
    found = performance.get_own_performance(uow, report_period)
    links = person_links(found.own, report_period)
    groups = [MetricGroup(texts.OWN_STATISTICS, texts.OWN_HINT, _metrics(found.own, links))]
    if found.team is not None:
        groups.append(MetricGroup(found.team.name, texts.OWN_TEAM_HINT, _metrics(found.team, {})))
    return OwnStatistics(period, groups)


def _metrics(one: PerformanceMetrics, links: dict[str, str]) -> list[Metric]:
    def metric(figure: str, name: str, value: str, hint: str = "") -> Metric:
        query = metric_queries.PERFORMANCE_QUERIES.get(figure, "")
        return Metric(name, value, "", "gray", hint, "", links.get(query, ""))

    rating_hint = texts.metric_ratings(one.ratings) if one.ratings else texts.METRIC_NO_RATINGS
    return [
        metric("open_now", texts.METRIC_OPEN, f"{one.open_now:,}"),
        metric("assigned", texts.OWN_ASSIGNED, f"{one.assigned:,}", texts.OWN_ASSIGNED_HINT),
        metric(metric_queries.RESOLVED, texts.RESOLVED, f"{one.resolved:,}"),
        metric("replies", texts.OWN_REPLIES, f"{one.replies:,}", texts.OWN_REPLIES_HINT),
        metric(
            "first_response_hours",
            texts.ANALYTICS_FIRST_REPLY,
            format_average(one.first_response_hours),
            texts.own_median(format_average(one.median_first_response_hours)),
        ),
        metric(
            "resolution_hours",
            texts.METRIC_RESOLUTION_TIME,
            format_average(one.resolution_hours),
            texts.own_median(format_average(one.median_resolution_hours)),
        ),
        metric(
            "compliance",
            texts.METRIC_SLA,
            "–" if one.compliance is None else f"{one.compliance:.1f}%",
            texts.METRIC_NO_SLA if one.compliance is None else "",
        ),
        metric(
            "satisfaction",
            texts.METRIC_SATISFACTION,
            "–" if one.satisfaction is None else texts.metric_rating(one.satisfaction),
            rating_hint,
        ),
    ]
