"""Drafts: unsent text stored on the server, available on all devices of its author."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.json_types import JsonObject
from ticket_app.core.platform.sql_types import DialectInsert
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import attachment_table, draft_table

MAX_DRAFT_BYTES = 256 * 1024
NEW_TICKET_PLACE = "new"
"""The place of a new ticket that the actor requests."""
NEW_TICKET_FOR_REQUESTER_PLACE = "new:somebody"
"""The place of a new ticket that staff file for another requester."""
_PLACE_PATTERN = re.compile(r"ticket:([1-9][0-9]{0,9}):(?:reply|note)")


def reply_place(ticket_id: int) -> str:
    """Return the place of a reply to a ticket."""
    return f"ticket:{ticket_id}:reply"


def note_place(ticket_id: int) -> str:
    """Return the place of an internal note on a ticket."""
    return f"ticket:{ticket_id}:note"


def parse_ticket_id(place: str) -> int:
    """Return the id of the ticket that a place belongs to. Raises `Invalid`."""
    match = _PLACE_PATTERN.fullmatch(place)
    if match is None:
        raise Invalid("place", "must be the place of a draft on a ticket")
    return int(match.group(1))


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A stored draft."""

    id: int
    content: JsonObject
    updated_at: datetime


def _build_upsert(insert: DialectInsert) -> Executable:
    statement = insert(draft_table)
    return statement.on_conflict_do_update(
        index_elements=[draft_table.c.person_id, draft_table.c.place],
        set_={
            "content": statement.excluded.content,
            "updated_at": statement.excluded.updated_at,
        },
    ).returning(draft_table.c.id)


_UPSERT_BY_DIALECT = {
    "sqlite": _build_upsert(sqlite.insert),
    "postgresql": _build_upsert(postgresql.insert),
}
_SELECT_DRAFT = select(draft_table.c.id, draft_table.c.content, draft_table.c.updated_at).where(
    draft_table.c.person_id == bindparam("person_id"), draft_table.c.place == bindparam("place")
)


def save_draft(uow: UnitOfWork, place: str, content: JsonObject) -> SavedDraft:
    """Store the actor's draft for a place. Raises `Invalid` if it is too large."""
    validators.validate_json("draft", content, MAX_DRAFT_BYTES)
    row = {
        "person_id": uow.actor.id,
        "place": place,
        "content": dict(content),
        "created_at": uow.now,
        "updated_at": uow.now,
    }
    draft_id = uow.connection.execute(
        _UPSERT_BY_DIALECT[uow.connection.dialect.name], row
    ).scalar_one()
    return SavedDraft(draft_id, dict(content), uow.now)


def find_draft(uow: UnitOfWork, place: str) -> SavedDraft | None:
    """Return the actor's draft for a place, if any."""
    row = uow.connection.execute(_SELECT_DRAFT, {"person_id": uow.actor.id, "place": place}).first()
    return None if row is None else SavedDraft(row.id, row.content, row.updated_at)


def move_draft_files(uow: UnitOfWork, source_place: str, target_place: str) -> None:
    """Move the files of one of the actor's drafts to another one, which is begun if need be."""
    source = find_draft(uow, source_place)
    if source is None:
        return
    is_of_source = (
        attachment_table.c.draft_id == source.id,
        attachment_table.c.deleted_at.is_(None),
    )
    if uow.connection.execute(select(attachment_table.c.id).where(*is_of_source)).first() is None:
        return
    target = find_draft(uow, target_place) or save_draft(uow, target_place, {})
    statement = update(attachment_table).where(*is_of_source).values(draft_id=target.id)
    uow.connection.execute(statement)


def discard_draft(uow: UnitOfWork, place: str) -> None:
    """Delete the actor's draft for a place, with its files that are on no ticket."""
    draft = find_draft(uow, place)
    if draft is None:
        return
    uow.connection.execute(
        update(attachment_table)
        .where(attachment_table.c.draft_id == draft.id, attachment_table.c.ticket_id.is_(None))
        .values(deleted_at=uow.now)
    )
    uow.connection.execute(
        update(attachment_table)
        .where(attachment_table.c.draft_id == draft.id)
        .values(draft_id=None)
    )
    uow.connection.execute(delete(draft_table).where(draft_table.c.id == draft.id))
