"""The time log of a ticket: who worked on it, on which day, for how long, and on what.

`actual_hours` of the ticket is always the sum of the log plus what was set without it: clients of
the API set the total itself, and time that is logged, changed or removed later moves it by the
difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, func, select

from ticket_app.core.platform import dates, validators
from ticket_app.core.platform.access_policy import VISIBLE_TO_STAFF
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.editing import format_recorded_value
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, TimeEntry, person_table, ticket_table, time_entry_table

MAX_LISTED = 100
"""How many entries of a ticket are listed; the total counts all."""
MAX_MINUTES = 24 * 60
MAX_NOTE_LENGTH = 500
MAX_AGE = timedelta(days=3650)
_ONE_DAY = timedelta(days=1)
_PRECISION = 4
"""Decimal places of hours, so that each minute is a different value."""


class TimeEntryRow:
    """An entry of the time log, with the name of its author."""

    id: int
    person_id: int
    person_username: str
    person_name: str
    worked_on: date
    minutes: int
    note: str | None


@dataclass(frozen=True, slots=True)
class TimeLog:
    """The newest `MAX_LISTED` entries, the minutes of all, and the hours set without the log."""

    newest_entries: Sequence[TimeEntryRow]
    logged_minutes: int
    other_hours: float


_SELECT_ENTRIES = (
    select(
        time_entry_table.c.id,
        time_entry_table.c.person_id,
        person_table.c.username.label("person_username"),
        person_table.c.full_name.label("person_name"),
        time_entry_table.c.worked_on,
        time_entry_table.c.minutes,
        time_entry_table.c.note,
    )
    .join(person_table, person_table.c.id == time_entry_table.c.person_id)
    .join(ticket_table, ticket_table.c.id == time_entry_table.c.ticket_id)
    .where(time_entry_table.c.ticket_id == bindparam("ticket_id"), VISIBLE_TO_STAFF)
    .order_by(time_entry_table.c.worked_on.desc(), time_entry_table.c.id.desc())
    .limit(MAX_LISTED)
)
_SUM_MINUTES = select(func.coalesce(func.sum(time_entry_table.c.minutes), 0)).where(
    time_entry_table.c.ticket_id == bindparam("ticket_id")
)


def read_time_log(uow: UnitOfWork, ticket_id: int, actual_hours: float | None) -> TimeLog:
    """Return the newest `MAX_LISTED` entries and the totals; `actual_hours` is the ticket's.

    Raises `Forbidden` without the permission `view_all_tickets`.
    """
    uow.actor.require("view_all_tickets", "read the time log of a ticket")
    entries = uow.all_rows(_SELECT_ENTRIES, {"ticket_id": ticket_id}, of=TimeEntryRow)
    logged = _sum_minutes(uow, ticket_id)
    return TimeLog(entries, logged, _other_hours(actual_hours, logged))


def log_time(
    uow: UnitOfWork,
    ticket: Ticket,
    minutes: int,
    *,
    worked_on: date | None = None,
    note: str | None = None,
) -> int:
    """Log the actor's work on a locked ticket, today unless a day is given. Return the entry's id.

    Raises `Forbidden`, `Invalid`, `RuleViolation`.
    """
    assert ticket.id is not None
    ensure_allowed(Action.LOG_TIME, ticket, uow.actor, uow.now)
    today = dates.local_date(uow.now, dates.default_time_zone())
    entry = TimeEntry(
        ticket_id=ticket.id,
        person_id=uow.actor.id,
        worked_on=_validate_day(worked_on or today, today),
        minutes=_validate_minutes(minutes),
        note=validators.optional_line("note", note, MAX_NOTE_LENGTH),
        created_at=uow.now,
        updated_at=uow.now,
    )
    with changing(uow, ticket):
        logged_before = _sum_minutes(uow, ticket.id)
        uow.session.add(entry)
        _update_actual_hours(uow, ticket, logged_before)
    assert entry.id is not None
    return entry.id


def edit_time_entry(
    uow: UnitOfWork,
    ticket: Ticket,
    entry_id: int,
    minutes: int,
    *,
    worked_on: date,
    note: str | None,
) -> None:
    """Change an entry that the actor has written.

    Raises `Forbidden`, `Invalid`, `NotFound`, `RuleViolation` for a merged ticket.
    """
    assert ticket.id is not None
    entry = _get_entry(uow, ticket, entry_id)
    if entry.person_id != uow.actor.id:
        raise Forbidden("Only its author can change an entry of the time log")
    today = dates.local_date(uow.now, dates.default_time_zone())
    values = (
        _validate_minutes(minutes),
        _validate_day(worked_on, today),
        validators.optional_line("note", note, MAX_NOTE_LENGTH),
    )
    if values == (entry.minutes, entry.worked_on, entry.note):
        return
    with changing(uow, ticket):
        logged_before = _sum_minutes(uow, ticket.id)
        entry.minutes, entry.worked_on, entry.note = values
        entry.updated_at = uow.now
        _update_actual_hours(uow, ticket, logged_before)


def delete_time_entry(uow: UnitOfWork, ticket: Ticket, entry_id: int) -> None:
    """Delete an entry: its author does, or an administrator.

    Raises `Forbidden`, `NotFound`, `RuleViolation` for a merged ticket.
    """
    assert ticket.id is not None
    entry = _get_entry(uow, ticket, entry_id)
    if not can_delete(uow, entry.person_id):
        raise Forbidden("Only its author or an administrator can delete an entry of the time log")
    with changing(uow, ticket):
        logged_before = _sum_minutes(uow, ticket.id)
        uow.session.delete(entry)
        _update_actual_hours(uow, ticket, logged_before)


def can_delete(uow: UnitOfWork, author_id: int) -> bool:
    """Return whether the actor may delete the time entries of a person."""
    return author_id == uow.actor.id or uow.actor.can("purge_tickets")


def _get_entry(uow: UnitOfWork, ticket: Ticket, entry_id: int) -> TimeEntry:
    ensure_allowed(Action.LOG_TIME, ticket, uow.actor, uow.now)
    entry = uow.session.get(TimeEntry, entry_id)
    if entry is None or entry.ticket_id != ticket.id:
        raise NotFound
    return entry


def _sum_minutes(uow: UnitOfWork, ticket_id: int) -> int:
    return int(uow.connection.execute(_SUM_MINUTES, {"ticket_id": ticket_id}).scalar_one())


def _other_hours(actual_hours: float | None, logged_minutes: int) -> float:
    """Return the hours of a ticket that are not in its log; negative if fewer were set."""
    return round((actual_hours or 0) - logged_minutes / 60, _PRECISION) + 0.0


def _update_actual_hours(uow: UnitOfWork, ticket: Ticket, logged_before: int) -> None:
    """Move the actual hours by what the log has changed, never below zero."""
    assert ticket.id is not None
    uow.flush()
    old = ticket.actual_hours
    logged = _sum_minutes(uow, ticket.id)
    hours = round(max(0.0, _other_hours(old, logged_before) + logged / 60), _PRECISION)
    new = hours or None if not logged else hours
    ticket.actual_hours = new
    if old != new:
        timeline.record_change(
            uow,
            ticket.id,
            ticket_fields.ACTUAL_HOURS,
            format_recorded_value(old),
            format_recorded_value(new),
        )


def _validate_minutes(minutes: int) -> int:
    if not 0 < minutes <= MAX_MINUTES:
        raise Invalid("minutes", "must be between 1 minute and 24 hours")
    return minutes


def _validate_day(day: date, today: date) -> date:
    # A person east of the installation's time zone can be a day ahead.
    if not today - MAX_AGE <= day <= today + _ONE_DAY:
        raise Invalid("worked_on", "must not be in the future or more than ten years ago")
    return day
