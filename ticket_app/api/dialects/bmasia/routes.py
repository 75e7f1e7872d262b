"""Endpoints, in the document's order; literal paths before those with an id."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Query
from starlette.responses import Response

from ticket_app.api.dialects.bmasia import shapes
from ticket_app.api.dialects.bmasia.errors import VOICE
from ticket_app.api.dialects.bmasia.vocabulary import (
    CATEGORY,
    ORDERING,
    PRIORITY,
    STATUS,
    TEAMS,
)
from ticket_app.api.kit import files
from ticket_app.api.kit.answers import Json, version_of
from ticket_app.api.kit.comments import add_comment, follow_up
from ticket_app.api.kit.door import Caller, Entrance
from ticket_app.api.kit.drf import (
    REFUSALS,
    flag,
    form,
    one_uuid,
    ordering,
    ticket_filter,
    ticket_in_form,
)
from ticket_app.api.kit.filing import file_ticket
from ticket_app.api.kit.paging import Paging
from ticket_app.api.kit.route import DialectRouter, dialect_route, once
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENTS, LogQuery
from ticket_app.core.people import customers
from ticket_app.core.platform.errors import Invalid, NotFound, not_a_choice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import statistics, ticket_list, tickets
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.conditions import NOT_DONE
from ticket_app.core.tickets.ticket_list import TicketQuery

BASE = "/api/v1"
NOBODYS = 0
"""The id of nothing: a filter that names what is not there finds nothing."""

router = DialectRouter(route_class=dialect_route(VOICE), tags=["BMAsia"], responses=REFUSALS)

IfMatch = Annotated[str | None, Header()]
Search = Annotated[str, Query(max_length=500)]
Truth = Annotated[str | None, Query(json_schema_extra={"enum": ["true", "false"]})]
OneUuid = Annotated[str | None, Query(json_schema_extra={"format": "uuid"})]
OneTicket = Annotated[str | None, Query(description="Its id or any of its numbers")]
EMPTY: dict[int | str, dict[str, Any]] = {204: {"description": "Done; nothing to tell"}}


def _word(words: Any) -> Any:
    return Query(json_schema_extra={"enum": list(words.hears)})


async def _asked(
    status: Annotated[str | None, _word(STATUS)] = None,
    priority: Annotated[str | None, _word(PRIORITY)] = None,
    category: Annotated[str | None, _word(CATEGORY)] = None,
    company: OneUuid = None,
    assigned_to: OneUuid = None,
    assigned_team: Annotated[
        str | None, Query(max_length=120, json_schema_extra={"enum": list(TEAMS)})
    ] = None,
    my_tickets: Truth = None,
    unassigned: Truth = None,
    open: Truth = None,  # noqa: A002
    search: Search = "",
    ordering: Annotated[str | None, Query(description=", ".join(ORDERING))] = None,
) -> Callable[[Desk], TicketQuery]:
    """Query Parameters; read once it is known who asks."""
    return partial(_query, locals())


def _query(asked: dict[str, Any], desk: Desk) -> TicketQuery:
    assignee_id = _named(desk, "assigned_to", customers.person, asked["assigned_to"])
    if flag("my_tickets", asked["my_tickets"]):
        me = desk.actor.id
        assignee_id = me if assignee_id in (None, me) else NOBODYS
    return TicketQuery(
        status=STATUS.covers(asked["status"]) if asked["status"] else frozenset(),
        priority=PRIORITY.covers(asked["priority"]) if asked["priority"] else frozenset(),
        category=CATEGORY.covers(asked["category"]) if asked["category"] else frozenset(),
        group=NOT_DONE if flag("open", asked["open"]) else frozenset(),
        company_id=_named(desk, "company", customers.company, asked["company"]),
        assignee_id=assignee_id,
        team_id=_team(desk, asked["assigned_team"]),
        unassigned=flag("unassigned", asked["unassigned"]),
        search=asked["search"],
        in_comments=False,
        **ordering(asked["ordering"], ORDERING, "-created_at"),
    )


def _named(desk: Desk, field: str, look_up: Any, value: str | None) -> int | None:
    reference = one_uuid(field, value)
    if reference is None:
        return None
    try:
        return look_up(desk, reference).id
    except NotFound:
        return NOBODYS


def _team(desk: Desk, name: str | None) -> int | None:
    if not name:
        return None
    team_id = customers.team_id(desk, name) if "\x00" not in name else NOBODYS
    if not team_id and name not in TEAMS:
        raise Invalid("assigned_team", not_a_choice(TEAMS, name))
    return team_id


Asked = Annotated[Callable[[Desk], TicketQuery], Depends(_asked)]


def _told(desk: Desk, ticket_id: Any, status_code: int = 200) -> Json:
    ticket = ticket_list.read(desk, ticket_id)
    told = shapes.full(
        ticket,
        desk,
        commenting.read(desk, ticket.id),
        attachments.of_ticket(desk, ticket.id),
    )
    return Json(told, status_code, version=ticket.version)


def _said(desk: Desk, reference: UUID | int) -> Json:
    line = activity.comment(desk, reference)
    return Json(shapes.said(line, line.ticket_uuid))


@router.get(BASE + "/tickets/", response_model=shapes.Tickets)
def list_all_tickets(desk: Caller, asked: Asked, window: Paging) -> Any:
    """List All Tickets."""
    query = asked(desk)
    page = ticket_list.page(desk, query, window.part, "whole")
    told = (shapes.listed(row, desk) for row in page.rows)
    return window.answer(told, ticket_list.count(desk, query), page=page)


@router.post(BASE + "/tickets/", status_code=201, response_model=shapes.WholeTicket)
def create_ticket(body: shapes.NewTicket, desk: Caller) -> Any:
    """Create Ticket."""
    ticket = file_ticket(desk, body.draft(desk), STATUS, body.status)
    return _told(desk, ticket.id, 201)


@router.get(BASE + "/tickets/stats/", response_model=shapes.Stats)
def get_ticket_statistics(desk: Caller) -> Any:
    """Get Ticket Statistics, of the tickets the caller may see."""
    figures = statistics.figures(desk)
    return Json(
        {
            "total": figures.total,
            "by_status": STATUS.tally(figures.by_status),
            "by_priority": PRIORITY.tally(figures.by_priority),
            "my_open_tickets": figures.my_unfinished,
            "unassigned": figures.unassigned_unfinished,
            "overdue": figures.overdue,
        }
    )


@router.get(BASE + "/tickets/{ticket_id}/", response_model=shapes.WholeTicket)
def get_ticket_detail(ticket_id: str, desk: Caller) -> Any:
    """Get Ticket Detail."""
    return _told(desk, ticket_id)


@router.patch(BASE + "/tickets/{ticket_id}/", response_model=shapes.WholeTicket)
def update_ticket(
    ticket_id: str, body: shapes.TicketChange, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Update Ticket."""
    ticket = tickets.hold(desk, ticket_id, if_version=version_of(if_match))
    ticket_updates.revise(
        desk, ticket, body.changes(desk, ticket), text_format=body.format, channel="bmasia"
    )
    return _told(desk, ticket.id)


@router.delete(BASE + "/tickets/{ticket_id}/", status_code=204, responses=EMPTY)
def delete_ticket(ticket_id: str, desk: Caller, if_match: IfMatch = None) -> Response:
    """Delete Ticket."""
    tickets.delete_ticket(desk, tickets.hold(desk, ticket_id, if_version=version_of(if_match)))
    return Response(status_code=204)


@router.post(
    BASE + "/tickets/{ticket_id}/add_comment/", status_code=201, response_model=shapes.PostedComment
)
def add_comment_to_ticket(ticket_id: str, body: shapes.TicketComment, desk: Caller) -> Any:
    """Add Comment to Ticket."""
    posted = add_comment(desk, ticket_id, body.text, body, channel="bmasia")
    line = activity.comment(desk, posted.entry_id)
    added = follow_up(posted, posted.ticket.uuid)
    return Json({**shapes.said(line, line.ticket_uuid), **added}, 201)


@router.post(BASE + "/tickets/{ticket_id}/assign/", response_model=shapes.WholeTicket)
def assign_ticket(
    ticket_id: str, body: shapes.Assignment, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Assign Ticket."""
    ticket = tickets.hold(desk, ticket_id, if_version=version_of(if_match))
    desk.actor.must("assign_tickets", "assign tickets")
    chosen = shapes.id_of(desk, "user_id", customers.person, body.user_id)
    try:
        tickets.assign(desk, ticket, chosen)
    except Invalid as wrong:
        raise Invalid("user_id", wrong.reason) from None
    return _told(desk, ticket.id)


@router.get(BASE + "/ticket-comments/", response_model=shapes.Comments)
def list_comments(desk: Caller, window: Paging, ticket: OneTicket = None) -> Any:
    """List Comments, oldest first."""
    query = LogQuery(ticket_id=ticket_filter(desk, "ticket", ticket), events=COMMENTS)
    page = activity.lines(desk, query, window.part)
    return window.answer(
        (shapes.said(row, row.ticket_uuid) for row in page.rows),
        activity.count_lines(desk, query),
        page=page,
    )


@router.post(BASE + "/ticket-comments/", status_code=201, response_model=shapes.PostedComment)
def create_comment(body: shapes.NewComment, desk: Caller) -> Any:
    """Create Comment."""
    return add_comment_to_ticket(body.ticket, body, desk)


@router.get(BASE + "/ticket-comments/{comment_id}/", response_model=shapes.Comment)
def get_comment(comment_id: UUID, desk: Caller) -> Any:
    """One comment."""
    return _said(desk, comment_id)


@router.patch(BASE + "/ticket-comments/{comment_id}/", response_model=shapes.Comment)
def update_comment(comment_id: UUID, body: shapes.CommentChange, desk: Caller) -> Any:
    """Update Comment."""
    changed = body.text if "text" in body.model_fields_set else None
    return _said(desk, commenting.rewrite(desk, comment_id, changed, text_format=body.format))


@router.delete(BASE + "/ticket-comments/{comment_id}/", status_code=204, responses=EMPTY)
def delete_comment(comment_id: UUID, desk: Caller) -> Response:
    """Delete Comment."""
    commenting.withdraw(desk, comment_id)
    return Response(status_code=204)


@router.get(BASE + "/ticket-attachments/", response_model=shapes.Attachments)
def list_attachments(desk: Caller, window: Paging, ticket: OneTicket = None) -> Any:
    """Attachments, oldest first."""
    query = LogQuery(ticket_id=ticket_filter(desk, "ticket", ticket))
    page = activity.files(desk, query, window.part)
    return window.answer(
        (shapes.attached(row, row.ticket_uuid) for row in page.rows),
        activity.count_files(desk, query),
        page=page,
    )


@router.post(
    BASE + "/ticket-attachments/",
    status_code=201,
    response_model=shapes.Attachment,
    openapi_extra=form(ticket={"type": "string", "required": True}),
)
def upload_attachment(upload: files.ReceivedFile, door: Entrance) -> Any:
    """Upload Attachment."""
    reference = ticket_in_form(upload.fields)
    with door.desk(writes=False) as desk:
        ticket_list.read(desk, reference, "line")

    def attach(desk: Desk, examined: attachments.Examined) -> Response:
        ticket = tickets.hold(desk, reference)
        kept = attachments.attach(desk, ticket, examined)
        return Json(shapes.attached(activity.file(desk, kept.uuid), ticket.uuid), 201)

    with files.examined(door, upload) as examined, door.desk() as desk:
        return files.used(once(door, desk, lambda: attach(desk, examined)), examined)


@router.get(BASE + "/ticket-attachments/{attachment_id}/", response_model=shapes.Attachment)
def get_attachment(attachment_id: UUID, desk: Caller) -> Any:
    """One attachment."""
    row = activity.file(desk, attachment_id)
    return Json(shapes.attached(row, row.ticket_uuid))


@router.delete(BASE + "/ticket-attachments/{attachment_id}/", status_code=204, responses=EMPTY)
def delete_attachment(attachment_id: UUID, desk: Caller) -> Response:
    """Delete Attachment."""
    attachments.remove(desk, attachment_id)
    return Response(status_code=204)


@router.get(BASE + "/companies/", response_model=shapes.Companies)
def list_companies(desk: Caller, window: Paging, search: Search = "") -> Any:
    """Companies to choose from."""
    page, count = customers.companies(desk, search, window.part)
    return window.answer(map(shapes.company, page.rows), count, page=page)


@router.post(BASE + "/companies/", status_code=201, response_model=shapes.Company)
def create_company(body: shapes.NewCompany, desk: Caller) -> Any:
    """A new company."""
    made = customers.add_company(desk, body.name, domain=body.domain, notes=body.notes)
    return Json(shapes.company(made), 201)


@router.get(BASE + "/companies/{company_id}/", response_model=shapes.Company)
def get_company(company_id: UUID, desk: Caller) -> Any:
    """One company."""
    return Json(shapes.company(customers.company(desk, company_id)))


@router.patch(BASE + "/companies/{company_id}/", response_model=shapes.Company)
def rename_company(company_id: UUID, body: shapes.CompanyName, desk: Caller) -> Any:
    """Give a company another name; its tickets are found by it."""
    name = body.name if "name" in body.model_fields_set else None
    return Json(shapes.company(customers.rename_company(desk, company_id, name)))


@router.get(BASE + "/contacts/", response_model=shapes.Contacts)
def list_contacts(
    desk: Caller, window: Paging, search: Search = "", company: OneUuid = None
) -> Any:
    """Contacts to choose from."""
    company_id = _named(desk, "company", customers.company, company)
    page, count = customers.contacts(desk, search, window.part, company_id=company_id)
    return window.answer(map(shapes.contact, page.rows), count, page=page)


@router.post(BASE + "/contacts/", status_code=201, response_model=shapes.Contact)
def create_contact(body: shapes.NewContact, desk: Caller) -> Any:
    """A new contact."""
    desk.actor.must("work_tickets", "add contacts")
    company_id = shapes.id_of(desk, "company", customers.company, body.company)
    made = customers.add_contact(
        desk, body.name, company_id=company_id, email=body.email, phone=body.phone
    )
    return Json(shapes.contact(customers.contact(desk, made.uuid)), 201)


@router.get(BASE + "/contacts/{contact_id}/", response_model=shapes.Contact)
def get_contact(contact_id: UUID, desk: Caller) -> Any:
    """One contact."""
    return Json(shapes.contact(customers.contact(desk, contact_id)))


@router.get(BASE + "/users/", response_model=shapes.Users)
def list_users(desk: Caller, window: Paging, search: Search = "") -> Any:
    """Users to choose from."""
    page, count = customers.people(desk, search, window.part)
    return window.answer(map(shapes.user, page.rows), count, page=page)


@router.get(BASE + "/users/{user_id}/", response_model=shapes.User)
def get_user(user_id: UUID, desk: Caller) -> Any:
    """One user."""
    return Json(shapes.user(customers.person(desk, user_id)))
