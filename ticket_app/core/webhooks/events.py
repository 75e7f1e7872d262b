"""Build webhook events from timeline entries (specs/enterprise, "Webhook Events").

Entries written in one transaction become events. A ticket is described as it was at that moment,
even if it has changed since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, or_, select

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    ApprovalState,
    Audience,
    EntryKind,
    Kind,
    Priority,
    Status,
)
from ticket_app.core.webhooks import event_fields, event_vocabulary
from ticket_app.tables import (
    attachment_table,
    entry_table,
    moved_entry_table,
    person_table,
    ticket_table,
)

EVENT_NAMES = (
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
PING_EVENT = "ping"
"""The event of a test delivery; webhooks cannot subscribe to it."""

MAX_COMMENT_LENGTH = 10_000
"""Characters of a comment; longer comments are cut and marked as truncated."""
MAX_LATER_CHANGES = 500


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook event: `data` is JSON; `entry_id` is the timeline entry that makes it unique."""

    name: str
    ticket_id: int | None
    entry_id: int | None
    occurred_at: datetime
    data: bytes


_SELECT_ENTRIES = (
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
        # A merge may have moved an entry since. If it is on another ticket, an entry of a
        # transaction that was rolled back had the same id.
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
_SELECT_LATER_CHANGES = (
    select(entry_table.c.field, entry_table.c.old_value, entry_table.c.old_id)
    .where(
        entry_table.c.ticket_id == bindparam("ticket"),
        entry_table.c.id > bindparam("after"),
        entry_table.c.kind == EntryKind.CHANGE,
    )
    .order_by(entry_table.c.id.desc())
    .limit(MAX_LATER_CHANGES)
)
_SELECT_TICKET = select(
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
_SELECT_USERNAMES = select(person_table.c.id, person_table.c.username).where(
    person_table.c.id.in_(bindparam("ids", expanding=True))
)
_SELECT_ATTACHMENT = select(
    attachment_table.c.id,
    attachment_table.c.original_name,
    attachment_table.c.size,
    attachment_table.c.mime_type,
    attachment_table.c.scan_status,
).where(attachment_table.c.id == bindparam("file"))


def build_events(uow: UnitOfWork, ticket_id: int, entry_ids: Sequence[int]) -> list[Event]:
    """Build the events of one transaction's timeline entries on a ticket, in the order of the
    entries.

    A ticket that was opened in this transaction yields `ticket.created` (and `ticket.assigned` if
    it was assigned), no changes. A change between two values that look alike in payloads yields
    nothing.
    """
    params = {"ticket": ticket_id, "entries": sorted(set(entry_ids))}
    entries = uow.connection.execute(_SELECT_ENTRIES, params).all()
    row = uow.connection.execute(_SELECT_TICKET, {"ticket": ticket_id}).first()
    if not entries or row is None:
        return []
    ticket = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    for later in uow.connection.execute(
        _SELECT_LATER_CHANGES, {"ticket": ticket_id, "after": entries[-1].id}
    ):
        if later.field in event_fields.SNAPSHOT_COLUMNS:
            column, parse = event_fields.SNAPSHOT_COLUMNS[later.field]
            ticket[column] = parse(later.old_value, later.old_id)
    builder = _EventBuilder(uow, ticket, entries)
    return [*builder.created_events(), *builder.change_events(), *builder.added_events()]


class _EventBuilder:
    """Turns the timeline entries of one ticket into events."""

    def __init__(self, uow: UnitOfWork, ticket: Mapping[str, Any], entries: Sequence[Any]) -> None:
        self._uow = uow
        self._entries = entries
        self._ticket_id: int = ticket["id"]
        self._is_new = any(entry.kind == EntryKind.CREATED for entry in entries)
        ids = {ticket["created_by_id"], ticket["assignee_id"]}
        for entry in entries:
            ids.add(entry.actor_id)
            if entry.field == "assignee":
                ids |= {entry.old_id, entry.new_id}
        people = uow.connection.execute(
            _SELECT_USERNAMES, {"ids": [one for one in ids if one is not None]}
        )
        self._people_by_id = {row.id: {"id": row.id, "username": row.username} for row in people}
        self._ticket_json = orjson.Fragment(_to_json(self._format_ticket(ticket, entries[-1].at)))

    def _format_ticket(self, ticket: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        number_fields = _DayNumberFields(
            **{name: ticket[name] for name in ("opened_on", "day_number")}
        )
        return {
            "id": ticket["id"],
            "ticket_number": ticket_numbers.format_enterprise_number(number_fields),  # type: ignore[arg-type]
            "title": ticket["title"],
            "status": event_vocabulary.STATUS[Status(ticket["status"])],
            "priority": event_vocabulary.PRIORITY[Priority(ticket["priority"])],
            "ticket_type": event_vocabulary.KIND[Kind(ticket["kind"])],
            "created_by": self._people_by_id.get(ticket["created_by_id"]),
            "assigned_to": self._people_by_id.get(ticket["assignee_id"]),
            "department_id": ticket["department_id"],
            "tags": ticket["tags"],
            "due_date": ticket["due_at"],
            "created_at": ticket["created_at"],
            "updated_at": at,
        }

    def _make_event(self, name: str, entry: Any, **data: Any) -> Event:
        actor = self._people_by_id.get(entry.actor_id)
        content = _to_json({"ticket": self._ticket_json, **data, "actor": actor})
        return Event(name, self._ticket_id, entry.id, entry.at, content)

    def created_events(self) -> list[Event]:
        """Build `ticket.created`."""
        return [
            self._make_event("ticket.created", entry)
            for entry in self._entries
            if entry.kind == EntryKind.CREATED
        ]

    def change_events(self) -> list[Event]:
        """Build one `ticket.updated` for all changed fields, `ticket.status_changed`,
        `ticket.assigned`.
        """
        changes: list[dict[str, Any]] = []
        events: list[Event] = []
        first_changed_entry = None
        for entry in self._entries:
            change = event_fields.format_change(entry)
            if change is None:
                continue
            first_changed_entry = first_changed_entry or entry
            changes.append(change)
            if entry.field == "assignee":
                events.append(
                    self._make_event(
                        "ticket.assigned",
                        entry,
                        assigned_to=self._people_by_id.get(entry.new_id),
                        previously_assigned_to=self._people_by_id.get(entry.old_id),
                    )
                )
            elif entry.field == "status" and not self._is_new:
                events.append(
                    self._make_event(
                        "ticket.status_changed",
                        entry,
                        old_status=change["old"],
                        new_status=change["new"],
                    )
                )
        if first_changed_entry is None or self._is_new:
            return events
        return [self._make_event("ticket.updated", first_changed_entry, changes=changes), *events]

    def added_events(self) -> list[Event]:
        """Build `comment.added`, `file.uploaded`, `approval.requested` and `approval.processed`."""
        events: list[Event] = []
        for entry in self._entries:
            if entry.kind == EntryKind.COMMENT and entry.deleted_at is None:
                events.append(
                    self._make_event("comment.added", entry, comment=self._format_comment(entry))
                )
            elif entry.kind == EntryKind.FILE:
                events.append(
                    self._make_event("file.uploaded", entry, file=self._format_file(entry))
                )
            elif entry.kind == EntryKind.APPROVAL:
                name = event_vocabulary.APPROVAL_EVENT_NAMES.get(entry.field)
                if name:
                    events.append(
                        self._make_event(name, entry, approval=self._format_approval(entry))
                    )
        return events

    def _format_comment(self, entry: Any) -> dict[str, Any]:
        body = entry.body or ""
        return {
            "id": entry.id,
            "user_id": entry.actor_id,
            "user": self._people_by_id.get(entry.actor_id),
            "content": body[:MAX_COMMENT_LENGTH],
            "is_truncated": len(body) > MAX_COMMENT_LENGTH,
            "is_internal": entry.audience == Audience.INTERNAL,
            "mentions": entry.mentions or [],
            "created_at": entry.at,
        }

    def _format_file(self, entry: Any) -> dict[str, Any]:
        row = self._uow.connection.execute(_SELECT_ATTACHMENT, {"file": entry.new_id}).first()
        return {
            "id": entry.new_id,
            "filename": entry.new_value,
            "size": row and row.size,
            "content_type": row and row.mime_type,
            "virus_scan_status": row and row.scan_status,
            "is_internal": entry.audience == Audience.INTERNAL,
            "uploaded_by": self._people_by_id.get(entry.actor_id),
        }

    def _format_approval(self, entry: Any) -> dict[str, Any]:
        comments = [entry.body] + [
            other.body
            for other in self._entries
            if other.field == ApprovalEvent.REMARK and other.new_id == entry.new_id
        ]
        is_delegation = entry.field == ApprovalEvent.DELEGATED
        return {
            "id": entry.new_id,
            "action": entry.field,
            "state": (None if is_delegation else entry.new_value) or ApprovalState.PENDING,
            "to": entry.new_value if is_delegation else None,
            "comments": "\n\n".join(filter(None, comments))[: event_fields.MAX_VALUE_LENGTH]
            or None,
            "by": self._people_by_id.get(entry.actor_id),
            "is_internal": entry.audience == Audience.INTERNAL,
            "at": entry.at,
        }


@dataclass(frozen=True, slots=True)
class _DayNumberFields:
    """The parts of a ticket's day number."""

    opened_on: Any
    day_number: int


def _to_json(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)


_EXAMPLE_TICKET = {
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


def build_ping(uow: UnitOfWork) -> Event:
    """Build a test event about an example ticket."""
    person = {"id": uow.actor.id, "username": uow.actor.username}
    ticket = {**_EXAMPLE_TICKET, "created_by": person, "created_at": uow.now, "updated_at": uow.now}
    return Event(PING_EVENT, None, None, uow.now, _to_json({"ticket": ticket, "actor": person}))


def format_payload(event: Event, webhook_id: str) -> str:
    """Return the JSON payload of an event for one receiver (the document's "Webhook Payload")."""
    return _to_json(
        {
            "event": event.name,
            "timestamp": event.occurred_at,
            "data": orjson.Fragment(event.data),
            "webhook_id": webhook_id,
        }
    ).decode()
