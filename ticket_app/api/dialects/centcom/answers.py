"""The guide's responses as types, for `/openapi.json`; held against real answers by tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

StatusWord = Literal[
    "open", "in_progress", "pending_user", "resolved", "closed", "duplicate", "wont_fix"
]
KindWord = Literal["bug", "feature_request", "improvement", "support", "other"]
PriorityWord = Literal["critical", "high", "medium", "low"]
SeverityWord = Literal["critical", "major", "minor", "cosmetic"]
AttachmentWord = Literal["screenshot", "video", "log_file", "document", "other"]


class Person(TypedDict):
    """Somebody by name."""

    id: UUID
    username: str
    full_name: str


class Count(TypedDict):
    """A count, as the guide wraps it in a list of one."""

    count: int


class SubmittedTicket(TypedDict):
    """The ticket as its submission is answered."""

    id: UUID
    ticket_key: str
    title: str
    status: StatusWord
    priority: PriorityWord
    ticket_type: KindWord
    created_at: datetime
    updated_at: datetime


class ListedTicket(SubmittedTicket):
    """The ticket as a list shows it."""

    description: str
    severity: SeverityWord
    application_section: str
    assigned_admin: Person | None
    comments_count: list[Count]
    attachments_count: list[Count]
    tags: list[str]


class Comment(TypedDict):
    """A comment."""

    id: UUID
    content: str
    author_name: str
    author_type: Literal["admin", "user"]
    created_at: datetime


class Attachment(TypedDict):
    """A file."""

    id: UUID
    filename: str
    original_filename: str
    file_size: int
    mime_type: str
    attachment_type: AttachmentWord
    description: str | None
    uploaded_at: datetime
    is_public: bool
    scan_status: Literal["pending", "clean", "infected", "failed"]


class ListedAttachment(Attachment):
    """A file, who sent it, and where it is fetched."""

    uploader: Person
    download_url: str


class StatusChange(TypedDict):
    """One line of status_history."""

    old_status: StatusWord | None
    new_status: StatusWord
    created_at: datetime


class WholeTicket(ListedTicket):
    """Get Ticket Details: all there is."""

    plugin_name: str | None
    centcom_version: str | None
    steps_to_reproduce: str | None
    expected_behavior: str | None
    actual_behavior: str | None
    reproduction_rate: Literal["always", "sometimes", "rarely", "once"] | None
    environment_info: dict[str, Any] | None
    admin_feedback: str | None
    resolved_at: datetime | None
    submitted_by: Person
    comments: list[Comment]
    attachments: list[ListedAttachment]
    status_history: list[StatusChange]


class Submitted(TypedDict):
    """Submit a New Ticket: Response."""

    success: Literal[True]
    ticket: SubmittedTicket
    message: str


class Pagination(TypedDict):
    """Which part of a list this is."""

    limit: int
    offset: int
    has_more: bool


class Tickets(TypedDict):
    """Get User's Tickets: Response."""

    success: Literal[True]
    tickets: list[ListedTicket]
    pagination: Pagination


class Details(TypedDict):
    """Get Ticket Details: Response."""

    success: Literal[True]
    ticket: WholeTicket


class Commented(TypedDict):
    """Add Comment to Ticket: Response."""

    success: Literal[True]
    comment: Comment
    message: str
    ticket: NotRequired[SubmittedTicket]


class Comments(TypedDict):
    """Get Comments for Ticket: Response."""

    success: Literal[True]
    comments: list[Comment]


class Uploaded(TypedDict):
    """Upload File Attachment: Response."""

    success: Literal[True]
    attachment: Attachment
    message: str


class Attachments(TypedDict):
    """Get Ticket Attachments: Response."""

    success: Literal[True]
    attachments: list[ListedAttachment]


class SetUp(TypedDict):
    """What setting up has done."""

    success: Literal[True]
    message: str
    schema_version: str | None
    migrated: bool


class Refused(TypedDict):
    """Error Handling: the form of every refusal."""

    success: Literal[False]
    error: str
    details: NotRequired[str]


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refused, "description": words}
    for status, words in {
        400: "Bad request",
        401: "Unauthorized",
        403: "Forbidden",
        404: "Not found",
        409: "The same request is under way",
        422: "The Idempotency-Key was used for something else",
        429: "Too many requests",
        500: "Internal server error",
        503: "Temporarily unavailable; see Retry-After",
    }.items()
}
