"""Adding a comment through a document with flat comments (KubeBro, BMAsia, Ticketing)."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from ticket_app.core.conversation import commenting
from ticket_app.core.conversation.commenting import Posted
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import tickets


class CommentBody(Protocol):
    """What the bodies of new comments have in common."""

    is_internal: bool
    format: TextFormat | None


def add_comment(
    desk: Desk, ticket_id: str, text: str, body: CommentBody, *, channel: str
) -> Posted:
    """Add a comment with this text to a ticket. Raises what `conversation.post` raises."""
    return commenting.post(
        desk,
        tickets.hold(desk, ticket_id),
        text,
        internal=body.is_internal,
        text_format=body.format,
        channel=channel,
    )


def follow_up(posted: Posted, ticket: UUID | int | None) -> dict[str, Any]:
    """Return what is added to the answer of a comment that opened a new ticket.

    `ticket` is the id of the ticket the comment is on, as the document shows it.
    """
    if not posted.is_follow_up:
        return {}
    return {"follow_up": ticket, "message": posted.message}
