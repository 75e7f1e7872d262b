"""Models: what goes in and what comes out, in the document's order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, NotRequired

from pydantic import BaseModel, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.ticketing.vocabulary import (
    ACTION,
    CATEGORY,
    FIELD,
    PRIORITY,
    STATUS,
    WORDS,
    action_of,
)
from ticket_app.api.kit.drf import comma_separated
from ticket_app.api.kit.fields import (
    Checked,
    DueMoment,
    Id,
    Line,
    OneOf,
    Tags,
    Text,
    TicketId,
)
from ticket_app.api.kit.media import path_of
from ticket_app.api.kit.texts import StatedFormat
from ticket_app.core.platform import text, ticket_numbers
from ticket_app.core.platform.access_policy import sees_internal
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience, EntryKind
from ticket_app.core.tickets.conditions import is_overdue
from ticket_app.core.tickets.statistics import hours
from ticket_app.core.tickets.tickets import TicketDraft

StatusWord = Annotated[str, OneOf(STATUS)]
PriorityWord = Annotated[str, OneOf(PRIORITY)]
CategoryWord = Annotated[str, OneOf(CATEGORY)]
ActionWord = Annotated[str, Bounded(json_schema_extra={"enum": list(ACTION)})]
Hours = Annotated[float, Bounded(ge=0, le=100_000, allow_inf_nan=False)]


class NewTicket(BaseModel):
    """Create Ticket."""

    subject: Line
    description: Text
    priority: PriorityWord = "medium"
    status: StatusWord | None = None
    category: CategoryWord = "general"
    customer: Id | None = None
    assigned_to: Id | None = None
    due_date: DueMoment | None = None
    estimated_hours: Hours | None = None
    tags: Tags | None = None
    format: StatedFormat = None

    def draft(self) -> TicketDraft:
        """The ticket this body files. Raises `Invalid`."""
        return TicketDraft(
            title=self.subject,
            description=self.description,
            priority=PRIORITY.hear(self.priority),
            category=CATEGORY.hear(self.category),
            company_id=self.customer,
            assignee_id=self.assigned_to,
            due_at=self.due_date,
            estimated_hours=self.estimated_hours,
            tags=comma_separated(self.tags),
            channel="ticketing",
            text_format=self.format,
        )


class TicketChange(BaseModel):
    """Update Ticket: whatever of it is sent, by PUT as by PATCH."""

    subject: Line | None = None
    description: Text | None = None
    status: StatusWord | None = None
    priority: PriorityWord | None = None
    category: CategoryWord | None = None
    customer: Id | None = None
    assigned_to: Id | None = None
    due_date: DueMoment | None = None
    estimated_hours: Hours | None = None
    actual_hours: Hours | None = None
    tags: Tags | None = None
    format: StatedFormat = None

    def changes(self, ticket: Any) -> dict[str, Any]:
        """What is to change of a ticket, in the core's names. Raises `Invalid`."""
        sent = self.model_dump(exclude_unset=True, exclude={"format"})
        for name in WORDS.keys() & sent.keys():
            sent[name] = WORDS[name].hear_over(getattr(ticket, name), sent[name])
        if "tags" in sent:
            sent["tags"] = comma_separated(sent["tags"], ticket.tags)
        return {NAMES.get(name, name): value for name, value in sent.items()}


NAMES = {
    "subject": "title",
    "customer": "company_id",
    "assigned_to": "assignee_id",
    "due_date": "due_at",
}


class Assignment(BaseModel):
    """Assign Ticket; null takes it back."""

    user_id: Id | None


class StatusChange(BaseModel):
    """Change Status."""

    status: StatusWord


class TicketComment(BaseModel):
    """Add Comment."""

    content: Text
    is_internal: bool = False
    format: StatedFormat = None


class NewComment(TicketComment):
    """Create Comment."""

    ticket: TicketId


class NewCustomer(BaseModel):
    """A customer to file tickets for."""

    name: Annotated[StrictStr, Checked(text.required_line, 200)]
    domain: Annotated[StrictStr, Checked(text.optional_line, 253)] | None = None


class Person(TypedDict):
    """User details."""

    id: int
    username: str
    full_name: str


class Customer(TypedDict):
    """Customer details."""

    id: int
    name: str


class Comment(TypedDict):
    """TicketComment."""

    id: int
    ticket: int
    author: int | None
    author_name: str
    content: str
    is_internal: bool
    created_at: datetime
    updated_at: datetime


class PostedComment(Comment):
    """TicketComment, and the new ticket that a late reply to a closed one opened."""

    follow_up: NotRequired[int]
    message: NotRequired[str]


class Attachment(TypedDict):
    """TicketAttachment."""

    id: int
    ticket: int
    file: str
    filename: str
    file_size: int
    uploaded_by: int
    uploaded_by_name: str
    uploaded_at: datetime
    description: str | None


class Change(TypedDict):
    """TicketHistory."""

    id: int
    ticket: int
    user: int | None
    user_name: str | None
    action: ActionWord
    field_name: str | None
    old_value: str | None
    new_value: str | None
    timestamp: datetime


class Ticket(TypedDict):
    """Ticket, as lists show it."""

    id: int
    ticket_number: str
    subject: str
    description: str
    status: StatusWord
    priority: PriorityWord
    category: CategoryWord
    customer: int | None
    customer_name: str | None
    assigned_to: int | None
    assigned_to_name: str | None
    created_by: int
    created_by_name: str
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    due_date: datetime | None
    estimated_hours: float | None
    actual_hours: float | None
    tags: str
    is_overdue: bool
    comments_count: int


class WholeTicket(Ticket):
    """Full ticket details."""

    customer_details: Customer | None
    assigned_to_details: Person | None
    created_by_details: Person
    comments: list[Comment]
    attachments: list[Attachment]
    history: list[Change]
    response_time_hours: float | None
    resolution_time_hours: float | None


class DeletedTicket(TypedDict):
    """A ticket in the trash."""

    id: int
    ticket_number: str
    subject: str
    status: StatusWord
    deleted_at: datetime
    deleted_by: str | None


class WholeCustomer(Customer):
    """A customer."""

    domain: str | None
    created_at: datetime


class User(Person):
    """Somebody with an account."""

    email: str
    role: str


class Part(TypedDict):
    """A part of a list."""

    count: int
    next: str | None
    previous: str | None


class Tickets(Part):
    """A part of a list of tickets."""

    results: list[Ticket]


class DeletedTickets(Part):
    """A part of the trash."""

    results: list[DeletedTicket]


class Comments(Part):
    """A part of a list of comments."""

    results: list[Comment]


class Attachments(Part):
    """A part of a list of attachments."""

    results: list[Attachment]


class History(Part):
    """A part of the history."""

    results: list[Change]


class Customers(Part):
    """A part of a list of customers."""

    results: list[WholeCustomer]


class Users(Part):
    """A part of a list of users."""

    results: list[User]


class Statistics(TypedDict):
    """Ticket Statistics."""

    total_tickets: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_category: dict[str, int]
    overdue_count: int
    unassigned_count: int
    my_tickets_count: int
    avg_resolution_time_hours: float | None


def listed(ticket: Any, desk: Desk) -> Ticket:
    """The ticket as lists show it."""
    notes = ticket.notes_count if sees_internal(desk.actor) else 0
    status = STATUS.say(ticket.status)
    return {
        "id": ticket.id,
        "ticket_number": ticket_numbers.serial(ticket),
        "subject": ticket.title,
        "description": ticket.description,
        "status": status,
        "priority": PRIORITY.say(ticket.priority),
        "category": CATEGORY.say(ticket.category),
        "customer": ticket.company_id,
        "customer_name": ticket.company_name,
        "assigned_to": ticket.assignee_id,
        "assigned_to_name": ticket.assignee_name,
        "created_by": ticket.created_by_id,
        "created_by_name": ticket.creator_name,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at or (ticket.resolved_at if status == "closed" else None),
        "due_date": ticket.due_at,
        "estimated_hours": ticket.estimated_hours,
        "actual_hours": ticket.actual_hours,
        "tags": ", ".join(ticket.tags),
        "is_overdue": is_overdue(ticket, desk.now),
        "comments_count": ticket.comments_count + notes,
    }


def full(
    ticket: Any,
    desk: Desk,
    comments: Iterable[Any],
    attachments: Iterable[Any],
    history: Iterable[Any],
) -> WholeTicket:
    """Returns full ticket details."""
    return {
        **listed(ticket, desk),
        "customer_details": _customer(ticket),
        "assigned_to_details": _person(ticket, ticket.assignee_id, "assignee"),
        "created_by_details": {
            "id": ticket.created_by_id,
            "username": ticket.creator_username,
            "full_name": ticket.creator_name,
        },
        "comments": [said(line) for line in comments],
        "attachments": [attached(row) for row in attachments],
        "history": [changed(line) for line in history],
        "response_time_hours": hours(ticket.created_at, ticket.first_response_at),
        "resolution_time_hours": hours(ticket.created_at, ticket.resolved_at),
    }


def _customer(ticket: Any) -> Customer | None:
    if ticket.company_id is None:
        return None
    return {"id": ticket.company_id, "name": ticket.company_name}


def _person(ticket: Any, person_id: int | None, whose: str) -> Person | None:
    if person_id is None:
        return None
    return {
        "id": person_id,
        "username": getattr(ticket, f"{whose}_username"),
        "full_name": getattr(ticket, f"{whose}_name"),
    }


def said(line: Any) -> Comment:
    """TicketComment."""
    return {
        "id": line.id,
        "ticket": line.ticket_id,
        "author": line.actor_id,
        "author_name": line.actor_name or "Somebody",
        "content": line.body,
        "is_internal": line.audience == Audience.INTERNAL,
        "created_at": line.at,
        "updated_at": line.updated_at or line.at,
    }


def attached(row: Any) -> Attachment:
    """TicketAttachment."""
    return {
        "id": row.id,
        "ticket": row.ticket_id,
        "file": path_of(row),
        "filename": row.original_name,
        "file_size": row.size,
        "uploaded_by": row.uploader_id,
        "uploaded_by_name": row.uploader_name,
        "uploaded_at": row.uploaded_at,
        "description": row.description,
    }


def changed(line: Any) -> Change:
    """TicketHistory."""
    words = WORDS.get(line.field) if line.kind == EntryKind.CHANGE else None
    field = FIELD.get(line.field) if line.kind == EntryKind.CHANGE else None
    tells = line.kind in (EntryKind.CHANGE, EntryKind.FILE)
    old, new = (line.old_value, line.new_value) if tells else (None, None)
    return {
        "id": line.id,
        "ticket": line.ticket_id,
        "user": line.actor_id,
        "user_name": line.actor_name,
        "action": action_of(line.kind, line.field),
        "field_name": field,
        "old_value": words.say(old) if words and old else old,
        "new_value": words.say(new) if words and new else new,
        "timestamp": line.at,
    }


def thrown_away(row: Any) -> DeletedTicket:
    """A ticket in the trash."""
    return {
        "id": row.id,
        "ticket_number": ticket_numbers.serial(row),
        "subject": row.title,
        "status": STATUS.say(row.status),
        "deleted_at": row.deleted_at,
        "deleted_by": row.deleted_by,
    }


def customer(row: Any) -> WholeCustomer:
    """A customer."""
    return {
        "id": row.id,
        "name": row.name,
        "domain": row.domain,
        "created_at": row.created_at,
    }


def user(row: Any) -> User:
    """Somebody with an account."""
    return {
        "id": row.id,
        "username": row.username,
        "full_name": row.full_name,
        "email": row.email,
        "role": row.role,
    }
