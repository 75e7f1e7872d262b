"""What was said and sent on one ticket, moved to another as it is, and back again.

Where each line and file was written is kept beside it (`moved_entry`, `moved_attachment`), so that
it finds home even after others followed the first move.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.tables import (
    attachment_table,
    entry_table,
    moved_attachment_table,
    moved_entry_table,
    notification_table,
    promised_file_table,
    ticket_table,
)

GOES_ALONG = (EntryKind.COMMENT, EntryKind.FILE)
"""Lines that move with their ticket; changes of its fields stay with it."""
ABOUT_THEM = ("comment", "file")
"""Fields whose changes are about such lines and move with them."""


_GOING = entry_table.c.kind.in_(GOES_ALONG) | entry_table.c.field.in_(ABOUT_THEM)
_FROM, _TO = bindparam("source"), bindparam("target")
_NOTE_ORIGINS = (
    insert(moved_entry_table).from_select(
        ["entry_id", "origin_id"],
        select(entry_table.c.id, entry_table.c.ticket_id).where(
            entry_table.c.ticket_id == _FROM,
            _GOING,
            ~select(moved_entry_table)
            .where(moved_entry_table.c.entry_id == entry_table.c.id)
            .exists(),
        ),
    ),
    insert(moved_attachment_table).from_select(
        ["attachment_id", "origin_id"],
        select(attachment_table.c.id, attachment_table.c.ticket_id).where(
            attachment_table.c.ticket_id == _FROM,
            ~select(moved_attachment_table)
            .where(moved_attachment_table.c.attachment_id == attachment_table.c.id)
            .exists(),
        ),
    ),
)
_BRING = (
    update(entry_table).where(entry_table.c.ticket_id == _FROM, _GOING).values(ticket_id=_TO),
    update(attachment_table).where(attachment_table.c.ticket_id == _FROM).values(ticket_id=_TO),
)


def bring(desk: Desk, source_id: int, target_id: int) -> None:
    """What was said on a ticket and sent to it stands with another one; its origin is noted."""
    values = {"source": source_id, "target": target_id}
    for statement in (*_NOTE_ORIGINS, *_BRING, *_FOLLOW):
        desk.db.execute(statement, values)


def _follow(about: Any) -> Any:
    """What is about a line belongs to the ticket that the line stands with."""
    stands_with = (
        select(entry_table.c.ticket_id)
        .where(entry_table.c.id == about.c.entry_id)
        .scalar_subquery()
    )
    return (
        update(about)
        .where(about.c.ticket_id.in_([_FROM, _TO]), about.c.entry_id.is_not(None))
        .values(ticket_id=func.coalesce(stands_with, about.c.ticket_id))
    )


_FOLLOW = (_follow(notification_table), _follow(promised_file_table))


def _family() -> Any:
    """A ticket and all that were merged into it, over however many steps."""
    family = (
        select(ticket_table.c.id).where(ticket_table.c.id == _FROM).cte("family", recursive=True)
    )
    return family.union(
        select(ticket_table.c.id).where(ticket_table.c.merged_into_id == family.c.id)
    )


_FAMILY = select(_family().c.id)
_HOME = bindparam("home")
_GIVE_BACK = (
    update(entry_table)
    .where(
        entry_table.c.ticket_id == _TO,
        entry_table.c.id.in_(
            select(moved_entry_table.c.entry_id).where(moved_entry_table.c.origin_id.in_(_FAMILY))
        ),
    )
    .values(ticket_id=_HOME),
    update(attachment_table)
    .where(
        attachment_table.c.ticket_id == _TO,
        attachment_table.c.id.in_(
            select(moved_attachment_table.c.attachment_id).where(
                moved_attachment_table.c.origin_id.in_(_FAMILY)
            )
        ),
    )
    .values(ticket_id=_HOME),
    delete(moved_entry_table).where(
        moved_entry_table.c.origin_id == _HOME,
        moved_entry_table.c.entry_id.in_(
            select(entry_table.c.id).where(entry_table.c.ticket_id == _HOME)
        ),
    ),
    delete(moved_attachment_table).where(
        moved_attachment_table.c.origin_id == _HOME,
        moved_attachment_table.c.attachment_id.in_(
            select(attachment_table.c.id).where(attachment_table.c.ticket_id == _HOME)
        ),
    ),
    *_FOLLOW,
)


def give_back(desk: Desk, source_id: int, target_id: int) -> None:
    """Lines and files that came to the target by way of the source stand with that again."""
    values = {"source": source_id, "target": target_id, "home": source_id}
    for statement in _GIVE_BACK:
        desk.db.execute(statement, values)
