"""Data Models of tickets, comments and files: what goes in and what comes out, in their order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, StrictInt, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY, STATUS, WORDS
from ticket_app.api.kit.drf import Id, Moment, Text, Title, one_of
from ticket_app.core import numbering
from ticket_app.core.desk import Desk
from ticket_app.core.policy import sees_internal
from ticket_app.core.statistics import minutes
from ticket_app.core.tickets import TicketDraft

StatusWord = Annotated[str, one_of(STATUS)]
PriorityWord = Annotated[str, one_of(PRIORITY)]
KindWord = Annotated[str, one_of(KIND)]
Tag = Annotated[StrictStr, Bounded(max_length=60)]
Tags = Annotated[list[Tag], Bounded(max_length=20)]
FileId = Annotated[StrictInt, Bounded(ge=1, le=numbering.LARGEST_ID)]
FileName = Annotated[StrictStr, Bounded(min_length=1, max_length=255)]
Files = Annotated[list[FileId | FileName], Bounded(max_length=100)]
Mention = Annotated[StrictStr, Bounded(min_length=1, max_length=151)]


class NewTicket(BaseModel):
    """Create Ticket."""

    title: Title
    description: Text
    priority: PriorityWord = "medium"
    ticket_type: KindWord = "request"
    department_id: Id | None = None
    assigned_to_id: Id | None = None
    tags: Tags = []
    due_date: Moment | None = None
    attachments: Files = []

    def draft(self) -> TicketDraft:
        """The ticket this body files. Raises `Invalid`."""
        return TicketDraft(
            title=self.title,
            description=self.description,
            priority=PRIORITY.hear(self.priority),
            kind=KIND.hear(self.ticket_type),
            department_id=self.department_id,
            assignee_id=self.assigned_to_id,
            tags=self.tags,
            due_at=self.due_date,
            channel="enterprise",
        )


class TicketChange(BaseModel):
    """Update Ticket: whatever of it is sent."""

    title: Title | None = None
    description: Text | None = None
    status: StatusWord | None = None
    priority: PriorityWord | None = None
    ticket_type: KindWord | None = None
    assigned_to_id: Id | None = None
    department_id: Id | None = None
    tags: Tags | None = None
    due_date: Moment | None = None
    internal_notes: Text | None = None
    public_notes: Text | None = None
    customer_satisfaction_rating: Annotated[StrictInt, Bounded(ge=1, le=5)] | None = None

    def changes(self, ticket: Any) -> dict[str, Any]:
        """What is to change of a ticket, in the core's names. Raises `Invalid`."""
        sent = self.model_dump(exclude_unset=True)
        told = {NAMES.get(name, name): value for name, value in sent.items()}
        for name in WORDS.keys() & told.keys():
            told[name] = WORDS[name].hear_over(getattr(ticket, name), told[name])
        if told.get("tags", ()) is None:
            told["tags"] = []
        return told


NAMES = {
    "ticket_type": "kind",
    "assigned_to_id": "assignee_id",
    "due_date": "due_at",
    "customer_satisfaction_rating": "satisfaction_rating",
}
"""What the core calls the document's fields."""


class PersonBrief(TypedDict):
    """Who created a ticket, works it or said something."""

    id: int
    username: str
    first_name: str
    last_name: str


class DepartmentBrief(TypedDict):
    """The department a ticket belongs to."""

    id: int
    name: str


class Ticket(TypedDict):
    """Ticket Model, with those it refers to (List Tickets)."""

    id: int
    ticket_number: str
    title: str
    description: str
    status: StatusWord
    priority: PriorityWord
    ticket_type: KindWord
    created_by_id: int
    assigned_to_id: int | None
    department_id: int | None
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    due_date: datetime | None
    resolution_time: int | None
    sla_breach_time: datetime | None
    customer_satisfaction_rating: int | None
    internal_notes: str | None
    public_notes: str | None
    created_by: PersonBrief
    assigned_to: PersonBrief | None
    department: DepartmentBrief | None


def ticket(row: Any, desk: Desk) -> Ticket:
    """Ticket Model; internal notes are for staff only."""
    return {
        "id": row.id,
        "ticket_number": numbering.day_number(row),
        "title": row.title,
        "description": row.description,
        "status": STATUS.say(row.status),
        "priority": PRIORITY.say(row.priority),
        "ticket_type": KIND.say(row.kind),
        "created_by_id": row.created_by_id,
        "assigned_to_id": row.assignee_id,
        "department_id": row.department_id,
        "tags": row.tags,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "due_date": row.due_at,
        "resolution_time": minutes(row.created_at, row.resolved_at),
        "sla_breach_time": row.sla_breached_at,
        "customer_satisfaction_rating": row.satisfaction_rating,
        "internal_notes": row.internal_notes if sees_internal(desk.actor) else None,
        "public_notes": row.public_notes,
        "created_by": _person(row, row.created_by_id, "creator"),
        "assigned_to": row.assignee_id and _person(row, row.assignee_id, "assignee"),
        "department": row.department_id and {"id": row.department_id, "name": row.department_name},
    }


def _person(row: Any, person_id: int, whose: str) -> PersonBrief:
    return {
        "id": person_id,
        "username": getattr(row, f"{whose}_username"),
        "first_name": getattr(row, f"{whose}_first_name"),
        "last_name": getattr(row, f"{whose}_last_name"),
    }
