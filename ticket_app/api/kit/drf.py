"""The voice of APIs in the manner of Django REST framework, and what their lists ask alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr
from typing_extensions import TypedDict

from ticket_app.api.kit.route import status_of
from ticket_app.core import text
from ticket_app.core.errors import DeskError, Invalid, Unacceptable
from ticket_app.core.numbering import LARGEST_ID
from ticket_app.core.queue import Sort

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
                if field in WHOLE:
                    body["detail"] = f"The request body {reason}."
                else:
                    named = self.fields.get(field, field)
                    body.setdefault(named, []).append(f"This field {reason}.")
        elif isinstance(error, Unacceptable):
            body["file"] = [_sentence(error.message)]
        else:
            body["detail"] = _sentence(error.message)
        if details is not None and "detail" in body:
            body["technical"] = details
        return status_of(error), body

    def fail(self, *, details: str | None, request_id: str) -> tuple[int, dict[str, Any]]:
        """Something broke; nothing was changed."""
        body = {"detail": "Something went wrong on our side; nothing was changed."}
        return 500, body if details is None else {**body, "technical": details}


def _sentence(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else message + "."


TRUTH = {"true": True, "1": True, "false": False, "0": False, "": None}


def truth(name: str, value: str | None) -> bool | None:
    """What `?name=` asked for, if anything. Raises `Invalid` for what is neither true nor false."""
    try:
        return TRUTH[(value or "").lower()]
    except KeyError:
        raise Invalid(name, "must be true or false") from None


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
        raise Invalid(name, "must be a valid UUID") from None


def one_id(name: str, value: str | None) -> int | None:
    """The id a filter names. Raises `Invalid` for what is none."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 20):
        raise Invalid(name, "must be an id")
    return min(int(value), LARGEST_ID)


def ordering(value: str | None, sorts: Mapping[str, Sort], otherwise: str) -> dict[str, Any]:
    """`?ordering=-created_at` as a query's `sort` and `descending`. Raises `Invalid`."""
    wanted = value or otherwise
    name = wanted.removeprefix("-")
    if name not in sorts:
        raise Invalid("ordering", f"must be one of {', '.join(sorts)}, with - before it or not")
    return {"sort": sorts[name], "descending": wanted.startswith("-")}


def comma_separated(value: str | None, present: Sequence[str] = ()) -> list[str]:
    """Tags as the documents write them, in one text; `present` are those the ticket has."""
    return text.split_tags(value, present)


def form(**fields: dict[str, Any]) -> dict[str, Any]:
    """What an upload takes beside its `file`, for the OpenAPI document; `required` ones say so."""
    required = ["file", *(name for name, told in fields.items() if told.pop("required", False))]
    properties = {"file": {"type": "string", "format": "binary"}, **fields}
    schema = {"type": "object", "required": required, "properties": properties}
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }


def _no_number(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError("must be an ISO 8601 date and time")  # noqa: TRY004
    return value


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be an id")  # noqa: TRY004
    return value


def _in_utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def one_of(words: Any) -> Any:
    """A field that takes or tells the document's words, named in the OpenAPI document."""
    return Field(json_schema_extra={"enum": list(words.hears)})


Moment = Annotated[datetime, BeforeValidator(_no_number), AfterValidator(_in_utc)]
"""A date and time; one that names no zone is in UTC."""
Id = Annotated[int, BeforeValidator(_no_truth), Field(ge=1, le=LARGEST_ID)]
Line = Annotated[StrictStr, Field(max_length=500)]
Title = Annotated[StrictStr, Field(max_length=200)]
Text = Annotated[StrictStr, Field(max_length=50_000)]
Tags = Annotated[StrictStr, Field(max_length=2_000)]
