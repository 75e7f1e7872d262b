"""Comments, files and changes across tickets: what the actor may read of them, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select

from ticket_app.core.platform import cursors
from ticket_app.core.platform.access_policy import (
    REQUESTER_SEES,
    STAFF_SEES,
    audiences,
    sees_internal,
    viewer,
    visible,
)
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience, EntryKind
from ticket_app.tables import attachment_table, entry_table, person_table, team_table, ticket_table

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
    entry_table,
    ticket_table.c.uuid.label("ticket_uuid"),
    person_table.c.uuid.label("actor_uuid"),
    person_table.c.username.label("actor_username"),
    person_table.c.first_name.label("actor_first_name"),
    person_table.c.last_name.label("actor_last_name"),
    person_table.c.full_name.label("actor_name"),
    person_table.c.role.label("actor_role"),
    team_table.c.name.label("actor_team"),
)
_FILE = (
    attachment_table,
    ticket_table.c.uuid.label("ticket_uuid"),
    person_table.c.uuid.label("uploader_uuid"),
    person_table.c.username.label("uploader_username"),
    person_table.c.first_name.label("uploader_first_name"),
    person_table.c.last_name.label("uploader_last_name"),
    person_table.c.full_name.label("uploader_name"),
)
_ENTRIES = entry_table.join(ticket_table, ticket_table.c.id == entry_table.c.ticket_id)
_FILES = attachment_table.join(ticket_table, ticket_table.c.id == attachment_table.c.ticket_id)


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
    wanted = _readable(desk, entry_table, query)
    wanted.append(
        or_(
            *(
                and_(entry_table.c.kind == kind, entry_table.c.field.in_(sorted(fields)))
                if fields
                else entry_table.c.kind == kind
                for kind, fields in query.events
            )
        )
    )
    for field, words in query.mute:
        alike = sorted(words)
        silent = and_(
            entry_table.c.kind == EntryKind.CHANGE,
            entry_table.c.field == field,
            entry_table.c.old_value.in_(alike),
            entry_table.c.new_value.in_(alike),
        )
        wanted.append(~func.coalesce(silent, False))
    return wanted


def _with_team(start: Any, person: Any) -> Any:
    return start.outerjoin(person_table, person_table.c.id == person).outerjoin(
        team_table, team_table.c.id == person_table.c.team_id
    )


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
        desk,
        _ENTRY,
        _ENTRIES,
        entry_table.c.actor_id,
        wanted,
        entry_table.c.id,
        part,
        newest_first=newest_first,
    )


def every_line(desk: Desk, query: LogQuery) -> Sequence[Any]:
    """All lines of a ticket of `query.events`, with the names of who wrote them."""
    statement = (
        select(*_ENTRY)
        .select_from(_with_team(_ENTRIES, entry_table.c.actor_id))
        .where(visible(desk.actor), *_lines(desk, query))
        .order_by(entry_table.c.id.desc() if query.newest_first else entry_table.c.id)
    )
    return desk.db.execute(statement, viewer(desk.actor)).all()


def count_lines(desk: Desk, query: LogQuery) -> int:
    """How many lines there are in all."""
    return _count(desk, entry_table, _lines(desk, query), query)


_IN_THE_TRASH = select(ticket_table.c.id).where(ticket_table.c.deleted_at.is_not(None))


def _count(desk: Desk, table: Any, wanted: list[Any], query: LogQuery) -> int:
    statement = select(func.count()).select_from(table).where(*wanted)
    if desk.actor.is_staff and query.ticket_id is None:
        # What lies in the trash is little: taking it off spares looking up every ticket.
        deleted = statement.where(table.c.ticket_id.in_(_IN_THE_TRASH))
        return desk.db.execute(statement).scalar_one() - desk.db.execute(deleted).scalar_one()
    seen = select(ticket_table.c.id).where(visible(desk.actor))
    if query.ticket_id is not None:
        # Or else SQLite would list every ticket there is.
        seen = seen.where(ticket_table.c.id == query.ticket_id)
    counted = statement.where(table.c.ticket_id.in_(seen))
    return desk.db.execute(counted, viewer(desk.actor)).scalar_one()


def files(desk: Desk, query: LogQuery, part: Slice) -> Page:
    """Files on tickets, with the names of who sent them."""
    wanted, newest_first = _readable(desk, attachment_table, query), query.newest_first
    return _page(
        desk,
        _FILE,
        _FILES,
        attachment_table.c.uploader_id,
        wanted,
        attachment_table.c.id,
        part,
        newest_first=newest_first,
    )


def count_files(desk: Desk, query: LogQuery) -> int:
    """How many files there are in all."""
    wanted = [*_readable(desk, attachment_table, query), attachment_table.c.ticket_id.is_not(None)]
    return _count(desk, attachment_table, wanted, query)


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


_LINE_NAMED = _named(_ENTRY, _ENTRIES, entry_table.c.actor_id, entry_table)
_FILE_NAMED = _named(_FILE, _FILES, attachment_table.c.uploader_id, attachment_table)


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
