"""The registry of webhook events: what each is about, and which timeline entries cause it.

Entries written in one transaction become events. A ticket is described as it was at that moment,
even if it has changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy import bindparam, select

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    ApprovalState,
    Audience,
    EntryKind,
    ScanStatus,
)
from ticket_app.core.sla.alerts import BREACHED, WARNED
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.webhooks.event_messages import Event
from ticket_app.core.webhooks.payload_format import (
    MAX_VALUE_LENGTH,
    EventDetails,
    FieldChange,
    PersonReference,
    TrashChange,
)
from ticket_app.core.webhooks.rows import EventEntryRow
from ticket_app.core.webhooks.transactions import TicketTransaction, read_ticket_transaction
from ticket_app.tables import attachment_table


@dataclass(frozen=True, slots=True)
class TicketCreated(EventDetails):
    """A ticket was opened."""


@dataclass(frozen=True, slots=True)
class FieldsChanged(EventDetails):
    """Fields of a ticket were changed, or it was moved to the trash or restored."""

    changes: list[FieldChange | TrashChange]


@dataclass(frozen=True, slots=True)
class StatusChanged(EventDetails):
    """The status of a ticket was changed."""

    change: FieldChange


@dataclass(frozen=True, slots=True)
class AssigneeChanged(EventDetails):
    """A ticket was assigned to another person, or to no one."""

    assignee: PersonReference | None
    previous: PersonReference | None


@dataclass(frozen=True, slots=True)
class CommentAdded(EventDetails):
    """A reply or a note was added."""

    id: int
    author_id: int | None
    author: PersonReference | None
    body: str
    is_internal: bool
    mentions: list[int]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FileUploaded(EventDetails):
    """A file was attached; the details are None if it is gone."""

    id: int
    name: str
    size: int | None
    mime_type: str | None
    scan_status: ScanStatus | None
    is_internal: bool
    uploader: PersonReference | None


@dataclass(frozen=True, slots=True)
class ApprovalChanged(EventDetails):
    """Approval was requested, or a request was decided, delegated or cancelled."""

    request_id: int
    action: ApprovalEvent
    state: ApprovalState
    delegate_names: str | None
    comments: str | None
    person: PersonReference | None
    is_internal: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class SlaTargetReported(EventDetails):
    """A ticket is approaching an SLA target, or has breached it."""

    target: str
    due_at: datetime
    is_breached: bool


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

    A ticket that was opened in this transaction yields only `ticket.created` (and
    `ticket.assigned` if it was assigned), not its changes. A change between two values that look
    alike in payloads yields nothing.
    """
    transaction = read_ticket_transaction(uow, ticket_id, entry_ids)
    if transaction is None:
        return []
    events = [
        (event_type.order, transaction.make_event(event_type.name, entry, details))
        for event_type in EVENT_TYPES
        for entry, details in event_type.find(transaction)
    ]
    events.sort(key=lambda item: (item[0], item[1].entry_id))
    return [event for _, event in events]


FoundEvents = Iterator[tuple[EventEntryRow, EventDetails]]
"""For each event, its timeline entry and what it is about."""


def _find_created(transaction: TicketTransaction) -> FoundEvents:
    for entry in transaction.entries:
        if entry.kind == EntryKind.CREATED:
            yield entry, TicketCreated()


def _find_updated(transaction: TicketTransaction) -> FoundEvents:
    changes = list(transaction.changes())
    if changes and not transaction.is_new:
        yield changes[0][0], FieldsChanged([change for _, change in changes])


def _find_status_changed(transaction: TicketTransaction) -> FoundEvents:
    for entry, change in transaction.changes():
        if (
            isinstance(change, FieldChange)
            and change.field is ticket_fields.STATUS
            and not transaction.is_new
        ):
            yield entry, StatusChanged(change)


def _find_assigned(transaction: TicketTransaction) -> FoundEvents:
    people = transaction.people_by_id
    for entry, change in transaction.changes():
        if isinstance(change, FieldChange) and change.field is ticket_fields.ASSIGNEE:
            yield entry, AssigneeChanged(people.get(entry.new_id), people.get(entry.old_id))


def _find_comments(transaction: TicketTransaction) -> FoundEvents:
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


def _find_files(transaction: TicketTransaction) -> FoundEvents:
    for entry in transaction.entries:
        if entry.kind != EntryKind.FILE:
            continue
        assert entry.new_id is not None
        row = transaction.uow.connection.execute(_SELECT_ATTACHMENT, {"file": entry.new_id}).first()
        yield (
            entry,
            FileUploaded(
                id=entry.new_id,
                name=entry.new_value or "",
                size=row.size if row else None,
                mime_type=row.mime_type if row else None,
                scan_status=ScanStatus(row.scan_status) if row else None,
                is_internal=entry.audience == Audience.INTERNAL,
                uploader=transaction.people_by_id.get(entry.actor_id),
            ),
        )


def _read_approval(transaction: TicketTransaction, entry: EventEntryRow) -> ApprovalChanged:
    comments = [entry.body] + [
        other.body
        for other in transaction.entries
        if other.field == ApprovalEvent.REMARK and other.new_id == entry.new_id
    ]
    is_delegation = entry.field == ApprovalEvent.DELEGATED
    assert entry.new_id is not None
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


def _approval_event_name(entry: EventEntryRow) -> str | None:
    is_approval = entry.kind == EntryKind.APPROVAL and entry.field in APPROVAL_EVENT_NAMES
    return APPROVAL_EVENT_NAMES[ApprovalEvent(entry.field)] if is_approval else None


def _approval_finder(name: str) -> Callable[[TicketTransaction], FoundEvents]:
    def find(transaction: TicketTransaction) -> FoundEvents:
        for entry in transaction.entries:
            if _approval_event_name(entry) == name:
                yield entry, _read_approval(transaction, entry)

    return find


def _sla_finder(reported: str) -> Callable[[TicketTransaction], FoundEvents]:
    def find(transaction: TicketTransaction) -> FoundEvents:
        for entry in transaction.entries:
            if entry.kind == EntryKind.SERVICE_LEVEL and entry.new_value == reported:
                assert entry.field is not None
                assert entry.old_value is not None
                due_at = datetime.fromisoformat(entry.old_value)
                yield entry, SlaTargetReported(entry.field, due_at, reported == BREACHED)

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
    find: Callable[[TicketTransaction], FoundEvents]


EVENT_TYPES = (
    EventType("ticket.created", EventOrder.CREATED, _find_created),
    EventType("ticket.updated", EventOrder.CHANGED, _find_updated),
    EventType("ticket.status_changed", EventOrder.CHANGED, _find_status_changed),
    EventType("ticket.assigned", EventOrder.CHANGED, _find_assigned),
    EventType("comment.added", EventOrder.ADDED, _find_comments),
    EventType("approval.requested", EventOrder.ADDED, _approval_finder("approval.requested")),
    EventType("approval.processed", EventOrder.ADDED, _approval_finder("approval.processed")),
    EventType("file.uploaded", EventOrder.ADDED, _find_files),
    EventType("ticket.sla_warning", EventOrder.ADDED, _sla_finder(WARNED)),
    EventType("ticket.sla_breached", EventOrder.ADDED, _sla_finder(BREACHED)),
)
"""Every webhook event: those of the document in its order, then ours.

`scripts/sdk_events.py` and `scripts/sdk_models.py` write a new one into the SDKs.
"""
EVENT_NAMES = tuple(event_type.name for event_type in EVENT_TYPES)
