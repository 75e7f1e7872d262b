"""The fields of a ticket that its timeline records, and who may read of their changes.

A change is recorded with one of these, so that a field has an audience before its first line is
written: `TicketField` cannot be made without one, and what may be edited or is told by webhooks is
held against this registry when the modules are imported (`require`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ticket_app.core.platform.vocabulary import Audience
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
