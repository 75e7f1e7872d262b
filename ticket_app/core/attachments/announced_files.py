"""Announced files: clients name them with a ticket or comment and upload them later."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, insert, or_, select

from ticket_app.core.attachments import file_types
from ticket_app.core.attachments.rows import AnnouncedFileRow
from ticket_app.core.platform.access_policy import readable_audiences
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import announced_file_table, entry_table

MAX_ANNOUNCED_FILES = 100
"""Announced files of one ticket that have not been uploaded."""

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
    """Record the names of files that the actor will upload for a ticket or a comment on it.

    Raises `RuleViolation` if too many announced files of the ticket are missing.
    """
    rows = [
        {
            "ticket_id": ticket_id,
            "entry_id": entry_id,
            "person_id": uow.actor.id,
            "name": file_types.display_name(name),
            "audience": Audience.INTERNAL if internal else Audience.PUBLIC,
            "announced_at": uow.now,
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
        raise RuleViolation(f"A ticket can have at most {MAX_ANNOUNCED_FILES} announced files")
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
    """Return the names of announced files of a ticket that the actor may see."""
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


def find_and_delete_announcement(
    uow: UnitOfWork, ticket_id: int, name: str, *, internal: bool
) -> AnnouncedFileRow | None:
    """Delete and return the actor's announcement of a file, or return None if there is none.

    An internal file does not match a public announcement.
    """
    values = {"ticket_id": ticket_id, "person_id": uow.actor.id}
    announcements = uow.all_rows(_SELECT_OWN_ANNOUNCEMENTS, values, of=AnnouncedFileRow)
    candidates = (row for row in announcements if row.audience == Audience.INTERNAL or not internal)
    found = next((row for row in candidates if row.name.casefold() == name.casefold()), None)
    if found is not None:
        uow.connection.execute(
            delete(announced_file_table).where(announced_file_table.c.id == found.id)
        )
    return found


def cancel_announcements(uow: UnitOfWork, entry_id: int) -> None:
    """Delete the announcements made with a comment."""
    uow.connection.execute(
        delete(announced_file_table).where(announced_file_table.c.entry_id == entry_id)
    )
