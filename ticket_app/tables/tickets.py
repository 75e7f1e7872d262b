"""Tickets, their search text, tags, counters and number sequences."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, Uuid, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString

FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
"""The `due_sort_at` of tickets without a due date, which are sorted last."""
NOT_DELETED = text("deleted_at IS NULL")
IS_RESOLVED = text("deleted_at IS NULL AND resolved_at IS NOT NULL")


def _index_not_deleted(name: str, *columns: str) -> Index:
    """Return an index over the tickets that are not in the trash."""
    return Index(name, *columns, sqlite_where=NOT_DELETED, postgresql_where=NOT_DELETED)


def _partial_index(name: str, *columns: str, condition: str) -> Index:
    """Return an index over the tickets that meet a condition."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


SLA_COUNT_COLUMNS = ("department_id", "sla_policy_id", "priority", "deleted_at")
"""SLA compliance is counted by these columns; the count is answered from the index alone."""


class Ticket(SQLModel, table=True):
    """A ticket with every field of the five documents."""

    __table_args__ = (
        Index("uq_ticket_key", "key_prefix", "key_number", unique=True),
        Index("uq_ticket_day", "opened_on", "day_number", unique=True),
        _index_not_deleted("ix_ticket_requester", "requester_id", "id"),
        _index_not_deleted("ix_ticket_requester_updated", "requester_id", "updated_at", "id"),
        _index_not_deleted("ix_ticket_creator", "created_by_id", "id"),
        _index_not_deleted("ix_ticket_updated", "updated_at", "id"),
        # Reports read only these two; `deleted_at` is included so that SQLite need not read the
        # row.
        _index_not_deleted(
            "ix_ticket_created",
            "created_at",
            "id",
            "department_id",
            "status",
            "category",
            "deleted_at",
        ),
        Index(
            "ix_ticket_resolved",
            "resolved_at",
            "created_at",
            "department_id",
            "satisfaction_rating",
            "deleted_at",
            sqlite_where=IS_RESOLVED,
            postgresql_where=IS_RESOLVED,
        ),
        _index_not_deleted("ix_ticket_status", "status", "id"),
        _index_not_deleted("ix_ticket_status_updated", "status", "updated_at", "id"),
        _index_not_deleted("ix_ticket_status_due", "status", "due_sort_at", "id"),
        _index_not_deleted("ix_ticket_status_rank", "status_rank", "id"),
        _index_not_deleted("ix_ticket_status_priority", "status", "priority", "updated_at", "id"),
        _index_not_deleted("ix_ticket_group", "status_group", "id"),
        _index_not_deleted("ix_ticket_group_updated", "status_group", "updated_at", "id"),
        _index_not_deleted("ix_ticket_group_priority", "status_group", "priority_rank", "id"),
        _index_not_deleted("ix_ticket_group_status", "status_group", "status_rank", "id"),
        _index_not_deleted("ix_ticket_group_due", "status_group", "due_sort_at", "id"),
        _index_not_deleted("ix_ticket_due", "due_sort_at", "id"),
        _index_not_deleted("ix_ticket_priority", "priority", "id"),
        _index_not_deleted("ix_ticket_priority_updated", "priority", "updated_at", "id"),
        _index_not_deleted("ix_ticket_priority_rank", "priority_rank", "id"),
        _index_not_deleted("ix_ticket_kind", "kind", "id"),
        _index_not_deleted("ix_ticket_kind_updated", "kind", "updated_at", "id"),
        _index_not_deleted("ix_ticket_category", "category", "id"),
        _index_not_deleted("ix_ticket_category_updated", "category", "updated_at", "id"),
        _index_not_deleted("ix_ticket_assignee", "assignee_id", "id"),
        _index_not_deleted("ix_ticket_assignee_updated", "assignee_id", "updated_at", "id"),
        _index_not_deleted("ix_ticket_assignee_group", "assignee_id", "status_group", "id"),
        _index_not_deleted(
            "ix_ticket_assignee_group_updated", "assignee_id", "status_group", "updated_at", "id"
        ),
        _index_not_deleted("ix_ticket_team", "team_id", "id"),
        _index_not_deleted(
            "ix_ticket_team_group_updated", "team_id", "status_group", "updated_at", "id"
        ),
        _index_not_deleted("ix_ticket_company", "company_id", "id"),
        _index_not_deleted("ix_ticket_company_updated", "company_id", "updated_at", "id"),
        # Includes the trash: when a department is deleted, the database looks for tickets that
        # refer to it.
        Index("ix_ticket_department", "department_id", "id", "deleted_at"),
        _index_not_deleted("ix_ticket_department_updated", "department_id", "updated_at", "id"),
        _index_not_deleted("ix_ticket_department_priority", "department_id", "priority_rank", "id"),
        _index_not_deleted("ix_ticket_department_status", "department_id", "status_rank", "id"),
        _index_not_deleted("ix_ticket_department_due", "department_id", "due_sort_at", "id"),
        _index_not_deleted("ix_ticket_section", "section", "id"),
        _index_not_deleted("ix_ticket_section_updated", "section", "updated_at", "id"),
        # Without the other columns, so that SQLite does not use it to find tickets that are *not*
        # deleted.
        _partial_index("ix_ticket_deleted_at", "deleted_at", condition="deleted_at IS NOT NULL"),
        _partial_index(
            "ix_ticket_sla_policy", "sla_policy_id", condition="sla_policy_id IS NOT NULL"
        ),
        _partial_index(
            "ix_ticket_sla_next", "sla_next_at", "id", condition="sla_next_at IS NOT NULL"
        ),
        _partial_index(
            "ix_ticket_resolution_kept",
            "resolved_at",
            *SLA_COUNT_COLUMNS,
            "resolve_by",
            "sla_breached_at",
            condition="sla_policy_id IS NOT NULL AND resolved_at IS NOT NULL",
        ),
        _partial_index(
            "ix_ticket_resolution_broken",
            "sla_breached_at",
            *SLA_COUNT_COLUMNS,
            condition="sla_breached_at IS NOT NULL",
        ),
        _partial_index(
            "ix_ticket_response_kept",
            "first_response_at",
            *SLA_COUNT_COLUMNS,
            "respond_by",
            "first_response_breached_at",
            condition="sla_policy_id IS NOT NULL AND first_response_at IS NOT NULL",
        ),
        _partial_index(
            "ix_ticket_response_broken",
            "first_response_breached_at",
            *SLA_COUNT_COLUMNS,
            condition="first_response_breached_at IS NOT NULL",
        ),
        Index(
            "uq_ticket_external_id",
            "external_id",
            unique=True,
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    external_id: str | None = Field(default=None, max_length=200)
    """Its id in the system that it was imported from."""
    key_prefix: str = Field(max_length=8)
    key_number: int
    opened_on: date
    day_number: int
    version: int = 1

    title: str = Field(max_length=500)
    description: str = Field(sa_type=LongText)
    kind: str = Field(sa_type=VocabularyString)
    category: str = Field(sa_type=VocabularyString)
    status: str = Field(sa_type=VocabularyString)
    status_group: str = Field(sa_type=VocabularyString)
    status_rank: int
    priority: str = Field(sa_type=VocabularyString)
    priority_rank: int
    severity: str = Field(sa_type=VocabularyString)
    tags: list[str] = Field(default_factory=list, sa_type=Json)

    section: str = Field(default="", max_length=120)
    plugin_name: str | None = Field(default=None, max_length=200)
    client_version: str | None = Field(default=None, max_length=60)
    steps_to_reproduce: str | None = Field(default=None, sa_type=LongText)
    expected_behavior: str | None = Field(default=None, sa_type=LongText)
    actual_behavior: str | None = Field(default=None, sa_type=LongText)
    text_formats: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    reproduction_rate: str | None = Field(default=None, sa_type=VocabularyString)
    environment: dict[str, object] | None = Field(default=None, sa_type=Json)

    requester_id: int = Field(foreign_key="person.id")
    created_by_id: int = Field(foreign_key="person.id")
    assignee_id: int | None = Field(default=None, foreign_key="person.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    department_id: int | None = Field(default=None, foreign_key="department.id")
    company_id: int | None = Field(default=None, foreign_key="company.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)

    admin_feedback: str | None = Field(default=None, sa_type=LongText)
    internal_notes: str | None = Field(default=None, sa_type=LongText)
    public_notes: str | None = Field(default=None, sa_type=LongText)
    estimated_hours: float | None = None
    actual_hours: float | None = None
    satisfaction_rating: int | None = None
    satisfaction_comment: str | None = Field(default=None, sa_type=LongText)

    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_sort_at: datetime = Field(sa_type=UtcDateTime)
    sla_policy_id: int | None = Field(default=None, foreign_key="sla_policy.id")
    respond_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolve_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sla_paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    response_seconds_left: int | None = None
    resolution_seconds_left: int | None = None
    response_warned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolution_warned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_response_breached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sla_breached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sla_next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_response_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)

    comments_count: int = 0
    notes_count: int = 0
    attachments_count: int = 0
    internal_attachments_count: int = 0
    reopened_count: int = 0
    last_comment: str | None = Field(default=None, max_length=200)
    last_comment_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_comment_by_id: int | None = Field(default=None, foreign_key="person.id")

    duplicate_of_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    merged_into_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_by_id: int | None = Field(default=None, foreign_key="person.id")
    channel: str = Field(default="web", sa_type=VocabularyString)


class TicketText(SQLModel, table=True):
    """The search text of a ticket, in columns by audience."""

    __tablename__ = "ticket_text"

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id")
    head: str = Field(sa_type=LongText)
    body: str = Field(sa_type=LongText)
    public: str = Field(default="", sa_type=LongText)
    internal: str = Field(default="", sa_type=LongText)
    requester: str = Field(default="", sa_type=LongText, sa_column_kwargs={"server_default": ""})
    company: str = Field(default="", sa_type=LongText, sa_column_kwargs={"server_default": ""})
    files: str = Field(default="", sa_type=LongText, sa_column_kwargs={"server_default": ""})
    internal_files: str = Field(
        default="", sa_type=LongText, sa_column_kwargs={"server_default": ""}
    )


class Tag(SQLModel, table=True):
    """A tag; names are unique regardless of case."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    name_folded: str = Field(max_length=60, unique=True)


class TicketTag(SQLModel, table=True):
    """A tag of a ticket."""

    __tablename__ = "ticket_tag"
    __table_args__ = (Index("ix_ticket_tag_tag", "tag_id", "ticket_id"),)

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id")
    tag_id: int = Field(primary_key=True, foreign_key="tag.id")


class TicketCount(SQLModel, table=True):
    """The number of tickets in one bucket; updated in the transaction of each change."""

    __tablename__ = "ticket_count"

    status: str = Field(primary_key=True, sa_type=VocabularyString)
    priority: str = Field(primary_key=True, sa_type=VocabularyString)
    category: str = Field(primary_key=True, sa_type=VocabularyString)
    kind: str = Field(primary_key=True, sa_type=VocabularyString)
    is_assigned: bool = Field(primary_key=True)
    tickets: int = 0
    resolved: int = 0
    resolved_seconds: int = Field(default=0, sa_type=BigInteger)


class NumberSequence(SQLModel, table=True):
    """The last number issued of a sequence; numbers are never reused."""

    __tablename__ = "number_sequence"

    name: str = Field(primary_key=True, max_length=60)
    value: int
