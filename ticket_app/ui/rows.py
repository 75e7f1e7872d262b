"""Small frozen rows made for the browser: what a page shows and nothing else."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.vocabulary import Group
from ticket_app.core.sla.targets import State, Target, of_ticket
from ticket_app.ui import routes, theme


def initials_of(name: str) -> str:
    """One or two letters for a name."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def color_of(username: str) -> int:
    """A stable number of a person's colour."""
    return zlib.crc32(username.encode()) % len(theme.PERSON_COLORS)


def moment(at: datetime | None) -> str:
    """A time as the page's clocks read it; empty for none."""
    return at.isoformat(timespec="seconds") if at else ""


@dataclass(frozen=True)
class Clock:
    """A moment something is due, how it stands, and what it is; `due` is empty for none."""

    due: str = ""
    state: str = "running"
    since: str = ""
    goal: str = ""


STATES: Final = {
    State.RUNNING: "running",
    State.PAUSED: "paused",
    State.MET: "met",
    State.MISSED: "breached",
    State.NOT_APPLICABLE: "not_applicable",
}


def due_clock(row: Any) -> Clock:
    """The due date that people set; it does not stop while the ticket waits."""
    if row.due_at is None:
        return Clock()
    state = "running"
    if row.status_group == Group.DONE:
        done_at = row.resolved_at or row.updated_at
        state = "met" if done_at <= row.due_at else "breached"
    return Clock(moment(row.due_at), state, moment(row.created_at), "Due")


def promised(row: Any, now: datetime) -> tuple[Clock, Clock]:
    """The clocks of the first reply and of the resolution, where a service level promises them."""
    level = of_ticket(row, now)
    return (
        _promise(level.first_response, row.respond_by, row, "First reply"),
        _promise(level.resolution, row.resolve_by, row, "Resolution"),
    )


def _promise(target: Target | None, by: datetime | None, row: Any, goal: str) -> Clock:
    if target is None or by is None:
        return Clock()
    return Clock(moment(by), STATES[target.state], moment(row.created_at), goal)


def next_clock(row: Any, now: datetime) -> Clock:
    """The one clock a line has room for: what is due next, or what a finished ticket came to."""
    response, resolution = promised(row, now)
    due = due_clock(row)
    shown = [clock for clock in (response, resolution, due) if clock.due]
    if row.status_group == Group.DONE:
        return due if due.due else resolution
    waited_for = [
        clock
        for clock in shown
        if clock.state != "met" and not (clock is response and row.first_response_at)
    ]
    return min(waited_for, key=lambda clock: clock.due, default=Clock())


@dataclass(frozen=True)
class QueueRow:
    """A ticket as a line of the desk's queue."""

    id: int
    number: str
    href: str
    title: str
    words: str
    status: str
    priority: str
    kind: str
    tags: list[str]
    clock: Clock
    assignee: str
    assignee_initials: str
    assignee_color: int
    assignee_id: int
    requester: str
    company: str
    updated_at: str
    done: bool
    version: int


def queue_row(row: Any, now: datetime) -> QueueRow:
    """The line for a row of `queue.page` (view "promises") at this moment."""
    return QueueRow(
        id=row.id,
        number=ticket_numbers.key(row),
        href=routes.desk_ticket(ticket_numbers.key(row)),
        title=row.title,
        words=row.last_comment or "",
        status=row.status,
        priority=row.priority,
        kind=row.kind,
        tags=list(row.tags),
        clock=next_clock(row, now),
        assignee=row.assignee_name or "",
        assignee_initials=initials_of(row.assignee_name) if row.assignee_name else "",
        assignee_color=color_of(row.assignee_username) if row.assignee_username else 0,
        assignee_id=row.assignee_id or 0,
        requester=row.requester_name,
        company=row.company_name or "",
        updated_at=moment(row.updated_at),
        done=row.status_group == Group.DONE,
        version=row.version,
    )


@dataclass(frozen=True)
class FileRow:
    """A file as a tile."""

    id: str
    name: str
    size: int
    href: str
    thumbnail: str
    extension: str
    state: str
    note: str
    entry_id: int
