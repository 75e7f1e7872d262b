"""Request and response bodies of tickets (Ticket Response, Ticket Fields)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.bmasia.attachments.schemas import Attachment, format_attachment
from ticket_app.api.dialects.bmasia.comments.schemas import Comment, format_comment
from ticket_app.api.dialects.bmasia.references import (
    FindRow,
    get_or_create_documented_team_id,
    resolve_uuid,
)
from ticket_app.api.dialects.bmasia.vocabulary import CATEGORY, CLOSED_WORD, PRIORITY, STATUS, TEAMS
from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.api.kit.fields import (
    Choice,
    CommaSeparatedTags,
    DueDateTime,
    Text,
    Title,
    Validated,
)
from ticket_app.api.kit.text_format import TextFormatField
from ticket_app.core.attachments.rows import AttachmentRow
from ticket_app.core.people import customers
from ticket_app.core.platform import ticket_numbers, validators
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.errors import NULL, Invalid
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
TeamName = Annotated[
    StrictStr,
    Validated(validators.optional_line, 200),
    Bounded(json_schema_extra={"enum": list(TEAMS)}),
]


class NewTicket(BaseModel):
    """Create Ticket."""

    subject: Title
    description: Text
    priority: PriorityValue = "medium"
    status: StatusValue | None = None
    category: CategoryValue = "general"
    company: UUID
    contact: UUID | None = None
    assigned_to: UUID | None = None
    due_date: DueDateTime | None = None
    tags: CommaSeparatedTags | None = None
    format: TextFormatField = None

    def to_draft(self, uow: UnitOfWork) -> TicketDraft:
        """Return the ticket to create. Raises `Invalid`."""
        if self.assigned_to is not None:
            uow.actor.require("assign_tickets", "assign tickets")
        return TicketDraft(
            title=self.subject,
            description=self.description,
            priority=PRIORITY.parse(self.priority),
            category=CATEGORY.parse(self.category),
            company_id=resolve_uuid(uow, "company", customers.get_company, self.company),
            contact_id=resolve_uuid(uow, "contact", customers.get_contact, self.contact),
            assignee_id=resolve_uuid(uow, "assigned_to", customers.get_person, self.assigned_to),
            due_at=self.due_date,
            tags=split_tags(self.tags),
            channel="bmasia",
            text_format=self.format,
        )


class TicketUpdate(BaseModel):
    """Update Ticket: any of these fields."""

    subject: Title | None = None
    description: Text | None = None
    status: StatusValue | None = None
    priority: PriorityValue | None = None
    category: CategoryValue | None = None
    company: UUID | None = None
    contact: UUID | None = None
    assigned_to: UUID | None = None
    assigned_team: TeamName | None = None
    due_date: DueDateTime | None = None
    tags: CommaSeparatedTags | None = None
    format: TextFormatField = None

    def to_changes(self, uow: UnitOfWork, ticket: SavedTicket) -> dict[str, object]:
        """Return the changes by core field name. Raises `Invalid`, `Forbidden`."""
        sent_fields = self.model_dump(exclude_unset=True, exclude={"format"})
        changes: dict[str, object] = {}
        for name, value in sent_fields.items():
            if name in VOCABULARIES:
                changes[name] = VOCABULARIES[name].parse_change(getattr(ticket, name), value)
            elif name in REFERENCE_FIELDS:
                field, find = REFERENCE_FIELDS[name]
                changes[field] = resolve_uuid(uow, name, find, value)
            elif name == "assigned_team":
                changes["team_id"] = get_or_create_documented_team_id(uow, value)
            elif name == "tags":
                changes["tags"] = split_tags(value, ticket.tags)
            else:
                changes[CORE_FIELD_NAMES.get(name, name)] = value
        if "company_id" in changes and changes["company_id"] is None:
            raise Invalid("company", NULL)
        return changes


VOCABULARIES = {"status": STATUS, "priority": PRIORITY, "category": CATEGORY}
REFERENCE_FIELDS: dict[str, tuple[str, FindRow]] = {
    "company": ("company_id", customers.get_company),
    "contact": ("contact_id", customers.get_contact),
    "assigned_to": ("assignee_id", customers.get_person),
}
CORE_FIELD_NAMES = {"subject": "title", "due_date": "due_at"}


class Assignment(BaseModel):
    """Assign Ticket; null unassigns it."""

    user_id: UUID | None


class Ticket(TypedDict):
    """Ticket Response, as lists show it."""

    id: UUID
    ticket_number: str
    subject: str
    description: str
    status: StatusValue
    priority: PriorityValue
    category: CategoryValue
    company: UUID | None
    company_name: str | None
    contact: UUID | None
    contact_name: str | None
    assigned_to: UUID | None
    assigned_to_name: str | None
    assigned_team: str | None
    created_by: UUID
    created_by_name: str
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    due_date: datetime | None
    first_response_time_hours: float | None
    resolution_time_hours: float | None
    is_overdue: bool
    tags: str
    comments_count: int
    internal_notes_count: int
    created_at: datetime
    updated_at: datetime


class TicketDetails(Ticket):
    """Ticket Response."""

    comments: list[Comment]
    attachments: list[Attachment]


class TicketPage(ListPage):
    """One page of tickets."""

    results: list[Ticket]


class TicketStatistics(TypedDict):
    """Get Ticket Statistics: Response."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    my_open_tickets: int
    unassigned: int
    overdue: int


def format_ticket(ticket: TicketRow, uow: UnitOfWork) -> Ticket:
    """Format a ticket for lists."""
    notes = ticket.notes_count if can_see_internal(uow.actor) else 0
    status = STATUS.format(ticket.status)
    return {
        "id": ticket.uuid,
        "ticket_number": ticket_numbers.format_bmasia_number(ticket),
        "subject": ticket.title,
        "description": ticket.description,
        "status": status,
        "priority": PRIORITY.format(ticket.priority),
        "category": CATEGORY.format(ticket.category),
        "company": ticket.company_uuid,
        "company_name": ticket.company_name,
        "contact": ticket.contact_uuid,
        "contact_name": ticket.contact_name,
        "assigned_to": ticket.assignee_uuid,
        "assigned_to_name": ticket.assignee_name,
        "assigned_team": ticket.team_name,
        "created_by": ticket.creator_uuid,
        "created_by_name": ticket.creator_name,
        "first_response_at": ticket.first_response_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at or (ticket.resolved_at if status == CLOSED_WORD else None),
        "due_date": ticket.due_at,
        "first_response_time_hours": hours_between(ticket.created_at, ticket.first_response_at),
        "resolution_time_hours": hours_between(ticket.created_at, ticket.resolved_at),
        "is_overdue": is_overdue(ticket, uow.now),
        "tags": ",".join(ticket.tags),
        "comments_count": ticket.comments_count + notes,
        "internal_notes_count": notes,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
    }


def format_ticket_details(
    ticket: TicketRow,
    uow: UnitOfWork,
    comments: Sequence[EntryRow],
    attachments: Sequence[AttachmentRow],
) -> TicketDetails:
    """Format a ticket with all comments and attachments."""
    return {
        **format_ticket(ticket, uow),
        "comments": [format_comment(line, ticket.uuid) for line in comments],
        "attachments": [format_attachment(row, ticket.uuid) for row in attachments],
    }
