"""SLA policies and business calendars (specs/enterprise, "sla_breach_time")."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, UtcDateTime

IS_DEFAULT = text("is_default")


class BusinessCalendar(SQLModel, table=True):
    """Business hours: windows for each weekday in a time zone, and days on which it is closed."""

    __tablename__ = "business_calendar"
    __table_args__ = (
        Index(
            "uq_business_calendar_default",
            "is_default",
            unique=True,
            sqlite_where=IS_DEFAULT,
            postgresql_where=IS_DEFAULT,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    name_folded: str = Field(max_length=120, unique=True)
    zone: str = Field(max_length=64)
    week: list[list[list[int]]] = Field(sa_type=Json)
    country: str | None = Field(default=None, max_length=8)
    subdivision: str | None = Field(default=None, max_length=40)
    closed_on: list[str] = Field(default_factory=list, sa_type=Json)
    is_default: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class SlaPolicy(SQLModel, table=True):
    """Which tickets have SLA targets, and how many minutes for first response and resolution."""

    __tablename__ = "sla_policy"
    __table_args__ = (
        UniqueConstraint("name_folded", name="uq_service_policy_name_folded"),
        Index("ix_sla_policy_rank", "rank", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    name_folded: str = Field(max_length=120)
    rank: int
    priorities: list[str] = Field(default_factory=list, sa_type=Json)
    kinds: list[str] = Field(default_factory=list, sa_type=Json)
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    respond_minutes: int | None = None
    resolve_minutes: int | None = None
    calendar_id: int | None = Field(default=None, foreign_key="business_calendar.id", index=True)
    warn_percent: int | None = 75
    alert_groups: list[str] = Field(
        default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": text("'[]'")}
    )
    """Who is alerted besides the people responsible for a ticket."""
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
