"""API Endpoints, in the document's order; literal paths before those with an id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Header, Query
from starlette.responses import Response

from ticket_app.api.dialects.ticketing import shapes
from ticket_app.api.dialects.ticketing.errors import VOICE
from ticket_app.api.dialects.ticketing.vocabulary import (
    ACTION,
    CATEGORY,
    PRIORITY,
    STATUS,
    WORDS,
)
from ticket_app.api.kit import comments, files
from ticket_app.api.kit.answers import Json, version_of
from ticket_app.api.kit.dates import start_of_day
from ticket_app.api.kit.door import Caller, Entrance
from ticket_app.api.kit.drf import (
    REFUSALS,
    flag,
    form,
    one_day,
    one_id,
    ticket_filter,
    ticket_in_form,
    truth,
)
from ticket_app.api.kit.filing import file_ticket
from ticket_app.api.kit.paging import Paging, Window
from ticket_app.api.kit.route import DialectRouter, dialect_route, once
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENTS, LogQuery
from ticket_app.core.people import customers
from ticket_app.core.platform.errors import Invalid, not_a_choice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import statistics, ticket_list, tickets, trash
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.ticket_list import TicketQuery

BASE = "/api/ticketing"
NOBODYS = 0
"""The id of nothing: a list that asks for two people at once finds nothing."""

router = DialectRouter(route_class=dialect_route(VOICE), tags=["Ticketing"], responses=REFUSALS)

IfMatch = Annotated[str | None, Header()]
Search = Annotated[str, Query(max_length=500)]
Truth = Annotated[str | None, Query(json_schema_extra={"enum": ["true", "false"]})]
OneId = Annotated[str | None, Query(json_schema_extra={"pattern": r"^\d{1,19}$"})]
DESCRIPTION = {"type": "string", "maxLength": 1000}
OneDay = Annotated[str | None, Query(json_schema_extra={"format": "date"})]
OneTicket = Annotated[str | None, Query(description="Its id or any of its numbers")]
EMPTY: dict[int | str, dict[str, Any]] = {204: {"description": "Done; nothing to tell"}}


def _word(words: Any) -> Any:
    return Query(json_schema_extra={"enum": list(words)})


async def _asked(
    status: Annotated[str | None, _word(STATUS.hears)] = None,
    priority: Annotated[str | None, _word(PRIORITY.hears)] = None,
    category: Annotated[str | None, _word(CATEGORY.hears)] = None,
    customer: OneId = None,
    assigned_to: OneId = None,
    my_tickets: Truth = None,
    unassigned: Truth = None,
    overdue: Truth = None,
    created_after: OneDay = None,
    created_before: OneDay = None,
    search: Search = "",
) -> Callable[..., TicketQuery]:
    """Query Parameters; read once it is known who asks."""
    return partial(_query, locals())


def _query(
    asked: dict[str, Any],
    desk: Desk,
    *,
    mine: bool = False,
    unassigned: bool = False,
    overdue: bool = False,
) -> TicketQuery:
    assignee_id = one_id("assigned_to", asked["assigned_to"])
    if flag("my_tickets", asked["my_tickets"]) or mine:
        me = desk.actor.id
        assignee_id = me if assignee_id in (None, me) else NOBODYS
    words = {
        name: vocabulary.covers(asked[name]) for name, vocabulary in WORDS.items() if asked[name]
    }
    return TicketQuery(
        **words,
        company_id=one_id("customer", asked["customer"]),
        assignee_id=assignee_id,
        unassigned=flag("unassigned", asked["unassigned"]) or unassigned,
        overdue=flag("overdue", asked["overdue"]) or overdue,
        created_from=_start_of(one_day("created_after", asked["created_after"])),
        created_before=_end_of(one_day("created_before", asked["created_before"])),
        search=asked["search"],
        in_comments=False,
    )


def _start_of(day: date | None) -> datetime | None:
    return day and start_of_day(day)


def _end_of(day: date | None) -> datetime | None:
    if day is None or day == date.max:
        return None
    return _start_of(day + timedelta(days=1))


Asked = Annotated[Callable[..., TicketQuery], Depends(_asked)]


def _list(desk: Desk, query: TicketQuery, window: Window) -> Json:
    page = ticket_list.page(desk, query, window.part, "whole")
    told = (shapes.listed(row, desk) for row in page.rows)
    return window.answer(told, ticket_list.count(desk, query), page=page)


def _history(ticket_id: int | None = None, action: str | None = None) -> LogQuery:
    if action and action not in ACTION:
        raise Invalid("action", not_a_choice(ACTION, action))
    events = ACTION[action] if action else [event for every in ACTION.values() for event in every]
    return LogQuery(
        ticket_id=ticket_id,
        events=tuple(events),
        mute=tuple(("status", words) for words in STATUS.alike),
        newest_first=True,
    )


def _told(desk: Desk, ticket_id: Any, status_code: int = 200) -> Json:
    ticket = ticket_list.read(desk, ticket_id)
    told = shapes.full(
        ticket,
        desk,
        commenting.read(desk, ticket.id),
        attachments.of_ticket(desk, ticket.id),
        activity.every_line(desk, _history(ticket.id)),
    )
    return Json(told, status_code, version=ticket.version)


@router.get(BASE + "/tickets/", response_model=shapes.Tickets)
def list_tickets(desk: Caller, asked: Asked, window: Paging) -> Any:
    """List Tickets."""
    return _list(desk, asked(desk), window)


@router.post(BASE + "/tickets/", status_code=201, response_model=shapes.WholeTicket)
def create_ticket(body: shapes.NewTicket, desk: Caller) -> Any:
    """Create Ticket."""
    return _told(desk, file_ticket(desk, body.draft(), STATUS, body.status).id, 201)


@router.get(BASE + "/tickets/my_tickets/", response_model=shapes.Tickets)
def my_tickets(desk: Caller, asked: Asked, window: Paging) -> Any:
    """My Tickets: assigned to the caller."""
    return _list(desk, asked(desk, mine=True), window)


@router.get(BASE + "/tickets/unassigned/", response_model=shapes.Tickets)
def unassigned_tickets(desk: Caller, asked: Asked, window: Paging) -> Any:
    """Unassigned Tickets."""
    return _list(desk, asked(desk, unassigned=True), window)


@router.get(BASE + "/tickets/overdue/", response_model=shapes.Tickets)
def overdue_tickets(desk: Caller, asked: Asked, window: Paging) -> Any:
    """Overdue Tickets."""
    return _list(desk, asked(desk, overdue=True), window)


@router.get(BASE + "/tickets/statistics/", response_model=shapes.Statistics)
def ticket_statistics(desk: Caller) -> Any:
    """Ticket Statistics, of the tickets the caller may see."""
    figures = statistics.figures(desk)
    return Json(
        {
            "total_tickets": figures.total,
            "by_status": STATUS.tally(figures.by_status),
            "by_priority": PRIORITY.tally(figures.by_priority),
            "by_category": CATEGORY.tally(figures.by_category),
            "overdue_count": figures.overdue,
            "unassigned_count": figures.unassigned,
            "my_tickets_count": figures.mine,
            "avg_resolution_time_hours": figures.average_resolution_hours,
        }
    )


@router.get(BASE + "/tickets/trash/", response_model=shapes.DeletedTickets)
def deleted_tickets(desk: Caller, window: Paging) -> Any:
    """The tickets deleted last, for admins."""
    rows = trash.deleted(desk)
    part = rows[window.offset : window.offset + window.limit]
    return window.answer(map(shapes.thrown_away, part), len(rows))


@router.delete(BASE + "/tickets/trash/{ticket_id}/", status_code=204, responses=EMPTY)
def purge_ticket(ticket_id: str, desk: Caller) -> Response:
    """Destroy a deleted ticket with all that is on it, for admins."""
    trash.purge(desk, ticket_id)
    return Response(status_code=204)


@router.get(BASE + "/tickets/{ticket_id}/", response_model=shapes.WholeTicket)
def get_ticket_details(ticket_id: str, desk: Caller) -> Any:
    """Get Ticket Details."""
    return _told(desk, ticket_id)


def _update(ticket_id: str, body: shapes.TicketChange, desk: Desk, if_match: str | None) -> Json:
    ticket = tickets.hold(desk, ticket_id, if_version=version_of(if_match))
    ticket_updates.revise(
        desk, ticket, body.changes(ticket), text_format=body.format, channel="ticketing"
    )
    return _told(desk, ticket.id)


@router.put(BASE + "/tickets/{ticket_id}/", response_model=shapes.WholeTicket)
def update_ticket(
    ticket_id: str, body: shapes.TicketChange, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Update Ticket."""
    return _update(ticket_id, body, desk, if_match)


@router.patch(BASE + "/tickets/{ticket_id}/", response_model=shapes.WholeTicket)
def patch_ticket(
    ticket_id: str, body: shapes.TicketChange, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Update Ticket."""
    return _update(ticket_id, body, desk, if_match)


@router.delete(BASE + "/tickets/{ticket_id}/", status_code=204, responses=EMPTY)
def delete_ticket(ticket_id: str, desk: Caller, if_match: IfMatch = None) -> Response:
    """Delete Ticket: into the trash."""
    tickets.delete_ticket(desk, tickets.hold(desk, ticket_id, if_version=version_of(if_match)))
    return Response(status_code=204)


@router.post(BASE + "/tickets/{ticket_id}/restore/", response_model=shapes.WholeTicket)
def restore_ticket(ticket_id: str, desk: Caller) -> Any:
    """Bring a ticket back from the trash, for admins."""
    return _told(desk, tickets.restore_ticket(desk, ticket_id).id)


@router.post(BASE + "/tickets/{ticket_id}/assign/", response_model=shapes.WholeTicket)
def assign_ticket(
    ticket_id: str, body: shapes.Assignment, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Assign Ticket."""
    ticket = tickets.hold(desk, ticket_id, if_version=version_of(if_match))
    try:
        tickets.assign(desk, ticket, body.user_id)
    except Invalid as wrong:
        raise Invalid("user_id", wrong.reason) from None
    return _told(desk, ticket.id)


@router.post(BASE + "/tickets/{ticket_id}/change_status/", response_model=shapes.WholeTicket)
def change_status(
    ticket_id: str, body: shapes.StatusChange, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Change Status."""
    ticket = tickets.hold(desk, ticket_id, if_version=version_of(if_match))
    tickets.change_status(desk, ticket, STATUS.hear_over(ticket.status, body.status))
    return _told(desk, ticket.id)


@router.post(
    BASE + "/tickets/{ticket_id}/add_comment/", status_code=201, response_model=shapes.PostedComment
)
def add_comment(ticket_id: str, body: shapes.TicketComment, desk: Caller) -> Any:
    """Add Comment."""
    posted = comments.add_comment(desk, ticket_id, body.content, body, channel="ticketing")
    line = activity.comment(desk, posted.entry_id)
    return Json({**shapes.said(line), **comments.follow_up(posted, posted.ticket.id)}, 201)


def _attach(ticket_id: str, upload: files.Upload, door: Entrance) -> Response:
    with door.desk(writes=False) as desk:
        ticket_list.read(desk, ticket_id, "line")

    def attach(desk: Desk, examined: attachments.Examined) -> Response:
        ticket = tickets.hold(desk, ticket_id)
        told = upload.fields.get("description")
        kept = attachments.attach(desk, ticket, examined, description=told)
        return Json(shapes.attached(activity.file(desk, kept.uuid)), 201)

    with files.examined(door, upload) as examined, door.desk() as desk:
        return files.used(once(door, desk, lambda: attach(desk, examined)), examined)


@router.post(
    BASE + "/tickets/{ticket_id}/add_attachment/",
    status_code=201,
    response_model=shapes.Attachment,
    openapi_extra=form(description=DESCRIPTION),
)
def add_attachment(ticket_id: str, upload: files.ReceivedFile, door: Entrance) -> Any:
    """Add Attachment."""
    return _attach(ticket_id, upload, door)


@router.get(BASE + "/comments/", response_model=shapes.Comments)
def list_comments(
    desk: Caller, window: Paging, ticket: OneTicket = None, is_internal: Truth = None
) -> Any:
    """List Comments, oldest first."""
    query = LogQuery(
        ticket_id=ticket_filter(desk, "ticket", ticket),
        internal=truth("is_internal", is_internal),
        events=COMMENTS,
    )
    page = activity.lines(desk, query, window.part)
    return window.answer(map(shapes.said, page.rows), activity.count_lines(desk, query), page=page)


@router.post(BASE + "/comments/", status_code=201, response_model=shapes.PostedComment)
def create_comment(body: shapes.NewComment, desk: Caller) -> Any:
    """Create Comment."""
    return add_comment(body.ticket, body, desk)


@router.get(BASE + "/attachments/", response_model=shapes.Attachments)
def list_attachments(desk: Caller, window: Paging, ticket: OneTicket = None) -> Any:
    """List Attachments, oldest first."""
    query = LogQuery(ticket_id=ticket_filter(desk, "ticket", ticket))
    page = activity.files(desk, query, window.part)
    return window.answer(
        map(shapes.attached, page.rows), activity.count_files(desk, query), page=page
    )


@router.post(
    BASE + "/attachments/",
    status_code=201,
    response_model=shapes.Attachment,
    openapi_extra=form(ticket={"type": "string", "required": True}, description=DESCRIPTION),
)
def upload_attachment(upload: files.ReceivedFile, door: Entrance) -> Any:
    """Upload Attachment."""
    return _attach(ticket_in_form(upload.fields), upload, door)


@router.get(BASE + "/history/", response_model=shapes.History)
def view_ticket_history(
    desk: Caller,
    window: Paging,
    ticket: OneTicket = None,
    action: Annotated[str | None, _word(ACTION)] = None,
) -> Any:
    """View Ticket History, newest first."""
    query = _history(ticket_filter(desk, "ticket", ticket), action)
    page = activity.lines(desk, query, window.part)
    return window.answer(
        map(shapes.changed, page.rows), activity.count_lines(desk, query), page=page
    )


@router.get(BASE + "/customers/", response_model=shapes.Customers)
def list_customers(desk: Caller, window: Paging, search: Search = "") -> Any:
    """Customers to choose from."""
    page, count = customers.companies(desk, search, window.part)
    return window.answer(map(shapes.customer, page.rows), count, page=page)


@router.post(BASE + "/customers/", status_code=201, response_model=shapes.WholeCustomer)
def create_customer(body: shapes.NewCustomer, desk: Caller) -> Any:
    """A new customer."""
    return Json(shapes.customer(customers.add_company(desk, body.name, domain=body.domain)), 201)


@router.get(BASE + "/users/", response_model=shapes.Users)
def list_users(desk: Caller, window: Paging, search: Search = "") -> Any:
    """Users to choose from."""
    page, count = customers.people(desk, search, window.part)
    return window.answer(map(shapes.user, page.rows), count, page=page)
