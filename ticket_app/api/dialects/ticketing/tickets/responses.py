"""The responses that several endpoints of tickets return."""

from __future__ import annotations

from ticket_app.api.dialects.ticketing.history.query import history_query
from ticket_app.api.dialects.ticketing.tickets import schemas
from ticket_app.api.kit.paging import PageParameters
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.attachments import stored_files
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_list, ticket_lookup
from ticket_app.core.tickets.ticket_query import TicketQuery


def ticket_page_response(
    uow: UnitOfWork, query: TicketQuery, page_parameters: PageParameters
) -> JsonResponse:
    """Return one page of the tickets that match a query."""
    page = ticket_list.page(uow, query, page_parameters.page_request, "full")
    results = (schemas.format_ticket(row, uow) for row in page.rows)
    return page_parameters.page_response(results, ticket_list.count_tickets(uow, query), page=page)


def ticket_response(uow: UnitOfWork, ticket_id: str | int, status_code: int = 200) -> JsonResponse:
    """Return a ticket with all its details. Raises `NotFound`."""
    ticket = ticket_lookup.read_ticket(uow, ticket_id)
    payload = schemas.format_ticket_details(
        ticket,
        uow,
        commenting.list_comments(uow, ticket.id),
        stored_files.list_ticket_files(uow, ticket.id),
        activity.list_all_entries(uow, history_query(ticket.id)),
    )
    return JsonResponse(payload, status_code, version=ticket.version)
