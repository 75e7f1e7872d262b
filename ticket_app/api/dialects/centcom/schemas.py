"""Request bodies and formatted responses, in the guide's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StrictStr

from ticket_app.api.dialects.centcom.vocabulary import (
    ATTACHMENT_TYPE,
    KIND,
    PRIORITY,
    REPRODUCTION_RATE,
    SEVERITY,
    STATUS,
)
from ticket_app.api.kit.fields import Choice, OptionalText, SingleLine, Text, Validated
from ticket_app.api.kit.text_format import TextFormatField
from ticket_app.core.attachments.rows import AttachmentRow
from ticket_app.core.platform import ticket_numbers, validators
from ticket_app.core.platform.rate_limits import RateLimitStatus
from ticket_app.core.platform.vocabulary import Priority, Severity, Status
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.rows import TicketDescriptionRow, TicketRow, TicketSummaryRow
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.tables import Attachment as SavedAttachment
from ticket_app.tables import Ticket as SavedTicket

DEFAULT_SECTION = "other"
"""Used for an empty section, which the guide's React form sends."""


class NewTicket(BaseModel):
    """Submit a New Ticket: Request Body."""

    model_config = ConfigDict(extra="ignore")

    title: SingleLine
    description: Text
    ticket_type: Annotated[StrictStr, Choice(KIND)]
    application_section: Annotated[StrictStr, Validated(validators.optional_line, 120)]
    priority: Annotated[StrictStr, Choice(PRIORITY)] | None = "medium"
    severity: Annotated[StrictStr, Choice(SEVERITY)] | None = "minor"
    plugin_name: Annotated[StrictStr, Validated(validators.optional_line, 200)] | None = None
    centcom_version: Annotated[StrictStr, Validated(validators.optional_line, 60)] | None = None
    steps_to_reproduce: OptionalText | None = None
    expected_behavior: OptionalText | None = None
    actual_behavior: OptionalText | None = None
    reproduction_rate: Annotated[StrictStr, Choice(REPRODUCTION_RATE)] | None = None
    environment_info: (
        Annotated[dict[str, object], Validated(validators.validate_environment)] | None
    ) = None
    tags: Annotated[list[StrictStr], Validated(validators.validate_tags)] | None = None
    format: TextFormatField = None

    def to_draft(self, client_version: str | None) -> TicketDraft:
        """Return the ticket to create."""
        rate = self.reproduction_rate
        return TicketDraft(
            title=self.title,
            description=self.description,
            kind=KIND.parse(self.ticket_type),
            priority=PRIORITY.parse(self.priority or Priority.MEDIUM),
            severity=SEVERITY.parse(self.severity or Severity.MINOR),
            section=self.application_section.strip() or DEFAULT_SECTION,
            plugin_name=self.plugin_name,
            client_version=self.centcom_version or client_version,
            steps_to_reproduce=self.steps_to_reproduce,
            expected_behavior=self.expected_behavior,
            actual_behavior=self.actual_behavior,
            reproduction_rate=None if rate is None else REPRODUCTION_RATE.parse(rate),
            environment=self.environment_info,
            tags=self.tags or [],
            channel="centcom",
            text_format=self.format,
        )


class NewComment(BaseModel):
    """Add Comment to Ticket: Request Body."""

    content: Text
    format: TextFormatField = None


def format_submitted_ticket(
    ticket: TicketRow | TicketSummaryRow | SavedTicket,
) -> dict[str, object]:
    """Format a ticket for the response to its submission."""
    return {
        "id": ticket.uuid,
        "ticket_key": ticket_numbers.format_key(ticket),
        "title": ticket.title,
        "status": STATUS.format(ticket.status),
        "priority": PRIORITY.format(ticket.priority),
        "ticket_type": KIND.format(ticket.kind),
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
    }


def format_assigned_admin(ticket: TicketSummaryRow) -> dict[str, object] | None:
    """Format the assignee."""
    if ticket.assignee_id is None:
        return None
    return {
        "id": ticket.assignee_uuid,
        "username": ticket.assignee_username,
        "full_name": ticket.assignee_name,
    }


def format_listed_ticket(ticket: TicketRow | TicketDescriptionRow) -> dict[str, object]:
    """Format a ticket for lists; as in the guide, counts are lists with one object."""
    return {
        "id": ticket.uuid,
        "ticket_key": ticket_numbers.format_key(ticket),
        "title": ticket.title,
        "description": ticket.description,
        "ticket_type": KIND.format(ticket.kind),
        "status": STATUS.format(ticket.status),
        "priority": PRIORITY.format(ticket.priority),
        "severity": SEVERITY.format(ticket.severity),
        "application_section": ticket.section,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "assigned_admin": format_assigned_admin(ticket),
        "comments_count": [{"count": ticket.comments_count}],
        "attachments_count": [{"count": ticket.attachments_count}],
        "tags": ticket.tags,
    }


def format_ticket_details(
    ticket: TicketRow,
    comments: Iterable[EntryRow],
    attachments: Iterable[AttachmentRow],
    status_history: list[dict[str, object]],
) -> dict[str, object]:
    """Format a ticket with all its details (Get Ticket Details)."""
    return {
        **format_listed_ticket(ticket),
        "plugin_name": ticket.plugin_name,
        "centcom_version": ticket.client_version,
        "steps_to_reproduce": ticket.steps_to_reproduce,
        "expected_behavior": ticket.expected_behavior,
        "actual_behavior": ticket.actual_behavior,
        "reproduction_rate": ticket.reproduction_rate,
        "environment_info": ticket.environment,
        "admin_feedback": ticket.admin_feedback,
        "resolved_at": ticket.resolved_at,
        "submitted_by": {
            "id": ticket.requester_uuid,
            "username": ticket.requester_username,
            "full_name": ticket.requester_name,
        },
        "comments": [format_comment(line, ticket) for line in comments],
        "attachments": [
            format_listed_attachment(row) | {"filename": row.original_name} for row in attachments
        ],
        "status_history": status_history,
    }


def format_comment(line: EntryRow, ticket: TicketSummaryRow | SavedTicket) -> dict[str, object]:
    """Format a comment."""
    is_admin = line.by_staff and line.actor_id != ticket.requester_id
    return {
        "id": line.uuid,
        "content": line.body,
        "author_name": line.actor_name or "Unknown",
        "author_type": "admin" if is_admin else "user",
        "created_at": line.at,
    }


def format_status_history(lines: Iterable[EntryRow]) -> list[dict[str, object]]:
    """Format the changes between statuses that the guide distinguishes."""
    status_changes: list[dict[str, object]] = []
    for line in lines:
        old = None if line.old_value is None else STATUS.format(line.old_value)
        new = STATUS.format(line.new_value or "")
        if old != new:
            status_changes.append({"old_status": old, "new_status": new, "created_at": line.at})
    return status_changes


def format_attachment(row: AttachmentRow | SavedAttachment) -> dict[str, object]:
    """Format an uploaded file (Upload File Attachment: Response)."""
    return {
        "id": row.uuid,
        "filename": row.stored_name,
        "original_filename": row.original_name,
        "file_size": row.size,
        "mime_type": row.mime_type,
        "attachment_type": ATTACHMENT_TYPE.format(row.attachment_type),
        "description": row.description,
        "uploaded_at": row.uploaded_at,
        "is_public": row.is_public,
        "scan_status": row.scan_status,
    }


def format_listed_attachment(row: AttachmentRow) -> dict[str, object]:
    """Format a file with its uploader and download URL (Get Ticket Attachments)."""
    return {
        **format_attachment(row),
        "uploader": {
            "id": row.uploader_uuid,
            "username": row.uploader_username,
            "full_name": row.uploader_name,
        },
        "download_url": f"/api/tickets/attachments/{row.uuid}/download",
    }


def format_status_counts(counts: Mapping[Status, int]) -> dict[str, int]:
    """Format the number of tickets in each status, by the guide's words."""
    by_word = dict.fromkeys(STATUS.value_by_word, 0)
    for status, count in counts.items():
        by_word[STATUS.format(status)] += count
    return by_word


def format_submission_limit(limit: RateLimitStatus | None) -> dict[str, object] | None:
    """Format how many tickets the caller may still submit."""
    if limit is None:
        return None
    return {
        "limit": limit.limit,
        "remaining": limit.remaining,
        "resets_at": datetime.fromtimestamp(limit.resets_at, UTC),
    }
