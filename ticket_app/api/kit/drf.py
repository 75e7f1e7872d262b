"""The voice of APIs in the manner of Django REST framework, and what their lists ask alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from typing_extensions import TypedDict

from ticket_app.api.kit.dates import WrongValue, read_day, read_moment
from ticket_app.api.kit.fields import INTEGER, LONGEST_INTEGER, TICKET
from ticket_app.api.kit.messages import BOOLEAN
from ticket_app.api.kit.messages import UUID as WRONG_UUID
from ticket_app.api.kit.route import status_of
from ticket_app.core.platform import text
from ticket_app.core.platform.errors import (
    BLANK,
    REQUIRED,
    DeskError,
    Invalid,
    NotFound,
    Reason,
    Unacceptable,
    not_a_choice,
)
from ticket_app.core.platform.ticket_numbers import LARGEST_ID, Reference, read_reference
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_list import Sort

WHOLE = frozenset({"body", ""})
"""What no single field is to blame for."""


class Detail(TypedDict):
    """A refusal."""

    detail: str


FieldErrors = dict[str, list[str]]
"""Wrong input: each wrong field with what is wrong with it."""

REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": FieldErrors | Detail, "description": "Wrong input, or against a rule"},
    401: {"model": Detail, "description": "No valid token"},
    403: {"model": Detail, "description": "Seen, but not allowed"},
    404: {"model": Detail, "description": "Missing, or not for this caller to know of"},
    409: {"model": Detail, "description": "Exists already, or is under way"},
    412: {"model": Detail, "description": "Changed since it was read (If-Match)"},
    422: {"model": Detail, "description": "Idempotency-Key used for another request"},
    429: {"model": Detail, "description": "Too many; see Retry-After"},
    503: {"model": Detail, "description": "Temporarily unavailable; see Retry-After"},
}
"""What every endpoint may answer instead, for the OpenAPI document."""


DATETIME_FORMATS = "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]"
SENTENCES: dict[str, str] = {
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
"""Django REST framework's sentence for each kind of error, by the code of its reason."""


def sentence(reason: str) -> str:
    """A reason in the words of Django REST framework, or else as a sentence about the field."""
    if isinstance(reason, Reason) and reason.code in SENTENCES:
        return SENTENCES[reason.code].format(**reason.values)
    return f"This field {reason}."


class DrfVoice:
    """`{"field": ["This field ..."]}` for wrong input, `{"detail": "..."}` for all else."""

    def __init__(self, name: str, fields: Mapping[str, str]) -> None:
        self.name = name
        self.fields = fields

    def refuse(
        self, error: DeskError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, Any]]:
        """Wrong fields by the document's names, anything else as a sentence."""
        body: dict[str, Any] = {}
        if isinstance(error, Invalid):
            for field, reason in error.problems:
                code = getattr(reason, "code", "")
                if code == "not_an_object":
                    body["non_field_errors"] = [sentence(reason)]
                elif code == "json":
                    body["detail"] = sentence(reason)
                elif field in WHOLE:
                    body["detail"] = f"The request body {reason}."
                else:
                    named = self.fields.get(field, field)
                    body.setdefault(named, []).append(sentence(reason))
        elif isinstance(error, Unacceptable):
            body["file"] = [_ended(error.message)]
        else:
            body["detail"] = _ended(error.message)
        if details is not None and "detail" in body:
            body["technical"] = details
        return status_of(error), body

    def fail(self, *, details: str | None, request_id: str) -> tuple[int, dict[str, Any]]:
        """Something broke; nothing was changed."""
        body = {"detail": "Something went wrong on our side; nothing was changed."}
        return 500, body if details is None else {**body, "technical": details}


def _ended(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else message + "."


TRUTH = {"true": True, "1": True, "false": False, "0": False, "": None}


def truth(name: str, value: str | None) -> bool | None:
    """What `?name=` asked for, if anything. Raises `Invalid` for what is neither true nor false."""
    try:
        return TRUTH[(value or "").lower()]
    except KeyError:
        raise Invalid(name, BOOLEAN) from None


def flag(name: str, value: str | None) -> bool:
    """Whether `?name=true` was asked. Raises `Invalid` for what is neither true nor false."""
    return truth(name, value) is True


def one_uuid(name: str, value: str | None) -> UUID | None:
    """The uuid a filter names. Raises `Invalid` for what is none."""
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise Invalid(name, WRONG_UUID) from None


def one_id(name: str, value: str | None) -> int | None:
    """The id a filter names. Raises `Invalid` for what is none."""
    value = (value or "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_INTEGER):
        raise Invalid(name, INTEGER)
    return min(int(value), LARGEST_ID)


def one_ticket(name: str, value: str | None) -> Reference | None:
    """The ticket a filter names by its id or any of its numbers. Raises `Invalid` for neither."""
    if not value or not value.strip():
        return None
    found = read_reference(value)
    if found is None:
        raise Invalid(name, TICKET)
    return found


def ticket_filter(desk: Desk, name: str, value: str | None) -> int | None:
    """The id of the ticket a filter names; 0, which no ticket has, if the caller sees none such.

    Raises `Invalid` for what names no ticket.
    """
    reference = one_ticket(name, value)
    if reference is None:
        return None
    try:
        found: int = ticket_list.read(desk, reference, "line").id
    except NotFound:
        return 0
    return found


def ticket_in_form(fields: Mapping[str, str]) -> str:
    """The ticket that an upload names beside its file. Raises `Invalid`."""
    named = fields.get("ticket")
    if named is None:
        raise Invalid("ticket", REQUIRED)
    if not named.strip():
        raise Invalid("ticket", BLANK)
    one_ticket("ticket", named)
    return named


def one_moment(name: str, value: str | None) -> datetime | None:
    """The moment a filter names. Raises `Invalid` for what is none."""
    try:
        return read_moment(value) if value and value.strip() else None
    except WrongValue as wrong:
        raise Invalid(name, wrong.reason, value) from None


def one_day(name: str, value: str | None) -> date | None:
    """The day a filter names. Raises `Invalid` for what is none."""
    try:
        return read_day(value) if value and value.strip() else None
    except WrongValue as wrong:
        raise Invalid(name, wrong.reason, value) from None


def ordering(value: str | None, sorts: Mapping[str, Sort], otherwise: str) -> dict[str, Any]:
    """`?ordering=-created_at` as a query's `sort` and `descending`. Raises `Invalid`."""
    wanted = value or otherwise
    name = wanted.removeprefix("-")
    if name not in sorts:
        raise Invalid("ordering", not_a_choice([f"[-]{sort}" for sort in sorts], wanted))
    return {"sort": sorts[name], "descending": wanted.startswith("-")}


def comma_separated(value: str | None, present: Sequence[str] = ()) -> list[str]:
    """Tags as the documents write them, in one text; `present` are those the ticket has."""
    return text.split_tags(value, present)


def form(**fields: dict[str, Any]) -> dict[str, Any]:
    """What an upload takes beside its `file`, for the OpenAPI document; `required` ones say so."""
    fields = {name: dict(told) for name, told in fields.items()}
    required = ["file", *(name for name, told in fields.items() if told.pop("required", False))]
    properties = {"file": {"type": "string", "format": "binary"}, **fields}
    schema = {"type": "object", "required": required, "properties": properties}
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }
