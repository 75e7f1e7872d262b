"""Request and response bodies of comments (Comment Response, Comment Fields)."""

from __future__ import annotations

from datetime import datetime
from typing import NotRequired
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.bmasia.vocabulary import ROLE_NAMES
from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.api.kit.fields import Text, TicketReference
from ticket_app.api.kit.text_format import TextFormatField
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.timeline.rows import EntryRow


class TicketCommentBody(BaseModel):
    """Add Comment to Ticket."""

    text: Text
    is_internal: bool = False
    format: TextFormatField = None


class NewComment(TicketCommentBody):
    """Create Comment."""

    ticket: TicketReference


class CommentUpdate(BaseModel):
    """Update Comment: any of these fields."""

    text: Text = Bounded(default_factory=str)
    format: TextFormatField = None


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
    """Comment Response, with the follow-up ticket that a late reply to a closed ticket opened."""

    follow_up: NotRequired[UUID]
    message: NotRequired[str]


class CommentPage(ListPage):
    """One page of comments."""

    results: list[Comment]


def format_comment(line: EntryRow, ticket: UUID) -> Comment:
    """Format a comment (Comment Response)."""
    return {
        "id": line.uuid,
        "ticket": ticket,
        "author": line.actor_uuid,
        "author_name": line.actor_name or "Unknown",
        "author_role": line.actor_team or ROLE_NAMES.get(line.actor_role or "", "Support"),
        "text": line.body or "",
        "is_internal": line.audience == Audience.INTERNAL,
        "created_at": line.at,
        "updated_at": line.updated_at or line.at,
    }
