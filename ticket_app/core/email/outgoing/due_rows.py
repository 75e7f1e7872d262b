"""The notifications that an email is to tell of, whom it is for, and the tickets it is about."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ticket_app.core.email.outgoing.conversation import safe_name


class DueNotificationRow:
    """A notification that an email is to tell of."""

    id: int
    kind: str
    ticket_id: int | None
    message: str
    entry_id: int | None
    entry_uuid: UUID | None
    actor_name: str | None


class RecipientRow:
    """The person whom an email is for."""

    id: int
    email: str
    full_name: str
    role: str
    is_active: bool
    preferences: dict[str, object]


class TicketTitleRow:
    """The number and the title of a ticket that an email is about."""

    id: int
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    title: str


class EmailedTicketRow(TicketTitleRow):
    """The ticket that an email is about."""

    uuid: UUID
    status: str
    requester_id: int


def without_address(message: str, actor_name: str | None) -> str:
    """Return a message without the address of somebody whose name is an address."""
    if actor_name and "@" in actor_name:
        return message.replace(actor_name, safe_name(actor_name))
    return message
