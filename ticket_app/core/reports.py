"""Reports on a span of days: the dashboard's figures, and how they compare with the span before.

What was filed counts by when it was filed, what was achieved (resolution time, satisfaction) by
when it was resolved. Tickets in the trash count nowhere, as in lists.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, func, select

from ticket_app.core import queue, service_levels
from ticket_app.core.desk import Desk
from ticket_app.core.moments import day_of, seconds_between
from ticket_app.core.policy import E, T, viewer, visible
from ticket_app.core.queue import TicketQuery
from ticket_app.core.spans import Span
from ticket_app.core.statistics import UNFINISHED
from ticket_app.core.words import Category, Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the tickets that were resolved in some time; means are None without any."""

    resolved: int
    seconds: float | None
    rating: float | None
    ratings: int

    @property
    def hours(self) -> float | None:
        """The mean time from filing to resolution, in hours."""
        return None if self.seconds is None else self.seconds / 3600


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What one day brought and what it saw resolved."""

    day: date
    filed: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is not done at this moment, whenever it was filed."""

    total: int
    unassigned: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of a span; `before` and `filed_before` are of as much time just before it."""

    span: Span
    at: datetime
    filed: int
    by_status: dict[Status, int]
    by_category: dict[Category, int]
    outcome: Outcome
    filed_before: int
    before: Outcome
    compliance: float | None
    backlog: Backlog
    days: tuple[DayFigures, ...]


def dashboard(desk: Desk, span: Span, *, department_id: int | None = None) -> Dashboard:
    """The figures of a span, for a department or all, of the tickets the actor may see.

    Raises `Forbidden` for those who may not read reports. Over many tickets it may be a few
    seconds old (`KEPT`).
    """
    desk.actor.must("view_reports", "read reports")
    scope = viewer(desk.actor).get("viewer_id")
    key = (scope, span.first, span.last, department_id)
    last_entry = desk.db.execute(_LAST_ENTRY).scalar_one()
    known = _kept.find(desk.db.engine, key, last_entry, desk.now)
    if known is None:
        known = _count(desk, span, department_id)
        _kept.keep(desk.db.engine, key, last_entry, known)
    return known


_LAST_ENTRY = select(func.coalesce(func.max(E.c.id), 0))
_IN_SPAN = {
    name: (T.c[name] >= bindparam("since"), T.c[name] < bindparam("until"))
    for name in ("created_at", "resolved_at")
}


@lru_cache(maxsize=8)
def _statements(seen: Any, in_department: bool) -> dict[str, Any]:
    """The questions to the database about what is `seen`; `since` and `until` say when."""
    where = [seen]
    if in_department:
        where.append(T.c.department_id == bindparam("department_id"))
    filed = select().where(*where, *_IN_SPAN["created_at"])
    resolved = select().where(*where, *_IN_SPAN["resolved_at"])
    return {
        "filed": filed.add_columns(
            T.c.status, T.c.category, func.count().label("tickets")
        ).group_by(T.c.status, T.c.category),
        "how many": filed.add_columns(func.count()),
        "outcome": resolved.add_columns(
            func.count().label("resolved"),
            func.avg(seconds_between(T.c.created_at, T.c.resolved_at)).label("seconds"),
            func.avg(T.c.satisfaction_rating).label("rating"),
            func.count(T.c.satisfaction_rating).label("ratings"),
        ),
        "filed by day": _by_day(filed, T.c.created_at),
        "resolved by day": _by_day(resolved, T.c.resolved_at),
    }


def _by_day(statement: Any, column: Any) -> Any:
    day = day_of(column).label("day")
    return statement.add_columns(day, func.count().label("tickets")).group_by(day)


def _count(desk: Desk, span: Span, department_id: int | None) -> Dashboard:
    asked = _statements(visible(desk.actor), department_id is not None)
    whose = {**viewer(desk.actor), "department_id": department_id}
    now = {**whose, "since": span.start, "until": span.end}
    since, until = span.before(desk.now)
    then = {**whose, "since": since, "until": until}
    cells = desk.db.execute(asked["filed"], now).all()
    statuses: Counter[Status] = Counter()
    categories: Counter[Category] = Counter()
    for cell in cells:
        statuses[Status(cell.status)] += cell.tickets
        categories[Category(cell.category)] += cell.tickets
    return Dashboard(
        span=span,
        at=desk.now,
        filed=sum(statuses.values()),
        by_status=dict(statuses),
        by_category=dict(categories.most_common()),
        outcome=_outcome(desk, asked, now),
        filed_before=desk.db.execute(asked["how many"], then).scalar_one(),
        before=_outcome(desk, asked, then),
        compliance=_compliance(desk, span, department_id),
        backlog=_backlog(desk, department_id),
        days=_days(desk, span, asked, now),
    )


def _compliance(desk: Desk, span: Span, department_id: int | None) -> float | None:
    """The share of promises kept, in percent; it is told of the whole desk only."""
    if not (desk.actor.is_staff and desk.actor.may("view_statistics")):
        return None
    return service_levels.compliance(
        desk, since=span.start, until=span.end, department_id=department_id
    ).percent


def _outcome(desk: Desk, asked: dict[str, Any], values: dict[str, Any]) -> Outcome:
    row = desk.db.execute(asked["outcome"], values).one()
    return Outcome(
        row.resolved,
        None if row.seconds is None else max(0.0, float(row.seconds)),
        None if row.rating is None else float(row.rating),
        row.ratings,
    )


def _backlog(desk: Desk, department_id: int | None) -> Backlog:
    unfinished = TicketQuery(group=UNFINISHED, department_id=department_id)
    return Backlog(
        total=queue.count(desk, unfinished),
        unassigned=queue.count(desk, replace(unfinished, unassigned=True)),
        overdue=queue.count(desk, replace(unfinished, overdue=True)),
    )


def _days(
    desk: Desk, span: Span, asked: dict[str, Any], values: dict[str, Any]
) -> tuple[DayFigures, ...]:
    filed, resolved = (
        {row.day: row.tickets for row in desk.db.execute(asked[name], values)}
        for name in ("filed by day", "resolved by day")
    )
    return tuple(
        DayFigures(day, filed.get(day.isoformat(), 0), resolved.get(day.isoformat(), 0))
        for day in span.each_day()
    )


EXACT_UP_TO = 20_000
"""Tickets a dashboard counts anew at every change; beyond, it may be `AGED` old."""
AGED = timedelta(seconds=5)
KEPT = timedelta(seconds=20)
"""How long a dashboard is told again while nothing happens on the desk; only the clock goes on."""
MOST_KEPT = 64


class _Kept:
    """The dashboards counted last in this process, by database and by what they are about."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: WeakKeyDictionary[Engine, OrderedDict[Any, tuple[int, Dashboard]]] = (
            WeakKeyDictionary()
        )

    def find(self, bind: Engine, key: Any, last_entry: int, now: datetime) -> Dashboard | None:
        """What is known and still holds."""
        with self._lock:
            entry, known = self._known.get(bind, {}).get(key, (0, None))
        if known is None or known.at > now:
            return None
        is_large = known.filed + known.outcome.resolved > EXACT_UP_TO
        holds = KEPT if entry == last_entry else AGED if is_large else timedelta(0)
        return known if now - known.at < holds else None

    def keep(self, bind: Engine, key: Any, last_entry: int, known: Dashboard) -> None:
        """Know this one for the next who asks."""
        with self._lock:
            kept = self._known.setdefault(bind, OrderedDict())
            kept[key] = (last_entry, known)
            kept.move_to_end(key)
            if len(kept) > MOST_KEPT:
                kept.popitem(last=False)


_kept = _Kept()
