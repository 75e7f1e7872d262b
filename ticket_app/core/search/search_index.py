"""Full text over a ticket's numbers, texts, names and files, for who may read what.

One row of `ticket_text` a ticket, folded to plain terms so that both databases find the same
(`core.search.search_terms`); SQLite reads it through FTS5, PostgreSQL through a generated tsvector
column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    column,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    update,
)

from ticket_app.core.platform import outbox, ticket_numbers
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.search import search_terms
from ticket_app.core.search.search_terms import fold
from ticket_app.tables import (
    Ticket,
    attachment_table,
    company_table,
    person_table,
    ticket_table,
    ticket_text_table,
)

FTS = table("ticket_fts", column("rowid", Integer))
LONGEST_TEXT = 200_000
MOST_WORDS = 12
RENAMED_TOPIC = "search.renamed"
RENAMED_AT_ONCE = 500
"""So many tickets follow a new name in its own transaction, and in each step after it."""

_ADD = insert(ticket_text_table)


def head_of(ticket: Ticket) -> str:
    """What weighs most: every printed number, the title and the tags."""
    numbers = (
        str(ticket.id),
        ticket_numbers.key(ticket),
        ticket_numbers.day_key(ticket),
        ticket_numbers.day_number(ticket),
        ticket_numbers.serial(ticket),
    )
    return fold(" ".join((*numbers, ticket.title, *ticket.tags)))


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
    return fold(" ".join(part for part in told if part)[:LONGEST_TEXT])[:LONGEST_TEXT]


_NAMES = (
    select(
        person_table.c.full_name,
        person_table.c.username,
        person_table.c.email,
        company_table.c.name.label("company"),
    )
    .select_from(
        person_table.outerjoin(company_table, company_table.c.id == bindparam("company_id"))
    )
    .where(person_table.c.id == bindparam("requester_id"))
)


def names_of(desk: Desk, requester_id: int, company_id: int | None) -> dict[str, str]:
    """The requester's name and addresses, and the company's name, as `new_...` columns."""
    values = {"requester_id": requester_id, "company_id": company_id or 0}
    row = desk.db.execute(_NAMES, values).one()
    return {
        "new_requester": fold(f"{row.full_name} {row.username} {row.email}"),
        "new_company": fold(row.company or ""),
    }


def add(desk: Desk, ticket: Ticket) -> None:
    """Make a new ticket findable."""
    names = names_of(desk, ticket.requester_id, ticket.company_id)
    desk.db.execute(
        _ADD,
        {
            "ticket_id": ticket.id,
            "head": head_of(ticket),
            "body": body_of(ticket),
            "public": "",
            "internal": "",
            "requester": names["new_requester"],
            "company": names["new_company"],
            "files": "",
            "internal_files": "",
        },
    )


_REPLACE = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
    .values(
        head=bindparam("new_head"),
        body=bindparam("new_body"),
        requester=bindparam("new_requester"),
        company=bindparam("new_company"),
    )
)


def replace(desk: Desk, ticket: Ticket) -> None:
    """Find the ticket by its new title, description, tags or company."""
    desk.db.execute(
        _REPLACE,
        {
            "of": ticket.id,
            "new_head": head_of(ticket),
            "new_body": body_of(ticket),
            **names_of(desk, ticket.requester_id, ticket.company_id),
        },
    )


_FILES = (
    select(attachment_table.c.original_name, attachment_table.c.audience)
    .where(
        attachment_table.c.ticket_id == bindparam("ticket_id"),
        attachment_table.c.deleted_at.is_(None),
    )
    .order_by(attachment_table.c.id)
)
_SET_FILES = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
    .values(files=bindparam("new_files"), internal_files=bindparam("new_internal"))
)


def replace_files(desk: Desk, ticket_id: int) -> None:
    """Find the ticket by the names of the files that are on it now."""
    rows = desk.db.execute(_FILES, {"ticket_id": ticket_id}).all()
    internal = [row.original_name for row in rows if row.audience == Audience.INTERNAL]
    public = [row.original_name for row in rows if row.audience != Audience.INTERNAL]
    desk.db.execute(
        _SET_FILES,
        {
            "of": ticket_id,
            "new_files": fold(" ".join(public))[:LONGEST_TEXT],
            "new_internal": fold(" ".join(internal))[:LONGEST_TEXT],
        },
    )


_SET_NAMES = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
    .values(requester=bindparam("new_requester"), company=bindparam("new_company"))
)


def _tickets_named(column: Any) -> Any:
    return (
        select(ticket_table.c.id, ticket_table.c.requester_id, ticket_table.c.company_id)
        .where(column == bindparam("named"), ticket_table.c.id < bindparam("before"))
        .order_by(ticket_table.c.id.desc())
        .limit(literal_column(str(RENAMED_AT_ONCE)))
    )


_NAMED = {
    "person": _tickets_named(ticket_table.c.requester_id),
    "company": _tickets_named(ticket_table.c.company_id),
}


def follow_name(
    desk: Desk, what: str, named: int, *, before: int = ticket_numbers.LARGEST_ID
) -> None:
    """Find the tickets of a person or a company (`what`) by their new name.

    The newest follow at once, the older ones through the outbox (`RENAMED_TOPIC`), step by step.
    """
    desk.settle()
    rows = desk.db.execute(_NAMED[what], {"named": named, "before": before}).all()
    known: dict[tuple[int, int | None], dict[str, str]] = {}
    for row in rows:
        key = (row.requester_id, row.company_id)
        known[key] = known.get(key) or names_of(desk, *key)
    if rows:
        changed = [{"of": row.id, **known[row.requester_id, row.company_id]} for row in rows]
        desk.db.execute(_SET_NAMES, changed)
    if len(rows) == RENAMED_AT_ONCE:
        outbox.put(desk, RENAMED_TOPIC, what=what, named=named, before=rows[-1].id)


def _extend(part: str) -> Any:
    grown = func.substr(
        ticket_text_table.c[part].concat(" ").concat(bindparam("said")),
        1,
        literal_column(str(LONGEST_TEXT)),
    )
    return (
        update(ticket_text_table)
        .where(ticket_text_table.c.ticket_id == bindparam("of"))
        .values({part: grown})
    )


_EXTEND = {False: _extend("public"), True: _extend("internal")}


def extend(desk: Desk, ticket_id: int, said: str, *, internal: bool) -> None:
    """Find the ticket by what was just said on it, too."""
    desk.db.execute(_EXTEND[internal], {"of": ticket_id, "said": fold(said)})


_RETELL = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
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
    """The first words of a query; every sign that means something to an index is a divider."""
    return search_terms.terms(query)[:MOST_WORDS]


def asked_by(query: str) -> Sequence[search_terms.Wanted]:
    """What a query asks for."""
    return search_terms.wanted(query, MOST_WORDS)


def runs_of(query: str) -> list[str]:
    """The runs of pairs that PostgreSQL has to compare, as its index knows single pairs."""
    return [way[0] for one in asked_by(query) for way in one.ways if search_terms.is_run(way[0])]


def match_value(query: str, *, dialect: str, comments: bool = True) -> str | None:
    """The query in the index's own language: all words, the last one also as a beginning.

    For staff, as notes are looked into; without `comments` only numbers, title, tags, names,
    description and files are.
    """
    asked = asked_by(query)
    if not asked:
        return None
    written = _for_sqlite if dialect == "sqlite" else _for_postgresql
    return written(asked, comments)


def _for_sqlite(asked: Sequence[search_terms.Wanted], comments: bool) -> str:
    groups = []
    for one in asked:
        ways = (
            " AND ".join(f'"{term}"' for term in way) + (" *" if begins else "")
            for way, begins in zip(one.ways, one.begins, strict=True)
        )
        groups.append("(" + " OR ".join(f"({way})" for way in ways) + ")")
    within = "" if comments else "{head body requester company files} : "
    return f"{within}({' AND '.join(groups)})"


def _for_postgresql(asked: Sequence[search_terms.Wanted], comments: bool) -> str:
    within = "" if comments else "AB"
    groups = []
    for one in asked:
        ways = []
        for way, begins in zip(one.ways, one.begins, strict=True):
            terms = " ".join(way).split()
            signs = [within] * (len(terms) - 1) + [("*" if begins else "") + within]
            ways.append(
                " & ".join(
                    f"'{term}'" + (f":{sign}" if sign else "")
                    for term, sign in zip(terms, signs, strict=True)
                )
            )
        groups.append("(" + " | ".join(f"({way})" for way in ways) + ")")
    return " & ".join(groups)


def two_in_head(words: Sequence[str], *, dialect: str) -> str:
    """Of these folded words any two stand in the title or the tags, for `found_by_words`."""
    pairs = combinations(words, 2)
    if dialect == "sqlite":
        return "{head} : (" + " OR ".join(f'("{one}" AND "{two}")' for one, two in pairs) + ")"
    return " | ".join(f"('{one}':A & '{two}':A)" for one, two in pairs)


def found_by_words(
    *, dialect: str, runs: int = 0, comments: bool = True
) -> tuple[Any, Any, ColumnElement[bool]]:
    """For staff: the index to join, its ticket id, and what `:words` match (`match_value`).

    On PostgreSQL `runs` texts (`run_0`...) are looked for among those that the index finds.
    """
    words = bindparam("words")
    if dialect == "sqlite":
        return FTS, FTS.c.rowid, literal_column("ticket_fts").op("MATCH")(words)
    vector = literal_column("ticket_text.everything")
    matches = vector.op("@@")(func.to_tsquery("simple", words))
    text = _between_blanks("requester", *OPEN, *(CONVERSATION if comments else ()))
    found = (func.strpos(text, bindparam(f"run_{n}")) > 0 for n in range(runs))
    return ticket_text_table, ticket_text_table.c.ticket_id, and_(matches, *found)


OPEN = ("head", "company", "files", "body")
"""What everybody who sees a ticket may find it by. Their own name, which is on all that they see,
finds nothing for a requester."""
CONVERSATION = ("public", "internal", "internal_files")


def _between_blanks(*names: str) -> ColumnElement[str]:
    text: Any = literal_column("' '")
    for name in names:
        text = text.concat(ticket_text_table.c[name]).concat(" ")
    return text


Ways = tuple[int, ...]
"""How many terms each way has to write one thing that is asked for (`search_terms.Wanted`)."""


def _stands(text: Any, n: int, ways: Ways, *, dialect: str) -> ColumnElement[bool]:
    """The thing `n` of a query stands in a text, one way or another."""
    position = func.instr if dialect == "sqlite" else func.strpos
    return or_(
        *(
            and_(
                *(position(text, bindparam(f"word_{n}_{way}_{term}")) > 0 for term in range(terms))
            )
            for way, terms in enumerate(ways)
        )
    )


def read_for_words(
    words: Sequence[Ways], *, dialect: str, comments: bool
) -> list[ColumnElement[bool]]:
    """For a requester: that all they ask for (`bounded_words`) stands in what they may read.

    Their tickets are few, and reading them costs less than an index of everybody's; the text is
    folded, so that a word stands between blanks.
    """
    text = _between_blanks(*OPEN, *(("public",) if comments else ()))
    return [_stands(text, n, ways, dialect=dialect) for n, ways in enumerate(words)]


IN_HEAD, IN_BODY, TOGETHER = 4, 2, 3
"""How much more a word tells in the title, number, tags, names or file names, or in the
description, than in a comment; and words that stand there just as they were typed."""
WEIGHED = 4_000
"""So much of a description is looked through to weigh it."""


def weight(words: Sequence[Ways], *, dialect: str, staff: bool) -> ColumnElement[int]:
    """How well a ticket that was found fits what is asked for (`bounded_words`); both databases
    weigh alike, and no more than one may read is weighed.
    """
    position = func.instr if dialect == "sqlite" else func.strpos
    head = _between_blanks("head", "company", "files", *(("requester",) if staff else ()))
    body: Any = literal_column("' '").concat(
        func.substr(ticket_text_table.c.body, 1, literal_column(str(WEIGHED)))
    )
    body = body.concat(" ")
    told: list[ColumnElement[int]] = [
        case(
            (_stands(head, n, ways, dialect=dialect), IN_HEAD),
            (_stands(body, n, ways, dialect=dialect), IN_BODY),
            else_=0,
        )
        for n, ways in enumerate(words)
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
    """What `read_for_words` and `weight` want: terms with their blanks, the last of a beginning
    without the one behind it, and all of the query as it stands together.
    """
    asked = asked_by(query)
    bounded: dict[str, str] = {}
    for n, one in enumerate(asked):
        for way, terms in enumerate(one.ways):
            for at, term in enumerate(terms):
                open_end = one.begins[way] and at == len(terms) - 1
                bounded[f"word_{n}_{way}_{at}"] = f" {term}" if open_end else f" {term} "
    return {**bounded, "together": f" {search_terms.together(query)}"}
