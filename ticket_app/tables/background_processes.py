"""Processes that do background work, with their heartbeats."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Uuid
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import UtcDateTime


class BackgroundProcess(SQLModel, table=True):
    """One running process; the row is deleted when it ends or is found dead."""

    __tablename__ = "background_process"

    id: UUID = Field(default_factory=uuid4, sa_type=Uuid, primary_key=True)
    machine: str = Field(max_length=200)
    pid: int
    start_time: str = Field(max_length=40)
    """Distinguishes this process from a later one with the same pid."""
    registered_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
