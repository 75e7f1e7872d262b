"""Turn pydantic's validation errors into the core's reasons and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from fastapi.exceptions import RequestValidationError

from ticket_app.api.kit.dates import DATE_FORMAT, DATETIME_FORMAT, InvalidValue
from ticket_app.api.kit.fields import INTEGER
from ticket_app.core.platform.errors import (
    BLANK,
    NULL,
    REQUIRED,
    Invalid,
    NotFound,
    Reason,
    does_not_exist,
    invalid_choice,
    to_printable,
    too_few,
    too_long,
    too_many,
    too_short,
)

ErrorDetails: TypeAlias = Mapping[str, Any]
"""One of pydantic's errors, or its context: what is in it depends on the kind of error."""

STRING = Reason("must be a string", "string")
NUMBER = Reason("must be a number", "number")
BOOLEAN = Reason("must be true or false", "boolean")
UUID = Reason("must be a valid UUID", "uuid")
OBJECT = Reason("must be a JSON object", "object")
LIST = Reason("must be a list", "list")
UNKNOWN = Reason("is not known", "unknown")
NOT_JSON = Reason("must be a JSON object, sent as application/json", "not_json")
TOO_DEEP = Reason("is nested too deeply", "nested")

REASONS_BY_TYPE: dict[str, Reason] = {
    "missing": REQUIRED,
    "string_type": STRING,
    "string_unicode": STRING,
    "string_sub_type": STRING,
    "int_type": INTEGER,
    "int_parsing": INTEGER,
    "int_parsing_size": INTEGER,
    "int_from_float": INTEGER,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "bool_type": BOOLEAN,
    "bool_parsing": BOOLEAN,
    "uuid_type": UUID,
    "uuid_parsing": UUID,
    "uuid_version": UUID,
    "is_instance_of": UUID,
    "datetime_type": DATETIME_FORMAT,
    "datetime_parsing": DATETIME_FORMAT,
    "datetime_from_date_parsing": DATETIME_FORMAT,
    "date_type": DATE_FORMAT,
    "date_parsing": DATE_FORMAT,
    "date_from_datetime_parsing": DATE_FORMAT,
    "date_from_datetime_inexact": DATE_FORMAT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "dict_type": OBJECT,
    "list_type": LIST,
    "extra_forbidden": UNKNOWN,
    "recursion_loop": TOO_DEEP,
}
"""Reasons for pydantic's error types that have no limits in their message."""


def _choice_reason(context: ErrorDetails, value: object) -> Reason:
    choices = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    return invalid_choice(choices, value)


def _without_decimals(limit: float) -> float:
    return int(limit) if limit == int(limit) else limit


def min_value_reason(limit: float) -> Reason:
    """Return the reason for a number below `limit`."""
    return Reason(f"must be at least {limit:,}", "min_value", limit=limit)


def max_value_reason(limit: float) -> Reason:
    """Return the reason for a number above `limit`."""
    return Reason(f"must be at most {limit:,}", "max_value", limit=limit)


REASON_FACTORIES_BY_TYPE: dict[str, Callable[[ErrorDetails, object], Reason]] = {
    "string_too_long": lambda limits, _value: too_long(limits["max_length"]),
    "string_too_short": lambda limits, value: too_short(limits["min_length"]) if value else BLANK,
    "greater_than_equal": lambda limits, _value: min_value_reason(_without_decimals(limits["ge"])),
    "greater_than": lambda limits, _value: Reason(
        f"must be more than {limits['gt']:,}", "greater_than", limit=limits["gt"]
    ),
    "less_than_equal": lambda limits, _value: max_value_reason(_without_decimals(limits["le"])),
    "less_than": lambda limits, _value: Reason(
        f"must be less than {limits['lt']:,}", "less_than", limit=limits["lt"]
    ),
    "too_long": lambda limits, _value: too_many(limits["max_length"]),
    "too_short": lambda limits, _value: too_few(limits["min_length"]),
    "enum": _choice_reason,
    "literal_error": _choice_reason,
}


def reason_for(problem: ErrorDetails) -> Reason:
    """Return the reason for one of pydantic's errors."""
    kind, value = problem["type"], problem.get("input")
    context: ErrorDetails = problem.get("ctx") or {}
    error = context.get("error")
    if isinstance(error, InvalidValue):
        return NULL if value is None else error.reason
    if kind == "json_invalid":
        return Reason("is not valid JSON", "json", error=error, at=problem["loc"][-1])
    if value is None and kind != "missing":
        return NULL
    if kind == "missing" and tuple(problem["loc"]) == ("body",):
        return Reason("is required", "body_required")
    if kind in ("model_type", "model_attributes_type", "dict_type") and len(problem["loc"]) == 1:
        if isinstance(value, bytes):
            return NOT_JSON
        return Reason(NOT_JSON, "not_an_object", type=_python_type_name(value))
    if kind in REASONS_BY_TYPE:
        reason = REASONS_BY_TYPE[kind]
        return Reason(reason, reason.code, **reason.values, type=_python_type_name(value))
    if kind in REASON_FACTORIES_BY_TYPE:
        return REASON_FACTORIES_BY_TYPE[kind](context, value)
    return Reason("is not valid", "invalid")


def _python_type_name(value: object) -> str:
    return type(value).__name__


def to_core_error(
    error: RequestValidationError, known_problems: Iterable[tuple[str, str]] = ()
) -> Invalid | NotFound:
    """Return FastAPI's validation error as an error of the core, after the `known_problems`.

    An invalid path parameter becomes `NotFound`.
    """
    problems: list[tuple[str, str]] = list(known_problems)
    reported_fields = {field for field, _ in problems}
    for problem in error.errors():
        location, *path = problem["loc"]
        if location == "path":
            return NotFound(resource_name(str(path[0])))
        reason = reason_for(problem)
        is_whole_body = reason.code in ("json", "body_required", "not_an_object", "not_json")
        field_path = [] if is_whole_body else [str(part) for part in path]
        if location == "query":
            reason = Reason(reason, reason.code, **reason.values, place="parameter")
        field = to_printable(".".join(field_path)) or "body"
        if field not in reported_fields:
            problems.append((field, reason))
    invalid = Invalid.from_problems(problems or [("body", Reason("is not valid"))])
    invalid.value = next((problem.get("input") for problem in error.errors()), None)
    return invalid


RESOURCE_NAMES = {
    "attachment_id": "File",
    "policy_id": "Approval policy",
    "role": "Role",
}
"""What a path parameter refers to, where its name does not say it."""


def resource_name(parameter: str) -> str:
    """Return what a path parameter refers to, for the message of `NotFound`."""
    return (
        RESOURCE_NAMES.get(parameter)
        or parameter.removesuffix("_id").replace("_", " ").capitalize()
    )


def format_problem(field: str, reason: str) -> str:
    """Return a full sentence that names the field, for dialects without their own error style."""
    if field in ("body", ""):
        return f"The request body {reason}."
    code = getattr(reason, "code", "")
    values = getattr(reason, "values", {})
    location = values.get("place", "field")
    name = to_printable(field)
    if code == "misspelt":
        return f'The {location} "{name}" is not known. Did you mean "{values["meant"]}"?'
    if code == "does_not_exist" and "value" in values:
        return f"The {name} {location} names {values['value']}, which does not exist."
    return f"The {name} {location} {reason}."


__all__ = ["does_not_exist", "format_problem", "reason_for", "resource_name", "to_core_error"]
