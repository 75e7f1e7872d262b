"""List the comments, changes and files that the actor may read, of one ticket or of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Column, Executable, FromClause, Table, and_, bindparam, func, or_, select

from ticket_app.core.conversation.rows import TicketEntryRow, TicketFileRow
from ticket_app.core.platform import cursors
from ticket_app.core.platform.access_policy import (
    READABLE_BY_REQUESTER,
    VISIBLE_TO_STAFF,
    can_see_internal,
    readable_audiences,
    readable_condition,
    reading_parameters,
    visibility_condition,
)
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.sql_types import AnyColumn, Condition
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind
from ticket_app.core.timeline import timeline
from ticket_app.tables import attachment_table, entry_table, person_table, team_table, ticket_table

EntryFilter = tuple[EntryKind, frozenset[str]]
"""A kind of entry; for changes, the fields they are of (an empty set means any)."""

RowT = TypeVar("RowT", bound=TicketEntryRow | TicketFileRow)

COMMENT_ENTRIES: tuple[EntryFilter, ...] = ((EntryKind.COMMENT, frozenset()),)


@dataclass(frozen=True, slots=True)
class ActivityQuery:
    """Which entries or files to list.

    `internal` is True for internal ones only, False for public ones only, None for both.
    `ignored_changes` has (field, values): changes from one of the values to another are left out,
    for dialects that have one word for all of them.
    """

    ticket_id: int | None = None
    internal: bool | None = None
    entry_filters: tuple[EntryFilter, ...] = ()
    ignored_changes: tuple[tuple[str, frozenset[str]], ...] = ()
    newest_first: bool = False


_ENTRY_COLUMNS = (
    *timeline.ENTRY_COLUMNS,
    ticket_table.c.uuid.label("ticket_uuid"),
    person_table.c.uuid.label("actor_uuid"),
    person_table.c.username.label("actor_username"),
    person_table.c.first_name.label("actor_first_name"),
    person_table.c.last_name.label("actor_last_name"),
    person_table.c.full_name.label("actor_name"),
    person_table.c.role.label("actor_role"),
    team_table.c.name.label("actor_team"),
)
_FILE_COLUMNS = (
    attachment_table,
    ticket_table.c.uuid.label("ticket_uuid"),
    person_table.c.uuid.label("uploader_uuid"),
    person_table.c.username.label("uploader_username"),
    person_table.c.first_name.label("uploader_first_name"),
    person_table.c.last_name.label("uploader_last_name"),
    person_table.c.full_name.label("uploader_name"),
)
_ENTRY_JOIN = entry_table.join(ticket_table, ticket_table.c.id == entry_table.c.ticket_id)
_FILE_JOIN = attachment_table.join(ticket_table, ticket_table.c.id == attachment_table.c.ticket_id)


def _ticket_condition(uow: UnitOfWork, query: ActivityQuery) -> Condition:
    """Return the condition for the tickets listed: one that is read, or all that the actor sees."""
    if query.ticket_id is None:
        return visibility_condition(uow.actor)
    return readable_condition(uow.actor)


def _visibility_conditions(uow: UnitOfWork, table: Table, query: ActivityQuery) -> list[Condition]:
    conditions: list[Condition] = [table.c.deleted_at.is_(None)]
    if not can_see_internal(uow.actor):
        conditions.append(table.c.audience.in_(list(readable_audiences(uow.actor))))
    if query.ticket_id is not None:
        conditions.append(table.c.ticket_id == query.ticket_id)
    if query.internal is not None:
        audience = Audience.INTERNAL if query.internal else Audience.PUBLIC
        conditions.append(table.c.audience == audience)
    return conditions


def _entry_conditions(uow: UnitOfWork, query: ActivityQuery) -> list[Condition]:
    conditions = _visibility_conditions(uow, entry_table, query)
    conditions.append(
        or_(
            *(
                and_(entry_table.c.kind == kind, entry_table.c.field.in_(sorted(fields)))
                if fields
                else entry_table.c.kind == kind
                for kind, fields in query.entry_filters
            )
        )
    )
    for field, values in query.ignored_changes:
        sorted_values = sorted(values)
        is_ignored = and_(
            entry_table.c.kind == EntryKind.CHANGE,
            entry_table.c.field == field,
            entry_table.c.old_value.in_(sorted_values),
            entry_table.c.new_value.in_(sorted_values),
        )
        conditions.append(~func.coalesce(is_ignored, False))
    return conditions


def _join_person_and_team(from_clause: FromClause, person_column: AnyColumn) -> FromClause:
    return from_clause.outerjoin(person_table, person_table.c.id == person_column).outerjoin(
        team_table, team_table.c.id == person_table.c.team_id
    )


def _select_page(
    uow: UnitOfWork,
    columns: Sequence[Table | AnyColumn],
    from_clause: FromClause,
    person_column: AnyColumn,
    conditions: list[Condition],
    id_column: Column[int],
    page_request: PageRequest,
    *,
    query: ActivityQuery,
    of: type[RowT],
) -> Page[RowT]:
    newest_first = query.newest_first
    list_name = id_column.table.name + (" newest first" if newest_first else "")
    limit = max(1, min(page_request.limit, MAX_PAGE_SIZE))
    if page_request.cursor is not None:
        after_id = cursors.decode_id(page_request.cursor, list_name)
        conditions = [*conditions, id_column < after_id if newest_first else id_column > after_id]
    statement = (
        select(*columns)
        .select_from(_join_person_and_team(from_clause, person_column))
        .where(_ticket_condition(uow, query), *conditions)
        .order_by(id_column.desc() if newest_first else id_column)
        .limit(limit + 1)
    )
    if page_request.cursor is None:
        statement = statement.offset(max(0, page_request.offset))
    rows = uow.all_rows(statement, reading_parameters(uow.actor), of=of)
    has_more = len(rows) > limit
    next_cursor = cursors.encode(list_name, rows[limit - 1].id) if has_more else None
    return Page(rows[:limit], has_more, next_cursor)


def list_entries(
    uow: UnitOfWork, query: ActivityQuery, page_request: PageRequest
) -> Page[TicketEntryRow]:
    """Return a page of the matching timeline entries with the names of their authors.

    Raises `Invalid` for a cursor of another list.
    """
    conditions = _entry_conditions(uow, query)
    return _select_page(
        uow,
        _ENTRY_COLUMNS,
        _ENTRY_JOIN,
        entry_table.c.actor_id,
        conditions,
        entry_table.c.id,
        page_request,
        query=query,
        of=TicketEntryRow,
    )


def list_all_entries(uow: UnitOfWork, query: ActivityQuery) -> Sequence[TicketEntryRow]:
    """Return all matching timeline entries of a ticket with the names of their authors."""
    statement = (
        select(*_ENTRY_COLUMNS)
        .select_from(_join_person_and_team(_ENTRY_JOIN, entry_table.c.actor_id))
        .where(_ticket_condition(uow, query), *_entry_conditions(uow, query))
        .order_by(entry_table.c.id.desc() if query.newest_first else entry_table.c.id)
    )
    return uow.all_rows(statement, reading_parameters(uow.actor), of=TicketEntryRow)


def count_entries(uow: UnitOfWork, query: ActivityQuery) -> int:
    """Return the number of matching timeline entries."""
    return _count_rows(uow, entry_table, _entry_conditions(uow, query), query)


_SELECT_TRASHED_TICKET_IDS = select(ticket_table.c.id).where(ticket_table.c.deleted_at.is_not(None))


def _count_rows(
    uow: UnitOfWork, table: Table, conditions: list[Condition], query: ActivityQuery
) -> int:
    statement = select(func.count()).select_from(table).where(*conditions)
    if uow.actor.is_staff and query.ticket_id is None:
        # The trash is small: subtracting its entries avoids looking up every ticket.
        trashed_statement = statement.where(table.c.ticket_id.in_(_SELECT_TRASHED_TICKET_IDS))
        return (
            uow.connection.execute(statement).scalar_one()
            - uow.connection.execute(trashed_statement).scalar_one()
        )
    visible_ticket_ids = select(ticket_table.c.id).where(_ticket_condition(uow, query))
    if query.ticket_id is not None:
        # Without this condition SQLite would read every ticket.
        visible_ticket_ids = visible_ticket_ids.where(ticket_table.c.id == query.ticket_id)
    visible_statement = statement.where(table.c.ticket_id.in_(visible_ticket_ids))
    return uow.connection.execute(visible_statement, reading_parameters(uow.actor)).scalar_one()


def list_files(
    uow: UnitOfWork, query: ActivityQuery, page_request: PageRequest
) -> Page[TicketFileRow]:
    """Return a page of the matching files on tickets with the names of their uploaders.

    Raises `Invalid` for a cursor of another list.
    """
    conditions = _visibility_conditions(uow, attachment_table, query)
    return _select_page(
        uow,
        _FILE_COLUMNS,
        _FILE_JOIN,
        attachment_table.c.uploader_id,
        conditions,
        attachment_table.c.id,
        page_request,
        query=query,
        of=TicketFileRow,
    )


def count_files(uow: UnitOfWork, query: ActivityQuery) -> int:
    """Return the number of matching files."""
    conditions = [
        *_visibility_conditions(uow, attachment_table, query),
        attachment_table.c.ticket_id.is_not(None),
    ]
    return _count_rows(uow, attachment_table, conditions, query)


LookupStatements = dict[tuple[bool, str], Executable]
"""Statements for one row, by whether the actor is staff and the column to look up by."""


def _build_lookup_statements(
    columns: Sequence[Table | AnyColumn],
    from_clause: FromClause,
    person_column: AnyColumn,
    table: Table,
) -> LookupStatements:
    """Return the statements that look up one row by its id or UUID."""
    return {
        (staff, column): select(*columns)
        .select_from(_join_person_and_team(from_clause, person_column))
        .where(
            VISIBLE_TO_STAFF if staff else READABLE_BY_REQUESTER,
            table.c.deleted_at.is_(None),
            table.c.audience.in_(bindparam("audiences", expanding=True)),
            table.c[column] == bindparam("wanted"),
        )
        for staff in (True, False)
        for column in ("id", "uuid")
    }


_ENTRY_LOOKUP_STATEMENTS = _build_lookup_statements(
    _ENTRY_COLUMNS, _ENTRY_JOIN, entry_table.c.actor_id, entry_table
)
_FILE_LOOKUP_STATEMENTS = _build_lookup_statements(
    _FILE_COLUMNS, _FILE_JOIN, attachment_table.c.uploader_id, attachment_table
)


def _find_row(
    uow: UnitOfWork,
    lookup_statements: LookupStatements,
    reference: UUID | int,
    *,
    of: type[RowT],
) -> RowT | None:
    statement = lookup_statements[
        uow.actor.is_staff, "uuid" if isinstance(reference, UUID) else "id"
    ]
    values = {"audiences": list(readable_audiences(uow.actor)), "wanted": reference}
    rows = uow.all_rows(statement, {**reading_parameters(uow.actor), **values}, of=of)
    return rows[0] if rows else None


def get_comment(uow: UnitOfWork, reference: UUID | int) -> TicketEntryRow:
    """Return a comment the actor may read, by its UUID or id. Raises `NotFound`."""
    row = _find_row(uow, _ENTRY_LOOKUP_STATEMENTS, reference, of=TicketEntryRow)
    if row is None or row.kind != EntryKind.COMMENT:
        raise NotFound("Comment")
    return row


def get_file(uow: UnitOfWork, reference: UUID | int) -> TicketFileRow:
    """Return a file the actor may see on a ticket, by its UUID or id. Raises `NotFound`."""
    row = _find_row(uow, _FILE_LOOKUP_STATEMENTS, reference, of=TicketFileRow)
    if row is None:
        raise NotFound("File")
    return row
