"""Add comments in the dialects with flat comments (KubeBro, BMAsia, Ticketing)."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from ticket_app.core.conversation import commenting
from ticket_app.core.conversation.commenting import AddedComment
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import locking


class CommentBody(Protocol):
    """The fields that the bodies of new comments share."""

    is_internal: bool
    format: TextFormat | None


def add_comment(
    uow: UnitOfWork, ticket_id: str, text: str, body: CommentBody, *, channel: str
) -> AddedComment:
    """Add a comment with this text to a ticket. Raises what `commenting.post_comment` raises."""
    return commenting.post_comment(
        uow,
        locking.lock_ticket(uow, ticket_id),
        text,
        internal=body.is_internal,
        text_format=body.format,
        channel=channel,
    )


def follow_up_fields(posted: AddedComment, ticket: UUID | int | None) -> dict[str, object]:
    """Return the extra response fields for a comment that opened a follow-up ticket.

    `ticket` is the id of the commented ticket in the dialect's format.
    """
    if not posted.is_follow_up:
        return {}
    return {"follow_up": ticket, "message": posted.follow_up_message}
