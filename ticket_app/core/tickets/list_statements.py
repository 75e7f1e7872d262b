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

from ticket_app.core.platform.access_policy import REQUESTER_SEES, STAFF_SEES
from ticket_app.core.search import search_index
from ticket_app.core.sla.conditions import FIRST_RESPONSE, RESOLUTION
from ticket_app.core.tickets import conditions, list_history
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

MOST_RANKED = 1_000
"""Of what a search finds, so many of the newest are put into another order than by age."""
MOST_WEIGHED = 400
"""Of what a search finds, so many of the newest are put into the order of relevance."""

MOST_ORDERED = 10_000
"""Of what a list by several keys finds, so many of the newest are put into that order."""

Sort = Literal["created", "updated", "priority", "status", "due", "number", "relevance"]
SORTS: dict[str, Any] = {
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

FEW_OF: dict[str, Any] = {
    "status": ticket_table.c.status,
    "priority": ticket_table.c.priority,
    "kind": ticket_table.c.kind,
    "category": ticket_table.c.category,
    "severity": ticket_table.c.severity,
    "group": ticket_table.c.status_group,
    "departments": ticket_table.c.department_id,
}
"""Filters that name a set of words, or of ids."""

ONE_OF: dict[str, Any] = {
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

FLAGS: dict[str, Any] = {
    "unassigned": conditions.UNASSIGNED,
    "assigned": conditions.ASSIGNED,
    "overdue": conditions.OVERDUE,
    "answered": conditions.ANSWERED,
    "rated": conditions.RATED,
    "reopened": conditions.REOPENED,
    "resolved_once": conditions.RESOLVED_ONCE,
    "sla_met": RESOLUTION.met,
    "sla_breached": RESOLUTION.breached,
    "response_met": FIRST_RESPONSE.met,
    "response_breached": FIRST_RESPONSE.breached,
}
"""Filters that hold or do not."""


def _since(name: str, column: Any) -> Any:
    return column >= bindparam(name)


def _before(name: str, column: Any) -> Any:
    return column < bindparam(name)


RANGES: dict[str, Any] = {
    "created_from": _since("created_from", ticket_table.c.created_at),
    "created_before": _before("created_before", ticket_table.c.created_at),
    "id_from": _since("id_from", ticket_table.c.id),
    "updated_from": _since("updated_from", ticket_table.c.updated_at),
    "due_from": _since("due_from", ticket_table.c.due_sort_at),
    "due_before": _before("due_before", ticket_table.c.due_sort_at),
    "resolved_from": _since("resolved_from", ticket_table.c.resolved_at),
    "resolved_before": _before("resolved_before", ticket_table.c.resolved_at),
    "answered_from": _since("answered_from", ticket_table.c.first_response_at),
    "answered_before": _before("answered_before", ticket_table.c.first_response_at),
    "sla_breached_from": _since("sla_breached_from", ticket_table.c.sla_breached_at),
    "sla_breached_before": _before("sla_breached_before", ticket_table.c.sla_breached_at),
    "response_breached_from": _since(
        "response_breached_from", ticket_table.c.first_response_breached_at
    ),
    "response_breached_before": _before(
        "response_breached_before", ticket_table.c.first_response_breached_at
    ),
    "sla_measured": RESOLUTION.measured_between(
        bindparam("sla_measured_0"), bindparam("sla_measured_1")
    ),
}
"""Filters that name a moment, or two: `_from` includes it, `_before` does not."""

RANKS: dict[str, Any] = {
    "status": ticket_table.c.status_rank,
    "priority": ticket_table.c.priority_rank,
}
"""Words that a list sorted by them is filtered by as ranks, so that one index serves both."""

_ASSIGNEE = person_table.alias("assignee")
_REQUESTER = person_table.alias("requester")
_CREATOR = person_table.alias("creator")
_NAMES = (
    _ASSIGNEE.c.uuid.label("assignee_uuid"),
    _ASSIGNEE.c.username.label("assignee_username"),
    _ASSIGNEE.c.full_name.label("assignee_name"),
    _REQUESTER.c.uuid.label("requester_uuid"),
    _REQUESTER.c.username.label("requester_username"),
    _REQUESTER.c.full_name.label("requester_name"),
    company_table.c.uuid.label("company_uuid"),
    company_table.c.name.label("company_name"),
)
LINE = (
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
    *_NAMES,
)
"""Columns of a line in a queue."""

WITH_DESCRIPTION = (*LINE, ticket_table.c.description)
WITH_PROMISES = (
    *LINE,
    ticket_table.c.respond_by,
    ticket_table.c.resolve_by,
    ticket_table.c.response_left,
    ticket_table.c.resolution_left,
    ticket_table.c.sla_paused_at,
    ticket_table.c.first_response_at,
    ticket_table.c.first_response_breached_at,
    ticket_table.c.sla_breached_at,
)
"""A line with what `promises.of_ticket` reads."""
_PARTS_OF_NAMES = (
    _CREATOR.c.first_name.label("creator_first_name"),
    _CREATOR.c.last_name.label("creator_last_name"),
    _ASSIGNEE.c.first_name.label("assignee_first_name"),
    _ASSIGNEE.c.last_name.label("assignee_last_name"),
)
MODEL = (
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
    *_PARTS_OF_NAMES,
    department_table.c.name.label("department_name"),
)
"""The Ticket Model (specs/enterprise), with the names of those it refers to."""
EXPORT = (
    *MODEL,
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
"""A row of an export: the model, and what else is told in one cell."""
WHOLE = (
    *ticket_table.c,
    *_NAMES,
    _CREATOR.c.uuid.label("creator_uuid"),
    _CREATOR.c.username.label("creator_username"),
    _CREATOR.c.full_name.label("creator_name"),
    *_PARTS_OF_NAMES,
    _REQUESTER.c.email.label("requester_email"),
    department_table.c.name.label("department_name"),
    team_table.c.name.label("team_name"),
    contact_table.c.uuid.label("contact_uuid"),
    contact_table.c.name.label("contact_name"),
)
"""Everything a ticket's own page or answer tells."""

COLUMNS: dict[str, Any] = {
    "line": LINE,
    "brief": WITH_DESCRIPTION,
    "promises": WITH_PROMISES,
    "model": MODEL,
    "export": EXPORT,
    "whole": WHOLE,
}
View = Literal["line", "brief", "promises", "model", "export", "whole"]


def joined_for(start: Any, view: View) -> Any:
    """Tickets with the people and places that a view tells by name."""
    if view in ("model", "export"):
        joined = (
            start.join(_CREATOR, _CREATOR.c.id == ticket_table.c.created_by_id)
            .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == ticket_table.c.assignee_id)
            .outerjoin(department_table, department_table.c.id == ticket_table.c.department_id)
        )
        if view == "model":
            return joined
        return (
            joined.join(_REQUESTER, _REQUESTER.c.id == ticket_table.c.requester_id)
            .outerjoin(company_table, company_table.c.id == ticket_table.c.company_id)
            .outerjoin(team_table, team_table.c.id == ticket_table.c.team_id)
        )
    joined = (
        start.outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == ticket_table.c.assignee_id)
        .join(_REQUESTER, _REQUESTER.c.id == ticket_table.c.requester_id)
        .outerjoin(company_table, company_table.c.id == ticket_table.c.company_id)
    )
    if view == "whole":
        joined = (
            joined.join(_CREATOR, _CREATOR.c.id == ticket_table.c.created_by_id)
            .outerjoin(department_table, department_table.c.id == ticket_table.c.department_id)
            .outerjoin(team_table, team_table.c.id == ticket_table.c.team_id)
            .outerjoin(contact_table, contact_table.c.id == ticket_table.c.contact_id)
        )
    return joined


@dataclass(frozen=True, slots=True)
class Shape:
    """All of a query that its statement depends on; values travel as parameters.

    `reach` is how far each word's own walk goes where several words are merged, else 0; `then` are
    further keys, each with whether it descends.

    `begins` is the first part of a list whose order is kept, `goes_on` are those after it
    (core.tickets.list_history). `floor` is whether a parameter tells the oldest of the reordered.
    """

    staff: bool
    few: tuple[tuple[str, int], ...]
    ones: tuple[str, ...]
    flags: tuple[str, ...]
    ranges: tuple[str, ...]
    tags: int
    search: Literal["", "words", "number"]
    words: tuple[search_index.Ways, ...]
    runs: int
    comments: bool
    sort: str
    descending: bool
    cursor: bool
    offset: bool
    limit: int
    reach: int
    view: View
    dialect: str
    then: tuple[tuple[str, bool], ...] = ()
    begins: bool = False
    goes_on: bool = False
    floor: bool = False

    @property
    def keys(self) -> tuple[tuple[str, bool], ...]:
        """All that the list is sorted by."""
        return ((self.sort, self.descending), *self.then)

    @property
    def by_weight(self) -> bool:
        """Whether one of the keys is how well the words fit."""
        return any(name == "relevance" for name, _ in self.keys)

    @property
    def reordered(self) -> int:
        """How many of the newest are put into an order that no index has; 0 where one has it."""
        if self.by_weight:
            return MOST_WEIGHED
        if self.then:
            return MOST_RANKED if self.search == "words" else MOST_ORDERED
        by_age = self.sort in ("created", "number")
        return 0 if by_age or self.search != "words" or not self.staff else MOST_RANKED


def _word(shape: Shape, name: str) -> Any:
    return RANKS[name] if shape.sort == name else FEW_OF[name]


def conditions_of(shape: Shape, skip: frozenset[str] = frozenset()) -> list[Any]:
    """What a ticket has to fulfil, besides the words searched for and the first tag."""
    wanted: list[Any] = [STAFF_SEES if shape.staff else REQUESTER_SEES]
    for name, size in shape.few:
        if name in skip:
            continue
        if size == 1:
            wanted.append(_word(shape, name) == bindparam(f"{name}_0"))
        else:
            wanted.append(FEW_OF[name].in_(bindparam(name, expanding=True)))
    wanted += [ONE_OF[name] == bindparam(name) for name in shape.ones]
    wanted += [FLAGS[name] for name in shape.flags]
    wanted += [RANGES[name] for name in shape.ranges]
    first_is_joined = shape.search != "words"
    for n in range(int(first_is_joined), shape.tags):
        tie = ticket_tag_table.alias(f"tie_{n}")
        wanted.append(
            exists().where(
                tie.c.ticket_id == ticket_table.c.id, tie.c.tag_id == bindparam(f"tag_{n}")
            )
        )
    if shape.search == "number":
        wanted.append(ticket_table.c.id.in_(bindparam("numbered", expanding=True)))
    return wanted


def _behind_cursor(shape: Shape, column: Any, ids: Any) -> list[Any]:
    if not shape.cursor:
        return []
    after, after_id = bindparam("after"), bindparam("after_id")
    if column is ids or shape.sort in ("created", "number"):
        return [ids < after_id if shape.descending else ids > after_id]
    if shape.descending:
        return [column <= after, or_(column < after, and_(column == after, ids < after_id))]
    return [column >= after, or_(column > after, and_(column == after, ids > after_id))]


def _ordered(shape: Shape, statement: Any, column: Any, ids: Any) -> Any:
    keys = (ids,) if shape.sort in ("created", "number") else (column, ids)
    return statement.order_by(*(key.desc() if shape.descending else key for key in keys))


def _first(shape: Shape, statement: Any, column: Any, ids: Any, rows: int) -> Any:
    # A literal LIMIT lets PostgreSQL keep its plan.
    return _ordered(shape, statement, column, ids).limit(literal_column(str(rows)))


def _found_by_words(shape: Shape) -> tuple[Any, Any, Any]:
    return search_index.found_by_words(
        dialect=shape.dialect, runs=shape.runs, comments=shape.comments
    )


def _source(shape: Shape) -> tuple[Any, Any, list[Any]]:
    """What to select from, the id to order by, and the condition that goes with it.

    By words it starts from the full-text index and by tag from the tag's, which give ids in order.
    A requester's tickets are few: there it starts from them.
    """
    if shape.search == "words" and shape.staff:
        index, ids, matches = _found_by_words(shape)
        return index.join(ticket_table, ticket_table.c.id == ids), ids, [matches]
    if shape.search == "words":
        matching = search_index.read_for_words(
            shape.words, dialect=shape.dialect, comments=shape.comments
        )
        return (
            ticket_table.join(
                ticket_text_table, ticket_text_table.c.ticket_id == ticket_table.c.id
            ),
            ticket_table.c.id,
            matching,
        )
    if shape.tags:
        return (
            ticket_tag_table.join(ticket_table, ticket_table.c.id == ticket_tag_table.c.ticket_id),
            ticket_tag_table.c.ticket_id,
            [ticket_tag_table.c.tag_id == bindparam("tag_0")],
        )
    return ticket_table, ticket_table.c.id, []


def _found(shape: Shape, *columns: Any, skip: frozenset[str] = frozenset()) -> tuple[Any, Any]:
    source, ids, also = _source(shape)
    wanted = select(*columns).select_from(source).where(*conditions_of(shape, skip), *also)
    if shape.floor:
        wanted = wanted.where(ids >= bindparam("floor"))
    if shape.goes_on:
        wanted = wanted.where(list_history.is_unchanged(shape.sort))
    return wanted, ids


def _walks(shape: Shape, column: Any) -> Any:
    """One index walk for each word, merged: an IN would have to sort all that match."""
    several = [(name, size) for name, size in shape.few if size > 1]
    skip = frozenset(name for name, _ in several)
    walks = []
    for chosen in product(*(range(size) for _, size in several)):
        words = [
            _word(shape, name) == bindparam(f"{name}_{n}")
            for (name, _), n in zip(several, chosen, strict=True)
        ]
        walk, ids = _found(shape, ticket_table.c.id.label("id"), column.label("by"), skip=skip)
        walk = walk.where(*words, *_behind_cursor(shape, column, ticket_table.c.id))
        walks.append(select(_first(shape, walk, column, ids, shape.reach).subquery()))
    merged = union_all(*walks).subquery()
    return _first(shape, select(merged), merged.c.by, merged.c.id, shape.limit)


def _newest_reordered(shape: Shape) -> Any:
    """The newest that match, put into another order than by age."""
    names = [name for name, _ in shape.keys]
    columns = [SORTS[name].label(f"by_{n}") for n, name in enumerate(names) if name in SORTS]
    found, ids = _found(shape, ticket_table.c.id.label("id"), *columns)
    # With a floor it is the same tickets as on the first page, and few that match only now.
    most = shape.reordered * (2 if shape.floor else 1)
    newest = found.order_by(ids.desc()).limit(literal_column(str(most))).subquery()
    oldest = case((func.count().over() < shape.reordered, 0), else_=func.min(newest.c.id).over())
    ranked = select(newest, oldest.label("floor"))
    if not shape.then and not shape.by_weight:
        ranked = ranked.where(*_behind_cursor(shape, newest.c.by_0, newest.c.id))
    if shape.by_weight:
        weight = search_index.weight(shape.words, dialect=shape.dialect, staff=shape.staff)
        weighed = newest.join(ticket_text_table, ticket_text_table.c.ticket_id == newest.c.id)
        named = weight.label(f"by_{names.index('relevance')}")
        newest = select(newest, named, oldest.label("floor")).select_from(weighed).subquery()
        ranked = select(newest)
        if not shape.then:
            ranked = ranked.where(*_behind_cursor(shape, newest.c.by_0, newest.c.id))
    return _by_keys(shape, ranked, newest).limit(literal_column(str(shape.limit)))


def _by_keys(shape: Shape, statement: Any, part: Any) -> Any:
    """In the order of the keys, which stand beside each id as by_0, by_1...; ties go by id."""
    keys = [
        part.c[f"by_{n}"].desc() if descending else part.c[f"by_{n}"].asc()
        for n, (_, descending) in enumerate(shape.keys)
    ]
    falls = shape.keys[-1][1]
    return statement.order_by(*keys, part.c.id.desc() if falls else part.c.id.asc())


def _page_ids(shape: Shape, column: Any) -> Any:
    if shape.reach:
        return _walks(shape, column)
    found, ids = _found(shape, ticket_table.c.id.label("id"), column.label("by"))
    found = found.where(*_behind_cursor(shape, column, ids))
    return _first(shape, found, column, ids, shape.limit)


@lru_cache(maxsize=1024)
def page_statement(shape: Shape) -> Any:
    """The rows of one page, with the columns of `COLUMNS[shape.view]`."""
    ids = _newest_reordered(shape) if shape.reordered else _page_ids(shape, SORTS[shape.sort])
    if shape.offset:
        ids = ids.offset(bindparam("offset"))
    part = ids.subquery("part")
    start = part.join(ticket_table, ticket_table.c.id == part.c.id)
    whole = select(*COLUMNS[shape.view]).select_from(joined_for(start, shape.view))
    if shape.begins:
        whole = whole.add_columns(list_history.latest_line().label("start_line"))
    if shape.reordered:
        if "floor" in part.c:
            whole = whole.add_columns(part.c.floor)
        if shape.sort == "relevance":
            whole = whole.add_columns(part.c.by_0.label("weight"))
        return _by_keys(shape, whole, part)
    return _ordered(shape, whole, SORTS[shape.sort], ticket_table.c.id)


@lru_cache(maxsize=1024)
def chosen_statement(shape: Shape) -> Any:
    """Those of the tickets `chosen` that are in the list, in no order."""
    found, _ = _found(shape, ticket_table.c.id.label("id"))
    part = found.where(ticket_table.c.id.in_(bindparam("chosen", expanding=True))).subquery("part")
    start = part.join(ticket_table, ticket_table.c.id == part.c.id)
    return select(*COLUMNS[shape.view]).select_from(joined_for(start, shape.view))


_IN_THE_TRASH = select(ticket_table.c.id).where(ticket_table.c.deleted_at.is_not(None))


def _count_of_words(shape: Shape) -> Any:
    """How many a search by nothing but words finds, for staff: counted in the index alone.

    What lies in the trash is little: taking it off spares looking up every ticket.
    """
    index, ids, matches = _found_by_words(shape)
    found = select(func.count()).select_from(index).where(matches)
    return select(found.scalar_subquery() - found.where(ids.in_(_IN_THE_TRASH)).scalar_subquery())


def _count_of_tag() -> Any:
    """How many carry a tag, for staff: counted in the tag's own index, in the same way."""
    carried = select(func.count()).where(ticket_tag_table.c.tag_id == bindparam("tag_0"))
    deleted = carried.where(ticket_tag_table.c.ticket_id.in_(_IN_THE_TRASH))
    return select(carried.scalar_subquery() - deleted.scalar_subquery())


@lru_cache(maxsize=1024)
def count_statement(shape: Shape, most: int | None) -> Any:
    """How many tickets match, counted up to `most` if given."""
    filters = shape.few or shape.ones or shape.flags or shape.ranges
    if shape.staff and most is None and not filters:
        if shape.search == "words" and not shape.tags:
            return _count_of_words(shape)
        if shape.tags == 1 and not shape.search:
            return _count_of_tag()
    found, _ = _found(shape, ticket_table.c.id)
    if most is not None:
        found = found.limit(literal_column(str(most)))
    return select(func.count()).select_from(found.subquery())
