"""Approvals: policies, requests, steps and decisions (specs/enterprise, "Approvals")."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint, Uuid, text
from sqlmodel import Field, SQLModel
from typing_extensions import TypedDict

from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString

IS_UNDECIDED = text("decided_at IS NULL")
IS_PENDING = text("state = 'pending'")
HAS_RUNNING_DEADLINE = text("state = 'pending' AND due_at IS NOT NULL AND escalated_at IS NULL")


class StoredApprovers(TypedDict):
    """Which people a step asks: all of these together."""

    people: list[int]
    roles: list[str]
    department_manager: bool


class StoredStep(TypedDict):
    """A step of an approval policy."""

    name: str
    approvers: StoredApprovers
    quorum: int
    hours: float | None
    escalates_to: StoredApprovers | None


class ApprovalPolicy(SQLModel, table=True):
    """When approval is needed, in which steps; an empty list of conditions matches all."""

    __tablename__ = "approval_policy"
    __table_args__ = (
        Index("ix_approval_policy_rank", "is_active", "rank", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    rank: int = 100
    kinds: list[str] = Field(default_factory=list, sa_type=Json)
    priorities: list[str] = Field(default_factory=list, sa_type=Json)
    department_ids: list[int] = Field(default_factory=list, sa_type=Json)
    allows_own: bool = False
    is_active: bool = True
    steps: list[StoredStep] = Field(default_factory=list, sa_type=Json)
    applies_from: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ApprovalRequest(SQLModel, table=True):
    """An approval request of a ticket, with a copy of its policy's rules at the time of the
    request.
    """

    __tablename__ = "approval_request"
    __table_args__ = (
        Index(
            "uq_approval_request_undecided",
            "ticket_id",
            unique=True,
            sqlite_where=IS_UNDECIDED,
            postgresql_where=IS_UNDECIDED,
        ),
        Index("ix_approval_request_state", "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    policy_id: int | None = Field(default=None, foreign_key="approval_policy.id", index=True)
    policy_name: str | None = Field(default=None, max_length=120)
    allows_own: bool = False
    requested_by_id: int = Field(foreign_key="person.id")
    state: str = Field(sa_type=VocabularyString)
    previous_status: str = Field(sa_type=VocabularyString)
    reason: str | None = Field(default=None, sa_type=LongText)
    question: str | None = Field(default=None, sa_type=LongText)
    info_requested_by_id: int | None = Field(default=None, foreign_key="person.id")
    info_requested_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")


class ApprovalStep(SQLModel, table=True):
    """One step of an approval request: who is asked, and how many approvals it needs."""

    __tablename__ = "approval_step"
    __table_args__ = (
        UniqueConstraint("request_id", "ordinal", name="uq_approval_step_request_id_ordinal"),
        Index(
            "ix_approval_step_pending",
            "request_id",
            sqlite_where=IS_PENDING,
            postgresql_where=IS_PENDING,
        ),
        Index(
            "ix_approval_step_running",
            "due_at",
            sqlite_where=HAS_RUNNING_DEADLINE,
            postgresql_where=HAS_RUNNING_DEADLINE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="approval_request.id")
    ordinal: int
    name: str = Field(max_length=120)
    approvers: StoredApprovers = Field(sa_type=Json)
    quorum: int = 1
    hours: float | None = None
    escalates_to: StoredApprovers | None = Field(default=None, sa_type=Json)
    state: str = Field(sa_type=VocabularyString)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    escalated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApprovalDecision(SQLModel, table=True):
    """The decision of one approver in a step; pending until it is made."""

    __tablename__ = "approval_decision"
    __table_args__ = (
        UniqueConstraint("step_id", "person_id", name="uq_approval_decision_step_id_person_id"),
        Index("ix_approval_decision_person", "person_id", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    step_id: int = Field(foreign_key="approval_step.id")
    person_id: int = Field(foreign_key="person.id")
    state: str = Field(sa_type=VocabularyString)
    comments: str | None = Field(default=None, sa_type=LongText)
    conditions: list[str] = Field(default_factory=list, sa_type=Json)
    delegated_by_id: int | None = Field(default=None, foreign_key="person.id")
    is_escalation: bool = False
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
