"""Notifications, who follows a ticket, and where browsers receive notifications."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, Uuid, text, true
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import LongText, UtcDateTime, VocabularyString

IS_UNREAD = text("read_at IS NULL")
IS_EMAIL_WAITING = text("email_state = 'waiting'")
IS_ABOUT_AN_ENTRY = text("entry_id IS NOT NULL")


class Notification(SQLModel, table=True):
    """A notification of one person, and whether it is sent by email too.

    `email_state` is one of `none`, `waiting` (until `email_due_at`), `sent` and `dropped` (it was
    read before).
    """

    __table_args__ = (
        Index("ix_notification_person", "person_id", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            "ticket_id",
            "id",
            sqlite_where=IS_UNREAD,
            postgresql_where=IS_UNREAD,
        ),
        Index(
            "ix_notification_email_due",
            "email_due_at",
            "person_id",
            "ticket_id",
            sqlite_where=IS_EMAIL_WAITING,
            postgresql_where=IS_EMAIL_WAITING,
        ),
        Index(
            "uq_notification_once",
            "entry_id",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=IS_ABOUT_AN_ENTRY,
            postgresql_where=IS_ABOUT_AN_ENTRY,
        ),
        Index("ix_notification_created", "created_at"),
        Index("ix_notification_read", "read_at", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str = Field(sa_type=VocabularyString)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    entry_id: int | None = None
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    message: str = Field(max_length=300)
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_in_app: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether the person sees it in the app."""
    email_state: str = Field(
        default="none", sa_type=VocabularyString, sa_column_kwargs={"server_default": "none"}
    )
    email_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Follower(SQLModel, table=True):
    """A person who follows a ticket, or did so until `unfollowed_at`.

    `reason` is `participant`, `cc` (named in an email's To or Cc) or `chosen`.
    """

    __table_args__ = (
        Index("uq_follower", "ticket_id", "person_id", unique=True),
        Index("ix_follower_person", "person_id", "ticket_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    person_id: int = Field(foreign_key="person.id")
    reason: str = Field(sa_type=VocabularyString)
    created_at: datetime = Field(sa_type=UtcDateTime)
    unfollowed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PushSubscription(SQLModel, table=True):
    """Where the browser of an installed app receives notifications (Web Push)."""

    __tablename__ = "push_subscription"

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    endpoint: str = Field(sa_type=LongText)
    endpoint_hash: str = Field(max_length=64, unique=True)
    keys: str = Field(sa_type=LongText)
    """The browser's public key and shared secret, encrypted."""
    failures: int = 0
    last_notification_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The newest notification that was sent to it."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
