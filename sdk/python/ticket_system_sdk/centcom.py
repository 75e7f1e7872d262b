"""The Centcom document's client, with types, retries and typed errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Required, TypedDict, Unpack, cast

import httpx

from ticket_system_sdk.call import Call
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.files import Source, opened
from ticket_system_sdk.resource import known, segment
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
"""How a text is shown: as written, or as Markdown."""
AttachmentType = Literal["screenshot", "video", "log_file", "document", "other"]


class NewTicket(TypedDict, total=False):
    """What a ticket is filed with. `format` is that of its texts: markdown unless given."""

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
    """Somebody, as tickets and files name them."""

    id: str
    username: str
    full_name: str


class Comment(TypedDict):
    """What was said on a ticket."""

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
    """A line of a ticket's history."""

    old_status: Status | None
    new_status: Status
    created_at: str


class Count(TypedDict):
    """How the document counts."""

    count: int


class FiledTicket(TypedDict):
    """A ticket as its filing answers it."""

    id: str
    ticket_key: str
    title: str
    status: Status
    priority: Priority
    ticket_type: TicketType
    created_at: str
    updated_at: str


class ListedTicket(FiledTicket):
    """A ticket in a list."""

    description: str
    severity: Severity
    application_section: str
    assigned_admin: Person | None
    comments_count: list[Count]
    attachments_count: list[Count]
    tags: list[str]


class TicketDetails(FiledTicket):
    """A ticket with all that belongs to it."""

    description: str
    comments: list[Comment]
    attachments: list[Attachment]
    status_history: list[StatusChange]


class Pagination(TypedDict):
    """Which part of a list it is."""

    limit: int
    offset: int
    has_more: bool


class Submitted(TypedDict):
    """The answer to a filed ticket."""

    success: bool
    ticket: FiledTicket
    message: str


class Listed(TypedDict):
    """The answer with one's tickets."""

    success: bool
    tickets: list[ListedTicket]
    pagination: Pagination


class Detailed(TypedDict):
    """The answer with one ticket."""

    success: bool
    ticket: TicketDetails


class Commented(TypedDict):
    """The answer to a comment."""

    success: bool
    comment: Comment
    message: str


class Comments(TypedDict):
    """The answer with a ticket's comments."""

    success: bool
    comments: list[Comment]


class Uploaded(TypedDict):
    """The answer to a file."""

    success: bool
    attachment: Attachment
    message: str


class Attachments(TypedDict):
    """The answer with a ticket's files."""

    success: bool
    attachments: list[Attachment]


class CentcomTickets:
    """Tickets of one Centcom user; every method answers what the document shows.

    Raises `TicketSystemError`s as `TicketSystemClient` does, and tries again as it does.
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
        longest_wait: float = 60.0,
        http: httpx.Client | None = None,
    ) -> None:
        self.base_url = base_url
        credentials = Credentials()
        credentials.use(access_token)
        self._transport = Transport(
            f"{base_url.rstrip('/')}/api/tickets",
            credentials=credentials,
            retries=Retries(most=retries, first_wait=first_wait, longest_wait=longest_wait),
            timeout=timeout,
            http=http,
            headers={"X-Client-App": "CentCom", "X-Client-Version": centcom_version},
        )

    def submit_ticket(self, **ticket: Unpack[NewTicket]) -> Submitted:
        """File a ticket."""
        return cast("Submitted", self._post("", ticket))

    def get_my_tickets(
        self,
        *,
        status: Status | None = None,
        ticket_type: TicketType | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Listed:
        """The user's own tickets, the newest first."""
        params = known(status=status, ticket_type=ticket_type, limit=limit, offset=offset)
        return cast("Listed", self._get("", params))

    def get_ticket_details(self, ticket_id: str) -> Detailed:
        """A ticket with its comments, files and history."""
        return cast("Detailed", self._get(f"/{segment(ticket_id)}"))

    def add_comment(
        self,
        ticket_id: str,
        content: str,
        *,
        format: TextFormat | None = None,  # noqa: A002
    ) -> Commented:
        """Say something on a ticket. `format` is that of the content: markdown unless given."""
        body = {"content": content, **known(format=format)}
        return cast("Commented", self._post(f"/{segment(ticket_id)}/comments", body))

    def get_comments(self, ticket_id: str) -> Comments:
        """A ticket's comments."""
        return cast("Comments", self._get(f"/{segment(ticket_id)}/comments"))

    def upload_attachment(
        self,
        ticket_id: str,
        file_path: Source,
        *,
        filename: str | None = None,
        attachment_type: AttachmentType = "other",
        description: str | None = None,
        is_public: bool = False,
    ) -> Uploaded:
        """Send a file: by its path, as the document does, or its bytes, or an open binary file."""
        fields = known(
            attachment_type=attachment_type,
            description=description,
            is_public=str(is_public).lower(),
        )
        path = f"/{segment(ticket_id)}/attachments"
        with opened(file_path, filename, None) as upload:
            call = Call(method="POST", path=path, fields=fields, file=upload)
            return cast("Uploaded", self._transport.json(call))

    def get_attachments(self, ticket_id: str) -> Attachments:
        """A ticket's files."""
        return cast("Attachments", self._get(f"/{segment(ticket_id)}/attachments"))

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
