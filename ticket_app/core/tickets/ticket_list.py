"""Lists of tickets: filtered, sorted, paged by keyset, and only what the actor may see.

Statements are built once for each shape of query (core.tickets.list_statements).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import bindparam, func, literal_column, select

from ticket_app.core.platform import cursors
from ticket_app.core.platform.access_policy import (
    NO_PERSON_ID,
    VISIBLE_TO_REQUESTER,
    VISIBLE_TO_STAFF,
    visibility_condition,
    visibility_parameters,
)
from ticket_app.core.platform.cursors import INVALID_CURSOR, is_row_id
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.paging import FIRST_PAGE, MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.ticket_numbers import (
    MAX_ID,
    TicketReference,
    parse_reference,
    parse_search_reference,
    resolve_reference,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    Category,
    Kind,
    Priority,
    Severity,
    Status,
    StatusGroup,
)
from ticket_app.core.search import search_index
from ticket_app.core.tickets import counters, stable_order, tags
from ticket_app.core.tickets.conditions import UNFINISHED_GROUPS
from ticket_app.core.tickets.list_statements import (
    COLUMN_SETS,
    EXACT_FILTERS,
    FLAG_FILTERS,
    RANGE_FILTERS,
    SET_FILTERS,
    SORT_COLUMNS,
    ColumnSet,
    QueryShape,
    SortField,
    build_conditions,
    count_statement,
    join_names,
    page_statement,
    subset_statement,
)
from ticket_app.tables import ticket_table

__all__ = [
    "COLUMN_SETS",
    "EXACT_FILTERS",
    "FLAG_FILTERS",
    "RANGE_FILTERS",
    "SET_FILTERS",
    "SORT_COLUMNS",
    "ColumnSet",
    "SortField",
]
MIN_DATETIME = datetime(1, 1, 1, tzinfo=UTC)
MAX_DATETIME = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
MAX_BRANCHES = 12
MAX_COUNT = 1_000


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """What a list is to show. Sets of words mean any of them; `tags` means all of them.

    `sla_measured` are two moments: the tickets whose resolution target was met or breached from
    the first until before the second.

    `then` are keys after `sort`, each with whether it descends. A list by several keys, and a
    search by anything but age, puts only the newest that match into that order
    (`Shape.reordered`), so that its work is bounded; older ones follow by age. `relevance` without
    words is age.
    """

    status: frozenset[Status] = frozenset()
    priority: frozenset[Priority] = frozenset()
    kind: frozenset[Kind] = frozenset()
    category: frozenset[Category] = frozenset()
    severity: frozenset[Severity] = frozenset()
    group: frozenset[StatusGroup] = frozenset()
    departments: frozenset[int] = frozenset()
    requester_id: int | None = None
    created_by_id: int | None = None
    assignee_id: int | None = None
    team_id: int | None = None
    company_id: int | None = None
    department_id: int | None = None
    section: str | None = None
    sla_policy_id: int | None = None
    unassigned: bool = False
    assigned: bool = False
    overdue: bool = False
    answered: bool = False
    rated: bool = False
    reopened: bool = False
    resolved_once: bool = False
    sla_met: bool = False
    sla_breached: bool = False
    response_met: bool = False
    response_breached: bool = False
    created_from: datetime | None = None
    created_before: datetime | None = None
    id_from: int | None = None
    updated_from: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    resolved_from: datetime | None = None
    resolved_before: datetime | None = None
    answered_from: datetime | None = None
    answered_before: datetime | None = None
    sla_breached_from: datetime | None = None
    sla_breached_before: datetime | None = None
    response_breached_from: datetime | None = None
    response_breached_before: datetime | None = None
    sla_measured: tuple[datetime, datetime] | None = None
    tags: tuple[str, ...] = ()
    search: str = ""
    search_comments: bool = True
    sort: SortField = "created"
    descending: bool = True
    then_by: tuple[tuple[SortField, bool], ...] = ()


def _branch_limit(uow: UnitOfWork, query: TicketQuery, part: PageRequest) -> int:
    branches = 1
    for name in SET_FILTERS:
        branches *= len(getattr(query, name)) or 1
    if branches == 1 or branches > MAX_BRANCHES or query.search or not uow.actor.is_staff:
        return 0
    row_limit = part.limit + 1 + (0 if part.cursor else part.offset)
    return 1 << (row_limit - 1).bit_length()


def _choose_search_mode(uow: UnitOfWork, text: str) -> Literal["", "words", "number"]:
    """How a text is searched for: a printed number finds its ticket only, other text by its words.

    What only resembles a number (`bug 3`, `#3`) counts as one where the actor sees such a ticket.
    """
    if not search_index.query_words(text):
        return ""
    reference = None if text.strip().isdigit() else parse_search_reference(text)
    if reference is None:
        return "words"
    is_exact = reference.number_in_any_kind is None and parse_reference(text) is not None
    return "number" if is_exact or _find_visible_ids(uow, reference) else "words"


def _find_visible_ids(uow: UnitOfWork, reference: TicketReference) -> Sequence[int]:
    """The ids of the tickets that a printed number means and the actor may see."""
    statement = (
        select(ticket_table.c.id)
        .where(visibility_condition(uow.actor), reference.condition())
        .order_by(ticket_table.c.id)
    )
    return uow.connection.execute(statement, visibility_parameters(uow.actor)).scalars().all()


def find_single_match(uow: UnitOfWork, text: str) -> int | None:
    """The id of the one ticket that the text is a number of; None if there is none the actor sees.

    A number alone (`420`, `#420`) is the ticket of that id, or else the only one of that number.
    """
    reference = parse_search_reference(text)
    ticket_ids = _find_visible_ids(uow, reference) if reference else ()
    if reference and reference.id in ticket_ids:
        return reference.id
    return ticket_ids[0] if len(ticket_ids) == 1 else None


AGE_SORTS: frozenset[SortField] = frozenset({"created", "number"})


MAX_RECENT = 20_000
_RECENT_TICKETS = (
    select(ticket_table.c.id)
    .where(VISIBLE_TO_STAFF, RANGE_FILTERS["created_from"])
    .order_by(ticket_table.c.created_at, ticket_table.c.id)
    .limit(literal_column(str(MAX_RECENT + 1)))
    .subquery()
)
_COUNT_RECENT = select(func.count(), func.min(_RECENT_TICKETS.c.id))


def _with_bounds(uow: UnitOfWork, query: TicketQuery) -> TicketQuery:
    """The same list: if few tickets are new enough for it, no walk goes past the oldest of them.

    What is overdue is looked for among what is not done only, by that index.
    """
    if query.overdue and not query.group:
        query = replace(query, group=UNFINISHED_GROUPS)
    if query.created_from is None or not uow.actor.is_staff:
        return query
    parameters = {"created_from": _clamp_to_utc(query.created_from)}
    count, oldest = uow.connection.execute(_COUNT_RECENT, parameters).one()
    if count <= MAX_RECENT:
        return replace(query, id_from=oldest or MAX_ID)
    if query.sort == "updated" and query.updated_from is None:
        # What was filed since has changed since.
        return replace(query, updated_from=query.created_from)
    return query


def _with_minimal_sort(uow: UnitOfWork, query: TicketQuery) -> TicketQuery:
    """The same list by as few keys as will do: none behind one that leaves no ties, none twice, no
    relevance where no words are searched for.
    """
    keys: dict[SortField, bool] = {}
    for name, descending in [(query.sort, query.descending), *query.then_by]:
        if name == "relevance" and _choose_search_mode(uow, query.search) != "words":
            continue
        keys.setdefault(name, descending)
        if name in AGE_SORTS:
            break
    if not keys:
        return replace(query, sort="created", then_by=())
    sort_keys = list(keys.items())
    if (
        len(sort_keys) > 1
        and sort_keys[-1][0] in AGE_SORTS
        and sort_keys[-2][1] == sort_keys[-1][1]
    ):
        # Ties go by id in the direction of the key before, and that is age.
        sort_keys.pop()
    (sort, descending), *then_by = sort_keys
    return replace(query, sort=sort, descending=descending, then_by=tuple(then_by))


def _build_shape(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, column_set: ColumnSet
) -> QueryShape:
    needs_relevance = "relevance" in (query.sort, *(name for name, _ in query.then_by))
    query_terms = search_index.parse_query(query.search)
    return QueryShape(
        is_staff=uow.actor.is_staff,
        set_filters=tuple(
            (name, len(getattr(query, name))) for name in SET_FILTERS if getattr(query, name)
        ),
        exact_filters=tuple(name for name in EXACT_FILTERS if getattr(query, name) is not None),
        flag_filters=tuple(name for name in FLAG_FILTERS if getattr(query, name)),
        range_filters=tuple(name for name in RANGE_FILTERS if getattr(query, name) is not None),
        tag_count=len(query.tags),
        search_mode=_choose_search_mode(uow, query.search),
        query_terms=tuple(query_term.term_counts for query_term in query_terms)
        if needs_relevance or not uow.actor.is_staff
        else (),
        phrase_count=len(search_index.phrases_of(query.search))
        if uow.actor.is_staff and not uow.is_sqlite
        else 0,
        include_comments=query.search_comments,
        sort=query.sort,
        descending=query.descending,
        cursor=part.cursor is not None,
        offset=part.cursor is None and part.offset > 0,
        limit=part.limit + 1,
        branch_limit=_branch_limit(uow, query, part),
        column_set=column_set,
        dialect=uow.connection.dialect.name,
        then_by=query.then_by,
        starts_snapshot=part.keep_order
        and part.cursor is None
        and not query.then_by
        and query.sort in stable_order.MUTABLE_SORTS,
    )


def _matches_nothing(query: TicketQuery, shape: QueryShape) -> bool:
    """The query asks for what no ticket can have, and the databases might even refuse to look."""
    if query.search.strip() and not shape.search_mode:
        return True
    exact_values = [getattr(query, name) for name in shape.exact_filters]
    return any(
        "\x00" in exact_value or any("\ud800" <= character <= "\udfff" for character in exact_value)
        if isinstance(exact_value, str)
        else not is_row_id(exact_value)
        for exact_value in (*exact_values, *query.tags)
    )


def _clamp_to_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return MIN_DATETIME if moment.year == 1 else MAX_DATETIME


def _build_parameters(uow: UnitOfWork, query: TicketQuery, shape: QueryShape) -> dict[str, Any]:
    values: dict[str, Any] = dict(visibility_parameters(uow.actor))
    for name, size in shape.set_filters:
        selected = sorted(getattr(query, name))
        if size > 1:
            values[name] = selected
        filter_values = [word.rank for word in selected] if name == shape.sort else selected
        values |= {f"{name}_{n}": word for n, word in enumerate(filter_values)}
    values |= {name: getattr(query, name) for name in shape.exact_filters}
    for name in shape.range_filters:
        start = getattr(query, name)
        if isinstance(start, tuple):
            values |= {f"{name}_{n}": _clamp_to_utc(moment) for n, moment in enumerate(start)}
        else:
            values[name] = _clamp_to_utc(start) if isinstance(start, datetime) else start
    if "overdue" in shape.flag_filters:
        values["now"] = uow.now
    if shape.search_mode == "words" and not shape.is_staff:
        values |= search_index.match_parameters(query.search)
    elif shape.search_mode == "words":
        values["words"] = search_index.build_match_query(
            query.search, dialect=shape.dialect, include_comments=query.search_comments
        )
        if shape.is_by_relevance:
            values |= search_index.match_parameters(query.search)
        values |= {
            f"run_{n}": f" {run} " for n, run in enumerate(search_index.phrases_of(query.search))
        }
    elif shape.search_mode == "number" and (reference := parse_search_reference(query.search)):
        values["numbered"] = _find_visible_ids(uow, reference) or [NO_PERSON_ID]
    return values


def _build_tag_parameters(uow: UnitOfWork, query: TicketQuery) -> dict[str, Any] | None:
    """The ids of the tags, as parameters; None if one of them is on no ticket at all."""
    if not query.tags:
        return {}
    tag_ids = tags.find_tag_ids(uow, query.tags)
    wanted_ids = [tag_ids.get(name.casefold()) for name in query.tags]
    if None in wanted_ids:
        return None
    return {f"tag_{n}": tag_id for n, tag_id in enumerate(wanted_ids)}


def _is_non_negative_id(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_ID


def _parse_sort_key(encoded: Any, sort: str) -> Any:
    """The sort key that a cursor holds; None if it is none of this sort."""
    if sort == "relevance":
        return encoded if _is_non_negative_id(encoded) else None
    if sort not in ("updated", "due"):
        return encoded if is_row_id(encoded) else None
    try:
        moment = datetime.fromisoformat(encoded)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a part of a list ended: behind the row with this sort key and id.

    `start_line` is the newest line of all timelines when the first part was read, for a list that
    keeps its order. `floor` is the oldest ticket that was put into an order of its own, 0 if all
    were; behind those, where `is_by_age`, there is no sort key.
    """

    sort_key: Any
    id: int
    start_entry_id: int | None = None
    oldest_id: int | None = None
    is_by_age: bool = False

    def encode(self, sort: str) -> str:
        """Return the cursor of this position."""
        encoded_key = (
            self.sort_key.isoformat() if isinstance(self.sort_key, datetime) else self.sort_key
        )
        if self.start_entry_id is None and self.oldest_id is None:
            return cursors.encode(sort, encoded_key, self.id)
        return cursors.encode(sort, encoded_key, self.id, self.start_entry_id, self.oldest_id)

    @staticmethod
    def decode(cursor: str, sort: str) -> Position:
        """Return the position that a cursor of a list with this sort holds. Raises `Invalid`."""
        parts = cursors.decode(cursor)
        if len(parts) not in (3, 5) or parts[0] != sort or not is_row_id(parts[2]):
            raise Invalid("cursor", INVALID_CURSOR)
        sort_key, row_id = _parse_sort_key(parts[1], sort), int(parts[2])
        start_entry_id, oldest_id = parts[3:] or (None, None)
        is_by_age = sort_key is None and oldest_id is not None
        if not (
            (sort_key is not None or is_by_age)
            and (
                start_entry_id is None
                or (_is_non_negative_id(start_entry_id) and sort in stable_order.MUTABLE_SORTS)
            )
            and (oldest_id is None or _is_non_negative_id(oldest_id))
            and (sort not in AGE_SORTS or sort_key == row_id)
        ):
            raise Invalid("cursor", INVALID_CURSOR)
        return Position(sort_key, row_id, start_entry_id, oldest_id, is_by_age)

    def precedes(self, sort_key: Any, row_id: int, *, descending: bool) -> bool:
        """Whether a row with this sort key and id comes after the position."""
        row_position, own_position = (sort_key, row_id), (self.sort_key, self.id)
        return row_position < own_position if descending else row_position > own_position


def page(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest = FIRST_PAGE,
    column_set: ColumnSet = "summary",
    *,
    max_page_size: int = MAX_PAGE_SIZE,
) -> Page:
    """One part of the list of tickets that the actor may see and the query asks for.

    Rows carry the columns of `COLUMNS[view]`, and are never more than `most`. Raises `Invalid` for
    a cursor of another list.
    """
    part = replace(
        part,
        limit=max(1, min(part.limit, max_page_size)),
        offset=max(0, min(part.offset, MAX_ID)),
    )
    query = _with_minimal_sort(uow, _with_bounds(uow, query))
    shape = _build_shape(uow, query, part, column_set)
    if _matches_nothing(query, shape):
        return Page()
    has_cursors = not shape.then_by
    if not has_cursors and shape.cursor:
        raise Invalid("cursor", INVALID_CURSOR)
    if part.cursor is not None:
        rows = _rows_after(uow, query, part, shape, Position.decode(part.cursor, query.sort))
    else:
        rows = _rows_at_offset(uow, query, part, shape, has_cursors=has_cursors)
    has_more = len(rows) > part.limit
    rows = rows[: part.limit]
    next_position = rows[-1][1] if has_more else None
    return Page(
        [row for row, _ in rows],
        has_more,
        next_position.encode(query.sort) if next_position else None,
    )


PositionedRows = list[tuple[Any, Position | None]]
"""Rows, each with the position of a part that ends with it."""


def _rows_at_offset(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape, *, has_cursors: bool
) -> PositionedRows:
    """The rows of a part and one more, without a cursor."""
    rows = _fetch_rows(uow, query, part, shape)
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
        older = _older_rows(uow, query, part, shape)
        positioned = positioned[: max(0, shape.reorder_limit - part.offset)]
        positioned += [
            (row, _age_position(row.id, row.id) if has_cursors else None) for row in older
        ]
    return positioned


def _sort_column_name(sort: SortField) -> str:
    """The name of the column of a row that a list is sorted by."""
    return "weight" if sort == "relevance" else SORT_COLUMNS[sort].name


def _age_position(row_id: int, oldest_id: int, start_entry_id: int | None = None) -> Position:
    return Position(None, row_id, start_entry_id, oldest_id, is_by_age=True)


def _rows_after(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape, position: Position
) -> PositionedRows:
    """The rows of a part behind a position, and one more."""
    if position.is_by_age:
        return _older_rows_after(uow, query, part, shape, position)
    start_entry_id = position.start_entry_id
    if start_entry_id is not None and stable_order.is_snapshot_expired(uow, start_entry_id):
        start_entry_id = None
    shape = replace(
        shape,
        continues_snapshot=start_entry_id is not None,
        oldest_id=bool(shape.reorder_limit) and position.oldest_id is not None,
    )
    column = _sort_column_name(query.sort)
    rows = _fetch_rows(uow, query, part, shape, replace(position, start_entry_id=start_entry_id))
    rows_by_key = [(getattr(row, column), row) for row in rows]
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
        positioned += _older_rows_after(
            uow, query, part, shape, _age_position(oldest_id, oldest_id)
        )
    return positioned


MAX_IDS_PER_STATEMENT = 500


def _moved_rows(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape, position: Position
) -> list[tuple[Any, Any]]:
    """The rows behind a position that have moved since the list began, each with the key it had."""
    tag_parameters = _build_tag_parameters(uow, query)
    if tag_parameters is None or position.start_entry_id is None:
        return []
    oldest_id = position.oldest_id or 0
    sort_keys = {
        row_id: key
        for key, row_id in stable_order.list_moved_tickets(uow, query.sort, position.start_entry_id)
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
    values = {**_build_parameters(uow, query, shape), **tag_parameters}
    rows_by_key: list[tuple[Any, Any]] = []
    for start in range(0, len(ids), MAX_IDS_PER_STATEMENT):
        chosen_ids = ids[start : start + MAX_IDS_PER_STATEMENT]
        rows = uow.connection.execute(subset_statement(shape), {**values, "chosen": chosen_ids})
        rows_by_key += [(sort_keys[row.id], row) for row in rows]
        if len(rows_by_key) > part.limit:
            break
    return rows_by_key


def _fetch_rows(
    uow: UnitOfWork,
    query: TicketQuery,
    part: PageRequest,
    shape: QueryShape,
    position: Position | None = None,
) -> Sequence[Any]:
    """The rows of a part, and one more if there is one."""
    tag_parameters = _build_tag_parameters(uow, query)
    if tag_parameters is None:
        return ()
    values = {**_build_parameters(uow, query, shape), **tag_parameters, "offset": part.offset}
    if position is not None:
        values |= {
            "after": position.sort_key,
            "after_id": position.id,
            "start_entry_id": position.start_entry_id,
            "oldest_id": position.oldest_id,
        }
    return uow.connection.execute(page_statement(shape), values).all()


def _older_rows_after(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape, position: Position
) -> PositionedRows:
    """What follows by age behind those that were put into an order of their own."""
    query = replace(query, sort="created", descending=True, then_by=())
    part = replace(part, cursor=None, offset=0)
    age_shape = replace(_build_shape(uow, query, part, shape.column_set), cursor=True)
    rows = _fetch_rows(uow, query, part, age_shape, position)
    return [(row, _age_position(row.id, position.oldest_id or row.id)) for row in rows]


def _older_rows(
    uow: UnitOfWork, query: TicketQuery, part: PageRequest, shape: QueryShape
) -> Sequence[Any]:
    """What follows in a part behind the newest that were put into an order of their own."""
    query = replace(query, sort="created", descending=True, then_by=())
    part = replace(part, offset=max(part.offset, shape.reorder_limit))
    return _fetch_rows(uow, query, part, _build_shape(uow, query, part, shape.column_set))


def count_tickets(uow: UnitOfWork, query: TicketQuery, *, limit: int | None = None) -> int:
    """How many tickets the list has in all, for this actor; counted up to `most` if given."""
    query = _with_bounds(uow, replace(query, sort="created", then_by=()))
    shape = replace(_build_shape(uow, query, PageRequest(), "summary"), limit=0, branch_limit=0)
    tag_parameters = None if _matches_nothing(query, shape) else _build_tag_parameters(uow, query)
    if tag_parameters is None:
        return 0
    if shape.is_staff and _is_covered_by_counters(query, shape):
        counted = counters.count_tickets(
            uow,
            status=_selected_statuses(query),
            priority=query.priority,
            category=query.category,
            kind=query.kind,
            is_assigned=True if query.assigned else False if query.unassigned else None,
        )
        return counted if limit is None else min(counted, limit)
    values = {**_build_parameters(uow, query, shape), **tag_parameters}
    return uow.connection.execute(count_statement(shape, limit), values).scalar_one()


def list_conditions(uow: UnitOfWork, query: TicketQuery) -> tuple[list[Any], dict[str, Any]]:
    """The conditions of a list and their values, for a report that counts exactly these tickets.

    For filters by words, ids and moments; not for searches and tags.
    """
    shape = _build_shape(uow, query, PageRequest(), "summary")
    assert not shape.search_mode
    assert not shape.tag_count
    return build_conditions(shape), _build_parameters(uow, query, shape)


COUNTED_FILTERS = frozenset({"status", "priority", "category", "kind", "group"})


def _is_covered_by_counters(query: TicketQuery, shape: QueryShape) -> bool:
    """Return whether `core.tickets.counters` can count the matching tickets."""
    has_counted_filters_only = {name for name, _ in shape.set_filters} <= COUNTED_FILTERS
    has_counted_filters_only = has_counted_filters_only and set(shape.flag_filters) <= {
        "assigned",
        "unassigned",
    }
    is_contradictory = query.assigned and query.unassigned
    has_other_filters = (
        shape.exact_filters or shape.range_filters or shape.tag_count or shape.search_mode
    )
    return has_counted_filters_only and not has_other_filters and not is_contradictory


def _selected_statuses(query: TicketQuery) -> frozenset[Status]:
    """The statuses that both the status and the group filter leave."""
    if not query.group:
        return query.status
    grouped = frozenset(status for status in Status if status.group in query.group)
    remaining = grouped & query.status if query.status else grouped
    return remaining or frozenset({IMPOSSIBLE_STATUS})  # type: ignore[arg-type]


IMPOSSIBLE_STATUS = ""
"""Stands for a set of statuses that no ticket can have."""


@lru_cache(maxsize=32)
def _read_statement(is_staff: bool, column: str, column_set: ColumnSet) -> Any:
    return (
        select(*COLUMN_SETS[column_set])
        .select_from(join_names(ticket_table, column_set))
        .where(
            VISIBLE_TO_STAFF if is_staff else VISIBLE_TO_REQUESTER,
            ticket_table.c[column] == bindparam("wanted"),
        )
    )


def read_ticket(
    uow: UnitOfWork, reference: str | int | TicketReference, column_set: ColumnSet = "full"
) -> Any:
    """One ticket by any of its ids or numbers, with the columns of `COLUMNS[view]`.

    Raises `NotFound` if there is none that the actor may see.
    """
    parsed_reference = (
        parse_reference(str(reference)) if isinstance(reference, str | int) else reference
    )
    key = parsed_reference and resolve_reference(uow, parsed_reference)
    if key is None:
        raise NotFound
    column, wanted_id = key
    values = {**visibility_parameters(uow.actor), "wanted": wanted_id}
    row = uow.connection.execute(
        _read_statement(uow.actor.is_staff, column, column_set), values
    ).first()
    if row is None:
        raise NotFound
    return row


_COUNT_OWN_BY_STATUS = (
    select(ticket_table.c.status, func.count().label("n"))
    .where(VISIBLE_TO_REQUESTER)
    .group_by(ticket_table.c.status)
)


def count_own_by_status(uow: UnitOfWork) -> dict[Status, int]:
    """How many of the tickets the actor filed stand in each status."""
    requester_id = uow.actor.id if uow.actor.can_see_own_tickets else NO_PERSON_ID
    rows = uow.connection.execute(_COUNT_OWN_BY_STATUS, {"viewer_id": requester_id})
    return {Status(row.status): row.n for row in rows}


_SUMMARY_COLUMNS = (
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.title,
    ticket_table.c.status,
)
# Found first and looked at then: SQLite would rather walk every ticket in the order of ids.
_DUPLICATE_TICKET = ticket_table.alias("duplicate")
_DUPLICATE_IDS = select(_DUPLICATE_TICKET.c.id).where(
    _DUPLICATE_TICKET.c.duplicate_of_id == bindparam("original")
)
_SELECT_DUPLICATES = {
    staff: select(*_SUMMARY_COLUMNS)
    .where(
        VISIBLE_TO_STAFF if staff else VISIBLE_TO_REQUESTER, ticket_table.c.id.in_(_DUPLICATE_IDS)
    )
    .order_by(ticket_table.c.id.desc())
    .limit(literal_column("20"))
    for staff in (True, False)
}


def list_duplicates(uow: UnitOfWork, ticket_id: int) -> Sequence[Any]:
    """The newest tickets that were closed as duplicates of one, as far as the actor sees them."""
    values = {**visibility_parameters(uow.actor), "original": ticket_id}
    return uow.connection.execute(_SELECT_DUPLICATES[uow.actor.is_staff], values).all()
