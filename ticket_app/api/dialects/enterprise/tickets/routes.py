"""List, create, read, update and delete tickets."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Header, Query

from ticket_app.api.dialects.enterprise import data_models
from ticket_app.api.dialects.enterprise.base_url import BaseUrlDep
from ticket_app.api.dialects.enterprise.paging import CursorPageParametersDep, PageData
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.tickets import details
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY, STATUS
from ticket_app.api.kit.query_parameters import enum_parameter, parse_datetime_parameter
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse, parse_version
from ticket_app.api.kit.ticket_creation import create_ticket_with_status
from ticket_app.api.kit.ticket_reading import mark_read_after_commit
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import announced_files, referenced_files, stored_files
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.errors import Invalid, invalid_choice
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import split_tags
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import locking, related, ticket_list, ticket_lookup, trash
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery
from ticket_app.core.timeline import timeline

router = create_router("Tickets")

SORT_FIELDS: dict[str, SortField] = {
    "created_at": "created",
    "updated_at": "updated",
    "priority": "priority",
    "status": "status",
    "due_date": "due",
    "ticket_number": "number",
    "relevance": "relevance",
}
"""`sort`: the sortable fields. `relevance`, the default, is by age without a search."""
IfMatch = Annotated[str | None, Header()]
IdParameter = Annotated[int | None, Query(ge=1, le=MAX_ID)]


async def _ticket_query(
    status: Annotated[str | None, enum_parameter(STATUS.value_by_word)] = None,
    priority: Annotated[str | None, enum_parameter(PRIORITY.value_by_word)] = None,
    search: Annotated[str, Query(max_length=500, description="Full-text search")] = "",
    created_by_id: IdParameter = None,
    assigned_to_id: IdParameter = None,
    department_id: IdParameter = None,
    created_after: Annotated[
        str | None, Query(max_length=40, description="From this moment or day (in UTC) on")
    ] = None,
    tags: Annotated[
        str | None,
        Query(max_length=2_000, description="Comma-separated; tickets must have all of them"),
    ] = None,
    ticket_type: Annotated[str | None, enum_parameter(KIND.value_by_word)] = None,
    sort: Annotated[str, enum_parameter(SORT_FIELDS)] = "relevance",
    order: Literal["asc", "desc"] = "desc",
) -> TicketQuery:
    """Query Parameters of List Tickets; a word matches every ticket that is shown with it."""
    return TicketQuery(
        status=STATUS.expand(status) if status else frozenset(),
        priority=PRIORITY.expand(priority) if priority else frozenset(),
        kind=KIND.expand(ticket_type) if ticket_type else frozenset(),
        search=search,
        created_by_id=created_by_id,
        assignee_id=assigned_to_id,
        department_id=department_id,
        created_from=parse_datetime_parameter("created_after", created_after),
        tags=tuple(dict.fromkeys(tag.strip() for tag in split_tags(tags))),
        sort=_parse_sort(sort),
        descending=order == "desc",
    )


def _parse_sort(value: str) -> SortField:
    if value not in SORT_FIELDS:
        raise Invalid("sort", invalid_choice(SORT_FIELDS, value), value)
    return SORT_FIELDS[value]


TicketQueryDep = Annotated[TicketQuery, Depends(_ticket_query)]


def _ticket_response(
    uow: UnitOfWork, ticket_id: str | int | None, message: str, status_code: int = 200
) -> JsonResponse:
    """Return the ticket in its current state."""
    row = ticket_lookup.read_ticket(uow, str(ticket_id), "full")
    return success_response(
        uow,
        data_models.format_ticket(row, uow),
        message,
        status_code=status_code,
        version=row.version,
    )


@router.get("/tickets", response_model=SuccessResponse[PageData[data_models.Ticket]])
def list_tickets(
    uow: AuthenticatedUow, query: TicketQueryDep, page_parameters: CursorPageParametersDep
) -> JsonResponse:
    """List Tickets."""
    page = ticket_list.page(uow, query, page_parameters.page_request, "model")
    items = (data_models.format_ticket(row, uow) for row in page.rows)
    return page_parameters.add_next_link(
        success_response(
            uow, page_parameters.format_page(items, ticket_list.count_tickets(uow, query))
        ),
        page,
    )


@router.post("/tickets", status_code=201, response_model=SuccessResponse[data_models.Ticket])
def create_ticket(body: data_models.NewTicket, uow: AuthenticatedUow) -> JsonResponse:
    """Create Ticket."""
    ticket = create_ticket_with_status(uow, body.to_draft(), STATUS, body.status)
    referenced_files.attach_referenced_files(uow, ticket, body.attachments)
    return _ticket_response(uow, ticket.id, "Ticket created successfully", 201)


@router.patch("/tickets/{ticket_id}", response_model=SuccessResponse[data_models.Ticket])
def update_ticket(
    ticket_id: str, body: data_models.TicketUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Update Ticket: all sent fields or none."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    ticket_updates.update_ticket(
        uow, ticket, body.to_changes(ticket), text_format=body.format, channel="enterprise"
    )
    return _ticket_response(uow, ticket.id, "Ticket updated successfully")


@router.get("/tickets/{ticket_id}", response_model=SuccessResponse[details.TicketDetails])
def get_ticket_details(ticket_id: str, uow: AuthenticatedUow, base_url: BaseUrlDep) -> JsonResponse:
    """Get Ticket Details: with the last hundred comments and timeline entries."""
    row = ticket_lookup.read_ticket(uow, ticket_id, "full")
    mark_read_after_commit(uow, row.id)
    files = stored_files.list_ticket_files(uow, row.id)
    approvals = approval_requests.list_ticket_requests(uow, row.id)
    notes = row.notes_count if can_see_internal(uow.actor) else 0
    payload = {
        **data_models.format_ticket(row, uow),
        "comments": data_models.format_comments(timeline.list_latest_comments(uow, row.id), files),
        "comments_total": row.comments_count + notes,
        "attachments": [data_models.format_attachment(file, base_url) for file in files],
        "awaited_attachments": announced_files.list_awaited_names(uow, row.id),
        "approval_status": approvals[0]["state"] if approvals else None,
        "approvals": approvals,
        "activity_timeline": details.format_activity(timeline.list_latest_entries(uow, row.id)),
        "related_tickets": [
            details.format_related_ticket(related_ticket)
            for related_ticket in related.list_related(uow, row)
        ],
        "sla": details.format_sla(sla_tracking.get_ticket_sla(row, uow.now)),
    }
    return success_response(uow, payload, "Ticket retrieved successfully", version=row.version)


@router.delete("/tickets/{ticket_id}", response_model=SuccessResponse[None])
def delete_ticket(ticket_id: str, uow: AuthenticatedUow, if_match: IfMatch = None) -> JsonResponse:
    """Delete Ticket: moves it to the trash."""
    trash.delete_ticket(
        uow, locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    )
    return success_response(uow, None, "Ticket deleted successfully")


@router.post("/tickets/{ticket_id}/restore", response_model=SuccessResponse[data_models.Ticket])
def restore_ticket(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Restore a ticket from the trash. For admins."""
    return _ticket_response(
        uow, trash.restore_ticket(uow, ticket_id).id, "Ticket restored successfully"
    )
