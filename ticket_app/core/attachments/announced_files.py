"""Files that were announced by name with a ticket or a comment, and are still to be sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select

from ticket_app.core.attachments import file_types
from ticket_app.core.platform.access_policy import audiences
from ticket_app.core.platform.errors import RuleBroken
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import entry_table, promised_file_table

MOST = 100
"""Files a ticket waits for at the same time."""

_COUNT = select(func.count()).where(promised_file_table.c.ticket_id == bindparam("ticket_id"))
_PROMISE = insert(promised_file_table)


def promise(
    desk: Desk,
    ticket_id: int,
    names: Iterable[str],
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> None:
    """The actor is going to send files of these names for a ticket, or for a comment on it.

    Raises `RuleBroken` if the ticket waits for too many already.
    """
    rows = [
        {
            "ticket_id": ticket_id,
            "entry_id": entry_id,
            "person_id": desk.actor.id,
            "name": file_types.display_name(name),
            "audience": Audience.INTERNAL if internal else Audience.PUBLIC,
            "promised_at": desk.now,
        }
        for name in names
    ]
    if not rows:
        return
    if desk.db.execute(_COUNT, {"ticket_id": ticket_id}).scalar_one() + len(rows) > MOST:
        raise RuleBroken(f"A ticket waits for at most {MOST} announced files")
    desk.db.execute(_PROMISE, rows)


_AWAITED = (
    select(promised_file_table.c.name)
    .where(
        promised_file_table.c.ticket_id == bindparam("ticket_id"),
        promised_file_table.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(promised_file_table.c.id)
)


def awaited(desk: Desk, ticket_id: int) -> list[str]:
    """The names of files a ticket the actor holds still waits for, as far as they may know."""
    values = {"ticket_id": ticket_id, "audiences": list(audiences(desk.actor))}
    return list(desk.db.execute(_AWAITED, values).scalars())


_DUE = (
    select(
        promised_file_table.c.id,
        promised_file_table.c.entry_id,
        promised_file_table.c.name,
        promised_file_table.c.audience,
    )
    .select_from(
        promised_file_table.outerjoin(
            entry_table, entry_table.c.id == promised_file_table.c.entry_id
        )
    )
    .where(
        promised_file_table.c.ticket_id == bindparam("ticket_id"),
        promised_file_table.c.person_id == bindparam("person_id"),
        or_(promised_file_table.c.entry_id.is_(None), entry_table.c.deleted_at.is_(None)),
    )
    .order_by(promised_file_table.c.id)
)


def keep_promise(desk: Desk, ticket_id: int, name: str, *, internal: bool) -> Any:
    """The actor sends a file of that name: what they announced it for (`entry_id`, `audience`),
    which is not awaited any more; None if they did not. An internal file keeps no public promise.
    """
    due = desk.db.execute(_DUE, {"ticket_id": ticket_id, "person_id": desk.actor.id})
    fitting = (row for row in due if row.audience == Audience.INTERNAL or not internal)
    found = next((row for row in fitting if row.name.casefold() == name.casefold()), None)
    if found is not None:
        desk.db.execute(delete(promised_file_table).where(promised_file_table.c.id == found.id))
    return found


def release(desk: Desk, entry_id: int) -> None:
    """What was announced with a comment is not awaited any more."""
    desk.db.execute(delete(promised_file_table).where(promised_file_table.c.entry_id == entry_id))
