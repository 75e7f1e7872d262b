"""What outsiders are told of a ticket's changes (specs/enterprise, "Webhook Events").

Lines of the timeline, written in one transaction, become events in the Enterprise words. A ticket
is told as it stood then, though it may have gone on since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, or_, select

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    ApprovalState,
    Audience,
    EntryKind,
    Kind,
    Priority,
    Status,
)
from ticket_app.core.webhooks import event_fields, event_words
from ticket_app.tables import (
    attachment_table,
    entry_table,
    moved_entry_table,
    person_table,
    ticket_table,
)

EVENTS = (
    "ticket.created",
    "ticket.updated",
    "ticket.status_changed",
    "ticket.assigned",
    "comment.added",
    "approval.requested",
    "approval.processed",
    "file.uploaded",
)
"""In the document's order."""
PING = "ping"
"""What a test sends; nobody subscribes to it."""

LONGEST_COMMENT = 10_000
"""Characters; longer texts are cut, and said to be."""
MOST_LATER = 500


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `data` is JSON, and `entry_id` the line it is told once for."""

    name: str
    ticket_id: int | None
    entry_id: int | None
    at: datetime
    data: bytes


_ENTRIES = (
    select(
        entry_table.c.id,
        entry_table.c.at,
        entry_table.c.actor_id,
        entry_table.c.kind,
        entry_table.c.audience,
        entry_table.c.body,
        entry_table.c.field,
        entry_table.c.old_value,
        entry_table.c.new_value,
        entry_table.c.old_id,
        entry_table.c.new_id,
        entry_table.c.mentions,
        entry_table.c.deleted_at,
    )
    .where(
        entry_table.c.id.in_(bindparam("entries", expanding=True)),
        # A merge may have moved a line since; elsewhere it is another line that got the number of
        # one that was rolled back.
        or_(
            entry_table.c.ticket_id == bindparam("ticket"),
            exists(
                select(1).where(
                    moved_entry_table.c.entry_id == entry_table.c.id,
                    moved_entry_table.c.origin_id == bindparam("ticket"),
                )
            ),
        ),
    )
    .order_by(entry_table.c.id)
)
_LATER = (
    select(entry_table.c.field, entry_table.c.old_value, entry_table.c.old_id)
    .where(
        entry_table.c.ticket_id == bindparam("ticket"),
        entry_table.c.id > bindparam("after"),
        entry_table.c.kind == EntryKind.CHANGE,
    )
    .order_by(entry_table.c.id.desc())
    .limit(MOST_LATER)
)
_TICKET = select(
    ticket_table.c.id,
    ticket_table.c.uuid,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.title,
    ticket_table.c.status,
    ticket_table.c.priority,
    ticket_table.c.kind,
    ticket_table.c.tags,
    ticket_table.c.assignee_id,
    ticket_table.c.department_id,
    ticket_table.c.due_at,
    ticket_table.c.created_at,
    ticket_table.c.created_by_id,
).where(ticket_table.c.id == bindparam("ticket"))
_PEOPLE = select(person_table.c.id, person_table.c.username).where(
    person_table.c.id.in_(bindparam("ids", expanding=True))
)
_FILE = select(
    attachment_table.c.id,
    attachment_table.c.original_name,
    attachment_table.c.size,
    attachment_table.c.mime_type,
    attachment_table.c.scan_status,
).where(attachment_table.c.id == bindparam("file"))


def events_of(desk: Desk, ticket_id: int, entry_ids: Sequence[int]) -> list[Event]:
    """What is told of the lines written on a ticket in one transaction, in the order they were.

    A ticket filed in one go is `ticket.created` only (and assigned, if it was handed on); changes
    between two words that are told alike are nothing to tell.
    """
    named = {"ticket": ticket_id, "entries": sorted(set(entry_ids))}
    lines = desk.db.execute(_ENTRIES, named).all()
    row = desk.db.execute(_TICKET, {"ticket": ticket_id}).first()
    if not lines or row is None:
        return []
    then = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    for later in desk.db.execute(_LATER, {"ticket": ticket_id, "after": lines[-1].id}):
        if later.field in event_fields.AS_IT_WAS:
            column, read = event_fields.AS_IT_WAS[later.field]
            then[column] = read(later.old_value, later.old_id)
    told = _Telling(desk, then, lines)
    return [*told.created(), *told.changed(), *told.added()]


class _Telling:
    """One ticket's lines on their way to being events."""

    def __init__(self, desk: Desk, ticket: Mapping[str, Any], lines: Sequence[Any]) -> None:
        self._desk = desk
        self._lines = lines
        self._ticket_id: int = ticket["id"]
        self._is_new = any(line.kind == EntryKind.CREATED for line in lines)
        ids = {ticket["created_by_id"], ticket["assignee_id"]}
        for line in lines:
            ids.add(line.actor_id)
            if line.field == "assignee":
                ids |= {line.old_id, line.new_id}
        found = desk.db.execute(_PEOPLE, {"ids": [one for one in ids if one is not None]})
        self._people = {row.id: {"id": row.id, "username": row.username} for row in found}
        self._ticket = orjson.Fragment(_json(self._told(ticket, lines[-1].at)))

    def _told(self, ticket: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        numbered = _Numbered(**{name: ticket[name] for name in ("opened_on", "day_number")})
        return {
            "id": ticket["id"],
            "ticket_number": ticket_numbers.day_number(numbered),  # type: ignore[arg-type]
            "title": ticket["title"],
            "status": event_words.STATUS[Status(ticket["status"])],
            "priority": event_words.PRIORITY[Priority(ticket["priority"])],
            "ticket_type": event_words.KIND[Kind(ticket["kind"])],
            "created_by": self._people.get(ticket["created_by_id"]),
            "assigned_to": self._people.get(ticket["assignee_id"]),
            "department_id": ticket["department_id"],
            "tags": ticket["tags"],
            "due_date": ticket["due_at"],
            "created_at": ticket["created_at"],
            "updated_at": at,
        }

    def _event(self, name: str, line: Any, **data: Any) -> Event:
        actor = self._people.get(line.actor_id)
        content = _json({"ticket": self._ticket, **data, "actor": actor})
        return Event(name, self._ticket_id, line.id, line.at, content)

    def created(self) -> list[Event]:
        """ticket.created."""
        return [
            self._event("ticket.created", line)
            for line in self._lines
            if line.kind == EntryKind.CREATED
        ]

    def changed(self) -> list[Event]:
        """ticket.updated once for all changed fields; ticket.status_changed, ticket.assigned."""
        changes: list[dict[str, Any]] = []
        told: list[Event] = []
        first = None
        for line in self._lines:
            change = event_fields.told(line)
            if change is None:
                continue
            first = first or line
            changes.append(change)
            if line.field == "assignee":
                told.append(
                    self._event(
                        "ticket.assigned",
                        line,
                        assigned_to=self._people.get(line.new_id),
                        previously_assigned_to=self._people.get(line.old_id),
                    )
                )
            elif line.field == "status" and not self._is_new:
                told.append(
                    self._event(
                        "ticket.status_changed",
                        line,
                        old_status=change["old"],
                        new_status=change["new"],
                    )
                )
        if first is None or self._is_new:
            return told
        return [self._event("ticket.updated", first, changes=changes), *told]

    def added(self) -> list[Event]:
        """comment.added, file.uploaded, approval.requested and approval.processed."""
        told: list[Event] = []
        for line in self._lines:
            if line.kind == EntryKind.COMMENT and line.deleted_at is None:
                told.append(self._event("comment.added", line, comment=self._comment(line)))
            elif line.kind == EntryKind.FILE:
                told.append(self._event("file.uploaded", line, file=self._file(line)))
            elif line.kind == EntryKind.APPROVAL:
                name = event_words.APPROVAL.get(line.field)
                if name:
                    told.append(self._event(name, line, approval=self._approval(line)))
        return told

    def _comment(self, line: Any) -> dict[str, Any]:
        said = line.body or ""
        return {
            "id": line.id,
            "user_id": line.actor_id,
            "user": self._people.get(line.actor_id),
            "content": said[:LONGEST_COMMENT],
            "is_truncated": len(said) > LONGEST_COMMENT,
            "is_internal": line.audience == Audience.INTERNAL,
            "mentions": line.mentions or [],
            "created_at": line.at,
        }

    def _file(self, line: Any) -> dict[str, Any]:
        row = self._desk.db.execute(_FILE, {"file": line.new_id}).first()
        return {
            "id": line.new_id,
            "filename": line.new_value,
            "size": row and row.size,
            "content_type": row and row.mime_type,
            "virus_scan_status": row and row.scan_status,
            "is_internal": line.audience == Audience.INTERNAL,
            "uploaded_by": self._people.get(line.actor_id),
        }

    def _approval(self, line: Any) -> dict[str, Any]:
        said = [line.body] + [
            other.body
            for other in self._lines
            if other.field == ApprovalEvent.REMARK and other.new_id == line.new_id
        ]
        names_people = line.field == ApprovalEvent.DELEGATED
        return {
            "id": line.new_id,
            "action": line.field,
            "state": (None if names_people else line.new_value) or ApprovalState.PENDING,
            "to": line.new_value if names_people else None,
            "comments": "\n\n".join(filter(None, said))[: event_fields.LONGEST_VALUE] or None,
            "by": self._people.get(line.actor_id),
            "is_internal": line.audience == Audience.INTERNAL,
            "at": line.at,
        }


@dataclass(frozen=True, slots=True)
class _Numbered:
    """What the document's form of a ticket's number is made of."""

    opened_on: Any
    day_number: int


def _json(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)


_EXAMPLE = {
    "id": 0,
    "ticket_number": "TKT-20231201-001",
    "title": "A message to try the webhook",
    "status": "open",
    "priority": "medium",
    "ticket_type": "request",
    "assigned_to": None,
    "department_id": None,
    "tags": [],
    "due_date": None,
}


def ping(desk: Desk) -> Event:
    """A message that tries a webhook: made as all others are, about a ticket that is not there."""
    person = {"id": desk.actor.id, "username": desk.actor.username}
    ticket = {**_EXAMPLE, "created_by": person, "created_at": desk.now, "updated_at": desk.now}
    return Event(PING, None, None, desk.now, _json({"ticket": ticket, "actor": person}))


def payload(event: Event, webhook_id: str) -> str:
    """Webhook Payload, for one receiver."""
    return _json(
        {
            "event": event.name,
            "timestamp": event.at,
            "data": orjson.Fragment(event.data),
            "webhook_id": webhook_id,
        }
    ).decode()
