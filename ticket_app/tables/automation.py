"""Saved replies and macros, and who has used them when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString


class SavedReply(SQLModel, table=True):
    """A text that staff insert into replies and notes; it may have variables.

    `scope` is `me` (its owner), `team` or `everyone`.
    """

    __tablename__ = "saved_reply"
    __table_args__ = (Index("ix_saved_reply_scope", "scope", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=120)
    content: str = Field(sa_type=LongText)
    shortcut: str | None = Field(default=None, max_length=40)
    scope: str = Field(sa_type=VocabularyString)
    owner_id: int = Field(foreign_key="person.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class SavedReplyUse(SQLModel, table=True):
    """How often and when a person has used a saved reply."""

    __tablename__ = "saved_reply_use"

    saved_reply_id: int = Field(foreign_key="saved_reply.id", ondelete="CASCADE", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    use_count: int
    last_used_at: datetime = Field(sa_type=UtcDateTime)


class Macro(SQLModel, table=True):
    """Several changes that one press makes to a ticket; scopes are those of saved replies."""

    __table_args__ = (Index("ix_macro_scope", "scope", "rank", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    actions: list[dict[str, object]] = Field(default_factory=list, sa_type=Json)
    shortcut: str | None = Field(default=None, max_length=1)
    """The key that applies it from the open menu of macros."""
    rank: int
    scope: str = Field(sa_type=VocabularyString)
    owner_id: int = Field(foreign_key="person.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class MacroUse(SQLModel, table=True):
    """How often and when a person has applied a macro."""

    __tablename__ = "macro_use"

    macro_id: int = Field(foreign_key="macro.id", ondelete="CASCADE", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    use_count: int
    last_used_at: datetime = Field(sa_type=UtcDateTime)
