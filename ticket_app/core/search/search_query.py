"""What a search matches: query text and conditions for SQLite and PostgreSQL.

SQLite reads `ticket_text` through FTS5, PostgreSQL through a generated tsvector column.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    or_,
    table,
)

from ticket_app.core.platform.sql_types import AnyColumn, Condition
from ticket_app.core.search import search_terms
from ticket_app.tables import ticket_text_table

FTS_TABLE = table("ticket_fts", column("rowid", Integer))

MAX_QUERY_WORDS = 12


def query_words(query: str) -> list[str]:
    """Return the first `MAX_QUERY_WORDS` words of a query, without operators or punctuation."""
    return search_terms.extract_terms(query)[:MAX_QUERY_WORDS]


def parse_query(query: str, phrases: Sequence[str] = ()) -> Sequence[search_terms.QueryTerm]:
    """Return the terms of a query, at most `MAX_QUERY_WORDS`; a ticket must contain all of them.

    Each of `phrases` is a term too.
    """
    query_terms = search_terms.parse_query_terms(query, MAX_QUERY_WORDS)
    if not phrases:
        return query_terms
    phrase_terms = (search_terms.parse_phrase(phrase) for phrase in phrases)
    return [*(term for term in phrase_terms if term), *query_terms][:MAX_QUERY_WORDS]


def list_phrases(query: str, phrases: Sequence[str] = ()) -> list[str]:
    """Return the phrases of a query, which PostgreSQL compares with the text of each match.

    Its index has only the single character pairs of scripts that are written without spaces.
    """
    return [
        alternative[0]
        for query_term in parse_query(query, phrases)
        for alternative in query_term.alternatives
        if search_terms.is_phrase(alternative[0])
    ]


def build_match_query(
    query: str, phrases: Sequence[str] = (), *, dialect: str, include_comments: bool = True
) -> str | None:
    """Return the query in the syntax of FTS5 or tsquery, or None if it has no words.

    All words must match; the last one may be the beginning of a word. It searches internal notes,
    so it is for staff only. Without `include_comments` it searches the numbers, title, tags, names,
    description and file names.
    """
    query_terms = parse_query(query, phrases)
    if not query_terms:
        return None
    build = _build_fts5_query if dialect == "sqlite" else _build_tsquery
    return build(query_terms, include_comments)


def _build_fts5_query(query_terms: Sequence[search_terms.QueryTerm], include_comments: bool) -> str:
    groups: list[str] = []
    for query_term in query_terms:
        alternatives = (
            " AND ".join(f'"{term}"' for term in alternative) + (" *" if is_prefix else "")
            for alternative, is_prefix in zip(
                query_term.alternatives, query_term.prefix_flags, strict=True
            )
        )
        groups.append("(" + " OR ".join(f"({alternative})" for alternative in alternatives) + ")")
    column_filter = "" if include_comments else "{head body requester company files} : "
    return f"{column_filter}({' AND '.join(groups)})"


def _build_tsquery(query_terms: Sequence[search_terms.QueryTerm], include_comments: bool) -> str:
    weight_labels = "" if include_comments else "AB"
    groups: list[str] = []
    for query_term in query_terms:
        alternatives: list[str] = []
        for alternative, is_prefix in zip(
            query_term.alternatives, query_term.prefix_flags, strict=True
        ):
            terms = " ".join(alternative).split()
            term_suffixes = [weight_labels] * (len(terms) - 1) + [
                ("*" if is_prefix else "") + weight_labels
            ]
            alternatives.append(
                " & ".join(
                    f"'{term}'" + (f":{suffix}" if suffix else "")
                    for term, suffix in zip(terms, term_suffixes, strict=True)
                )
            )
        groups.append("(" + " | ".join(f"({alternative})" for alternative in alternatives) + ")")
    return " & ".join(groups)


def build_any_two_words_query(words: Sequence[str], *, dialect: str) -> str:
    """Return a query for tickets with any two of these folded words in the title or the tags."""
    pairs = combinations(words, 2)
    if dialect == "sqlite":
        return (
            "{head} : ("
            + " OR ".join(f'("{first}" AND "{second}")' for first, second in pairs)
            + ")"
        )
    return " | ".join(f"('{first}':A & '{second}':A)" for first, second in pairs)


def full_text_match(
    *, dialect: str, phrase_count: int = 0, include_comments: bool = True
) -> tuple[FromClause, AnyColumn, Condition]:
    """Return the full-text index to join, its ticket id, and the condition that a ticket matches.

    For staff only. The condition takes `words` (`build_match_query`) and, on PostgreSQL, the
    `phrase_count` phrases of `list_phrases` as `phrase_{n}`.
    """
    words: BindParameter[str] = bindparam("words")
    if dialect == "sqlite":
        return FTS_TABLE, FTS_TABLE.c.rowid, literal_column("ticket_fts").op("MATCH")(words)
    vector: ColumnElement[str] = literal_column("ticket_text.everything")
    matches = vector.op("@@")(func.to_tsquery("simple", words))
    text = _concatenate_columns(
        "requester", *PUBLIC_TEXT_COLUMNS, *(CONVERSATION_COLUMNS if include_comments else ())
    )
    phrase_conditions = (
        func.strpos(text, bindparam(f"phrase_{n}")) > 0 for n in range(phrase_count)
    )
    return ticket_text_table, ticket_text_table.c.ticket_id, and_(matches, *phrase_conditions)


PUBLIC_TEXT_COLUMNS = ("head", "company", "files", "body")
"""The columns that everyone who sees a ticket can search. `requester` is not one of them: a
requester's own name is on all their tickets."""

CONVERSATION_COLUMNS = ("public", "internal", "internal_files")


def _concatenate_columns(*names: str) -> ColumnElement[str]:
    text: ColumnElement[str] = literal_column("' '")
    for name in names:
        text = text.concat(ticket_text_table.c[name]).concat(" ")
    return text


TermCounts = tuple[int, ...]
"""How many terms each alternative of a query term has (`search_terms.QueryTerm.term_counts`)."""


def _contains_query_term(
    text: ColumnElement[str], n: int, term_counts: TermCounts, *, dialect: str
) -> Condition:
    """Return the condition that a text contains an alternative of the query's term number `n`."""
    position = func.instr if dialect == "sqlite" else func.strpos
    return or_(
        *(
            and_(
                *(
                    position(text, bindparam(f"word_{n}_{alternative}_{term}")) > 0
                    for term in range(term_count)
                )
            )
            for alternative, term_count in enumerate(term_counts)
        )
    )


def requester_match_conditions(
    query_terms: Sequence[TermCounts], *, dialect: str, include_comments: bool
) -> list[Condition]:
    """Return the conditions that a requester may read all terms of a query in a ticket's texts.

    The values are those of `match_parameters`. A requester has few tickets, so reading their
    folded texts is cheaper than the full-text index of all tickets.
    """
    text = _concatenate_columns(*PUBLIC_TEXT_COLUMNS, *(("public",) if include_comments else ()))
    return [
        _contains_query_term(text, n, term_counts, dialect=dialect)
        for n, term_counts in enumerate(query_terms)
    ]


HEAD_WEIGHT, BODY_WEIGHT, PHRASE_FACTOR = 4, 2, 3
"""The score of a term in the title, numbers, tags, names or file names (`HEAD_WEIGHT`) and in the
description (`BODY_WEIGHT`); comments add nothing. `PHRASE_FACTOR` multiplies it for the query as a
phrase."""

MAX_SCORED_BODY_LENGTH = 4_000
"""How many characters of a description are scored."""


def relevance_score(
    query_terms: Sequence[TermCounts], *, dialect: str, is_staff: bool
) -> ColumnElement[int]:
    """Return the relevance of a matching ticket, the same on both databases.

    The values are those of `match_parameters`. Only texts that the actor may read are scored.
    """
    position = func.instr if dialect == "sqlite" else func.strpos
    head = _concatenate_columns("head", "company", "files", *(("requester",) if is_staff else ()))
    blank: ColumnElement[str] = literal_column("' '")
    body = blank.concat(
        func.substr(ticket_text_table.c.body, 1, literal_column(str(MAX_SCORED_BODY_LENGTH)))
    )
    body = body.concat(" ")
    scores: list[ColumnElement[int]] = [
        case(
            (_contains_query_term(head, n, term_counts, dialect=dialect), HEAD_WEIGHT),
            (_contains_query_term(body, n, term_counts, dialect=dialect), BODY_WEIGHT),
            else_=0,
        )
        for n, term_counts in enumerate(query_terms)
    ]
    phrase: BindParameter[str] = bindparam("query_phrase")
    scores.append(
        case(
            (position(head, phrase) > 0, HEAD_WEIGHT * PHRASE_FACTOR),
            (position(body, phrase) > 0, BODY_WEIGHT * PHRASE_FACTOR),
            else_=0,
        )
    )
    return sum(scores[1:], scores[0])


def match_parameters(query: str, phrases: Sequence[str] = ()) -> dict[str, str]:
    """Return the values of `requester_match_conditions` and `relevance_score`.

    Each term has a space on both sides, so that only whole words match; a term that may be the
    beginning of a word has none after it. `query_phrase` is the query as one phrase.
    """
    query_terms = parse_query(query, phrases)
    parameters: dict[str, str] = {}
    for n, query_term in enumerate(query_terms):
        for alternative, terms in enumerate(query_term.alternatives):
            for position, term in enumerate(terms):
                is_open_ended = query_term.prefix_flags[alternative] and position == len(terms) - 1
                parameters[f"word_{n}_{alternative}_{position}"] = (
                    f" {term}" if is_open_ended else f" {term} "
                )
    return {
        **parameters,
        "query_phrase": f" {search_terms.build_phrase(' '.join((*phrases, query)))}",
    }
