"""Tickets that a person has put aside for a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import UtcDateTime


class Snooze(SQLModel, table=True):
    """A ticket that a member of staff does not want to see before `until`."""

    __tablename__ = "snooze"
    __table_args__ = (
        Index("ix_snooze_ticket", "ticket_id"),
        Index("ix_snooze_until", "until"),
    )

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
