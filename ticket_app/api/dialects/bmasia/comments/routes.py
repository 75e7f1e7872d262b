"""Comment Endpoints."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from ticket_app.api.dialects.bmasia.comments import schemas
from ticket_app.api.dialects.bmasia.routing import BASE, create_router
from ticket_app.api.kit.comments import add_comment, follow_up_fields
from ticket_app.api.kit.drf_parameters import NO_CONTENT_RESPONSES, TicketParameter
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.query_parameters import find_ticket_id
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENT_ENTRIES, ActivityQuery
from ticket_app.core.platform.unit_of_work import UnitOfWork

router = create_router()


def post_comment(uow: UnitOfWork, ticket_id: str, body: schemas.TicketCommentBody) -> JsonResponse:
    """Add a comment to a ticket and return it."""
    posted = add_comment(uow, ticket_id, body.text, body, channel="bmasia")
    line = activity.get_comment(uow, posted.entry_id)
    follow_up_payload = follow_up_fields(posted, posted.ticket.uuid)
    return JsonResponse(
        {**schemas.format_comment(line, line.ticket_uuid), **follow_up_payload}, 201
    )


def _comment_response(uow: UnitOfWork, reference: UUID | int) -> JsonResponse:
    line = activity.get_comment(uow, reference)
    return JsonResponse(schemas.format_comment(line, line.ticket_uuid))


@router.get(BASE + "/ticket-comments/", response_model=schemas.CommentPage)
def list_comments(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, ticket: TicketParameter = None
) -> JsonResponse:
    """List Comments, oldest first."""
    query = ActivityQuery(
        ticket_id=find_ticket_id(uow, "ticket", ticket), entry_filters=COMMENT_ENTRIES
    )
    page = activity.list_entries(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        (schemas.format_comment(row, row.ticket_uuid) for row in page.rows),
        activity.count_entries(uow, query),
        page=page,
    )


@router.post(BASE + "/ticket-comments/", status_code=201, response_model=schemas.PostedComment)
def create_comment(body: schemas.NewComment, uow: AuthenticatedUow) -> JsonResponse:
    """Create Comment."""
    return post_comment(uow, body.ticket, body)


@router.get(BASE + "/ticket-comments/{comment_id}/", response_model=schemas.Comment)
def get_comment(comment_id: UUID, uow: AuthenticatedUow) -> JsonResponse:
    """Get a comment."""
    return _comment_response(uow, comment_id)


@router.patch(BASE + "/ticket-comments/{comment_id}/", response_model=schemas.Comment)
def update_comment(
    comment_id: UUID, body: schemas.CommentUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Update Comment."""
    new_text = body.text if "text" in body.model_fields_set else None
    return _comment_response(
        uow, commenting.edit_comment(uow, comment_id, new_text, text_format=body.format)
    )


@router.delete(
    BASE + "/ticket-comments/{comment_id}/", status_code=204, responses=NO_CONTENT_RESPONSES
)
def delete_comment(comment_id: UUID, uow: AuthenticatedUow) -> Response:
    """Delete Comment."""
    commenting.delete_comment(uow, comment_id)
    return Response(status_code=204)
