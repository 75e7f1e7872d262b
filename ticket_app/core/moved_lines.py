"""What was said and sent on one ticket, moved to another as it is, and back again.

Where each line and file was written is kept beside it (`moved_entry`, `moved_attachment`), so that
it finds home even after others followed the first move.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from ticket_app.core.attachments import F
from ticket_app.core.desk import Desk
from ticket_app.core.notifications import N
from ticket_app.core.policy import E, T
from ticket_app.core.promised_files import K
from ticket_app.core.words import EntryKind
from ticket_app.tables import MovedAttachment, MovedEntry

ME: Any = MovedEntry.__table__  # type: ignore[attr-defined]
MA: Any = MovedAttachment.__table__  # type: ignore[attr-defined]

GOES_ALONG = (EntryKind.COMMENT, EntryKind.FILE)
"""Lines that move with their ticket; changes of its fields stay with it."""
ABOUT_THEM = ("comment", "file")
"""Fields whose changes are about such lines and move with them."""


_GOING = E.c.kind.in_(GOES_ALONG) | E.c.field.in_(ABOUT_THEM)
_FROM, _TO = bindparam("source"), bindparam("target")
_NOTE_ORIGINS = (
    insert(ME).from_select(
        ["entry_id", "origin_id"],
        select(E.c.id, E.c.ticket_id).where(
            E.c.ticket_id == _FROM, _GOING, ~select(ME).where(ME.c.entry_id == E.c.id).exists()
        ),
    ),
    insert(MA).from_select(
        ["attachment_id", "origin_id"],
        select(F.c.id, F.c.ticket_id).where(
            F.c.ticket_id == _FROM, ~select(MA).where(MA.c.attachment_id == F.c.id).exists()
        ),
    ),
)
_BRING = (
    update(E).where(E.c.ticket_id == _FROM, _GOING).values(ticket_id=_TO),
    update(F).where(F.c.ticket_id == _FROM).values(ticket_id=_TO),
)


def bring(desk: Desk, source_id: int, target_id: int) -> None:
    """What was said on a ticket and sent to it stands with another one; its origin is noted."""
    values = {"source": source_id, "target": target_id}
    for statement in (*_NOTE_ORIGINS, *_BRING, *_FOLLOW):
        desk.db.execute(statement, values)


def _follow(about: Any) -> Any:
    """What is about a line belongs to the ticket that the line stands with."""
    stands_with = select(E.c.ticket_id).where(E.c.id == about.c.entry_id).scalar_subquery()
    return (
        update(about)
        .where(about.c.ticket_id.in_([_FROM, _TO]), about.c.entry_id.is_not(None))
        .values(ticket_id=func.coalesce(stands_with, about.c.ticket_id))
    )


_FOLLOW = (_follow(N), _follow(K))


def _family() -> Any:
    """A ticket and all that were merged into it, over however many steps."""
    family = select(T.c.id).where(T.c.id == _FROM).cte("family", recursive=True)
    return family.union(select(T.c.id).where(T.c.merged_into_id == family.c.id))


_FAMILY = select(_family().c.id)
_HOME = bindparam("home")
_GIVE_BACK = (
    update(E)
    .where(
        E.c.ticket_id == _TO,
        E.c.id.in_(select(ME.c.entry_id).where(ME.c.origin_id.in_(_FAMILY))),
    )
    .values(ticket_id=_HOME),
    update(F)
    .where(
        F.c.ticket_id == _TO,
        F.c.id.in_(select(MA.c.attachment_id).where(MA.c.origin_id.in_(_FAMILY))),
    )
    .values(ticket_id=_HOME),
    delete(ME).where(
        ME.c.origin_id == _HOME, ME.c.entry_id.in_(select(E.c.id).where(E.c.ticket_id == _HOME))
    ),
    delete(MA).where(
        MA.c.origin_id == _HOME,
        MA.c.attachment_id.in_(select(F.c.id).where(F.c.ticket_id == _HOME)),
    ),
    *_FOLLOW,
)


def give_back(desk: Desk, source_id: int, target_id: int) -> None:
    """Lines and files that came to the target by way of the source stand with that again."""
    values = {"source": source_id, "target": target_id, "home": source_id}
    for statement in _GIVE_BACK:
        desk.db.execute(statement, values)
