"""Search operators of the web app: `from:ana -status:closed "due:next week" printer`.

This module splits a text into operators and words; `core.tickets.search_filters` finds what the
values of operators name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

OPERATORS: Final[tuple[str, ...]] = (
    "from",
    "assignee",
    "tag",
    "status",
    "priority",
    "type",
    "team",
    "company",
    "before",
    "after",
    "due",
    "is",
    "has",
)
MAX_OPERATORS: Final = 20
"""How many operators of one search are read."""
_TOKEN = re.compile(r'(-?)(?:([^\W\d_]+):)?("[^"]*"?|\S+)?', re.UNICODE)


@dataclass(frozen=True, slots=True)
class SearchOperator:
    """An operator with its values, any of which matches; `-` before it excludes them."""

    name: str
    values: tuple[str, ...]
    is_excluded: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.is_excluded else ''}{self.name}:{','.join(self.values)}"


@dataclass(frozen=True, slots=True)
class ParsedSearch:
    """The words of a search and its operators.

    `excluded_words` have a `-` before them, `unknown` are words like an operator that does not
    exist (those are also among the words of `text`). `phrases` were in quotes.
    """

    text: str
    operators: tuple[SearchOperator, ...] = ()
    unknown: tuple[str, ...] = ()
    excluded_words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    is_truncated: bool = False


def parse_search(text: str) -> ParsedSearch:
    """Split a search into words and operators; never fails."""
    words: list[str] = []
    operators: list[SearchOperator] = []
    unknown: list[str] = []
    excluded: list[str] = []
    phrases: list[str] = []
    is_truncated = False
    for match in _TOKEN.finditer(text):
        minus, name, value = match.group(1), match.group(2) or "", match.group(3) or ""
        if not match.group(0):
            continue
        name = name.casefold()
        plain = value.strip('"').strip()
        if name in OPERATORS:
            values = (
                (plain,) if value.startswith('"') else tuple(one for one in plain.split(",") if one)
            )
            if len(operators) < MAX_OPERATORS:
                operators.append(SearchOperator(name, values, bool(minus)))
            else:
                is_truncated = True
        elif name:
            # The address of a page and a time of day are words.
            if not value.startswith(("//", "\\")) and len(name) > 1:
                unknown.append(name)
            words.append(match.group(0))
        elif minus and plain[:1].isalpha():
            excluded.append(plain)
        elif len(value) > 1 and value[0] == value[-1] == '"':
            phrases.append(plain)
        else:
            words.append(f"{minus}{plain}")
    return ParsedSearch(
        " ".join(words),
        tuple(operators),
        tuple(dict.fromkeys(unknown)),
        tuple(excluded),
        tuple(phrases),
        is_truncated,
    )


def has_operators(text: str) -> bool:
    """Return whether a search means more than its words."""
    parsed = parse_search(text)
    return bool(parsed.operators or parsed.unknown or parsed.excluded_words or parsed.phrases)


def split_last_token(text: str) -> tuple[str, str]:
    """Return what precedes the token that is being typed, and that token."""
    start = 0
    is_quoted = False
    for index, character in enumerate(text):
        if character == '"':
            is_quoted = not is_quoted
        elif character.isspace() and not is_quoted:
            start = index + 1
    return text[:start], text[start:]
