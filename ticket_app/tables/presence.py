"""Who has which ticket open in which tab, for a short time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Uuid
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import UtcDateTime, VocabularyString


class Presence(SQLModel, table=True):
    """A tab in which a member of staff has a ticket open, and what they do there."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_ticket", "ticket_id"),)

    tab: UUID = Field(primary_key=True, sa_type=Uuid)
    ticket_id: int = Field(foreign_key="ticket.id")
    person_id: int = Field(foreign_key="person.id")
    activity: str = Field(sa_type=VocabularyString)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    """When the tab was last known to be open."""
