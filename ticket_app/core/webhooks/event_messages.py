"""Webhook events as they are stored and sent: JSON in the words of the installed format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import orjson

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.webhooks.payload_format import (
    PersonReference,
    TicketSnapshot,
    get_payload_format,
)

PING_EVENT = "ping"
"""The event of a test delivery; webhooks cannot subscribe to it."""


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook event: `data` is JSON; `entry_id` is the timeline entry that makes it unique."""

    name: str
    ticket_id: int | None
    entry_id: int | None
    occurred_at: datetime
    data: bytes


def to_json(content: object) -> bytes:
    """Return JSON with times in UTC; dataclasses become objects."""
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def build_ping(uow: UnitOfWork) -> Event:
    """Build a test event about an example ticket."""
    person = PersonReference(uow.actor.id, uow.actor.username)
    example = TicketSnapshot(
        id=0,
        key_prefix=Kind.REQUEST.prefix,
        key_number=0,
        opened_on=date(2023, 12, 1),
        day_number=1,
        title="A message to try the webhook",
        status=Status.OPEN,
        priority=Priority.MEDIUM,
        kind=Kind.REQUEST,
        tags=[],
        creator=person,
        assignee=None,
        department_id=None,
        due_at=None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    ticket = get_payload_format().format_ticket(example)
    return Event(PING_EVENT, None, None, uow.now, to_json({"ticket": ticket, "actor": person}))


def format_payload(event: Event, webhook_id: str) -> str:
    """Return the JSON payload of an event for one receiver."""
    return to_json(
        get_payload_format().format_message(
            event=event.name,
            occurred_at=event.occurred_at,
            data=orjson.Fragment(event.data),
            webhook_id=webhook_id,
        )
    ).decode()
