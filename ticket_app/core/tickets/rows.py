"""The rows that tickets are read as: what each set of columns (`list_columns`) holds."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID


class ListedRow:
    """What every row of a list has, whatever its column set.

    The first page of a list that keeps its order has `start_entry_id`, the newest timeline entry;
    a reordered list has `oldest_id`, the oldest ticket that was reordered.
    """

    id: int
    start_entry_id: int
    oldest_id: int


class TicketSummaryRow:
    """A ticket in a list, with the names of its people and company ("summary")."""

    id: int
    uuid: UUID
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    version: int
    title: str
    kind: str
    category: str
    status: str
    status_group: str
    status_rank: int
    priority: str
    priority_rank: int
    severity: str
    section: str
    tags: list[str]
    requester_id: int
    assignee_id: int | None
    company_id: int | None
    due_at: datetime | None
    due_sort_at: datetime
    resolved_at: datetime | None
    created_at: datetime
    updated_at: datetime
    comments_count: int
    notes_count: int
    attachments_count: int
    internal_attachments_count: int
    last_comment: str | None
    last_comment_at: datetime | None
    last_comment_by_id: int | None
    assignee_uuid: UUID | None
    assignee_username: str | None
    assignee_name: str | None
    requester_uuid: UUID
    requester_username: str
    requester_name: str
    company_uuid: UUID | None
    company_name: str | None


class TicketDescriptionRow(TicketSummaryRow):
    """A ticket in a list, with its description ("summary_with_description")."""

    description: str


class TicketSlaRow(TicketSummaryRow):
    """A ticket in a list, with its SLA targets ("summary_with_sla")."""

    respond_by: datetime | None
    resolve_by: datetime | None
    response_seconds_left: int | None
    resolution_seconds_left: int | None
    sla_paused_at: datetime | None
    first_response_at: datetime | None
    first_response_breached_at: datetime | None
    sla_breached_at: datetime | None


class TicketRow(TicketSlaRow):
    """A whole ticket, with all names ("full")."""

    description: str
    external_id: str | None
    plugin_name: str | None
    client_version: str | None
    steps_to_reproduce: str | None
    expected_behavior: str | None
    actual_behavior: str | None
    text_formats: dict[str, str]
    reproduction_rate: str | None
    environment: dict[str, object] | None
    created_by_id: int
    team_id: int | None
    department_id: int | None
    contact_id: int | None
    admin_feedback: str | None
    internal_notes: str | None
    public_notes: str | None
    estimated_hours: float | None
    actual_hours: float | None
    satisfaction_rating: int | None
    satisfaction_comment: str | None
    sla_policy_id: int | None
    response_warned_at: datetime | None
    resolution_warned_at: datetime | None
    sla_next_at: datetime | None
    closed_at: datetime | None
    reopened_count: int
    duplicate_of_id: int | None
    merged_into_id: int | None
    deleted_at: datetime | None
    deleted_by_id: int | None
    channel: str
    creator_uuid: UUID
    creator_username: str
    creator_name: str
    creator_first_name: str
    creator_last_name: str
    assignee_first_name: str | None
    assignee_last_name: str | None
    requester_email: str
    department_name: str | None
    team_name: str | None
    contact_uuid: UUID | None
    contact_name: str | None


class TicketModelRow:
    """The Ticket Model of specs/enterprise.md, with names ("model")."""

    id: int
    opened_on: date
    day_number: int
    version: int
    title: str
    description: str
    kind: str
    status: str
    status_rank: int
    priority: str
    priority_rank: int
    tags: list[str]
    created_by_id: int
    assignee_id: int | None
    department_id: int | None
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None
    due_sort_at: datetime
    sla_breached_at: datetime | None
    resolved_at: datetime | None
    satisfaction_rating: int | None
    internal_notes: str | None
    public_notes: str | None
    creator_username: str
    assignee_username: str | None
    creator_first_name: str
    creator_last_name: str
    assignee_first_name: str | None
    assignee_last_name: str | None
    department_name: str | None


class TicketExportRow(TicketModelRow):
    """A ticket in an export ("export")."""

    category: str
    severity: str
    requester_id: int
    first_response_at: datetime | None
    closed_at: datetime | None
    estimated_hours: float | None
    actual_hours: float | None
    reopened_count: int
    comments_count: int
    attachments_count: int
    requester_username: str
    company_name: str | None
    team_name: str | None


class DueSnoozeRow:
    """A snooze whose time has come, with the number of its ticket."""

    person_id: int
    id: int
    """The id of the ticket."""
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    deleted_at: datetime | None
