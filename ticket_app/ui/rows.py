"""Small frozen rows made for the browser: what a page shows and nothing else."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ticket_app.core import numbering
from ticket_app.core.words import Group
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


def due_state(row: Any) -> str:
    """Whether a ticket's clock runs, waits, or was met."""
    if row.due_at is None:
        return "running"
    if row.status_group == Group.DONE:
        done_at = row.resolved_at or row.updated_at
        return "met" if done_at <= row.due_at else "breached"
    return "paused" if row.status_group == Group.WAITING else "running"


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
    due: str
    due_state: str
    due_since: str
    assignee: str
    assignee_initials: str
    assignee_color: int
    assignee_id: int
    requester: str
    company: str
    updated_at: str
    done: bool


def queue_row(row: Any) -> QueueRow:
    """The line for a row of `queue.page`."""
    return QueueRow(
        id=row.id,
        number=numbering.key(row),
        href=routes.desk_ticket(numbering.key(row)),
        title=row.title,
        words=row.last_comment or "",
        status=row.status,
        priority=row.priority,
        kind=row.kind,
        tags=list(row.tags),
        due=moment(row.due_at),
        due_state=due_state(row),
        due_since=moment(row.created_at),
        assignee=row.assignee_name or "",
        assignee_initials=initials_of(row.assignee_name) if row.assignee_name else "",
        assignee_color=color_of(row.assignee_username) if row.assignee_username else 0,
        assignee_id=row.assignee_id or 0,
        requester=row.requester_name,
        company=row.company_name or "",
        updated_at=moment(row.updated_at),
        done=row.status_group == Group.DONE,
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
