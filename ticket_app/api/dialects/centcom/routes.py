"""API Endpoints, in the guide's order."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query
from starlette.responses import Response, StreamingResponse

from ticket_app.api.dialects.centcom.answers import (
    REFUSALS,
    Attachments,
    Commented,
    Comments,
    Details,
    SetUp,
    Submitted,
    Tickets,
    Uploaded,
)
from ticket_app.api.dialects.centcom.errors import CentcomVoice, success
from ticket_app.api.dialects.centcom.shapes import (
    NewComment,
    NewTicket,
    attached,
    brief,
    full,
    history,
    listed,
    said,
    uploaded,
)
from ticket_app.api.dialects.centcom.vocabulary import ATTACHMENT_TYPE, KIND, STATUS
from ticket_app.api.kit import files
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.door import Caller, Entrance
from ticket_app.api.kit.drf import form
from ticket_app.api.kit.messages import BOOLEAN
from ticket_app.api.kit.route import DialectRouter, dialect_route, once
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting
from ticket_app.core.operations import installation
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.paging import LONGEST_PAGE, Slice
from ticket_app.core.tickets import ticket_list, tickets
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.timeline import timeline

VOICE = CentcomVoice()
BASE = "/api/tickets"
DEFAULT_LIMIT = 50

router = DialectRouter(route_class=dialect_route(VOICE), tags=["Centcom"], responses=REFUSALS)

Version = Annotated[str | None, Header(alias="X-Client-Version")]
FORM = form(
    attachment_type={"type": "string", "enum": list(ATTACHMENT_TYPE.hears), "default": "other"},
    description={"type": "string", "maxLength": 1000},
    is_public={"type": "string", "enum": ["true", "false"], "default": "false"},
)
TRUTH = {"true": True, "false": False, "1": True, "0": False, "": False}


@router.post(BASE, response_model=Submitted)
def submit_a_new_ticket(body: NewTicket, desk: Caller, x_client_version: Version = None) -> Any:
    """Submit a New Ticket."""
    ticket = tickets.open_ticket(desk, body.draft((x_client_version or "")[:60] or None))
    told = brief(ticket)
    return Json(success(ticket=told, message=f"Ticket {told['ticket_key']} created successfully"))


@router.get(BASE, response_model=Tickets)
def get_users_tickets(
    desk: Caller,
    status: Annotated[str | None, Query()] = None,
    ticket_type: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
) -> Any:
    """Get User's Tickets."""
    limit = min(limit, LONGEST_PAGE)
    query = TicketQuery(
        requester_id=desk.actor.id,
        status=STATUS.covers(status) if status else frozenset(),
        kind=KIND.covers(ticket_type) if ticket_type else frozenset(),
    )
    page = ticket_list.page(desk, query, Slice(limit=limit, offset=offset), "brief")
    return Json(
        success(
            tickets=[listed(row) for row in page.rows],
            pagination={"limit": limit, "offset": offset, "has_more": page.has_more},
        )
    )


@router.get(BASE + "/{ticket_id}", response_model=Details)
def get_ticket_details(ticket_id: str, desk: Caller) -> Any:
    """Get Ticket Details."""
    ticket = ticket_list.read(desk, ticket_id)
    return Json(
        success(
            ticket=full(
                ticket,
                _public(commenting.read(desk, ticket.id)),
                _public(attachments.of_ticket(desk, ticket.id)),
                history(timeline.changes_of(desk, ticket.id, "status")),
            )
        )
    )


def _public(rows: Any) -> list[Any]:
    """What the guide's clients are shown: they have no word for internal."""
    return [row for row in rows if row.audience == "public"]


@router.post(BASE + "/{ticket_id}/comments", response_model=Commented)
def add_comment_to_ticket(ticket_id: str, body: NewComment, desk: Caller) -> Any:
    """Add Comment to Ticket."""
    ticket = tickets.hold(desk, ticket_id)
    posted = commenting.post(desk, ticket, body.content, text_format=body.format, channel="centcom")
    line = timeline.line(desk, posted.ticket.id or 0, posted.entry_id)
    comment = said(line, posted.ticket)
    if posted.is_follow_up:
        return Json(success(comment=comment, message=posted.message, ticket=brief(posted.ticket)))
    return Json(success(comment=comment, message="Comment added successfully"))


@router.get(BASE + "/{ticket_id}/comments", response_model=Comments)
def get_comments_for_ticket(ticket_id: str, desk: Caller) -> Any:
    """Get Comments for Ticket."""
    ticket = ticket_list.read(desk, ticket_id, "line")
    lines = _public(commenting.read(desk, ticket.id))
    return Json(success(comments=[said(line, ticket) for line in lines]))


@router.post(BASE + "/{ticket_id}/attachments", response_model=Uploaded, openapi_extra=FORM)
def upload_file_attachment(ticket_id: str, upload: files.ReceivedFile, door: Entrance) -> Any:
    """Upload File Attachment."""
    fields = upload.fields
    kind = ATTACHMENT_TYPE.hear(fields.get("attachment_type") or "other")
    truth = fields.get("is_public", "").strip().lower()
    if truth not in TRUTH:
        raise Invalid("is_public", BOOLEAN)
    with door.desk(writes=False) as desk:
        ticket_list.read(desk, ticket_id, "line")

    def attach(desk: Any, examined: attachments.Examined) -> Response:
        kept = attachments.attach(
            desk,
            tickets.hold(desk, ticket_id),
            examined,
            attachment_type=kind,
            description=fields.get("description"),
            is_public=TRUTH[truth],
        )
        return Json(success(attachment=uploaded(kept), message="File uploaded successfully"))

    with files.examined(door, upload) as examined, door.desk() as desk:
        return files.used(once(door, desk, lambda: attach(desk, examined)), examined)


@router.get(BASE + "/{ticket_id}/attachments", response_model=Attachments)
def get_ticket_attachments(ticket_id: str, desk: Caller) -> Any:
    """Get Ticket Attachments."""
    ticket = ticket_list.read(desk, ticket_id, "line")
    rows = _public(attachments.of_ticket(desk, ticket.id))
    return Json(success(attachments=[attached(row) for row in rows]))


@router.get(
    BASE + "/attachments/{attachment_id}/download",
    response_class=StreamingResponse,
    responses=files.BYTES,
)
def download_a_file(attachment_id: str, desk: Caller) -> Any:
    """The bytes of an attachment, for who may see its ticket."""
    try:
        wanted = UUID(attachment_id)
    except ValueError:
        raise NotFound("File") from None
    return files.download(attachments.fetch(desk, wanted))


@router.post("/api/admin/setup-ticket-management", response_model=SetUp)
def set_up_ticket_management(door: Entrance) -> Any:
    """Setup Test Database: brings the tables up to date; does nothing where they are."""
    with door.desk(writes=False) as desk:
        desk.actor.must("set_up", "set up the ticket management")
        before = installation.schema()
    if not before.is_current:
        installation.migrate()
    after = installation.schema()
    return Json(
        success(
            message="Ticket management is set up",
            schema_version=after.present,
            migrated=before.present != after.present,
        )
    )
