"""The columns of rows that lookups of webhooks and deliveries return."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict
from uuid import UUID


class WebhookRow:
    """A webhook with its owner; without its secrets."""

    id: int
    uuid: UUID
    owner_id: int
    url: str
    events: list[str]
    is_active: bool
    failures: int
    failing_since: datetime | None
    deactivation_reason: str | None
    old_secret_expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    owner_username: str


class DeliverySummaryRow:
    """A delivery in a list, with the key of its ticket."""

    id: int
    uuid: UUID
    webhook_id: int
    event: str
    state: str
    attempts: int
    next_try_at: datetime | None
    response_status: int | None
    created_at: datetime
    delivered_at: datetime | None
    key_prefix: str | None
    key_number: int | None


class DeliveryRow:
    """A delivery with its payload and its attempts."""

    id: int
    uuid: UUID
    webhook_id: int
    event: str
    ticket_id: int | None
    entry_id: int | None
    payload: str
    state: str
    attempts: int
    attempt_log: list[dict[str, object]]
    next_try_at: datetime | None
    response_status: int | None
    response_body: str | None
    claimed_by: UUID | None
    created_at: datetime
    delivered_at: datetime | None


class DueDeliveryRow:
    """A delivery that is due, with the address and the secrets of its webhook."""

    id: int
    uuid: UUID
    event: str
    payload: str
    attempts: int
    created_at: datetime
    url: str
    encrypted_secret: str
    encrypted_old_secret: str | None
    old_secret_expires_at: datetime | None


class WebhookWithDueDeliveriesRow:
    """An active webhook with due deliveries; `failures` since the last success."""

    id: int
    failures: int


class ActiveWebhookRow:
    """An active webhook, its events and its owner."""

    id: int
    uuid: UUID
    events: list[str]
    owner_id: int


class NewDelivery(TypedDict):
    """The columns of a delivery that is queued."""

    uuid: UUID
    webhook_id: int
    event: str
    ticket_id: int | None
    entry_id: int | None
    payload: str
    state: str
    attempts: int
    attempt_log: list[dict[str, object]]
    next_try_at: datetime
    created_at: datetime


class OldValueRow:
    """The old value of a field in a timeline entry, to take that change back."""

    field: str | None
    old_value: str | None
    old_id: int | None


class EventEntryRow(OldValueRow):
    """A timeline entry that may cause an event."""

    id: int
    at: datetime
    actor_id: int | None
    kind: str
    audience: str
    body: str | None
    new_value: str | None
    new_id: int | None
    mentions: list[int] | None
    deleted_at: datetime | None
