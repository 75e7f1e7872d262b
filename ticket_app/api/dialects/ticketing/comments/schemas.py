"""Request and response bodies of comments (Models: TicketComment)."""

from __future__ import annotations

from datetime import datetime
from typing import NotRequired

from pydantic import BaseModel
from typing_extensions import TypedDict

from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.api.kit.fields import Text, TicketReference
from ticket_app.api.kit.text_format import TextFormatField
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.timeline.rows import EntryRow


class TicketCommentBody(BaseModel):
    """Add Comment."""

    content: Text
    is_internal: bool = False
    format: TextFormatField = None


class NewComment(TicketCommentBody):
    """Create Comment."""

    ticket: TicketReference


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


class CommentPage(ListPage):
    """One page of comments."""

    results: list[Comment]


def format_comment(line: EntryRow) -> Comment:
    """Format a comment (TicketComment)."""
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
