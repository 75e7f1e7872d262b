"""The registry of webhook events, and how they are built from timeline entries.

Entries written in one transaction become events. A ticket is described as it was at that moment,
even if it has changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, or_, select

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    ApprovalState,
    Audience,
    EntryKind,
    Kind,
    Priority,
    ScanStatus,
    Status,
)
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.webhooks.payload_format import (
    MAX_VALUE_LENGTH,
    ApprovalChanged,
    AssigneeChanged,
    CommentAdded,
    EventDetails,
    FieldChange,
    FieldsChanged,
    FileUploaded,
    PersonReference,
    StatusChanged,
    TicketCreated,
    TicketSnapshot,
    TrashChange,
    get_payload_format,
)
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
_SNAPSHOT_COLUMNS = (
    ticket_table.c.title,
    ticket_table.c.status,
    ticket_table.c.priority,
    ticket_table.c.kind,
    ticket_table.c.tags,
    ticket_table.c.assignee_id,
    ticket_table.c.department_id,
    ticket_table.c.due_at,
)
"""What events show of a ticket and may change after an event; later changes are taken back."""
_SNAPSHOT_FIELDS = {
    field.name: field
    for field in FIELDS.values()
    if field.column in {column.name for column in _SNAPSHOT_COLUMNS}
}
if len(_SNAPSHOT_FIELDS) != len(_SNAPSHOT_COLUMNS):
    raise LookupError("a column that webhook events show is not a registered field")
_SELECT_TICKET = select(
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    *_SNAPSHOT_COLUMNS,
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
    row = uow.connection.execute(_SELECT_TICKET, {"ticket": ticket_id}).mappings().first()
    if not entries or row is None:
        return []
    ticket: dict[str, Any] = {**row}
    for later in uow.connection.execute(
        _SELECT_LATER_CHANGES, {"ticket": ticket_id, "after": entries[-1].id}
    ):
        field = _SNAPSHOT_FIELDS.get(later.field)
        if field is not None:
            ticket[field.column] = field.parse_recorded(later.old_value, later.old_id)
    transaction = _Transaction(uow, ticket, entries)
    events = [
        (event_type.order, transaction.make_event(event_type.name, entry, details))
        for event_type in EVENT_TYPES
        for entry, details in event_type.find(transaction)
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
        self.people_by_id = {row.id: PersonReference(row.id, row.username) for row in people}
        self._format = get_payload_format()
        snapshot = self._take_snapshot(ticket, entries[-1].at)
        self._ticket_json = orjson.Fragment(_to_json(self._format.format_ticket(snapshot)))

    def _take_snapshot(self, ticket: Mapping[str, Any], at: datetime) -> TicketSnapshot:
        return TicketSnapshot(
            id=ticket["id"],
            key_prefix=ticket["key_prefix"],
            key_number=ticket["key_number"],
            opened_on=ticket["opened_on"],
            day_number=ticket["day_number"],
            title=ticket["title"],
            status=Status(ticket["status"]),
            priority=Priority(ticket["priority"]),
            kind=Kind(ticket["kind"]),
            tags=ticket["tags"],
            creator=self.people_by_id.get(ticket["created_by_id"]),
            assignee=self.people_by_id.get(ticket["assignee_id"]),
            department_id=ticket["department_id"],
            due_at=ticket["due_at"],
            created_at=ticket["created_at"],
            updated_at=at,
        )

    def make_event(self, name: str, entry: Any, details: EventDetails) -> Event:
        """Return an event with the ticket, the details of the event and the actor."""
        content = _to_json(
            {
                "ticket": self._ticket_json,
                **self._format.format_details(details),
                "actor": self.people_by_id.get(entry.actor_id),
            }
        )
        return Event(name, self._ticket_id, entry.id, entry.at, content)

    def changes(self) -> Iterator[tuple[Any, FieldChange | TrashChange]]:
        """Yield the entries of changes that show in payloads."""
        for entry in self.entries:
            if entry.kind in _IS_DELETED_BY_KIND:
                yield entry, TrashChange(_IS_DELETED_BY_KIND[entry.kind])
                continue
            field = FIELDS.get(entry.field)
            if entry.kind != EntryKind.CHANGE or field is None:
                continue
            change = FieldChange(
                field,
                field.parse_recorded(entry.old_value, entry.old_id),
                field.parse_recorded(entry.new_value, entry.new_id),
                is_internal=entry.audience == Audience.INTERNAL,
            )
            if self._format.is_visible(change):
                yield entry, change


FoundEvents = Iterator[tuple[Any, EventDetails]]
"""For each event, its timeline entry and what it is about."""
_IS_DELETED_BY_KIND = {EntryKind.DELETED: True, EntryKind.RESTORED: False}


def _find_created(transaction: _Transaction) -> FoundEvents:
    for entry in transaction.entries:
        if entry.kind == EntryKind.CREATED:
            yield entry, TicketCreated()


def _find_updated(transaction: _Transaction) -> FoundEvents:
    changes = list(transaction.changes())
    if changes and not transaction.is_new:
        yield changes[0][0], FieldsChanged([change for _, change in changes])


def _find_status_changed(transaction: _Transaction) -> FoundEvents:
    for entry, change in transaction.changes():
        if (
            isinstance(change, FieldChange)
            and change.field is ticket_fields.STATUS
            and not transaction.is_new
        ):
            yield entry, StatusChanged(change)


def _find_assigned(transaction: _Transaction) -> FoundEvents:
    people = transaction.people_by_id
    for entry, change in transaction.changes():
        if isinstance(change, FieldChange) and change.field is ticket_fields.ASSIGNEE:
            yield entry, AssigneeChanged(people.get(entry.new_id), people.get(entry.old_id))


def _find_comments(transaction: _Transaction) -> FoundEvents:
    for entry in transaction.entries:
        if entry.kind == EntryKind.COMMENT and entry.deleted_at is None:
            yield (
                entry,
                CommentAdded(
                    id=entry.id,
                    author_id=entry.actor_id,
                    author=transaction.people_by_id.get(entry.actor_id),
                    body=entry.body or "",
                    is_internal=entry.audience == Audience.INTERNAL,
                    mentions=entry.mentions or [],
                    created_at=entry.at,
                ),
            )


def _find_files(transaction: _Transaction) -> FoundEvents:
    for entry in transaction.entries:
        if entry.kind != EntryKind.FILE:
            continue
        row = transaction.uow.connection.execute(_SELECT_ATTACHMENT, {"file": entry.new_id}).first()
        yield (
            entry,
            FileUploaded(
                id=entry.new_id,
                name=entry.new_value,
                size=row.size if row else None,
                mime_type=row.mime_type if row else None,
                scan_status=ScanStatus(row.scan_status) if row else None,
                is_internal=entry.audience == Audience.INTERNAL,
                uploader=transaction.people_by_id.get(entry.actor_id),
            ),
        )


def _read_approval(transaction: _Transaction, entry: Any) -> ApprovalChanged:
    comments = [entry.body] + [
        other.body
        for other in transaction.entries
        if other.field == ApprovalEvent.REMARK and other.new_id == entry.new_id
    ]
    is_delegation = entry.field == ApprovalEvent.DELEGATED
    return ApprovalChanged(
        request_id=entry.new_id,
        action=ApprovalEvent(entry.field),
        state=ApprovalState((None if is_delegation else entry.new_value) or ApprovalState.PENDING),
        delegate_names=entry.new_value if is_delegation else None,
        comments="\n\n".join(filter(None, comments))[:MAX_VALUE_LENGTH] or None,
        person=transaction.people_by_id.get(entry.actor_id),
        is_internal=entry.audience == Audience.INTERNAL,
        at=entry.at,
    )


def _approval_finder(name: str) -> Callable[[_Transaction], FoundEvents]:
    def find(transaction: _Transaction) -> FoundEvents:
        for entry in transaction.entries:
            if entry.kind == EntryKind.APPROVAL and APPROVAL_EVENT_NAMES.get(entry.field) == name:
                yield entry, _read_approval(transaction, entry)

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


def _to_json(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def build_ping(uow: UnitOfWork) -> Event:
    """Build a test event about an example ticket."""
    person = PersonReference(uow.actor.id, uow.actor.username)
    example = TicketSnapshot(
        id=0,
        key_prefix=Kind.REQUEST.prefix,
        key_number=0,
        opened_on=date(2023, 12, 1),
        day_number=1,
        title="A message to try the webhook",
        status=Status.OPEN,
        priority=Priority.MEDIUM,
        kind=Kind.REQUEST,
        tags=[],
        creator=person,
        assignee=None,
        department_id=None,
        due_at=None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    ticket = get_payload_format().format_ticket(example)
    return Event(PING_EVENT, None, None, uow.now, _to_json({"ticket": ticket, "actor": person}))


def format_payload(event: Event, webhook_id: str) -> str:
    """Return the JSON payload of an event for one receiver."""
    return _to_json(
        get_payload_format().format_message(
            event=event.name,
            occurred_at=event.occurred_at,
            data=orjson.Fragment(event.data),
            webhook_id=webhook_id,
        )
    ).decode()
