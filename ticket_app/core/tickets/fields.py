"""The fields of a ticket: who may read and edit each one, and what may be written into it.

Every change on the timeline names one of these fields. Editing, opening, search, undo, the forms,
the filters and the properties of the web app read this registry, so that a new field is described
here once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.vocabulary import Audience, Category, Kind, Priority, Severity
from ticket_app.core.timeline.fields import RecordedField

Validator = Callable[[str, Any], object]
"""Takes the name of a field and a value, returns the value to store or raises `Invalid`."""

FIELDS: dict[str, TicketField] = {}
"""Every recorded field by its name."""


class FieldType(StrEnum):
    """What the values of a field are, and how the timeline keeps them."""

    TEXT = "text"
    CHOICE = "choice"
    LIST = "list"
    DATETIME = "datetime"
    NUMBER = "number"
    INTEGER = "integer"
    REFERENCE = "reference"
    """Another row: the timeline keeps its name as the value and its id beside it."""


class FieldView(StrEnum):
    """Where a field is shown without being named there."""

    STAFF_DETAILS = "staff_details"
    REQUESTER_DETAILS = "requester_details"
    EXPORT = "export"
    STAFF_PROPERTIES = "staff_properties"
    """The side panel of a ticket, where staff change it."""
    STAFF_FORM = "staff_form"
    """The form in which staff create a ticket; a field needs an attribute of `TicketDraft`."""
    REQUESTER_FORM = "requester_form"
    """The form in which requesters create a ticket."""
    FILTER = "filter"
    """The filters of the queue; a field needs an attribute of `TicketQuery`."""
    BULK_CHANGE = "bulk_change"
    """What can be set on several tickets at once."""


_RECORDED_VALUE_PARSERS: dict[FieldType, Callable[[str | None, int | None], object]] = {
    FieldType.TEXT: lambda value, _id: value,
    FieldType.CHOICE: lambda value, _id: value,
    FieldType.LIST: lambda value, _id: value.split(", ") if value else [],
    FieldType.DATETIME: lambda value, _id: value and datetime.fromisoformat(value),
    FieldType.NUMBER: lambda value, _id: None if value is None else float(value),
    FieldType.INTEGER: lambda value, _id: None if value is None else int(value),
    FieldType.REFERENCE: lambda _value, row_id: row_id,
}


@dataclass(frozen=True, slots=True)
class TicketField(RecordedField):
    """A field of a ticket; each name is registered once."""

    type: FieldType = FieldType.TEXT
    validate: Validator | None = None
    """Validates a new value; None for a field that `editing.edit` does not change."""
    choices: type[StrEnum] | None = None
    """The values of a field that has a fixed set of them; `validate` follows from it."""
    requester_may_edit: bool = False
    """Whether requesters may change the field of their own unfinished ticket."""
    is_searched: bool = False
    """Whether the search text of a ticket includes the field."""
    label: str = ""
    """What the history and lists of details call the field; the default is its name in words."""
    event_name: str = ""
    """Its name in webhook events, before a dialect translates it; the default is its column."""
    is_long_text: bool = False
    """Whether the history says that the field was edited, and not what it was set to."""
    views: frozenset[FieldView] = frozenset()
    """Where the field is shown; what names its fields itself is not listed."""

    def __post_init__(self) -> None:
        RecordedField.__post_init__(self)
        if self.name in FIELDS:
            raise ValueError(f"the field {self.name} is registered twice")
        object.__setattr__(self, "label", self.label or self.name.replace("_", " "))
        object.__setattr__(self, "event_name", self.event_name or self.column)
        choices = self.choices
        if choices is not None and self.validate is None:
            object.__setattr__(self, "validate", _choice_of(choices))
        FIELDS[self.name] = self

    @property
    def column(self) -> str:
        """The column of the ticket that holds the value."""
        return f"{self.name}_id" if self.type is FieldType.REFERENCE else self.name

    @property
    def has_choices(self) -> bool:
        """Whether its values are words of a fixed set, and not content that people write."""
        return self.type is FieldType.CHOICE

    def parse_recorded(self, value: str | None, row_id: int | None) -> object:
        """Return a value as the timeline has recorded it; references are ids."""
        return _RECORDED_VALUE_PARSERS[self.type](value, row_id)


def fields_shown_in(view: FieldView) -> list[TicketField]:
    """Return the fields that a view shows, in the order of the registry."""
    return [field for field in FIELDS.values() if view in field.views]


def _choice_of(choices: type[StrEnum]) -> Validator:
    def validate_choice(_name: str, value: object) -> StrEnum:
        return choices(value)

    return validate_choice


def editable_field_validators() -> dict[str, Validator]:
    """Return the validator of each field that can be edited, by name."""
    return {name: field.validate for name, field in FIELDS.items() if field.validate is not None}


def requester_editable_fields() -> frozenset[str]:
    """Return the fields that requesters may change on their own tickets."""
    return frozenset(name for name, field in FIELDS.items() if field.requester_may_edit)


def searched_fields() -> list[str]:
    """Return the fields that the search text of a ticket includes."""
    return [name for name, field in FIELDS.items() if field.is_searched]


def _validate_hours(name: str, value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 100_000:
        raise Invalid(name, "must be between 0 and 100,000 hours")
    return value


def _validate_moment(name: str, value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise Invalid(name, "must include a time zone")
    try:
        return value and value.astimezone(UTC)
    except OverflowError:
        raise Invalid(name, "is out of range") from None


def _optional_line(max_length: int) -> Validator:
    return lambda name, value: validators.optional_line(name, value, max_length)


PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL

IN_DETAILS = frozenset({FieldView.STAFF_DETAILS, FieldView.REQUESTER_DETAILS})
FOR_WORK = frozenset({FieldView.STAFF_PROPERTIES, FieldView.FILTER, FieldView.BULK_CHANGE})
"""What staff sort tickets by: shown, filtered by, and set on several at once."""
IN_FORMS = frozenset({FieldView.STAFF_FORM, FieldView.REQUESTER_FORM})
IN_PROPERTIES = frozenset({FieldView.STAFF_PROPERTIES})

STATUS = TicketField("status", PUBLIC, FieldType.CHOICE, views=FOR_WORK)
PRIORITY = TicketField(
    "priority",
    PUBLIC,
    FieldType.CHOICE,
    choices=Priority,
    requester_may_edit=True,
    views=FOR_WORK,
)
ASSIGNEE = TicketField("assignee", PUBLIC, FieldType.REFERENCE, views=FOR_WORK)
TEAM = TicketField("team", INTERNAL, FieldType.REFERENCE, views=FOR_WORK)
KIND = TicketField("kind", PUBLIC, FieldType.CHOICE, choices=Kind, views=FOR_WORK)
CATEGORY = TicketField(
    "category",
    PUBLIC,
    FieldType.CHOICE,
    choices=Category,
    requester_may_edit=True,
    views=FOR_WORK | IN_FORMS,
)
SEVERITY = TicketField(
    "severity",
    PUBLIC,
    FieldType.CHOICE,
    choices=Severity,
    requester_may_edit=True,
    views=frozenset({FieldView.STAFF_PROPERTIES, FieldView.BULK_CHANGE}),
)
TITLE = TicketField(
    "title", PUBLIC, validate=validators.required_line, requester_may_edit=True, is_searched=True
)
DESCRIPTION = TicketField(
    "description",
    PUBLIC,
    validate=validators.required_text,
    requester_may_edit=True,
    is_searched=True,
    is_long_text=True,
)
SECTION = TicketField(
    "section",
    PUBLIC,
    validate=_optional_line(120),
    requester_may_edit=True,
    is_searched=True,
    views=frozenset({FieldView.STAFF_PROPERTIES, FieldView.FILTER}),
)
PLUGIN_NAME = TicketField(
    "plugin_name",
    PUBLIC,
    validate=_optional_line(200),
    requester_may_edit=True,
    is_searched=True,
    label="plugin",
    views=IN_DETAILS,
)
CLIENT_VERSION = TicketField(
    "client_version",
    PUBLIC,
    validate=_optional_line(60),
    requester_may_edit=True,
    label="version",
    views=IN_DETAILS,
)
STEPS_TO_REPRODUCE = TicketField(
    "steps_to_reproduce",
    PUBLIC,
    validate=validators.optional_text,
    requester_may_edit=True,
    is_searched=True,
    is_long_text=True,
)
EXPECTED_BEHAVIOR = TicketField(
    "expected_behavior",
    PUBLIC,
    validate=validators.optional_text,
    requester_may_edit=True,
    is_searched=True,
    label="expected result",
    is_long_text=True,
)
ACTUAL_BEHAVIOR = TicketField(
    "actual_behavior",
    PUBLIC,
    validate=validators.optional_text,
    requester_may_edit=True,
    is_searched=True,
    label="actual result",
    is_long_text=True,
)
ENVIRONMENT = TicketField(
    "environment",
    PUBLIC,
    validate=validators.validate_environment,
    requester_may_edit=True,
    is_long_text=True,
)
TAGS = TicketField(
    "tags",
    PUBLIC,
    FieldType.LIST,
    validate=validators.validate_tags,
    requester_may_edit=True,
    is_searched=True,
    views=frozenset({FieldView.STAFF_PROPERTIES, FieldView.FILTER}),
)
DUE_AT = TicketField(
    "due_at",
    PUBLIC,
    FieldType.DATETIME,
    validate=_validate_moment,
    label="due date",
    views=IN_PROPERTIES,
)
DEPARTMENT = TicketField("department", PUBLIC, FieldType.REFERENCE, views=FOR_WORK)
COMPANY = TicketField("company", PUBLIC, FieldType.REFERENCE, views=FOR_WORK)
CONTACT = TicketField(
    "contact",
    PUBLIC,
    FieldType.REFERENCE,
    views=frozenset({FieldView.STAFF_PROPERTIES, FieldView.FILTER}),
)
ADMIN_FEEDBACK = TicketField(
    "admin_feedback",
    PUBLIC,
    validate=validators.optional_text,
    label="feedback",
    is_long_text=True,
    views=IN_PROPERTIES,
)
INTERNAL_NOTES = TicketField(
    "internal_notes",
    INTERNAL,
    validate=validators.optional_text,
    label="working notes",
    is_long_text=True,
    views=IN_PROPERTIES | {FieldView.EXPORT},
)
PUBLIC_NOTES = TicketField(
    "public_notes",
    PUBLIC,
    validate=validators.optional_text,
    is_long_text=True,
    views=IN_PROPERTIES | {FieldView.EXPORT},
)
ESTIMATED_HOURS = TicketField(
    "estimated_hours",
    INTERNAL,
    FieldType.NUMBER,
    validate=_validate_hours,
    views=IN_PROPERTIES | {FieldView.EXPORT, FieldView.STAFF_FORM},
)
ACTUAL_HOURS = TicketField(
    "actual_hours",
    INTERNAL,
    FieldType.NUMBER,
    validate=_validate_hours,
    views=IN_PROPERTIES | {FieldView.EXPORT},
)
"""Moves with the time log (`time_log`)."""
SATISFACTION_RATING = TicketField("satisfaction_rating", PUBLIC, FieldType.INTEGER)
SATISFACTION_COMMENT = TicketField("satisfaction_comment", PUBLIC, label="rating comment")
"""What the requester wrote to their rating."""
DUPLICATE_OF = TicketField("duplicate_of", INTERNAL, FieldType.REFERENCE, label="original")
MERGED_INTO = TicketField("merged_into", PUBLIC)
MERGED_FROM = TicketField("merged_from", PUBLIC)
FOLLOW_UP = TicketField("follow_up", PUBLIC, FieldType.REFERENCE)
FOLLOW_UP_OF = TicketField("follow_up_of", PUBLIC, FieldType.REFERENCE)
ROUTING_RULE = TicketField("routing_rule", INTERNAL)
"""The rule that routed a new ticket; it is on the timeline only."""
TEXT_FORMAT = TicketField("text_format", INTERNAL)
COPIED_PERSON = TicketField("copied_person", INTERNAL, label="Cc")
"""Somebody who was added to Cc or taken out of it by staff."""
COMMENT = TicketField("comment", INTERNAL)
"""The text of a comment before it was edited or withdrawn."""
FILE = TicketField("file", INTERNAL)
"""A removed file; the entry of a public file has the audience of the file."""
FILE_NAME = TicketField("file_name", INTERNAL)
FILE_DESCRIPTION = TicketField("file_description", INTERNAL, is_long_text=True)
"""The name and description of a file; their changes have the audience of the file."""
FILE_FIELDS = (FILE, FILE_NAME, FILE_DESCRIPTION)

INTERNAL_FIELDS = frozenset(
    name
    for name, field in FIELDS.items()
    if field.audience is INTERNAL and field not in (COMMENT, *FILE_FIELDS)
)
"""Fields of the ticket itself whose changes only staff may read."""


def ensure_registered(names: Iterable[str], registry_name: str) -> None:
    """Raise `LookupError` for names that are no registered fields; called at import."""
    unknown = sorted(set(names) - FIELDS.keys())
    if unknown:
        raise LookupError(
            f"{registry_name} names fields that are not registered: {', '.join(unknown)}"
        )


MAX_FILES = 100
"""Files on one ticket."""
