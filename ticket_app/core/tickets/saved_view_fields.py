"""The fields of a saved view: the values they may have, and those of a new view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast, get_args

from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Invalid, invalid_choice
from ticket_app.core.tickets.ticket_conditions import ConditionGroup, validate_conditions
from ticket_app.core.tickets.ticket_query import SortField

MAX_NAME_LENGTH: Final = 80
MAX_SEARCH_LENGTH: Final = 200
ICONS: Final = (
    "list",
    "star",
    "inbox",
    "bug",
    "flame",
    "clock",
    "users",
    "building",
    "tag",
    "zap",
    "shield",
    "heart",
)
COLUMNS: Final = (
    "status",
    "priority",
    "number",
    "requester",
    "tags",
    "due",
    "assignee",
    "updated",
)
"""The columns beside the title, in their usual order."""
GROUPINGS: Final = ("", "status", "assignee", "priority", "team")
LAYOUTS: Final = ("list",)
DENSITIES: Final = ("comfortable", "compact")


def _ensure_allowed(name: str, value: object, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise Invalid(name, invalid_choice([one for one in allowed if one], str(value)))
    return str(value)


def _ensure_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Invalid(name, "must be a text")
    return value


def _validate_name(name: str, value: object) -> str:
    return validators.required_line(name, _ensure_text(name, value), MAX_NAME_LENGTH)


def _validate_search(name: str, value: object) -> str:
    return validators.optional_line(name, _ensure_text(name, value), MAX_SEARCH_LENGTH) or ""


def _validate_columns(name: str, value: object) -> list[str]:
    if not isinstance(value, Sequence):
        raise Invalid(name, "must be a list")
    columns = list(dict.fromkeys(map(str, cast("Sequence[object]", value))))
    return [_ensure_allowed(name, column, COLUMNS) for column in columns]


_SORTS: Final = tuple(sort for sort in get_args(SortField) if sort != "relevance")


_VALIDATORS: Final[Mapping[str, Callable[[str, object], object]]] = {
    "name": _validate_name,
    "icon": lambda name, value: _ensure_allowed(name, value, ICONS),
    "conditions": lambda name, value: validate_conditions(name, value).to_json(),
    "search": _validate_search,
    "sort": lambda name, value: _ensure_allowed(name, value, _SORTS),
    "descending": lambda _name, value: bool(value),
    "columns": _validate_columns,
    "group_by": lambda name, value: _ensure_allowed(name, value, GROUPINGS),
    "layout": lambda name, value: _ensure_allowed(name, value, LAYOUTS),
    "density": lambda name, value: _ensure_allowed(name, value, DENSITIES),
}
"""The validator of each field of a view."""


def _validate_field(name: str, value: object) -> object:
    if name not in _VALIDATORS:
        raise Invalid(name, "cannot be changed")
    return _VALIDATORS[name](name, value)


def validate_fields(changes: Mapping[str, object]) -> dict[str, object]:
    """Return the values to store. Raises `Invalid` with the problems of all fields."""
    return validators.validate_each(changes, _validate_field)


DEFAULT_FIELDS: Final[dict[str, object]] = {
    "icon": ICONS[0],
    "conditions": ConditionGroup().to_json(),
    "search": "",
    "sort": "updated",
    "descending": True,
    "columns": list(COLUMNS),
    "group_by": "",
    "layout": LAYOUTS[0],
    "density": DENSITIES[0],
}
