"""The endpoints in the document's order; literal paths before those with an id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header, Query

from ticket_app.api.dialects.kubebro.errors import ERROR_RENDERER
from ticket_app.api.dialects.kubebro.schemas import (
    CommentPage,
    NewComment,
    NewTicket,
    PostedComment,
    StatusUpdate,
    Ticket,
    TicketPage,
    TicketStatistics,
    TicketUpdate,
    TicketWithComments,
    format_comment,
    format_ticket,
)
from ticket_app.api.dialects.kubebro.vocabulary import CATEGORY, ORDERING, PRIORITY, STATUS
from ticket_app.api.kit.comments import add_comment, follow_up_fields
from ticket_app.api.kit.drf import ERROR_RESPONSES
from ticket_app.api.kit.paging import PageParameters, PageParametersDep
from ticket_app.api.kit.query_parameters import enum_parameter, parse_ordering
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse, parse_version
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.api.kit.ticket_creation import create_ticket_with_status
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENT_ENTRIES, ActivityQuery
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import locking, statistics, ticket_list, ticket_lookup
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.timeline import timeline

BASE = "/api/tickets"

router = DialectRouter(
    route_class=dialect_route_class(ERROR_RENDERER), tags=["KubeBro"], responses=ERROR_RESPONSES
)

IfMatch = Annotated[str | None, Header()]


async def _query_builder(
    status: Annotated[str | None, enum_parameter(STATUS.value_by_word)] = None,
    priority: Annotated[str | None, enum_parameter(PRIORITY.value_by_word)] = None,
    category: Annotated[str | None, enum_parameter(CATEGORY.value_by_word)] = None,
    search: Annotated[str, Query(max_length=500)] = "",
    ordering: Annotated[str | None, Query(description=", ".join(ORDERING))] = None,
) -> Callable[[], TicketQuery]:
    """Filters and order of a list.

    Returns a function, because only authenticated callers see that a value is invalid.
    """

    def build_query() -> TicketQuery:
        order = parse_ordering(ordering, ORDERING, "-created_at")
        return TicketQuery(
            status=STATUS.expand(status) if status else frozenset(),
            priority=PRIORITY.expand(priority) if priority else frozenset(),
            category=CATEGORY.expand(category) if category else frozenset(),
            search=search,
            sort=order.sort,
            descending=order.descending,
        )

    return build_query


QueryBuilderDep = Annotated[Callable[[], TicketQuery], Depends(_query_builder)]


def _ticket_page(
    uow: UnitOfWork, query: TicketQuery, page_parameters: PageParameters
) -> JsonResponse:
    page = ticket_list.page(uow, query, page_parameters.page_request, "full")
    include_notes = can_see_internal(uow.actor)
    results = (format_ticket(row, include_notes=include_notes) for row in page.rows)
    return page_parameters.page_response(results, ticket_list.count_tickets(uow, query), page=page)


def _ticket_response(uow: UnitOfWork, ticket_id: int, status_code: int = 200) -> JsonResponse:
    ticket = ticket_lookup.read_ticket(uow, ticket_id)
    payload = format_ticket(ticket, include_notes=can_see_internal(uow.actor))
    return JsonResponse(payload, status_code, version=ticket.version)


@router.get(BASE + "/", response_model=TicketPage)
def list_all_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> JsonResponse:
    """List all tickets (filtered by user permissions)."""
    return _ticket_page(uow, build_query(), page_parameters)


@router.post(BASE + "/", status_code=201, response_model=Ticket)
def create_new_ticket(body: NewTicket, uow: AuthenticatedUow) -> JsonResponse:
    """Create new ticket."""
    ticket = create_ticket_with_status(uow, body.to_draft(), STATUS, body.status)
    return _ticket_response(uow, ticket.id or 0, 201)


@router.get(BASE + "/my_tickets/", response_model=TicketPage)
def get_current_users_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> JsonResponse:
    """Get current user's tickets: those they created."""
    own_tickets = replace(build_query(), requester_id=uow.actor.id)
    return _ticket_page(uow, own_tickets, page_parameters)


@router.get(BASE + "/assigned_to_me/", response_model=TicketPage)
def get_tickets_assigned_to_current_admin(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> JsonResponse:
    """Get tickets assigned to current admin."""
    uow.actor.require("work_tickets", "see what is assigned to admins")
    assigned_tickets = replace(build_query(), assignee_id=uow.actor.id)
    return _ticket_page(uow, assigned_tickets, page_parameters)


@router.get(BASE + "/stats/", response_model=TicketStatistics)
def get_ticket_statistics(uow: AuthenticatedUow) -> JsonResponse:
    """Get ticket statistics (admin only)."""
    uow.actor.require("view_statistics", "see the statistics")
    figures = statistics.read_statistics(uow)
    return JsonResponse(
        {
            "total": figures.total,
            "by_status": STATUS.format_counts(figures.by_status),
            "by_priority": PRIORITY.format_counts(figures.by_priority),
            "by_category": CATEGORY.format_counts(figures.by_category),
        }
    )


@router.get(BASE + "/{ticket_id}/", response_model=TicketWithComments)
def get_ticket_details(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get ticket details."""
    ticket = ticket_lookup.read_ticket(uow, ticket_id)
    payload = format_ticket(ticket, include_notes=can_see_internal(uow.actor))
    comments = [format_comment(line) for line in commenting.list_comments(uow, ticket.id)]
    return JsonResponse({**payload, "comments": comments}, version=ticket.version)


@router.patch(BASE + "/{ticket_id}/", response_model=Ticket)
def update_ticket(
    ticket_id: str, body: TicketUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Update ticket."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    ticket_updates.update_ticket(
        uow, ticket, body.to_changes(ticket), text_format=body.format, channel="kubebro"
    )
    return _ticket_response(uow, ticket.id or 0)


@router.patch(BASE + "/{ticket_id}/update_status/", response_model=Ticket)
def update_ticket_status(
    ticket_id: str, body: StatusUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> JsonResponse:
    """Update ticket status (admin only)."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    uow.actor.require("work_tickets", "change the status of a ticket")
    ticket_updates.update_ticket(
        uow, ticket, body.to_changes(ticket), text_format=body.format, channel="kubebro"
    )
    return _ticket_response(uow, ticket.id or 0)


def _post_comment(ticket_id: str, body: NewComment, uow: UnitOfWork) -> JsonResponse:
    posted = add_comment(uow, ticket_id, body.content, body, channel="kubebro")
    line = timeline.get_entry(uow, posted.ticket.id or 0, posted.entry_id)
    return JsonResponse({**format_comment(line), **follow_up_fields(posted, posted.ticket.id)}, 201)


@router.post(BASE + "/{ticket_id}/add_comment/", status_code=201, response_model=PostedComment)
def add_comment_to_ticket(ticket_id: str, body: NewComment, uow: AuthenticatedUow) -> JsonResponse:
    """Add comment to ticket."""
    return _post_comment(ticket_id, body, uow)


@router.get(BASE + "/{ticket_id}/comments/", response_model=CommentPage)
def list_ticket_comments(
    ticket_id: str, uow: AuthenticatedUow, page_parameters: PageParametersDep
) -> JsonResponse:
    """List ticket comments, oldest first."""
    ticket = ticket_lookup.read_ticket(uow, ticket_id, "summary")
    query = ActivityQuery(ticket_id=ticket.id, entry_filters=COMMENT_ENTRIES)
    page = activity.list_entries(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        map(format_comment, page.rows), activity.count_entries(uow, query), page=page
    )


@router.post(BASE + "/{ticket_id}/comments/", status_code=201, response_model=PostedComment)
def create_new_comment(ticket_id: str, body: NewComment, uow: AuthenticatedUow) -> JsonResponse:
    """Create new comment."""
    return _post_comment(ticket_id, body, uow)
