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
    NOBODY,
    REQUESTER_SEES,
    STAFF_SEES,
    viewer,
    visible,
)
from ticket_app.core.platform.cursors import NO_CURSOR, is_key
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.paging import FIRST_SLICE, LONGEST_PAGE, Page, Slice
from ticket_app.core.platform.ticket_numbers import (
    LARGEST_ID,
    Reference,
    key_of,
    read_reference,
    read_search,
)
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Category, Group, Kind, Priority, Severity, Status
from ticket_app.core.search import search_index
from ticket_app.core.tickets import counters, list_history, tags
from ticket_app.core.tickets.conditions import NOT_DONE
from ticket_app.core.tickets.list_statements import (
    COLUMNS,
    FEW_OF,
    FLAGS,
    ONE_OF,
    RANGES,
    SORTS,
    Shape,
    Sort,
    View,
    chosen_statement,
    conditions_of,
    count_statement,
    joined_for,
    page_statement,
)
from ticket_app.tables import ticket_table

__all__ = ["COLUMNS", "FEW_OF", "FLAGS", "ONE_OF", "RANGES", "SORTS", "Sort", "View"]
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
MOST_BRANCHES = 12
COUNT_CAP = 1_000


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
    group: frozenset[Group] = frozenset()
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
    in_comments: bool = True
    sort: Sort = "created"
    descending: bool = True
    then: tuple[tuple[Sort, bool], ...] = ()


def _reach(desk: Desk, query: TicketQuery, part: Slice) -> int:
    branches = 1
    for name in FEW_OF:
        branches *= len(getattr(query, name)) or 1
    if branches == 1 or branches > MOST_BRANCHES or query.search or not desk.actor.is_staff:
        return 0
    wanted = part.limit + 1 + (0 if part.cursor else part.offset)
    return 1 << (wanted - 1).bit_length()


def _search_by(desk: Desk, text: str) -> Literal["", "words", "number"]:
    """How a text is searched for: a printed number finds its ticket only, other text by its words.

    What only resembles a number (`bug 3`, `#3`) counts as one where the actor sees such a ticket.
    """
    if not search_index.words_of(text):
        return ""
    reference = None if text.strip().isdigit() else read_search(text)
    if reference is None:
        return "words"
    is_exact = reference.in_any_kind is None and read_reference(text) is not None
    return "number" if is_exact or _named(desk, reference) else "words"


def _named(desk: Desk, reference: Reference) -> Sequence[int]:
    """The ids of the tickets that a printed number means and the actor may see."""
    wanted = (
        select(ticket_table.c.id)
        .where(visible(desk.actor), reference.condition())
        .order_by(ticket_table.c.id)
    )
    return desk.db.execute(wanted, viewer(desk.actor)).scalars().all()


def named_by(desk: Desk, text: str) -> int | None:
    """The id of the one ticket that the text is a number of; None if there is none the actor sees.

    A number alone (`420`, `#420`) is the ticket of that id, or else the only one of that number.
    """
    reference = read_search(text)
    found = _named(desk, reference) if reference else ()
    if reference and reference.id in found:
        return reference.id
    return found[0] if len(found) == 1 else None


BY_AGE: frozenset[Sort] = frozenset({"created", "number"})


MOST_NEW = 20_000
_NEWEST = (
    select(ticket_table.c.id)
    .where(STAFF_SEES, RANGES["created_from"])
    .order_by(ticket_table.c.created_at, ticket_table.c.id)
    .limit(literal_column(str(MOST_NEW + 1)))
    .subquery()
)
_NEW_ENOUGH = select(func.count(), func.min(_NEWEST.c.id))


def _bounded(desk: Desk, query: TicketQuery) -> TicketQuery:
    """The same list: if few tickets are new enough for it, no walk goes past the oldest of them.

    What is overdue is looked for among what is not done only, by that index.
    """
    if query.overdue and not query.group:
        query = replace(query, group=NOT_DONE)
    if query.created_from is None or not desk.actor.is_staff:
        return query
    new = {"created_from": _in_time(query.created_from)}
    count, oldest = desk.db.execute(_NEW_ENOUGH, new).one()
    if count <= MOST_NEW:
        return replace(query, id_from=oldest or LARGEST_ID)
    if query.sort == "updated" and query.updated_from is None:
        # What was filed since has changed since.
        return replace(query, updated_from=query.created_from)
    return query


def _settled(desk: Desk, query: TicketQuery) -> TicketQuery:
    """The same list by as few keys as will do: none behind one that leaves no ties, none twice, no
    relevance where no words are searched for.
    """
    keys: dict[Sort, bool] = {}
    for name, descending in [(query.sort, query.descending), *query.then]:
        if name == "relevance" and _search_by(desk, query.search) != "words":
            continue
        keys.setdefault(name, descending)
        if name in BY_AGE:
            break
    if not keys:
        return replace(query, sort="created", then=())
    told = list(keys.items())
    if len(told) > 1 and told[-1][0] in BY_AGE and told[-2][1] == told[-1][1]:
        # Ties go by id in the direction of the key before, and that is age.
        told.pop()
    (sort, descending), *then = told
    return replace(query, sort=sort, descending=descending, then=tuple(then))


def _shape_of(desk: Desk, query: TicketQuery, part: Slice, view: View) -> Shape:
    by_weight = "relevance" in (query.sort, *(name for name, _ in query.then))
    asked = search_index.asked_by(query.search)
    return Shape(
        staff=desk.actor.is_staff,
        few=tuple((name, len(getattr(query, name))) for name in FEW_OF if getattr(query, name)),
        ones=tuple(name for name in ONE_OF if getattr(query, name) is not None),
        flags=tuple(name for name in FLAGS if getattr(query, name)),
        ranges=tuple(name for name in RANGES if getattr(query, name) is not None),
        tags=len(query.tags),
        search=_search_by(desk, query.search),
        words=tuple(one.shape for one in asked) if by_weight or not desk.actor.is_staff else (),
        runs=len(search_index.runs_of(query.search))
        if desk.actor.is_staff and not desk.is_sqlite
        else 0,
        comments=query.in_comments,
        sort=query.sort,
        descending=query.descending,
        cursor=part.cursor is not None,
        offset=part.cursor is None and part.offset > 0,
        limit=part.limit + 1,
        reach=_reach(desk, query, part),
        view=view,
        dialect=desk.db.dialect.name,
        then=query.then,
        begins=part.keeps_order
        and part.cursor is None
        and not query.then
        and query.sort in list_history.CHANGING,
    )


def _finds_nothing(query: TicketQuery, shape: Shape) -> bool:
    """The query asks for what no ticket can have, and the databases might even refuse to look."""
    if query.search.strip() and not shape.search:
        return True
    ones = [getattr(query, name) for name in shape.ones]
    return any(
        "\x00" in one or any("\ud800" <= sign <= "\udfff" for sign in one)
        if isinstance(one, str)
        else not is_key(one)
        for one in (*ones, *query.tags)
    )


def _in_time(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


def _values(desk: Desk, query: TicketQuery, shape: Shape) -> dict[str, Any]:
    values: dict[str, Any] = dict(viewer(desk.actor))
    for name, size in shape.few:
        words = sorted(getattr(query, name))
        if size > 1:
            values[name] = words
        told = [word.rank for word in words] if name == shape.sort else words
        values |= {f"{name}_{n}": word for n, word in enumerate(told)}
    values |= {name: getattr(query, name) for name in shape.ones}
    for name in shape.ranges:
        start = getattr(query, name)
        if isinstance(start, tuple):
            values |= {f"{name}_{n}": _in_time(moment) for n, moment in enumerate(start)}
        else:
            values[name] = _in_time(start) if isinstance(start, datetime) else start
    if "overdue" in shape.flags:
        values["now"] = desk.now
    if shape.search == "words" and not shape.staff:
        values |= search_index.bounded_words(query.search)
    elif shape.search == "words":
        values["words"] = search_index.match_value(
            query.search, dialect=shape.dialect, comments=query.in_comments
        )
        if shape.by_weight:
            values |= search_index.bounded_words(query.search)
        values |= {
            f"run_{n}": f" {run} " for n, run in enumerate(search_index.runs_of(query.search))
        }
    elif shape.search == "number" and (reference := read_search(query.search)):
        values["numbered"] = _named(desk, reference) or [NOBODY]
    return values


def _tag_values(desk: Desk, query: TicketQuery) -> dict[str, Any] | None:
    """The ids of the tags, as parameters; None if one of them is on no ticket at all."""
    if not query.tags:
        return {}
    known = tags.ids_of(desk, query.tags)
    wanted = [known.get(name.casefold()) for name in query.tags]
    if None in wanted:
        return None
    return {f"tag_{n}": tag_id for n, tag_id in enumerate(wanted)}


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_ID


def _read_key(told: Any, sort: str) -> Any:
    """The sort key that a cursor holds; None if it is none of this sort."""
    if sort == "relevance":
        return told if _is_count(told) else None
    if sort not in ("updated", "due"):
        return told if is_key(told) else None
    try:
        moment = datetime.fromisoformat(told)
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

    key: Any
    id: int
    start_line: int | None = None
    floor: int | None = None
    is_by_age: bool = False

    def encode(self, sort: str) -> str:
        """Return the cursor of this position."""
        told = self.key.isoformat() if isinstance(self.key, datetime) else self.key
        if self.start_line is None and self.floor is None:
            return cursors.encode(sort, told, self.id)
        return cursors.encode(sort, told, self.id, self.start_line, self.floor)

    @staticmethod
    def decode(cursor: str, sort: str) -> Position:
        """Return the position that a cursor of a list with this sort holds. Raises `Invalid`."""
        parts = cursors.decode(cursor)
        if len(parts) not in (3, 5) or parts[0] != sort or not is_key(parts[2]):
            raise Invalid("cursor", NO_CURSOR)
        key, row_id = _read_key(parts[1], sort), int(parts[2])
        start_line, floor = parts[3:] or (None, None)
        is_by_age = key is None and floor is not None
        if not (
            (key is not None or is_by_age)
            and (start_line is None or (_is_count(start_line) and sort in list_history.CHANGING))
            and (floor is None or _is_count(floor))
            and (sort not in BY_AGE or key == row_id)
        ):
            raise Invalid("cursor", NO_CURSOR)
        return Position(key, row_id, start_line, floor, is_by_age)

    def is_before(self, key: Any, row_id: int, *, descending: bool) -> bool:
        """Whether a row with this sort key and id comes after the position."""
        behind, here = (key, row_id), (self.key, self.id)
        return behind < here if descending else behind > here


def page(
    desk: Desk,
    query: TicketQuery,
    part: Slice = FIRST_SLICE,
    view: View = "line",
    *,
    most: int = LONGEST_PAGE,
) -> Page:
    """One part of the list of tickets that the actor may see and the query asks for.

    Rows carry the columns of `COLUMNS[view]`, and are never more than `most`. Raises `Invalid` for
    a cursor of another list.
    """
    part = replace(
        part,
        limit=max(1, min(part.limit, most)),
        offset=max(0, min(part.offset, LARGEST_ID)),
    )
    query = _settled(desk, _bounded(desk, query))
    shape = _shape_of(desk, query, part, view)
    if _finds_nothing(query, shape):
        return Page()
    has_cursors = not shape.then
    if not has_cursors and shape.cursor:
        raise Invalid("cursor", NO_CURSOR)
    if part.cursor is not None:
        found = _behind(desk, query, part, shape, Position.decode(part.cursor, query.sort))
    else:
        found = _from_offset(desk, query, part, shape, has_cursors=has_cursors)
    has_more = len(found) > part.limit
    found = found[: part.limit]
    following = found[-1][1] if has_more else None
    return Page(
        [row for row, _ in found], has_more, following.encode(query.sort) if following else None
    )


Found = list[tuple[Any, Position | None]]
"""Rows, each with the position of a part that ends with it."""


def _from_offset(
    desk: Desk, query: TicketQuery, part: Slice, shape: Shape, *, has_cursors: bool
) -> Found:
    """The rows of a part and one more, without a cursor."""
    rows = _rows(desk, query, part, shape)
    if not has_cursors:
        found: Found = [(row, None) for row in rows]
    else:
        column = _key_column(query.sort)
        start_line = rows[0].start_line if shape.begins and rows else None
        floor = rows[0].floor if shape.reordered and rows else None
        found = [(row, Position(getattr(row, column), row.id, start_line, floor)) for row in rows]
    if shape.reordered and part.offset + part.limit >= shape.reordered:
        older = _older(desk, query, part, shape)
        found = found[: max(0, shape.reordered - part.offset)]
        found += [(row, _by_age(row.id, row.id) if has_cursors else None) for row in older]
    return found


def _key_column(sort: Sort) -> str:
    """The name of the column of a row that a list is sorted by."""
    return "weight" if sort == "relevance" else SORTS[sort].name


def _by_age(row_id: int, floor: int, start_line: int | None = None) -> Position:
    return Position(None, row_id, start_line, floor, is_by_age=True)


def _behind(desk: Desk, query: TicketQuery, part: Slice, shape: Shape, position: Position) -> Found:
    """The rows of a part behind a position, and one more."""
    if position.is_by_age:
        return _older_than(desk, query, part, shape, position)
    start_line = position.start_line
    if start_line is not None and list_history.is_too_long_ago(desk, start_line):
        start_line = None
    shape = replace(
        shape,
        goes_on=start_line is not None,
        floor=bool(shape.reordered) and position.floor is not None,
    )
    column = _key_column(query.sort)
    rows = _rows(desk, query, part, shape, replace(position, start_line=start_line))
    keyed = [(getattr(row, column), row) for row in rows]
    if start_line is not None:
        moved = _moved(desk, query, part, shape, replace(position, start_line=start_line))
        keyed = sorted(
            [*keyed, *moved], key=lambda one: (one[0], one[1].id), reverse=query.descending
        )
    floor = position.floor if shape.floor else None
    found: Found = [(row, Position(key, row.id, start_line, floor)) for key, row in keyed]
    if floor and len(found) <= part.limit:
        found += _older_than(desk, query, part, shape, _by_age(floor, floor))
    return found


MOST_CHOSEN = 500


def _moved(
    desk: Desk, query: TicketQuery, part: Slice, shape: Shape, position: Position
) -> list[tuple[Any, Any]]:
    """The rows behind a position that have moved since the list began, each with the key it had."""
    tagged = _tag_values(desk, query)
    if tagged is None or position.start_line is None:
        return []
    floor = position.floor or 0
    keys = {
        row_id: key
        for key, row_id in list_history.changed(desk, query.sort, position.start_line)
        if row_id >= floor and position.is_before(key, row_id, descending=query.descending)
    }
    ids = sorted(keys, key=lambda row_id: (keys[row_id], row_id), reverse=query.descending)
    shape = replace(shape, cursor=False, offset=False, reach=0, limit=0, goes_on=False, floor=False)
    values = {**_values(desk, query, shape), **tagged}
    found: list[tuple[Any, Any]] = []
    for start in range(0, len(ids), MOST_CHOSEN):
        chosen = ids[start : start + MOST_CHOSEN]
        rows = desk.db.execute(chosen_statement(shape), {**values, "chosen": chosen})
        found += [(keys[row.id], row) for row in rows]
        if len(found) > part.limit:
            break
    return found


def _rows(
    desk: Desk, query: TicketQuery, part: Slice, shape: Shape, position: Position | None = None
) -> Sequence[Any]:
    """The rows of a part, and one more if there is one."""
    tagged = _tag_values(desk, query)
    if tagged is None:
        return ()
    values = {**_values(desk, query, shape), **tagged, "offset": part.offset}
    if position is not None:
        values |= {
            "after": position.key,
            "after_id": position.id,
            "start_line": position.start_line,
            "floor": position.floor,
        }
    return desk.db.execute(page_statement(shape), values).all()


def _older_than(
    desk: Desk, query: TicketQuery, part: Slice, shape: Shape, position: Position
) -> Found:
    """What follows by age behind those that were put into an order of their own."""
    query = replace(query, sort="created", descending=True, then=())
    part = replace(part, cursor=None, offset=0)
    by_age = replace(_shape_of(desk, query, part, shape.view), cursor=True)
    rows = _rows(desk, query, part, by_age, position)
    return [(row, _by_age(row.id, position.floor or row.id)) for row in rows]


def _older(desk: Desk, query: TicketQuery, part: Slice, shape: Shape) -> Sequence[Any]:
    """What follows in a part behind the newest that were put into an order of their own."""
    query = replace(query, sort="created", descending=True, then=())
    part = replace(part, offset=max(part.offset, shape.reordered))
    return _rows(desk, query, part, _shape_of(desk, query, part, shape.view))


def count(desk: Desk, query: TicketQuery, *, most: int | None = None) -> int:
    """How many tickets the list has in all, for this actor; counted up to `most` if given."""
    query = _bounded(desk, replace(query, sort="created", then=()))
    shape = replace(_shape_of(desk, query, Slice(), "line"), limit=0, reach=0)
    tagged = None if _finds_nothing(query, shape) else _tag_values(desk, query)
    if tagged is None:
        return 0
    if shape.staff and _is_tallied(query, shape):
        known = counters.count(
            desk,
            status=_statuses(query),
            priority=query.priority,
            category=query.category,
            kind=query.kind,
            is_assigned=True if query.assigned else False if query.unassigned else None,
        )
        return known if most is None else min(known, most)
    values = {**_values(desk, query, shape), **tagged}
    return desk.db.execute(count_statement(shape, most), values).scalar_one()


def where(desk: Desk, query: TicketQuery) -> tuple[list[Any], dict[str, Any]]:
    """The conditions of a list and their values, for a report that counts exactly these tickets.

    For filters by words, ids and moments; not for searches and tags.
    """
    shape = _shape_of(desk, query, Slice(), "line")
    assert not shape.search
    assert not shape.tags
    return conditions_of(shape), _values(desk, query, shape)


TALLIED = frozenset({"status", "priority", "category", "kind", "group"})


def _is_tallied(query: TicketQuery, shape: Shape) -> bool:
    """Whether the cells of `core.tickets.counters` know how many match."""
    by_words = {name for name, _ in shape.few} <= TALLIED
    by_words = by_words and set(shape.flags) <= {"assigned", "unassigned"}
    both = query.assigned and query.unassigned
    rest = shape.ones or shape.ranges or shape.tags or shape.search
    return by_words and not rest and not both


def _statuses(query: TicketQuery) -> frozenset[Status]:
    """The statuses that both the status and the group filter leave."""
    if not query.group:
        return query.status
    grouped = frozenset(status for status in Status if status.group in query.group)
    left = grouped & query.status if query.status else grouped
    return left or frozenset({NO_STATUS})  # type: ignore[arg-type]


NO_STATUS = ""
"""Stands for a set of statuses that no ticket can have."""


@lru_cache(maxsize=32)
def _one(staff: bool, column: str, view: View) -> Any:
    return (
        select(*COLUMNS[view])
        .select_from(joined_for(ticket_table, view))
        .where(
            STAFF_SEES if staff else REQUESTER_SEES, ticket_table.c[column] == bindparam("wanted")
        )
    )


def read(desk: Desk, reference: str | int | Reference, view: View = "whole") -> Any:
    """One ticket by any of its ids or numbers, with the columns of `COLUMNS[view]`.

    Raises `NotFound` if there is none that the actor may see.
    """
    found = read_reference(str(reference)) if isinstance(reference, str | int) else reference
    key = found and key_of(desk, found)
    if key is None:
        raise NotFound
    column, wanted = key
    values = {**viewer(desk.actor), "wanted": wanted}
    row = desk.db.execute(_one(desk.actor.is_staff, column, view), values).first()
    if row is None:
        raise NotFound
    return row


_MINE_BY_STATUS = (
    select(ticket_table.c.status, func.count().label("n"))
    .where(REQUESTER_SEES)
    .group_by(ticket_table.c.status)
)


def count_mine_by_status(desk: Desk) -> dict[Status, int]:
    """How many of the tickets the actor filed stand in each status."""
    mine = desk.actor.id if desk.actor.sees_own else NOBODY
    rows = desk.db.execute(_MINE_BY_STATUS, {"viewer_id": mine})
    return {Status(row.status): row.n for row in rows}


_BRIEF_OF = (
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.title,
    ticket_table.c.status,
)
# Found first and looked at then: SQLite would rather walk every ticket in the order of ids.
_OF_ORIGINAL = ticket_table.alias("duplicate")
_REPEATS = select(_OF_ORIGINAL.c.id).where(_OF_ORIGINAL.c.duplicate_of_id == bindparam("original"))
_DUPLICATES = {
    staff: select(*_BRIEF_OF)
    .where(STAFF_SEES if staff else REQUESTER_SEES, ticket_table.c.id.in_(_REPEATS))
    .order_by(ticket_table.c.id.desc())
    .limit(literal_column("20"))
    for staff in (True, False)
}


def duplicates_of(desk: Desk, ticket_id: int) -> Sequence[Any]:
    """The newest tickets that were closed as duplicates of one, as far as the actor sees them."""
    values = {**viewer(desk.actor), "original": ticket_id}
    return desk.db.execute(_DUPLICATES[desk.actor.is_staff], values).all()
