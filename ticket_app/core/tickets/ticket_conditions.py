"""Conditions on tickets that people put together: fields, operators, and groups of all or any.

A condition is kept as JSON in saved views. What is stored may name a value that no longer exists:
it is read without an error, matches nothing or is left out, and `is_valid` tells which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, cast

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.vocabulary import (
    Category,
    Kind,
    Priority,
    Severity,
    Status,
    StatusGroup,
)

ME: Final = "me"
"""Stands for the actor; for a team, the actor's team."""
NONE: Final = "none"
"""Stands for an empty field, such as no assignee."""
MAX_CONDITIONS: Final = 30
MAX_VALUES: Final = 50
MAX_VALUE_LENGTH: Final = 120


class Operator(StrEnum):
    """How a field is compared."""

    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    IN_LAST = "in_last"
    OLDER_THAN = "older_than"
    WITHIN_NEXT = "within_next"
    BEFORE = "before"
    AFTER = "after"


CHOICE_OPERATORS: Final = (Operator.IS, Operator.IS_NOT, Operator.ANY_OF, Operator.NONE_OF)
NEGATIVE_OPERATORS: Final = frozenset({Operator.IS_NOT, Operator.NONE_OF})
SINGLE_OPERATORS: Final = frozenset(Operator) - {Operator.ANY_OF, Operator.NONE_OF}
"""Operators with exactly one value."""
PAST_OPERATORS: Final = (Operator.IN_LAST, Operator.OLDER_THAN, Operator.BEFORE, Operator.AFTER)
DUE_OPERATORS: Final = (Operator.WITHIN_NEXT, *PAST_OPERATORS)
DURATION_OPERATORS: Final = frozenset({Operator.IN_LAST, Operator.OLDER_THAN, Operator.WITHIN_NEXT})


class Match(StrEnum):
    """Whether all conditions of a group must hold, or any of them."""

    ALL = "all"
    ANY = "any"


class FieldSort(StrEnum):
    """What the values of a field are."""

    CHOICE = "choice"
    ROW = "row"
    """Ids of rows, `me` and `none`."""
    TEXT = "text"
    TAG = "tag"
    MOMENT = "moment"
    STATE = "state"
    """Words that stand for a condition each."""


@dataclass(frozen=True, slots=True)
class ConditionField:
    """A field that conditions compare."""

    name: str
    sort: FieldSort
    words: tuple[str, ...] = ()
    """The values of a field with fixed ones; for rows, the words beside the ids."""
    operators: tuple[Operator, ...] = CHOICE_OPERATORS


SLA_STATES: Final = (
    "overdue",
    "breached",
    "met",
    "response_breached",
    "response_met",
    "paused",
    "running",
)
REPLIERS: Final = ("requester", "staff", ME)
CONDITION_FIELDS: Final[dict[str, ConditionField]] = {
    field.name: field
    for field in (
        ConditionField("status", FieldSort.CHOICE, tuple(Status)),
        ConditionField("group", FieldSort.CHOICE, tuple(StatusGroup)),
        ConditionField("priority", FieldSort.CHOICE, tuple(Priority)),
        ConditionField("kind", FieldSort.CHOICE, tuple(Kind)),
        ConditionField("category", FieldSort.CHOICE, tuple(Category)),
        ConditionField("severity", FieldSort.CHOICE, tuple(Severity)),
        ConditionField("assignee", FieldSort.ROW, (ME, NONE)),
        ConditionField("requester", FieldSort.ROW, (ME,)),
        ConditionField("team", FieldSort.ROW, (ME, NONE)),
        ConditionField("department", FieldSort.ROW, (NONE,)),
        ConditionField("company", FieldSort.ROW, (NONE,)),
        ConditionField("contact", FieldSort.ROW, (NONE,)),
        ConditionField("section", FieldSort.TEXT),
        ConditionField("tags", FieldSort.TAG),
        ConditionField("created", FieldSort.MOMENT, operators=PAST_OPERATORS),
        ConditionField("updated", FieldSort.MOMENT, operators=PAST_OPERATORS),
        ConditionField("due", FieldSort.MOMENT, operators=DUE_OPERATORS),
        ConditionField("resolved", FieldSort.MOMENT, operators=PAST_OPERATORS),
        ConditionField("first_reply", FieldSort.MOMENT, operators=PAST_OPERATORS),
        ConditionField("last_reply", FieldSort.MOMENT, operators=PAST_OPERATORS),
        ConditionField("sla", FieldSort.STATE, SLA_STATES),
        ConditionField("last_replier", FieldSort.STATE, REPLIERS),
        ConditionField("unread", FieldSort.STATE, ("yes",), (Operator.IS, Operator.IS_NOT)),
    )
}
"""The fields by name, in the order in which menus offer them."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, an operator and the values to compare with."""

    field: str
    operator: str
    values: tuple[str, ...]

    @property
    def is_valid(self) -> bool:
        """Whether field, operator and values are known; rows may still be missing."""
        field = CONDITION_FIELDS.get(self.field)
        if field is None or self.operator not in field.operators or not self.values:
            return False
        if self.operator in SINGLE_OPERATORS and len(self.values) != 1:
            return False
        return all(_is_value(field, self.operator, value) for value in self.values)

    def to_json(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"field": self.field, "operator": self.operator, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """Conditions of which all or any must hold; a group in it holds conditions only."""

    match: Match = Match.ALL
    parts: tuple[Condition | ConditionGroup, ...] = ()

    def __bool__(self) -> bool:
        """Return whether it has any condition."""
        return bool(self.parts)

    def to_json(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"match": str(self.match), "conditions": [part.to_json() for part in self.parts]}

    def valid_parts(self) -> ConditionGroup:
        """Return the group without conditions that are not valid and without empty groups."""
        kept = (
            part.valid_parts() if isinstance(part, ConditionGroup) else part for part in self.parts
        )
        return ConditionGroup(
            self.match,
            tuple(
                one for one in kept if (one if isinstance(one, ConditionGroup) else one.is_valid)
            ),
        )

    def list_conditions(self) -> list[Condition]:
        """Return all conditions, those of groups too, in order."""
        return [
            condition
            for part in self.parts
            for condition in (
                part.list_conditions() if isinstance(part, ConditionGroup) else [part]
            )
        ]


_DURATION = re.compile(r"([1-9][0-9]{0,3})([hdw])")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def parse_duration(text: str) -> timedelta | None:
    """Return a duration such as `24h`, `7d` or `2w`; None for anything else."""
    found = _DURATION.fullmatch(text)
    return int(found[1]) * _UNITS[found[2]] if found else None


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_value(field: ConditionField, operator: str, value: str) -> bool:
    if not 0 < len(value) <= MAX_VALUE_LENGTH or not value.isprintable():
        return False
    match field.sort:
        case FieldSort.CHOICE | FieldSort.STATE:
            return value in field.words
        case FieldSort.ROW:
            return value in field.words or (
                value.isascii() and value.isdigit() and len(value) < 19 and 0 < int(value) <= MAX_ID
            )
        case FieldSort.MOMENT:
            is_duration = operator in DURATION_OPERATORS
            return parse_duration(value) is not None if is_duration else _is_day(value)
        case _:
            return True


def read_conditions(stored: object) -> ConditionGroup:
    """Return stored conditions; what has not the form of a condition is left out."""
    return _read_group(stored, depth=0)


def _read_group(stored: object, depth: int) -> ConditionGroup:
    empty: Mapping[str, object] = {}
    document = cast("Mapping[str, object]", stored) if isinstance(stored, Mapping) else empty
    parts: list[Condition | ConditionGroup] = []
    listed = document.get("conditions")
    for item in cast("list[object]", listed) if isinstance(listed, list) else []:
        if not isinstance(item, Mapping):
            continue
        part = cast("Mapping[str, object]", item)
        if "conditions" in part:
            if depth == 0:
                parts.append(_read_group(part, depth=1))
            continue
        values = part.get("values")
        texts = cast("list[object]", values) if isinstance(values, list) else []
        parts.append(
            Condition(
                str(part.get("field", "")),
                str(part.get("operator", "")),
                tuple(dict.fromkeys(map(str, texts))),
            )
        )
    return ConditionGroup(
        Match.ANY if document.get("match") == Match.ANY else Match.ALL, tuple(parts)
    )


def validate_conditions(name: str, stored: object) -> ConditionGroup:
    """Return conditions that a client sent. Raises `Invalid` that names the first wrong one."""
    group = read_conditions(stored)
    conditions = group.list_conditions()
    if len(conditions) > MAX_CONDITIONS or any(len(one.values) > MAX_VALUES for one in conditions):
        raise Invalid(name, f"must have at most {MAX_CONDITIONS} conditions of {MAX_VALUES} values")
    for condition in conditions:
        if not condition.is_valid:
            raise Invalid(name, _describe_problem(condition))
    return group


def _describe_problem(condition: Condition) -> str:
    field = CONDITION_FIELDS.get(condition.field)
    if field is None:
        return f"must name a field of {', '.join(CONDITION_FIELDS)}"
    if condition.operator not in field.operators:
        return f"must compare {field.name} with one of {', '.join(field.operators)}"
    return f"must compare {field.name} with valid values"


def as_conditions(choices: Mapping[str, Sequence[str]]) -> tuple[Condition, ...]:
    """Return one condition for each field with chosen values: "is", or "any of" several."""
    return tuple(
        Condition(name, Operator.IS if len(values) == 1 else Operator.ANY_OF, tuple(values))
        for name, values in choices.items()
        if values
    )


NO_CONDITIONS: Final = ConditionGroup()
