"""The dashboard: figures of a period and how they compare with the period before.

Submissions count by the ticket's creation time, resolution times and satisfaction by its resolution
time. Tickets in the trash are not counted, as in lists.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Engine, bindparam, func, select

from ticket_app.core.platform.access_policy import visibility_parameters
from ticket_app.core.platform.sql_time import day_of, seconds_between
from ticket_app.core.platform.sql_types import AnyColumn
from ticket_app.core.platform.unit_of_work import RowT, UnitOfWork
from ticket_app.core.platform.vocabulary import Category, Status
from ticket_app.core.reports import metric_queries
from ticket_app.core.reports.periods import Period
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.sla.compliance import ComplianceRate
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import entry_table, ticket_table


@dataclass(frozen=True, slots=True)
class ResolutionSummary:
    """Figures of the tickets resolved in a period; means are None if there are none."""

    resolved: int
    mean_seconds: float | None
    mean_rating: float | None
    rating_count: int

    @property
    def mean_hours(self) -> float | None:
        """The mean time from creation to resolution, in hours."""
        return None if self.mean_seconds is None else self.mean_seconds / 3600


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """Tickets created and resolved on one day."""

    day: date
    created: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Tickets that are not done now, whenever they were created."""

    total: int
    unassigned: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of a period.

    `previous_created` and `previous_resolution` are those of the equally long period before it.
    """

    period: Period
    counted_at: datetime
    created: int
    by_status: dict[Status, int]
    by_category: dict[Category, int]
    resolution: ResolutionSummary
    previous_created: int
    previous_resolution: ResolutionSummary
    sla: ComplianceRate | None
    backlog: Backlog
    days: tuple[DailyCounts, ...]

    @property
    def compliance(self) -> float | None:
        """The share of resolution targets that were met, in percent."""
        return None if self.sla is None else self.sla.percent


def get_dashboard(
    uow: UnitOfWork, period: Period, *, department_id: int | None = None
) -> Dashboard:
    """Return the figures of a period for one department or all, of the tickets visible to the
    actor.

    With many tickets the result may come from a cache that is a few seconds old. Raises `Forbidden`
    without permission to read reports.
    """
    uow.actor.require("view_reports", "read reports")
    viewer_id = visibility_parameters(uow.actor).get("viewer_id")
    key = (viewer_id, period.first, period.last, str(period.zone), department_id)
    last_entry_id = uow.connection.execute(_SELECT_LAST_ENTRY_ID).scalar_one()
    cached = _cache.get(uow.connection.engine, key, last_entry_id, uow.now)
    if cached is None:
        cached = _compute_dashboard(uow, period, department_id)
        _cache.put(uow.connection.engine, key, last_entry_id, cached)
    return cached


_SELECT_LAST_ENTRY_ID = select(func.coalesce(func.max(entry_table.c.id), 0))


def _compute_dashboard(uow: UnitOfWork, period: Period, department_id: int | None) -> Dashboard:
    in_department = TicketQuery(department_id=department_id)
    current_queries = metric_queries.queries_for_period(period.bounds, in_department)
    previous_queries = metric_queries.queries_for_period(
        period.previous_bounds(uow.now), in_department
    )
    statuses: Counter[Status] = Counter()
    categories: Counter[Category] = Counter()
    for row in _count_by(
        uow,
        current_queries["created"],
        ticket_table.c.status,
        ticket_table.c.category,
        of=_StatusCountRow,
    ):
        statuses[Status(row.status)] += row.tickets
        categories[Category(row.category)] += row.tickets
    return Dashboard(
        period=period,
        counted_at=uow.now,
        created=sum(statuses.values()),
        by_status=dict(statuses),
        by_category=dict(categories.most_common()),
        resolution=_resolution_summary(uow, current_queries["resolved"]),
        previous_created=_count_tickets(uow, previous_queries["created"]),
        previous_resolution=_resolution_summary(uow, previous_queries["resolved"]),
        sla=_sla_share(uow, period, department_id),
        backlog=_count_backlog(uow, department_id),
        days=_count_days(uow, period, department_id),
    )


class _StatusCountRow:
    status: str
    category: str
    tickets: int


class _DayCountRow:
    day: str
    tickets: int


def _count_by(
    uow: UnitOfWork, query: TicketQuery, *columns: AnyColumn, of: type[RowT], **values: object
) -> Sequence[RowT]:
    """Count the tickets for each value of the columns; `of` describes these and `tickets`."""
    conditions, params = ticket_list.build_list_conditions(uow, query)
    statement = select(*columns, func.count().label("tickets")).where(*conditions)
    return uow.all_rows(statement.group_by(*columns), {**params, **values}, of=of)


def _count_tickets(uow: UnitOfWork, query: TicketQuery) -> int:
    conditions, params = ticket_list.build_list_conditions(uow, query)
    return uow.connection.execute(select(func.count()).where(*conditions), params).scalar_one()


def _sla_share(uow: UnitOfWork, period: Period, department_id: int | None) -> ComplianceRate | None:
    """Return the share of SLA targets met; only for all departments together."""
    if not (uow.actor.is_staff and uow.actor.can("view_statistics")):
        return None
    compliance = sla_tracking.measure_compliance(
        uow, since=period.start, until=period.end, department_id=department_id
    )
    return ComplianceRate(compliance.met, compliance.breached)


def _resolution_summary(uow: UnitOfWork, query: TicketQuery) -> ResolutionSummary:
    conditions, params = ticket_list.build_list_conditions(uow, query)
    statement = select(
        func.count().label("resolved"),
        func.avg(seconds_between(ticket_table.c.created_at, ticket_table.c.resolved_at)).label(
            "seconds"
        ),
        func.avg(ticket_table.c.satisfaction_rating).label("rating"),
        func.count(ticket_table.c.satisfaction_rating).label("ratings"),
    ).where(*conditions)
    row = uow.connection.execute(statement, params).one()
    return ResolutionSummary(
        row.resolved,
        None if row.seconds is None else max(0.0, float(row.seconds)),
        None if row.rating is None else float(row.rating),
        row.ratings,
    )


def _count_backlog(uow: UnitOfWork, department_id: int | None) -> Backlog:
    queries = metric_queries.current_backlog_queries(TicketQuery(department_id=department_id))
    return Backlog(
        **{
            name: ticket_list.count_tickets(uow, queries[name])
            for name in metric_queries.BACKLOG_METRICS
        }
    )


def _count_days(
    uow: UnitOfWork, period: Period, department_id: int | None
) -> tuple[DailyCounts, ...]:
    counts_by_metric: dict[str, Counter[date]] = {"created": Counter(), "resolved": Counter()}
    columns = {"created": ticket_table.c.created_at, "resolved": ticket_table.c.resolved_at}
    for subperiod, utc_offset in period.split_at_clock_changes():
        queries = metric_queries.queries_for_period(
            subperiod.bounds, TicketQuery(department_id=department_id)
        )
        offset_seconds = int(utc_offset.total_seconds())
        for name, counts_by_day in counts_by_metric.items():
            offset_params: list[BindParameter[int]] = (
                [bindparam("utc_offset")] if offset_seconds else []
            )
            values = {"utc_offset": offset_seconds} if offset_seconds else {}
            day = day_of(columns[name], *offset_params).label("day")
            for row in _count_by(uow, queries[name], day, of=_DayCountRow, **values):
                # On a day with a clock change the offset is right for part of the day only.
                local_day = min(max(date.fromisoformat(row.day), subperiod.first), subperiod.last)
                counts_by_day[local_day] += row.tickets
    return tuple(
        DailyCounts(day, counts_by_metric["created"][day], counts_by_metric["resolved"][day])
        for day in period.each_day()
    )


MAX_TICKETS_WITHOUT_CACHE = 20_000
"""Up to this many tickets a dashboard is counted again after each change; above, it is cached."""
CHANGED_CACHE_TTL = timedelta(seconds=5)
UNCHANGED_CACHE_TTL = timedelta(seconds=20)
"""How long a dashboard is served from the cache while no ticket changes."""
MAX_CACHED_DASHBOARDS = 64


_CacheKey: TypeAlias = tuple[object, ...]
"""The database's state is not part of it: whose tickets, the days, the zone, the department."""


class _DashboardCache:
    """The latest dashboards of this process, by database and by parameters."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._dashboards: WeakKeyDictionary[
            Engine, OrderedDict[_CacheKey, tuple[int, Dashboard]]
        ] = WeakKeyDictionary()

    def get(
        self, engine: Engine, key: _CacheKey, last_entry_id: int, now: datetime
    ) -> Dashboard | None:
        """Return the cached dashboard if it is still valid."""
        with self._lock:
            entry = self._dashboards.get(engine, OrderedDict()).get(key)
        if entry is None:
            return None
        cached_entry_id, cached = entry
        if cached.counted_at > now:
            return None
        is_large = cached.created + cached.resolution.resolved > MAX_TICKETS_WITHOUT_CACHE
        ttl = (
            UNCHANGED_CACHE_TTL
            if cached_entry_id == last_entry_id
            else CHANGED_CACHE_TTL
            if is_large
            else timedelta(0)
        )
        return cached if now - cached.counted_at < ttl else None

    def put(self, engine: Engine, key: _CacheKey, last_entry_id: int, computed: Dashboard) -> None:
        """Store a dashboard."""
        with self._lock:
            dashboards = self._dashboards.setdefault(engine, OrderedDict())
            dashboards[key] = (last_entry_id, computed)
            dashboards.move_to_end(key)
            if len(dashboards) > MAX_CACHED_DASHBOARDS:
                dashboards.popitem(last=False)


_cache = _DashboardCache()
