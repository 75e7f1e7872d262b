"""Notifications, kept until they are read and old."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import UtcDateTime, VocabularyString

IS_UNREAD = text("read_at IS NULL")


class Notification(SQLModel, table=True):
    """A notification of one person."""

    __table_args__ = (
        Index("ix_notification_person", "person_id", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            "id",
            sqlite_where=IS_UNREAD,
            postgresql_where=IS_UNREAD,
        ),
        Index("ix_notification_created", "created_at"),
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
