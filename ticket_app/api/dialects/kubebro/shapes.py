"""What goes in and what comes out: the fields of the document's models, in its order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, NotRequired

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from ticket_app.api.dialects.kubebro.vocabulary import CATEGORY, PRIORITY, STATUS
from ticket_app.api.kit.fields import Id, Line, Note, OneOf, Text
from ticket_app.api.kit.texts import StatedFormat
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.tickets.tickets import TicketDraft

StatusWord = Annotated[str, OneOf(STATUS)]
PriorityWord = Annotated[str, OneOf(PRIORITY)]
CategoryWord = Annotated[str, OneOf(CATEGORY)]


class NewTicket(BaseModel):
    """Create Ticket."""

    title: Line
    description: Text
    category: CategoryWord = "support"
    priority: PriorityWord = "medium"
    format: StatedFormat = None
    status: StatusWord | None = None

    def draft(self) -> TicketDraft:
        """The ticket this body files. Raises `Invalid`."""
        return TicketDraft(
            title=self.title,
            description=self.description,
            category=CATEGORY.hear(self.category),
            priority=PRIORITY.hear(self.priority),
            channel="kubebro",
            text_format=self.format,
        )


class TicketChange(BaseModel):
    """Update ticket: whatever of it is sent."""

    title: Line | None = None
    description: Text | None = None
    category: CategoryWord | None = None
    priority: PriorityWord | None = None
    status: StatusWord | None = None
    assigned_to: Id | None = None
    admin_feedback: Note | None = None
    format: StatedFormat = None

    def changes(self, ticket: Any) -> dict[str, Any]:
        """What is to change of a ticket, in the core's names. Raises `Invalid`."""
        sent = self.model_dump(exclude_unset=True, exclude={"format"})
        for name, words in (("category", CATEGORY), ("priority", PRIORITY), ("status", STATUS)):
            if name in sent:
                sent[name] = words.hear_over(getattr(ticket, name), sent[name])
        if "assigned_to" in sent:
            sent["assignee_id"] = sent.pop("assigned_to")
        return sent


class StatusChange(BaseModel):
    """Update Ticket Status (Admin): whatever of it is sent."""

    status: StatusWord = Field(default_factory=str)
    admin_feedback: Note | None = None
    format: StatedFormat = None

    def changes(self, ticket: Any) -> dict[str, Any]:
        """What is to change of a ticket, in the core's names. Raises `Invalid`."""
        sent = self.model_dump(exclude_unset=True, exclude={"format"})
        if "status" in sent:
            sent["status"] = STATUS.hear_over(ticket.status, self.status)
        return sent


class NewComment(BaseModel):
    """Add Comment."""

    content: Text
    is_internal: bool = False
    format: StatedFormat = None


class Comment(TypedDict):
    """TicketComment Model."""

    id: int
    ticket: int
    author: int | None
    author_name: str
    content: str
    is_internal: bool
    created_at: datetime
    updated_at: datetime


class PostedComment(Comment):
    """A comment, and the new ticket that a late reply to a closed one opened."""

    follow_up: NotRequired[int]
    message: NotRequired[str]


class LatestComment(TypedDict):
    """Latest comment preview."""

    author: int | None
    content: str
    created_at: datetime


class Ticket(TypedDict):
    """Ticket Model, as lists show it."""

    id: int
    title: str
    description: str
    category: CategoryWord
    priority: PriorityWord
    status: StatusWord
    user: int
    user_name: str
    assigned_to: int | None
    assigned_to_name: str | None
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    admin_feedback: str | None
    comments_count: int
    latest_comment: LatestComment | None


class TicketWithComments(Ticket):
    """Ticket Model with its comments."""

    comments: list[Comment]


class Tickets(TypedDict):
    """A part of a list of tickets."""

    count: int
    next: str | None
    previous: str | None
    results: list[Ticket]


class Comments(TypedDict):
    """A part of a list of comments."""

    count: int
    next: str | None
    previous: str | None
    results: list[Comment]


class Stats(TypedDict):
    """Ticket statistics."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_category: dict[str, int]


def listed(ticket: Any, *, with_notes: bool) -> Ticket:
    """The ticket as lists show it, and every change answers it."""
    latest: LatestComment | None = None
    if ticket.last_comment is not None:
        latest = {
            "author": ticket.last_comment_by_id,
            "content": ticket.last_comment,
            "created_at": ticket.last_comment_at,
        }
    return {
        "id": ticket.id,
        "title": ticket.title,
        "description": ticket.description,
        "category": CATEGORY.say(ticket.category),
        "priority": PRIORITY.say(ticket.priority),
        "status": STATUS.say(ticket.status),
        "user": ticket.requester_id,
        "user_name": ticket.requester_name,
        "assigned_to": ticket.assignee_id,
        "assigned_to_name": ticket.assignee_name,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "resolved_at": ticket.resolved_at,
        "admin_feedback": ticket.admin_feedback,
        "comments_count": ticket.comments_count + (ticket.notes_count if with_notes else 0),
        "latest_comment": latest,
    }


def said(line: Any) -> Comment:
    """A comment."""
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
