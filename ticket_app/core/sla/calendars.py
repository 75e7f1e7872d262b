"""The calendars of the desk, set up by admins: in which hours promises to tickets are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select, update

from ticket_app.core.platform import named_rows, text
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.sla import business_time
from ticket_app.core.sla.business_time import Calendar, Week
from ticket_app.tables import (
    business_calendar_table,
    service_policy_table,
)

MOST_DAYS = 400


def hours(row: Any) -> Calendar:
    """The calendar a row tells of."""
    return _calendar(
        row.zone, _as_week(row.week), row.country, row.subdivision, tuple(row.closed_on)
    )


def _as_week(told: Sequence[Sequence[Sequence[int]]]) -> Week:
    return tuple(tuple((opens, closes) for opens, closes in day) for day in told)


@lru_cache(maxsize=256)
def _calendar(
    zone: str,
    week: Week,
    country: str | None,
    subdivision: str | None,
    closed_on: tuple[str, ...],
) -> Calendar:
    days = frozenset(map(date.fromisoformat, closed_on))
    return Calendar(zone, week, country, subdivision, days)


def _closed_on(field: str, days: Sequence[date]) -> list[str]:
    if len(days) > MOST_DAYS:
        raise Invalid(field, f"must name at most {MOST_DAYS} days")
    return sorted({day.isoformat() for day in days})


def _code(field: str, value: str | None) -> str | None:
    return text.optional_line(field, value, 40)


CALENDAR_CHECKS: named_rows.Checks = {
    "name": named_rows.name,
    "zone": lambda _field, value: text.required_line("time_zone", value, 64),
    "week": lambda _field, value: [[list(window) for window in day] for day in value],
    "country": _code,
    "subdivision": _code,
    "closed_on": _closed_on,
    "is_default": named_rows.as_told,
}
"""What may be written into a calendar, by name."""


def calendars(desk: Desk) -> Sequence[Any]:
    """Every calendar, by name. Raises `Forbidden`."""
    may_look(desk)
    return desk.db.execute(
        select(business_calendar_table).order_by(business_calendar_table.c.name_folded)
    ).all()


def calendar(desk: Desk, calendar_id: int) -> Any:
    """One calendar. Raises `Forbidden`, `NotFound`."""
    may_look(desk)
    row = desk.db.execute(
        select(business_calendar_table).where(business_calendar_table.c.id == calendar_id)
    ).first()
    if row is None:
        raise NotFound("Calendar")
    return row


def add_calendar(desk: Desk, name: str, *, zone: str, week: Week, **more: Any) -> Any:
    """Make a calendar known; returns its row.

    `more` may name country, subdivision, closed_on (dates) and is_default. Raises `Forbidden`,
    `Invalid`, `Conflict` (the name), `RuleBroken` (too many).
    """
    may_set_up(desk)
    named_rows.has_room(desk, business_calendar_table, "calendars")
    usual = {"country": None, "subdivision": None, "closed_on": (), "is_default": False}
    values = named_rows.checked(
        CALENDAR_CHECKS, {**usual, "name": name, "zone": zone, "week": week, **more}
    )
    _check(values, desk.now)
    _take_default(desk, values)
    return calendar(desk, named_rows.keep(desk, business_calendar_table, "calendar", values))


def change_calendar(desk: Desk, calendar_id: int, changes: Mapping[str, Any]) -> Any:
    """Change fields of a calendar; moments promised already stay as they are. Returns its row.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    may_set_up(desk)
    known = calendar(desk, calendar_id)
    values = named_rows.checked(CALENDAR_CHECKS, changes)
    _check({**known._asdict(), **values}, desk.now)
    _take_default(desk, values)
    named_rows.keep(desk, business_calendar_table, "calendar", values, calendar_id)
    return calendar(desk, calendar_id)


def remove_calendar(desk: Desk, calendar_id: int) -> None:
    """Forget a calendar. Raises `Forbidden`, `NotFound`, `Conflict` while a policy counts by it."""
    may_set_up(desk)
    calendar(desk, calendar_id)
    named_rows.remove(
        desk,
        business_calendar_table,
        calendar_id,
        used_by=service_policy_table.c.calendar_id,
        why="A policy counts by this calendar",
    )


def _check(values: Mapping[str, Any], now: datetime) -> None:
    week, days = _as_week(values["week"]), tuple(values["closed_on"])
    told = _calendar(values["zone"], week, values["country"], values["subdivision"], days)
    business_time.check(told, now)


def _take_default(desk: Desk, values: Mapping[str, Any]) -> None:
    if values.get("is_default"):
        desk.db.execute(
            update(business_calendar_table)
            .where(business_calendar_table.c.is_default)
            .values(is_default=False)
        )


def may_look(desk: Desk) -> None:
    """Raise `Forbidden` for who does not work tickets."""
    desk.actor.must("work_tickets", "see service levels")


def may_set_up(desk: Desk) -> None:
    """Raise `Forbidden` for who does not set the desk up."""
    desk.actor.must("set_up", "change service levels")
