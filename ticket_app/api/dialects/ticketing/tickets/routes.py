"""Tickets and Ticket Lists; literal paths before those with an id."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from ticket_app.api.dialects.ticketing.routing import BASE, create_router
from ticket_app.api.dialects.ticketing.tickets import schemas
from ticket_app.api.dialects.ticketing.tickets.query import QueryBuilderDep, only_assigned_to_caller
from ticket_app.api.dialects.ticketing.tickets.responses import (
    ticket_page_response,
    ticket_response,
)
from ticket_app.api.dialects.ticketing.vocabulary import CATEGORY, PRIORITY, STATUS
from ticket_app.api.kit.drf_parameters import NO_CONTENT_RESPONSES, IfMatch
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse, parse_version
from ticket_app.api.kit.ticket_creation import create_ticket_with_status
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import locking, purging, statistics, trash
from ticket_app.core.tickets import updates as ticket_updates

router = create_router()


@router.get(BASE + "/tickets/", response_model=schemas.TicketPage)
def list_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> JsonResponse:
    """List Tickets."""
    return ticket_page_response(uow, build_query(uow), page_parameters)


@router.post(BASE + "/tickets/", status_code=201, response_model=schemas.TicketDetails)
def create_ticket(body: schemas.NewTicket, uow: AuthenticatedUow) -> JsonResponse:
    """Create Ticket."""
    return ticket_response(
        uow, create_ticket_with_status(uow, body.to_draft(), STATUS, body.status).id or 0, 201
    )


@router.get(BASE + "/tickets/my_tickets/", response_model=schemas.TicketPage)
def my_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> JsonResponse:
    """My Tickets: assigned to the caller."""
    return ticket_page_response(
        uow, only_assigned_to_caller(build_query(uow), uow), page_parameters
    )


@router.get(BASE + "/tickets/unassigned/", response_model=schemas.TicketPage)
def unassigned_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> JsonResponse:
    """Unassigned Tickets."""
    return ticket_page_response(uow, replace(build_query(uow), unassigned=True), page_parameters)


@router.get(BASE + "/tickets/overdue/", response_model=schemas.TicketPage)
def overdue_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> JsonResponse:
    """Overdue Tickets."""
    return ticket_page_response(uow, replace(build_query(uow), overdue=True), page_parameters)


@router.get(BASE + "/tickets/statistics/", response_model=schemas.TicketStatistics)
def ticket_statistics(uow: AuthenticatedUow) -> JsonResponse:
    """Ticket Statistics, of the tickets the caller may see."""
    figures = statistics.read_statistics(uow)
    return JsonResponse(
        {
            "total_tickets": figures.total,
            "by_status": STATUS.format_counts(figures.by_status),
            "by_priority": PRIORITY.format_counts(figures.by_priority),
            "by_category": CATEGORY.format_counts(figures.by_category),
            "overdue_count": figures.overdue,
            "unassigned_count": figures.unassigned,
            "my_tickets_count": figures.assigned_to_me,
            "avg_resolution_time_hours": figures.average_resolution_hours,
        }
    )


@router.get(BASE + "/tickets/trash/", response_model=schemas.DeletedTicketPage)
def deleted_tickets(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List the most recently deleted tickets. For admins."""
    rows = trash.list_deleted(uow)
    page_rows = rows[page_parameters.offset : page_parameters.offset + page_parameters.limit]
    return page_parameters.page_response(map(schemas.format_deleted_ticket, page_rows), len(rows))


@router.delete(
    BASE + "/tickets/trash/{ticket_id}/", status_code=204, responses=NO_CONTENT_RESPONSES
)
def purge_ticket(ticket_id: str, uow: AuthenticatedUow) -> Response:
    """Permanently delete a ticket in the trash with everything on it. For admins."""
    purging.purge(uow, ticket_id)
    return Response(status_code=204)


@router.get(BASE + "/tickets/{ticket_id}/", response_model=schemas.TicketDetails)
def get_ticket_details(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get Ticket Details."""
    return ticket_response(uow, ticket_id)


def _update_ticket(
    ticket_id: str, body: schemas.TicketUpdate, uow: UnitOfWork, if_match: str | None
) -> JsonResponse:
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    ticket_updates.update_ticket(
        uow, ticket, body.to_changes(ticket), text_format=body.format, channel="ticketing"
    )
    return ticket_response(uow, ticket.id or 0)


@router.put(BASE + "/tickets/{ticket_id}/", response_model=schemas.TicketDetails)
def update_ticket(
    ticket_id: str, body: schemas.TicketUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Update Ticket."""
    return _update_ticket(ticket_id, body, uow, if_match)


@router.patch(BASE + "/tickets/{ticket_id}/", response_model=schemas.TicketDetails)
def patch_ticket(
    ticket_id: str, body: schemas.TicketUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Update Ticket."""
    return _update_ticket(ticket_id, body, uow, if_match)


@router.delete(BASE + "/tickets/{ticket_id}/", status_code=204, responses=NO_CONTENT_RESPONSES)
def delete_ticket(ticket_id: str, uow: AuthenticatedUow, if_match: IfMatch = None) -> Response:
    """Delete Ticket: moves it to the trash."""
    trash.delete_ticket(
        uow, locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    )
    return Response(status_code=204)


@router.post(BASE + "/tickets/{ticket_id}/restore/", response_model=schemas.TicketDetails)
def restore_ticket(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Restore a ticket from the trash. For admins."""
    return ticket_response(uow, trash.restore_ticket(uow, ticket_id).id or 0)
