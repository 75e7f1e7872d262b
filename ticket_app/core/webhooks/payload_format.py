"""What webhook events are about, and the format that turns it into payloads.

The words of payloads belong to the document that describes webhooks, so its dialect writes them.
The program that is assembled installs the format before events are built.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.tickets.fields import TicketField

MAX_VALUE_LENGTH = 1_000
"""Characters of a value; longer values are cut and marked as truncated."""
MAX_COMMENT_LENGTH = 10_000
"""Characters of a comment; longer comments are cut and marked as truncated."""


@dataclass(frozen=True, slots=True)
class PersonReference:
    """A person as events name them."""

    id: int
    username: str


@dataclass(slots=True)
class TicketSnapshot:
    """A ticket as it was when an event happened."""

    id: int
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    title: str
    status: Status
    priority: Priority
    kind: Kind
    tags: list[str]
    creator: PersonReference | None
    assignee: PersonReference | None
    department_id: int | None
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A change of one field; references are ids."""

    field: TicketField
    old: object
    new: object
    is_internal: bool


@dataclass(frozen=True, slots=True)
class TrashChange:
    """A ticket was moved to the trash, or restored from it."""

    is_deleted: bool


class EventDetails:
    """What an event is about besides its ticket; `core.webhooks.events` has one class per shape."""

    __slots__ = ()


class PayloadFormat(Protocol):
    """Writes events in the words of a document."""

    def format_ticket(self, ticket: TicketSnapshot) -> dict[str, object]:
        """Return the ticket that every event shows."""
        ...

    def is_visible(self, change: FieldChange) -> bool:
        """Return whether the old and the new value differ in the words of the document."""
        ...

    def format_details(self, details: EventDetails) -> dict[str, object]:
        """Return what an event shows besides the ticket and the actor. Raises `KeyError` for a
        class that the format does not know.
        """
        ...

    def format_message(
        self, *, event: str, occurred_at: datetime, data: object, webhook_id: str
    ) -> dict[str, object]:
        """Return the message of an event to one receiver."""
        ...


_installed: list[PayloadFormat] = []


def install(payload_format: PayloadFormat) -> None:
    """Write payloads in this format; called once, when the program is assembled."""
    _installed[:] = [payload_format]


def get_payload_format() -> PayloadFormat:
    """Return the installed format. Raises `RuntimeError` if there is none."""
    if not _installed:
        raise RuntimeError("Install a payload format before building webhook events")
    return _installed[0]
