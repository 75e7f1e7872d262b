"""The time that staff have spent on tickets."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import UtcDateTime


class TimeEntry(SQLModel, table=True):
    """Minutes that a person has worked on a ticket on one day."""

    __tablename__ = "time_entry"
    __table_args__ = (
        Index("ix_time_entry_ticket", "ticket_id", "worked_on", "id"),
        Index("ix_time_entry_day", "worked_on", "person_id"),
        Index("ix_time_entry_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    person_id: int = Field(foreign_key="person.id")
    worked_on: date
    minutes: int
    note: str | None = Field(default=None, max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
