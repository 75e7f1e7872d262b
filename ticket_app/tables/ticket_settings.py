"""What administrators set up for new tickets: routing rules, templates and sections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, UtcDateTime, VocabularyString


class RoutingRule(SQLModel, table=True):
    """Which new tickets go to which team or person, and whose turn it is."""

    __tablename__ = "routing_rule"
    __table_args__ = (Index("ix_routing_rule_rank", "rank", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    name_folded: str = Field(max_length=120, unique=True)
    rank: int
    kinds: list[str] = Field(default_factory=list, sa_type=Json)
    categories: list[str] = Field(default_factory=list, sa_type=Json)
    sections: list[str] = Field(default_factory=list, sa_type=Json)
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    assignee_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    method: str = Field(sa_type=VocabularyString)
    # No foreign key: the turn goes on after the last assignee's account is gone.
    last_assignee_id: int | None = None
    assigned_count: int = 0
    """How many tickets the rule has assigned; it changes with `last_assignee_id`."""
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class TicketTemplate(SQLModel, table=True):
    """Values that the form for a new ticket begins with."""

    __tablename__ = "ticket_template"
    __table_args__ = (Index("ix_ticket_template_rank", "rank", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    name_folded: str = Field(max_length=120, unique=True)
    summary: str | None = Field(default=None, max_length=300)
    rank: int
    is_staff_only: bool = False
    is_active: bool = True
    ticket_values: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Section(SQLModel, table=True):
    """A section that the form for a new ticket offers; tickets keep its `value` as a text."""

    __table_args__ = (Index("ix_section_rank", "rank", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    value: str = Field(max_length=120, unique=True)
    name: str = Field(max_length=120)
    name_folded: str = Field(max_length=120, unique=True)
    rank: int
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class RatingRequestSettings(SQLModel, table=True):
    """Whether requesters are asked by email to rate resolved tickets; one row at most."""

    __tablename__ = "rating_request_settings"

    id: int | None = Field(default=None, primary_key=True)
    is_active: bool = False
    delay_hours: int = 24
    active_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Tickets that were resolved before are not asked about."""
