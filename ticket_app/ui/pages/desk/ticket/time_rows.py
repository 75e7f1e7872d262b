"""The rows of a ticket's time log."""

from __future__ import annotations

from dataclasses import dataclass, field

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import time_log
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.ui.durations import MINUTES_PER_HOUR, format_minutes
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.rows import initials_of, person_color_number


@dataclass(frozen=True)
class TimeEntryItem:
    """An entry of the time log."""

    id: int
    name: str
    initials: str
    color: int
    day: str
    minutes: int
    duration: str
    note: str
    can_edit: bool
    can_delete: bool


@dataclass(frozen=True)
class TimeLogRows:
    """The time log of a ticket, and its total in words."""

    lines: list[TimeEntryItem] = field(default_factory=list)
    summary: str = ""


def load_time_log(uow: UnitOfWork, row: TicketRow) -> TimeLogRows:
    """Return the time log of a ticket."""
    log = time_log.read_time_log(uow, row.id, row.actual_hours)
    entries = [
        TimeEntryItem(
            id=entry.id,
            name=entry.person_name,
            initials=initials_of(entry.person_name),
            color=person_color_number(entry.person_username),
            day=entry.worked_on.isoformat(),
            minutes=entry.minutes,
            duration=format_minutes(entry.minutes),
            note=entry.note or "",
            can_edit=entry.person_id == uow.actor.id,
            can_delete=time_log.can_delete(uow, entry.person_id),
        )
        for entry in log.newest_entries
    ]
    return TimeLogRows(entries, _summary(row, log))


def _summary(row: TicketRow, log: time_log.TimeLog) -> str:
    """Return what was logged, what API clients set outside the log, and what was estimated."""
    other_minutes = round(log.other_hours * MINUTES_PER_HOUR)
    parts = [texts.time_logged(format_minutes(log.logged_minutes))] if log.logged_minutes else []
    if other_minutes:
        parts.append(texts.time_outside_log(format_minutes(other_minutes)))
    if row.estimated_hours is not None:
        estimate = round(row.estimated_hours * MINUTES_PER_HOUR)
        parts.append(texts.time_estimated(format_minutes(estimate)))
    return " · ".join(parts)
