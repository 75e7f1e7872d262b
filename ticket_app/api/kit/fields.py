"""Field types of request bodies and query parameters, each with its own error messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ticket_app.api.kit.dates import InvalidValue, parse_date, parse_datetime, parse_due_datetime
from ticket_app.api.kit.vocabulary import Value, Vocabulary
from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Invalid, Reason, does_not_exist, invalid_choice
from ticket_app.core.platform.ticket_numbers import MAX_ID, parse_reference

INTEGER = Reason("must be a whole number", "integer")
TICKET = Reason("must be the id or number of a ticket", "ticket")
MAX_INTEGER_DIGITS = 19
"""Maximum digits of an id; longer values are rejected without being parsed."""


class StrictBody(BaseModel):
    """A body that rejects unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Choice:
    """A field that accepts a dialect's vocabulary and lists it in the OpenAPI document."""

    def __init__(self, vocabulary: Vocabulary[Value]) -> None:
        self.choices = tuple(vocabulary.value_by_word)

    def check(self, value: object) -> str:
        """Return the word. Raises `InvalidValue` for any other value."""
        if not isinstance(value, str) or value not in self.choices:
            raise InvalidValue(invalid_choice(self.choices, value))
        return value

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "enum": list(self.choices)}


class Validated:
    """A field that a validator of the core checks; its errors are reported with the type errors.

    The value stays as it was sent: the core normalizes it before storing it.
    """

    def __init__(self, check: Callable[..., object], max_length: int | None = None) -> None:
        self.check = check if max_length is None else partial(check, max_length=max_length)
        self.max_length = max_length

    def validate(self, value: object) -> object:
        """Return the value. Raises `InvalidValue`."""
        try:
            self.check("", value)
        except Invalid as error:
            raise InvalidValue(error.reason) from None
        return value

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.validate, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        json_schema = handler(schema)
        return (
            json_schema
            if self.max_length is None
            else {**json_schema, "maxLength": self.max_length}
        )


def _parse_id(value: object) -> int:
    if isinstance(value, str):
        value = value.strip()
        if not (value.isascii() and value.isdigit() and len(value) <= MAX_INTEGER_DIGITS):
            raise InvalidValue(INTEGER)
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidValue(INTEGER)
    if not 1 <= value <= MAX_ID:
        raise InvalidValue(does_not_exist(value))
    return value


def _parse_ticket_reference(value: object) -> str:
    reference = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if parse_reference(reference) is None:
        raise InvalidValue(TICKET)
    return reference


DateTime = Annotated[datetime, BeforeValidator(parse_datetime)]
"""A date and time, in UTC if it has no time zone; a date alone is the start of that day."""
DueDateTime = Annotated[datetime, BeforeValidator(parse_due_datetime)]
"""The same for a due date: a date alone is the end of that day."""
Date = Annotated[date, BeforeValidator(parse_date)]
Id = Annotated[
    int,
    BeforeValidator(_parse_id),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_ID}),
]
"""An id, as a number or as digits in a string."""
StrictId = Annotated[StrictInt, Field(ge=1, le=MAX_ID)]
"""An id, as a number only."""
TicketReference = Annotated[
    str,
    BeforeValidator(_parse_ticket_reference),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MAX_ID},
                {"type": "string", "minLength": 1, "maxLength": 40},
            ]
        }
    ),
]
"""A ticket, by its id or any of its printed numbers."""
SingleLine = Annotated[StrictStr, Validated(validators.required_line, 500)]
Title = Annotated[StrictStr, Validated(validators.required_line, 200)]
Text = Annotated[StrictStr, Validated(validators.required_text, validators.MAX_TEXT_LENGTH)]
OptionalText = Annotated[StrictStr, Validated(validators.optional_text, validators.MAX_TEXT_LENGTH)]
"""A text that may be empty."""
CommaSeparatedTags = Annotated[StrictStr, Validated(validators.optional_line, 2_000)]
"""Tags in one text, separated by commas."""
