"""Types of the guide's responses for `/openapi.json`; tests compare them with real responses."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from ticket_app.api.dialects.centcom.vocabulary import StatusValue

TicketTypeValue = Literal["bug", "feature_request", "improvement", "support", "other"]
PriorityValue = Literal["critical", "high", "medium", "low"]
SeverityValue = Literal["critical", "major", "minor", "cosmetic"]
AttachmentTypeValue = Literal["screenshot", "video", "log_file", "document", "other"]


class UserSummary(TypedDict):
    """A user with their names."""

    id: UUID
    username: str
    full_name: str


class Count(TypedDict):
    """A count, as the guide wraps it in a list of one."""

    count: int


class SubmittedTicket(TypedDict):
    """The ticket in the response to its submission."""

    id: UUID
    ticket_key: str
    title: str
    status: StatusValue
    priority: PriorityValue
    ticket_type: TicketTypeValue
    created_at: datetime
    updated_at: datetime


class ListedTicket(SubmittedTicket):
    """A ticket in a list."""

    description: str
    severity: SeverityValue
    application_section: str
    assigned_admin: UserSummary | None
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
    """An attachment."""

    id: UUID
    filename: str
    original_filename: str
    file_size: int
    mime_type: str
    attachment_type: AttachmentTypeValue
    description: str | None
    uploaded_at: datetime
    is_public: bool
    scan_status: Literal["pending", "clean", "infected", "failed"]


class ListedAttachment(Attachment):
    """An attachment with its uploader and download URL."""

    uploader: UserSummary
    download_url: str


class StatusChange(TypedDict):
    """One entry of status_history."""

    old_status: StatusValue | None
    new_status: StatusValue
    created_at: datetime


class TicketDetails(ListedTicket):
    """Get Ticket Details: the whole ticket."""

    plugin_name: str | None
    centcom_version: str | None
    steps_to_reproduce: str | None
    expected_behavior: str | None
    actual_behavior: str | None
    reproduction_rate: Literal["always", "sometimes", "rarely", "once"] | None
    environment_info: dict[str, object] | None
    admin_feedback: str | None
    resolved_at: datetime | None
    submitted_by: UserSummary
    comments: list[Comment]
    attachments: list[ListedAttachment]
    status_history: list[StatusChange]


class SubmitTicketResponse(TypedDict):
    """Submit a New Ticket: Response."""

    success: Literal[True]
    ticket: SubmittedTicket
    message: str


class Pagination(TypedDict):
    """The position of a page in its list."""

    limit: int
    offset: int
    has_more: bool


class TicketListResponse(TypedDict):
    """Get User's Tickets: Response."""

    success: Literal[True]
    tickets: list[ListedTicket]
    pagination: Pagination


class SubmissionLimit(TypedDict):
    """How many tickets the caller may still submit, and when they may submit all again."""

    limit: int
    remaining: int
    resets_at: datetime


class TicketSummaryResponse(TypedDict):
    """The number of the caller's tickets in each status, and their submission limit."""

    success: Literal[True]
    counts: dict[StatusValue, int]
    submissions: SubmissionLimit | None


class TicketDetailsResponse(TypedDict):
    """Get Ticket Details: Response."""

    success: Literal[True]
    ticket: TicketDetails


class AddCommentResponse(TypedDict):
    """Add Comment to Ticket: Response."""

    success: Literal[True]
    comment: Comment
    message: str
    ticket: NotRequired[SubmittedTicket]


class CommentListResponse(TypedDict):
    """Get Comments for Ticket: Response."""

    success: Literal[True]
    comments: list[Comment]


class UploadResponse(TypedDict):
    """Upload File Attachment: Response."""

    success: Literal[True]
    attachment: Attachment
    message: str


class AttachmentListResponse(TypedDict):
    """Get Ticket Attachments: Response."""

    success: Literal[True]
    attachments: list[ListedAttachment]


class SetUpResponse(TypedDict):
    """The result of the setup."""

    success: Literal[True]
    message: str
    schema_version: str | None
    migrated: bool


class ErrorResponse(TypedDict):
    """Error Handling: the body of every error."""

    success: Literal[False]
    error: str
    details: NotRequired[str]


ERROR_RESPONSES: dict[int | str, dict[str, object]] = {
    status: {"model": ErrorResponse, "description": words}
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
