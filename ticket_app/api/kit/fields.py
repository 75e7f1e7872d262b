"""Types of the fields that request bodies and query parameters take, each with its own errors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictStr,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from ticket_app.api.kit.dates import WrongValue, read_day, read_due_moment, read_moment
from ticket_app.core.platform import text
from ticket_app.core.platform.errors import Invalid, Reason, does_not_exist, not_a_choice
from ticket_app.core.platform.ticket_numbers import LARGEST_ID, read_reference

INTEGER = Reason("must be a whole number", "integer")
TICKET = Reason("must be the id or number of a ticket", "ticket")
LONGEST_INTEGER = 19
"""Digits of an id; longer ones are not looked at."""


class OneOf:
    """A field that takes one of the document's words, named in the OpenAPI document."""

    def __init__(self, words: Any) -> None:
        self.words = tuple(words.hears)

    def check(self, value: Any) -> Any:
        """Return the word, or raise `WrongValue` for any other value."""
        if not isinstance(value, str) or value not in self.words:
            raise WrongValue(not_a_choice(self.words, value))
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.words)}


class Checked:
    """A field that a check of the core accepts; its errors are reported with those of types.

    The value stays as it was sent: the core makes of it what it keeps.
    """

    def __init__(self, check: Callable[..., Any], most: int | None = None) -> None:
        self.check = check if most is None else partial(check, most=most)
        self.most = most

    def apply(self, value: Any) -> Any:
        """Return the value, or raise `WrongValue`."""
        try:
            self.check("", value)
        except Invalid as wrong:
            raise WrongValue(wrong.reason) from None
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.apply, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        shown = handler(schema)
        return shown if self.most is None else {**shown, "maxLength": self.most}


def _read_id(value: Any) -> int:
    if isinstance(value, str):
        value = value.strip()
        if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_INTEGER):
            raise WrongValue(INTEGER)
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongValue(INTEGER)
    if not 1 <= value <= LARGEST_ID:
        raise WrongValue(does_not_exist(value))
    return value


def _read_ticket(value: Any) -> str:
    shown = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if read_reference(shown) is None:
        raise WrongValue(TICKET)
    return shown


Moment = Annotated[datetime, BeforeValidator(read_moment)]
"""A date and time; one that names no zone is in UTC, a date alone is the start of that day."""
DueMoment = Annotated[datetime, BeforeValidator(read_due_moment)]
"""The same for a due date: a date alone is the end of that day."""
Day = Annotated[date, BeforeValidator(read_day)]
"""A date."""
Id = Annotated[
    int,
    BeforeValidator(_read_id),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST_ID}),
]
"""The id of something, as a number or as digits."""
TicketId = Annotated[
    str,
    BeforeValidator(_read_ticket),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
                {"type": "string", "minLength": 1, "maxLength": 40},
            ]
        }
    ),
]
"""A ticket, by its id or by any of its printed numbers."""
Line = Annotated[StrictStr, Checked(text.required_line, 500)]
Title = Annotated[StrictStr, Checked(text.required_line, 200)]
Text = Annotated[StrictStr, Checked(text.required_text, text.LONGEST_TEXT)]
Note = Annotated[StrictStr, Checked(text.optional_text, text.LONGEST_TEXT)]
"""A text that may be empty."""
Tags = Annotated[StrictStr, Checked(text.optional_line, 2_000)]
"""Tags in one text, separated by commas."""
