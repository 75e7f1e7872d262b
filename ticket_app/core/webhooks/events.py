"""Build webhook events from timeline entries (specs/enterprise, "Webhook Events").

Entries written in one transaction become events. A ticket is described as it was at that moment,
even if it has changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
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

APPROVAL_EVENT_NAMES: dict[ApprovalEvent, str | None] = {
    ApprovalEvent.REQUESTED: "approval.requested",
    ApprovalEvent.ASKED: None,
    ApprovalEvent.APPROVED: "approval.processed",
    ApprovalEvent.REJECTED: "approval.processed",
    ApprovalEvent.REMARK: None,
    ApprovalEvent.DELEGATED: "approval.processed",
    ApprovalEvent.INFO_REQUESTED: "approval.processed",
    ApprovalEvent.INFO_GIVEN: None,
    ApprovalEvent.ESCALATED: None,
    ApprovalEvent.CANCELLED: "approval.processed",
}
"""The webhook event of each approval entry; None for entries that no event announces."""
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
                    moved_entry_table.c.original_ticket_id == bindparam("ticket"),
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
    transaction = _Transaction(uow, ticket, entries)
    events = [
        (event_type.order, transaction.make_event(event_type.name, entry, data))
        for event_type in EVENT_TYPES
        for entry, data in event_type.find(transaction)
    ]
    events.sort(key=lambda item: (item[0], item[1].entry_id))
    return [event for _, event in events]


class _Transaction:
    """The timeline entries that one transaction wrote on a ticket, with the ticket as it was."""

    def __init__(self, uow: UnitOfWork, ticket: Mapping[str, Any], entries: Sequence[Any]) -> None:
        self.uow = uow
        self.entries = entries
        self._ticket_id: int = ticket["id"]
        self.is_new = any(entry.kind == EntryKind.CREATED for entry in entries)
        ids = {ticket["created_by_id"], ticket["assignee_id"]}
        for entry in entries:
            ids.add(entry.actor_id)
            if entry.field == "assignee":
                ids |= {entry.old_id, entry.new_id}
        people = uow.connection.execute(
            _SELECT_USERNAMES, {"ids": [one for one in ids if one is not None]}
        )
        self.people_by_id = {row.id: {"id": row.id, "username": row.username} for row in people}
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
            "created_by": self.people_by_id.get(ticket["created_by_id"]),
            "assigned_to": self.people_by_id.get(ticket["assignee_id"]),
            "department_id": ticket["department_id"],
            "tags": ticket["tags"],
            "due_date": ticket["due_at"],
            "created_at": ticket["created_at"],
            "updated_at": at,
        }

    def make_event(self, name: str, entry: Any, data: Mapping[str, Any]) -> Event:
        """Return an event with the ticket, the data of the event and the actor."""
        actor = self.people_by_id.get(entry.actor_id)
        content = _to_json({"ticket": self._ticket_json, **data, "actor": actor})
        return Event(name, self._ticket_id, entry.id, entry.at, content)

    def changes(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Yield the entries that changed a field, with the change as payloads show it."""
        for entry in self.entries:
            change = event_fields.format_change(entry)
            if change is not None:
                yield entry, change


def _format_comment(transaction: _Transaction, entry: Any) -> dict[str, Any]:
    body = entry.body or ""
    return {
        "id": entry.id,
        "user_id": entry.actor_id,
        "user": transaction.people_by_id.get(entry.actor_id),
        "content": body[:MAX_COMMENT_LENGTH],
        "is_truncated": len(body) > MAX_COMMENT_LENGTH,
        "is_internal": entry.audience == Audience.INTERNAL,
        "mentions": entry.mentions or [],
        "created_at": entry.at,
    }


def _format_file(transaction: _Transaction, entry: Any) -> dict[str, Any]:
    row = transaction.uow.connection.execute(_SELECT_ATTACHMENT, {"file": entry.new_id}).first()
    return {
        "id": entry.new_id,
        "filename": entry.new_value,
        "size": row and row.size,
        "content_type": row and row.mime_type,
        "virus_scan_status": row and row.scan_status,
        "is_internal": entry.audience == Audience.INTERNAL,
        "uploaded_by": transaction.people_by_id.get(entry.actor_id),
    }


def _format_approval(transaction: _Transaction, entry: Any) -> dict[str, Any]:
    comments = [entry.body] + [
        other.body
        for other in transaction.entries
        if other.field == ApprovalEvent.REMARK and other.new_id == entry.new_id
    ]
    is_delegation = entry.field == ApprovalEvent.DELEGATED
    return {
        "id": entry.new_id,
        "action": entry.field,
        "state": (None if is_delegation else entry.new_value) or ApprovalState.PENDING,
        "to": entry.new_value if is_delegation else None,
        "comments": "\n\n".join(filter(None, comments))[: event_fields.MAX_VALUE_LENGTH] or None,
        "by": transaction.people_by_id.get(entry.actor_id),
        "is_internal": entry.audience == Audience.INTERNAL,
        "at": entry.at,
    }


FoundEvents = Iterator[tuple[Any, dict[str, Any]]]
"""For each event, its timeline entry and the data that it adds to the payload."""


def _find_created(transaction: _Transaction) -> FoundEvents:
    for entry in transaction.entries:
        if entry.kind == EntryKind.CREATED:
            yield entry, {}


def _find_updated(transaction: _Transaction) -> FoundEvents:
    changes = list(transaction.changes())
    if changes and not transaction.is_new:
        yield changes[0][0], {"changes": [change for _, change in changes]}


def _find_status_changed(transaction: _Transaction) -> FoundEvents:
    for entry, change in transaction.changes():
        if entry.field == "status" and not transaction.is_new:
            yield entry, {"old_status": change["old"], "new_status": change["new"]}


def _find_assigned(transaction: _Transaction) -> FoundEvents:
    people = transaction.people_by_id
    for entry, _ in transaction.changes():
        if entry.field == "assignee":
            yield (
                entry,
                {
                    "assigned_to": people.get(entry.new_id),
                    "previously_assigned_to": people.get(entry.old_id),
                },
            )


def _find_comments(transaction: _Transaction) -> FoundEvents:
    for entry in transaction.entries:
        if entry.kind == EntryKind.COMMENT and entry.deleted_at is None:
            yield entry, {"comment": _format_comment(transaction, entry)}


def _find_files(transaction: _Transaction) -> FoundEvents:
    for entry in transaction.entries:
        if entry.kind == EntryKind.FILE:
            yield entry, {"file": _format_file(transaction, entry)}


def _approval_finder(name: str) -> Callable[[_Transaction], FoundEvents]:
    def find(transaction: _Transaction) -> FoundEvents:
        for entry in transaction.entries:
            if entry.kind == EntryKind.APPROVAL and APPROVAL_EVENT_NAMES.get(entry.field) == name:
                yield entry, {"approval": _format_approval(transaction, entry)}

    return find


class EventOrder(IntEnum):
    """The order of the events of one transaction; within one value they follow their entries."""

    CREATED = 0
    CHANGED = 1
    ADDED = 2


@dataclass(frozen=True, slots=True)
class EventType:
    """A webhook event: its name, its place among others, and which entries cause it."""

    name: str
    order: EventOrder
    find: Callable[[_Transaction], FoundEvents]


EVENT_TYPES = (
    EventType("ticket.created", EventOrder.CREATED, _find_created),
    EventType("ticket.updated", EventOrder.CHANGED, _find_updated),
    EventType("ticket.status_changed", EventOrder.CHANGED, _find_status_changed),
    EventType("ticket.assigned", EventOrder.CHANGED, _find_assigned),
    EventType("comment.added", EventOrder.ADDED, _find_comments),
    EventType("approval.requested", EventOrder.ADDED, _approval_finder("approval.requested")),
    EventType("approval.processed", EventOrder.ADDED, _approval_finder("approval.processed")),
    EventType("file.uploaded", EventOrder.ADDED, _find_files),
)
"""Every webhook event, in the document's order. A new event is added here and to both SDKs."""
EVENT_NAMES = tuple(event_type.name for event_type in EVENT_TYPES)


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
