"""How agents and teams did in a span of days: aggregates, counted by the database.

A ticket counts for who has it now. What came in counts by when it was filed, what was achieved by
when it was resolved, answers by when they were written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select

from ticket_app.core.people.profiles import WORKS, working_roles
from ticket_app.core.platform.access_policy import viewer, visible
from ticket_app.core.platform.sql_time import seconds_between
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.reports import figures
from ticket_app.core.reports.periods import Span
from ticket_app.core.sla.conditions import RESOLUTION
from ticket_app.core.tickets import conditions, ticket_list
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.tables import entry_table, person_table, team_table, ticket_table


@dataclass(slots=True)
class Sums:
    """What the means and shares of one row are made of."""

    assigned: int = 0
    finished: int = 0
    reopened: int = 0
    answered: int = 0
    answer_seconds: float = 0.0
    resolved: int = 0
    resolution_seconds: float = 0.0
    ratings: int = 0
    stars: int = 0
    kept: int = 0
    missed: int = 0
    open_now: int = 0
    replies: int = 0
    median_answer: float | None = None
    median_resolution: float | None = None

    def add(self, row: Any) -> None:
        """Count what a row of the database counted."""
        for name, value in row._mapping.items():  # noqa: SLF001 - SQLAlchemy's public name
            if name in COUNTED and value is not None:
                setattr(self, name, getattr(self, name) + value)


COUNTED = frozenset(Sums.__dataclass_fields__) - {"median_answer", "median_resolution"}


@dataclass(frozen=True, slots=True)
class Achievement:
    """One agent's, one team's or everybody's figures; what there was nothing of is None."""

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
class Performance:
    """A span's figures: of everybody together, of each agent, of each team (by name)."""

    span: Span
    summary: Achievement
    agents: tuple[Achievement, ...]
    teams: tuple[Achievement, ...]


def performance(desk: Desk, span: Span) -> Performance:
    """How agents and teams did, over the tickets the actor may see.

    Everybody who works tickets is listed, and who no longer does if they did. Raises `Forbidden`
    for those who may not read reports.
    """
    desk.actor.must("view_reports", "read reports")
    lists = figures.of_span(span.between) | figures.at_present()
    people, teams = _Parts(), _Parts()
    for counted in (*(_sums(desk, lists[name], name) for name in SUMS), _replies(desk, span)):
        for row in counted:
            people.add(row.person_id, row)
            teams.add(row.team_id, row)
    for name, seconds, median in (
        ("answered", _ANSWER, "median_answer"),
        ("resolved", _RESOLUTION, "median_resolution"),
    ):
        _find_middle(_in_order(desk, lists[name], seconds), people, teams, name, median)
    values = {"ids": sorted(people.ids), "working_roles": working_roles(desk)}
    staff = desk.db.execute(_STAFF, values).all()
    named_teams = desk.db.execute(_TEAMS).all()
    return Performance(
        span,
        _told(people.all, "All"),
        tuple(
            _told(people.of[row.id], row.full_name, row.id, row.username, row.team) for row in staff
        ),
        tuple(_told(teams.of[row.id], row.name, row.id) for row in named_teams),
    )


class _Parts:
    """The sums of each, and of all together."""

    def __init__(self) -> None:
        self.of: defaultdict[int | None, Sums] = defaultdict(Sums)
        self.all = Sums()

    @property
    def ids(self) -> set[int]:
        """Who or what was counted."""
        return {whose for whose in self.of if whose is not None}

    def add(self, whose: int | None, row: Any) -> None:
        """Count a row for whom it is about."""
        self.of[whose].add(row)
        self.all.add(row)


_WHOSE = (ticket_table.c.assignee_id.label("person_id"), ticket_table.c.team_id)
_BY = (ticket_table.c.assignee_id, ticket_table.c.team_id)
_ANSWER = seconds_between(ticket_table.c.created_at, ticket_table.c.first_response_at)
_RESOLUTION = seconds_between(ticket_table.c.created_at, ticket_table.c.resolved_at)


def _how_many(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


SUMS: dict[str, tuple[Any, ...]] = {
    "filed": (
        func.count().label("assigned"),
        _how_many(conditions.RESOLVED_ONCE).label("finished"),
        _how_many(conditions.REOPENED).label("reopened"),
        _how_many(conditions.ANSWERED).label("answered"),
        func.sum(_ANSWER).label("answer_seconds"),
    ),
    "resolved": (
        func.count().label("resolved"),
        func.sum(_RESOLUTION).label("resolution_seconds"),
        _how_many(conditions.RATED).label("ratings"),
        func.sum(ticket_table.c.satisfaction_rating).label("stars"),
        _how_many(RESOLUTION.met).label("kept"),
    ),
    "sla_breached": (func.count().label("missed"),),
    "total": (func.count().label("open_now"),),
}
"""By list of `core.reports.figures`: what is counted of each person and team in it."""


def _sums(desk: Desk, tickets: TicketQuery, name: str) -> Any:
    where, values = ticket_list.where(desk, tickets)
    return desk.db.execute(select(*_WHOSE, *SUMS[name]).where(*where).group_by(*_BY), values)


def _in_order(desk: Desk, tickets: TicketQuery, seconds: Any) -> Any:
    # One walk in order finds every middle; windows would sort once for each kind of part.
    where, values = ticket_list.where(desk, tickets)
    told = select(ticket_table.c.assignee_id, ticket_table.c.team_id, seconds.label("seconds"))
    return desk.db.execute(told.where(*where).order_by(seconds), values)


@lru_cache(maxsize=8)
def _replies_of(seen: Any) -> Any:
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
            seen,
            # As the index is written (tables/timeline.py), or it would not be taken.
            entry_table.c.kind == literal_column("'comment'"),
            entry_table.c.audience == literal_column("'public'"),
            entry_table.c.deleted_at.is_(None),
            entry_table.c.by_staff,
            entry_table.c.at >= bindparam("since"),
            entry_table.c.at < bindparam("until"),
        )
        .group_by(entry_table.c.actor_id, person_table.c.team_id)
    )


def _replies(desk: Desk, span: Span) -> Any:
    values = {**viewer(desk.actor), "since": span.start, "until": span.end}
    return desk.db.execute(_replies_of(visible(desk.actor)), values)


class _Middle:
    """The median of numbers that come in order, of which it is known how many there are."""

    __slots__ = ("_first", "_last", "_place", "_sum", "_taken")

    def __init__(self, size: int) -> None:
        self._first, self._last = (size + 1) // 2, size // 2 + 1
        self._place = self._taken = 0
        self._sum = 0.0

    def pass_by(self, number: float) -> None:
        """Look at the next number."""
        self._place += 1
        if self._first <= self._place <= self._last:
            self._sum += number
            self._taken += 1

    @property
    def found(self) -> float | None:
        """The number in the middle, or the mean of the two there."""
        return self._sum / self._taken if self._taken else None


def _find_middle(
    ordered: Iterable[Any], people: _Parts, teams: _Parts, count: str, median: str
) -> None:
    """Set each one's and everybody's `median` of what `count` counted, from numbers in order."""
    sums = [("person", whose, one) for whose, one in people.of.items()]
    sums += [("team", whose, one) for whose, one in teams.of.items()]
    middles = {(part, whose): _Middle(getattr(one, count)) for part, whose, one in sums}
    everybodys = _Middle(getattr(people.all, count))
    for person_id, team_id, seconds in ordered:
        everybodys.pass_by(seconds)
        for key in (("person", person_id), ("team", team_id)):
            if middle := middles.get(key):
                middle.pass_by(seconds)
    for part, whose, one in sums:
        setattr(one, median, middles[part, whose].found)
    setattr(people.all, median, everybodys.found)


_STAFF = (
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
            and_(person_table.c.is_active, WORKS),
        )
    )
    .order_by(person_table.c.full_name, person_table.c.id)
)
_TEAMS = select(team_table.c.id, team_table.c.name).order_by(team_table.c.name)


def _told(
    sums: Sums,
    name: str,
    row_id: int | None = None,
    username: str | None = None,
    team: str | None = None,
) -> Achievement:
    return Achievement(
        id=row_id,
        name=name,
        username=username,
        team=team,
        assigned=sums.assigned,
        open_now=sums.open_now,
        resolved=sums.resolved,
        replies=sums.replies,
        first_response_hours=_mean(sums.answer_seconds, 3600 * sums.answered),
        median_first_response_hours=_hours(sums.median_answer),
        resolution_hours=_mean(sums.resolution_seconds, 3600 * sums.resolved),
        median_resolution_hours=_hours(sums.median_resolution),
        reopened_percent=_mean(100 * sums.reopened, sums.finished, 1),
        compliance=_mean(100 * sums.kept, sums.kept + sums.missed, 1),
        satisfaction=_mean(sums.stars, sums.ratings),
        ratings=sums.ratings,
    )


def _mean(total: float, count: float, places: int = 2) -> float | None:
    return round(max(0.0, float(total)) / count, places) if count else None


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(max(0.0, float(seconds)) / 3600, 2)
