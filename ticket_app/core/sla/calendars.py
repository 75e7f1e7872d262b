"""Business calendars, which admins configure: the hours in which SLA targets are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select, update

from ticket_app.core.platform import named_rows, usage, validators
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.usage import ReferencingColumn
from ticket_app.core.sla import business_time
from ticket_app.core.sla.business_time import Calendar, Week
from ticket_app.core.sla.rows import CalendarHoursRow, CalendarRow
from ticket_app.tables import business_calendar_table, sla_policy_table

MAX_CLOSED_DAYS = 400


def calendar_from_row(row: CalendarHoursRow) -> Calendar:
    """Build the calendar that a row describes."""
    return _build_calendar(
        row.zone, _parse_week(row.week), row.country, row.subdivision, tuple(row.closed_on)
    )


def _parse_week(raw_week: Sequence[Sequence[Sequence[int]]]) -> Week:
    return tuple(tuple((opens, closes) for opens, closes in day) for day in raw_week)


@lru_cache(maxsize=256)
def _build_calendar(
    zone: str,
    week: Week,
    country: str | None,
    subdivision: str | None,
    closed_on: tuple[str, ...],
) -> Calendar:
    days = frozenset(map(date.fromisoformat, closed_on))
    return Calendar(zone, week, country, subdivision, days)


def _validate_closed_days(field: str, days: Sequence[date]) -> list[str]:
    if len(days) > MAX_CLOSED_DAYS:
        raise Invalid(field, f"must name at most {MAX_CLOSED_DAYS} days")
    return sorted({day.isoformat() for day in days})


def _validate_code(field: str, value: str | None) -> str | None:
    return validators.optional_line(field, value, 40)


CALENDAR_VALIDATORS: named_rows.FieldValidators = {
    "name": named_rows.validate_name,
    "zone": lambda _field, value: validators.required_line("time_zone", value, 64),
    "week": lambda _field, value: [[list(window) for window in day] for day in value],
    "country": _validate_code,
    "subdivision": _validate_code,
    "closed_on": _validate_closed_days,
    "is_default": named_rows.accept_any,
}
"""The writable fields of a calendar with their validators."""


def list_calendars(uow: UnitOfWork) -> Sequence[CalendarRow]:
    """Return all calendars by name. Raises `Forbidden`."""
    ensure_can_view(uow)
    statement = select(business_calendar_table).order_by(business_calendar_table.c.name_folded)
    return uow.all_rows(statement, of=CalendarRow)


def get_calendar(uow: UnitOfWork, calendar_id: int) -> CalendarRow:
    """Return one calendar. Raises `Forbidden`, `NotFound`."""
    ensure_can_view(uow)
    statement = select(business_calendar_table).where(business_calendar_table.c.id == calendar_id)
    row = uow.first_row(statement, of=CalendarRow)
    if row is None:
        raise NotFound("Calendar")
    return row


def create_calendar(
    uow: UnitOfWork, name: str, *, zone: str, week: Week, **fields: object
) -> CalendarRow:
    """Create a calendar and return its row.

    `fields` can be country, subdivision, closed_on (dates) and is_default. Raises `Forbidden`,
    `Invalid`, `Conflict` (name taken), `RuleViolation` (too many).
    """
    ensure_can_configure(uow)
    named_rows.ensure_below_limit(uow, business_calendar_table, "calendars")
    defaults = {"country": None, "subdivision": None, "closed_on": (), "is_default": False}
    values = named_rows.validate(
        CALENDAR_VALIDATORS, {**defaults, "name": name, "zone": zone, "week": week, **fields}
    )
    _validate_calendar(values, uow.now)
    _unset_old_default(uow, values)
    return get_calendar(uow, named_rows.save(uow, business_calendar_table, "calendar", values))


def update_calendar(
    uow: UnitOfWork, calendar_id: int, changes: Mapping[str, object]
) -> CalendarRow:
    """Change fields of a calendar and return its row; existing SLA targets keep their times.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    ensure_can_configure(uow)
    old_row = get_calendar(uow, calendar_id)
    values = named_rows.validate(CALENDAR_VALIDATORS, changes)
    _validate_calendar(
        {**{name: getattr(old_row, name) for name in CALENDAR_VALIDATORS}, **values}, uow.now
    )
    _unset_old_default(uow, values)
    named_rows.save(uow, business_calendar_table, "calendar", values, calendar_id)
    return get_calendar(uow, calendar_id)


def delete_calendar(uow: UnitOfWork, calendar_id: int) -> None:
    """Delete a calendar. Raises `Forbidden`, `NotFound`, `Conflict` if a policy uses it."""
    ensure_can_configure(uow)
    get_calendar(uow, calendar_id)
    usage.delete_unused(
        uow,
        business_calendar_table,
        calendar_id,
        "calendar",
        [ReferencingColumn("policy", "policies", sla_policy_table.c.calendar_id)],
        advice="; choose another calendar there first",
    )


def _validate_calendar(values: Mapping[str, Any], now: datetime) -> None:
    week, days = _parse_week(values["week"]), tuple(values["closed_on"])
    candidate = _build_calendar(
        values["zone"], week, values["country"], values["subdivision"], days
    )
    business_time.validate_calendar(candidate, now)


def _unset_old_default(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    if values.get("is_default"):
        uow.connection.execute(
            update(business_calendar_table)
            .where(business_calendar_table.c.is_default)
            .values(is_default=False)
        )


def ensure_can_view(uow: UnitOfWork) -> None:
    """Raise `Forbidden` unless the actor has `work_tickets`."""
    uow.actor.require("work_tickets", "see service levels")


def ensure_can_configure(uow: UnitOfWork) -> None:
    """Raise `Forbidden` unless the actor has `set_up`."""
    uow.actor.require("set_up", "change service levels")
