"""Comments, files and changes across tickets: what the actor may read of them, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select

from ticket_app.core import cursors
from ticket_app.core.attachments import F
from ticket_app.core.desk import Desk
from ticket_app.core.errors import NotFound
from ticket_app.core.policy import (
    REQUESTER_SEES,
    STAFF_SEES,
    E,
    T,
    audiences,
    sees_internal,
    viewer,
    visible,
)
from ticket_app.core.queue import LONGEST_PAGE, Page, Slice
from ticket_app.core.timeline import TE, P
from ticket_app.core.words import Audience, EntryKind

Event = tuple[EntryKind, frozenset[str]]
"""A kind of line; for changes, of one of these fields (none named means any)."""

COMMENTS: tuple[Event, ...] = ((EntryKind.COMMENT, frozenset()),)


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What a list is to show. `internal` is either, notes only, or what everybody reads.

    `mute` names (field, words): a change from one of the words to another is left out, for who
    has one word for all of them.
    """

    ticket_id: int | None = None
    internal: bool | None = None
    events: tuple[Event, ...] = ()
    mute: tuple[tuple[str, frozenset[str]], ...] = ()
    newest_first: bool = False


_ENTRY = (
    E,
    T.c.uuid.label("ticket_uuid"),
    P.c.uuid.label("actor_uuid"),
    P.c.username.label("actor_username"),
    P.c.first_name.label("actor_first_name"),
    P.c.last_name.label("actor_last_name"),
    P.c.full_name.label("actor_name"),
    P.c.role.label("actor_role"),
    TE.c.name.label("actor_team"),
)
_FILE = (
    F,
    T.c.uuid.label("ticket_uuid"),
    P.c.uuid.label("uploader_uuid"),
    P.c.username.label("uploader_username"),
    P.c.first_name.label("uploader_first_name"),
    P.c.last_name.label("uploader_last_name"),
    P.c.full_name.label("uploader_name"),
)
_ENTRIES = E.join(T, T.c.id == E.c.ticket_id)
_FILES = F.join(T, T.c.id == F.c.ticket_id)


def _readable(desk: Desk, table: Any, query: LogQuery) -> list[Any]:
    wanted = [table.c.deleted_at.is_(None)]
    if not sees_internal(desk.actor):
        wanted.append(table.c.audience.in_(list(audiences(desk.actor))))
    if query.ticket_id is not None:
        wanted.append(table.c.ticket_id == query.ticket_id)
    if query.internal is not None:
        chosen = Audience.INTERNAL if query.internal else Audience.PUBLIC
        wanted.append(table.c.audience == chosen)
    return wanted


def _lines(desk: Desk, query: LogQuery) -> list[Any]:
    wanted = _readable(desk, E, query)
    wanted.append(
        or_(
            *(
                and_(E.c.kind == kind, E.c.field.in_(sorted(fields)))
                if fields
                else E.c.kind == kind
                for kind, fields in query.events
            )
        )
    )
    for field, words in query.mute:
        alike = sorted(words)
        silent = and_(
            E.c.kind == EntryKind.CHANGE,
            E.c.field == field,
            E.c.old_value.in_(alike),
            E.c.new_value.in_(alike),
        )
        wanted.append(~func.coalesce(silent, False))
    return wanted


def _with_team(start: Any, person: Any) -> Any:
    return start.outerjoin(P, P.c.id == person).outerjoin(TE, TE.c.id == P.c.team_id)


def _page(
    desk: Desk,
    columns: Any,
    start: Any,
    person: Any,
    wanted: list[Any],
    ids: Any,
    part: Slice,
    *,
    newest_first: bool,
) -> Page:
    of = ids.table.name + (" newest first" if newest_first else "")
    limit = max(1, min(part.limit, LONGEST_PAGE))
    if part.cursor is not None:
        after = cursors.decode_id(part.cursor, of)
        wanted = [*wanted, ids < after if newest_first else ids > after]
    statement = (
        select(*columns)
        .select_from(_with_team(start, person))
        .where(visible(desk.actor), *wanted)
        .order_by(ids.desc() if newest_first else ids)
        .limit(limit + 1)
    )
    if part.cursor is None:
        statement = statement.offset(max(0, part.offset))
    rows = desk.db.execute(statement, viewer(desk.actor)).all()
    has_more = len(rows) > limit
    following = cursors.encode(of, rows[limit - 1].id) if has_more else None
    return Page(rows[:limit], has_more, following)


def lines(desk: Desk, query: LogQuery, part: Slice) -> Page:
    """Lines of the timeline of `query.events`, with the names of who wrote them."""
    wanted, newest_first = _lines(desk, query), query.newest_first
    return _page(
        desk, _ENTRY, _ENTRIES, E.c.actor_id, wanted, E.c.id, part, newest_first=newest_first
    )


def every_line(desk: Desk, query: LogQuery) -> Sequence[Any]:
    """All lines of a ticket of `query.events`, with the names of who wrote them."""
    statement = (
        select(*_ENTRY)
        .select_from(_with_team(_ENTRIES, E.c.actor_id))
        .where(visible(desk.actor), *_lines(desk, query))
        .order_by(E.c.id.desc() if query.newest_first else E.c.id)
    )
    return desk.db.execute(statement, viewer(desk.actor)).all()


def count_lines(desk: Desk, query: LogQuery) -> int:
    """How many lines there are in all."""
    return _count(desk, E, _lines(desk, query), query)


_IN_THE_TRASH = select(T.c.id).where(T.c.deleted_at.is_not(None))


def _count(desk: Desk, table: Any, wanted: list[Any], query: LogQuery) -> int:
    statement = select(func.count()).select_from(table).where(*wanted)
    if desk.actor.is_staff and query.ticket_id is None:
        # What lies in the trash is little: taking it off spares looking up every ticket.
        deleted = statement.where(table.c.ticket_id.in_(_IN_THE_TRASH))
        return desk.db.execute(statement).scalar_one() - desk.db.execute(deleted).scalar_one()
    seen = select(T.c.id).where(visible(desk.actor))
    if query.ticket_id is not None:
        # Or else SQLite would list every ticket there is.
        seen = seen.where(T.c.id == query.ticket_id)
    counted = statement.where(table.c.ticket_id.in_(seen))
    return desk.db.execute(counted, viewer(desk.actor)).scalar_one()


def files(desk: Desk, query: LogQuery, part: Slice) -> Page:
    """Files on tickets, with the names of who sent them."""
    wanted, newest_first = _readable(desk, F, query), query.newest_first
    return _page(
        desk, _FILE, _FILES, F.c.uploader_id, wanted, F.c.id, part, newest_first=newest_first
    )


def count_files(desk: Desk, query: LogQuery) -> int:
    """How many files there are in all."""
    wanted = [*_readable(desk, F, query), F.c.ticket_id.is_not(None)]
    return _count(desk, F, wanted, query)


def _named(columns: Any, start: Any, person: Any, table: Any) -> dict[tuple[bool, str], Any]:
    """The statement for one row, by whether staff asks and the column it is named by."""
    return {
        (staff, column): select(*columns)
        .select_from(_with_team(start, person))
        .where(
            STAFF_SEES if staff else REQUESTER_SEES,
            table.c.deleted_at.is_(None),
            table.c.audience.in_(bindparam("audiences", expanding=True)),
            table.c[column] == bindparam("wanted"),
        )
        for staff in (True, False)
        for column in ("id", "uuid")
    }


_LINE_NAMED = _named(_ENTRY, _ENTRIES, E.c.actor_id, E)
_FILE_NAMED = _named(_FILE, _FILES, F.c.uploader_id, F)


def _find(desk: Desk, named: dict[tuple[bool, str], Any], reference: UUID | int) -> Any:
    statement = named[desk.actor.is_staff, "uuid" if isinstance(reference, UUID) else "id"]
    values = {"audiences": list(audiences(desk.actor)), "wanted": reference}
    return desk.db.execute(statement, {**viewer(desk.actor), **values}).first()


def comment(desk: Desk, reference: UUID | int) -> Any:
    """One comment the actor may read, by its uuid or id. Raises `NotFound`."""
    row = _find(desk, _LINE_NAMED, reference)
    if row is None or row.kind != EntryKind.COMMENT:
        raise NotFound("Comment")
    return row


def file(desk: Desk, reference: UUID | int) -> Any:
    """One file on a ticket the actor may know of, by its uuid or id. Raises `NotFound`."""
    row = _find(desk, _FILE_NAMED, reference)
    if row is None:
        raise NotFound("File")
    return row
