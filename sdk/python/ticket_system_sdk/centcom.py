"""A client for the Centcom API, with types, retries and typed errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Required, TypedDict, Unpack, cast

import httpx

from ticket_system_sdk.call import Call
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.files import FileSource, open_upload
from ticket_system_sdk.resource import path_segment, without_none
from ticket_system_sdk.retries import Retries
from ticket_system_sdk.transport import Transport

TicketType = Literal["bug", "feature_request", "improvement", "support", "other"]
Priority = Literal["critical", "high", "medium", "low"]
Severity = Literal["critical", "major", "minor", "cosmetic"]
ReproductionRate = Literal["always", "sometimes", "rarely", "once"]
Status = Literal[
    "open", "in_progress", "pending_user", "resolved", "closed", "duplicate", "wont_fix"
]
TextFormat = Literal["plain", "markdown"]
"""How a text is displayed: as written, or rendered as Markdown."""
AttachmentType = Literal["screenshot", "video", "log_file", "document", "other"]


class NewTicket(TypedDict, total=False):
    """The fields of a new ticket. `format` applies to its texts; the default is markdown."""

    title: Required[str]
    description: Required[str]
    format: TextFormat
    ticket_type: Required[TicketType]
    application_section: Required[str]
    priority: Priority
    severity: Severity
    plugin_name: str
    centcom_version: str
    steps_to_reproduce: str
    expected_behavior: str
    actual_behavior: str
    reproduction_rate: ReproductionRate
    environment_info: Mapping[str, Any]
    tags: Sequence[str]


class Person(TypedDict):
    """A user, as shown on tickets and files."""

    id: str
    username: str
    full_name: str


class Comment(TypedDict):
    """A comment on a ticket."""

    id: str
    content: str
    author_name: str
    author_type: Literal["user", "admin"]
    created_at: str


class Attachment(TypedDict):
    """A file of a ticket."""

    id: str
    filename: str
    original_filename: str
    file_size: int
    mime_type: str
    attachment_type: AttachmentType
    description: str | None
    uploaded_at: str
    is_public: bool
    scan_status: str


class StatusChange(TypedDict):
    """A status change in a ticket's history."""

    old_status: Status | None
    new_status: Status
    created_at: str


class Count(TypedDict):
    """A count, in the form that the Centcom document uses."""

    count: int


class CreatedTicket(TypedDict):
    """A ticket as returned when it is created."""

    id: str
    ticket_key: str
    title: str
    status: Status
    priority: Priority
    ticket_type: TicketType
    created_at: str
    updated_at: str


class ListedTicket(CreatedTicket):
    """A ticket in a list."""

    description: str
    severity: Severity
    application_section: str
    assigned_admin: Person | None
    comments_count: list[Count]
    attachments_count: list[Count]
    tags: list[str]


class TicketDetails(CreatedTicket):
    """Return a ticket with its comments, files and history."""

    description: str
    comments: list[Comment]
    attachments: list[Attachment]
    status_history: list[StatusChange]


class Pagination(TypedDict):
    """The position of a page in a list."""

    limit: int
    offset: int
    has_more: bool


class TicketResponse(TypedDict):
    """The response to a new ticket."""

    success: bool
    ticket: CreatedTicket
    message: str


class TicketListResponse(TypedDict):
    """The response with the caller's tickets."""

    success: bool
    tickets: list[ListedTicket]
    pagination: Pagination


class TicketDetailsResponse(TypedDict):
    """The response with one ticket."""

    success: bool
    ticket: TicketDetails


class CommentResponse(TypedDict):
    """The response to a new comment."""

    success: bool
    comment: Comment
    message: str


class CommentListResponse(TypedDict):
    """The response with a ticket's comments."""

    success: bool
    comments: list[Comment]


class AttachmentResponse(TypedDict):
    """The response to an upload."""

    success: bool
    attachment: Attachment
    message: str


class AttachmentListResponse(TypedDict):
    """The response with a ticket's files."""

    success: bool
    attachments: list[Attachment]


class CentcomTickets:
    """The tickets of one Centcom user; each method returns the response that the document shows.

    Raises `TicketSystemError`s and retries like `TicketSystemClient`.
    """

    def __init__(
        self,
        base_url: str,
        access_token: str,
        centcom_version: str = "2.1.4",
        *,
        timeout: float = 30.0,
        retries: int = 3,
        first_wait: float = 0.5,
        max_wait: float = 60.0,
        http: httpx.Client | None = None,
    ) -> None:
        self.base_url = base_url
        credentials = Credentials()
        credentials.use(access_token)
        self._transport = Transport(
            f"{base_url.rstrip('/')}/api/tickets",
            credentials=credentials,
            retries=Retries(max_retries=retries, first_wait=first_wait, max_wait=max_wait),
            timeout=timeout,
            http=http,
            headers={"X-Client-App": "CentCom", "X-Client-Version": centcom_version},
        )

    def submit_ticket(self, **ticket: Unpack[NewTicket]) -> TicketResponse:
        """Create a ticket."""
        return cast("TicketResponse", self._post("", ticket))

    def get_my_tickets(
        self,
        *,
        status: Status | None = None,
        ticket_type: TicketType | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> TicketListResponse:
        """Return the user's own tickets, newest first."""
        params = without_none(status=status, ticket_type=ticket_type, limit=limit, offset=offset)
        return cast("TicketListResponse", self._get("", params))

    def get_ticket_details(self, ticket_id: str) -> TicketDetailsResponse:
        """Return a ticket with its comments, files and history."""
        return cast("TicketDetailsResponse", self._get(f"/{path_segment(ticket_id)}"))

    def add_comment(
        self,
        ticket_id: str,
        content: str,
        *,
        format: TextFormat | None = None,  # noqa: A002
    ) -> CommentResponse:
        """Add a comment to a ticket. `format` applies to the content; the default is markdown."""
        body = {"content": content, **without_none(format=format)}
        return cast("CommentResponse", self._post(f"/{path_segment(ticket_id)}/comments", body))

    def get_comments(self, ticket_id: str) -> CommentListResponse:
        """Return a ticket's comments."""
        return cast("CommentListResponse", self._get(f"/{path_segment(ticket_id)}/comments"))

    def upload_attachment(
        self,
        ticket_id: str,
        file_path: FileSource,
        *,
        filename: str | None = None,
        attachment_type: AttachmentType = "other",
        description: str | None = None,
        is_public: bool = False,
    ) -> AttachmentResponse:
        """Upload a file, given as its path (as in the document), its bytes or an open file."""
        fields = without_none(
            attachment_type=attachment_type,
            description=description,
            is_public=str(is_public).lower(),
        )
        path = f"/{path_segment(ticket_id)}/attachments"
        with open_upload(file_path, filename, None) as upload:
            call = Call(method="POST", path=path, fields=fields, file=upload)
            return cast("AttachmentResponse", self._transport.json(call))

    def get_attachments(self, ticket_id: str) -> AttachmentListResponse:
        """Return a ticket's files."""
        return cast("AttachmentListResponse", self._get(f"/{path_segment(ticket_id)}/attachments"))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> CentcomTickets:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"CentcomTickets({self.base_url!r})"

    def _get(self, path: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._transport.json(Call(method="GET", path=path, params=params or {}))

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._transport.json(Call(method="POST", path=path, json=dict(body)))
