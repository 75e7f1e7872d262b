"""Request and response bodies, in the order of the document's models."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, NotRequired

from pydantic import BaseModel, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.ticketing.vocabulary import (
    CATEGORY,
    EVENTS_BY_ACTION,
    FIELD_NAMES,
    PRIORITY,
    STATUS,
    VOCABULARIES,
    action_for,
)
from ticket_app.api.kit.fields import (
    Choice,
    CommaSeparatedTags,
    DueDateTime,
    Id,
    SingleLine,
    Text,
    TicketReference,
    Validated,
)
from ticket_app.api.kit.media import media_path
from ticket_app.api.kit.text_format import TextFormatField
from ticket_app.core.platform import ticket_numbers, validators
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import split_tags
from ticket_app.core.platform.vocabulary import Audience, EntryKind
from ticket_app.core.tickets.conditions import is_overdue
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.statistics import hours_between

StatusValue = Annotated[str, Choice(STATUS)]
PriorityValue = Annotated[str, Choice(PRIORITY)]
CategoryValue = Annotated[str, Choice(CATEGORY)]
ActionValue = Annotated[str, Bounded(json_schema_extra={"enum": list(EVENTS_BY_ACTION)})]
Hours = Annotated[float, Bounded(ge=0, le=100_000, allow_inf_nan=False)]


class NewTicket(BaseModel):
    """Create Ticket."""

    subject: SingleLine
    description: Text
    priority: PriorityValue = "medium"
    status: StatusValue | None = None
    category: CategoryValue = "general"
    customer: Id | None = None
    assigned_to: Id | None = None
    due_date: DueDateTime | None = None
    estimated_hours: Hours | None = None
    tags: CommaSeparatedTags | None = None
    format: TextFormatField = None

    def to_draft(self) -> TicketDraft:
        """Return the ticket to create. Raises `Invalid`."""
        return TicketDraft(
            title=self.subject,
            description=self.description,
            priority=PRIORITY.parse(self.priority),
            category=CATEGORY.parse(self.category),
            company_id=self.customer,
            assignee_id=self.assigned_to,
            due_at=self.due_date,
            estimated_hours=self.estimated_hours,
            tags=split_tags(self.tags),
            channel="ticketing",
            text_format=self.format,
        )


class TicketUpdate(BaseModel):
    """Update Ticket: any of these fields, with PUT as with PATCH."""

    subject: SingleLine | None = None
    description: Text | None = None
    status: StatusValue | None = None
    priority: PriorityValue | None = None
    category: CategoryValue | None = None
    customer: Id | None = None
    assigned_to: Id | None = None
    due_date: DueDateTime | None = None
    estimated_hours: Hours | None = None
    actual_hours: Hours | None = None
    tags: CommaSeparatedTags | None = None
    format: TextFormatField = None

    def to_changes(self, ticket: Any) -> dict[str, Any]:
        """Return the changes by core field name. Raises `Invalid`."""
        changes = self.model_dump(exclude_unset=True, exclude={"format"})
        for name in VOCABULARIES.keys() & changes.keys():
            changes[name] = VOCABULARIES[name].parse_change(getattr(ticket, name), changes[name])
        if "tags" in changes:
            changes["tags"] = split_tags(changes["tags"], ticket.tags)
        return {CORE_FIELD_NAMES.get(name, name): value for name, value in changes.items()}


CORE_FIELD_NAMES = {
    "subject": "title",
    "customer": "company_id",
    "assigned_to": "assignee_id",
    "due_date": "due_at",
}


class Assignment(BaseModel):
    """Assign Ticket; null unassigns it."""

    user_id: Id | None


class StatusUpdate(BaseModel):
    """Change Status."""

    status: StatusValue


class TicketComment(BaseModel):
    """Add Comment."""

    content: Text
    is_internal: bool = False
    format: TextFormatField = None


class NewComment(TicketComment):
    """Create Comment."""

    ticket: TicketReference


class NewCustomer(BaseModel):
    """A new customer."""

    name: Annotated[StrictStr, Validated(validators.required_line, 200)]
    domain: Annotated[StrictStr, Validated(validators.optional_line, 253)] | None = None


class UserDetails(TypedDict):
    """User details."""

    id: int
    username: str
    full_name: str


class CustomerSummary(TypedDict):
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
    """TicketComment, with the follow-up ticket that a late reply to a closed ticket opened."""

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


class HistoryEntry(TypedDict):
    """TicketHistory."""

    id: int
    ticket: int
    user: int | None
    user_name: str | None
    action: ActionValue
    field_name: str | None
    old_value: str | None
    new_value: str | None
    timestamp: datetime


class Ticket(TypedDict):
    """Ticket, as in lists."""

    id: int
    ticket_number: str
    subject: str
    description: str
    status: StatusValue
    priority: PriorityValue
    category: CategoryValue
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


class TicketDetails(Ticket):
    """Full ticket details."""

    customer_details: CustomerSummary | None
    assigned_to_details: UserDetails | None
    created_by_details: UserDetails
    comments: list[Comment]
    attachments: list[Attachment]
    history: list[HistoryEntry]
    response_time_hours: float | None
    resolution_time_hours: float | None


class DeletedTicket(TypedDict):
    """A ticket in the trash."""

    id: int
    ticket_number: str
    subject: str
    status: StatusValue
    deleted_at: datetime
    deleted_by: str | None


class CustomerDetails(CustomerSummary):
    """A customer."""

    domain: str | None
    created_at: datetime


class User(UserDetails):
    """A user account."""

    email: str
    role: str


class ListPage(TypedDict):
    """One page of a list."""

    count: int
    next: str | None
    previous: str | None


class TicketPage(ListPage):
    """One page of tickets."""

    results: list[Ticket]


class DeletedTicketPage(ListPage):
    """One page of the trash."""

    results: list[DeletedTicket]


class CommentPage(ListPage):
    """One page of comments."""

    results: list[Comment]


class AttachmentPage(ListPage):
    """One page of attachments."""

    results: list[Attachment]


class HistoryPage(ListPage):
    """One page of the history."""

    results: list[HistoryEntry]


class CustomerPage(ListPage):
    """One page of customers."""

    results: list[CustomerDetails]


class UserPage(ListPage):
    """One page of users."""

    results: list[User]


class TicketStatistics(TypedDict):
    """Ticket Statistics."""

    total_tickets: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_category: dict[str, int]
    overdue_count: int
    unassigned_count: int
    my_tickets_count: int
    avg_resolution_time_hours: float | None


def format_ticket(ticket: Any, uow: UnitOfWork) -> Ticket:
    """Format a ticket for lists."""
    notes = ticket.notes_count if can_see_internal(uow.actor) else 0
    status = STATUS.format(ticket.status)
    return {
        "id": ticket.id,
        "ticket_number": ticket_numbers.format_ticketing_number(ticket),
        "subject": ticket.title,
        "description": ticket.description,
        "status": status,
        "priority": PRIORITY.format(ticket.priority),
        "category": CATEGORY.format(ticket.category),
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
        "is_overdue": is_overdue(ticket, uow.now),
        "comments_count": ticket.comments_count + notes,
    }


def format_ticket_details(
    ticket: Any,
    uow: UnitOfWork,
    comments: Iterable[Any],
    attachments: Iterable[Any],
    history: Iterable[Any],
) -> TicketDetails:
    """Format a ticket with all its details."""
    return {
        **format_ticket(ticket, uow),
        "customer_details": _customer_details(ticket),
        "assigned_to_details": _user_details(ticket, ticket.assignee_id, "assignee"),
        "created_by_details": {
            "id": ticket.created_by_id,
            "username": ticket.creator_username,
            "full_name": ticket.creator_name,
        },
        "comments": [format_comment(line) for line in comments],
        "attachments": [format_attachment(row) for row in attachments],
        "history": [format_history_entry(line) for line in history],
        "response_time_hours": hours_between(ticket.created_at, ticket.first_response_at),
        "resolution_time_hours": hours_between(ticket.created_at, ticket.resolved_at),
    }


def _customer_details(ticket: Any) -> CustomerSummary | None:
    if ticket.company_id is None:
        return None
    return {"id": ticket.company_id, "name": ticket.company_name}


def _user_details(ticket: Any, person_id: int | None, column_prefix: str) -> UserDetails | None:
    if person_id is None:
        return None
    return {
        "id": person_id,
        "username": getattr(ticket, f"{column_prefix}_username"),
        "full_name": getattr(ticket, f"{column_prefix}_name"),
    }


def format_comment(line: Any) -> Comment:
    """Format a comment (TicketComment)."""
    return {
        "id": line.id,
        "ticket": line.ticket_id,
        "author": line.actor_id,
        "author_name": line.actor_name or "Unknown",
        "content": line.body,
        "is_internal": line.audience == Audience.INTERNAL,
        "created_at": line.at,
        "updated_at": line.updated_at or line.at,
    }


def format_attachment(row: Any) -> Attachment:
    """Format an attachment (TicketAttachment)."""
    return {
        "id": row.id,
        "ticket": row.ticket_id,
        "file": media_path(row),
        "filename": row.original_name,
        "file_size": row.size,
        "uploaded_by": row.uploader_id,
        "uploaded_by_name": row.uploader_name,
        "uploaded_at": row.uploaded_at,
        "description": row.description,
    }


def format_history_entry(line: Any) -> HistoryEntry:
    """Format an entry of the history (TicketHistory)."""
    vocabulary = VOCABULARIES.get(line.field) if line.kind == EntryKind.CHANGE else None
    field = FIELD_NAMES.get(line.field) if line.kind == EntryKind.CHANGE else None
    has_values = line.kind in (EntryKind.CHANGE, EntryKind.FILE)
    old, new = (line.old_value, line.new_value) if has_values else (None, None)
    return {
        "id": line.id,
        "ticket": line.ticket_id,
        "user": line.actor_id,
        "user_name": line.actor_name,
        "action": action_for(line.kind, line.field),
        "field_name": field,
        "old_value": vocabulary.format(old) if vocabulary and old else old,
        "new_value": vocabulary.format(new) if vocabulary and new else new,
        "timestamp": line.at,
    }


def format_deleted_ticket(row: Any) -> DeletedTicket:
    """Format a ticket in the trash."""
    return {
        "id": row.id,
        "ticket_number": ticket_numbers.format_ticketing_number(row),
        "subject": row.title,
        "status": STATUS.format(row.status),
        "deleted_at": row.deleted_at,
        "deleted_by": row.deleted_by,
    }


def format_customer(row: Any) -> CustomerDetails:
    """Format a customer."""
    return {
        "id": row.id,
        "name": row.name,
        "domain": row.domain,
        "created_at": row.created_at,
    }


def format_user(row: Any) -> User:
    """Format a user."""
    return {
        "id": row.id,
        "username": row.username,
        "full_name": row.full_name,
        "email": row.email,
        "role": row.role,
    }
