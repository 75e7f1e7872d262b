"""Merged tickets, and the entries and files that the merge moved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, UtcDateTime, VocabularyString


class Merge(SQLModel, table=True):
    """One ticket was merged into another: by whom, and its state before."""

    __table_args__ = (Index("ix_merge_source", "source_ticket_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    source_ticket_id: int = Field(foreign_key="ticket.id")
    target_ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    merged_by_id: int = Field(foreign_key="person.id")
    merged_at: datetime = Field(sa_type=UtcDateTime)
    previous_status: str = Field(sa_type=VocabularyString)
    previous_resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    previous_closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    previous_duplicate_of_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    added_tags: list[str] = Field(default_factory=list, sa_type=Json)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MovedEntry(SQLModel, table=True):
    """A timeline entry that a merge moved to another ticket."""

    __tablename__ = "moved_entry"

    entry_id: int = Field(primary_key=True, foreign_key="timeline.id")
    original_ticket_id: int = Field(foreign_key="ticket.id", index=True)


class MovedAttachment(SQLModel, table=True):
    """An attachment that a merge moved to another ticket."""

    __tablename__ = "moved_attachment"

    attachment_id: int = Field(primary_key=True, foreign_key="attachment.id")
    original_ticket_id: int = Field(foreign_key="ticket.id", index=True)
