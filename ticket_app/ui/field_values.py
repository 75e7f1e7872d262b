"""The values of ticket fields as people read them, for any field of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.vocabulary import Category, ContactChannel, Severity
from ticket_app.core.tickets.fields import SECTION, FieldType, TicketField
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.core.tickets.sections import format_section
from ticket_app.ui import texts, theme
from ticket_app.ui.rows import iso_time

CATEGORY_LABELS: Final[dict[str, str]] = {
    Category.TECHNICAL: texts.CATEGORY_TECHNICAL,
    Category.BILLING: texts.CATEGORY_BILLING,
    Category.ZONE_CONFIG: texts.CATEGORY_ZONE_CONFIG,
    Category.ACCOUNT: texts.CATEGORY_ACCOUNT,
    Category.PRODUCT: texts.CATEGORY_PRODUCT,
    Category.FEATURE_REQUEST: texts.CATEGORY_FEATURE_REQUEST,
    Category.BUG: texts.CATEGORY_BUG,
    Category.SUPPORT: texts.CATEGORY_SUPPORT,
    Category.GENERAL: texts.CATEGORY_GENERAL,
    Category.OTHER: texts.CATEGORY_OTHER,
}
SEVERITY_LABELS: Final[dict[str, str]] = {
    Severity.CRITICAL: texts.SEVERITY_CRITICAL,
    Severity.MAJOR: texts.SEVERITY_MAJOR,
    Severity.MINOR: texts.SEVERITY_MINOR,
    Severity.COSMETIC: texts.SEVERITY_COSMETIC,
}
CHOICE_LABELS: Final[dict[str, Mapping[str, str]]] = {
    "status": {value: look.word for value, look in theme.STATUS_LOOKS.items()},
    "priority": {value: look.word for value, look in theme.PRIORITY_LOOKS.items()},
    "kind": {value: look.word for value, look in theme.KIND_LOOKS.items()},
    "category": CATEGORY_LABELS,
    "severity": SEVERITY_LABELS,
}
"""The labels of the values that have some; those of other fields are their words."""

CHANNEL_LABELS: Final[dict[str, str]] = {
    ContactChannel.PHONE: texts.CHANNEL_PHONE,
    ContactChannel.EMAIL: texts.CHANNEL_EMAIL,
    ContactChannel.CHAT: texts.CHANNEL_CHAT,
    ContactChannel.IN_PERSON: texts.CHANNEL_IN_PERSON,
}
USED_CHANNELS: Final[dict[str, str]] = {
    ContactChannel.PHONE: texts.CHANNEL_PHONE_USED,
    ContactChannel.EMAIL: texts.CHANNEL_EMAIL_USED,
    ContactChannel.CHAT: texts.CHANNEL_CHAT_USED,
    ContactChannel.IN_PERSON: texts.CHANNEL_IN_PERSON_USED,
}


def describe_creator(row: TicketRow, requester_name: str) -> str:
    """Return who created a ticket for its requester, and how they were reached.

    Empty for a ticket that its requester has created.
    """
    if row.created_by_id == row.requester_id:
        return ""
    return texts.created_for(row.creator_name, requester_name, USED_CHANNELS.get(row.channel, ""))


ABBREVIATIONS: Final = frozenset({"api", "cpu", "gb", "id", "ip", "mb", "os", "url"})
"""Words that a label writes in capitals."""


def humanize(word: str) -> str:
    """Return a word of a vocabulary as a label: "zone_config" as "Zone config"."""
    words = word.replace("_", " ").lower().split()
    label = " ".join(word.upper() if word in ABBREVIATIONS else word for word in words)
    return label[:1].upper() + label[1:]


def field_label(field: TicketField) -> str:
    """Return the label of a field, at the start of a line."""
    return field.label[:1].upper() + field.label[1:]


def choice_labels(field: TicketField) -> Mapping[str, str]:
    """Return the values of a field with a fixed set of them, and their labels, in order."""
    if field.name in CHOICE_LABELS:
        return CHOICE_LABELS[field.name]
    return {str(value): humanize(value) for value in field.choices or ()}


def choice_label(name: str, value: str) -> str:
    """Return the label of a value of the field with this name."""
    return CHOICE_LABELS.get(name, {}).get(value) or humanize(value)


def parse_value(field: TicketField, text: str) -> object:
    """Return the value that a person has chosen or written; None for an empty text.

    Raises `Invalid`. Tags and times have their own controls, which are parsed where they are used.
    """
    if not text.strip():
        return None
    if field.choices is not None:
        if text not in {str(value) for value in field.choices}:
            raise Invalid(field.name, texts.UNKNOWN_CHOICE)
        return field.choices(text)
    if field.type is not FieldType.NUMBER:
        return text
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Invalid(field.name, texts.INVALID_HOURS) from None


def format_value(field: TicketField, value: object) -> str:
    """Return a stored value as text; empty for none. Times are in ISO format."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, datetime):
        return iso_time(value)
    if isinstance(value, float):
        return texts.hours(value)
    if isinstance(value, list):
        return ", ".join(cast("list[str]", value))
    if field is SECTION:
        return format_section(str(value))
    return choice_label(field.name, str(value)) if field.has_choices else str(value)
