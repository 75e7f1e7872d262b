"""API Endpoints, in the document's order; literal paths before those with an id."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Header, Query

from ticket_app.api.dialects.kubebro.errors import VOICE
from ticket_app.api.dialects.kubebro.shapes import (
    Comments,
    NewComment,
    NewTicket,
    PostedComment,
    Stats,
    StatusChange,
    Ticket,
    TicketChange,
    Tickets,
    TicketWithComments,
    listed,
    said,
)
from ticket_app.api.dialects.kubebro.vocabulary import CATEGORY, ORDERING, PRIORITY, STATUS
from ticket_app.api.kit.answers import Json, version_of
from ticket_app.api.kit.comments import add_comment, follow_up
from ticket_app.api.kit.door import Caller
from ticket_app.api.kit.drf import REFUSALS, ordering
from ticket_app.api.kit.filing import file_ticket
from ticket_app.api.kit.paging import Paging, Window
from ticket_app.api.kit.route import DialectRouter, dialect_route
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENTS, LogQuery
from ticket_app.core.platform.access_policy import sees_internal
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import statistics, ticket_list, tickets
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.timeline import timeline

BASE = "/api/tickets"

router = DialectRouter(route_class=dialect_route(VOICE), tags=["KubeBro"], responses=REFUSALS)

IfMatch = Annotated[str | None, Header()]


def _word(words: Any) -> Any:
    return Query(json_schema_extra={"enum": list(words.hears)})


async def _asked(
    status: Annotated[str | None, _word(STATUS)] = None,
    priority: Annotated[str | None, _word(PRIORITY)] = None,
    category: Annotated[str | None, _word(CATEGORY)] = None,
    search: Annotated[str, Query(max_length=500)] = "",
    ordering: Annotated[str | None, Query(description=", ".join(ORDERING))] = None,
) -> Callable[..., TicketQuery]:
    """Filtering and sorting options of a list; read once it is known who asks."""
    return partial(_query, status, priority, category, search, ordering)


def _query(
    status: str | None,
    priority: str | None,
    category: str | None,
    search: str,
    order: str | None,
    **whose: Any,
) -> TicketQuery:
    return TicketQuery(
        status=STATUS.covers(status) if status else frozenset(),
        priority=PRIORITY.covers(priority) if priority else frozenset(),
        category=CATEGORY.covers(category) if category else frozenset(),
        search=search,
        **ordering(order, ORDERING, "-created_at"),
        **whose,
    )


Asked = Annotated[Callable[..., TicketQuery], Depends(_asked)]


def _list(desk: Desk, query: TicketQuery, window: Window) -> Json:
    page = ticket_list.page(desk, query, window.part, "whole")
    notes = sees_internal(desk.actor)
    told = (listed(row, with_notes=notes) for row in page.rows)
    return window.answer(told, ticket_list.count(desk, query), page=page)


def _told(desk: Desk, ticket_id: int, status_code: int = 200) -> Json:
    ticket = ticket_list.read(desk, ticket_id)
    told = listed(ticket, with_notes=sees_internal(desk.actor))
    return Json(told, status_code, version=ticket.version)


@router.get(BASE + "/", response_model=Tickets)
def list_all_tickets(desk: Caller, asked: Asked, window: Paging) -> Any:
    """List all tickets (filtered by user permissions)."""
    return _list(desk, asked(), window)


@router.post(BASE + "/", status_code=201, response_model=Ticket)
def create_new_ticket(body: NewTicket, desk: Caller) -> Any:
    """Create new ticket."""
    ticket = file_ticket(desk, body.draft(), STATUS, body.status)
    return _told(desk, ticket.id or 0, 201)


@router.get(BASE + "/my_tickets/", response_model=Tickets)
def get_current_users_tickets(desk: Caller, asked: Asked, window: Paging) -> Any:
    """Get current user's tickets: those they filed."""
    return _list(desk, asked(requester_id=desk.actor.id), window)


@router.get(BASE + "/assigned_to_me/", response_model=Tickets)
def get_tickets_assigned_to_current_admin(desk: Caller, asked: Asked, window: Paging) -> Any:
    """Get tickets assigned to current admin."""
    desk.actor.must("work_tickets", "see what is assigned to admins")
    return _list(desk, asked(assignee_id=desk.actor.id), window)


@router.get(BASE + "/stats/", response_model=Stats)
def get_ticket_statistics(desk: Caller) -> Any:
    """Get ticket statistics (admin only)."""
    desk.actor.must("view_statistics", "see the statistics")
    figures = statistics.figures(desk)
    return Json(
        {
            "total": figures.total,
            "by_status": STATUS.tally(figures.by_status),
            "by_priority": PRIORITY.tally(figures.by_priority),
            "by_category": CATEGORY.tally(figures.by_category),
        }
    )


@router.get(BASE + "/{ticket_id}/", response_model=TicketWithComments)
def get_ticket_details(ticket_id: str, desk: Caller) -> Any:
    """Get ticket details."""
    ticket = ticket_list.read(desk, ticket_id)
    told = listed(ticket, with_notes=sees_internal(desk.actor))
    comments = [said(line) for line in commenting.read(desk, ticket.id)]
    return Json({**told, "comments": comments}, version=ticket.version)


@router.patch(BASE + "/{ticket_id}/", response_model=Ticket)
def update_ticket(
    ticket_id: str, body: TicketChange, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Update ticket."""
    ticket = tickets.hold(desk, ticket_id, if_version=version_of(if_match))
    ticket_updates.revise(
        desk, ticket, body.changes(ticket), text_format=body.format, channel="kubebro"
    )
    return _told(desk, ticket.id or 0)


@router.patch(BASE + "/{ticket_id}/update_status/", response_model=Ticket)
def update_ticket_status(
    ticket_id: str, body: StatusChange, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Update ticket status (admin only)."""
    ticket = tickets.hold(desk, ticket_id, if_version=version_of(if_match))
    desk.actor.must("work_tickets", "change the status of a ticket")
    ticket_updates.revise(
        desk, ticket, body.changes(ticket), text_format=body.format, channel="kubebro"
    )
    return _told(desk, ticket.id or 0)


def _comment(ticket_id: str, body: NewComment, desk: Desk) -> Json:
    posted = add_comment(desk, ticket_id, body.content, body, channel="kubebro")
    line = timeline.line(desk, posted.ticket.id or 0, posted.entry_id)
    return Json({**said(line), **follow_up(posted, posted.ticket.id)}, 201)


@router.post(BASE + "/{ticket_id}/add_comment/", status_code=201, response_model=PostedComment)
def add_comment_to_ticket(ticket_id: str, body: NewComment, desk: Caller) -> Any:
    """Add comment to ticket."""
    return _comment(ticket_id, body, desk)


@router.get(BASE + "/{ticket_id}/comments/", response_model=Comments)
def list_ticket_comments(ticket_id: str, desk: Caller, window: Paging) -> Any:
    """List ticket comments, oldest first."""
    ticket = ticket_list.read(desk, ticket_id, "line")
    query = LogQuery(ticket_id=ticket.id, events=COMMENTS)
    page = activity.lines(desk, query, window.part)
    return window.answer(map(said, page.rows), activity.count_lines(desk, query), page=page)


@router.post(BASE + "/{ticket_id}/comments/", status_code=201, response_model=PostedComment)
def create_new_comment(ticket_id: str, body: NewComment, desk: Caller) -> Any:
    """Create new comment."""
    return _comment(ticket_id, body, desk)
