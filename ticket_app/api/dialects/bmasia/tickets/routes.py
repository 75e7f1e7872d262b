"""Ticket Endpoints and Custom Ticket Actions; literal paths before those with an id."""

from __future__ import annotations

from starlette.responses import Response

from ticket_app.api.dialects.bmasia.comments.routes import post_comment
from ticket_app.api.dialects.bmasia.comments.schemas import PostedComment, TicketCommentBody
from ticket_app.api.dialects.bmasia.references import resolve_uuid
from ticket_app.api.dialects.bmasia.routing import BASE, create_router
from ticket_app.api.dialects.bmasia.tickets import schemas
from ticket_app.api.dialects.bmasia.tickets.query import QueryBuilderDep
from ticket_app.api.dialects.bmasia.vocabulary import PRIORITY, STATUS
from ticket_app.api.kit.drf_parameters import NO_CONTENT_RESPONSES, IfMatch
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse, parse_version
from ticket_app.api.kit.ticket_creation import create_ticket_with_status
from ticket_app.core.attachments import stored_files
from ticket_app.core.conversation import commenting
from ticket_app.core.people import customers
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import (
    assigning,
    locking,
    statistics,
    ticket_list,
    ticket_lookup,
    trash,
)
from ticket_app.core.tickets import updates as ticket_updates

router = create_router()


def _ticket_response(uow: UnitOfWork, ticket_id: str | int, status_code: int = 200) -> JsonResponse:
    ticket = ticket_lookup.read_ticket(uow, ticket_id)
    payload = schemas.format_ticket_details(
        ticket,
        uow,
        commenting.list_comments(uow, ticket.id),
        stored_files.list_ticket_files(uow, ticket.id),
    )
    return JsonResponse(payload, status_code, version=ticket.version)


@router.get(BASE + "/tickets/", response_model=schemas.TicketPage)
def list_all_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> JsonResponse:
    """List All Tickets."""
    query = build_query(uow)
    page = ticket_list.page(uow, query, page_parameters.page_request, "full")
    results = (schemas.format_ticket(row, uow) for row in page.rows)
    return page_parameters.page_response(results, ticket_list.count_tickets(uow, query), page=page)


@router.post(BASE + "/tickets/", status_code=201, response_model=schemas.TicketDetails)
def create_ticket(body: schemas.NewTicket, uow: AuthenticatedUow) -> JsonResponse:
    """Create Ticket."""
    ticket = create_ticket_with_status(uow, body.to_draft(uow), STATUS, body.status)
    return _ticket_response(uow, ticket.id or 0, 201)


@router.get(BASE + "/tickets/stats/", response_model=schemas.TicketStatistics)
def get_ticket_statistics(uow: AuthenticatedUow) -> JsonResponse:
    """Get Ticket Statistics, of the tickets the caller may see."""
    figures = statistics.read_statistics(uow)
    return JsonResponse(
        {
            "total": figures.total,
            "by_status": STATUS.format_counts(figures.by_status),
            "by_priority": PRIORITY.format_counts(figures.by_priority),
            "my_open_tickets": figures.assigned_to_me_unfinished,
            "unassigned": figures.unassigned_unfinished,
            "overdue": figures.overdue,
        }
    )


@router.get(BASE + "/tickets/{ticket_id}/", response_model=schemas.TicketDetails)
def get_ticket_detail(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get Ticket Detail."""
    return _ticket_response(uow, ticket_id)


@router.patch(BASE + "/tickets/{ticket_id}/", response_model=schemas.TicketDetails)
def update_ticket(
    ticket_id: str, body: schemas.TicketUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Update Ticket."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    ticket_updates.update_ticket(
        uow, ticket, body.to_changes(uow, ticket), text_format=body.format, channel="bmasia"
    )
    return _ticket_response(uow, ticket.id or 0)


@router.delete(BASE + "/tickets/{ticket_id}/", status_code=204, responses=NO_CONTENT_RESPONSES)
def delete_ticket(ticket_id: str, uow: AuthenticatedUow, if_match: IfMatch = None) -> Response:
    """Delete Ticket."""
    trash.delete_ticket(
        uow, locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    )
    return Response(status_code=204)


@router.post(
    BASE + "/tickets/{ticket_id}/add_comment/",
    status_code=201,
    response_model=PostedComment,
)
def add_comment_to_ticket(
    ticket_id: str, body: TicketCommentBody, uow: AuthenticatedUow
) -> JsonResponse:
    """Add Comment to Ticket."""
    return post_comment(uow, ticket_id, body)


@router.post(BASE + "/tickets/{ticket_id}/assign/", response_model=schemas.TicketDetails)
def assign_ticket(
    ticket_id: str, body: schemas.Assignment, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Assign Ticket."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    uow.actor.require("assign_tickets", "assign tickets")
    assignee_id = resolve_uuid(uow, "user_id", customers.get_person, body.user_id)
    try:
        assigning.assign(uow, ticket, assignee_id)
    except Invalid as error:
        raise Invalid("user_id", error.reason) from None
    return _ticket_response(uow, ticket.id or 0)
