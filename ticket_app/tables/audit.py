"""The record of administrative changes; changes of tickets are on their timelines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import LongText, UtcDateTime, VocabularyString


class AuditEntry(SQLModel, table=True):
    """One administrative change: who, what, old and new value, when and from where.

    The names are kept as they were, and there are no foreign keys, so that an entry outlives the
    people and things it names.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_actor", "actor_id", "at", "id"),
        Index("ix_audit_entry_kind", "kind", "at", "id"),
        Index("ix_audit_entry_field", "field", "at", "id"),
        Index("ix_audit_entry_channel", "channel", "at", "id"),
        Index("ix_audit_entry_subject", "subject_type", "subject_id", "at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(sa_type=VocabularyString)
    action: str = Field(sa_type=VocabularyString)
    actor_id: int | None = None
    actor_name: str | None = Field(default=None, max_length=301)
    subject_type: str = Field(sa_type=VocabularyString)
    subject_id: int | None = None
    subject_name: str = Field(default="", max_length=400)
    field: str | None = Field(default=None, max_length=40)
    old_value: str | None = Field(default=None, sa_type=LongText)
    new_value: str | None = Field(default=None, sa_type=LongText)
    channel: str = Field(sa_type=VocabularyString)
    address: str = Field(default="", max_length=64)
    request_id: str = Field(default="", max_length=64)
