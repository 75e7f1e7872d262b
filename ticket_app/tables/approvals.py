"""Who must agree before a ticket goes on (specs/enterprise, "Approvals")."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, Uuid
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, LongText, UtcDateTime, Word


class ApprovalPolicy(SQLModel, table=True):
    """When approval is needed, and the steps it takes."""

    __tablename__ = "approval_policy"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    kind: str | None = Field(default=None, sa_type=Word)
    priority: str | None = Field(default=None, sa_type=Word)
    department_id: int | None = Field(default=None, foreign_key="department.id", index=True)
    allows_own: bool = False
    is_active: bool = True
    steps: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ApprovalRequest(SQLModel, table=True):
    """One ticket waits for one chain of decisions."""

    __tablename__ = "approval_request"

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    policy_id: int | None = Field(default=None, foreign_key="approval_policy.id")
    requested_by_id: int = Field(foreign_key="person.id")
    state: str = Field(sa_type=Word)
    status_before: str = Field(sa_type=Word)
    reason: str | None = Field(default=None, sa_type=LongText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApprovalStep(SQLModel, table=True):
    """What one approver is asked, and what they said."""

    __tablename__ = "approval_step"
    __table_args__ = (Index("ix_approval_step_approver", "approver_id", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="approval_request.id", index=True)
    ordinal: int
    approver_id: int | None = Field(default=None, foreign_key="person.id")
    approver_role: str | None = Field(default=None, sa_type=Word)
    quorum: int = 1
    state: str = Field(sa_type=Word)
    comments: str | None = Field(default=None, sa_type=LongText)
    conditions: list[str] = Field(default_factory=list, sa_type=Json)
    delegated_to_id: int | None = Field(default=None, foreign_key="person.id")
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    version: int = 1
