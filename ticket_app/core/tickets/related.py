"""Tickets that have to do with one: its duplicates, what it was merged with, and those alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select, union_all

from ticket_app.core.platform.access_policy import REQUESTER_SEES, STAFF_SEES, viewer
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.search import search_index
from ticket_app.tables import ticket_table, ticket_text_table

MOST_LINKED = 20
MOST_ALIKE = 5
NEWEST_OWN = 200
NEWEST_OF_ALL = {"sqlite": 20_000, "postgresql": 3_000}
"""How many tickets are looked at for those alike: of a requester's own, and for staff.

PostgreSQL unpacks the words of each, a microsecond or more; FTS5 reads the index alone.
"""
SHORTEST_WORD = 4
MOST_WORDS = 3
"""So many of a title's words are looked for; two of them in another title make the two alike."""


class Relation(StrEnum):
    """What another ticket is to one."""

    DUPLICATE = "duplicate"
    DUPLICATE_OF = "duplicate_of"
    MERGED_FROM = "merged_from"
    MERGED_INTO = "merged_into"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Related:
    """Another ticket (id, numbers, title, status), and what it is to the one."""

    relation: Relation
    ticket: Any


_BRIEF = (
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.title,
    ticket_table.c.status,
    ticket_table.c.duplicate_of_id,
    ticket_table.c.merged_into_id,
)
_OTHER = ticket_table.alias("other")
_ONE = bindparam("one")
# Each by its own index, and looked at then: an OR would walk every ticket.
_LINKED_IDS = union_all(
    *(
        select(select(_OTHER.c.id).where(found).limit(literal_column("100")).subquery())
        for found in (
            _OTHER.c.id == bindparam("original"),
            _OTHER.c.id == bindparam("target"),
            _OTHER.c.duplicate_of_id == _ONE,
            _OTHER.c.merged_into_id == _ONE,
        )
    )
)
_LINKED = {
    staff: select(*_BRIEF)
    .where(STAFF_SEES if staff else REQUESTER_SEES, ticket_table.c.id.in_(_LINKED_IDS))
    .order_by(ticket_table.c.id.desc())
    .limit(literal_column(str(MOST_LINKED)))
    for staff in (True, False)
}


def related(desk: Desk, ticket: Any) -> list[Related]:
    """Tickets that have to do with one the actor holds, as far as they see them: those it is
    linked with, the newest first, and then the newest that are called alike.
    """
    values = {
        **viewer(desk.actor),
        "one": ticket.id,
        "original": ticket.duplicate_of_id or 0,
        "target": ticket.merged_into_id or 0,
    }
    rows = desk.db.execute(_LINKED[desk.actor.is_staff], values).all()
    linked = [Related(_relation(ticket, row), row) for row in rows]
    known = {ticket.id, *(row.id for row in rows)}
    alike = [row for row in _alike(desk, ticket.title) if row.id not in known]
    return linked + [Related(Relation.SIMILAR, row) for row in alike[:MOST_ALIKE]]


def _relation(ticket: Any, row: Any) -> Relation:
    if row.id == ticket.merged_into_id:
        return Relation.MERGED_INTO
    if row.merged_into_id == ticket.id:
        return Relation.MERGED_FROM
    return Relation.DUPLICATE_OF if row.id == ticket.duplicate_of_id else Relation.DUPLICATE


def _telling(title: str) -> list[str]:
    """The longest words of a title, which tell most of what it is about."""
    words = dict.fromkeys(search_index.fold(title).split())
    long = [word for word in words if len(word) >= SHORTEST_WORD and not word.isdigit()]
    return sorted(long, key=len, reverse=True)[:MOST_WORDS]


def _alike(desk: Desk, title: str) -> Sequence[Any]:
    words = _telling(title)
    if len(words) < 2:
        return []
    if not desk.actor.is_staff:
        bounded = {f"word_{n}": f" {word} " for n, word in enumerate(words)}
        statement = _own_alike(len(words), desk.db.dialect.name)
        return desk.db.execute(statement, {**viewer(desk.actor), **bounded}).all()
    dialect = desk.db.dialect.name
    named = search_index.two_in_head(words, dialect=dialect)
    return desk.db.execute(_all_alike(dialect), {"words": named}).all()


@lru_cache(maxsize=2)
def _all_alike(dialect: str) -> Any:
    index, ids, matches = search_index.found_by_words(dialect=dialect)
    last = select(func.max(_OTHER.c.id)).scalar_subquery()
    found = (
        select(ids.label("id"))
        .select_from(index.join(ticket_table, ticket_table.c.id == ids))
        .where(STAFF_SEES, matches, ids > last - literal_column(str(NEWEST_OF_ALL[dialect])))
        .order_by(ids.desc())
        .limit(literal_column(str(MOST_ALIKE + MOST_LINKED + 1)))
        .subquery()
    )
    return (
        select(*_BRIEF)
        .join(found, found.c.id == ticket_table.c.id)
        .order_by(ticket_table.c.id.desc())
    )


@lru_cache(maxsize=4)
def _own_alike(words: int, dialect: str) -> Any:
    own = (
        select(*_BRIEF)
        .where(REQUESTER_SEES)
        .order_by(ticket_table.c.id.desc())
        .limit(literal_column(str(NEWEST_OWN)))
        .subquery()
    )
    head = literal_column("' '").concat(ticket_text_table.c.head).concat(literal_column("' '"))
    position = func.instr if dialect == "sqlite" else func.strpos
    matching = [position(head, bindparam(f"word_{n}")) > 0 for n in range(words)]
    two = or_(*(and_(*pair) for pair in combinations(matching, 2)))
    return (
        select(own)
        .join(ticket_text_table, ticket_text_table.c.ticket_id == own.c.id)
        .where(two)
        .order_by(own.c.id.desc())
        .limit(literal_column(str(MOST_ALIKE + MOST_LINKED + 1)))
    )
