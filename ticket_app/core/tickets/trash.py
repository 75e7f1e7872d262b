"""The trash: deleted tickets, newest first, for those who may bring them back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.storage import file_store
from ticket_app.core.platform.ticket_numbers import read_reference
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import merging
from ticket_app.tables import attachment_table, metadata, person_table, ticket_table

MOST = 100
OWNERS = frozenset({"ticket_id"})
"""Columns by which a row belongs to a ticket even where it may have none."""
_DELETER = person_table.alias("deleter")
_DELETED = (
    select(
        ticket_table.c.id,
        ticket_table.c.key_prefix,
        ticket_table.c.key_number,
        ticket_table.c.title,
        ticket_table.c.status,
        ticket_table.c.deleted_at,
        _DELETER.c.full_name.label("deleted_by"),
    )
    .select_from(ticket_table.outerjoin(_DELETER, _DELETER.c.id == ticket_table.c.deleted_by_id))
    .where(ticket_table.c.deleted_at.is_not(None))
    .order_by(ticket_table.c.deleted_at.desc(), ticket_table.c.id.desc())
    .limit(bindparam("most"))
)


def deleted(desk: Desk, most: int = MOST) -> Sequence[Any]:
    """The newest deleted tickets. Raises `Forbidden` for those who may not restore them."""
    desk.actor.must("restore_tickets", "look into the trash")
    return desk.db.execute(_DELETED, {"most": most}).all()


def purge(desk: Desk, reference: str | int) -> None:
    """Destroy a deleted ticket with all that was said and sent on it; its numbers stay taken.

    What only points to it (duplicates, links) no longer does; what was merged into it has its own
    again (`merging.let_go`). Raises `Forbidden`, `NotFound` if it does not lie in the trash.
    """
    desk.actor.must("purge_tickets", "destroy deleted tickets")
    found = read_reference(str(reference))
    if found is None:
        raise NotFound
    deleted = select(ticket_table.c.id).where(
        ticket_table.c.deleted_at.is_not(None), found.condition()
    )
    named = desk.db.execute(deleted).first()
    if named is not None:
        merging.let_go(desk, named.id)
    wanted = desk.db.execute(deleted.with_for_update()).first()
    if wanted is None:
        raise NotFound
    stored = select(attachment_table.c.storage_key).where(attachment_table.c.ticket_id == wanted.id)
    keys = desk.db.execute(stored).scalars().all()
    destroy(desk, ticket_table, [wanted.id])
    store = file_store()
    desk.after.extend(partial(store.delete, key) for key in keys)


def destroy(desk: Desk, table: Any, ids: Sequence[int]) -> None:
    """Delete rows with those that belong to them; those that only point to them are let go."""
    for other in metadata.tables.values():
        for column in other.columns:
            if not any(key.column is table.c.id for key in column.foreign_keys):
                continue
            if column.nullable and column.name not in OWNERS:
                desk.db.execute(update(other).where(column.in_(ids)).values({column.name: None}))
            elif "id" in other.c:
                own = desk.db.execute(select(other.c.id).where(column.in_(ids))).scalars().all()
                if own:
                    destroy(desk, other, own)
            else:
                desk.db.execute(delete(other).where(column.in_(ids)))
    desk.db.execute(delete(table).where(table.c.id.in_(ids)))
