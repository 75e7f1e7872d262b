"""Custom Ticket Actions."""

from __future__ import annotations

from starlette.responses import Response

from ticket_app.api.dialects.ticketing.attachments.routes import DESCRIPTION_SCHEMA, attach_file
from ticket_app.api.dialects.ticketing.attachments.schemas import Attachment
from ticket_app.api.dialects.ticketing.comments.routes import post_comment
from ticket_app.api.dialects.ticketing.comments.schemas import PostedComment, TicketCommentBody
from ticket_app.api.dialects.ticketing.routing import BASE, create_router
from ticket_app.api.dialects.ticketing.tickets import schemas
from ticket_app.api.dialects.ticketing.tickets.responses import ticket_response
from ticket_app.api.dialects.ticketing.vocabulary import STATUS
from ticket_app.api.kit import uploads
from ticket_app.api.kit.drf_parameters import IfMatch
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse, parse_version
from ticket_app.api.kit.uploads import upload_form_schema
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.tickets import assigning, locking, status_changes

router = create_router()


@router.post(BASE + "/tickets/{ticket_id}/assign/", response_model=schemas.TicketDetails)
def assign_ticket(
    ticket_id: str, body: schemas.Assignment, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Assign Ticket."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    try:
        assigning.assign(uow, ticket, body.user_id)
    except Invalid as error:
        raise Invalid("user_id", error.reason) from None
    return ticket_response(uow, ticket.id or 0)


@router.post(BASE + "/tickets/{ticket_id}/change_status/", response_model=schemas.TicketDetails)
def change_status(
    ticket_id: str, body: schemas.StatusUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Change Status."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    status_changes.change_status(uow, ticket, STATUS.parse_change(ticket.status, body.status))
    return ticket_response(uow, ticket.id or 0)


@router.post(
    BASE + "/tickets/{ticket_id}/add_comment/",
    status_code=201,
    response_model=PostedComment,
)
def add_comment(ticket_id: str, body: TicketCommentBody, uow: AuthenticatedUow) -> JsonResponse:
    """Add Comment."""
    return post_comment(uow, ticket_id, body)


@router.post(
    BASE + "/tickets/{ticket_id}/add_attachment/",
    status_code=201,
    response_model=Attachment,
    openapi_extra=upload_form_schema(description=DESCRIPTION_SCHEMA),
)
def add_attachment(
    ticket_id: str, upload: uploads.UploadDep, context: RequestContextDep
) -> Response:
    """Add Attachment."""
    return attach_file(ticket_id, upload, context)
