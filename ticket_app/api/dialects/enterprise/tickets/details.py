"""Get Ticket Details: the ticket with its comments, files, timeline, approvals and SLA targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field as Bounded
from pydantic.fields import FieldInfo
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise import data_models
from ticket_app.api.dialects.enterprise.approvals.schemas import Approval
from ticket_app.api.dialects.enterprise.data_models import StatusValue, UserSummary
from ticket_app.api.dialects.enterprise.vocabulary import STATUS, VOCABULARIES
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.vocabulary import ApprovalEvent, ApprovalState, Audience, EntryKind
from ticket_app.core.sla.targets import SlaTarget, TargetState
from ticket_app.core.sla.targets import TicketSla as SlaTargets
from ticket_app.core.tickets.related import Relation, TicketRelation
from ticket_app.core.timeline.rows import ShortEntryRow


def _enum_schema(values: Iterable[str]) -> FieldInfo:
    return Bounded(json_schema_extra={"enum": [str(word) for word in values]})


FIELD_NAMES = {
    "title": "title",
    "description": "description",
    "status": "status",
    "priority": "priority",
    "kind": "ticket_type",
    "assignee": "assigned_to",
    "department": "department",
    "tags": "tags",
    "due_at": "due_date",
    "internal_notes": "internal_notes",
    "public_notes": "public_notes",
    "satisfaction_rating": "customer_satisfaction_rating",
    "comment": "comment",
    "file": "attachment",
    "duplicate_of": "duplicate_of",
    "merged_into": "merged_into",
    "merged_from": "merged_from",
}
"""The document's names for the fields in the timeline; changes of others are left out."""

EVENT_BY_ENTRY_KIND: dict[str, str] = {
    EntryKind.CREATED: "ticket.created",
    EntryKind.COMMENT: "comment.added",
    EntryKind.FILE: "file.uploaded",
    EntryKind.DELETED: "ticket.deleted",
    EntryKind.RESTORED: "ticket.restored",
    EntryKind.SERVICE_LEVEL: "sla.reported",
}
"""The webhook event name of each kind of timeline entry."""

EVENT_BY_CHANGED_FIELD = {
    "status": "ticket.status_changed",
    "assignee": "ticket.assigned",
    "comment": "comment.changed",
    "file": "file.removed",
}
EVENT_BY_APPROVAL_EVENT: dict[str, str] = dict.fromkeys(
    (ApprovalEvent.REQUESTED, ApprovalEvent.ASKED), "approval.requested"
)
TICKET_UPDATED, APPROVAL_PROCESSED = "ticket.updated", "approval.processed"
EVENTS = (
    *EVENT_BY_ENTRY_KIND.values(),
    *EVENT_BY_CHANGED_FIELD.values(),
    TICKET_UPDATED,
    *dict.fromkeys(EVENT_BY_APPROVAL_EVENT.values()),
    APPROVAL_PROCESSED,
)


class Activity(TypedDict):
    """An entry of the activity timeline; `note` is the comment of a decision."""

    id: int
    event: Annotated[str, _enum_schema(EVENTS)]
    field: str | None
    old_value: str | None
    new_value: str | None
    note: str | None
    comment_id: int | None
    attachment_id: int | None
    is_internal: bool
    user_id: int | None
    user: UserSummary | None
    created_at: datetime


class RelatedTicket(TypedDict):
    """A related ticket."""

    id: int
    ticket_number: str
    title: str
    status: StatusValue
    relation: Annotated[str, _enum_schema(Relation)]


class SlaTargetStatus(TypedDict):
    """The state of an SLA target; `seconds_left` is set while the clock is paused."""

    state: Annotated[str, _enum_schema(TargetState)]
    due_by: datetime | None
    seconds_left: int | None
    breached_at: datetime | None


class TicketSla(TypedDict):
    """The SLA targets of the ticket."""

    first_response: SlaTargetStatus | None
    resolution: SlaTargetStatus | None


class TicketDetails(data_models.Ticket):
    """The complete ticket."""

    comments: list[data_models.Comment]
    comments_total: int
    attachments: list[data_models.Attachment]
    awaited_attachments: list[str]
    approval_status: Annotated[str, _enum_schema(ApprovalState)] | None
    approvals: list[Approval]
    activity_timeline: list[Activity]
    related_tickets: list[RelatedTicket]
    sla: TicketSla


def format_activity(lines: Sequence[ShortEntryRow]) -> list[Activity]:
    """Format the timeline, oldest first, without entries that the document has no words for."""
    return [_format_entry(line) for line in lines if _is_documented(line)]


def _is_documented(line: ShortEntryRow) -> bool:
    if line.kind != EntryKind.CHANGE:
        return True
    vocabulary = VOCABULARIES.get(line.field or "")
    if vocabulary and line.old_value and line.new_value:
        return vocabulary.format(line.old_value) != vocabulary.format(line.new_value)
    return line.field in FIELD_NAMES


def _event_name(line: ShortEntryRow) -> str:
    if line.kind == EntryKind.CHANGE:
        return EVENT_BY_CHANGED_FIELD.get(line.field or "", TICKET_UPDATED)
    if line.kind == EntryKind.APPROVAL:
        return EVENT_BY_APPROVAL_EVENT.get(line.field or "", APPROVAL_PROCESSED)
    return EVENT_BY_ENTRY_KIND[line.kind]


def _format_entry(line: ShortEntryRow) -> Activity:
    vocabulary = VOCABULARIES.get(line.field or "")
    format_value: Callable[[str], str] = vocabulary.format if vocabulary else str
    is_comment, is_file = line.kind == EntryKind.COMMENT, line.kind == EntryKind.FILE
    return {
        "id": line.id,
        "event": _event_name(line),
        "field": line.field and FIELD_NAMES.get(line.field, line.field),
        "old_value": line.old_value and format_value(line.old_value),
        "new_value": line.new_value and format_value(line.new_value),
        "note": None if is_comment else line.body,
        "comment_id": line.id if is_comment else None,
        "attachment_id": line.new_id if is_file else None,
        "is_internal": line.audience == Audience.INTERNAL,
        "user_id": line.actor_id,
        "user": data_models.format_user_or_none(line, "actor", line.actor_id),
        "created_at": line.at,
    }


def format_related_ticket(other: TicketRelation) -> RelatedTicket:
    """Format a related ticket."""
    return {
        "id": other.ticket.id,
        "ticket_number": ticket_numbers.format_enterprise_number(other.ticket),
        "title": other.ticket.title,
        "status": STATUS.format(other.ticket.status),
        "relation": other.relation,
    }


def format_sla(targets: SlaTargets) -> TicketSla:
    """Format the SLA targets of the ticket."""
    return {
        "first_response": _format_target(targets.first_response),
        "resolution": _format_target(targets.resolution),
    }


def _format_target(target: SlaTarget | None) -> SlaTargetStatus | None:
    if target is None:
        return None
    return {
        "state": target.state,
        "due_by": target.due_at,
        "seconds_left": target.seconds_left if target.state is TargetState.PAUSED else None,
        "breached_at": target.breached_at,
    }
