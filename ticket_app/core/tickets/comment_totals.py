"""Recompute what a ticket's row keeps of its comments: counts, the latest one, search text."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from ticket_app.core.platform.markup import render_preview
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, TextFormat
from ticket_app.core.search import search_index
from ticket_app.tables import Ticket, entry_table


def recount_comments(uow: UnitOfWork, ticket: Ticket) -> None:
    """Recompute a locked ticket's comment counts, latest comment and search text from its timeline.

    Adding a single comment updates them without this.
    """
    assert ticket.id is not None
    rows = uow.connection.execute(_SELECT_COMMENTS, {"ticket_id": ticket.id}).all()
    public = [row for row in rows if row.audience == Audience.PUBLIC]
    notes = [row for row in rows if row.audience == Audience.INTERNAL]
    latest = public[-1] if public else None
    ticket.comments_count, ticket.notes_count = len(public), len(notes)
    ticket.last_comment = (
        render_preview(latest.body, PREVIEW_LENGTH, TextFormat(latest.body_format))
        if latest
        else None
    )
    ticket.last_comment_at = latest.at if latest else None
    ticket.last_comment_by_id = latest.actor_id if latest else None
    search_index.reindex_comments(
        uow, ticket.id, [row.body for row in public], [row.body for row in notes]
    )


PREVIEW_LENGTH = 140
"""Characters of the latest comment kept for lists."""


_SELECT_COMMENTS = (
    select(
        entry_table.c.id,
        entry_table.c.body,
        entry_table.c.body_format,
        entry_table.c.audience,
        entry_table.c.at,
        entry_table.c.actor_id,
    )
    .where(
        entry_table.c.ticket_id == bindparam("ticket_id"),
        entry_table.c.kind == EntryKind.COMMENT,
        entry_table.c.deleted_at.is_(None),
    )
    .order_by(entry_table.c.id)
)
