"""Webhook Payload: events in the words of the document's Ticket Model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NotRequired

from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.vocabulary import FIELD_NAMES, VOCABULARIES
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.webhooks.events import (
    ApprovalChanged,
    AssigneeChanged,
    CommentAdded,
    FieldsChanged,
    FileUploaded,
    SlaTargetReported,
    StatusChanged,
    TicketCreated,
)
from ticket_app.core.webhooks.payload_format import (
    MAX_COMMENT_LENGTH,
    MAX_VALUE_LENGTH,
    EventDetails,
    FieldChange,
    TicketSnapshot,
    TrashChange,
)


class EnterprisePayloads:
    """The payload format of the document."""

    def format_ticket(self, ticket: TicketSnapshot) -> dict[str, object]:
        """Return the Ticket Model of a ticket as it was."""
        return {
            "id": ticket.id,
            "ticket_number": ticket_numbers.format_enterprise_number(ticket),
            "title": ticket.title,
            "status": VOCABULARIES["status"].format(ticket.status),
            "priority": VOCABULARIES["priority"].format(ticket.priority),
            "ticket_type": VOCABULARIES["kind"].format(ticket.kind),
            "created_by": ticket.creator,
            "assigned_to": ticket.assignee,
            "department_id": ticket.department_id,
            "tags": ticket.tags,
            "due_date": ticket.due_at,
            "created_at": ticket.created_at,
            "updated_at": ticket.updated_at,
        }

    def is_visible(self, change: FieldChange) -> bool:
        """Whether the document has different words for the old and the new value."""
        return _translate(change, change.old) != _translate(change, change.new)

    def format_details(self, details: EventDetails) -> dict[str, object]:
        """Return what an event of this kind adds to the payload."""
        return FORMATTERS[type(details)](details)

    def format_message(
        self, *, event: str, occurred_at: datetime, data: object, webhook_id: str
    ) -> dict[str, object]:
        """Return the body of a delivery."""
        return {"event": event, "timestamp": occurred_at, "data": data, "webhook_id": webhook_id}


def _translate(change: FieldChange, value: object) -> object:
    vocabulary = VOCABULARIES.get(change.field.name)
    return value if value is None or vocabulary is None else vocabulary.format(str(value))


def _truncate(value: object) -> object:
    return value[:MAX_VALUE_LENGTH] if isinstance(value, str) else value


class ChangedField(TypedDict):
    """One changed field; the flags are there only if they are true."""

    field: str
    old: object
    new: object
    is_internal: NotRequired[bool]
    is_truncated: NotRequired[bool]


def _format_change(change: FieldChange | TrashChange) -> ChangedField:
    if isinstance(change, TrashChange):
        return ChangedField(field="is_deleted", old=not change.is_deleted, new=change.is_deleted)
    old, new = _translate(change, change.old), _translate(change, change.new)
    shown_old, shown_new = _truncate(old), _truncate(new)
    name = change.field.event_name
    formatted = ChangedField(field=FIELD_NAMES.get(name, name), old=shown_old, new=shown_new)
    if change.is_internal:
        formatted["is_internal"] = True
    if (shown_old, shown_new) != (old, new):
        formatted["is_truncated"] = True
    return formatted


def _format_created(_details: TicketCreated) -> dict[str, object]:
    return {}


def _format_updated(details: FieldsChanged) -> dict[str, object]:
    return {"changes": [_format_change(change) for change in details.changes]}


def _format_status_change(details: StatusChanged) -> dict[str, object]:
    change = details.change
    return {
        "old_status": _translate(change, change.old),
        "new_status": _translate(change, change.new),
    }


def _format_assignment(details: AssigneeChanged) -> dict[str, object]:
    return {"assigned_to": details.assignee, "previously_assigned_to": details.previous}


def _format_comment(details: CommentAdded) -> dict[str, object]:
    return {
        "comment": {
            "id": details.id,
            "user_id": details.author_id,
            "user": details.author,
            "content": details.body[:MAX_COMMENT_LENGTH],
            "is_truncated": len(details.body) > MAX_COMMENT_LENGTH,
            "is_internal": details.is_internal,
            "mentions": details.mentions,
            "created_at": details.created_at,
        }
    }


def _format_file(details: FileUploaded) -> dict[str, object]:
    return {
        "file": {
            "id": details.id,
            "filename": details.name,
            "size": details.size,
            "content_type": details.mime_type,
            "virus_scan_status": details.scan_status,
            "is_internal": details.is_internal,
            "uploaded_by": details.uploader,
        }
    }


def _format_approval(details: ApprovalChanged) -> dict[str, object]:
    return {
        "approval": {
            "id": details.request_id,
            "action": details.action,
            "state": details.state,
            "to": details.delegate_names,
            "comments": details.comments,
            "by": details.person,
            "is_internal": details.is_internal,
            "at": details.at,
        }
    }


def _format_sla_target(details: SlaTargetReported) -> dict[str, object]:
    return {
        "sla": {
            "target": details.target,
            "due_by": details.due_at,
            "breached_at": details.due_at if details.is_breached else None,
        }
    }


FORMATTERS: dict[type[EventDetails], Callable[[Any], dict[str, object]]] = {
    TicketCreated: _format_created,
    FieldsChanged: _format_updated,
    StatusChanged: _format_status_change,
    AssigneeChanged: _format_assignment,
    CommentAdded: _format_comment,
    FileUploaded: _format_file,
    ApprovalChanged: _format_approval,
    SlaTargetReported: _format_sla_target,
}
"""For each class of details, what it adds to the payload; a test holds that none is missing."""
