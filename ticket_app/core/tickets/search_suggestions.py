"""Suggest operators of a search and their values while a person types."""

from __future__ import annotations

from typing import Final

from ticket_app.core.people import directory
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search.search_operators import OPERATORS, split_last_token
from ticket_app.core.tickets import tags
from ticket_app.core.tickets.search_filters import (
    DAY_WORDS,
    HAS_VALUES,
    IS_VALUES,
    NO_ONE,
    SET_OPERATORS,
    STAFF_OPERATORS,
)
from ticket_app.core.tickets.views import ME

MAX_SUGGESTIONS: Final = 8


def suggest_search(uow: UnitOfWork, text: str) -> list[str]:
    """Return searches that complete the operator or the value at the end of a text."""
    before, token = split_last_token(text)
    minus = "-" if token.startswith("-") else ""
    name, colon, typed = token.removeprefix("-").partition(":")
    if not colon:
        if not name:
            return []
        return [f"{before}{minus}{one}:" for one in OPERATORS if one.startswith(name.casefold())]
    name = name.casefold()
    if name not in OPERATORS or (name in STAFF_OPERATORS and not uow.actor.can("work_tickets")):
        return []
    prefix = typed.strip('"')
    values = _suggest_values(uow, name, prefix)
    return [
        f'{before}{minus}{name}:"{value}"' if " " in value else f"{before}{minus}{name}:{value}"
        for value in values[:MAX_SUGGESTIONS]
        if value.casefold() != prefix.casefold()
    ]


def _suggest_values(uow: UnitOfWork, name: str, prefix: str) -> list[str]:
    match name:
        case "from" | "assignee":
            words = (ME, NO_ONE) if name == "assignee" else (ME,)
            people = directory.search_people(uow, prefix, MAX_SUGGESTIONS) if prefix else ()
            return [*_starting(words, prefix), *(row.username for row in people)]
        case "tag":
            may_look = uow.actor.can("work_tickets")
            return tags.find_tags(uow, prefix, MAX_SUGGESTIONS) if may_look else []
        case "team":
            return _starting([row.name for row in directory.list_teams(uow)], prefix)
        case "company":
            rows = directory.search_companies(uow, prefix, MAX_SUGGESTIONS)
            return [row.name for row in rows]
        case _:
            return _starting(FIXED_VALUES[name], prefix)


FIXED_VALUES: Final[dict[str, list[str]]] = {
    **{name: [str(word) for word in vocabulary] for name, vocabulary in SET_OPERATORS.items()},
    "before": [*DAY_WORDS, "7d", "30d"],
    "after": [*DAY_WORDS, "7d", "30d"],
    "due": ["overdue", *DAY_WORDS, "7d"],
    "is": list(IS_VALUES),
    "has": list(HAS_VALUES),
}


def _starting(values: list[str] | tuple[str, ...], prefix: str) -> list[str]:
    return [value for value in values if value.casefold().startswith(prefix.casefold())]
