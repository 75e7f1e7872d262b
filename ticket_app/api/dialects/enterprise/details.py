"""Get Ticket Details: the ticket with all that hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise import shapes
from ticket_app.api.dialects.enterprise.approval_shapes import Approval
from ticket_app.api.dialects.enterprise.shapes import PersonBrief, StatusWord
from ticket_app.api.dialects.enterprise.vocabulary import STATUS, WORDS
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.vocabulary import ApprovalEvent, ApprovalState, Audience, EntryKind
from ticket_app.core.sla.targets import ServiceLevel as Promised
from ticket_app.core.sla.targets import State, Target
from ticket_app.core.tickets.related import Related, Relation


def _one_of(words: Iterable[str]) -> Any:
    return Bounded(json_schema_extra={"enum": [str(word) for word in words]})


FIELD = {
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
"""What the document's words are for the fields whose changes are told; others are left out."""

EVENT = {
    EntryKind.CREATED: "ticket.created",
    EntryKind.COMMENT: "comment.added",
    EntryKind.FILE: "file.uploaded",
    EntryKind.DELETED: "ticket.deleted",
    EntryKind.RESTORED: "ticket.restored",
    EntryKind.SERVICE_LEVEL: "sla.reported",
}
"""What a line of the timeline is called: as the document calls its webhooks' events."""

EVENT_OF_CHANGE = {
    "status": "ticket.status_changed",
    "assignee": "ticket.assigned",
    "comment": "comment.changed",
    "file": "file.removed",
}
EVENT_OF_APPROVAL = dict.fromkeys(
    (ApprovalEvent.REQUESTED, ApprovalEvent.ASKED), "approval.requested"
)
CHANGED, DECIDED = "ticket.updated", "approval.processed"
EVENTS = (
    *EVENT.values(),
    *EVENT_OF_CHANGE.values(),
    CHANGED,
    *dict.fromkeys(EVENT_OF_APPROVAL.values()),
    DECIDED,
)


class Activity(TypedDict):
    """A line of the activity timeline; `note` is what was said with a decision."""

    id: int
    event: Annotated[str, _one_of(EVENTS)]
    field: str | None
    old_value: str | None
    new_value: str | None
    note: str | None
    comment_id: int | None
    attachment_id: int | None
    is_internal: bool
    user_id: int | None
    user: PersonBrief | None
    created_at: datetime


class RelatedTicket(TypedDict):
    """A ticket that has to do with this one."""

    id: int
    ticket_number: str
    title: str
    status: StatusWord
    relation: Annotated[str, _one_of(Relation)]


class Goal(TypedDict):
    """How one promise stands; `seconds_left` while the clock stands still."""

    state: Annotated[str, _one_of(State)]
    due_by: datetime | None
    seconds_left: int | None
    breached_at: datetime | None


class ServiceLevel(TypedDict):
    """What was promised for the ticket."""

    first_response: Goal | None
    resolution: Goal | None


class WholeTicket(shapes.Ticket):
    """Complete ticket information, and all that belongs to it."""

    comments: list[shapes.Comment]
    comments_total: int
    attachments: list[shapes.Attachment]
    awaited_attachments: list[str]
    approval_status: Annotated[str, _one_of(ApprovalState)] | None
    approvals: list[Approval]
    activity_timeline: list[Activity]
    related_tickets: list[RelatedTicket]
    sla: ServiceLevel


def activity(lines: Sequence[Any]) -> list[Activity]:
    """The activity timeline, as far as the document has words for it, oldest first."""
    return [_line(line) for line in lines if _is_told(line)]


def _is_told(line: Any) -> bool:
    if line.kind != EntryKind.CHANGE:
        return True
    words = WORDS.get(line.field)
    if words and line.old_value and line.new_value:
        return words.say(line.old_value) != words.say(line.new_value)
    return line.field in FIELD


def _event(line: Any) -> str:
    if line.kind == EntryKind.CHANGE:
        return EVENT_OF_CHANGE.get(line.field, CHANGED)
    if line.kind == EntryKind.APPROVAL:
        return EVENT_OF_APPROVAL.get(line.field, DECIDED)
    return EVENT[line.kind]


def _line(line: Any) -> Activity:
    words = WORDS.get(line.field)
    say: Callable[[str], str] = words.say if words else str
    is_comment, is_file = line.kind == EntryKind.COMMENT, line.kind == EntryKind.FILE
    return {
        "id": line.id,
        "event": _event(line),
        "field": FIELD.get(line.field, line.field),
        "old_value": line.old_value and say(line.old_value),
        "new_value": line.new_value and say(line.new_value),
        "note": None if is_comment else line.body,
        "comment_id": line.id if is_comment else None,
        "attachment_id": line.new_id if is_file else None,
        "is_internal": line.audience == Audience.INTERNAL,
        "user_id": line.actor_id,
        "user": shapes.somebody(line, "actor", line.actor_id),
        "created_at": line.at,
    }


def related(other: Related) -> RelatedTicket:
    """A ticket that has to do with this one."""
    return {
        "id": other.ticket.id,
        "ticket_number": ticket_numbers.day_number(other.ticket),
        "title": other.ticket.title,
        "status": STATUS.say(other.ticket.status),
        "relation": other.relation,
    }


def service_level(promised: Promised) -> ServiceLevel:
    """What was promised for the ticket."""
    return {
        "first_response": _goal(promised.first_response),
        "resolution": _goal(promised.resolution),
    }


def _goal(target: Target | None) -> Goal | None:
    if target is None:
        return None
    return {
        "state": target.state,
        "due_by": target.by,
        "seconds_left": target.seconds_left if target.state is State.PAUSED else None,
        "breached_at": target.breached_at,
    }
