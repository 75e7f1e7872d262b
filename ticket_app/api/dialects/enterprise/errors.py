"""Response Formats and Error Handling: both envelopes, and the eight codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from ticket_app.api.kit.messages import sentence
from ticket_app.core.platform import errors
from ticket_app.core.platform.errors import DeskError
from ticket_app.core.platform.unit_of_work import utc_now

CODE_OF: dict[type[DeskError], tuple[int, str]] = {
    errors.Invalid: (400, "VALIDATION_ERROR"),
    errors.Unacceptable: (400, "VALIDATION_ERROR"),
    errors.Unauthenticated: (401, "AUTHENTICATION_REQUIRED"),
    errors.Forbidden: (403, "PERMISSION_DENIED"),
    errors.NotFound: (404, "RESOURCE_NOT_FOUND"),
    errors.Conflict: (409, "DUPLICATE_RESOURCE"),
    errors.Stale: (412, "BUSINESS_RULE_VIOLATION"),
    errors.KeyReused: (422, "BUSINESS_RULE_VIOLATION"),
    errors.RuleBroken: (422, "BUSINESS_RULE_VIOLATION"),
    errors.TooMany: (429, "RATE_LIMIT_EXCEEDED"),
    errors.Unavailable: (503, "EXTERNAL_SERVICE_ERROR"),
}

FIELDS = {
    "kind": "ticket_type",
    "old_password": "current_password",
    "assignee": "assigned_to_id",
    "department": "department_id",
    "due_at": "due_date",
    "satisfaction_rating": "customer_satisfaction_rating",
}
"""What the document calls the core's fields."""

UNSAID = frozenset(
    {"body", "password", "current_password", "new_password", "refresh_token", "secret"}
)
"""Fields whose wrong values are not told back."""
LONGEST_VALUE = 200


class Wrong(TypedDict):
    """Error Response, its `error`."""

    code: str
    message: str
    details: dict[str, Any]
    timestamp: datetime


class Refused(TypedDict):
    """Error Response."""

    success: bool
    error: Wrong
    request_id: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refused, "description": "Bad Request (validation errors)"},
    401: {"model": Refused, "description": "Unauthorized (invalid or expired token)"},
    403: {"model": Refused, "description": "Forbidden (insufficient permissions)"},
    404: {"model": Refused, "description": "Missing, or not for this caller to know of"},
    409: {"model": Refused, "description": "Conflict (duplicate resource)"},
    412: {"model": Refused, "description": "Changed since it was read (If-Match)"},
    422: {"model": Refused, "description": "Against a rule of the desk"},
    429: {"model": Refused, "description": "Too many requests; see Retry-After"},
    503: {"model": Refused, "description": "Temporarily unavailable; see Retry-After"},
}
"""What every endpoint may answer instead, for the OpenAPI document."""


def success(data: Any, message: str, request_id: str) -> dict[str, Any]:
    """Success Response."""
    return {
        "success": True,
        "data": data,
        "message": message,
        "timestamp": utc_now(),
        "request_id": request_id,
    }


def status_and_code(error: DeskError) -> tuple[int, str]:
    """What the document's tables say for one of the core's errors."""
    return next(CODE_OF[kind] for kind in type(error).__mro__ if kind in CODE_OF)


class EnterpriseVoice:
    """Error Response."""

    name = "enterprise"

    def refuse(
        self, error: DeskError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, Any]]:
        """The status and code of the document's tables."""
        status, code = status_and_code(error)
        message, told = error.message, {}
        if isinstance(error, errors.Invalid):
            message, told = _problems(error)
        elif isinstance(error, errors.Unacceptable):
            told = {"field": "file", "reason": error.message}
        if details is not None:
            told["technical"] = details
        return status, _body(code, message, told, request_id)

    def fail(self, *, details: str | None, request_id: str) -> tuple[int, dict[str, Any]]:
        """Something broke; nothing was changed."""
        told = {} if details is None else {"technical": details}
        message = "Something went wrong on our side; nothing was changed"
        return 500, _body("EXTERNAL_SERVICE_ERROR", message, told, request_id)


def _problems(error: errors.Invalid) -> tuple[str, dict[str, Any]]:
    """Which fields are wrong, by the document's names, and what stood in the first of them."""
    names = [(FIELDS.get(field, field), reason) for field, reason in error.problems]
    problems = [(field, sentence(field, reason)) for field, reason in names]
    field, reason = problems[0]
    told: dict[str, Any] = {"field": field, "reason": reason}
    if _is_tellable(error.value) and not UNSAID & set(field.split(".")):
        told["provided_value"] = error.value
    if len(problems) > 1:
        told["problems"] = [{"field": field, "reason": reason} for field, reason in problems]
    return " ".join(reason for _, reason in problems), told


def _is_tellable(value: Any) -> bool:
    """Whether a value can be told back: short, and such that JSON has a form for it."""
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE and value.isprintable()
    return isinstance(value, bool | int) and abs(value) < 2**53


def _body(code: str, message: str, details: dict[str, Any], request_id: str) -> dict[str, Any]:
    return {
        "success": False,
        "error": {
            "code": code,
            "message": message,
            "details": details,
            "timestamp": utc_now(),
        },
        "request_id": request_id,
    }
