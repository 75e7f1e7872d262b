"""Full text over number, title, description, comments and tags, for who may read what.

One row of `ticket_text` a ticket, folded to plain words so that both databases find the same;
SQLite reads it through FTS5, PostgreSQL through generated tsvector columns; migration 0001 makes
both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    case,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
    update,
)

from ticket_app.core import numbering
from ticket_app.core.desk import Desk
from ticket_app.tables import Company, Ticket, TicketText

X: Any = TicketText.__table__  # type: ignore[attr-defined]
FTS = table("ticket_fts", column("rowid", Integer))
LONGEST_TEXT = 200_000
MOST_WORDS = 12

_ADD = insert(X)
_NO_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """The words of a text as they are kept and looked for: no case, accents or signs."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return _NO_WORD.sub(" ", text.casefold()).strip()


CO: Any = Company.__table__  # type: ignore[attr-defined]


def head_of(ticket: Ticket, company: str | None = None) -> str:
    """What weighs most: every printed number, the title, the tags and the company's name."""
    numbers = (
        numbering.key(ticket),
        numbering.day_key(ticket),
        numbering.day_number(ticket),
        numbering.serial(ticket),
    )
    return fold(" ".join((*numbers, ticket.title, *ticket.tags, company or "")))


def body_of(ticket: Ticket) -> str:
    """The description and what else the requester told."""
    told = (
        ticket.description,
        ticket.steps_to_reproduce,
        ticket.expected_behavior,
        ticket.actual_behavior,
        ticket.plugin_name,
        ticket.section,
    )
    return fold(" ".join(part for part in told if part)[:LONGEST_TEXT])


def add(desk: Desk, ticket: Ticket) -> None:
    """Make a new ticket findable."""
    desk.db.execute(
        _ADD,
        {
            "ticket_id": ticket.id,
            "head": head_of(ticket, _company_of(desk, ticket)),
            "body": body_of(ticket),
            "public": "",
            "internal": "",
        },
    )


_REPLACE = (
    update(X)
    .where(X.c.ticket_id == bindparam("of"))
    .values(head=bindparam("new_head"), body=bindparam("new_body"))
)


def replace(desk: Desk, ticket: Ticket) -> None:
    """Find the ticket by its new title, description or tags."""
    desk.db.execute(
        _REPLACE,
        {
            "of": ticket.id,
            "new_head": head_of(ticket, _company_of(desk, ticket)),
            "new_body": body_of(ticket),
        },
    )


_COMPANY = select(CO.c.name).where(CO.c.id == bindparam("company_id"))


def _company_of(desk: Desk, ticket: Ticket) -> str | None:
    if ticket.company_id is None:
        return None
    return desk.db.execute(_COMPANY, {"company_id": ticket.company_id}).scalar()


def _extend(part: str) -> Any:
    grown = func.substr(
        X.c[part].concat(" ").concat(bindparam("said")),
        1,
        literal_column(str(LONGEST_TEXT)),
    )
    return update(X).where(X.c.ticket_id == bindparam("of")).values({part: grown})


_EXTEND = {False: _extend("public"), True: _extend("internal")}


def extend(desk: Desk, ticket_id: int, said: str, *, internal: bool) -> None:
    """Find the ticket by what was just said on it, too."""
    desk.db.execute(_EXTEND[internal], {"of": ticket_id, "said": fold(said)})


_RETELL = (
    update(X)
    .where(X.c.ticket_id == bindparam("of"))
    .values(public=bindparam("new_public"), internal=bindparam("new_internal"))
)


def retell(desk: Desk, ticket_id: int, public: Iterable[str], internal: Iterable[str]) -> None:
    """Find the ticket by these replies and notes, and by no others."""
    desk.db.execute(
        _RETELL,
        {
            "of": ticket_id,
            "new_public": fold(" ".join(public))[:LONGEST_TEXT],
            "new_internal": fold(" ".join(internal))[:LONGEST_TEXT],
        },
    )


def words_of(query: str) -> list[str]:
    """The words of a query; every sign that means something to an index is dropped."""
    return fold(query).split()[:MOST_WORDS]


def match_value(query: str, *, dialect: str, comments: bool = True) -> str | None:
    """The query in the index's own language: all words, the last one also as a beginning.

    For staff, as notes are looked into; without `comments` only numbers, title, tags, company and
    description are.
    """
    words = words_of(query)
    if not words:
        return None
    begins = len(words[-1]) > 1
    if dialect == "sqlite":
        terms = [f'"{word}"' for word in words]
        terms[-1] += " *" if begins else ""
        return ("" if comments else "{head body} : ") + "(" + " ".join(terms) + ")"
    within = "" if comments else "AB"
    terms = [f"'{word}'" + (f":{within}" if within else "") for word in words]
    if begins:
        terms[-1] = f"'{words[-1]}':*{within}"
    return " & ".join(terms)


def two_in_head(words: Sequence[str], *, dialect: str) -> str:
    """Of these folded words any two stand in the title (or tags...), for `found_by_words`."""
    pairs = combinations(words, 2)
    if dialect == "sqlite":
        return "{head} : (" + " OR ".join(f'("{one}" AND "{two}")' for one, two in pairs) + ")"
    return " | ".join(f"('{one}':A & '{two}':A)" for one, two in pairs)


def found_by_words(*, dialect: str) -> tuple[Any, Any, ColumnElement[bool]]:
    """For staff: the index to join, its ticket id, and what `:words` match (`match_value`)."""
    words = bindparam("words")
    if dialect == "sqlite":
        return FTS, FTS.c.rowid, literal_column("ticket_fts").op("MATCH")(words)
    vector = literal_column("ticket_text.everything")
    return X, X.c.ticket_id, vector.op("@@")(func.to_tsquery("simple", words))


def read_for_words(words: int, *, dialect: str, comments: bool) -> list[ColumnElement[bool]]:
    """For a requester: that each of `words` words (`bounded_words`) stands in what they may read.

    Their tickets are few, and reading them costs less than an index of everybody's; the text is
    folded, so that a word stands between blanks.
    """
    text = literal_column("' '").concat(X.c.head).concat(" ").concat(X.c.body)
    if comments:
        text = text.concat(" ").concat(X.c.public)
    text = text.concat(" ")
    position = func.instr if dialect == "sqlite" else func.strpos
    return [position(text, bindparam(f"word_{n}")) > 0 for n in range(words)]


IN_HEAD, IN_BODY, TOGETHER = 4, 2, 3
"""How much more a word tells in the title, number, tags or company, or in the description, than in
a comment; and words that stand there just as they were typed."""
WEIGHED = 4_000
"""So much of a description is looked through to weigh it."""


def weight(words: int, *, dialect: str) -> ColumnElement[int]:
    """How well a ticket that was found fits `words` words (`bounded_words`); both databases weigh
    alike, and no more than one may read is weighed.
    """
    position = func.instr if dialect == "sqlite" else func.strpos
    head = literal_column("' '").concat(X.c.head).concat(" ")
    body = literal_column("' '").concat(func.substr(X.c.body, 1, literal_column(str(WEIGHED))))
    body = body.concat(" ")
    told: list[ColumnElement[int]] = [
        case(
            (position(head, bindparam(f"word_{n}")) > 0, IN_HEAD),
            (position(body, bindparam(f"word_{n}")) > 0, IN_BODY),
            else_=0,
        )
        for n in range(words)
    ]
    together = bindparam("together")
    told.append(
        case(
            (position(head, together) > 0, IN_HEAD * TOGETHER),
            (position(body, together) > 0, IN_BODY * TOGETHER),
            else_=0,
        )
    )
    return sum(told[1:], told[0])


def bounded_words(query: str) -> dict[str, str]:
    """What `read_for_words` and `weight` want: words with their blanks, the last one also as a
    beginning, and all of them as they stand together.
    """
    words = words_of(query)
    bounded = {f"word_{n}": f" {word} " for n, word in enumerate(words)}
    if len(words[-1]) > 1:
        bounded[f"word_{len(words) - 1}"] = f" {words[-1]}"
    return {**bounded, "together": f" {' '.join(words)}"}
