"""Merge two tickets of one requester, in the document's style."""

from __future__ import annotations

from ticket_app.api.dialects.enterprise import data_models
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.fields import StrictBody, TicketReference
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import merging, ticket_lookup

router = create_router("Tickets")


class MergeRequest(StrictBody):
    """The ticket to merge into, by its id or any of its numbers."""

    into: TicketReference


def _ticket_response(uow: UnitOfWork, ticket_id: int | None, message: str) -> JsonResponse:
    row = ticket_lookup.read_ticket(uow, str(ticket_id), "full")
    return success_response(uow, data_models.format_ticket(row, uow), message, version=row.version)


@router.post("/tickets/{ticket_id}/merge", response_model=SuccessResponse[data_models.Ticket])
def merge_ticket(ticket_id: str, body: MergeRequest, uow: AuthenticatedUow) -> JsonResponse:
    """Merge a ticket into another one of the same requester. Returns that ticket."""
    return _ticket_response(
        uow, merging.merge(uow, ticket_id, body.into).id, "Tickets merged successfully"
    )


@router.post("/tickets/{ticket_id}/unmerge", response_model=SuccessResponse[data_models.Ticket])
def unmerge_ticket(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Undo a merge and return the separated ticket.

    The person who merged may undo it for ten minutes, admins at any time.
    """
    return _ticket_response(uow, merging.unmerge(uow, ticket_id).id, "Merge undone successfully")
