"""Tickets, comments and approvals as the tools return them, in the words of the core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired

from typing_extensions import TypedDict

from ticket_app.api.mcp.tool_calls import format_time, truncate
from ticket_app.core.approvals.listing import ApprovalView, PendingRequestRow
from ticket_app.core.attachments.rows import AttachmentRow
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.tickets.rows import TicketRow, TicketSummaryRow
from ticket_app.core.timeline.rows import EntryRow

MAX_DESCRIPTION_LENGTH = 20_000
MAX_TEXT_LENGTH = 4_000
MAX_LISTED_FILES = 50
LONG_TEXTS = (
    "steps_to_reproduce",
    "expected_behavior",
    "actual_behavior",
    "public_notes",
    "admin_feedback",
)
"""Texts of a ticket besides its description; those that are empty are left out."""


class TicketSummary(TypedDict):
    """A ticket in a list."""

    key: str
    id: int
    title: str
    status: str
    priority: str
    kind: str
    category: str
    requester: str
    assignee: str | None
    company: str | None
    tags: list[str]
    due_at: str | None
    created_at: str | None
    updated_at: str | None


class Comment(TypedDict):
    """A comment; internal ones are for staff."""

    id: int
    author: str | None
    by_staff: bool
    is_internal: bool
    created_at: str | None
    text: str


class File(TypedDict):
    """A file on a ticket, without its content."""

    name: str
    mime_type: str
    size: int
    scan_status: str
    is_internal: bool


class ApprovalSummary(TypedDict):
    """An approval request of a ticket."""

    approval_id: int
    state: str
    policy: str | None
    reason: str | None
    requested_by: str


class Ticket(TicketSummary):
    """A whole ticket, with the comments that were asked for."""

    version: int
    description: str
    department: str | None
    team: NotRequired[str | None]
    contact: str | None
    resolved_at: str | None
    estimated_hours: NotRequired[float | None]
    actual_hours: NotRequired[float | None]
    texts: dict[str, str]
    internal_notes: NotRequired[str | None]
    comments: list[Comment]
    comments_total: int
    files: list[File]
    files_total: int
    approvals: list[ApprovalSummary]
    possible_statuses: list[str]


class PendingApproval(TypedDict):
    """A request that waits for the decision of the token's owner."""

    approval_id: int
    ticket: str
    title: str
    priority: str
    step: str
    policy: str | None
    reason: str | None
    requested_by: str
    requested_at: str | None
    due_at: str | None


def format_summary(row: TicketSummaryRow) -> TicketSummary:
    """Format a ticket of a list."""
    return {
        "key": ticket_numbers.format_key(row),
        "id": row.id,
        "title": row.title,
        "status": row.status,
        "priority": row.priority,
        "kind": row.kind,
        "category": row.category,
        "requester": row.requester_username,
        "assignee": row.assignee_username,
        "company": row.company_name,
        "tags": row.tags,
        "due_at": format_time(row.due_at),
        "created_at": format_time(row.created_at),
        "updated_at": format_time(row.updated_at),
    }


def format_ticket(
    uow: UnitOfWork,
    row: TicketRow,
    *,
    comments: Sequence[EntryRow],
    files: Sequence[AttachmentRow],
    approvals: Sequence[ApprovalView],
    possible_statuses: Sequence[str],
) -> Ticket:
    """Format a whole ticket. Team, hours and internal notes are for staff only."""
    is_staff = can_see_internal(uow.actor)
    texts = {name: getattr(row, name) for name in LONG_TEXTS}
    ticket: Ticket = {
        **format_summary(row),
        "version": row.version,
        "description": truncate(row.description, MAX_DESCRIPTION_LENGTH),
        "department": row.department_name,
        "contact": row.contact_name,
        "resolved_at": format_time(row.resolved_at),
        "texts": {name: truncate(text, MAX_TEXT_LENGTH) for name, text in texts.items() if text},
        "comments": [format_comment(comment) for comment in comments],
        "comments_total": row.comments_count + (row.notes_count if is_staff else 0),
        "files": [_format_file(file) for file in files[:MAX_LISTED_FILES]],
        "files_total": len(files),
        "approvals": [format_approval(approval) for approval in approvals],
        "possible_statuses": list(possible_statuses),
    }
    if is_staff:
        ticket["team"] = row.team_name
        ticket["estimated_hours"] = row.estimated_hours
        ticket["actual_hours"] = row.actual_hours
        ticket["internal_notes"] = row.internal_notes and truncate(
            row.internal_notes, MAX_TEXT_LENGTH
        )
    return ticket


def format_comment(row: EntryRow) -> Comment:
    """Format a comment."""
    return {
        "id": row.id,
        "author": row.actor_username,
        "by_staff": row.by_staff,
        "is_internal": row.audience == Audience.INTERNAL,
        "created_at": format_time(row.at),
        "text": truncate(row.body or "", MAX_TEXT_LENGTH),
    }


def _format_file(row: AttachmentRow) -> File:
    return {
        "name": row.original_name,
        "mime_type": row.mime_type,
        "size": row.size,
        "scan_status": row.scan_status,
        "is_internal": row.audience == Audience.INTERNAL,
    }


def format_approval(approval: ApprovalView) -> ApprovalSummary:
    """Format an approval request of a ticket."""
    return {
        "approval_id": approval["id"],
        "state": approval["state"],
        "policy": approval["policy"] and approval["policy"]["name"],
        "reason": approval["reason"] and truncate(approval["reason"], MAX_TEXT_LENGTH),
        "requested_by": approval["requested_by"]["username"],
    }


def format_pending_approval(row: PendingRequestRow) -> PendingApproval:
    """Format a request that waits for a decision."""
    return {
        "approval_id": row.id,
        "ticket": ticket_numbers.format_key(row),
        "title": row.title,
        "priority": row.priority,
        "step": row.step_name,
        "policy": row.policy_name,
        "reason": row.reason and truncate(row.reason, MAX_TEXT_LENGTH),
        "requested_by": row.asker_username,
        "requested_at": format_time(row.created_at),
        "due_at": format_time(row.due_at),
    }
