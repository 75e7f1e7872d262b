"""Data Models of tickets, comments and files: request bodies and formatted responses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, NotRequired, cast

from pydantic import BaseModel, BeforeValidator, StrictInt, StrictStr, WithJsonSchema
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.vocabulary import (
    FIELD_NAMES,
    KIND,
    PRIORITY,
    STATUS,
    VOCABULARIES,
)
from ticket_app.api.kit.dates import InvalidValue
from ticket_app.api.kit.fields import Choice, DueDateTime, Id, OptionalText, Text, Title
from ticket_app.api.kit.text_format import TextFormatField
from ticket_app.core.attachments.rows import AttachmentRow, UploadedFileRow
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.notifications.rows import NotificationRow
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.errors import Reason
from ticket_app.core.platform.ticket_numbers import HasDayNumber
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, ScanStatus
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.rows import TicketModelRow, TicketRow
from ticket_app.core.tickets.statistics import minutes_between
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.tables import Ticket as SavedTicket

MAX_FILE_NAME_LENGTH = 255
StatusValue = Annotated[str, Choice(STATUS)]
PriorityValue = Annotated[str, Choice(PRIORITY)]
TicketTypeValue = Annotated[str, Choice(KIND)]
ScanStatusValue = Annotated[
    str, Bounded(json_schema_extra={"enum": [str(word) for word in ScanStatus]})
]
NotificationTypeValue = Annotated[
    str, Bounded(json_schema_extra={"enum": [str(word) for word in NotificationKind]})
]
Tag = Annotated[StrictStr, Bounded(max_length=60)]
Tags = Annotated[list[Tag], Bounded(max_length=20)]


def _parse_id_or_name(value: object) -> int | str:
    if type(value) is int and 1 <= value <= ticket_numbers.MAX_ID:
        return value
    if isinstance(value, str) and 1 <= len(value) <= MAX_FILE_NAME_LENGTH:
        return value
    raise InvalidValue(
        Reason(f"must be a file's id, or a name of 1 to {MAX_FILE_NAME_LENGTH} characters")
    )


FileReference = Annotated[
    int | str,
    BeforeValidator(_parse_id_or_name),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": ticket_numbers.MAX_ID},
                {"type": "string", "minLength": 1, "maxLength": MAX_FILE_NAME_LENGTH},
            ]
        }
    ),
]
FileReferences = Annotated[list[FileReference], Bounded(max_length=100)]


def _parse_id_or_username(value: object) -> int | str:
    if type(value) is int and 1 <= value <= ticket_numbers.MAX_ID:
        return value
    if isinstance(value, str) and 1 <= len(value) <= MAX_MENTION_LENGTH:
        return value
    raise InvalidValue(
        Reason(f"must be a user's id, or a name of 1 to {MAX_MENTION_LENGTH} characters")
    )


MAX_MENTION_LENGTH = 151
Mention = Annotated[
    int | str,
    BeforeValidator(_parse_id_or_username),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": MAX_MENTION_LENGTH},
                {"type": "integer", "minimum": 1, "maximum": ticket_numbers.MAX_ID},
            ]
        }
    ),
]


class NewTicket(BaseModel):
    """Create Ticket."""

    title: Title
    description: Text
    priority: PriorityValue = "medium"
    status: StatusValue | None = None
    ticket_type: TicketTypeValue = "request"
    department_id: Id | None = None
    assigned_to_id: Id | None = None
    tags: Tags = []
    due_date: DueDateTime | None = None
    attachments: FileReferences = []
    format: TextFormatField = None

    def to_draft(self) -> TicketDraft:
        """Return the ticket to create. Raises `Invalid`."""
        return TicketDraft(
            title=self.title,
            description=self.description,
            priority=PRIORITY.parse(self.priority),
            kind=KIND.parse(self.ticket_type),
            department_id=self.department_id,
            assignee_id=self.assigned_to_id,
            tags=self.tags,
            due_at=self.due_date,
            channel="enterprise",
            text_format=self.format,
        )


class TicketUpdate(BaseModel):
    """Update Ticket: any of these fields."""

    title: Title | None = None
    description: Text | None = None
    status: StatusValue | None = None
    priority: PriorityValue | None = None
    ticket_type: TicketTypeValue | None = None
    assigned_to_id: Id | None = None
    department_id: Id | None = None
    tags: Tags | None = None
    due_date: DueDateTime | None = None
    internal_notes: OptionalText | None = None
    public_notes: OptionalText | None = None
    customer_satisfaction_rating: Annotated[StrictInt, Bounded(ge=1, le=5)] | None = None
    format: TextFormatField = None

    def to_changes(self, ticket: SavedTicket) -> dict[str, object]:
        """Return the changes by core field name. Raises `Invalid`."""
        sent_fields = self.model_dump(exclude_unset=True, exclude={"format"})
        changes = {CORE_FIELD_NAMES.get(name, name): value for name, value in sent_fields.items()}
        for name in VOCABULARIES.keys() & changes.keys():
            changes[name] = VOCABULARIES[name].parse_change(getattr(ticket, name), changes[name])
        if changes.get("tags", ()) is None:
            changes["tags"] = []
        return changes


CORE_FIELD_NAMES = {name: core_name for core_name, name in FIELD_NAMES.items()}
"""The core's names for the document's fields."""


class UserSummary(TypedDict):
    """The user who created a ticket, is assigned to it or wrote a comment."""

    id: int
    username: str
    first_name: str
    last_name: str


class DepartmentSummary(TypedDict):
    """The department a ticket belongs to."""

    id: int
    name: str


class Ticket(TypedDict):
    """Ticket Model, with its users and department (List Tickets)."""

    id: int
    ticket_number: str
    title: str
    description: str
    status: StatusValue
    priority: PriorityValue
    ticket_type: TicketTypeValue
    created_by_id: int
    assigned_to_id: int | None
    department_id: int | None
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    due_date: datetime | None
    resolution_time: int | None
    sla_breach_time: datetime | None
    customer_satisfaction_rating: int | None
    internal_notes: str | None
    public_notes: str | None
    created_by: UserSummary
    assigned_to: UserSummary | None
    department: DepartmentSummary | None


def format_ticket(row: TicketModelRow | TicketRow, uow: UnitOfWork) -> Ticket:
    """Format a ticket (Ticket Model). Internal notes are for staff only."""
    return {
        "id": row.id,
        "ticket_number": ticket_numbers.format_enterprise_number(row),
        "title": row.title,
        "description": row.description,
        "status": STATUS.format(row.status),
        "priority": PRIORITY.format(row.priority),
        "ticket_type": KIND.format(row.kind),
        "created_by_id": row.created_by_id,
        "assigned_to_id": row.assignee_id,
        "department_id": row.department_id,
        "tags": row.tags,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "due_date": row.due_at,
        "resolution_time": minutes_between(row.created_at, row.resolved_at),
        "sla_breach_time": row.sla_breached_at,
        "customer_satisfaction_rating": row.satisfaction_rating,
        "internal_notes": row.internal_notes if can_see_internal(uow.actor) else None,
        "public_notes": row.public_notes,
        "created_by": _format_user(row, row.created_by_id, "creator"),
        "assigned_to": format_user_or_none(row, "assignee", row.assignee_id),
        "department": _format_department(row.department_id, row.department_name),
    }


def _format_department(department_id: int | None, name: str | None) -> DepartmentSummary | None:
    return None if department_id is None or name is None else {"id": department_id, "name": name}


def _format_user(row: object, person_id: int, column_prefix: str) -> UserSummary:
    return {
        "id": person_id,
        "username": getattr(row, f"{column_prefix}_username"),
        "first_name": getattr(row, f"{column_prefix}_first_name"),
        "last_name": getattr(row, f"{column_prefix}_last_name"),
    }


def format_user_or_none(
    row: object, column_prefix: str, person_id: int | None
) -> UserSummary | None:
    """Return the person in the columns with this prefix; None without an id."""
    return None if person_id is None else _format_user(row, person_id, column_prefix)


class NewComment(BaseModel):
    """Add Comment."""

    content: Text
    is_internal: bool = False
    mentions: Annotated[list[Mention], Bounded(max_length=50)] = []
    attachments: FileReferences = []
    format: TextFormatField = None


class CommentUpdate(BaseModel):
    """Update Comment: any of these fields."""

    content: Text = ""
    format: TextFormatField = None


class Comment(TypedDict):
    """Comment Model, with its author."""

    id: int
    ticket_id: int
    user_id: int | None
    content: str
    is_internal: bool
    mentions: list[int]
    created_at: datetime
    updated_at: datetime
    edited: bool
    attachments: list[int]
    user: UserSummary | None


class PostedComment(Comment):
    """Comment Model, with the follow-up ticket that a late reply to a closed ticket opened."""

    follow_up_ticket_id: NotRequired[int]


def format_comment(line: EntryRow, file_ids: Sequence[int]) -> Comment:
    """Format a comment (Comment Model); `file_ids` are those of its attachments."""
    return {
        "id": line.id,
        "ticket_id": line.ticket_id,
        "user_id": line.actor_id,
        "content": line.body or "",
        "is_internal": line.audience == Audience.INTERNAL,
        "mentions": line.mentions or [],
        "created_at": line.at,
        "updated_at": line.updated_at or line.at,
        "edited": line.edited,
        "attachments": list(file_ids),
        "user": format_user_or_none(line, "actor", line.actor_id),
    }


def format_comments(lines: Iterable[EntryRow], files: Iterable[AttachmentRow]) -> list[Comment]:
    """Format the comments of a ticket, each with the ids of its attachments."""
    file_ids_by_entry: dict[int | None, list[int]] = {}
    for file in files:
        file_ids_by_entry.setdefault(file.entry_id, []).append(file.id)
    return [format_comment(line, file_ids_by_entry.get(line.id, [])) for line in lines]


class Attachment(TypedDict):
    """Upload File, with the other metadata of the file."""

    id: int
    filename: str
    size: int
    content_type: str
    upload_url: str
    virus_scan_status: ScanStatusValue
    ticket_id: int
    comment_id: int | None
    description: str | None
    is_internal: bool
    uploaded_by_id: int
    uploaded_by: UserSummary
    uploaded_at: datetime


def format_attachment(row: UploadedFileRow, base_url: str) -> Attachment:
    """Format a file on a ticket; `base_url` is that of this API."""
    return {
        "id": row.id,
        "filename": row.original_name,
        "size": row.size,
        "content_type": row.mime_type,
        "upload_url": f"{base_url}/attachments/{row.id}/download",
        "virus_scan_status": row.scan_status,
        "ticket_id": row.ticket_id or 0,
        "comment_id": row.entry_id,
        "description": row.description,
        "is_internal": row.audience == Audience.INTERNAL,
        "uploaded_by_id": row.uploader_id,
        "uploaded_by": _format_user(row, row.uploader_id, "uploader"),
        "uploaded_at": row.uploaded_at,
    }


class Notification(TypedDict):
    """A notification for the caller."""

    id: int
    type: NotificationTypeValue
    message: str
    ticket_id: int | None
    ticket_number: str | None
    comment_id: int | None
    actor_name: str | None
    is_read: bool
    read_at: datetime | None
    created_at: datetime


class ReadNotifications(TypedDict):
    """How many notifications were marked as read."""

    read: int


def format_notification(row: NotificationRow) -> Notification:
    """Format a notification; `comment_id` is the timeline entry it refers to."""
    return {
        "id": row.id,
        "type": row.kind,
        "message": row.message,
        "ticket_id": row.ticket_id,
        "ticket_number": ticket_numbers.format_enterprise_number(cast("HasDayNumber", row))
        if row.ticket_id
        else None,
        "comment_id": row.entry_id
        if row.kind
        in (NotificationKind.MENTION, NotificationKind.REPLY, NotificationKind.REQUESTER_REPLY)
        else None,
        "actor_name": row.actor_name,
        "is_read": row.read_at is not None,
        "read_at": row.read_at,
        "created_at": row.created_at,
    }
