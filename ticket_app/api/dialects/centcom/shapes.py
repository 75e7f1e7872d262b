"""What goes in and what comes out, in the guide's order."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StrictStr

from ticket_app.api.dialects.centcom.vocabulary import (
    ATTACHMENT_TYPE,
    KIND,
    PRIORITY,
    REPRODUCTION_RATE,
    SEVERITY,
    STATUS,
)
from ticket_app.api.kit.fields import Checked, Line, Note, OneOf, Text
from ticket_app.api.kit.texts import StatedFormat
from ticket_app.core.platform import text, ticket_numbers
from ticket_app.core.platform.vocabulary import Priority, Severity
from ticket_app.core.tickets.tickets import TicketDraft

NO_SECTION = "other"
"""The section of a ticket sent with an empty one, as the guide's React form does."""


class NewTicket(BaseModel):
    """Submit a New Ticket: Request Body."""

    model_config = ConfigDict(extra="ignore")

    title: Line
    description: Text
    ticket_type: Annotated[StrictStr, OneOf(KIND)]
    application_section: Annotated[StrictStr, Checked(text.optional_line, 120)]
    priority: Annotated[StrictStr, OneOf(PRIORITY)] | None = "medium"
    severity: Annotated[StrictStr, OneOf(SEVERITY)] | None = "minor"
    plugin_name: Annotated[StrictStr, Checked(text.optional_line, 200)] | None = None
    centcom_version: Annotated[StrictStr, Checked(text.optional_line, 60)] | None = None
    steps_to_reproduce: Note | None = None
    expected_behavior: Note | None = None
    actual_behavior: Note | None = None
    reproduction_rate: Annotated[StrictStr, OneOf(REPRODUCTION_RATE)] | None = None
    environment_info: Annotated[dict[str, Any], Checked(text.environment_facts)] | None = None
    tags: Annotated[list[StrictStr], Checked(text.tag_list)] | None = None
    format: StatedFormat = None

    def draft(self, client_version: str | None) -> TicketDraft:
        """The ticket this body files."""
        rate = self.reproduction_rate
        return TicketDraft(
            title=self.title,
            description=self.description,
            kind=KIND.hear(self.ticket_type),
            priority=PRIORITY.hear(self.priority or Priority.MEDIUM),
            severity=SEVERITY.hear(self.severity or Severity.MINOR),
            section=self.application_section.strip() or NO_SECTION,
            plugin_name=self.plugin_name,
            client_version=self.centcom_version or client_version,
            steps_to_reproduce=self.steps_to_reproduce,
            expected_behavior=self.expected_behavior,
            actual_behavior=self.actual_behavior,
            reproduction_rate=None if rate is None else REPRODUCTION_RATE.hear(rate),
            environment=self.environment_info,
            tags=self.tags or [],
            channel="centcom",
            text_format=self.format,
        )


class NewComment(BaseModel):
    """Add Comment to Ticket: Request Body."""

    content: Text
    format: StatedFormat = None


def brief(ticket: Any) -> dict[str, Any]:
    """The ticket as its submission is answered."""
    return {
        "id": ticket.uuid,
        "ticket_key": ticket_numbers.key(ticket),
        "title": ticket.title,
        "status": STATUS.say(ticket.status),
        "priority": PRIORITY.say(ticket.priority),
        "ticket_type": KIND.say(ticket.kind),
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
    }


def assigned_admin(ticket: Any) -> dict[str, Any] | None:
    """Who works on it."""
    if ticket.assignee_id is None:
        return None
    return {
        "id": ticket.assignee_uuid,
        "username": ticket.assignee_username,
        "full_name": ticket.assignee_name,
    }


def listed(ticket: Any) -> dict[str, Any]:
    """The ticket as a list shows it; counts are lists of one object, as the guide has them."""
    return {
        "id": ticket.uuid,
        "ticket_key": ticket_numbers.key(ticket),
        "title": ticket.title,
        "description": ticket.description,
        "ticket_type": KIND.say(ticket.kind),
        "status": STATUS.say(ticket.status),
        "priority": PRIORITY.say(ticket.priority),
        "severity": SEVERITY.say(ticket.severity),
        "application_section": ticket.section,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "assigned_admin": assigned_admin(ticket),
        "comments_count": [{"count": ticket.comments_count}],
        "attachments_count": [{"count": ticket.attachments_count}],
        "tags": ticket.tags,
    }


def full(
    ticket: Any, comments: Any, attachments: Any, status_history: list[dict[str, Any]]
) -> dict[str, Any]:
    """Get Ticket Details: all there is."""
    return {
        **listed(ticket),
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
        "comments": [said(line, ticket) for line in comments],
        "attachments": [attached(row) | {"filename": row.original_name} for row in attachments],
        "status_history": status_history,
    }


def said(line: Any, ticket: Any) -> dict[str, Any]:
    """A comment."""
    by_admin = line.by_staff and line.actor_id != ticket.requester_id
    return {
        "id": line.uuid,
        "content": line.body,
        "author_name": line.actor_name or "Somebody",
        "author_type": "admin" if by_admin else "user",
        "created_at": line.at,
    }


def history(lines: Any) -> list[dict[str, Any]]:
    """status_history: the changes the guide has words for."""
    told: list[dict[str, Any]] = []
    for line in lines:
        old = None if line.old_value is None else STATUS.say(line.old_value)
        new = STATUS.say(line.new_value)
        if old != new:
            told.append({"old_status": old, "new_status": new, "created_at": line.at})
    return told


def uploaded(kept: Any) -> dict[str, Any]:
    """Upload File Attachment: Response."""
    return {
        "id": kept.uuid,
        "filename": kept.stored_name,
        "original_filename": kept.original_name,
        "file_size": kept.size,
        "mime_type": kept.mime_type,
        "attachment_type": ATTACHMENT_TYPE.say(kept.attachment_type),
        "description": kept.description,
        "uploaded_at": kept.uploaded_at,
        "is_public": kept.is_public,
        "scan_status": kept.scan_status,
    }


def attached(row: Any) -> dict[str, Any]:
    """Get Ticket Attachments: Response, and where the file is fetched."""
    return {
        **uploaded(row),
        "uploader": {
            "id": row.uploader_uuid,
            "username": row.uploader_username,
            "full_name": row.uploader_name,
        },
        "download_url": f"/api/tickets/attachments/{row.uuid}/download",
    }
