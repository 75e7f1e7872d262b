"""Success and error envelopes and the eight error codes (Response Formats, Error Handling)."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from ticket_app.api.kit.validation_errors import format_problem
from ticket_app.core.platform import errors
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.platform.unit_of_work import utc_now

STATUS_AND_CODE_BY_ERROR: dict[type[DomainError], tuple[int, str]] = {
    errors.Invalid: (400, "VALIDATION_ERROR"),
    errors.FileRejected: (400, "VALIDATION_ERROR"),
    errors.Unauthenticated: (401, "AUTHENTICATION_REQUIRED"),
    errors.Forbidden: (403, "PERMISSION_DENIED"),
    errors.NotFound: (404, "RESOURCE_NOT_FOUND"),
    errors.Conflict: (409, "DUPLICATE_RESOURCE"),
    errors.VersionConflict: (412, "BUSINESS_RULE_VIOLATION"),
    errors.IdempotencyKeyReused: (422, "BUSINESS_RULE_VIOLATION"),
    errors.RuleViolation: (422, "BUSINESS_RULE_VIOLATION"),
    errors.RateLimited: (429, "RATE_LIMIT_EXCEEDED"),
    errors.Unavailable: (503, "EXTERNAL_SERVICE_ERROR"),
}

DOCUMENT_FIELD_NAMES = {
    "kind": "ticket_type",
    "old_password": "current_password",
    "assignee": "assigned_to_id",
    "department": "department_id",
    "due_at": "due_date",
    "satisfaction_rating": "customer_satisfaction_rating",
    "respond_minutes": "first_response_minutes",
    "resolve_minutes": "resolution_minutes",
}
"""The document's names for the core's fields."""

SECRET_FIELDS = frozenset(
    {"body", "password", "current_password", "new_password", "refresh_token", "secret"}
)
"""Fields whose invalid values are never included in errors."""
MAX_ECHOED_VALUE_LENGTH = 200


class ErrorBody(TypedDict):
    """Error Response, its `error`."""

    code: str
    message: str
    details: dict[str, object]
    timestamp: datetime


class ErrorResponse(TypedDict):
    """Error Response."""

    success: bool
    error: ErrorBody
    request_id: str


ERROR_RESPONSES: dict[int | str, dict[str, object]] = {
    400: {"model": ErrorResponse, "description": "Bad Request (validation errors)"},
    401: {"model": ErrorResponse, "description": "Unauthorized (invalid or expired token)"},
    403: {"model": ErrorResponse, "description": "Forbidden (insufficient permissions)"},
    404: {"model": ErrorResponse, "description": "Does not exist, or is not visible to the caller"},
    409: {"model": ErrorResponse, "description": "Conflict (duplicate resource)"},
    412: {"model": ErrorResponse, "description": "Changed since it was read (If-Match)"},
    422: {"model": ErrorResponse, "description": "Not allowed by a business rule"},
    429: {"model": ErrorResponse, "description": "Too many requests; see Retry-After"},
    503: {"model": ErrorResponse, "description": "Temporarily unavailable; see Retry-After"},
}
"""Error responses of every endpoint, for the OpenAPI document."""


def success_body(data: object, message: str, request_id: str) -> dict[str, object]:
    """Return the Success Response."""
    return {
        "success": True,
        "data": data,
        "message": message,
        "timestamp": utc_now(),
        "request_id": request_id,
    }


def status_and_code(error: DomainError) -> tuple[int, str]:
    """Return the document's status and code for an error of the core."""
    return next(
        STATUS_AND_CODE_BY_ERROR[error_class]
        for error_class in type(error).__mro__
        if error_class in STATUS_AND_CODE_BY_ERROR
    )


class EnterpriseErrorRenderer:
    """Renders the document's Error Response."""

    name = "enterprise"

    def render_error(
        self, error: DomainError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return the document's status and the Error Response."""
        status, code = status_and_code(error)
        message = error.message
        error_details: dict[str, object] = {}
        if isinstance(error, errors.Invalid):
            message, error_details = _describe_problems(error)
        elif isinstance(error, errors.FileRejected):
            error_details = {"field": "file", "reason": error.message}
        if details is not None:
            error_details["technical"] = details
        return status, _error_body(code, message, error_details, request_id)

    def render_server_error(
        self, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return 500 and a message without technical details."""
        error_details: dict[str, object] = {} if details is None else {"technical": details}
        message = "Something went wrong on our side; nothing was changed"
        return 500, _error_body("EXTERNAL_SERVICE_ERROR", message, error_details, request_id)


def _describe_problems(error: errors.Invalid) -> tuple[str, dict[str, object]]:
    """Return the message and the details of a validation error, with the document's names."""
    named_problems = [
        (DOCUMENT_FIELD_NAMES.get(field, field), reason) for field, reason in error.problems
    ]
    problems = [(field, format_problem(field, reason)) for field, reason in named_problems]
    field, reason = problems[0]
    details: dict[str, object] = {"field": field, "reason": reason}
    if _can_echo(error.value) and not SECRET_FIELDS & set(field.split(".")):
        details["provided_value"] = error.value
    if len(problems) > 1:
        details["problems"] = [{"field": field, "reason": reason} for field, reason in problems]
    return " ".join(reason for _, reason in problems), details


def _can_echo(value: object) -> bool:
    """Return whether an invalid value may be included in the error: short and valid JSON."""
    if isinstance(value, str):
        return len(value) <= MAX_ECHOED_VALUE_LENGTH and value.isprintable()
    return isinstance(value, bool | int) and abs(value) < 2**53


def _error_body(
    code: str, message: str, details: dict[str, object], request_id: str
) -> dict[str, object]:
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
