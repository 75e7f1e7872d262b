"""The fields of a ticket: who may read and edit each one, and what may be written into it.

Every change on the timeline names one of these fields. Editing, opening, search, undo and the forms
read this registry, so that a new field is described here once.
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


@dataclass(frozen=True, slots=True)
class TicketField(RecordedField):
    """A field of a ticket; each name is registered once."""

    validate: Validator | None = None
    """Validates a new value; None for a field that `editing.edit` does not change."""
    choices: type[StrEnum] | None = None
    """The values of a field that has a fixed set of them; `validate` follows from it."""
    requester_may_edit: bool = False
    """Whether requesters may change the field of their own unfinished ticket."""
    is_searched: bool = False
    """Whether the search text of a ticket includes the field."""

    def __post_init__(self) -> None:
        RecordedField.__post_init__(self)
        if self.name in FIELDS:
            raise ValueError(f"the field {self.name} is registered twice")
        choices = self.choices
        if choices is not None and self.validate is None:
            object.__setattr__(self, "validate", _choice_of(choices))
        FIELDS[self.name] = self


def _choice_of(choices: type[StrEnum]) -> Validator:
    def validate_choice(_name: str, value: object) -> StrEnum:
        return choices(value)

    return validate_choice


def editable_fields() -> dict[str, Validator]:
    """Return the validator of each field that can be edited, by name."""
    return {name: field.validate for name, field in FIELDS.items() if field.validate is not None}


def requester_editable_fields() -> frozenset[str]:
    """Return the fields that requesters may change on their own tickets."""
    return frozenset(name for name, field in FIELDS.items() if field.requester_may_edit)


def searched_fields() -> frozenset[str]:
    """Return the fields that the search text of a ticket includes."""
    return frozenset(name for name, field in FIELDS.items() if field.is_searched)


def _validate_hours(name: str, value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 100_000:
        raise Invalid(name, "must be between 0 and 100,000 hours")
    return value


def _validate_moment(name: str, value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise Invalid(name, "must say its time zone")
    try:
        return value and value.astimezone(UTC)
    except OverflowError:
        raise Invalid(name, "is too far away") from None


def _optional_line(max_length: int) -> Validator:
    return lambda name, value: validators.optional_line(name, value, max_length)


PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL

STATUS = TicketField("status", PUBLIC)
PRIORITY = TicketField("priority", PUBLIC, choices=Priority, requester_may_edit=True)
KIND = TicketField("kind", PUBLIC, choices=Kind)
CATEGORY = TicketField("category", PUBLIC, choices=Category, requester_may_edit=True)
SEVERITY = TicketField("severity", PUBLIC, choices=Severity, requester_may_edit=True)
TITLE = TicketField(
    "title", PUBLIC, validate=validators.required_line, requester_may_edit=True, is_searched=True
)
DESCRIPTION = TicketField(
    "description",
    PUBLIC,
    validate=validators.required_text,
    requester_may_edit=True,
    is_searched=True,
)
SECTION = TicketField(
    "section", PUBLIC, validate=_optional_line(120), requester_may_edit=True, is_searched=True
)
PLUGIN_NAME = TicketField(
    "plugin_name", PUBLIC, validate=_optional_line(200), requester_may_edit=True, is_searched=True
)
CLIENT_VERSION = TicketField(
    "client_version", PUBLIC, validate=_optional_line(60), requester_may_edit=True
)
STEPS_TO_REPRODUCE = TicketField(
    "steps_to_reproduce",
    PUBLIC,
    validate=validators.optional_text,
    requester_may_edit=True,
    is_searched=True,
)
EXPECTED_BEHAVIOR = TicketField(
    "expected_behavior",
    PUBLIC,
    validate=validators.optional_text,
    requester_may_edit=True,
    is_searched=True,
)
ACTUAL_BEHAVIOR = TicketField(
    "actual_behavior",
    PUBLIC,
    validate=validators.optional_text,
    requester_may_edit=True,
    is_searched=True,
)
ENVIRONMENT = TicketField(
    "environment", PUBLIC, validate=validators.validate_environment, requester_may_edit=True
)
TAGS = TicketField(
    "tags", PUBLIC, validate=validators.validate_tags, requester_may_edit=True, is_searched=True
)
DUE_AT = TicketField("due_at", PUBLIC, validate=_validate_moment)
ASSIGNEE = TicketField("assignee", PUBLIC)
TEAM = TicketField("team", INTERNAL)
DEPARTMENT = TicketField("department", PUBLIC)
COMPANY = TicketField("company", PUBLIC)
CONTACT = TicketField("contact", PUBLIC)
ADMIN_FEEDBACK = TicketField("admin_feedback", PUBLIC, validate=validators.optional_text)
PUBLIC_NOTES = TicketField("public_notes", PUBLIC, validate=validators.optional_text)
INTERNAL_NOTES = TicketField("internal_notes", INTERNAL, validate=validators.optional_text)
ESTIMATED_HOURS = TicketField("estimated_hours", INTERNAL, validate=_validate_hours)
ACTUAL_HOURS = TicketField("actual_hours", INTERNAL, validate=_validate_hours)
SATISFACTION_RATING = TicketField("satisfaction_rating", PUBLIC)
DUPLICATE_OF = TicketField("duplicate_of", INTERNAL)
MERGED_INTO = TicketField("merged_into", PUBLIC)
MERGED_FROM = TicketField("merged_from", PUBLIC)
FOLLOW_UP = TicketField("follow_up", PUBLIC)
FOLLOW_UP_OF = TicketField("follow_up_of", PUBLIC)
TEXT_FORMAT = TicketField("text_format", INTERNAL)
COMMENT = TicketField("comment", INTERNAL)
"""The text of a comment before it was edited or withdrawn."""
FILE = TicketField("file", INTERNAL)
"""A removed file; the entry of a public file has the audience of the file."""

INTERNAL_FIELDS = frozenset(
    name
    for name, field in FIELDS.items()
    if field.audience is INTERNAL and field not in (COMMENT, FILE)
)
"""Fields of the ticket itself whose changes only staff may read."""


def ensure_registered(names: Iterable[str], registry_name: str) -> None:
    """Raise `LookupError` for names that are no registered fields; called at import."""
    unknown = sorted(set(names) - FIELDS.keys())
    if unknown:
        raise LookupError(f"{registry_name} has fields without an audience: {', '.join(unknown)}")


MAX_FILES = 100
"""Files on one ticket."""
