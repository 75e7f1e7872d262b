"""Request and response bodies, with fields in the order of the document's models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from ticket_app.api.dialects.kubebro.vocabulary import CATEGORY, PRIORITY, STATUS
from ticket_app.api.kit.fields import Choice, Id, OptionalText, SingleLine, Text
from ticket_app.api.kit.text_format import TextFormatField
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.tables import Ticket as SavedTicket

StatusValue = Annotated[str, Choice(STATUS)]
PriorityValue = Annotated[str, Choice(PRIORITY)]
CategoryValue = Annotated[str, Choice(CATEGORY)]


class NewTicket(BaseModel):
    """Create Ticket."""

    title: SingleLine
    description: Text
    category: CategoryValue = "support"
    priority: PriorityValue = "medium"
    format: TextFormatField = None
    status: StatusValue | None = None

    def to_draft(self) -> TicketDraft:
        """Return the ticket to create. Raises `Invalid`."""
        return TicketDraft(
            title=self.title,
            description=self.description,
            category=CATEGORY.parse(self.category),
            priority=PRIORITY.parse(self.priority),
            channel="kubebro",
            text_format=self.format,
        )


class TicketUpdate(BaseModel):
    """Update ticket: any of these fields."""

    title: SingleLine | None = None
    description: Text | None = None
    category: CategoryValue | None = None
    priority: PriorityValue | None = None
    status: StatusValue | None = None
    assigned_to: Id | None = None
    admin_feedback: OptionalText | None = None
    format: TextFormatField = None

    def to_changes(self, ticket: SavedTicket) -> dict[str, object]:
        """Return the changes by core field name. Raises `Invalid`."""
        changes = self.model_dump(exclude_unset=True, exclude={"format"})
        for name, vocabulary in (
            ("category", CATEGORY),
            ("priority", PRIORITY),
            ("status", STATUS),
        ):
            if name in changes:
                changes[name] = vocabulary.parse_change(getattr(ticket, name), changes[name])
        if "assigned_to" in changes:
            changes["assignee_id"] = changes.pop("assigned_to")
        return changes


class StatusUpdate(BaseModel):
    """Update Ticket Status (Admin): any of these fields."""

    status: StatusValue = Field(default_factory=str)
    admin_feedback: OptionalText | None = None
    format: TextFormatField = None

    def to_changes(self, ticket: SavedTicket) -> dict[str, object]:
        """Return the changes by core field name. Raises `Invalid`."""
        changes = self.model_dump(exclude_unset=True, exclude={"format"})
        if "status" in changes:
            changes["status"] = STATUS.parse_change(ticket.status, self.status)
        return changes


class NewComment(BaseModel):
    """Add Comment."""

    content: Text
    is_internal: bool = False
    format: TextFormatField = None


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
    """A comment, with the follow-up ticket that a late reply to a closed ticket opened."""

    follow_up: NotRequired[int]
    message: NotRequired[str]


class LatestComment(TypedDict):
    """Latest comment preview."""

    author: int | None
    content: str
    created_at: datetime


class Ticket(TypedDict):
    """Ticket Model, as in lists."""

    id: int
    title: str
    description: str
    category: CategoryValue
    priority: PriorityValue
    status: StatusValue
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


class TicketPage(TypedDict):
    """One page of tickets."""

    count: int
    next: str | None
    previous: str | None
    results: list[Ticket]


class CommentPage(TypedDict):
    """One page of comments."""

    count: int
    next: str | None
    previous: str | None
    results: list[Comment]


class TicketStatistics(TypedDict):
    """Ticket statistics."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_category: dict[str, int]


def format_ticket(ticket: TicketRow, *, include_notes: bool) -> Ticket:
    """Format a ticket for lists and for responses to changes."""
    latest: LatestComment | None = None
    if ticket.last_comment is not None and ticket.last_comment_at is not None:
        latest = {
            "author": ticket.last_comment_by_id,
            "content": ticket.last_comment,
            "created_at": ticket.last_comment_at,
        }
    return {
        "id": ticket.id,
        "title": ticket.title,
        "description": ticket.description,
        "category": CATEGORY.format(ticket.category),
        "priority": PRIORITY.format(ticket.priority),
        "status": STATUS.format(ticket.status),
        "user": ticket.requester_id,
        "user_name": ticket.requester_name,
        "assigned_to": ticket.assignee_id,
        "assigned_to_name": ticket.assignee_name,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "resolved_at": ticket.resolved_at,
        "admin_feedback": ticket.admin_feedback,
        "comments_count": ticket.comments_count + (ticket.notes_count if include_notes else 0),
        "latest_comment": latest,
    }


def format_comment(line: EntryRow) -> Comment:
    """Format a comment."""
    return {
        "id": line.id,
        "ticket": line.ticket_id,
        "author": line.actor_id,
        "author_name": line.actor_name or "Unknown",
        "content": line.body or "",
        "is_internal": line.audience == Audience.INTERNAL,
        "created_at": line.at,
        "updated_at": line.updated_at or line.at,
    }
