"""Request and response bodies of tickets (Models: Ticket)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.ticketing.attachments.schemas import Attachment, format_attachment
from ticket_app.api.dialects.ticketing.comments.schemas import Comment, format_comment
from ticket_app.api.dialects.ticketing.history.schemas import HistoryEntry, format_history_entry
from ticket_app.api.dialects.ticketing.vocabulary import (
    CATEGORY,
    CLOSED_WORD,
    PRIORITY,
    STATUS,
    VOCABULARIES,
)
from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.api.kit.fields import Choice, CommaSeparatedTags, DueDateTime, Id, SingleLine, Text
from ticket_app.api.kit.text_format import TextFormatField
from ticket_app.core.attachments.rows import AttachmentRow
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.ticket_status import is_overdue
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import split_tags
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.core.tickets.statistics import hours_between
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.tables import Ticket as SavedTicket

StatusValue = Annotated[str, Choice(STATUS)]
PriorityValue = Annotated[str, Choice(PRIORITY)]
CategoryValue = Annotated[str, Choice(CATEGORY)]
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

    def to_changes(self, ticket: SavedTicket) -> dict[str, object]:
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


class UserDetails(TypedDict):
    """User details."""

    id: int
    username: str
    full_name: str


class CustomerSummary(TypedDict):
    """Customer details."""

    id: int
    name: str


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


class TicketPage(ListPage):
    """One page of tickets."""

    results: list[Ticket]


class DeletedTicketPage(ListPage):
    """One page of the trash."""

    results: list[DeletedTicket]


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


def format_ticket(ticket: TicketRow, uow: UnitOfWork) -> Ticket:
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
        "closed_at": ticket.closed_at or (ticket.resolved_at if status == CLOSED_WORD else None),
        "due_date": ticket.due_at,
        "estimated_hours": ticket.estimated_hours,
        "actual_hours": ticket.actual_hours,
        "tags": ", ".join(ticket.tags),
        "is_overdue": is_overdue(ticket, uow.now),
        "comments_count": ticket.comments_count + notes,
    }


def format_ticket_details(
    ticket: TicketRow,
    uow: UnitOfWork,
    comments: Iterable[EntryRow],
    attachments: Iterable[AttachmentRow],
    history: Iterable[EntryRow],
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


def _customer_details(ticket: TicketRow) -> CustomerSummary | None:
    if ticket.company_id is None or ticket.company_name is None:
        return None
    return {"id": ticket.company_id, "name": ticket.company_name}


def _user_details(
    ticket: TicketRow, person_id: int | None, column_prefix: str
) -> UserDetails | None:
    if person_id is None:
        return None
    return {
        "id": person_id,
        "username": getattr(ticket, f"{column_prefix}_username"),
        "full_name": getattr(ticket, f"{column_prefix}_name"),
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
