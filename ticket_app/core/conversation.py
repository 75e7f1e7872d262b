"""What people say on a ticket: replies everybody on it reads, and notes for staff only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from ticket_app.core import logbook, search, text, tickets, timeline
from ticket_app.core.desk import Desk
from ticket_app.core.markup import plain
from ticket_app.core.policy import E
from ticket_app.core.words import Audience, EntryKind
from ticket_app.tables import Ticket

PREVIEW = 140
"""Characters of the latest comment kept for lists."""


def comment(desk: Desk, ticket: Ticket, content: str, *, internal: bool = False) -> int:
    """Say something on a ticket the actor holds; returns the id of the line on the timeline.

    A first public answer by staff is the first response; a requester's answer to a question takes
    the ticket back into work. Raises `Forbidden` (a note by somebody who is not staff), `Invalid`,
    `RuleBroken` (the ticket was merged into another one).
    """
    assert ticket.id is not None
    actor = desk.actor
    actor.must("comment_tickets", "comment on tickets")
    if internal:
        actor.must("write_notes", "write internal notes")
    tickets.must_go_on_here(desk, ticket)
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


def rewrite(desk: Desk, reference: UUID | int, content: str) -> int:
    """Say it otherwise: one's own comment, or any for staff; returns its id.

    The comment is marked as edited; what stood there before stays on the timeline, for staff.
    Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    ticket, line = _hold(desk, reference, "change what somebody else said")
    said = text.required_text("content", content)
    if said == line.body:
        return line.id
    desk.db.execute(
        E.update().where(E.c.id == line.id).values(body=said, edited=True, updated_at=desk.now)
    )
    _told_anew(desk, ticket, line, said)
    return line.id


def withdraw(desk: Desk, reference: UUID | int) -> None:
    """Take a comment back: one's own, or any for staff. What it said stays on the timeline, for
    staff; that there was a first response stays true. Raises `NotFound`, `Forbidden`.
    """
    ticket, line = _hold(desk, reference, "delete what somebody else said")
    desk.db.execute(E.update().where(E.c.id == line.id).values(deleted_at=desk.now))
    if line.audience == Audience.INTERNAL:
        ticket.notes_count -= 1
    else:
        ticket.comments_count -= 1
    _told_anew(desk, ticket, line, None)


def _hold(desk: Desk, reference: UUID | int, what: str) -> tuple[Ticket, Any]:
    ticket = tickets.hold(desk, logbook.comment(desk, reference).ticket_id)
    # Once more, as it now stands: the first reading was before the lock.
    line = logbook.comment(desk, reference)
    desk.actor.must("comment_tickets", "comment on tickets")
    if line.actor_id != desk.actor.id:
        desk.actor.must("work_tickets", what)
    return ticket, line


def _told_anew(desk: Desk, ticket: Ticket, line: Any, new: str | None) -> None:
    assert ticket.id is not None
    timeline.append(
        desk,
        ticket.id,
        EntryKind.CHANGE,
        audience=Audience.INTERNAL,
        field="comment",
        old_value=line.body,
        new_value=new,
        old_id=line.id,
        new_id=line.id if new is not None else None,
    )
    rows = desk.db.execute(
        select(E.c.id, E.c.body, E.c.audience, E.c.at, E.c.actor_id)
        .where(E.c.ticket_id == ticket.id, E.c.kind == EntryKind.COMMENT, E.c.deleted_at.is_(None))
        .order_by(E.c.id)
    ).all()
    public = [row for row in rows if row.audience == Audience.PUBLIC]
    latest = public[-1] if public else None
    ticket.last_comment = plain(latest.body, PREVIEW) if latest else None
    ticket.last_comment_at = latest.at if latest else None
    ticket.last_comment_by_id = latest.actor_id if latest else None
    tickets.touch(desk, ticket)
    desk.settle()
    search.retell(
        desk,
        ticket.id,
        [row.body for row in public],
        [row.body for row in rows if row.audience == Audience.INTERNAL],
    )
