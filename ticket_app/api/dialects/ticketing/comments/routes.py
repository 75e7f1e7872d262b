"""Comments."""

from __future__ import annotations

from ticket_app.api.dialects.ticketing.comments import schemas
from ticket_app.api.dialects.ticketing.routing import BASE, create_router
from ticket_app.api.kit import comments
from ticket_app.api.kit.drf_parameters import BooleanParameter, TicketParameter
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.query_parameters import find_ticket_id, parse_boolean_parameter
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.conversation import activity
from ticket_app.core.conversation.activity import COMMENT_ENTRIES, ActivityQuery
from ticket_app.core.platform.unit_of_work import UnitOfWork

router = create_router()


def post_comment(uow: UnitOfWork, ticket_id: str, body: schemas.TicketCommentBody) -> JsonResponse:
    """Add a comment to a ticket and return it."""
    posted = comments.add_comment(uow, ticket_id, body.content, body, channel="ticketing")
    line = activity.get_comment(uow, posted.entry_id)
    return JsonResponse(
        {**schemas.format_comment(line), **comments.follow_up_fields(posted, posted.ticket.id)}, 201
    )


@router.get(BASE + "/comments/", response_model=schemas.CommentPage)
def list_comments(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    ticket: TicketParameter = None,
    is_internal: BooleanParameter = None,
) -> JsonResponse:
    """List Comments, oldest first."""
    query = ActivityQuery(
        ticket_id=find_ticket_id(uow, "ticket", ticket),
        internal=parse_boolean_parameter("is_internal", is_internal),
        entry_filters=COMMENT_ENTRIES,
    )
    page = activity.list_entries(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        map(schemas.format_comment, page.rows), activity.count_entries(uow, query), page=page
    )


@router.post(BASE + "/comments/", status_code=201, response_model=schemas.PostedComment)
def create_comment(body: schemas.NewComment, uow: AuthenticatedUow) -> JsonResponse:
    """Create Comment."""
    return post_comment(uow, body.ticket, body)
