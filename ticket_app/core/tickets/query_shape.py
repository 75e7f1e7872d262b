"""The shape of a query: everything that the statement of a list depends on.

Queries of the same shape share one statement (`core.tickets.list_statements`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import func, literal_column, select

from ticket_app.core.platform.access_policy import (
    READABLE_BY_COMPANY,
    VISIBLE_TO_STAFF,
    reading_parameters,
)
from ticket_app.core.platform.dates import clamp_to_utc
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.ticket_numbers import MAX_ID, parse_reference, parse_search_reference
from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_query
from ticket_app.core.tickets import stable_order
from ticket_app.core.tickets.condition_clauses import GroupShape, build_group_shape
from ticket_app.core.tickets.list_columns import ColumnSet
from ticket_app.core.tickets.list_filters import (
    EXACT_FILTERS,
    FLAG_FILTERS,
    RANGE_FILTERS,
    SET_FILTERS,
)
from ticket_app.core.tickets.ticket_lookup import find_readable_ids
from ticket_app.core.tickets.ticket_query import AGE_SORTS, SortField, TicketQuery
from ticket_app.tables import ticket_table

MAX_REORDERED_SEARCH = 1_000
"""How many of the newest matches of a search are sorted by something other than age."""
MAX_SCORED = 400
"""How many of the newest matches of a search are sorted by relevance."""
MAX_REORDERED = 10_000
"""How many of the newest tickets of a list without search words are sorted by several keys."""
MAX_BRANCHES = 12
"""A list filtered by more combinations of values than this is not read branch by branch."""
MAX_RECENT = 20_000
"""If at most this many tickets are newer than a moment, its lists start at the oldest of them."""
_RECENT_TICKETS = (
    select(ticket_table.c.id)
    .where(VISIBLE_TO_STAFF, RANGE_FILTERS["created_from"])
    .order_by(ticket_table.c.created_at, ticket_table.c.id)
    .limit(literal_column(str(MAX_RECENT + 1)))
    .subquery()
)
_COUNT_RECENT = select(func.count(), func.min(_RECENT_TICKETS.c.id))


MAX_TEXTS_READ = 2_000
"""A search in the tickets of a company with more of them starts from the full-text index."""
_COUNT_OF_COMPANY = select(func.count()).select_from(
    select(ticket_table.c.id)
    .where(READABLE_BY_COMPANY)
    .limit(literal_column(str(MAX_TEXTS_READ + 1)))
    .subquery()
)


@dataclass(frozen=True, slots=True)
class QueryShape:
    """Everything in a query that its statement depends on; values are passed as parameters.

    `branch_limit` is how many rows each branch reads where the index scans of several values are
    merged, else 0. `then_by` holds further sort keys, each with whether it is descending.

    `uses_search_index` is whether a search for words starts from the full-text index; otherwise it
    reads the texts of the tickets that the actor may read.

    `starts_snapshot` marks the first page of a list that keeps its order, `continues_snapshot` the
    pages after it (`core.tickets.stable_order`). `oldest_id` is whether a parameter names the
    oldest of the reordered tickets.
    """

    is_staff: bool
    of_company: bool
    set_filters: tuple[tuple[str, int], ...]
    exact_filters: tuple[str, ...]
    flag_filters: tuple[str, ...]
    range_filters: tuple[str, ...]
    tag_count: int
    search_mode: Literal["", "words", "number"]
    uses_search_index: bool
    query_terms: tuple[search_query.TermCounts, ...]
    phrase_count: int
    include_comments: bool
    sort: SortField
    descending: bool
    cursor: bool
    offset: bool
    limit: int
    branch_limit: int
    column_set: ColumnSet
    dialect: str
    then_by: tuple[tuple[SortField, bool], ...] = ()
    starts_snapshot: bool = False
    continues_snapshot: bool = False
    oldest_id: bool = False
    conditions: GroupShape | None = None

    @property
    def sort_keys(self) -> tuple[tuple[SortField, bool], ...]:
        """The sort keys in order, each with whether it is descending."""
        return ((self.sort, self.descending), *self.then_by)

    @property
    def is_by_relevance(self) -> bool:
        """Whether one of the sort keys is the relevance."""
        return any(name == "relevance" for name, _ in self.sort_keys)

    @property
    def reorder_limit(self) -> int:
        """How many of the newest tickets are sorted without an index; 0 if an index sorts them."""
        if self.is_by_relevance:
            return MAX_SCORED
        if self.then_by:
            return MAX_REORDERED_SEARCH if self.search_mode == "words" else MAX_REORDERED
        is_by_age = self.sort in ("created", "number")
        return 0 if is_by_age or not self.uses_search_index else MAX_REORDERED_SEARCH


def with_bounds(uow: UnitOfWork, query: TicketQuery) -> TicketQuery:
    """Return a query for the same tickets that reads fewer rows.

    If few tickets are new enough for it, no index scan goes past the oldest of them. Overdue
    tickets are searched for among unfinished ones only, by their index.
    """
    if query.overdue and not query.group:
        query = replace(query, group=UNFINISHED_GROUPS)
    if query.created_from is None or not uow.actor.is_staff:
        return query
    parameters = {"created_from": clamp_to_utc(query.created_from)}
    count, oldest = uow.connection.execute(_COUNT_RECENT, parameters).one()
    if count <= MAX_RECENT:
        return replace(query, id_from=oldest or MAX_ID)
    if query.sort == "updated" and query.updated_from is None:
        # Tickets created since then have also been updated since then.
        return replace(query, updated_from=query.created_from)
    return query


def with_minimal_sort(uow: UnitOfWork, query: TicketQuery) -> TicketQuery:
    """Return a query for the same order with as few sort keys as possible.

    Leaves out keys after one without ties, repeated keys, and relevance without search words.
    """
    keys: dict[SortField, bool] = {}
    requested: list[tuple[SortField, bool]] = [(query.sort, query.descending), *query.then_by]
    for name, descending in requested:
        if name == "relevance" and choose_search_mode(uow, query) != "words":
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
        # Ties are sorted by id in the direction of the key before, which is the order of age.
        sort_keys.pop()
    (sort, descending), *then_by = sort_keys
    return replace(query, sort=sort, descending=descending, then_by=tuple(then_by))


def build_shape(
    uow: UnitOfWork, query: TicketQuery, page_request: PageRequest, column_set: ColumnSet
) -> QueryShape:
    """Return the shape of a query for one page, with these columns."""
    needs_relevance = "relevance" in (query.sort, *(name for name, _ in query.then_by))
    query_terms = search_query.parse_query(query.search, query.phrases)
    search_mode = choose_search_mode(uow, query)
    uses_search_index = search_mode == "words" and (
        uow.actor.is_staff or (query.of_company and _is_company_of_actor_large(uow))
    )
    return QueryShape(
        is_staff=uow.actor.is_staff,
        of_company=query.of_company and not uow.actor.is_staff,
        set_filters=tuple(
            (name, len(getattr(query, name))) for name in SET_FILTERS if getattr(query, name)
        ),
        exact_filters=tuple(name for name in EXACT_FILTERS if getattr(query, name) is not None),
        flag_filters=tuple(name for name in FLAG_FILTERS if getattr(query, name)),
        range_filters=tuple(name for name in RANGE_FILTERS if getattr(query, name) is not None),
        tag_count=len(query.tags),
        search_mode=search_mode,
        uses_search_index=uses_search_index,
        query_terms=tuple(query_term.term_counts for query_term in query_terms)
        if needs_relevance or not uow.actor.is_staff
        else (),
        phrase_count=len(search_query.list_phrases(query.search, query.phrases))
        if (uow.actor.is_staff or uses_search_index) and not uow.is_sqlite
        else 0,
        include_comments=query.search_comments,
        sort=query.sort,
        descending=query.descending,
        cursor=page_request.cursor is not None,
        offset=page_request.cursor is None and page_request.offset > 0,
        limit=page_request.limit + 1,
        branch_limit=_branch_limit(uow, query, page_request),
        column_set=column_set,
        dialect=uow.connection.dialect.name,
        then_by=query.then_by,
        starts_snapshot=page_request.keep_order
        and page_request.cursor is None
        and not query.then_by
        and query.sort in stable_order.MUTABLE_SORTS,
        conditions=build_group_shape(query.conditions),
    )


def _is_company_of_actor_large(uow: UnitOfWork) -> bool:
    """Return whether the actor's company has more tickets than a search should read texts of."""
    parameters = reading_parameters(uow.actor)
    return uow.connection.execute(_COUNT_OF_COMPANY, parameters).scalar_one() > MAX_TEXTS_READ


def _branch_limit(uow: UnitOfWork, query: TicketQuery, page_request: PageRequest) -> int:
    branches = 1
    for name in SET_FILTERS:
        branches *= len(getattr(query, name)) or 1
    if branches == 1 or branches > MAX_BRANCHES or not uow.actor.is_staff:
        return 0
    if query.search or query.phrases:
        return 0
    row_limit = page_request.limit + 1 + (0 if page_request.cursor else page_request.offset)
    return 1 << (row_limit - 1).bit_length()


def choose_search_mode(uow: UnitOfWork, query: TicketQuery) -> Literal["", "words", "number"]:
    """Return what a query searches for: a ticket number, words, or (empty) neither.

    Text that only resembles a number (`bug 3`, `#3`) counts as one if the actor sees such a ticket.
    """
    text = query.search
    if query.phrases and search_query.parse_query("", query.phrases):
        return "words"
    if not search_query.query_words(text):
        return ""
    reference = None if text.strip().isdigit() else parse_search_reference(text)
    if reference is None:
        return "words"
    is_exact = reference.number_in_any_kind is None and parse_reference(text) is not None
    return "number" if is_exact or find_readable_ids(uow, reference) else "words"
