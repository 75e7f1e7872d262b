"""The format of texts that people write: plain text or Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ticket_app.core.platform.errors import Invalid, invalid_choice
from ticket_app.core.platform.vocabulary import TextFormat

FORMATTED_FIELDS = (
    "description",
    "steps_to_reproduce",
    "expected_behavior",
    "actual_behavior",
    "admin_feedback",
    "internal_notes",
    "public_notes",
)
"""The text fields of a ticket whose formats are in `Ticket.text_formats`."""

PLAIN_TEXT_CHANNELS = frozenset({"kubebro", "bmasia", "enterprise", "ticketing"})
"""The channels whose texts are plain unless the client names another format.

People who use the web app write Markdown, and Centcom's guide asks for formatted text.
"""


def default_format_for(channel: str) -> TextFormat:
    """Return the format of a text that was sent through a channel without naming one."""
    return TextFormat.PLAIN if channel in PLAIN_TEXT_CHANNELS else TextFormat.MARKDOWN


def formats_of_texts(values: Mapping[str, object], text_format: TextFormat) -> dict[str, str]:
    """Return the `Ticket.text_formats` of a new ticket whose texts have one format."""
    return {name: str(text_format) for name in FORMATTED_FIELDS if values.get(name)}


class HasTextFormats(Protocol):
    """A ticket, or a row of one, with the formats of its texts."""

    @property
    def text_formats(self) -> Mapping[str, str]:
        """The format of each text field; a field that is missing has Markdown."""
        ...


def get_format(ticket: HasTextFormats, field_name: str) -> TextFormat:
    """Return the format of a text field of a ticket or ticket row."""
    return TextFormat(ticket.text_formats.get(field_name, TextFormat.MARKDOWN))


def parse_format(value: str | None) -> TextFormat | None:
    """Return the format a client names, or None. Raises `Invalid` for an unknown one."""
    if not value:
        return None
    try:
        return TextFormat(value)
    except ValueError:
        raise Invalid("format", invalid_choice(TextFormat, value), value) from None
