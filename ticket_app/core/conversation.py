"""What people say on a ticket: replies everybody on it reads, and notes for staff only."""

from __future__ import annotations

from typing import Any

from ticket_app.core import search, text, tickets, timeline
from ticket_app.core.desk import Desk
from ticket_app.core.markup import plain
from ticket_app.core.words import Audience, EntryKind
from ticket_app.tables import Ticket

PREVIEW = 140
"""Characters of the latest comment kept for lists."""


def comment(desk: Desk, ticket: Ticket, content: str, *, internal: bool = False) -> int:
    """Say something on a ticket the actor holds; returns the id of the line on the timeline.

    A first public answer by staff is the first response; a requester's answer to a question takes
    the ticket back into work. Raises `Forbidden` (a note by somebody who is not staff), `Invalid`.
    """
    assert ticket.id is not None
    actor = desk.actor
    actor.must("comment_tickets", "comment on tickets")
    if internal:
        actor.must("write_notes", "write internal notes")
    said = text.required_text("content", content)
    entry_id = timeline.append(
        desk,
        ticket.id,
        EntryKind.COMMENT,
        audience=Audience.INTERNAL if internal else Audience.PUBLIC,
        body=said,
    )
    if internal:
        ticket.notes_count += 1
    else:
        ticket.comments_count += 1
        ticket.last_comment = plain(said, PREVIEW)
        ticket.last_comment_at = desk.now
        ticket.last_comment_by_id = actor.id
        if actor.id == ticket.requester_id:
            tickets.answer_by_requester(desk, ticket)
        elif actor.is_staff and ticket.first_response_at is None:
            ticket.first_response_at = desk.now
    tickets.touch(desk, ticket)
    desk.settle()
    search.extend(desk, ticket.id, said, internal=internal)
    return entry_id


def read(desk: Desk, ticket_id: int) -> list[Any]:
    """The comments on a ticket the actor holds, as far as they may read them, oldest first."""
    return list(timeline.comments(desk, ticket_id))
