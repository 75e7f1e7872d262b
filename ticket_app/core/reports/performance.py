"""Performance of agents and teams in a period, aggregated by the database.

A ticket counts for its present assignee and team. Received tickets count by creation time,
resolutions by resolution time, replies by the time they were written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from ticket_app.core.people.staff import CAN_WORK_TICKETS, list_staff_roles
from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.sql_time import seconds_between
from ticket_app.core.platform.sql_types import AnyColumn, AnySelect, Condition
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.reports import metric_queries
from ticket_app.core.reports.medians import StreamingMedian
from ticket_app.core.reports.periods import Period
from ticket_app.core.sla.conditions import RESOLUTION_CONDITIONS
from ticket_app.core.tickets import conditions, ticket_list
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import entry_table, person_table, team_table, ticket_table


@dataclass(slots=True)
class RawTotals:
    """The sums from which the means and shares of one row are computed."""

    assigned: int = 0
    resolved_once: int = 0
    reopened: int = 0
    answered: int = 0
    first_response_seconds: float = 0.0
    resolved: int = 0
    resolution_seconds: float = 0.0
    ratings: int = 0
    rating_sum: int = 0
    sla_met: int = 0
    sla_breached: int = 0
    open_now: int = 0
    replies: int = 0
    median_first_response_seconds: float | None = None
    median_resolution_seconds: float | None = None

    def add_row(self, row: RowMapping) -> None:
        """Add the counts of one database row."""
        for name in SUMMED_FIELDS.intersection(row):
            if row[name] is not None:
                setattr(self, name, getattr(self, name) + row[name])


SUMMED_FIELDS = frozenset(RawTotals.__dataclass_fields__) - {
    "median_first_response_seconds",
    "median_resolution_seconds",
}


@dataclass(frozen=True, slots=True)
class PerformanceMetrics:
    """The figures of one agent, one team or all; None where there is nothing to average."""

    id: int | None
    name: str
    username: str | None
    team: str | None
    assigned: int
    open_now: int
    resolved: int
    replies: int
    first_response_hours: float | None
    median_first_response_hours: float | None
    resolution_hours: float | None
    median_resolution_hours: float | None
    reopened_percent: float | None
    compliance: float | None
    satisfaction: float | None
    ratings: int


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """The figures of a period: of all together, of each agent, and of each team (by name)."""

    period: Period
    summary: PerformanceMetrics
    agents: tuple[PerformanceMetrics, ...]
    teams: tuple[PerformanceMetrics, ...]


def get_performance_report(uow: UnitOfWork, period: Period) -> PerformanceReport:
    """Return the performance of agents and teams over the tickets visible to the actor.

    Lists all staff, and former staff with figures in the period. Raises `Forbidden` without
    permission to read reports.
    """
    uow.actor.require("view_reports", "read reports")
    people, teams = _collect_totals(uow, period)
    values = {"ids": sorted(people.ids), "staff_roles": list_staff_roles(uow)}
    staff = uow.connection.execute(_SELECT_STAFF, values).all()
    team_rows = uow.connection.execute(_SELECT_TEAMS).all()
    return PerformanceReport(
        period,
        _build_metrics(people.overall, "All"),
        tuple(
            _build_metrics(people.by_id[row.id], row.full_name, row.id, row.username, row.team)
            for row in staff
        ),
        tuple(_build_metrics(teams.by_id[row.id], row.name, row.id) for row in team_rows),
    )


@dataclass(frozen=True, slots=True)
class OwnPerformance:
    """The figures of the actor, and of their team if they are in one."""

    own: PerformanceMetrics
    team: PerformanceMetrics | None


def get_own_performance(uow: UnitOfWork, period: Period) -> OwnPerformance:
    """Return the performance of the actor and of their team as a whole.

    Raises `Forbidden` without permission to view statistics.
    """
    actor = uow.actor
    actor.require("view_statistics", "view statistics")
    own, _ = _collect_totals(uow, period, assignee_id=actor.id)
    name = uow.connection.execute(_SELECT_TEAM_NAME, {"team_id": actor.team_id}).scalar()
    team = None
    if name is not None:
        totals, _ = _collect_totals(uow, period, team_id=actor.team_id)
        team = _build_metrics(totals.overall, name, actor.team_id)
    return OwnPerformance(
        _build_metrics(own.overall, actor.full_name, actor.id, actor.username, name), team
    )


def _collect_totals(
    uow: UnitOfWork,
    period: Period,
    *,
    assignee_id: int | None = None,
    team_id: int | None = None,
) -> tuple[_TotalsByGroup, _TotalsByGroup]:
    """Return the totals by person and by team, of all tickets or of one person's or team's."""
    base = TicketQuery(assignee_id=assignee_id, team_id=team_id)
    queries = metric_queries.queries_for_period(
        period.bounds, base
    ) | metric_queries.current_backlog_queries(base)
    people, teams = _TotalsByGroup(), _TotalsByGroup()
    replies = _select_reply_counts(uow, period, assignee_id, team_id)
    totals = (_select_totals(uow, queries[name], name) for name in AGGREGATES_BY_QUERY)
    for rows in (*totals, replies):
        for row in rows:
            people.add(row["person_id"], row)
            teams.add(row["team_id"], row)
    for name, duration, median_field in (
        ("answered", _FIRST_RESPONSE_SECONDS, "median_first_response_seconds"),
        ("resolved", _RESOLUTION_SECONDS, "median_resolution_seconds"),
    ):
        _set_medians(
            _select_sorted_durations(uow, queries[name], duration),
            people,
            teams,
            name,
            median_field,
        )
    return people, teams


class _TotalsByGroup:
    """Totals for each agent or team, and for all together."""

    def __init__(self) -> None:
        self.by_id: defaultdict[int | None, RawTotals] = defaultdict(RawTotals)
        self.overall = RawTotals()

    @property
    def ids(self) -> set[int]:
        """The ids of the agents or teams with totals."""
        return {group_id for group_id in self.by_id if group_id is not None}

    def add(self, group_id: int | None, row: RowMapping) -> None:
        """Add a database row to the totals of the agent or team it is about."""
        self.by_id[group_id].add_row(row)
        self.overall.add_row(row)


_GROUP_COLUMNS = (ticket_table.c.assignee_id.label("person_id"), ticket_table.c.team_id)
_GROUP_BY = (ticket_table.c.assignee_id, ticket_table.c.team_id)
_FIRST_RESPONSE_SECONDS = seconds_between(
    ticket_table.c.created_at, ticket_table.c.first_response_at
)
_RESOLUTION_SECONDS = seconds_between(ticket_table.c.created_at, ticket_table.c.resolved_at)


def _count_where(condition: Condition) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


AGGREGATES_BY_QUERY: dict[str, tuple[AnyColumn, ...]] = {
    "created": (
        func.count().label("assigned"),
        _count_where(conditions.RESOLVED_ONCE).label("resolved_once"),
        _count_where(conditions.REOPENED).label("reopened"),
        _count_where(conditions.ANSWERED).label("answered"),
        func.sum(_FIRST_RESPONSE_SECONDS).label("first_response_seconds"),
    ),
    "resolved": (
        func.count().label("resolved"),
        func.sum(_RESOLUTION_SECONDS).label("resolution_seconds"),
        _count_where(conditions.RATED).label("ratings"),
        func.sum(ticket_table.c.satisfaction_rating).label("rating_sum"),
        _count_where(RESOLUTION_CONDITIONS.met).label("sla_met"),
    ),
    "sla_breached": (func.count().label("sla_breached"),),
    "total": (func.count().label("open_now"),),
}
"""For each list of `core.reports.metric_queries`, what is counted per person and team."""


def _select_totals(uow: UnitOfWork, query: TicketQuery, name: str) -> Iterable[RowMapping]:
    where, values = ticket_list.build_list_conditions(uow, query)
    return uow.connection.execute(
        select(*_GROUP_COLUMNS, *AGGREGATES_BY_QUERY[name]).where(*where).group_by(*_GROUP_BY),
        values,
    ).mappings()


class _DurationRow(NamedTuple):
    assignee_id: int | None
    team_id: int | None
    seconds: float


def _select_sorted_durations(
    uow: UnitOfWork, query: TicketQuery, seconds: ColumnElement[float]
) -> Iterable[_DurationRow]:
    # One pass over the ordered values finds every median; window functions would sort once per
    # group.
    where, values = ticket_list.build_list_conditions(uow, query)
    statement = select(ticket_table.c.assignee_id, ticket_table.c.team_id, seconds.label("seconds"))
    rows = uow.connection.execute(statement.where(*where).order_by(seconds), values)
    return cast("Iterable[_DurationRow]", rows)


@lru_cache(maxsize=8)
def _replies_statement(visibility: Condition) -> AnySelect:
    return (
        select(
            entry_table.c.actor_id.label("person_id"),
            person_table.c.team_id,
            func.count().label("replies"),
        )
        .select_from(
            entry_table.join(ticket_table, ticket_table.c.id == entry_table.c.ticket_id).join(
                person_table, person_table.c.id == entry_table.c.actor_id
            )
        )
        .where(
            visibility,
            # Written like the partial index in tables/timeline.py, or the database would not use
            # it.
            entry_table.c.kind == literal_column("'comment'"),
            entry_table.c.audience == literal_column("'public'"),
            entry_table.c.deleted_at.is_(None),
            entry_table.c.by_staff,
            entry_table.c.at >= bindparam("since"),
            entry_table.c.at < bindparam("until"),
        )
        .group_by(entry_table.c.actor_id, person_table.c.team_id)
    )


def _select_reply_counts(
    uow: UnitOfWork, period: Period, assignee_id: int | None, team_id: int | None
) -> Iterable[RowMapping]:
    values = {**visibility_parameters(uow.actor), "since": period.start, "until": period.end}
    statement = _replies_statement(visibility_condition(uow.actor))
    if assignee_id is not None:
        statement = statement.where(entry_table.c.actor_id == assignee_id)
    if team_id is not None:
        statement = statement.where(person_table.c.team_id == team_id)
    return uow.connection.execute(statement, values).mappings()


def _set_medians(
    sorted_rows: Iterable[_DurationRow],
    people: _TotalsByGroup,
    teams: _TotalsByGroup,
    count_field: str,
    median_field: str,
) -> None:
    """Set the `median` of each group and of all, from values in ascending order."""
    groups = [("person", group_id, totals) for group_id, totals in people.by_id.items()]
    groups += [("team", group_id, totals) for group_id, totals in teams.by_id.items()]
    medians = {
        (group_kind, group_id): StreamingMedian(getattr(totals, count_field))
        for group_kind, group_id, totals in groups
    }
    overall_median = StreamingMedian(getattr(people.overall, count_field))
    for person_id, team_id, seconds in sorted_rows:
        overall_median.add(seconds)
        for key in (("person", person_id), ("team", team_id)):
            if group_median := medians.get(key):
                group_median.add(seconds)
    for group_kind, group_id, totals in groups:
        setattr(totals, median_field, medians[group_kind, group_id].value)
    setattr(people.overall, median_field, overall_median.value)


_SELECT_STAFF = (
    select(
        person_table.c.id,
        person_table.c.full_name,
        person_table.c.username,
        team_table.c.name.label("team"),
    )
    .select_from(person_table.outerjoin(team_table, team_table.c.id == person_table.c.team_id))
    .where(
        or_(
            person_table.c.id.in_(bindparam("ids", expanding=True)),
            and_(person_table.c.is_active, CAN_WORK_TICKETS),
        )
    )
    .order_by(person_table.c.full_name, person_table.c.id)
)
_SELECT_TEAM_NAME = select(team_table.c.name).where(team_table.c.id == bindparam("team_id"))
_SELECT_TEAMS = select(team_table.c.id, team_table.c.name).order_by(team_table.c.name)


def _build_metrics(
    totals: RawTotals,
    name: str,
    row_id: int | None = None,
    username: str | None = None,
    team: str | None = None,
) -> PerformanceMetrics:
    return PerformanceMetrics(
        id=row_id,
        name=name,
        username=username,
        team=team,
        assigned=totals.assigned,
        open_now=totals.open_now,
        resolved=totals.resolved,
        replies=totals.replies,
        first_response_hours=_mean(totals.first_response_seconds, 3600 * totals.answered),
        median_first_response_hours=_seconds_to_hours(totals.median_first_response_seconds),
        resolution_hours=_mean(totals.resolution_seconds, 3600 * totals.resolved),
        median_resolution_hours=_seconds_to_hours(totals.median_resolution_seconds),
        reopened_percent=_mean(100 * totals.reopened, totals.resolved_once, 1),
        compliance=_mean(100 * totals.sla_met, totals.sla_met + totals.sla_breached, 1),
        satisfaction=_mean(totals.rating_sum, totals.ratings),
        ratings=totals.ratings,
    )


def _mean(total: float, count: float, decimals: int = 2) -> float | None:
    return round(max(0.0, float(total)) / count, decimals) if count else None


def _seconds_to_hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(max(0.0, float(seconds)) / 3600, 2)
