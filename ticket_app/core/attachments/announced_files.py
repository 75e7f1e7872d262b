"""Files that were announced by name with a ticket or a comment, and are still to be sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select

from ticket_app.core.attachments import file_types
from ticket_app.core.platform.access_policy import readable_audiences
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import announced_file_table, entry_table

MAX_ANNOUNCED_FILES = 100
"""Files a ticket waits for at the same time."""

_COUNT_ANNOUNCED_FILES = select(func.count()).where(
    announced_file_table.c.ticket_id == bindparam("ticket_id")
)
_INSERT_ANNOUNCED_FILES = insert(announced_file_table)


def announce_files(
    uow: UnitOfWork,
    ticket_id: int,
    names: Iterable[str],
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> None:
    """The actor is going to send files of these names for a ticket, or for a comment on it.

    Raises `RuleViolation` if the ticket waits for too many already.
    """
    rows = [
        {
            "ticket_id": ticket_id,
            "entry_id": entry_id,
            "person_id": uow.actor.id,
            "name": file_types.display_name(name),
            "audience": Audience.INTERNAL if internal else Audience.PUBLIC,
            "promised_at": uow.now,
        }
        for name in names
    ]
    if not rows:
        return
    if (
        uow.connection.execute(_COUNT_ANNOUNCED_FILES, {"ticket_id": ticket_id}).scalar_one()
        + len(rows)
        > MAX_ANNOUNCED_FILES
    ):
        raise RuleViolation(f"A ticket waits for at most {MAX_ANNOUNCED_FILES} announced files")
    uow.connection.execute(_INSERT_ANNOUNCED_FILES, rows)


_SELECT_AWAITED_NAMES = (
    select(announced_file_table.c.name)
    .where(
        announced_file_table.c.ticket_id == bindparam("ticket_id"),
        announced_file_table.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(announced_file_table.c.id)
)


def list_awaited_names(uow: UnitOfWork, ticket_id: int) -> list[str]:
    """The names of files a ticket the actor holds still waits for, as far as they may know."""
    values = {"ticket_id": ticket_id, "audiences": list(readable_audiences(uow.actor))}
    return list(uow.connection.execute(_SELECT_AWAITED_NAMES, values).scalars())


_SELECT_OWN_ANNOUNCEMENTS = (
    select(
        announced_file_table.c.id,
        announced_file_table.c.entry_id,
        announced_file_table.c.name,
        announced_file_table.c.audience,
    )
    .select_from(
        announced_file_table.outerjoin(
            entry_table, entry_table.c.id == announced_file_table.c.entry_id
        )
    )
    .where(
        announced_file_table.c.ticket_id == bindparam("ticket_id"),
        announced_file_table.c.person_id == bindparam("person_id"),
        or_(announced_file_table.c.entry_id.is_(None), entry_table.c.deleted_at.is_(None)),
    )
    .order_by(announced_file_table.c.id)
)


def claim_announcement(uow: UnitOfWork, ticket_id: int, name: str, *, internal: bool) -> Any:
    """The actor sends a file of that name: what they announced it for (`entry_id`, `audience`),
    which is not awaited any more; None if they did not. An internal file keeps no public promise.
    """
    announcements = uow.connection.execute(
        _SELECT_OWN_ANNOUNCEMENTS, {"ticket_id": ticket_id, "person_id": uow.actor.id}
    )
    candidates = (row for row in announcements if row.audience == Audience.INTERNAL or not internal)
    found = next((row for row in candidates if row.name.casefold() == name.casefold()), None)
    if found is not None:
        uow.connection.execute(
            delete(announced_file_table).where(announced_file_table.c.id == found.id)
        )
    return found


def cancel_announcements(uow: UnitOfWork, entry_id: int) -> None:
    """What was announced with a comment is not awaited any more."""
    uow.connection.execute(
        delete(announced_file_table).where(announced_file_table.c.entry_id == entry_id)
    )
