"""The earlier texts of an edited comment, for its author and staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from ticket_app.core.conversation import activity
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind, TextFormat
from ticket_app.core.tickets.fields import COMMENT
from ticket_app.tables import entry_table, person_table

MAX_VERSIONS = 50
"""How many of the newest edits of a comment are listed."""


@dataclass(frozen=True, slots=True)
class CommentVersion:
    """The text of a comment from one edit to the next; the newest version is the present text."""

    text: str
    text_format: TextFormat
    at: datetime
    author_name: str | None


_SELECT_EDITS = (
    select(entry_table.c.at, entry_table.c.old_value, person_table.c.full_name)
    .select_from(entry_table.outerjoin(person_table, person_table.c.id == entry_table.c.actor_id))
    .where(
        entry_table.c.ticket_id == bindparam("ticket_id"),
        entry_table.c.kind == EntryKind.CHANGE,
        entry_table.c.field == COMMENT.name,
        entry_table.c.old_id == bindparam("comment_id"),
    )
    .order_by(entry_table.c.id.desc())
    .limit(bindparam("limit"))
)


def list_versions(uow: UnitOfWork, reference: UUID | int) -> list[CommentVersion]:
    """Return the texts that a comment has had, the present one first.

    Its author and staff may read them. Others see that it was edited; an edit may have removed what
    they must not read. Raises `NotFound`, `Forbidden`.
    """
    entry = activity.get_comment(uow, reference)
    if entry.actor_id != uow.actor.id and not uow.actor.is_staff:
        raise Forbidden("You are not allowed to read the history of this comment")
    values = {"ticket_id": entry.ticket_id, "comment_id": entry.id, "limit": MAX_VERSIONS}
    edits = uow.connection.execute(_SELECT_EDITS, values).all()
    texts = [entry.body or "", *(edit.old_value or "" for edit in edits)]
    text_format = TextFormat(entry.body_format)
    written = [(edit.at, edit.full_name) for edit in edits]
    if len(edits) < MAX_VERSIONS:
        written.append((entry.at, entry.actor_name))
    return [
        CommentVersion(text, text_format, at, name)
        for text, (at, name) in zip(texts, written, strict=False)
    ]
