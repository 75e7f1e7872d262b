"""Lists of tickets: filtered, sorted, paged by keyset, and only what the actor may see.

Statements are built once for each shape of query and kept; values travel as parameters.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from typing import Any, Literal

import orjson
from sqlalchemy import (
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from ticket_app.core import search
from ticket_app.core.desk import Desk
from ticket_app.core.errors import Invalid, NotFound
from ticket_app.core.numbering import LARGEST_ID, Reference, read_reference
from ticket_app.core.policy import REQUESTER_SEES, STAFF_SEES, T, viewer
from ticket_app.core.tags import TT, G
from ticket_app.core.timeline import P
from ticket_app.core.words import Category, Group, Kind, Priority, Severity, Status
from ticket_app.tables import Company, Contact, Department, Team

LONGEST_PAGE = 100
MOST_BRANCHES = 12
COUNT_CAP = 1_000

CO: Any = Company.__table__  # type: ignore[attr-defined]
CN: Any = Contact.__table__  # type: ignore[attr-defined]
DE: Any = Department.__table__  # type: ignore[attr-defined]
TE: Any = Team.__table__  # type: ignore[attr-defined]

Sort = Literal["created", "updated", "priority", "status", "due", "number"]
SORTS: dict[str, Any] = {
    "created": T.c.created_at,
    "updated": T.c.updated_at,
    "priority": T.c.priority_rank,
    "status": T.c.status_rank,
    "due": T.c.due_sort_at,
    "number": T.c.id,
}
"""What a list may be sorted by; ties go by id."""

FEW_OF: dict[str, Any] = {
    "status": T.c.status,
    "priority": T.c.priority,
    "kind": T.c.kind,
    "category": T.c.category,
    "severity": T.c.severity,
    "group": T.c.status_group,
}
"""Filters that name a set of words."""

ONE_OF: dict[str, Any] = {
    "requester_id": T.c.requester_id,
    "created_by_id": T.c.created_by_id,
    "assignee_id": T.c.assignee_id,
    "team_id": T.c.team_id,
    "company_id": T.c.company_id,
    "department_id": T.c.department_id,
    "section": T.c.section,
}
"""Filters that name one value."""

FLAGS: dict[str, Any] = {
    "unassigned": T.c.assignee_id.is_(None),
    "assigned": T.c.assignee_id.is_not(None),
    "overdue": and_(T.c.due_sort_at < bindparam("now"), T.c.status_group != Group.DONE),
}
RANGES: dict[str, Any] = {
    "created_from": T.c.created_at >= bindparam("created_from"),
    "created_before": T.c.created_at < bindparam("created_before"),
    "updated_from": T.c.updated_at >= bindparam("updated_from"),
    "due_from": T.c.due_sort_at >= bindparam("due_from"),
    "due_before": T.c.due_sort_at < bindparam("due_before"),
}


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """What a list is to show. Sets of words mean any of them; `tags` means all of them."""

    status: frozenset[Status] = frozenset()
    priority: frozenset[Priority] = frozenset()
    kind: frozenset[Kind] = frozenset()
    category: frozenset[Category] = frozenset()
    severity: frozenset[Severity] = frozenset()
    group: frozenset[Group] = frozenset()
    requester_id: int | None = None
    created_by_id: int | None = None
    assignee_id: int | None = None
    team_id: int | None = None
    company_id: int | None = None
    department_id: int | None = None
    section: str | None = None
    unassigned: bool = False
    assigned: bool = False
    overdue: bool = False
    created_from: datetime | None = None
    created_before: datetime | None = None
    updated_from: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    tags: tuple[str, ...] = ()
    search: str = ""
    in_comments: bool = True
    sort: Sort = "created"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list: `limit` rows (at most 100) behind a cursor or an offset."""

    limit: int = 50
    offset: int = 0
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One part of a list, in order; `next` is the cursor of the following part, if there is one."""

    rows: Sequence[Any] = field(default_factory=tuple)
    has_more: bool = False
    next: str | None = None


_ASSIGNEE = P.alias("assignee")
_REQUESTER = P.alias("requester")
_CREATOR = P.alias("creator")
_NAMES = (
    _ASSIGNEE.c.uuid.label("assignee_uuid"),
    _ASSIGNEE.c.username.label("assignee_username"),
    _ASSIGNEE.c.full_name.label("assignee_name"),
    _REQUESTER.c.uuid.label("requester_uuid"),
    _REQUESTER.c.username.label("requester_username"),
    _REQUESTER.c.full_name.label("requester_name"),
    CO.c.uuid.label("company_uuid"),
    CO.c.name.label("company_name"),
)
LINE = (
    T.c.id,
    T.c.uuid,
    T.c.key_prefix,
    T.c.key_number,
    T.c.opened_on,
    T.c.day_number,
    T.c.version,
    T.c.title,
    T.c.kind,
    T.c.category,
    T.c.status,
    T.c.status_group,
    T.c.status_rank,
    T.c.priority,
    T.c.priority_rank,
    T.c.severity,
    T.c.section,
    T.c.tags,
    T.c.requester_id,
    T.c.assignee_id,
    T.c.company_id,
    T.c.due_at,
    T.c.due_sort_at,
    T.c.resolved_at,
    T.c.created_at,
    T.c.updated_at,
    T.c.comments_count,
    T.c.notes_count,
    T.c.attachments_count,
    T.c.internal_attachments_count,
    T.c.last_comment,
    T.c.last_comment_at,
    T.c.last_comment_by_id,
    *_NAMES,
)
"""Columns of a line in a queue."""

WITH_DESCRIPTION = (*LINE, T.c.description)
WHOLE = (
    *T.c,
    *_NAMES,
    _CREATOR.c.uuid.label("creator_uuid"),
    _CREATOR.c.username.label("creator_username"),
    _CREATOR.c.full_name.label("creator_name"),
    _REQUESTER.c.email.label("requester_email"),
    DE.c.name.label("department_name"),
    TE.c.name.label("team_name"),
    CN.c.uuid.label("contact_uuid"),
    CN.c.name.label("contact_name"),
)
"""Everything a ticket's own page or answer tells."""

COLUMNS: dict[str, Any] = {"line": LINE, "brief": WITH_DESCRIPTION, "whole": WHOLE}
View = Literal["line", "brief", "whole"]


def _joined(start: Any, view: View) -> Any:
    joined = (
        start.outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == T.c.assignee_id)
        .join(_REQUESTER, _REQUESTER.c.id == T.c.requester_id)
        .outerjoin(CO, CO.c.id == T.c.company_id)
    )
    if view == "whole":
        joined = (
            joined.join(_CREATOR, _CREATOR.c.id == T.c.created_by_id)
            .outerjoin(DE, DE.c.id == T.c.department_id)
            .outerjoin(TE, TE.c.id == T.c.team_id)
            .outerjoin(CN, CN.c.id == T.c.contact_id)
        )
    return joined


@dataclass(frozen=True, slots=True)
class _Shape:
    staff: bool
    few: tuple[tuple[str, int], ...]
    ones: tuple[str, ...]
    flags: tuple[str, ...]
    ranges: tuple[str, ...]
    tags: int
    search: Literal["", "words", "number"]
    sort: str
    descending: bool
    cursor: bool
    offset: bool
    limit: int
    reach: int
    view: View
    dialect: str


def _conditions(shape: _Shape, skip: frozenset[str] = frozenset()) -> list[Any]:
    wanted: list[Any] = [STAFF_SEES if shape.staff else REQUESTER_SEES]
    for name, size in shape.few:
        if name not in skip:
            if size == 1:
                wanted.append(FEW_OF[name] == bindparam(name))
            else:
                wanted.append(FEW_OF[name].in_(bindparam(name, expanding=True)))
    wanted += [ONE_OF[name] == bindparam(name) for name in shape.ones]
    wanted += [FLAGS[name] for name in shape.flags]
    wanted += [RANGES[name] for name in shape.ranges]
    for n in range(shape.tags):
        tag_id = select(G.c.id).where(G.c.name_folded == bindparam(f"tag_{n}")).scalar_subquery()
        wanted.append(exists().where(TT.c.ticket_id == T.c.id, TT.c.tag_id == tag_id))
    if shape.search == "number":
        wanted.append(T.c.id == bindparam("numbered"))
    if shape.cursor:
        column = SORTS[shape.sort]
        after, after_id = bindparam("after"), bindparam("after_id")
        if shape.descending:
            wanted.append(or_(column < after, and_(column == after, T.c.id < after_id)))
            wanted.append(column <= after)
        else:
            wanted.append(or_(column > after, and_(column == after, T.c.id > after_id)))
            wanted.append(column >= after)
    return wanted


def _ordered(statement: Any, column: Any, ids: Any, descending: bool) -> Any:
    keys = (ids,) if column is ids else (column, ids)
    return statement.order_by(*(key.desc() if descending else key for key in keys))


def _found(shape: _Shape, *columns: Any) -> tuple[Any, Any]:
    """The SELECT of what the shape asks for, and the id to order it by.

    By words it starts from the index, which gives ids in order: newest first stops early.
    """
    wanted = select(*columns).where(*_conditions(shape))
    if shape.search != "words":
        return wanted, T.c.id
    index, ids, matches = search.found_by_words(dialect=shape.dialect, internal=shape.staff)
    return wanted.select_from(index.join(T, T.c.id == ids)).where(matches), ids


def _first(statement: Any, column: Any, ids: Any, shape: _Shape, rows: int) -> Any:
    # A literal LIMIT lets PostgreSQL keep its plan.
    return _ordered(statement, column, ids, shape.descending).limit(literal_column(str(rows)))


@lru_cache(maxsize=1024)
def _statement(shape: _Shape) -> Any:
    column = SORTS[shape.sort]
    if shape.reach:
        # One index walk for each word, merged: an IN would have to sort all that match.
        several = [(name, size) for name, size in shape.few if size > 1]
        skip = frozenset(name for name, _ in several)
        walks = []
        for chosen in product(*(range(size) for _, size in several)):
            words = [
                FEW_OF[name] == bindparam(f"{name}_{n}")
                for (name, _), n in zip(several, chosen, strict=True)
            ]
            walk = select(T.c.id.label("id"), column.label("by"))
            walk = walk.where(*_conditions(shape, skip), *words)
            walks.append(select(_first(walk, column, T.c.id, shape, shape.reach).subquery()))
        merged = union_all(*walks).subquery()
        ids = _first(select(merged), merged.c.by, merged.c.id, shape, shape.limit)
    else:
        found, found_id = _found(shape, T.c.id.label("id"), column.label("by"))
        ids = _first(found, column, found_id, shape, shape.limit)
    if shape.offset:
        ids = ids.offset(bindparam("offset"))
    part = ids.subquery("part")
    start = part.join(T, T.c.id == part.c.id)
    whole = select(*COLUMNS[shape.view]).select_from(_joined(start, shape.view))
    return _ordered(whole, column, T.c.id, shape.descending)


def _reach(desk: Desk, query: TicketQuery, part: Slice) -> int:
    branches = 1
    for name in FEW_OF:
        branches *= len(getattr(query, name)) or 1
    if branches == 1 or branches > MOST_BRANCHES or query.search or not desk.actor.is_staff:
        return 0
    wanted = part.limit + 1 + (0 if part.cursor else part.offset)
    return 1 << (wanted - 1).bit_length()


def _search_by(text: str) -> Literal["", "words", "number"]:
    if not search.words_of(text):
        return ""
    return "number" if not text.strip().isdigit() and read_reference(text) else "words"


def _shape_of(desk: Desk, query: TicketQuery, part: Slice, view: View) -> _Shape:
    return _Shape(
        staff=desk.actor.is_staff,
        few=tuple((name, len(getattr(query, name))) for name in FEW_OF if getattr(query, name)),
        ones=tuple(name for name in ONE_OF if getattr(query, name) is not None),
        flags=tuple(name for name in FLAGS if getattr(query, name)),
        ranges=tuple(name for name in RANGES if getattr(query, name) is not None),
        tags=len(query.tags),
        search=_search_by(query.search),
        sort=query.sort,
        descending=query.descending,
        cursor=part.cursor is not None,
        offset=part.cursor is None and part.offset > 0,
        limit=part.limit + 1,
        reach=_reach(desk, query, part),
        view=view,
        dialect=desk.db.dialect.name,
    )


def _finds_nothing(query: TicketQuery, shape: _Shape) -> bool:
    """The query asks for what no ticket can have, and the databases might even refuse to look."""
    if query.search.strip() and not shape.search:
        return True
    ones = [getattr(query, name) for name in shape.ones]
    return any(
        "\x00" in one or any("\ud800" <= sign <= "\udfff" for sign in one)
        if isinstance(one, str)
        else not _is_key(one)
        for one in (*ones, *query.tags)
    )


def _in_time(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return (datetime.min if moment.year == 1 else datetime.max).replace(tzinfo=UTC)


def _values(desk: Desk, query: TicketQuery, shape: _Shape) -> dict[str, Any]:
    values: dict[str, Any] = dict(viewer(desk.actor))
    for name, size in shape.few:
        words = sorted(getattr(query, name))
        values[name] = words[0] if size == 1 else words
        values |= {f"{name}_{n}": word for n, word in enumerate(words)}
    values |= {name: getattr(query, name) for name in shape.ones}
    values |= {name: _in_time(getattr(query, name)) for name in shape.ranges}
    values |= {f"tag_{n}": tag.casefold() for n, tag in enumerate(query.tags)}
    if "overdue" in shape.flags:
        values["now"] = desk.now
    if shape.search:
        values["words"] = search.match_value(
            query.search,
            dialect=shape.dialect,
            internal=shape.staff,
            comments=query.in_comments,
        )
        values["numbered"] = _numbered(desk, query.search)
    return values


def _numbered(desk: Desk, text: str) -> int:
    reference = read_reference(text)
    row = reference and desk.db.execute(select(T.c.id).where(reference.condition())).first()
    return row.id if row else 0


def _encode(row: Any, sort: str) -> str:
    value = getattr(row, SORTS[sort].name)
    told = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(orjson.dumps([sort, told, row.id])).decode().rstrip("=")


def _is_key(value: Any) -> bool:
    return isinstance(value, int) and 0 < value <= LARGEST_ID


def _decode(cursor: str, sort: str) -> tuple[Any, int]:
    try:
        named, told, row_id = orjson.loads(
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        )
        value = datetime.fromisoformat(told) if isinstance(told, str) else told
        if named != sort or isinstance(value, datetime) is not sort.startswith(("c", "u", "d")):
            raise ValueError
        if isinstance(value, datetime):
            value = value.astimezone(UTC) if value.tzinfo else None
        if (
            value is None
            or not _is_key(row_id)
            or not (isinstance(value, datetime) or _is_key(value))
        ):
            raise ValueError
        return value, row_id
    except (ValueError, TypeError, OverflowError):
        raise Invalid("cursor", "is not one of this list's cursors") from None


def page(desk: Desk, query: TicketQuery, part: Slice = Slice(), view: View = "line") -> Page:
    """One part of the list of tickets that the actor may see and the query asks for.

    Rows carry the columns of `COLUMNS[view]`. Raises `Invalid` for a cursor of another list.
    """
    part = replace(
        part,
        limit=max(1, min(part.limit, LONGEST_PAGE)),
        offset=max(0, min(part.offset, LARGEST_ID)),
    )
    if query.search and query.sort == "created":
        query = replace(query, sort="number")
    shape = _shape_of(desk, query, part, view)
    if _finds_nothing(query, shape):
        return Page()
    values = _values(desk, query, shape)
    values["offset"] = part.offset
    if shape.cursor:
        values["after"], values["after_id"] = _decode(part.cursor or "", query.sort)
    rows = desk.db.execute(_statement(shape), values).all()
    has_more = len(rows) > part.limit
    rows = rows[: part.limit]
    return Page(rows, has_more, _encode(rows[-1], query.sort) if has_more else None)


@lru_cache(maxsize=1024)
def _count_statement(shape: _Shape, most: int | None) -> Any:
    found, _ = _found(shape, T.c.id)
    if most is not None:
        found = found.limit(literal_column(str(most)))
    return select(func.count()).select_from(found.subquery())


def count(desk: Desk, query: TicketQuery, *, most: int | None = None) -> int:
    """How many tickets the list has in all, for this actor; counted up to `most` if given."""
    shape = replace(_shape_of(desk, query, Slice(), "line"), limit=0, reach=0, sort="created")
    if _finds_nothing(query, shape):
        return 0
    return desk.db.execute(_count_statement(shape, most), _values(desk, query, shape)).scalar_one()


@lru_cache(maxsize=4)
def _one(staff: bool, by: str, view: View) -> Any:
    column = {"uuid": T.c.uuid, "id": T.c.id}[by]
    return (
        select(*COLUMNS[view])
        .select_from(_joined(T, view))
        .where(STAFF_SEES if staff else REQUESTER_SEES, column == bindparam("wanted"))
    )


def read(desk: Desk, reference: str | int | Reference, view: View = "whole") -> Any:
    """One ticket by any of its ids or numbers, with the columns of `COLUMNS[view]`.

    Raises `NotFound` if there is none that the actor may see.
    """
    found = read_reference(str(reference)) if isinstance(reference, str | int) else reference
    if found is None:
        raise NotFound
    if found.uuid is None and (found.prefix or found.opened_on):
        row = desk.db.execute(select(T.c.id).where(found.condition()).limit(1)).first()
        if row is None:
            raise NotFound
        found = Reference(id=row.id)
    by = "uuid" if found.uuid is not None else "id"
    wanted = found.uuid if found.uuid is not None else found.id
    values = {**viewer(desk.actor), "wanted": wanted}
    row = desk.db.execute(_one(desk.actor.is_staff, by, view), values).first()
    if row is None:
        raise NotFound
    return row


_MINE_BY_STATUS = (
    select(T.c.status, func.count().label("n")).where(REQUESTER_SEES).group_by(T.c.status)
)


def count_mine_by_status(desk: Desk) -> dict[Status, int]:
    """How many of the tickets the actor filed stand in each status."""
    rows = desk.db.execute(_MINE_BY_STATUS, {"viewer_id": desk.actor.id})
    return {Status(row.status): row.n for row in rows}


_BRIEF_OF = (T.c.id, T.c.key_prefix, T.c.key_number, T.c.title, T.c.status)
_DUPLICATES = {
    staff: select(*_BRIEF_OF)
    .where(
        STAFF_SEES if staff else REQUESTER_SEES,
        T.c.duplicate_of_id == bindparam("original"),
    )
    .order_by(T.c.id.desc())
    .limit(literal_column("20"))
    for staff in (True, False)
}


def duplicates_of(desk: Desk, ticket_id: int) -> Sequence[Any]:
    """The newest tickets that were closed as duplicates of one, as far as the actor sees them."""
    values = {**viewer(desk.actor), "original": ticket_id}
    return desk.db.execute(_DUPLICATES[desk.actor.is_staff], values).all()
