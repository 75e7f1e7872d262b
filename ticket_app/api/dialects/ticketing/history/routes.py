"""History."""

from __future__ import annotations

from typing import Annotated

from ticket_app.api.dialects.ticketing.history import schemas
from ticket_app.api.dialects.ticketing.history.query import history_query
from ticket_app.api.dialects.ticketing.routing import BASE, create_router
from ticket_app.api.dialects.ticketing.vocabulary import EVENTS_BY_ACTION
from ticket_app.api.kit.drf_parameters import TicketParameter
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.query_parameters import enum_parameter, find_ticket_id
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.conversation import activity

router = create_router()


@router.get(BASE + "/history/", response_model=schemas.HistoryPage)
def view_ticket_history(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    ticket: TicketParameter = None,
    action: Annotated[str | None, enum_parameter(EVENTS_BY_ACTION)] = None,
) -> JsonResponse:
    """View Ticket History, newest first."""
    query = history_query(find_ticket_id(uow, "ticket", ticket), action)
    page = activity.list_entries(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        map(schemas.format_history_entry, page.rows), activity.count_entries(uow, query), page=page
    )
