"""What somebody has begun to write: kept on the server, offered again on any device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform import text
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import attachment_table, draft_table

LARGEST_DRAFT = 256 * 1024
NEW_TICKET = "new"
"""The place of a ticket one files for oneself."""
NEW_FOR_SOMEBODY = "new:somebody"
"""The place of a ticket that staff files for somebody."""
_PLACE = re.compile(r"ticket:([1-9][0-9]{0,9}):(?:reply|note)")


def reply_to(ticket_id: int) -> str:
    """The place of a reply to a ticket."""
    return f"ticket:{ticket_id}:reply"


def note_on(ticket_id: int) -> str:
    """The place of an internal note on a ticket."""
    return f"ticket:{ticket_id}:note"


def ticket_of(place: str) -> int:
    """The id of the ticket a place belongs to. Raises `Invalid` for a place that is none."""
    known = _PLACE.fullmatch(place)
    if known is None:
        raise Invalid("place", "must be a known place")
    return int(known.group(1))


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it lies on the server."""

    id: int
    content: dict[str, Any]
    updated_at: datetime


def _keep(insert: Any) -> Any:
    statement = insert(draft_table)
    return statement.on_conflict_do_update(
        index_elements=[draft_table.c.person_id, draft_table.c.place],
        set_={
            "content": statement.excluded.content,
            "updated_at": statement.excluded.updated_at,
        },
    ).returning(draft_table.c.id)


_KEEP = {"sqlite": _keep(sqlite.insert), "postgresql": _keep(postgresql.insert)}
_FIND = select(draft_table.c.id, draft_table.c.content, draft_table.c.updated_at).where(
    draft_table.c.person_id == bindparam("person_id"), draft_table.c.place == bindparam("place")
)


def keep(desk: Desk, place: str, content: Mapping[str, Any]) -> Kept:
    """Keep what the actor has written so far at a place. Raises `Invalid` if it is too large."""
    text.as_json("draft", content, LARGEST_DRAFT)
    row = {
        "person_id": desk.actor.id,
        "place": place,
        "content": dict(content),
        "created_at": desk.now,
        "updated_at": desk.now,
    }
    draft_id = desk.db.execute(_KEEP[desk.db.dialect.name], row).scalar_one()
    return Kept(draft_id, dict(content), desk.now)


def find(desk: Desk, place: str) -> Kept | None:
    """What the actor has written at a place, if anything."""
    row = desk.db.execute(_FIND, {"person_id": desk.actor.id, "place": place}).first()
    return None if row is None else Kept(row.id, row.content, row.updated_at)


def discard(desk: Desk, place: str) -> None:
    """Throw away what the actor has written at a place; its loose files go with it."""
    kept = find(desk, place)
    if kept is None:
        return
    desk.db.execute(
        update(attachment_table)
        .where(attachment_table.c.draft_id == kept.id, attachment_table.c.ticket_id.is_(None))
        .values(deleted_at=desk.now)
    )
    desk.db.execute(
        update(attachment_table).where(attachment_table.c.draft_id == kept.id).values(draft_id=None)
    )
    desk.db.execute(delete(draft_table).where(draft_table.c.id == kept.id))
