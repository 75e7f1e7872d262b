"""The endpoints in the guide's order (API Endpoints)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Header, Query
from starlette.responses import Response, StreamingResponse

from ticket_app.api.dialects.centcom.errors import CentcomErrorRenderer, success_body
from ticket_app.api.dialects.centcom.responses import (
    ERROR_RESPONSES,
    AddCommentResponse,
    AttachmentListResponse,
    CommentListResponse,
    SetUpResponse,
    SubmitTicketResponse,
    TicketDetailsResponse,
    TicketListResponse,
    TicketSummaryResponse,
    UploadResponse,
)
from ticket_app.api.dialects.centcom.schemas import (
    NewComment,
    NewTicket,
    format_attachment,
    format_comment,
    format_listed_attachment,
    format_listed_ticket,
    format_status_counts,
    format_status_history,
    format_submission_limit,
    format_submitted_ticket,
    format_ticket_details,
)
from ticket_app.api.dialects.centcom.vocabulary import ATTACHMENT_TYPE, KIND, PRIORITY, STATUS
from ticket_app.api.kit import uploads
from ticket_app.api.kit.downloads import DOWNLOAD_RESPONSES, FileDownload, download
from ticket_app.api.kit.query_parameters import parse_datetime_parameter, parse_ordering
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.api.kit.uploads import upload_form_schema
from ticket_app.api.kit.validation_errors import BOOLEAN
from ticket_app.core.attachments import attachments, stored_files
from ticket_app.core.attachments.rows import AttachmentRow
from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.conversation import commenting
from ticket_app.core.operations import installation
from ticket_app.core.platform import action_limits
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import locking, opening, ticket_list, ticket_lookup
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery
from ticket_app.core.timeline import timeline
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.tables import Ticket

ERROR_RENDERER = CentcomErrorRenderer()
RowWithAudience = TypeVar("RowWithAudience", EntryRow, AttachmentRow)
BASE = "/api/tickets"
DEFAULT_LIMIT = 50
SORT_FIELDS: dict[str, SortField] = {
    "created_at": "created",
    "updated_at": "updated",
    "priority": "priority",
    "status": "status",
}
"""`ordering`: the sortable fields; a minus in front reverses the order."""

router = DialectRouter(
    route_class=dialect_route_class(ERROR_RENDERER), tags=["Centcom"], responses=ERROR_RESPONSES
)

ClientVersion = Annotated[str | None, Header(alias="X-Client-Version")]
UPLOAD_FORM = upload_form_schema(
    attachment_type={
        "type": "string",
        "enum": list(ATTACHMENT_TYPE.value_by_word),
        "default": "other",
    },
    description={"type": "string", "maxLength": 1000},
    is_public={"type": "string", "enum": ["true", "false"], "default": "false"},
)
BOOLEAN_VALUES = {"true": True, "false": False, "1": True, "0": False, "": False}


@router.post(BASE, response_model=SubmitTicketResponse)
def submit_a_new_ticket(
    body: NewTicket, uow: AuthenticatedUow, x_client_version: ClientVersion = None
) -> JsonResponse:
    """Submit a New Ticket."""
    ticket = opening.open_ticket(uow, body.to_draft((x_client_version or "")[:60] or None))
    payload = format_submitted_ticket(ticket)
    return JsonResponse(
        success_body(ticket=payload, message=f"Ticket {payload['ticket_key']} created successfully")
    )


@router.get(BASE, response_model=TicketListResponse)
def get_users_tickets(
    uow: AuthenticatedUow,
    status: Annotated[str | None, Query()] = None,
    ticket_type: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    priority: Annotated[str | None, Query()] = None,
    search: Annotated[str, Query(max_length=500)] = "",
    created_after: Annotated[str | None, Query(max_length=40)] = None,
    created_before: Annotated[str | None, Query(max_length=40)] = None,
    ordering: Annotated[str | None, Query()] = None,
) -> JsonResponse:
    """Get User's Tickets. The parameters after `offset` are additions to the guide."""
    limit = min(limit, MAX_PAGE_SIZE)
    order = parse_ordering(ordering, SORT_FIELDS, "-created_at")
    query = TicketQuery(
        requester_id=uow.actor.id,
        status=STATUS.expand(status) if status else frozenset(),
        kind=KIND.expand(ticket_type) if ticket_type else frozenset(),
        priority=PRIORITY.expand(priority) if priority else frozenset(),
        search=search,
        created_from=parse_datetime_parameter("created_after", created_after),
        created_before=parse_datetime_parameter("created_before", created_before),
        sort=order.sort,
        descending=order.descending,
    )
    page = ticket_list.page(
        uow, query, PageRequest(limit=limit, offset=offset), "summary_with_description"
    )
    return JsonResponse(
        success_body(
            tickets=[format_listed_ticket(row) for row in page.rows],
            pagination={"limit": limit, "offset": offset, "has_more": page.has_more},
        )
    )


@router.get(BASE + "/summary", response_model=TicketSummaryResponse)
def get_ticket_summary(uow: AuthenticatedUow) -> JsonResponse:
    """Return the caller's tickets in each status, and how many more they may submit."""
    return JsonResponse(
        success_body(
            counts=format_status_counts(ticket_list.count_own_by_status(uow)),
            submissions=format_submission_limit(action_limits.submission_limit(uow.actor.id)),
        )
    )


@router.get(BASE + "/{ticket_id}", response_model=TicketDetailsResponse)
def get_ticket_details(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get Ticket Details."""
    ticket = ticket_lookup.read_ticket(uow, ticket_id)
    return JsonResponse(
        success_body(
            ticket=format_ticket_details(
                ticket,
                _public_only(commenting.list_comments(uow, ticket.id)),
                _public_only(stored_files.list_ticket_files(uow, ticket.id)),
                format_status_history(
                    timeline.list_creation_and_field_changes(uow, ticket.id, "status")
                ),
            )
        )
    )


def _public_only(rows: Iterable[RowWithAudience]) -> list[RowWithAudience]:
    """Return the public rows: the guide has no internal comments or files."""
    return [row for row in rows if row.audience == "public"]


@router.post(BASE + "/{ticket_id}/comments", response_model=AddCommentResponse)
def add_comment_to_ticket(ticket_id: str, body: NewComment, uow: AuthenticatedUow) -> JsonResponse:
    """Add Comment to Ticket."""
    ticket = locking.lock_ticket(uow, ticket_id)
    posted = commenting.post_comment(
        uow, ticket, body.content, text_format=body.format, channel="centcom"
    )
    line = timeline.get_entry(uow, posted.ticket.id or 0, posted.entry_id)
    comment = format_comment(line, posted.ticket)
    if posted.is_follow_up:
        return JsonResponse(
            success_body(
                comment=comment,
                message=posted.follow_up_message,
                ticket=format_submitted_ticket(posted.ticket),
            )
        )
    return JsonResponse(success_body(comment=comment, message="Comment added successfully"))


@router.get(BASE + "/{ticket_id}/comments", response_model=CommentListResponse)
def get_comments_for_ticket(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get Comments for Ticket."""
    ticket = ticket_lookup.read_ticket(uow, ticket_id, "summary")
    lines = _public_only(commenting.list_comments(uow, ticket.id))
    return JsonResponse(success_body(comments=[format_comment(line, ticket) for line in lines]))


@router.post(
    BASE + "/{ticket_id}/attachments", response_model=UploadResponse, openapi_extra=UPLOAD_FORM
)
def upload_file_attachment(
    ticket_id: str, upload: uploads.UploadDep, context: RequestContextDep
) -> Response:
    """Upload File Attachment."""
    fields = upload.fields
    attachment_type = ATTACHMENT_TYPE.parse(fields.get("attachment_type") or "other")
    is_public_text = fields.get("is_public", "").strip().lower()
    if is_public_text not in BOOLEAN_VALUES:
        raise Invalid("is_public", BOOLEAN)

    def attach(uow: UnitOfWork, ticket: Ticket, examined_file: StoredUpload) -> Response:
        attachment = attachments.attach(
            uow,
            ticket,
            examined_file,
            attachment_type=attachment_type,
            description=fields.get("description"),
            is_public=BOOLEAN_VALUES[is_public_text],
        )
        return JsonResponse(
            success_body(
                attachment=format_attachment(attachment), message="File uploaded successfully"
            )
        )

    return uploads.attach_upload(context, upload, ticket_id, attach)


@router.get(BASE + "/{ticket_id}/attachments", response_model=AttachmentListResponse)
def get_ticket_attachments(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get Ticket Attachments."""
    ticket = ticket_lookup.read_ticket(uow, ticket_id, "summary")
    rows = _public_only(stored_files.list_ticket_files(uow, ticket.id))
    return JsonResponse(success_body(attachments=[format_listed_attachment(row) for row in rows]))


@router.get(
    BASE + "/attachments/{attachment_id}/download",
    response_class=StreamingResponse,
    responses=DOWNLOAD_RESPONSES,
)
def download_a_file(attachment_id: str, uow: AuthenticatedUow) -> FileDownload:
    """Download an attachment. The caller must be allowed to see its ticket."""
    try:
        attachment_uuid = UUID(attachment_id)
    except ValueError:
        raise NotFound("File") from None
    return download(stored_files.get_downloadable_file(uow, attachment_uuid))


@router.post("/api/admin/setup-ticket-management", response_model=SetUpResponse)
def set_up_ticket_management(context: RequestContextDep) -> JsonResponse:
    """Setup Test Database: bring the tables up to date, if they are not."""
    with context.unit_of_work(writes=False) as uow:
        uow.actor.require("set_up", "set up the ticket management")
        before = installation.schema_version()
    if not before.is_current:
        installation.migrate()
    after = installation.schema_version()
    return JsonResponse(
        success_body(
            message="Ticket management is set up",
            schema_version=after.installed,
            migrated=before.installed != after.installed,
        )
    )
