"""The statements behind `core.tickets.ticket_list`: one for each shape of query, built once and
kept.

Each begins with an index walk that yields the ids of one page, then joins what a row shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Literal

from sqlalchemy import and_, bindparam, case, exists, func, literal_column, or_, select, union_all

from ticket_app.core.platform.access_policy import VISIBLE_TO_REQUESTER, VISIBLE_TO_STAFF
from ticket_app.core.search import search_index
from ticket_app.core.sla.conditions import FIRST_RESPONSE_CONDITIONS, RESOLUTION_CONDITIONS
from ticket_app.core.tickets import conditions, stable_order
from ticket_app.tables import (
    company_table,
    contact_table,
    department_table,
    person_table,
    team_table,
    ticket_table,
    ticket_tag_table,
    ticket_text_table,
)

MAX_REORDERED_SEARCH = 1_000
"""Of what a search finds, so many of the newest are put into another order than by age."""
MAX_SCORED = 400
"""Of what a search finds, so many of the newest are put into the order of relevance."""

MAX_REORDERED = 10_000
"""Of what a list by several keys finds, so many of the newest are put into that order."""

SortField = Literal["created", "updated", "priority", "status", "due", "number", "relevance"]
SORT_COLUMNS: dict[str, Any] = {
    "created": ticket_table.c.id,
    "updated": ticket_table.c.updated_at,
    "priority": ticket_table.c.priority_rank,
    "status": ticket_table.c.status_rank,
    "due": ticket_table.c.due_sort_at,
    "number": ticket_table.c.id,
}
"""What a list may be sorted by; ties go by id. Ids are given out in the order of creation.

`relevance` is how well a ticket fits the words searched for (`search.weight`).
"""

SET_FILTERS: dict[str, Any] = {
    "status": ticket_table.c.status,
    "priority": ticket_table.c.priority,
    "kind": ticket_table.c.kind,
    "category": ticket_table.c.category,
    "severity": ticket_table.c.severity,
    "group": ticket_table.c.status_group,
    "departments": ticket_table.c.department_id,
}
"""Filters that name a set of words, or of ids."""

EXACT_FILTERS: dict[str, Any] = {
    "requester_id": ticket_table.c.requester_id,
    "created_by_id": ticket_table.c.created_by_id,
    "assignee_id": ticket_table.c.assignee_id,
    "team_id": ticket_table.c.team_id,
    "company_id": ticket_table.c.company_id,
    "department_id": ticket_table.c.department_id,
    "section": ticket_table.c.section,
    "sla_policy_id": ticket_table.c.sla_policy_id,
}
"""Filters that name one value."""

FLAG_FILTERS: dict[str, Any] = {
    "unassigned": conditions.UNASSIGNED,
    "assigned": conditions.ASSIGNED,
    "overdue": conditions.OVERDUE,
    "answered": conditions.ANSWERED,
    "rated": conditions.RATED,
    "reopened": conditions.REOPENED,
    "resolved_once": conditions.RESOLVED_ONCE,
    "sla_met": RESOLUTION_CONDITIONS.met,
    "sla_breached": RESOLUTION_CONDITIONS.breached,
    "response_met": FIRST_RESPONSE_CONDITIONS.met,
    "response_breached": FIRST_RESPONSE_CONDITIONS.breached,
}
"""Filters that hold or do not."""


def _at_or_after(name: str, column: Any) -> Any:
    return column >= bindparam(name)


def _before(name: str, column: Any) -> Any:
    return column < bindparam(name)


RANGE_FILTERS: dict[str, Any] = {
    "created_from": _at_or_after("created_from", ticket_table.c.created_at),
    "created_before": _before("created_before", ticket_table.c.created_at),
    "id_from": _at_or_after("id_from", ticket_table.c.id),
    "updated_from": _at_or_after("updated_from", ticket_table.c.updated_at),
    "due_from": _at_or_after("due_from", ticket_table.c.due_sort_at),
    "due_before": _before("due_before", ticket_table.c.due_sort_at),
    "resolved_from": _at_or_after("resolved_from", ticket_table.c.resolved_at),
    "resolved_before": _before("resolved_before", ticket_table.c.resolved_at),
    "answered_from": _at_or_after("answered_from", ticket_table.c.first_response_at),
    "answered_before": _before("answered_before", ticket_table.c.first_response_at),
    "sla_breached_from": _at_or_after("sla_breached_from", ticket_table.c.sla_breached_at),
    "sla_breached_before": _before("sla_breached_before", ticket_table.c.sla_breached_at),
    "response_breached_from": _at_or_after(
        "response_breached_from", ticket_table.c.first_response_breached_at
    ),
    "response_breached_before": _before(
        "response_breached_before", ticket_table.c.first_response_breached_at
    ),
    "sla_measured": RESOLUTION_CONDITIONS.measured_between(
        bindparam("sla_measured_0"), bindparam("sla_measured_1")
    ),
}
"""Filters that name a moment, or two: `_from` includes it, `_before` does not."""

RANK_COLUMNS: dict[str, Any] = {
    "status": ticket_table.c.status_rank,
    "priority": ticket_table.c.priority_rank,
}
"""Words that a list sorted by them is filtered by as ranks, so that one index serves both."""

_ASSIGNEE = person_table.alias("assignee")
_REQUESTER = person_table.alias("requester")
_CREATOR = person_table.alias("creator")
_PERSON_AND_COMPANY_NAMES = (
    _ASSIGNEE.c.uuid.label("assignee_uuid"),
    _ASSIGNEE.c.username.label("assignee_username"),
    _ASSIGNEE.c.full_name.label("assignee_name"),
    _REQUESTER.c.uuid.label("requester_uuid"),
    _REQUESTER.c.username.label("requester_username"),
    _REQUESTER.c.full_name.label("requester_name"),
    company_table.c.uuid.label("company_uuid"),
    company_table.c.name.label("company_name"),
)
SUMMARY_COLUMNS = (
    ticket_table.c.id,
    ticket_table.c.uuid,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.version,
    ticket_table.c.title,
    ticket_table.c.kind,
    ticket_table.c.category,
    ticket_table.c.status,
    ticket_table.c.status_group,
    ticket_table.c.status_rank,
    ticket_table.c.priority,
    ticket_table.c.priority_rank,
    ticket_table.c.severity,
    ticket_table.c.section,
    ticket_table.c.tags,
    ticket_table.c.requester_id,
    ticket_table.c.assignee_id,
    ticket_table.c.company_id,
    ticket_table.c.due_at,
    ticket_table.c.due_sort_at,
    ticket_table.c.resolved_at,
    ticket_table.c.created_at,
    ticket_table.c.updated_at,
    ticket_table.c.comments_count,
    ticket_table.c.notes_count,
    ticket_table.c.attachments_count,
    ticket_table.c.internal_attachments_count,
    ticket_table.c.last_comment,
    ticket_table.c.last_comment_at,
    ticket_table.c.last_comment_by_id,
    *_PERSON_AND_COMPANY_NAMES,
)
"""Columns of a line in a queue."""

SUMMARY_COLUMNS_WITH_DESCRIPTION = (*SUMMARY_COLUMNS, ticket_table.c.description)
SUMMARY_COLUMNS_WITH_SLA = (
    *SUMMARY_COLUMNS,
    ticket_table.c.respond_by,
    ticket_table.c.resolve_by,
    ticket_table.c.response_seconds_left,
    ticket_table.c.resolution_seconds_left,
    ticket_table.c.sla_paused_at,
    ticket_table.c.first_response_at,
    ticket_table.c.first_response_breached_at,
    ticket_table.c.sla_breached_at,
)
"""The columns of a list row and those of its SLA targets."""
_FIRST_AND_LAST_NAMES = (
    _CREATOR.c.first_name.label("creator_first_name"),
    _CREATOR.c.last_name.label("creator_last_name"),
    _ASSIGNEE.c.first_name.label("assignee_first_name"),
    _ASSIGNEE.c.last_name.label("assignee_last_name"),
)
MODEL_COLUMNS = (
    ticket_table.c.id,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.version,
    ticket_table.c.title,
    ticket_table.c.description,
    ticket_table.c.kind,
    ticket_table.c.status,
    ticket_table.c.status_rank,
    ticket_table.c.priority,
    ticket_table.c.priority_rank,
    ticket_table.c.tags,
    ticket_table.c.created_by_id,
    ticket_table.c.assignee_id,
    ticket_table.c.department_id,
    ticket_table.c.created_at,
    ticket_table.c.updated_at,
    ticket_table.c.due_at,
    ticket_table.c.due_sort_at,
    ticket_table.c.sla_breached_at,
    ticket_table.c.resolved_at,
    ticket_table.c.satisfaction_rating,
    ticket_table.c.internal_notes,
    ticket_table.c.public_notes,
    _CREATOR.c.username.label("creator_username"),
    _ASSIGNEE.c.username.label("assignee_username"),
    *_FIRST_AND_LAST_NAMES,
    department_table.c.name.label("department_name"),
)
"""The Ticket Model (specs/enterprise), with the names of those it refers to."""
EXPORT_COLUMNS = (
    *MODEL_COLUMNS,
    ticket_table.c.category,
    ticket_table.c.severity,
    ticket_table.c.requester_id,
    ticket_table.c.first_response_at,
    ticket_table.c.closed_at,
    ticket_table.c.reopened_count,
    ticket_table.c.comments_count,
    ticket_table.c.attachments_count,
    _REQUESTER.c.username.label("requester_username"),
    company_table.c.name.label("company_name"),
    team_table.c.name.label("team_name"),
)
"""The columns of an export row besides those of the ticket."""
FULL_COLUMNS = (
    *ticket_table.c,
    *_PERSON_AND_COMPANY_NAMES,
    _CREATOR.c.uuid.label("creator_uuid"),
    _CREATOR.c.username.label("creator_username"),
    _CREATOR.c.full_name.label("creator_name"),
    *_FIRST_AND_LAST_NAMES,
    _REQUESTER.c.email.label("requester_email"),
    department_table.c.name.label("department_name"),
    team_table.c.name.label("team_name"),
    contact_table.c.uuid.label("contact_uuid"),
    contact_table.c.name.label("contact_name"),
)
"""Everything a ticket's own page or answer tells."""

COLUMN_SETS: dict[str, Any] = {
    "summary": SUMMARY_COLUMNS,
    "summary_with_description": SUMMARY_COLUMNS_WITH_DESCRIPTION,
    "summary_with_sla": SUMMARY_COLUMNS_WITH_SLA,
    "model": MODEL_COLUMNS,
    "export": EXPORT_COLUMNS,
    "full": FULL_COLUMNS,
}
ColumnSet = Literal[
    "summary", "summary_with_description", "summary_with_sla", "model", "export", "full"
]


def join_names(source: Any, column_set: ColumnSet) -> Any:
    """Tickets with the people and places that a view tells by name."""
    if column_set in ("model", "export"):
        joined = (
            source.join(_CREATOR, _CREATOR.c.id == ticket_table.c.created_by_id)
            .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == ticket_table.c.assignee_id)
            .outerjoin(department_table, department_table.c.id == ticket_table.c.department_id)
        )
        if column_set == "model":
            return joined
        return (
            joined.join(_REQUESTER, _REQUESTER.c.id == ticket_table.c.requester_id)
            .outerjoin(company_table, company_table.c.id == ticket_table.c.company_id)
            .outerjoin(team_table, team_table.c.id == ticket_table.c.team_id)
        )
    joined = (
        source.outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == ticket_table.c.assignee_id)
        .join(_REQUESTER, _REQUESTER.c.id == ticket_table.c.requester_id)
        .outerjoin(company_table, company_table.c.id == ticket_table.c.company_id)
    )
    if column_set == "full":
        joined = (
            joined.join(_CREATOR, _CREATOR.c.id == ticket_table.c.created_by_id)
            .outerjoin(department_table, department_table.c.id == ticket_table.c.department_id)
            .outerjoin(team_table, team_table.c.id == ticket_table.c.team_id)
            .outerjoin(contact_table, contact_table.c.id == ticket_table.c.contact_id)
        )
    return joined


@dataclass(frozen=True, slots=True)
class QueryShape:
    """All of a query that its statement depends on; values travel as parameters.

    `reach` is how far each word's own walk goes where several words are merged, else 0; `then` are
    further keys, each with whether it descends.

    `begins` is the first part of a list whose order is kept, `goes_on` are those after it
    (core.tickets.list_history). `floor` is whether a parameter tells the oldest of the reordered.
    """

    is_staff: bool
    set_filters: tuple[tuple[str, int], ...]
    exact_filters: tuple[str, ...]
    flag_filters: tuple[str, ...]
    range_filters: tuple[str, ...]
    tag_count: int
    search_mode: Literal["", "words", "number"]
    query_terms: tuple[search_index.TermCounts, ...]
    phrase_count: int
    include_comments: bool
    sort: str
    descending: bool
    cursor: bool
    offset: bool
    limit: int
    branch_limit: int
    column_set: ColumnSet
    dialect: str
    then_by: tuple[tuple[str, bool], ...] = ()
    starts_snapshot: bool = False
    continues_snapshot: bool = False
    oldest_id: bool = False

    @property
    def sort_keys(self) -> tuple[tuple[str, bool], ...]:
        """All that the list is sorted by."""
        return ((self.sort, self.descending), *self.then_by)

    @property
    def is_by_relevance(self) -> bool:
        """Whether one of the keys is how well the words fit."""
        return any(name == "relevance" for name, _ in self.sort_keys)

    @property
    def reorder_limit(self) -> int:
        """How many of the newest are put into an order that no index has; 0 where one has it."""
        if self.is_by_relevance:
            return MAX_SCORED
        if self.then_by:
            return MAX_REORDERED_SEARCH if self.search_mode == "words" else MAX_REORDERED
        is_by_age = self.sort in ("created", "number")
        return (
            0
            if is_by_age or self.search_mode != "words" or not self.is_staff
            else MAX_REORDERED_SEARCH
        )


def _filter_column(shape: QueryShape, name: str) -> Any:
    return RANK_COLUMNS[name] if shape.sort == name else SET_FILTERS[name]


def build_conditions(shape: QueryShape, skipped: frozenset[str] = frozenset()) -> list[Any]:
    """What a ticket has to fulfil, besides the words searched for and the first tag."""
    clauses: list[Any] = [VISIBLE_TO_STAFF if shape.is_staff else VISIBLE_TO_REQUESTER]
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
    first_is_joined = shape.search_mode != "words"
    for n in range(int(first_is_joined), shape.tag_count):
        tag_link = ticket_tag_table.alias(f"tie_{n}")
        clauses.append(
            exists().where(
                tag_link.c.ticket_id == ticket_table.c.id,
                tag_link.c.tag_id == bindparam(f"tag_{n}"),
            )
        )
    if shape.search_mode == "number":
        clauses.append(ticket_table.c.id.in_(bindparam("numbered", expanding=True)))
    return clauses


def _after_cursor(shape: QueryShape, sort_column: Any, id_column: Any) -> list[Any]:
    if not shape.cursor:
        return []
    after, after_id = bindparam("after"), bindparam("after_id")
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


def _order_rows(shape: QueryShape, statement: Any, sort_column: Any, id_column: Any) -> Any:
    keys = (id_column,) if shape.sort in ("created", "number") else (sort_column, id_column)
    return statement.order_by(*(key.desc() if shape.descending else key for key in keys))


def _order_and_limit(
    shape: QueryShape, statement: Any, sort_column: Any, id_column: Any, limit: int
) -> Any:
    # A literal LIMIT lets PostgreSQL keep its plan.
    return _order_rows(shape, statement, sort_column, id_column).limit(literal_column(str(limit)))


def _full_text_match(shape: QueryShape) -> tuple[Any, Any, Any]:
    return search_index.full_text_match(
        dialect=shape.dialect,
        phrase_count=shape.phrase_count,
        include_comments=shape.include_comments,
    )


def _select_source(shape: QueryShape) -> tuple[Any, Any, list[Any]]:
    """What to select from, the id to order by, and the condition that goes with it.

    By words it starts from the full-text index and by tag from the tag's, which give ids in order.
    A requester's tickets are few: there it starts from them.
    """
    if shape.search_mode == "words" and shape.is_staff:
        index, id_column, match = _full_text_match(shape)
        return index.join(ticket_table, ticket_table.c.id == id_column), id_column, [match]
    if shape.search_mode == "words":
        match_conditions = search_index.requester_match_conditions(
            shape.query_terms, dialect=shape.dialect, include_comments=shape.include_comments
        )
        return (
            ticket_table.join(
                ticket_text_table, ticket_text_table.c.ticket_id == ticket_table.c.id
            ),
            ticket_table.c.id,
            match_conditions,
        )
    if shape.tag_count:
        return (
            ticket_tag_table.join(ticket_table, ticket_table.c.id == ticket_tag_table.c.ticket_id),
            ticket_tag_table.c.ticket_id,
            [ticket_tag_table.c.tag_id == bindparam("tag_0")],
        )
    return ticket_table, ticket_table.c.id, []


def _select_matching(
    shape: QueryShape, *columns: Any, skipped: frozenset[str] = frozenset()
) -> tuple[Any, Any]:
    source, id_column, source_conditions = _select_source(shape)
    statement = (
        select(*columns)
        .select_from(source)
        .where(*build_conditions(shape, skipped), *source_conditions)
    )
    if shape.oldest_id:
        statement = statement.where(id_column >= bindparam("oldest_id"))
    if shape.continues_snapshot:
        statement = statement.where(stable_order.is_unchanged_since_snapshot(shape.sort))
    return statement, id_column


def _merge_index_scans(shape: QueryShape, sort_column: Any) -> Any:
    """One index walk for each word, merged: an IN would have to sort all that match."""
    multi_value_filters = [(name, size) for name, size in shape.set_filters if size > 1]
    skipped = frozenset(name for name, _ in multi_value_filters)
    scans = []
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


def _reorder_newest(shape: QueryShape) -> Any:
    """The newest that match, put into another order than by age."""
    names = [name for name, _ in shape.sort_keys]
    columns = [
        SORT_COLUMNS[name].label(f"by_{n}") for n, name in enumerate(names) if name in SORT_COLUMNS
    ]
    matching, id_column = _select_matching(shape, ticket_table.c.id.label("id"), *columns)
    # With a floor it is the same tickets as on the first page, and few that match only now.
    limit = shape.reorder_limit * (2 if shape.oldest_id else 1)
    newest = matching.order_by(id_column.desc()).limit(literal_column(str(limit))).subquery()
    oldest = case(
        (func.count().over() < shape.reorder_limit, 0), else_=func.min(newest.c.id).over()
    )
    reordered = select(newest, oldest.label("oldest_id"))
    if not shape.then_by and not shape.is_by_relevance:
        reordered = reordered.where(*_after_cursor(shape, newest.c.by_0, newest.c.id))
    if shape.is_by_relevance:
        relevance = search_index.relevance_score(
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


def _order_by_keys(shape: QueryShape, statement: Any, page: Any) -> Any:
    """In the order of the keys, which stand beside each id as by_0, by_1...; ties go by id."""
    keys = [
        page.c[f"by_{n}"].desc() if descending else page.c[f"by_{n}"].asc()
        for n, (_, descending) in enumerate(shape.sort_keys)
    ]
    is_descending = shape.sort_keys[-1][1]
    return statement.order_by(*keys, page.c.id.desc() if is_descending else page.c.id.asc())


def _page_ids(shape: QueryShape, sort_column: Any) -> Any:
    if shape.branch_limit:
        return _merge_index_scans(shape, sort_column)
    matching, id_column = _select_matching(
        shape, ticket_table.c.id.label("id"), sort_column.label("sort_key")
    )
    matching = matching.where(*_after_cursor(shape, sort_column, id_column))
    return _order_and_limit(shape, matching, sort_column, id_column, shape.limit)


@lru_cache(maxsize=1024)
def page_statement(shape: QueryShape) -> Any:
    """The rows of one page, with the columns of `COLUMNS[shape.view]`."""
    ids = (
        _reorder_newest(shape)
        if shape.reorder_limit
        else _page_ids(shape, SORT_COLUMNS[shape.sort])
    )
    if shape.offset:
        ids = ids.offset(bindparam("offset"))
    page = ids.subquery("part")
    source = page.join(ticket_table, ticket_table.c.id == page.c.id)
    rows = select(*COLUMN_SETS[shape.column_set]).select_from(join_names(source, shape.column_set))
    if shape.starts_snapshot:
        rows = rows.add_columns(stable_order.latest_entry_id().label("start_entry_id"))
    if shape.reorder_limit:
        if "oldest_id" in page.c:
            rows = rows.add_columns(page.c.oldest_id)
        if shape.sort == "relevance":
            rows = rows.add_columns(page.c.by_0.label("weight"))
        return _order_by_keys(shape, rows, page)
    return _order_rows(shape, rows, SORT_COLUMNS[shape.sort], ticket_table.c.id)


@lru_cache(maxsize=1024)
def subset_statement(shape: QueryShape) -> Any:
    """Those of the tickets `chosen` that are in the list, in no order."""
    matching, _ = _select_matching(shape, ticket_table.c.id.label("id"))
    subset = matching.where(ticket_table.c.id.in_(bindparam("chosen", expanding=True))).subquery(
        "part"
    )
    source = subset.join(ticket_table, ticket_table.c.id == subset.c.id)
    return select(*COLUMN_SETS[shape.column_set]).select_from(join_names(source, shape.column_set))


_TRASHED_IDS = select(ticket_table.c.id).where(ticket_table.c.deleted_at.is_not(None))


def _count_full_text_matches(shape: QueryShape) -> Any:
    """How many a search by nothing but words finds, for staff: counted in the index alone.

    What lies in the trash is little: taking it off spares looking up every ticket.
    """
    index, id_column, match = _full_text_match(shape)
    match_count = select(func.count()).select_from(index).where(match)
    return select(
        match_count.scalar_subquery()
        - match_count.where(id_column.in_(_TRASHED_IDS)).scalar_subquery()
    )


def _count_tagged() -> Any:
    """How many carry a tag, for staff: counted in the tag's own index, in the same way."""
    tagged = select(func.count()).where(ticket_tag_table.c.tag_id == bindparam("tag_0"))
    deleted = tagged.where(ticket_tag_table.c.ticket_id.in_(_TRASHED_IDS))
    return select(tagged.scalar_subquery() - deleted.scalar_subquery())


@lru_cache(maxsize=1024)
def count_statement(shape: QueryShape, limit: int | None) -> Any:
    """How many tickets match, counted up to `most` if given."""
    filters = shape.set_filters or shape.exact_filters or shape.flag_filters or shape.range_filters
    if shape.is_staff and limit is None and not filters:
        if shape.search_mode == "words" and not shape.tag_count:
            return _count_full_text_matches(shape)
        if shape.tag_count == 1 and not shape.search_mode:
            return _count_tagged()
    matching, _ = _select_matching(shape, ticket_table.c.id)
    if limit is not None:
        matching = matching.limit(literal_column(str(limit)))
    return select(func.count()).select_from(matching.subquery())
