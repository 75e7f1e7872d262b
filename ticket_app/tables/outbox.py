"""The outbox, webhooks with their deliveries, and idempotent responses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, LargeBinary, Uuid, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString

IS_CLAIMED = text("claimed_by IS NOT NULL")


class OutboxMessage(SQLModel, table=True):
    """A job to run after the commit, at least once."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "done_at", "topic", "due_at", "id"),
        Index(
            "ix_outbox_claimed_by",
            "claimed_by",
            sqlite_where=IS_CLAIMED,
            postgresql_where=IS_CLAIMED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    topic: str = Field(max_length=60)
    payload: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: UUID | None = Field(default=None, sa_type=Uuid)
    """The background process that works on it."""
    attempts: int = 0
    last_error: str | None = Field(default=None, max_length=500)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Webhook(SQLModel, table=True):
    """A webhook subscription (specs/enterprise, "Webhook Integration")."""

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    owner_id: int = Field(foreign_key="person.id", index=True)
    url: str = Field(max_length=2000)
    events: list[str] = Field(default_factory=list, sa_type=Json)
    encrypted_secret: str = Field(max_length=500)
    encrypted_old_secret: str | None = Field(default=None, max_length=500)
    old_secret_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_active: bool = Field(default=True, index=True)
    failures: int = 0
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deactivation_reason: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WebhookDelivery(SQLModel, table=True):
    """One event on its way to one webhook, with the outcome of each attempt.

    While an attempt is running, `next_try_at` is the end of its lease.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_webhook", "webhook_id", "id"),
        Index("ix_webhook_delivery_of_state", "webhook_id", "state", "id"),
        Index("ix_webhook_delivery_of_event", "webhook_id", "event", "id"),
        Index("ix_webhook_delivery_due", "webhook_id", "state", "next_try_at"),
        Index("ix_webhook_delivery_created", "created_at", "id"),
        Index("uq_webhook_delivery_once", "webhook_id", "event", "entry_id", unique=True),
        Index(
            "ix_webhook_delivery_claimed_by",
            "claimed_by",
            sqlite_where=IS_CLAIMED,
            postgresql_where=IS_CLAIMED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    webhook_id: int = Field(foreign_key="webhook.id")
    event: str = Field(max_length=60)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    entry_id: int | None = None
    payload: str = Field(sa_type=LongText)
    state: str = Field(sa_type=VocabularyString)
    attempts: int = 0
    attempt_log: list[dict[str, object]] = Field(default_factory=list, sa_type=Json)
    next_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: UUID | None = Field(default=None, sa_type=Uuid)
    """The background process that is sending it."""
    response_status: int | None = None
    response_body: str | None = Field(default=None, max_length=2000)
    created_at: datetime = Field(sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotentResponse(SQLModel, table=True):
    """The response to a POST with this idempotency key, stored in the transaction of its effect."""

    __tablename__ = "idempotent_response"
    __table_args__ = (
        Index("uq_idempotent_response", "person_id", "method", "route", "key", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    method: str = Field(max_length=8)
    route: str = Field(max_length=300)
    key: str = Field(max_length=255)
    request_hash: str = Field(max_length=64)
    status: int
    headers: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    body: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
