"""The fields of a ticket that its timeline records, and who may read of their changes.

A change is recorded with one of these, so that a field has an audience before its first line is
written: `TicketField` cannot be made without one, and what may be edited or is told by webhooks is
held against this registry when the modules are imported (`require`).
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

FIELDS: dict[str, TicketField] = {}
"""Every recorded field by its name."""


@dataclass(frozen=True, slots=True)
class TicketField(RecordedField):
    """A field of a ticket; the registry has one of each name."""

    def __post_init__(self) -> None:
        RecordedField.__post_init__(self)
        if self.name in FIELDS:
            raise ValueError(f"the field {self.name} is registered twice")
        FIELDS[self.name] = self


PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL

STATUS = TicketField("status", PUBLIC)
PRIORITY = TicketField("priority", PUBLIC)
KIND = TicketField("kind", PUBLIC)
CATEGORY = TicketField("category", PUBLIC)
SEVERITY = TicketField("severity", PUBLIC)
TITLE = TicketField("title", PUBLIC)
DESCRIPTION = TicketField("description", PUBLIC)
SECTION = TicketField("section", PUBLIC)
PLUGIN_NAME = TicketField("plugin_name", PUBLIC)
CLIENT_VERSION = TicketField("client_version", PUBLIC)
STEPS_TO_REPRODUCE = TicketField("steps_to_reproduce", PUBLIC)
EXPECTED_BEHAVIOR = TicketField("expected_behavior", PUBLIC)
ACTUAL_BEHAVIOR = TicketField("actual_behavior", PUBLIC)
ENVIRONMENT = TicketField("environment", PUBLIC)
TAGS = TicketField("tags", PUBLIC)
DUE_AT = TicketField("due_at", PUBLIC)
ASSIGNEE = TicketField("assignee", PUBLIC)
TEAM = TicketField("team", INTERNAL)
DEPARTMENT = TicketField("department", PUBLIC)
COMPANY = TicketField("company", PUBLIC)
CONTACT = TicketField("contact", PUBLIC)
ADMIN_FEEDBACK = TicketField("admin_feedback", PUBLIC)
PUBLIC_NOTES = TicketField("public_notes", PUBLIC)
INTERNAL_NOTES = TicketField("internal_notes", INTERNAL)
ESTIMATED_HOURS = TicketField("estimated_hours", INTERNAL)
ACTUAL_HOURS = TicketField("actual_hours", INTERNAL)
SATISFACTION_RATING = TicketField("satisfaction_rating", PUBLIC)
DUPLICATE_OF = TicketField("duplicate_of", INTERNAL)
MERGED_INTO = TicketField("merged_into", PUBLIC)
MERGED_FROM = TicketField("merged_from", PUBLIC)
FOLLOW_UP = TicketField("follow_up", PUBLIC)
FOLLOW_UP_OF = TicketField("follow_up_of", PUBLIC)
TEXT_FORMAT = TicketField("text_format", INTERNAL)
COMMENT = TicketField("comment", INTERNAL)
"""What a comment said before it was changed or withdrawn."""
FILE = TicketField("file", INTERNAL)
"""A removed file; the line of a public file is written for the file's own audience."""

INTERNAL_FIELDS = frozenset(
    name
    for name, field in FIELDS.items()
    if field.audience is INTERNAL and field not in (COMMENT, FILE)
)
"""Fields of the ticket itself whose changes only staff may read of."""


def ensure_registered(names: Iterable[str], registry_name: str) -> None:
    """Raise `LookupError` for names that are no registered fields; called at import."""
    unknown = sorted(set(names) - FIELDS.keys())
    if unknown:
        raise LookupError(f"{registry_name} has fields without an audience: {', '.join(unknown)}")


MAX_FILES = 100
"""Files on one ticket."""


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


FIELD_VALIDATORS: dict[str, Callable[[str, Any], Any]] = {
    "title": validators.required_line,
    "description": validators.required_text,
    "section": lambda name, value: validators.optional_line(name, value, 120),
    "plugin_name": lambda name, value: validators.optional_line(name, value, 200),
    "client_version": lambda name, value: validators.optional_line(name, value, 60),
    "steps_to_reproduce": validators.optional_text,
    "expected_behavior": validators.optional_text,
    "actual_behavior": validators.optional_text,
    "environment": validators.validate_environment,
    "tags": validators.validate_tags,
    "admin_feedback": validators.optional_text,
    "internal_notes": validators.optional_text,
    "public_notes": validators.optional_text,
    "estimated_hours": _validate_hours,
    "actual_hours": _validate_hours,
    "kind": lambda _name, value: Kind(value),
    "priority": lambda _name, value: Priority(value),
    "severity": lambda _name, value: Severity(value),
    "category": lambda _name, value: Category(value),
    "due_at": _validate_moment,
}
"""What may be written into each field, by name."""

FIELD_CHOICES: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "priority": Priority,
    "severity": Severity,
    "category": Category,
}
"""The words that a field of `CHECKS` can be, for those that are one of a few."""

REQUESTER_EDITABLE_FIELDS = frozenset(
    {
        "title",
        "description",
        "section",
        "plugin_name",
        "client_version",
        "steps_to_reproduce",
        "expected_behavior",
        "actual_behavior",
        "environment",
        "tags",
        "priority",
        "severity",
        "category",
    }
)
"""What somebody may still change on their own ticket while it is not done."""


SEARCHED_FIELDS = frozenset(
    {
        "title",
        "description",
        "tags",
        "section",
        "plugin_name",
        "steps_to_reproduce",
        "expected_behavior",
        "actual_behavior",
    }
)


ensure_registered(FIELD_VALIDATORS, "FIELD_VALIDATORS")
