"""Reports on a span of days: the dashboard's figures, and how they compare with the span before.

What was filed counts by when it was filed, what was achieved (resolution time, satisfaction) by
when it was resolved. Tickets in the trash count nowhere, as in lists.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, func, select

from ticket_app.core.platform.access_policy import viewer
from ticket_app.core.platform.sql_time import day_of, seconds_between
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Category, Status
from ticket_app.core.reports import figures
from ticket_app.core.reports.periods import Span
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.sla.compliance import Share
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.tables import entry_table, ticket_table


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
    sla: Share | None
    backlog: Backlog
    days: tuple[DayFigures, ...]

    @property
    def compliance(self) -> float | None:
        """The share of resolution targets that were met, in percent."""
        return None if self.sla is None else self.sla.percent


def dashboard(desk: Desk, span: Span, *, department_id: int | None = None) -> Dashboard:
    """The figures of a span, for a department or all, of the tickets the actor may see.

    Raises `Forbidden` for those who may not read reports. Over many tickets it may be a few
    seconds old (`KEPT`).
    """
    desk.actor.must("view_reports", "read reports")
    scope = viewer(desk.actor).get("viewer_id")
    key = (scope, span.first, span.last, str(span.zone), department_id)
    last_entry = desk.db.execute(_LAST_ENTRY).scalar_one()
    known = _kept.find(desk.db.engine, key, last_entry, desk.now)
    if known is None:
        known = _count(desk, span, department_id)
        _kept.keep(desk.db.engine, key, last_entry, known)
    return known


_LAST_ENTRY = select(func.coalesce(func.max(entry_table.c.id), 0))


def _count(desk: Desk, span: Span, department_id: int | None) -> Dashboard:
    now = figures.of_span(span.between, department_id=department_id)
    then = figures.of_span(span.before(desk.now), department_id=department_id)
    statuses: Counter[Status] = Counter()
    categories: Counter[Category] = Counter()
    for cell in _rows(desk, now["filed"], ticket_table.c.status, ticket_table.c.category):
        statuses[Status(cell.status)] += cell.tickets
        categories[Category(cell.category)] += cell.tickets
    return Dashboard(
        span=span,
        at=desk.now,
        filed=sum(statuses.values()),
        by_status=dict(statuses),
        by_category=dict(categories.most_common()),
        outcome=_outcome(desk, now["resolved"]),
        filed_before=_how_many(desk, then["filed"]),
        before=_outcome(desk, then["resolved"]),
        sla=_compliance(desk, span, department_id),
        backlog=_backlog(desk, department_id),
        days=_days(desk, span, department_id),
    )


def _rows(desk: Desk, tickets: TicketQuery, *columns: Any, **values: Any) -> Any:
    """How many of these tickets there are for each value of the columns."""
    conditions, named = ticket_list.where(desk, tickets)
    counted = select(*columns, func.count().label("tickets")).where(*conditions)
    return desk.db.execute(counted.group_by(*columns), {**named, **values})


def _how_many(desk: Desk, tickets: TicketQuery) -> int:
    conditions, named = ticket_list.where(desk, tickets)
    return desk.db.execute(select(func.count()).where(*conditions), named).scalar_one()


def _compliance(desk: Desk, span: Span, department_id: int | None) -> Share | None:
    """How far SLA targets were met; it is told of the whole desk only."""
    if not (desk.actor.is_staff and desk.actor.may("view_statistics")):
        return None
    kept = sla_tracking.compliance(
        desk, since=span.start, until=span.end, department_id=department_id
    )
    return Share(kept.met, kept.missed)


def _outcome(desk: Desk, resolved: TicketQuery) -> Outcome:
    conditions, named = ticket_list.where(desk, resolved)
    told = select(
        func.count().label("resolved"),
        func.avg(seconds_between(ticket_table.c.created_at, ticket_table.c.resolved_at)).label(
            "seconds"
        ),
        func.avg(ticket_table.c.satisfaction_rating).label("rating"),
        func.count(ticket_table.c.satisfaction_rating).label("ratings"),
    ).where(*conditions)
    row = desk.db.execute(told, named).one()
    return Outcome(
        row.resolved,
        None if row.seconds is None else max(0.0, float(row.seconds)),
        None if row.rating is None else float(row.rating),
        row.ratings,
    )


def _backlog(desk: Desk, department_id: int | None) -> Backlog:
    lists = figures.at_present(department_id=department_id)
    return Backlog(**{name: ticket_list.count(desk, lists[name]) for name in figures.BACKLOG})


def _days(desk: Desk, span: Span, department_id: int | None) -> tuple[DayFigures, ...]:
    counts: dict[str, Counter[date]] = {"filed": Counter(), "resolved": Counter()}
    columns = {"filed": ticket_table.c.created_at, "resolved": ticket_table.c.resolved_at}
    for part, ahead in span.even_parts():
        lists = figures.of_span(part.between, department_id=department_id)
        seconds = int(ahead.total_seconds())
        for name, counted in counts.items():
            offset = [bindparam("ahead")] if seconds else []
            values = {"ahead": seconds} if seconds else {}
            day = day_of(columns[name], *offset).label("day")
            for row in _rows(desk, lists[name], day, **values):
                # On a day of a clock change the offset is right for a part of it only.
                on = min(max(date.fromisoformat(row.day), part.first), part.last)
                counted[on] += row.tickets
    return tuple(
        DayFigures(day, counts["filed"][day], counts["resolved"][day]) for day in span.each_day()
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
