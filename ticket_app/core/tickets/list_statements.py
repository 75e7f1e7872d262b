"""Build the statements of `core.tickets.ticket_list`, once for each shape of query.

Each begins with an index scan that yields the ids of one page, then joins what a row shows.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from sqlalchemy import (
    BindParameter,
    FromClause,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from ticket_app.core.platform.access_policy import (
    READABLE_BY_COMPANY,
    VISIBLE_TO_REQUESTER,
    VISIBLE_TO_STAFF,
)
from ticket_app.core.platform.sql_types import AnyColumn, AnySelect, Condition
from ticket_app.core.search import search_query
from ticket_app.core.tickets import stable_order
from ticket_app.core.tickets.condition_clauses import build_clause
from ticket_app.core.tickets.list_columns import COLUMN_SETS, join_names
from ticket_app.core.tickets.list_filters import (
    EXACT_FILTERS,
    FLAG_FILTERS,
    RANGE_FILTERS,
    RANK_COLUMNS,
    SET_FILTERS,
    SORT_COLUMNS,
)
from ticket_app.core.tickets.query_shape import QueryShape
from ticket_app.tables import ticket_table, ticket_tag_table, ticket_text_table


def _filter_column(shape: QueryShape, name: str) -> AnyColumn:
    return RANK_COLUMNS[name] if shape.sort == name else SET_FILTERS[name]


def build_conditions(shape: QueryShape, skipped: frozenset[str] = frozenset()) -> list[Condition]:
    """Return the conditions of a query, without its search words and its first tag."""
    clauses: list[Condition] = [
        READABLE_BY_COMPANY
        if shape.of_company
        else VISIBLE_TO_STAFF
        if shape.is_staff
        else VISIBLE_TO_REQUESTER
    ]
    for name, size in shape.set_filters:
        if name in skipped:
            continue
        if size == 1:
            clauses.append(_filter_column(shape, name) == bindparam(f"{name}_0"))
        else:
            clauses.append(SET_FILTERS[name].in_(bindparam(name, expanding=True)))
    clauses += [EXACT_FILTERS[name] == bindparam(name) for name in shape.exact_filters]
    clauses += [FLAG_FILTERS[name] for name in shape.flag_filters]
    clauses += [RANGE_FILTERS[name] for name in shape.range_filters]
    if shape.conditions is not None:
        clauses.append(build_clause(shape.conditions))
    first_is_joined = shape.search_mode != "words"
    for n in range(int(first_is_joined), shape.tag_count):
        tag_link = ticket_tag_table.alias(f"tag_link_{n}")
        clauses.append(
            exists().where(
                tag_link.c.ticket_id == ticket_table.c.id,
                tag_link.c.tag_id == bindparam(f"tag_{n}"),
            )
        )
    if shape.search_mode == "number":
        clauses.append(ticket_table.c.id.in_(bindparam("numbered", expanding=True)))
    return clauses


def _after_cursor(
    shape: QueryShape, sort_column: AnyColumn, id_column: AnyColumn
) -> list[Condition]:
    if not shape.cursor:
        return []
    after: BindParameter[object] = bindparam("after")
    after_id: BindParameter[int] = bindparam("after_id")
    if sort_column is id_column or shape.sort in ("created", "number"):
        return [id_column < after_id if shape.descending else id_column > after_id]
    if shape.descending:
        return [
            sort_column <= after,
            or_(sort_column < after, and_(sort_column == after, id_column < after_id)),
        ]
    return [
        sort_column >= after,
        or_(sort_column > after, and_(sort_column == after, id_column > after_id)),
    ]


def _order_rows(
    shape: QueryShape, statement: AnySelect, sort_column: AnyColumn, id_column: AnyColumn
) -> AnySelect:
    keys = (id_column,) if shape.sort in ("created", "number") else (sort_column, id_column)
    return statement.order_by(*(key.desc() if shape.descending else key for key in keys))


def _order_and_limit(
    shape: QueryShape,
    statement: AnySelect,
    sort_column: AnyColumn,
    id_column: AnyColumn,
    limit: int,
) -> AnySelect:
    # A literal LIMIT lets PostgreSQL keep its plan.
    return _order_rows(shape, statement, sort_column, id_column).limit(literal_column(str(limit)))


def _full_text_match(shape: QueryShape) -> tuple[FromClause, AnyColumn, Condition]:
    return search_query.full_text_match(
        dialect=shape.dialect,
        phrase_count=shape.phrase_count,
        include_comments=shape.include_comments,
    )


def _select_source(shape: QueryShape) -> tuple[FromClause, AnyColumn, list[Condition]]:
    """Return what to select from, its column of ticket ids, and its conditions.

    A search starts from the full-text index and a list by tag from the index of tags, which both
    return ids in order. A requester has few tickets, so their search starts from those; so does one
    in the tickets of a company that has few. The full-text index includes what requesters may not
    read: what it finds for them must also be in the texts that they may read.
    """
    if shape.search_mode == "words":
        match_conditions = (
            []
            if shape.is_staff
            else search_query.requester_match_conditions(
                shape.query_terms, dialect=shape.dialect, include_comments=shape.include_comments
            )
        )
        if not shape.uses_search_index:
            texts = ticket_table.join(
                ticket_text_table, ticket_text_table.c.ticket_id == ticket_table.c.id
            )
            return texts, ticket_table.c.id, match_conditions
        index, id_column, match = _full_text_match(shape)
        source = index.join(ticket_table, ticket_table.c.id == id_column)
        if not shape.is_staff and index is not ticket_text_table:
            source = source.join(ticket_text_table, ticket_text_table.c.ticket_id == id_column)
        return source, id_column, [match, *match_conditions]
    if shape.tag_count:
        return (
            ticket_tag_table.join(ticket_table, ticket_table.c.id == ticket_tag_table.c.ticket_id),
            ticket_tag_table.c.ticket_id,
            [ticket_tag_table.c.tag_id == bindparam("tag_0")],
        )
    return ticket_table, ticket_table.c.id, []


def _select_matching(
    shape: QueryShape, *columns: AnyColumn, skipped: frozenset[str] = frozenset()
) -> tuple[AnySelect, AnyColumn]:
    source, id_column, source_conditions = _select_source(shape)
    statement = (
        select(*columns)
        .select_from(source)
        .where(*build_conditions(shape, skipped), *source_conditions)
    )
    if shape.oldest_id:
        statement = statement.where(id_column >= bindparam("oldest_id"))
    if shape.continues_snapshot:
        statement = statement.where(stable_order.unchanged_since_snapshot_condition(shape.sort))
    return statement, id_column


def _merge_index_scans(shape: QueryShape, sort_column: AnyColumn) -> AnySelect:
    """Merge one index scan for each combination of values (an IN would sort all matches)."""
    multi_value_filters = [(name, size) for name, size in shape.set_filters if size > 1]
    skipped = frozenset(name for name, _ in multi_value_filters)
    scans: list[AnySelect] = []
    for value_indexes in product(*(range(size) for _, size in multi_value_filters)):
        equalities = [
            _filter_column(shape, name) == bindparam(f"{name}_{n}")
            for (name, _), n in zip(multi_value_filters, value_indexes, strict=True)
        ]
        scan, id_column = _select_matching(
            shape, ticket_table.c.id.label("id"), sort_column.label("sort_key"), skipped=skipped
        )
        scan = scan.where(*equalities, *_after_cursor(shape, sort_column, ticket_table.c.id))
        scans.append(
            select(
                _order_and_limit(shape, scan, sort_column, id_column, shape.branch_limit).subquery()
            )
        )
    merged = union_all(*scans).subquery()
    return _order_and_limit(shape, select(merged), merged.c.sort_key, merged.c.id, shape.limit)


def _reorder_newest(shape: QueryShape) -> AnySelect:
    """Return the newest matching tickets, sorted by something other than their age."""
    names = [name for name, _ in shape.sort_keys]
    columns = [
        SORT_COLUMNS[name].label(f"by_{n}") for n, name in enumerate(names) if name in SORT_COLUMNS
    ]
    matching, id_column = _select_matching(shape, ticket_table.c.id.label("id"), *columns)
    # From `oldest_id` on, these are the tickets of the first page, and a few that match only now.
    limit = shape.reorder_limit * (2 if shape.oldest_id else 1)
    newest = matching.order_by(id_column.desc()).limit(literal_column(str(limit))).subquery()
    oldest = case(
        (func.count().over() < shape.reorder_limit, 0), else_=func.min(newest.c.id).over()
    )
    reordered = select(newest, oldest.label("oldest_id"))
    if not shape.then_by and not shape.is_by_relevance:
        reordered = reordered.where(*_after_cursor(shape, newest.c.by_0, newest.c.id))
    if shape.is_by_relevance:
        relevance = search_query.relevance_score(
            shape.query_terms, dialect=shape.dialect, is_staff=shape.is_staff
        )
        newest_with_text = newest.join(
            ticket_text_table, ticket_text_table.c.ticket_id == newest.c.id
        )
        relevance_column = relevance.label(f"by_{names.index('relevance')}")
        newest = (
            select(newest, relevance_column, oldest.label("oldest_id"))
            .select_from(newest_with_text)
            .subquery()
        )
        reordered = select(newest)
        if not shape.then_by:
            reordered = reordered.where(*_after_cursor(shape, newest.c.by_0, newest.c.id))
    return _order_by_keys(shape, reordered, newest).limit(literal_column(str(shape.limit)))


def _order_by_keys(shape: QueryShape, statement: AnySelect, page: FromClause) -> AnySelect:
    """Order by the sort keys, which are the columns `by_{n}`; then by id."""
    keys = [
        page.c[f"by_{n}"].desc() if descending else page.c[f"by_{n}"].asc()
        for n, (_, descending) in enumerate(shape.sort_keys)
    ]
    is_descending = shape.sort_keys[-1][1]
    return statement.order_by(*keys, page.c.id.desc() if is_descending else page.c.id.asc())


def _page_ids(shape: QueryShape, sort_column: AnyColumn) -> AnySelect:
    if shape.branch_limit:
        return _merge_index_scans(shape, sort_column)
    matching, id_column = _select_matching(
        shape, ticket_table.c.id.label("id"), sort_column.label("sort_key")
    )
    matching = matching.where(*_after_cursor(shape, sort_column, id_column))
    return _order_and_limit(shape, matching, sort_column, id_column, shape.limit)


@lru_cache(maxsize=1024)
def page_statement(shape: QueryShape) -> AnySelect:
    """Return the statement for the rows of one page, with the columns of `shape.column_set`."""
    ids = (
        _reorder_newest(shape)
        if shape.reorder_limit
        else _page_ids(shape, SORT_COLUMNS[shape.sort])
    )
    if shape.offset:
        ids = ids.offset(bindparam("offset"))
    page = ids.subquery("page")
    source = page.join(ticket_table, ticket_table.c.id == page.c.id)
    rows = select(*COLUMN_SETS[shape.column_set]).select_from(join_names(source, shape.column_set))
    if shape.starts_snapshot:
        rows = rows.add_columns(stable_order.latest_entry_id_subquery().label("start_entry_id"))
    if shape.reorder_limit:
        if "oldest_id" in page.c:
            rows = rows.add_columns(page.c.oldest_id)
        if shape.sort == "relevance":
            rows = rows.add_columns(page.c.by_0.label("weight"))
        return _order_by_keys(shape, rows, page)
    return _order_rows(shape, rows, SORT_COLUMNS[shape.sort], ticket_table.c.id)


@lru_cache(maxsize=1024)
def subset_statement(shape: QueryShape) -> AnySelect:
    """Return the statement for the tickets with `chosen` ids that are in the list, unordered."""
    matching, _ = _select_matching(shape, ticket_table.c.id.label("id"))
    subset = matching.where(ticket_table.c.id.in_(bindparam("chosen", expanding=True))).subquery(
        "subset"
    )
    source = subset.join(ticket_table, ticket_table.c.id == subset.c.id)
    return select(*COLUMN_SETS[shape.column_set]).select_from(join_names(source, shape.column_set))


_TRASHED_IDS = select(ticket_table.c.id).where(ticket_table.c.deleted_at.is_not(None))


def _count_full_text_matches(shape: QueryShape) -> AnySelect:
    """Count the matches of a search by words alone, for staff, in the full-text index.

    Few tickets are in the trash: subtracting them avoids looking up every match.
    """
    index, id_column, match = _full_text_match(shape)
    match_count = select(func.count()).select_from(index).where(match)
    return select(
        match_count.scalar_subquery()
        - match_count.where(id_column.in_(_TRASHED_IDS)).scalar_subquery()
    )


def _count_tagged() -> AnySelect:
    """Count the tickets with a tag, for staff, in the index of tags; not those in the trash."""
    tagged = select(func.count()).where(ticket_tag_table.c.tag_id == bindparam("tag_0"))
    deleted = tagged.where(ticket_tag_table.c.ticket_id.in_(_TRASHED_IDS))
    return select(tagged.scalar_subquery() - deleted.scalar_subquery())


@lru_cache(maxsize=1024)
def count_statement(shape: QueryShape, limit: int | None) -> AnySelect:
    """Return the statement that counts the matching tickets, up to `limit` if it is given."""
    filters = (
        shape.set_filters
        or shape.exact_filters
        or shape.flag_filters
        or shape.range_filters
        or shape.conditions
    )
    if shape.is_staff and limit is None and not filters:
        if shape.search_mode == "words" and not shape.tag_count:
            return _count_full_text_matches(shape)
        if shape.tag_count == 1 and not shape.search_mode:
            return _count_tagged()
    matching, _ = _select_matching(shape, ticket_table.c.id)
    if limit is not None:
        matching = matching.limit(literal_column(str(limit)))
    return select(func.count()).select_from(matching.subquery())
