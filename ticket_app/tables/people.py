"""People, and the departments, teams and companies they belong to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, Uuid, false, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString


class Department(SQLModel, table=True):
    """A part of the organisation that owns tickets; its manager decides on approvals."""

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    name: str = Field(max_length=120, unique=True)
    # No foreign key: a person refers to a department, so that neither could be inserted first.
    manager_id: int | None = Field(default=None, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Team(SQLModel, table=True):
    """A group of agents that work on tickets together (BMAsia: Sales, Tech, Finance...)."""

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    name: str = Field(max_length=120, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Company(SQLModel, table=True):
    """A customer organisation."""

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    name: str = Field(max_length=200, index=True)
    name_folded: str = Field(max_length=200, unique=True)
    domain: str | None = Field(default=None, max_length=253, index=True)
    notes: str | None = Field(default=None, sa_type=LongText)
    shares_tickets: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether its people may read each other's tickets."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class Contact(SQLModel, table=True):
    """A person at a company, with or without an account here."""

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    name: str = Field(max_length=200, index=True)
    email: str | None = Field(default=None, max_length=254, index=True)
    phone: str | None = Field(default=None, max_length=60)
    created_at: datetime = Field(sa_type=UtcDateTime)


HAS_OWN_PERMISSIONS = text("permissions <> 'null'")
"""True for the few people with own permissions; none are stored as NULL or as JSON's null."""


class Person(SQLModel, table=True):
    """A person who files tickets or works on them, with or without a sign-in."""

    __table_args__ = (
        Index("uq_person_issuer_subject", "issuer", "subject", unique=True),
        Index("ix_person_role_name", "role", "full_name"),
        Index(
            "ix_person_own_permissions",
            "id",
            sqlite_where=HAS_OWN_PERMISSIONS,
            postgresql_where=HAS_OWN_PERMISSIONS,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    username: str = Field(max_length=150)
    username_folded: str = Field(max_length=150, unique=True)
    username_skeleton: str = Field(max_length=150, index=True)
    email: str = Field(max_length=254)
    email_folded: str = Field(max_length=254, unique=True)
    email_verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was shown that the address is theirs; before, no email is matched to them."""
    first_name: str = Field(default="", max_length=150)
    last_name: str = Field(default="", max_length=150)
    full_name: str = Field(default="", max_length=301)
    role: str = Field(sa_type=VocabularyString)
    department_id: int | None = Field(default=None, foreign_key="department.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    is_active: bool = True
    is_demo: bool = False
    password_hash: str | None = Field(default=None, max_length=255)
    issuer: str | None = Field(default=None, max_length=255)
    subject: str | None = Field(default=None, max_length=255)
    permissions: list[str] | None = Field(default=None, sa_type=Json)
    rate_limits: dict[str, int] | None = Field(default=None, sa_type=Json)
    """Their own limits by category, where they differ from those of the installation."""
    preferences: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    last_login_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
