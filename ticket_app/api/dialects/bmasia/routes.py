"""The endpoints in the document's order; literal paths before those with an id."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Query
from starlette.responses import Response

from ticket_app.api.dialects.bmasia import schemas
from ticket_app.api.dialects.bmasia.errors import ERROR_RENDERER
from ticket_app.api.dialects.bmasia.vocabulary import (
    CATEGORY,
    ORDERING,
    PRIORITY,
    STATUS,
    TEAMS,
)
from ticket_app.api.kit import uploads
from ticket_app.api.kit.comments import add_comment, follow_up_fields
from ticket_app.api.kit.drf import ERROR_RESPONSES
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.query_parameters import (
    enum_parameter,
    find_ticket_id,
    parse_flag_parameter,
    parse_ordering,
    parse_uuid_parameter,
)
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse, parse_version
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.api.kit.ticket_creation import create_ticket_with_status
from ticket_app.api.kit.uploads import require_ticket_field, upload_form_schema
from ticket_app.core.attachments import attachments
from ticket_app.core.attachments.attachments import StoredUpload
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENT_ENTRIES, ActivityQuery
from ticket_app.core.people import customers
from ticket_app.core.platform.errors import Invalid, NotFound, invalid_choice
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import assigning, locking, statistics, ticket_list, trash
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.conditions import UNFINISHED_GROUPS
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.tables import Ticket

BASE = "/api/v1"
NONEXISTENT_ID = 0
"""No row has this id: a filter for a missing company or user matches nothing."""

router = DialectRouter(
    route_class=dialect_route_class(ERROR_RENDERER), tags=["BMAsia"], responses=ERROR_RESPONSES
)

IfMatch = Annotated[str | None, Header()]
SearchParameter = Annotated[str, Query(max_length=500)]
BooleanParameter = Annotated[str | None, Query(json_schema_extra={"enum": ["true", "false"]})]
UuidParameter = Annotated[str | None, Query(json_schema_extra={"format": "uuid"})]
TicketParameter = Annotated[str | None, Query(description="The ticket's id or any of its numbers")]
NO_CONTENT_RESPONSES: dict[int | str, dict[str, Any]] = {
    204: {"description": "Deleted; no content"}
}


async def _query_builder(
    status: Annotated[str | None, enum_parameter(STATUS.value_by_word)] = None,
    priority: Annotated[str | None, enum_parameter(PRIORITY.value_by_word)] = None,
    category: Annotated[str | None, enum_parameter(CATEGORY.value_by_word)] = None,
    company: UuidParameter = None,
    assigned_to: UuidParameter = None,
    assigned_team: Annotated[
        str | None, Query(max_length=120, json_schema_extra={"enum": list(TEAMS)})
    ] = None,
    my_tickets: BooleanParameter = None,
    unassigned: BooleanParameter = None,
    open: BooleanParameter = None,  # noqa: A002
    search: SearchParameter = "",
    ordering: Annotated[str | None, Query(description=", ".join(ORDERING))] = None,
) -> Callable[[UnitOfWork], TicketQuery]:
    """Query Parameters. Returns a function, because the query needs the actor."""
    return partial(_build_query, locals())


def _build_query(parameters: dict[str, Any], uow: UnitOfWork) -> TicketQuery:
    assignee_id = _find_id(uow, "assigned_to", customers.get_person, parameters["assigned_to"])
    if parse_flag_parameter("my_tickets", parameters["my_tickets"]):
        own_id = uow.actor.id
        assignee_id = own_id if assignee_id in (None, own_id) else NONEXISTENT_ID
    return TicketQuery(
        status=STATUS.expand(parameters["status"]) if parameters["status"] else frozenset(),
        priority=PRIORITY.expand(parameters["priority"]) if parameters["priority"] else frozenset(),
        category=CATEGORY.expand(parameters["category"]) if parameters["category"] else frozenset(),
        group=UNFINISHED_GROUPS
        if parse_flag_parameter("open", parameters["open"])
        else frozenset(),
        company_id=_find_id(uow, "company", customers.get_company, parameters["company"]),
        assignee_id=assignee_id,
        team_id=_find_team_id(uow, parameters["assigned_team"]),
        unassigned=parse_flag_parameter("unassigned", parameters["unassigned"]),
        search=parameters["search"],
        search_comments=False,
        **parse_ordering(parameters["ordering"], ORDERING, "-created_at"),
    )


def _find_id(uow: UnitOfWork, field: str, find: Any, value: str | None) -> int | None:
    reference = parse_uuid_parameter(field, value)
    if reference is None:
        return None
    try:
        return find(uow, reference).id
    except NotFound:
        return NONEXISTENT_ID


def _find_team_id(uow: UnitOfWork, name: str | None) -> int | None:
    if not name:
        return None
    team_id = customers.find_team_id(uow, name) if "\x00" not in name else NONEXISTENT_ID
    if not team_id and name not in TEAMS:
        raise Invalid("assigned_team", invalid_choice(TEAMS, name))
    return team_id


QueryBuilderDep = Annotated[Callable[[UnitOfWork], TicketQuery], Depends(_query_builder)]


def _ticket_response(uow: UnitOfWork, ticket_id: Any, status_code: int = 200) -> JsonResponse:
    ticket = ticket_list.read_ticket(uow, ticket_id)
    payload = schemas.format_ticket_details(
        ticket,
        uow,
        commenting.list_comments(uow, ticket.id),
        attachments.list_ticket_files(uow, ticket.id),
    )
    return JsonResponse(payload, status_code, version=ticket.version)


def _comment_response(uow: UnitOfWork, reference: UUID | int) -> JsonResponse:
    line = activity.get_comment(uow, reference)
    return JsonResponse(schemas.format_comment(line, line.ticket_uuid))


@router.get(BASE + "/tickets/", response_model=schemas.TicketPage)
def list_all_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> Any:
    """List All Tickets."""
    query = build_query(uow)
    page = ticket_list.page(uow, query, page_parameters.page_request, "full")
    results = (schemas.format_ticket(row, uow) for row in page.rows)
    return page_parameters.page_response(results, ticket_list.count_tickets(uow, query), page=page)


@router.post(BASE + "/tickets/", status_code=201, response_model=schemas.TicketDetails)
def create_ticket(body: schemas.NewTicket, uow: AuthenticatedUow) -> Any:
    """Create Ticket."""
    ticket = create_ticket_with_status(uow, body.to_draft(uow), STATUS, body.status)
    return _ticket_response(uow, ticket.id, 201)


@router.get(BASE + "/tickets/stats/", response_model=schemas.TicketStatistics)
def get_ticket_statistics(uow: AuthenticatedUow) -> Any:
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
def get_ticket_detail(ticket_id: str, uow: AuthenticatedUow) -> Any:
    """Get Ticket Detail."""
    return _ticket_response(uow, ticket_id)


@router.patch(BASE + "/tickets/{ticket_id}/", response_model=schemas.TicketDetails)
def update_ticket(
    ticket_id: str, body: schemas.TicketUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> Any:
    """Update Ticket."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    ticket_updates.update_ticket(
        uow, ticket, body.to_changes(uow, ticket), text_format=body.format, channel="bmasia"
    )
    return _ticket_response(uow, ticket.id)


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
    response_model=schemas.PostedComment,
)
def add_comment_to_ticket(
    ticket_id: str, body: schemas.TicketComment, uow: AuthenticatedUow
) -> Any:
    """Add Comment to Ticket."""
    posted = add_comment(uow, ticket_id, body.text, body, channel="bmasia")
    line = activity.get_comment(uow, posted.entry_id)
    follow_up_payload = follow_up_fields(posted, posted.ticket.uuid)
    return JsonResponse(
        {**schemas.format_comment(line, line.ticket_uuid), **follow_up_payload}, 201
    )


@router.post(BASE + "/tickets/{ticket_id}/assign/", response_model=schemas.TicketDetails)
def assign_ticket(
    ticket_id: str, body: schemas.Assignment, uow: AuthenticatedUow, if_match: IfMatch = None
) -> Any:
    """Assign Ticket."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    uow.actor.require("assign_tickets", "assign tickets")
    assignee_id = schemas.find_id(uow, "user_id", customers.get_person, body.user_id)
    try:
        assigning.assign(uow, ticket, assignee_id)
    except Invalid as error:
        raise Invalid("user_id", error.reason) from None
    return _ticket_response(uow, ticket.id)


@router.get(BASE + "/ticket-comments/", response_model=schemas.CommentPage)
def list_comments(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, ticket: TicketParameter = None
) -> Any:
    """List Comments, oldest first."""
    query = ActivityQuery(
        ticket_id=find_ticket_id(uow, "ticket", ticket), entry_filters=COMMENT_ENTRIES
    )
    page = activity.list_entries(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        (schemas.format_comment(row, row.ticket_uuid) for row in page.rows),
        activity.count_entries(uow, query),
        page=page,
    )


@router.post(BASE + "/ticket-comments/", status_code=201, response_model=schemas.PostedComment)
def create_comment(body: schemas.NewComment, uow: AuthenticatedUow) -> Any:
    """Create Comment."""
    return add_comment_to_ticket(body.ticket, body, uow)


@router.get(BASE + "/ticket-comments/{comment_id}/", response_model=schemas.Comment)
def get_comment(comment_id: UUID, uow: AuthenticatedUow) -> Any:
    """Get a comment."""
    return _comment_response(uow, comment_id)


@router.patch(BASE + "/ticket-comments/{comment_id}/", response_model=schemas.Comment)
def update_comment(comment_id: UUID, body: schemas.CommentUpdate, uow: AuthenticatedUow) -> Any:
    """Update Comment."""
    new_text = body.text if "text" in body.model_fields_set else None
    return _comment_response(
        uow, commenting.edit_comment(uow, comment_id, new_text, text_format=body.format)
    )


@router.delete(
    BASE + "/ticket-comments/{comment_id}/", status_code=204, responses=NO_CONTENT_RESPONSES
)
def delete_comment(comment_id: UUID, uow: AuthenticatedUow) -> Response:
    """Delete Comment."""
    commenting.delete_comment(uow, comment_id)
    return Response(status_code=204)


@router.get(BASE + "/ticket-attachments/", response_model=schemas.AttachmentPage)
def list_attachments(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, ticket: TicketParameter = None
) -> Any:
    """List attachments, oldest first."""
    query = ActivityQuery(ticket_id=find_ticket_id(uow, "ticket", ticket))
    page = activity.list_files(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        (schemas.format_attachment(row, row.ticket_uuid) for row in page.rows),
        activity.count_files(uow, query),
        page=page,
    )


@router.post(
    BASE + "/ticket-attachments/",
    status_code=201,
    response_model=schemas.Attachment,
    openapi_extra=upload_form_schema(ticket={"type": "string", "required": True}),
)
def upload_attachment(upload: uploads.UploadDep, context: RequestContextDep) -> Any:
    """Upload Attachment."""
    reference = require_ticket_field(upload.fields)

    def attach(uow: UnitOfWork, ticket: Ticket, examined_file: StoredUpload) -> Response:
        attachment = attachments.attach(uow, ticket, examined_file)
        return JsonResponse(
            schemas.format_attachment(activity.get_file(uow, attachment.uuid), ticket.uuid), 201
        )

    return uploads.attach_upload(context, upload, reference, attach)


@router.get(BASE + "/ticket-attachments/{attachment_id}/", response_model=schemas.Attachment)
def get_attachment(attachment_id: UUID, uow: AuthenticatedUow) -> Any:
    """Get an attachment."""
    row = activity.get_file(uow, attachment_id)
    return JsonResponse(schemas.format_attachment(row, row.ticket_uuid))


@router.delete(
    BASE + "/ticket-attachments/{attachment_id}/", status_code=204, responses=NO_CONTENT_RESPONSES
)
def delete_attachment(attachment_id: UUID, uow: AuthenticatedUow) -> Response:
    """Delete Attachment."""
    attachments.remove_file(uow, attachment_id)
    return Response(status_code=204)


@router.get(BASE + "/companies/", response_model=schemas.CompanyPage)
def list_companies(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, search: SearchParameter = ""
) -> Any:
    """List companies."""
    page, count = customers.list_companies(uow, search, page_parameters.page_request)
    return page_parameters.page_response(map(schemas.format_company, page.rows), count, page=page)


@router.post(BASE + "/companies/", status_code=201, response_model=schemas.Company)
def create_company(body: schemas.NewCompany, uow: AuthenticatedUow) -> Any:
    """Create a company."""
    company = customers.add_company(uow, body.name, domain=body.domain, notes=body.notes)
    return JsonResponse(schemas.format_company(company), 201)


@router.get(BASE + "/companies/{company_id}/", response_model=schemas.Company)
def get_company(company_id: UUID, uow: AuthenticatedUow) -> Any:
    """Get a company."""
    return JsonResponse(schemas.format_company(customers.get_company(uow, company_id)))


@router.patch(BASE + "/companies/{company_id}/", response_model=schemas.Company)
def rename_company(company_id: UUID, body: schemas.CompanyUpdate, uow: AuthenticatedUow) -> Any:
    """Rename a company. The search index of its tickets is updated."""
    name = body.name if "name" in body.model_fields_set else None
    return JsonResponse(schemas.format_company(customers.rename_company(uow, company_id, name)))


@router.get(BASE + "/contacts/", response_model=schemas.ContactPage)
def list_contacts(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    search: SearchParameter = "",
    company: UuidParameter = None,
) -> Any:
    """List contacts."""
    company_id = _find_id(uow, "company", customers.get_company, company)
    page, count = customers.list_contacts(
        uow, search, page_parameters.page_request, company_id=company_id
    )
    return page_parameters.page_response(map(schemas.format_contact, page.rows), count, page=page)


@router.post(BASE + "/contacts/", status_code=201, response_model=schemas.Contact)
def create_contact(body: schemas.NewContact, uow: AuthenticatedUow) -> Any:
    """Create a contact."""
    uow.actor.require("work_tickets", "add contacts")
    company_id = schemas.find_id(uow, "company", customers.get_company, body.company)
    contact = customers.add_contact(
        uow, body.name, company_id=company_id, email=body.email, phone=body.phone
    )
    return JsonResponse(schemas.format_contact(customers.get_contact(uow, contact.uuid)), 201)


@router.get(BASE + "/contacts/{contact_id}/", response_model=schemas.Contact)
def get_contact(contact_id: UUID, uow: AuthenticatedUow) -> Any:
    """Get a contact."""
    return JsonResponse(schemas.format_contact(customers.get_contact(uow, contact_id)))


@router.get(BASE + "/users/", response_model=schemas.UserPage)
def list_users(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, search: SearchParameter = ""
) -> Any:
    """List users."""
    page, count = customers.list_people(uow, search, page_parameters.page_request)
    return page_parameters.page_response(map(schemas.format_user, page.rows), count, page=page)


@router.get(BASE + "/users/{user_id}/", response_model=schemas.User)
def get_user(user_id: UUID, uow: AuthenticatedUow) -> Any:
    """Get a user."""
    return JsonResponse(schemas.format_user(customers.get_person(uow, user_id)))
