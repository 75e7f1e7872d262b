"""Error responses in the format of Django REST framework."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import TypedDict

from ticket_app.api.kit.error_renderer import status_code_for
from ticket_app.core.platform.errors import (
    DomainError,
    FileRejected,
    Invalid,
    Reason,
)

WHOLE_BODY_FIELDS = frozenset({"body", ""})
"""Field names of problems that concern the whole body."""


class ErrorDetail(TypedDict):
    """An error that concerns the whole request."""

    detail: str


FieldErrors = dict[str, list[str]]
"""Validation errors: the messages of each invalid field."""

ERROR_RESPONSES: dict[int | str, dict[str, object]] = {
    400: {
        "model": FieldErrors | ErrorDetail,
        "description": "Invalid input, or not allowed by a rule",
    },
    401: {"model": ErrorDetail, "description": "No valid token"},
    403: {"model": ErrorDetail, "description": "Not allowed"},
    404: {"model": ErrorDetail, "description": "Does not exist, or is not visible to the caller"},
    409: {"model": ErrorDetail, "description": "Already exists, or is in progress"},
    412: {"model": ErrorDetail, "description": "Changed since it was read (If-Match)"},
    422: {"model": ErrorDetail, "description": "Idempotency-Key used for another request"},
    429: {"model": ErrorDetail, "description": "Too many requests; see Retry-After"},
    503: {"model": ErrorDetail, "description": "Temporarily unavailable; see Retry-After"},
}
"""Error responses of every endpoint, for the OpenAPI document."""


DATETIME_FORMATS = "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]"
MESSAGES: dict[str, str] = {
    "required": "This field is required.",
    "body_required": "This field is required.",
    "null": "This field may not be null.",
    "blank": "This field may not be blank.",
    "string": "Not a valid string.",
    "max_length": "Ensure this field has no more than {limit} characters.",
    "min_length": "Ensure this field has at least {limit} characters.",
    "max_items": "Ensure this field has no more than {limit} elements.",
    "min_items": "Ensure this field has at least {limit} elements.",
    "max_value": "Ensure this value is less than or equal to {limit}.",
    "min_value": "Ensure this value is greater than or equal to {limit}.",
    "greater_than": "Ensure this value is greater than {limit}.",
    "less_than": "Ensure this value is less than {limit}.",
    "integer": "A valid integer is required.",
    "number": "A valid number is required.",
    "boolean": "Must be a valid boolean.",
    "uuid": "Must be a valid UUID.",
    "ticket": "Must be the id or number of a ticket.",
    "datetime": (
        f"Datetime has wrong format. Use one of these formats instead: {DATETIME_FORMATS}."
    ),
    "date": "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
    "too_early": "Ensure this value is greater than or equal to {year}-01-01.",
    "too_late": "Ensure this value is less than or equal to 9999-12-31.",
    "choice": '"{value}" is not a valid choice.',
    "does_not_exist": 'Invalid pk "{value}" - object does not exist.',
    "not_assignable": "This user cannot be assigned tickets.",
    "list": 'Expected a list of items but got type "{type}".',
    "object": 'Expected a dictionary of items but got type "{type}".',
    "not_an_object": "Invalid data. Expected a dictionary, but got {type}.",
    "null_characters": "Null characters are not allowed.",
    "surrogate": "Not a valid string.",
    "email": "Enter a valid email address.",
    "common_password": "This password is too common.",
    "no_file": "No file was submitted.",
    "not_a_form": "The submitted data was not a file. Check the encoding type on the form.",
    "json": "JSON parse error - {error}: char {at}",
    "misspelt": 'Unknown {place}. Did you mean "{meant}"?',
}
"""Django REST framework's messages, by the code of the reason."""


def format_reason(reason: str) -> str:
    """Return Django REST framework's message for a reason, or else a sentence about the field."""
    if isinstance(reason, Reason) and reason.code in MESSAGES:
        return MESSAGES[reason.code].format(**reason.values)
    return f"This field {reason}."


class DrfErrorRenderer:
    """Renders `{"field": ["..."]}` for validation errors and `{"detail": "..."}` for all others."""

    def __init__(self, name: str, field_names: Mapping[str, str]) -> None:
        self.name = name
        self.field_names = field_names

    def render_error(
        self, error: DomainError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return the status and the body, with the dialect's field names."""
        body: dict[str, object] = {}
        field_errors: FieldErrors = {}
        if isinstance(error, Invalid):
            for field, reason in error.problems:
                code = getattr(reason, "code", "")
                if code == "not_an_object":
                    body["non_field_errors"] = [format_reason(reason)]
                elif code == "json":
                    body["detail"] = format_reason(reason)
                elif field in WHOLE_BODY_FIELDS:
                    body["detail"] = f"The request body {reason}."
                else:
                    document_field = self.field_names.get(field, field)
                    messages = field_errors.setdefault(document_field, [])
                    messages.append(format_reason(reason))
                    body[document_field] = messages
        elif isinstance(error, FileRejected):
            body["file"] = [_with_full_stop(error.message)]
        else:
            body["detail"] = _with_full_stop(error.message)
        if details is not None and "detail" in body:
            body["technical"] = details
        return status_code_for(error), body

    def render_server_error(
        self, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return 500 and a message without technical details."""
        body: dict[str, object] = {
            "detail": "Something went wrong on our side; nothing was changed."
        }
        return 500, body if details is None else {**body, "technical": details}


def _with_full_stop(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else message + "."
