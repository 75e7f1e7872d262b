"""Response Formats and Field Reference: what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NotRequired
from uuid import UUID

from pydantic import BaseModel, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.bmasia.vocabulary import CATEGORY, PRIORITY, ROLE, STATUS, TEAMS
from ticket_app.api.kit.drf import comma_separated
from ticket_app.api.kit.fields import (
    Checked,
    DueMoment,
    Note,
    OneOf,
    Tags,
    Text,
    TicketId,
    Title,
)
from ticket_app.api.kit.media import path_of
from ticket_app.api.kit.texts import StatedFormat
from ticket_app.core.people import customers
from ticket_app.core.platform import text, ticket_numbers
from ticket_app.core.platform.access_policy import sees_internal
from ticket_app.core.platform.errors import NULL, Invalid, NotFound, does_not_exist, not_a_choice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.tickets.conditions import is_overdue
from ticket_app.core.tickets.statistics import hours
from ticket_app.core.tickets.tickets import TicketDraft

StatusWord = Annotated[str, OneOf(STATUS)]
PriorityWord = Annotated[str, OneOf(PRIORITY)]
CategoryWord = Annotated[str, OneOf(CATEGORY)]
TeamName = Annotated[
    StrictStr,
    Checked(text.optional_line, 200),
    Bounded(json_schema_extra={"enum": list(TEAMS)}),
]
Name = Annotated[StrictStr, Checked(text.required_line, 200)]


def id_of(desk: Desk, field: str, look_up: Any, reference: UUID | None) -> int | None:
    """The id behind a uuid in a body. Raises `Invalid` for one the caller cannot name."""
    if reference is None:
        return None
    try:
        return look_up(desk, reference).id
    except NotFound:
        raise Invalid(field, does_not_exist(reference)) from None


class NewTicket(BaseModel):
    """Create Ticket."""

    subject: Title
    description: Text
    priority: PriorityWord = "medium"
    status: StatusWord | None = None
    category: CategoryWord = "general"
    company: UUID
    contact: UUID | None = None
    assigned_to: UUID | None = None
    due_date: DueMoment | None = None
    tags: Tags | None = None
    format: StatedFormat = None

    def draft(self, desk: Desk) -> TicketDraft:
        """The ticket this body files. Raises `Invalid`."""
        if self.assigned_to is not None:
            desk.actor.must("assign_tickets", "assign tickets")
        return TicketDraft(
            title=self.subject,
            description=self.description,
            priority=PRIORITY.hear(self.priority),
            category=CATEGORY.hear(self.category),
            company_id=id_of(desk, "company", customers.company, self.company),
            contact_id=id_of(desk, "contact", customers.contact, self.contact),
            assignee_id=id_of(desk, "assigned_to", customers.person, self.assigned_to),
            due_at=self.due_date,
            tags=comma_separated(self.tags),
            channel="bmasia",
            text_format=self.format,
        )


class TicketChange(BaseModel):
    """Update Ticket: whatever of it is sent."""

    subject: Title | None = None
    description: Text | None = None
    status: StatusWord | None = None
    priority: PriorityWord | None = None
    category: CategoryWord | None = None
    company: UUID | None = None
    contact: UUID | None = None
    assigned_to: UUID | None = None
    assigned_team: TeamName | None = None
    due_date: DueMoment | None = None
    tags: Tags | None = None
    format: StatedFormat = None

    def changes(self, desk: Desk, ticket: Any) -> dict[str, Any]:
        """What is to change of a ticket, in the core's names. Raises `Invalid`, `Forbidden`."""
        sent = self.model_dump(exclude_unset=True, exclude={"format"})
        told: dict[str, Any] = {}
        for name, value in sent.items():
            if name in WORDS:
                told[name] = WORDS[name].hear_over(getattr(ticket, name), value)
            elif name in PARTIES:
                field, look_up = PARTIES[name]
                told[field] = id_of(desk, name, look_up, value)
            elif name == "assigned_team":
                told["team_id"] = team(desk, value)
            elif name == "tags":
                told["tags"] = comma_separated(value, ticket.tags)
            else:
                told[FIELDS.get(name, name)] = value
        if "company_id" in told and told["company_id"] is None:
            raise Invalid("company", NULL)
        return told


WORDS: dict[str, Any] = {"status": STATUS, "priority": PRIORITY, "category": CATEGORY}
PARTIES: dict[str, tuple[str, Any]] = {
    "company": ("company_id", customers.company),
    "contact": ("contact_id", customers.contact),
    "assigned_to": ("assignee_id", customers.person),
}
FIELDS = {"subject": "title", "due_date": "due_at"}


def team(desk: Desk, name: str | None) -> int | None:
    """The team to hand a ticket to. Raises `Invalid`, `Forbidden`."""
    if name is None:
        return None
    desk.actor.must("assign_tickets", "hand tickets to teams")
    if name not in TEAMS and not customers.team_id(desk, name):
        raise Invalid("assigned_team", not_a_choice(TEAMS, name))
    return customers.team_named(desk, name)


class TicketComment(BaseModel):
    """Add Comment to Ticket."""

    text: Text
    is_internal: bool = False
    format: StatedFormat = None


class NewComment(TicketComment):
    """Create Comment."""

    ticket: TicketId


class CommentChange(BaseModel):
    """Update Comment: whatever of it is sent."""

    text: Text = Bounded(default_factory=str)
    format: StatedFormat = None


class Assignment(BaseModel):
    """Assign Ticket; null unassigns it."""

    user_id: UUID | None


class NewCompany(BaseModel):
    """A company to file tickets for."""

    name: Name
    domain: Annotated[StrictStr, Checked(text.optional_line, 253)] | None = None
    notes: Note | None = None


class CompanyName(BaseModel):
    """What is to change of a company: its name, if it is sent."""

    name: Name = ""


class NewContact(BaseModel):
    """Somebody at a company."""

    name: Name
    company: UUID | None = None
    email: Annotated[StrictStr, Checked(text.optional_line, 254)] | None = None
    phone: Annotated[StrictStr, Checked(text.optional_line, 60)] | None = None


class Comment(TypedDict):
    """Comment Response."""

    id: UUID
    ticket: UUID
    author: UUID | None
    author_name: str
    author_role: str
    text: str
    is_internal: bool
    created_at: datetime
    updated_at: datetime


class PostedComment(Comment):
    """Comment Response, and the new ticket that a late reply to a closed one opened."""

    follow_up: NotRequired[UUID]
    message: NotRequired[str]


class Attachment(TypedDict):
    """Attachment Response."""

    id: UUID
    ticket: UUID
    file: str
    name: str
    size: int
    uploaded_by: UUID
    uploaded_by_name: str
    created_at: datetime


class Ticket(TypedDict):
    """Ticket Response, as lists show it."""

    id: UUID
    ticket_number: str
    subject: str
    description: str
    status: StatusWord
    priority: PriorityWord
    category: CategoryWord
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


class WholeTicket(Ticket):
    """Ticket Response."""

    comments: list[Comment]
    attachments: list[Attachment]


class Company(TypedDict):
    """A company."""

    id: UUID
    name: str
    domain: str | None
    created_at: datetime


class Contact(TypedDict):
    """Somebody at a company."""

    id: UUID
    name: str
    company: UUID | None
    company_name: str | None
    email: str | None
    phone: str | None
    created_at: datetime


class User(TypedDict):
    """Somebody with an account."""

    id: UUID
    username: str
    name: str
    email: str
    role: str
    team: str | None


class Part(TypedDict):
    """A part of a list."""

    count: int
    next: str | None
    previous: str | None


class Tickets(Part):
    """A part of a list of tickets."""

    results: list[Ticket]


class Comments(Part):
    """A part of a list of comments."""

    results: list[Comment]


class Attachments(Part):
    """A part of a list of attachments."""

    results: list[Attachment]


class Companies(Part):
    """A part of a list of companies."""

    results: list[Company]


class Contacts(Part):
    """A part of a list of contacts."""

    results: list[Contact]


class Users(Part):
    """A part of a list of users."""

    results: list[User]


class Stats(TypedDict):
    """Get Ticket Statistics: Response."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    my_open_tickets: int
    unassigned: int
    overdue: int


def listed(ticket: Any, desk: Desk) -> Ticket:
    """The ticket as lists show it."""
    notes = ticket.notes_count if sees_internal(desk.actor) else 0
    status = STATUS.say(ticket.status)
    return {
        "id": ticket.uuid,
        "ticket_number": ticket_numbers.day_key(ticket),
        "subject": ticket.title,
        "description": ticket.description,
        "status": status,
        "priority": PRIORITY.say(ticket.priority),
        "category": CATEGORY.say(ticket.category),
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
        "closed_at": ticket.closed_at or (ticket.resolved_at if status == "closed" else None),
        "due_date": ticket.due_at,
        "first_response_time_hours": hours(ticket.created_at, ticket.first_response_at),
        "resolution_time_hours": hours(ticket.created_at, ticket.resolved_at),
        "is_overdue": is_overdue(ticket, desk.now),
        "tags": ",".join(ticket.tags),
        "comments_count": ticket.comments_count + notes,
        "internal_notes_count": notes,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
    }


def full(
    ticket: Any, desk: Desk, comments: Sequence[Any], attachments: Sequence[Any]
) -> WholeTicket:
    """Returns ticket with all comments and attachments."""
    return {
        **listed(ticket, desk),
        "comments": [said(line, ticket.uuid) for line in comments],
        "attachments": [attached(row, ticket.uuid) for row in attachments],
    }


def said(line: Any, ticket: UUID) -> Comment:
    """Comment Response."""
    return {
        "id": line.uuid,
        "ticket": ticket,
        "author": line.actor_uuid,
        "author_name": line.actor_name or "Somebody",
        "author_role": line.actor_team or ROLE.get(line.actor_role or "", "Support"),
        "text": line.body,
        "is_internal": line.audience == Audience.INTERNAL,
        "created_at": line.at,
        "updated_at": line.updated_at or line.at,
    }


def attached(row: Any, ticket: UUID) -> Attachment:
    """Attachment Response."""
    return {
        "id": row.uuid,
        "ticket": ticket,
        "file": path_of(row),
        "name": row.original_name,
        "size": row.size,
        "uploaded_by": row.uploader_uuid,
        "uploaded_by_name": row.uploader_name,
        "created_at": row.uploaded_at,
    }


def company(row: Any) -> Company:
    """A company."""
    return {
        "id": row.uuid,
        "name": row.name,
        "domain": row.domain,
        "created_at": row.created_at,
    }


def contact(row: Any) -> Contact:
    """Somebody at a company."""
    return {
        "id": row.uuid,
        "name": row.name,
        "company": row.company_uuid,
        "company_name": row.company_name,
        "email": row.email,
        "phone": row.phone,
        "created_at": row.created_at,
    }


def user(row: Any) -> User:
    """Somebody with an account."""
    return {
        "id": row.uuid,
        "username": row.username,
        "name": row.full_name,
        "email": row.email,
        "role": ROLE[row.role],
        "team": row.team_name,
    }
