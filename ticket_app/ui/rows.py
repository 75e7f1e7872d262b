"""Frozen rows that several pages send to the browser."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.ticket_status import is_done
from ticket_app.core.sla.targets import SlaTarget, TargetState, get_ticket_sla
from ticket_app.core.tickets.rows import TicketSlaRow, TicketSummaryRow
from ticket_app.ui import routes, texts, theme


def is_id(text: str) -> bool:
    """Return whether a text that a page sends can be the id of a row."""
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_ID


def initials_of(name: str) -> str:
    """Return one or two letters for a name."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def person_color_number(username: str) -> int:
    """Return a stable number for a person's colour."""
    return zlib.crc32(username.encode()) % len(theme.PERSON_COLORS)


def iso_time(at: datetime | None) -> str:
    """Return a time in ISO format; empty for none."""
    return at.isoformat(timespec="seconds") if at else ""


@dataclass(frozen=True)
class DueClock:
    """A due time, its state and its label; `due` is empty if there is none."""

    due: str = ""
    state: str = "running"
    since: str = ""
    goal: str = ""


SLA_STATES: Final = {
    TargetState.RUNNING: "running",
    TargetState.PAUSED: "paused",
    TargetState.MET: "met",
    TargetState.BREACHED: "breached",
    TargetState.NOT_APPLICABLE: "not_applicable",
}


def due_date_clock(row: TicketSummaryRow) -> DueClock:
    """Return the due date of a ticket; it does not pause while the ticket waits."""
    if row.due_at is None:
        return DueClock()
    state = "running"
    if is_done(row):
        done_at = row.resolved_at or row.updated_at
        state = "met" if done_at <= row.due_at else "breached"
    return DueClock(iso_time(row.due_at), state, iso_time(row.created_at), texts.CLOCK_DUE)


def sla_clocks(row: TicketSlaRow, now: datetime) -> tuple[DueClock, DueClock]:
    """Return the first reply and resolution targets of a ticket's service level."""
    targets = get_ticket_sla(row, now)
    return (
        _sla_clock(targets.first_response, row.respond_by, row, texts.CLOCK_FIRST_REPLY),
        _sla_clock(targets.resolution, row.resolve_by, row, texts.CLOCK_RESOLUTION),
    )


def _sla_clock(
    target: SlaTarget | None, by: datetime | None, row: TicketSlaRow, goal: str
) -> DueClock:
    if target is None or by is None:
        return DueClock()
    return DueClock(iso_time(by), SLA_STATES[target.state], iso_time(row.created_at), goal)


def next_clock(row: TicketSlaRow, now: datetime) -> DueClock:
    """Return the next due time of a ticket, or the outcome of a finished one."""
    response, resolution = sla_clocks(row, now)
    due = due_date_clock(row)
    shown = [clock for clock in (response, resolution, due) if clock.due]
    if is_done(row):
        return due if due.due else resolution
    unfinished = [
        clock
        for clock in shown
        if clock.state != "met" and not (clock is response and row.first_response_at)
    ]
    return min(unfinished, key=lambda clock: clock.due, default=DueClock())


NO_NAMES: Final[Mapping[int, str]] = {}


@dataclass(frozen=True)
class QueueRow:
    """A ticket in the queue."""

    id: int
    number: str
    href: str
    title: str
    last_comment: str
    status: str
    priority: str
    kind: str
    tags: list[str]
    clock: DueClock
    assignee: str
    assignee_initials: str
    assignee_color: int
    assignee_id: int
    requester: str
    company: str
    updated_at: str
    done: bool
    version: int
    is_unread: bool = False
    replied: str = ""
    """Who wrote the last comment: "Uma replied", "You replied"."""


def queue_row(
    row: TicketSlaRow,
    now: datetime,
    unread_ids: Collection[int] = frozenset(),
    replied: Mapping[int, str] = NO_NAMES,
) -> QueueRow:
    """Return the row of a ticket read with the view "summary_with_sla".

    `unread_ids` are the tickets that have something the reader has not read; `replied` is what to
    say of those who wrote the last comments, by their ids.
    """
    return QueueRow(
        id=row.id,
        number=ticket_numbers.format_key(row),
        href=routes.desk_ticket(ticket_numbers.format_key(row)),
        title=row.title,
        last_comment=row.last_comment or "",
        status=row.status,
        priority=row.priority,
        kind=row.kind,
        tags=list(row.tags),
        clock=next_clock(row, now),
        assignee=row.assignee_name or "",
        assignee_initials=initials_of(row.assignee_name) if row.assignee_name else "",
        assignee_color=person_color_number(row.assignee_username) if row.assignee_username else 0,
        assignee_id=row.assignee_id or 0,
        requester=row.requester_name,
        company=row.company_name or "",
        updated_at=iso_time(row.updated_at),
        done=is_done(row),
        version=row.version,
        is_unread=row.id in unread_ids,
        replied=replied.get(row.last_comment_by_id or 0, "") if row.last_comment else "",
    )


@dataclass(frozen=True)
class FileRow:
    """A file."""

    id: str
    name: str
    size: int
    href: str
    thumbnail: str
    extension: str
    state: str
    note: str
    entry_id: int
    description: str = ""
    can_change: bool = False
