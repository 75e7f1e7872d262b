"""Apply the operators of a search (`core.search.search_operators`) to the query of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, cast

from ticket_app.core.people import directory
from ticket_app.core.people.rows import NamedRow
from ticket_app.core.platform.dates import day_start, local_date
from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority, Status, StatusGroup
from ticket_app.core.search.search_operators import (
    MAX_OPERATORS,
    OPERATORS,
    SearchOperator,
    parse_search,
)
from ticket_app.core.tickets import tags
from ticket_app.core.tickets.ticket_conditions import Condition, ConditionGroup, Match, Operator
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.views import ME

NO_ONE: Final = "none"
SET_OPERATORS: Final = {"status": Status, "priority": Priority, "type": Kind}
"""Operators whose values are words of a vocabulary, and that vocabulary."""
FIELD_OF_OPERATOR: Final = {"status": "status", "priority": "priority", "type": "kind"}
IS_VALUES: Final = (
    "open",
    "waiting",
    "closed",
    "overdue",
    "unassigned",
    "assigned",
    "unread",
    "answered",
    "reopened",
)
HAS_VALUES: Final = ("attachment", "rating")
DAY_WORDS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
"""Days by their distance from today."""
GROUPS: Final = {
    "open": UNFINISHED_GROUPS,
    "waiting": frozenset({StatusGroup.WAITING}),
    "closed": frozenset({StatusGroup.DONE}),
}
FLAGS: Final = {
    "overdue": "overdue",
    "unassigned": "unassigned",
    "assigned": "assigned",
    "unread": "unread",
    "answered": "answered",
    "reopened": "reopened",
    "rating": "rated",
}
OPPOSITE_FLAGS: Final = {"unassigned": "assigned", "assigned": "unassigned"}
EXCLUDED_STATES: Final = {"overdue": ("sla", "overdue"), "unread": ("unread", "yes")}
"""Flags that are excluded by a condition: its field and value."""
SINGLE_FIELDS: Final = {
    "from": "requester_id",
    "assignee": "assignee_id",
    "team": "team_id",
    "company": "company_id",
}
STAFF_OPERATORS: Final = frozenset(SINGLE_FIELDS)
MAX_NAMES_IN_HINT: Final = 3
MAX_DAYS: Final = 3650
NO_TICKET_ID: Final = 0
"""Stands for a row that does not exist, so that nothing matches."""


@dataclass(frozen=True, slots=True)
class AppliedSearch:
    """The query with the operators of its search, and what could not be applied, as sentences."""

    query: TicketQuery
    hints: tuple[str, ...] = ()


class _HintError(Exception):
    """A value of an operator that cannot be used; its message says why and what to enter."""


@dataclass(slots=True)
class _Search:
    uow: UnitOfWork
    query: TicketQuery
    matches_nothing: bool = False

    def narrow(self, field: str, values: frozenset[str]) -> None:
        """Keep the values of a set filter that are among these."""
        current = cast("frozenset[str]", getattr(self.query, field))
        remaining = current & values if current else values
        self.matches_nothing |= not remaining
        self.query = replace(self.query, **{field: remaining or values})

    def set_single(self, field: str, row_id: int) -> None:
        """Set a filter by one row, unless it already has another."""
        current = cast("int | None", getattr(self.query, field))
        self.matches_nothing |= current not in (None, row_id)
        self.query = replace(self.query, **{field: row_id})

    def exclude(self, field: str, *values: str) -> None:
        """Leave out the tickets whose field has one of these values."""
        comparison = Operator.IS_NOT if len(values) == 1 else Operator.NONE_OF
        condition = Condition(field, comparison, values)
        current = self.query.conditions
        parts = current.parts if current.match is Match.ALL else (current,)
        conditions = ConditionGroup(Match.ALL, (*parts, condition))
        self.query = replace(self.query, conditions=conditions)

    def not_before(self, field: str, day: date) -> None:
        """Set the beginning of a range, unless it already begins later."""
        start = day_start(day, self.uow.time_zone)
        current = getattr(self.query, field)
        self.query = replace(self.query, **{field: max(current, start) if current else start})

    def before(self, field: str, day: date) -> None:
        """Set the end of a range, unless it already ends earlier."""
        end = day_start(day, self.uow.time_zone)
        current = getattr(self.query, field)
        self.query = replace(self.query, **{field: min(current, end) if current else end})


def apply_search(uow: UnitOfWork, query: TicketQuery) -> AppliedSearch:
    """Return the query with its search read as operators and words, and hints for the person.

    A value that means nothing matches no ticket, and a hint says why; an unknown operator is
    searched for as a word.
    """
    parsed = parse_search(query.search)
    search = _Search(uow, replace(query, search=parsed.text, phrases=parsed.phrases))
    hints = [
        f"“{name}:” is not a search operator; it is searched for as a word."
        for name in parsed.unknown
    ]
    hints += [
        f"“-{word}” was left out. Only operators can be excluded, such as -status:closed."
        for word in parsed.excluded_words
    ]
    if parsed.is_truncated:
        hints.append(f"Only the first {MAX_OPERATORS} operators are used.")
    sets: dict[str, set[str]] = {}
    for operator in parsed.operators:
        try:
            if not operator.values:
                raise _HintError(_missing_value(operator.name))
            if operator.name in STAFF_OPERATORS and not uow.actor.can("work_tickets"):
                raise _HintError(f"“{operator.name}:” is for staff only.")
            if operator.name in SET_OPERATORS and not operator.is_excluded:
                sets.setdefault(operator.name, set()).update(_set_values(operator))
            else:
                APPLIERS[operator.name](search, operator)
        except _HintError as hint:
            hints.append(str(hint))
            # Someone who is still typing a value sees the list without it.
            search.matches_nothing |= bool(operator.values)
    for name, values in sets.items():
        search.narrow(FIELD_OF_OPERATOR[name], frozenset(values))
    applied = search.query
    if search.matches_nothing:
        applied = replace(applied, requester_id=NO_TICKET_ID)
    return AppliedSearch(applied, tuple(hints))


def _missing_value(name: str) -> str:
    return f"Enter a value after “{name}:”, such as {name}:{EXAMPLES[name]}."


def _set_values(operator: SearchOperator) -> frozenset[str]:
    vocabulary = SET_OPERATORS[operator.name]
    words = {str(word): word for word in vocabulary}
    chosen: set[str] = set()
    for value in operator.values:
        word = value.casefold().replace("-", "_").replace(" ", "_")
        if word not in words:
            raise _HintError(f"“{value}” is not a {operator.name}. Choose from {', '.join(words)}.")
        chosen.add(words[word])
    return frozenset(chosen)


def _exclude_values(search: _Search, operator: SearchOperator) -> None:
    vocabulary = SET_OPERATORS[operator.name]
    others = frozenset(vocabulary) - _set_values(operator)
    search.narrow(FIELD_OF_OPERATOR[operator.name], others)


def _reject_exclusion(operator: SearchOperator) -> None:
    if operator.is_excluded:
        raise _HintError(f"“{operator}” cannot be excluded. Leave out the “-”.")


def _single_value(operator: SearchOperator) -> str:
    value, *others = operator.values
    if others:
        raise _HintError(f"“{operator.name}:” takes one value.")
    return value


def _find_person_id(uow: UnitOfWork, value: str) -> int:
    if value.casefold() == ME:
        return uow.actor.id
    if person := directory.find_person_by_username(uow, value.removeprefix("@")):
        return person.id
    found = directory.search_people(uow, value)
    wanted = value.casefold()
    exact = [row for row in found if wanted in {row.full_name.casefold(), row.email.casefold()}]
    candidates = exact or list(found)
    if len(candidates) > 1:
        names = ", ".join(row.username for row in candidates[:MAX_NAMES_IN_HINT])
        raise _HintError(f"“{value}” is more than one person. Enter a username, such as {names}.")
    for row in candidates:
        return row.id
    raise _HintError(f"No person is called “{value}”.")


def _apply_person(search: _Search, operator: SearchOperator) -> None:
    value = _single_value(operator)
    if operator.name == "assignee" and value.casefold() == NO_ONE:
        flag = "assigned" if operator.is_excluded else "unassigned"
        search.query = replace(search.query, **{flag: True})
        return
    _set_row(search, operator, _find_person_id(search.uow, value))


def _set_row(search: _Search, operator: SearchOperator, row_id: int) -> None:
    """Keep the tickets whose field names this row, or leave them out."""
    field = SINGLE_FIELDS[operator.name]
    if operator.is_excluded:
        search.exclude(field.removesuffix("_id"), str(row_id))
    else:
        search.set_single(field, row_id)


def _apply_named_row(search: _Search, operator: SearchOperator) -> None:
    value = _single_value(operator)
    wanted = value.casefold()
    rows: list[NamedRow] = [
        row
        for row in (
            directory.list_teams(search.uow)
            if operator.name == "team"
            else directory.search_companies(search.uow, value)
        )
        if row.name.casefold().startswith(wanted)
    ]
    rows = [row for row in rows if row.name.casefold() == wanted] or rows
    if not rows:
        raise _HintError(f"No {operator.name} is called “{value}”.")
    if len(rows) > 1:
        names = ", ".join(row.name for row in rows[:MAX_NAMES_IN_HINT])
        raise _HintError(f"“{value}” is more than one {operator.name}: {names}.")
    _set_row(search, operator, rows[0].id)


def _apply_tag(search: _Search, operator: SearchOperator) -> None:
    # Requesters do not learn which tags exist: an unknown tag is like one that is on no ticket.
    if search.uow.actor.can("work_tickets"):
        known = tags.find_tag_ids(search.uow, operator.values)
        for value in operator.values:
            if value.casefold() not in known:
                raise _HintError(f"No tag is called “{value}”.")
    if operator.is_excluded:
        search.exclude("tags", *operator.values)
        return
    search.query = replace(search.query, tags=(*search.query.tags, *operator.values))


def _parse_day(search: _Search, operator: SearchOperator) -> date:
    value = _single_value(operator).casefold()
    today = local_date(search.uow.now, search.uow.time_zone)
    if value in DAY_WORDS:
        return today + timedelta(days=DAY_WORDS[value])
    number, unit = value[:-1], value[-1:]
    if unit in ("d", "w") and number.isascii() and number.isdecimal():
        days = int(number[:5]) * (7 if unit == "w" else 1)
        if days <= MAX_DAYS:
            return today + timedelta(days=days if operator.name == "due" else -days)
    try:
        return date.fromisoformat(value) if len(value) == 10 else _invalid_day(value)
    except ValueError:
        return _invalid_day(value)


def _invalid_day(value: str) -> date:
    raise _HintError(
        f"“{value}” is not a day. Enter a date such as 2026-11-30, today, yesterday, 7d or 2w."
    )


def _apply_day(search: _Search, operator: SearchOperator) -> None:
    """Apply `before:` (the day is not included) and `after:` (it is)."""
    day = _parse_day(search, operator)
    if (operator.name == "before") is not operator.is_excluded:
        search.before("created_before", day)
    else:
        search.not_before("created_from", day)


def _apply_due(search: _Search, operator: SearchOperator) -> None:
    """Apply `due:overdue`, `due:3d` (from today on, for three days) or a day."""
    _reject_exclusion(operator)
    value = _single_value(operator).casefold()
    if value == "overdue":
        search.query = replace(search.query, overdue=True)
        return
    day = _parse_day(search, operator)
    is_period = value[-1:] in ("d", "w")
    search.not_before(
        "due_from", local_date(search.uow.now, search.uow.time_zone) if is_period else day
    )
    if day < date.max:
        search.before("due_before", day + timedelta(days=1))


def _apply_fact(search: _Search, operator: SearchOperator) -> None:
    """Apply `is:` and `has:`."""
    allowed = IS_VALUES if operator.name == "is" else HAS_VALUES
    for value in map(str.casefold, operator.values):
        if value not in allowed:
            raise _HintError(
                f"“{operator.name}:{value}” is unknown. Choose from {', '.join(allowed)}."
            )
        if value in GROUPS:
            groups = GROUPS[value]
            search.narrow(
                "group", frozenset(StatusGroup) - groups if operator.is_excluded else groups
            )
            continue
        if value == "attachment":
            flag = "has_files" if search.uow.actor.is_staff else "has_public_files"
        else:
            flag = FLAGS[value]
        if operator.is_excluded and flag in EXCLUDED_STATES:
            search.exclude(*EXCLUDED_STATES[flag])
            continue
        if operator.is_excluded:
            if flag not in OPPOSITE_FLAGS:
                _reject_exclusion(operator)
            flag = OPPOSITE_FLAGS[flag]
        search.query = replace(search.query, **{flag: True})


APPLIERS: Final[dict[str, Callable[[_Search, SearchOperator], None]]] = {
    "from": _apply_person,
    "assignee": _apply_person,
    "tag": _apply_tag,
    "status": _exclude_values,
    "priority": _exclude_values,
    "type": _exclude_values,
    "team": _apply_named_row,
    "company": _apply_named_row,
    "before": _apply_day,
    "after": _apply_day,
    "due": _apply_due,
    "is": _apply_fact,
    "has": _apply_fact,
}
EXAMPLES: Final[dict[str, str]] = {
    "from": "me",
    "assignee": "none",
    "tag": "vpn",
    "status": "open",
    "priority": "high",
    "type": "bug",
    "team": "network",
    "company": "acme",
    "before": "2026-11-30",
    "after": "7d",
    "due": "today",
    "is": "unread",
    "has": "attachment",
}
"""A value of each operator, for hints."""
if not set(OPERATORS) == set(APPLIERS) == set(EXAMPLES):
    raise LookupError("a search operator has no function or no example")
