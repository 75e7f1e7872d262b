"""The rows that webhooks and their deliveries are read as."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID


class WebhookRow:
    """A webhook, with the username of its owner."""

    id: int
    uuid: UUID
    owner_id: int
    url: str
    events: list[str]
    old_secret_expires_at: datetime | None
    is_active: bool
    failures: int
    failing_since: datetime | None
    deactivation_reason: str | None
    created_at: datetime
    updated_at: datetime
    owner_username: str


class DeliverySummaryRow:
    """A delivery in the log of a webhook, with the key of its ticket."""

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
    claimed_by: UUID | None
    response_status: int | None
    response_body: str | None
    created_at: datetime
    delivered_at: datetime | None
