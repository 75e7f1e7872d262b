"""Replies that wait to be sent: for "undo send", or until a time their author chose."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, Uuid, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString

IS_WAITING = text("state = 'waiting'")


class HeldReply(SQLModel, table=True):
    """A reply that is not part of the conversation before `send_at`.

    `state` is one of `waiting`, `sent`, `cancelled` and `failed`.
    """

    __tablename__ = "held_reply"
    __table_args__ = (
        Index("ix_held_reply_ticket", "ticket_id", "id"),
        Index("ix_held_reply_author", "author_id", "state", "id"),
        Index(
            "ix_held_reply_due",
            "send_at",
            "id",
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    author_id: int = Field(foreign_key="person.id")
    content: str = Field(sa_type=LongText)
    text_format: str = Field(sa_type=VocabularyString)
    is_internal: bool = False
    arguments: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    """What else was given with it: files, mentioned people, the status to set."""
    is_scheduled: bool = False
    """Whether its author chose the time; otherwise it is held for "undo send"."""
    is_cancelled_by_reply: bool = False
    """Whether a message of the requester cancels it."""
    send_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(sa_type=VocabularyString)
    reason: str | None = Field(default=None, max_length=500)
    entry_id: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
