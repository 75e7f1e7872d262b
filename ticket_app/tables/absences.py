"""When agents are away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import UtcDateTime, VocabularyString


class Absence(SQLModel, table=True):
    """A time in which a member of staff is away or offline; without an end until they say so."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_person", "person_id", "starts_at"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    state: str = Field(sa_type=VocabularyString)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
