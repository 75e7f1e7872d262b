"""A client for the Centcom API, with types, retries and typed errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Required, Self, TypedDict, TypeVar, Unpack, cast

import httpx

from ticket_system_sdk.call import Call
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.exchange import Exchange
from ticket_system_sdk.files import FileSource, Source
from ticket_system_sdk.operation import Operation, json_body
from ticket_system_sdk.resource import Resource, endpoint, path_segment, without_none
from ticket_system_sdk.retries import Retries
from ticket_system_sdk.transport import AsyncTransport, Transport, TransportT

T = TypeVar("T")

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
    """A ticket with its comments, files and history."""

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


class BaseCentcomTickets(Resource[TransportT]):
    """The methods of both clients; each returns the response that the document shows."""

    base_url: str

    @endpoint
    def submit_ticket(self, **ticket: Unpack[NewTicket]) -> Operation[TicketResponse]:
        """Create a ticket."""
        return _post(TicketResponse, "", ticket)

    @endpoint
    def get_my_tickets(
        self,
        *,
        status: Status | None = None,
        ticket_type: TicketType | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Operation[TicketListResponse]:
        """Return up to `limit` of the user's own tickets after `offset`, newest first."""
        params = without_none(status=status, ticket_type=ticket_type, limit=limit, offset=offset)
        return _get(TicketListResponse, "", params)

    @endpoint
    def get_ticket_details(self, ticket_id: str) -> Operation[TicketDetailsResponse]:
        """Return a ticket with its comments, files and history."""
        return _get(TicketDetailsResponse, f"/{path_segment(ticket_id)}")

    @endpoint
    def add_comment(
        self,
        ticket_id: str,
        content: str,
        *,
        format: TextFormat | None = None,  # noqa: A002
    ) -> Operation[CommentResponse]:
        """Add a comment to a ticket. `format` applies to the content; the default is markdown."""
        body = {"content": content, **without_none(format=format)}
        return _post(CommentResponse, f"/{path_segment(ticket_id)}/comments", body)

    @endpoint
    def get_comments(self, ticket_id: str) -> Operation[CommentListResponse]:
        """Return a ticket's comments."""
        return _get(CommentListResponse, f"/{path_segment(ticket_id)}/comments")

    @endpoint
    def upload_attachment(
        self,
        ticket_id: str,
        file_path: FileSource,
        *,
        filename: str | None = None,
        attachment_type: AttachmentType = "other",
        description: str | None = None,
        is_public: bool = False,
    ) -> Operation[AttachmentResponse]:
        """Upload a file, given as its path (as in the document), its bytes or an open file."""
        fields = without_none(
            attachment_type=attachment_type,
            description=description,
            is_public=str(is_public).lower(),
        )
        path = f"/{path_segment(ticket_id)}/attachments"
        call = Call(method="POST", path=path, fields=fields, source=Source(file_path, filename))
        return _response(AttachmentResponse, call)

    @endpoint
    def get_attachments(self, ticket_id: str) -> Operation[AttachmentListResponse]:
        """Return a ticket's files."""
        return _get(AttachmentListResponse, f"/{path_segment(ticket_id)}/attachments")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"


class CentcomTickets(BaseCentcomTickets[Transport]):
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
        again = Retries(max_retries=retries, first_wait=first_wait, max_wait=max_wait)
        exchange = _exchange(base_url, access_token, centcom_version, again, timeout)
        super().__init__(Transport(exchange, http))

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncCentcomTickets(BaseCentcomTickets[AsyncTransport]):
    """`CentcomTickets` for asyncio and trio: its methods are awaited, the arguments the same."""

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
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.base_url = base_url
        again = Retries(max_retries=retries, first_wait=first_wait, max_wait=max_wait)
        exchange = _exchange(base_url, access_token, centcom_version, again, timeout)
        super().__init__(AsyncTransport(exchange, http))

    async def close(self) -> None:
        """Close the connections."""
        await self.transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _exchange(
    base_url: str, access_token: str, centcom_version: str, retries: Retries, timeout: float
) -> Exchange:
    credentials = Credentials()
    credentials.use(access_token)
    return Exchange(
        f"{base_url.rstrip('/')}/api/tickets",
        credentials=credentials,
        retries=retries,
        timeout=timeout,
        headers={"X-Client-App": "CentCom", "X-Client-Version": centcom_version},
    )


def _response(_: type[T], call: Call) -> Operation[T]:
    return Operation(call, lambda response: cast("T", json_body(response)))


def _get(kind: type[T], path: str, params: dict[str, Any] | None = None) -> Operation[T]:
    return _response(kind, Call(method="GET", path=path, params=params or {}))


def _post(kind: type[T], path: str, body: Mapping[str, Any]) -> Operation[T]:
    return _response(kind, Call(method="POST", path=path, json=dict(body)))
