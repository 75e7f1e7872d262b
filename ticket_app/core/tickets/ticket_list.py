"""Lists of tickets: filtered, sorted, paged by keyset, and only what the actor may see.

Statements are built once for each shape of query (core.tickets.list_statements).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, overload

from sqlalchemy import func, select

from ticket_app.core.platform.access_policy import NO_PERSON_ID, VISIBLE_TO_REQUESTER
from ticket_app.core.platform.cursors import INVALID_CURSOR
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import FIRST_PAGE, MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.sql_types import Condition
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import counted_queries, snoozing, stable_order
from ticket_app.core.tickets.list_columns import ColumnSet
from ticket_app.core.tickets.list_filters import SORT_COLUMNS
from ticket_app.core.tickets.list_positions import Position, SortKey
from ticket_app.core.tickets.list_statements import (
    build_conditions,
    count_statement,
    page_statement,
    subset_statement,
)
from ticket_app.core.tickets.query_parameters import (
    build_parameters,
    build_tag_parameters,
    matches_nothing,
)
from ticket_app.core.tickets.query_shape import (
    QueryShape,
    build_shape,
    with_bounds,
    with_minimal_sort,
)
from ticket_app.core.tickets.rows import (
    ListedRow,
    TicketDescriptionRow,
    TicketExportRow,
    TicketModelRow,
    TicketRow,
    TicketSlaRow,
    TicketSummaryRow,
)
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery
from ticket_app.tables import ticket_table

MAX_COUNT = 1_000


@overload
def page(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest = ...,
    column_set: Literal["summary"] = ...,
    *,
    max_page_size: int = ...,
) -> Page[TicketSummaryRow]: ...


@overload
def page(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest,
    column_set: Literal["summary_with_description"],
    *,
    max_page_size: int = ...,
) -> Page[TicketDescriptionRow]: ...


@overload
def page(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest,
    column_set: Literal["summary_with_sla"],
    *,
    max_page_size: int = ...,
) -> Page[TicketSlaRow]: ...


@overload
def page(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest,
    column_set: Literal["model"],
    *,
    max_page_size: int = ...,
) -> Page[TicketModelRow]: ...


@overload
def page(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest,
    column_set: Literal["export"],
    *,
    max_page_size: int = ...,
) -> Page[TicketExportRow]: ...


@overload
def page(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest,
    column_set: Literal["full"],
    *,
    max_page_size: int = ...,
) -> Page[TicketRow]: ...


def page(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest = FIRST_PAGE,
    column_set: ColumnSet = "summary",
    *,
    max_page_size: int = MAX_PAGE_SIZE,
) -> Page[Any]:
    """Return one page of the tickets that match the query and that the actor may see.

    Rows have the columns of a column set (`core.tickets.rows`). A page has at most `max_page_size`
    rows. Raises `Invalid` for a cursor of another list.
    """
    part = replace(
        part,
        limit=max(1, min(part.limit, max_page_size)),
        offset=max(0, min(part.offset, MAX_ID)),
    )
    query = with_minimal_sort(uow, with_bounds(uow, query))
    shape = build_shape(uow, query, part, column_set)
    if matches_nothing(query, shape):
        return Page()
    has_cursors = not shape.then_by
    if not has_cursors and shape.cursor:
        raise Invalid("cursor", INVALID_CURSOR)
    if part.cursor is not None:
        rows = _rows_and_one_more_after(
            uow, query, part, shape, Position.decode(part.cursor, query.sort)
        )
    else:
        rows = _rows_and_one_more_at_offset(uow, query, part, shape, has_cursors=has_cursors)
    has_more = len(rows) > part.limit
    rows = rows[: part.limit]
    next_position = rows[-1][1] if has_more else None
    return Page(
        [row for row, _ in rows],
        has_more,
        next_position.encode(query.sort) if next_position else None,
    )


PositionedRows = list[tuple[ListedRow, Position | None]]
"""Rows, each with the position of a page that ends with it."""


def _rows_and_one_more_at_offset(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape, *, has_cursors: bool
) -> PositionedRows:
    """Return the rows of a page that is asked for without a cursor, and one more."""
    rows = _fetch_rows_and_one_more(uow, query, part, shape)
    if not has_cursors:
        positioned: PositionedRows = [(row, None) for row in rows]
    else:
        column = _sort_column_name(query.sort)
        start_entry_id = rows[0].start_entry_id if shape.starts_snapshot and rows else None
        oldest_id = rows[0].oldest_id if shape.reorder_limit and rows else None
        positioned = [
            (row, Position(getattr(row, column), row.id, start_entry_id, oldest_id)) for row in rows
        ]
    if shape.reorder_limit and part.offset + part.limit >= shape.reorder_limit:
        older = _older_rows_and_one_more_at_offset(uow, query, part, shape)
        positioned = positioned[: max(0, shape.reorder_limit - part.offset)]
        positioned += [
            (row, _age_position(row.id, row.id) if has_cursors else None) for row in older
        ]
    return positioned


def _sort_column_name(sort: SortField) -> str:
    """Return the name of the column that a list is sorted by."""
    return "weight" if sort == "relevance" else str(SORT_COLUMNS[sort].key)


def _age_position(row_id: int, oldest_id: int, start_entry_id: int | None = None) -> Position:
    return Position(None, row_id, start_entry_id, oldest_id, is_by_age=True)


def _rows_and_one_more_after(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape, position: Position
) -> PositionedRows:
    """Return the rows of the page after a position, and one more."""
    if position.is_by_age:
        return _older_rows_and_one_more_after(uow, query, part, shape, position)
    start_entry_id = position.start_entry_id
    if start_entry_id is not None and stable_order.is_snapshot_expired(uow, start_entry_id):
        start_entry_id = None
    shape = replace(
        shape,
        continues_snapshot=start_entry_id is not None,
        oldest_id=bool(shape.reorder_limit) and position.oldest_id is not None,
    )
    column = _sort_column_name(query.sort)
    rows = _fetch_rows_and_one_more(
        uow, query, part, shape, replace(position, start_entry_id=start_entry_id)
    )
    rows_by_key: list[tuple[SortKey, ListedRow]] = [(getattr(row, column), row) for row in rows]
    if start_entry_id is not None:
        moved_rows = _moved_rows(
            uow, query, part, shape, replace(position, start_entry_id=start_entry_id)
        )
        rows_by_key = sorted(
            [*rows_by_key, *moved_rows],
            key=lambda one: (one[0], one[1].id),
            reverse=query.descending,
        )
    oldest_id = position.oldest_id if shape.oldest_id else None
    positioned: PositionedRows = [
        (row, Position(key, row.id, start_entry_id, oldest_id)) for key, row in rows_by_key
    ]
    if oldest_id and len(positioned) <= part.limit:
        positioned += _older_rows_and_one_more_after(
            uow, query, part, shape, _age_position(oldest_id, oldest_id)
        )
    return positioned


MAX_IDS_PER_STATEMENT = 500


def _moved_rows(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape, position: Position
) -> list[tuple[SortKey, ListedRow]]:
    """Return the rows after a position that have moved since the first page, by their old key."""
    tag_parameters = build_tag_parameters(uow, query)
    if tag_parameters is None or position.start_entry_id is None:
        return []
    oldest_id = position.oldest_id or 0
    sort_keys = {
        row_id: key
        for key, row_id in stable_order.list_sort_keys_before_moves(
            uow, query.sort, position.start_entry_id
        )
        if row_id >= oldest_id and position.precedes(key, row_id, descending=query.descending)
    }
    ids = sorted(
        sort_keys, key=lambda row_id: (sort_keys[row_id], row_id), reverse=query.descending
    )
    shape = replace(
        shape,
        cursor=False,
        offset=False,
        branch_limit=0,
        limit=0,
        continues_snapshot=False,
        oldest_id=False,
    )
    values = {**build_parameters(uow, query, shape), **tag_parameters}
    rows_by_key: list[tuple[SortKey, ListedRow]] = []
    for start in range(0, len(ids), MAX_IDS_PER_STATEMENT):
        chosen_ids = ids[start : start + MAX_IDS_PER_STATEMENT]
        rows = uow.all_rows(subset_statement(shape), {**values, "chosen": chosen_ids}, of=ListedRow)
        rows_by_key += [(sort_keys[row.id], row) for row in rows]
        if len(rows_by_key) > part.limit:
            break
    return rows_by_key


def _fetch_rows_and_one_more(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest,
    shape: QueryShape,
    position: Position | None = None,
) -> Sequence[ListedRow]:
    """Return the rows of a page, and one more if there is one."""
    tag_parameters = build_tag_parameters(uow, query)
    if tag_parameters is None:
        return ()
    values = {**build_parameters(uow, query, shape), **tag_parameters, "offset": part.offset}
    if position is not None:
        values |= {
            "after": position.sort_key,
            "after_id": position.id,
            "start_entry_id": position.start_entry_id,
            "oldest_id": position.oldest_id,
        }
    return uow.all_rows(page_statement(shape), values, of=ListedRow)


def _older_rows_and_one_more_after(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape, position: Position
) -> PositionedRows:
    """Return the rows by age that follow the reordered ones, and one more."""
    query = replace(query, sort="created", descending=True, then_by=())
    part = replace(part, cursor=None, offset=0)
    age_shape = replace(build_shape(uow, query, part, shape.column_set), cursor=True)
    rows = _fetch_rows_and_one_more(uow, query, part, age_shape, position)
    return [(row, _age_position(row.id, position.oldest_id or row.id)) for row in rows]


def _older_rows_and_one_more_at_offset(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape
) -> Sequence[ListedRow]:
    """Return the rows by age that a page has after the reordered ones, and one more."""
    query = replace(query, sort="created", descending=True, then_by=())
    part = replace(part, offset=max(part.offset, shape.reorder_limit))
    return _fetch_rows_and_one_more(
        uow, query, part, build_shape(uow, query, part, shape.column_set)
    )


def count_tickets(uow: UnitOfWork, query: TicketQuery, *, limit: int | None = None) -> int:
    """Return how many tickets match and the actor may see; at most `limit` if it is given."""
    if query.not_snoozed and not snoozing.has_snoozed_tickets(uow):
        query = replace(query, not_snoozed=False)  # so that the counters can count it
    query = with_bounds(uow, replace(query, sort="created", then_by=()))
    shape = replace(build_shape(uow, query, PageRequest(), "summary"), limit=0, branch_limit=0)
    tag_parameters = None if matches_nothing(query, shape) else build_tag_parameters(uow, query)
    if tag_parameters is None:
        return 0
    if shape.is_staff and counted_queries.can_count(query, shape):
        counted = counted_queries.count(uow, query)
        return counted if limit is None else min(counted, limit)
    values = {**build_parameters(uow, query, shape), **tag_parameters}
    return uow.connection.execute(count_statement(shape, limit), values).scalar_one()


def build_list_conditions(
    uow: UnitOfWork, query: TicketQuery
) -> tuple[list[Condition], dict[str, object]]:
    """Return the conditions of a list and their values, for reports that count the same tickets.

    Not for queries with a search or tags.
    """
    shape = build_shape(uow, query, PageRequest(), "summary")
    assert not shape.search_mode
    assert not shape.tag_count
    return build_conditions(shape), build_parameters(uow, query, shape)


_COUNT_OWN_BY_STATUS = (
    select(ticket_table.c.status, func.count().label("n"))
    .where(VISIBLE_TO_REQUESTER)
    .group_by(ticket_table.c.status)
)


def count_own_by_status(uow: UnitOfWork) -> dict[Status, int]:
    """Return how many tickets of the actor are in each status."""
    requester_id = uow.actor.id if uow.actor.can_see_own_tickets else NO_PERSON_ID
    rows = uow.connection.execute(_COUNT_OWN_BY_STATUS, {"viewer_id": requester_id})
    return {Status(row.status): row.n for row in rows}
