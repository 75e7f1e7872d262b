"""List the tickets related to one: its duplicates, merged tickets, and similar ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union,
    union_all,
)

from ticket_app.core.platform.access_policy import (
    READABLE_BY_COMPANY,
    VISIBLE_TO_REQUESTER,
    VISIBLE_TO_STAFF,
    reading_parameters,
    visibility_parameters,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_query
from ticket_app.core.search.search_terms import fold
from ticket_app.tables import ticket_table, ticket_text_table

MAX_LINKED = 20
MAX_SIMILAR = 5
MAX_OWN_COMPARED = 200
MAX_ALL_COMPARED = {"sqlite": 20_000, "postgresql": 3_000}
"""How many of the newest tickets are compared by title for staff; for requesters, of their own
and, if their company shares its tickets, as many of the company.

PostgreSQL decompresses the words of each ticket, which takes a microsecond or more; FTS5 reads its
index only.
"""
MIN_WORD_LENGTH = 4
MAX_TITLE_WORDS = 3
"""How many words of a title are searched for; titles that share two of them are similar."""


class Relation(StrEnum):
    """How another ticket is related to a ticket."""

    DUPLICATE = "duplicate"
    DUPLICATE_OF = "duplicate_of"
    MERGED_FROM = "merged_from"
    MERGED_INTO = "merged_into"
    SIMILAR = "similar"


class RelatedTicketRow:
    """Another ticket, with its numbers, title and status."""

    id: int
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    title: str
    status: str
    duplicate_of_id: int | None
    merged_into_id: int | None


class LinkingTicket(Protocol):
    """A ticket whose related tickets can be listed."""

    @property
    def id(self) -> int:
        """Its id."""
        ...

    @property
    def title(self) -> str:
        """Its title."""
        ...

    @property
    def duplicate_of_id(self) -> int | None:
        """The ticket it is a duplicate of."""
        ...

    @property
    def merged_into_id(self) -> int | None:
        """The ticket it was merged into."""
        ...


@dataclass(frozen=True, slots=True)
class TicketRelation:
    """A related ticket, and how it is related."""

    relation: Relation
    ticket: RelatedTicketRow


_SUMMARY_COLUMNS = (
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
_OTHER_TICKET = ticket_table.alias("other")
_TICKET_ID: BindParameter[int] = bindparam("one")
# One index lookup for each relation: an OR would read every ticket.
_SELECT_LINKED_IDS = union_all(
    *(
        select(select(_OTHER_TICKET.c.id).where(found).limit(literal_column("100")).subquery())
        for found in (
            _OTHER_TICKET.c.id == bindparam("original"),
            _OTHER_TICKET.c.id == bindparam("target"),
            _OTHER_TICKET.c.duplicate_of_id == _TICKET_ID,
            _OTHER_TICKET.c.merged_into_id == _TICKET_ID,
        )
    )
)
_SELECT_LINKED = {
    staff: select(*_SUMMARY_COLUMNS)
    .where(
        VISIBLE_TO_STAFF if staff else VISIBLE_TO_REQUESTER,
        ticket_table.c.id.in_(_SELECT_LINKED_IDS),
    )
    .order_by(ticket_table.c.id.desc())
    .limit(literal_column(str(MAX_LINKED)))
    for staff in (True, False)
}


def list_related(uow: UnitOfWork, ticket: LinkingTicket) -> list[TicketRelation]:
    """Return the tickets related to one, as far as the actor may see them.

    Linked tickets come first, then tickets with similar titles; both are sorted newest first.
    """
    values = {
        **visibility_parameters(uow.actor),
        "one": ticket.id,
        "original": ticket.duplicate_of_id or 0,
        "target": ticket.merged_into_id or 0,
    }
    rows = uow.all_rows(_SELECT_LINKED[uow.actor.is_staff], values, of=RelatedTicketRow)
    linked = [TicketRelation(_relation_to(ticket, row), row) for row in rows]
    known_ids = {ticket.id, *(row.id for row in rows)}
    similar = [row for row in _find_similar(uow, ticket.title) if row.id not in known_ids]
    return linked + [TicketRelation(Relation.SIMILAR, row) for row in similar[:MAX_SIMILAR]]


def find_similar(uow: UnitOfWork, title: str) -> Sequence[RelatedTicketRow]:
    """Return the newest tickets that the actor may read and whose titles are like this one.

    Two of the longest words of the title must be in the other title.
    """
    return _find_similar(uow, title)[:MAX_SIMILAR]


def _relation_to(ticket: LinkingTicket, row: RelatedTicketRow) -> Relation:
    if row.id == ticket.merged_into_id:
        return Relation.MERGED_INTO
    if row.merged_into_id == ticket.id:
        return Relation.MERGED_FROM
    return Relation.DUPLICATE_OF if row.id == ticket.duplicate_of_id else Relation.DUPLICATE


def _distinctive_words(title: str) -> list[str]:
    """Return the longest words of a title, which say most about its subject."""
    words = dict.fromkeys(fold(title).split())
    long_words = [word for word in words if len(word) >= MIN_WORD_LENGTH and not word.isdigit()]
    return sorted(long_words, key=len, reverse=True)[:MAX_TITLE_WORDS]


def _find_similar(uow: UnitOfWork, title: str) -> Sequence[RelatedTicketRow]:
    words = _distinctive_words(title)
    if len(words) < 2:
        return []
    if not uow.actor.is_staff:
        parameters = {f"word_{n}": f" {word} " for n, word in enumerate(words)}
        statement = _readable_similar_statement(len(words), uow.connection.dialect.name)
        return uow.all_rows(
            statement, {**reading_parameters(uow.actor), **parameters}, of=RelatedTicketRow
        )
    dialect = uow.connection.dialect.name
    match_query = search_query.build_any_two_words_query(words, dialect=dialect)
    return uow.all_rows(_similar_statement(dialect), {"words": match_query}, of=RelatedTicketRow)


@lru_cache(maxsize=2)
def _similar_statement(dialect: str) -> Executable:
    index, id_column, match = search_query.full_text_match(dialect=dialect)
    max_id = select(func.max(_OTHER_TICKET.c.id)).scalar_subquery()
    newest = (
        select(id_column.label("id"))
        .select_from(index.join(ticket_table, ticket_table.c.id == id_column))
        .where(
            VISIBLE_TO_STAFF,
            match,
            id_column > max_id - literal_column(str(MAX_ALL_COMPARED[dialect])),
        )
        .order_by(id_column.desc())
        .limit(literal_column(str(MAX_SIMILAR + MAX_LINKED + 1)))
        .subquery()
    )
    return (
        select(*_SUMMARY_COLUMNS)
        .join(newest, newest.c.id == ticket_table.c.id)
        .order_by(ticket_table.c.id.desc())
    )


@lru_cache(maxsize=4)
def _readable_similar_statement(word_count: int, dialect: str) -> Executable:
    # Each by its own index: an OR would read all tickets of the company and sort them.
    newest_ids = union(
        *(
            select(
                select(ticket_table.c.id)
                .where(is_readable)
                .order_by(ticket_table.c.id.desc())
                .limit(literal_column(str(MAX_OWN_COMPARED)))
                .subquery()
            )
            for is_readable in (VISIBLE_TO_REQUESTER, READABLE_BY_COMPANY)
        )
    )
    blank: ColumnElement[str] = literal_column("' '")
    head = blank.concat(ticket_text_table.c.head).concat(blank)
    position = func.instr if dialect == "sqlite" else func.strpos
    matching = [position(head, bindparam(f"word_{n}")) > 0 for n in range(word_count)]
    any_two_match = or_(*(and_(*pair) for pair in combinations(matching, 2)))
    return (
        select(*_SUMMARY_COLUMNS)
        .join(ticket_text_table, ticket_text_table.c.ticket_id == ticket_table.c.id)
        .where(ticket_table.c.id.in_(newest_ids), any_two_match)
        .order_by(ticket_table.c.id.desc())
        .limit(literal_column(str(MAX_SIMILAR + MAX_LINKED + 1)))
    )
