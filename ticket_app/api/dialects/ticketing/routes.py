"""The endpoints in the document's order; literal paths before those with an id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Header, Query
from starlette.responses import Response

from ticket_app.api.dialects.ticketing import schemas
from ticket_app.api.dialects.ticketing.errors import ERROR_RENDERER
from ticket_app.api.dialects.ticketing.vocabulary import (
    CATEGORY,
    EVENTS_BY_ACTION,
    PRIORITY,
    STATUS,
    VOCABULARIES,
)
from ticket_app.api.kit import comments, uploads
from ticket_app.api.kit.dates import start_of_day
from ticket_app.api.kit.drf import ERROR_RESPONSES
from ticket_app.api.kit.paging import PageParameters, PageParametersDep
from ticket_app.api.kit.query_parameters import (
    enum_parameter,
    find_ticket_id,
    parse_boolean_parameter,
    parse_date_parameter,
    parse_flag_parameter,
    parse_id_parameter,
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
from ticket_app.core.platform.errors import Invalid, invalid_choice
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import (
    assigning,
    locking,
    purging,
    statistics,
    status_changes,
    ticket_list,
    trash,
)
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.tables import Ticket

BASE = "/api/ticketing"
NONEXISTENT_ID = 0
"""No row has this id: a list filtered by two different assignees is empty."""

router = DialectRouter(
    route_class=dialect_route_class(ERROR_RENDERER), tags=["Ticketing"], responses=ERROR_RESPONSES
)

IfMatch = Annotated[str | None, Header()]
SearchParameter = Annotated[str, Query(max_length=500)]
BooleanParameter = Annotated[str | None, Query(json_schema_extra={"enum": ["true", "false"]})]
IdParameter = Annotated[str | None, Query(json_schema_extra={"pattern": r"^\d{1,19}$"})]
DESCRIPTION_SCHEMA = {"type": "string", "maxLength": 1000}
DateParameter = Annotated[str | None, Query(json_schema_extra={"format": "date"})]
TicketParameter = Annotated[str | None, Query(description="The ticket's id or any of its numbers")]
NO_CONTENT_RESPONSES: dict[int | str, dict[str, Any]] = {
    204: {"description": "Deleted; no content"}
}


async def _query_builder(
    status: Annotated[str | None, enum_parameter(STATUS.value_by_word)] = None,
    priority: Annotated[str | None, enum_parameter(PRIORITY.value_by_word)] = None,
    category: Annotated[str | None, enum_parameter(CATEGORY.value_by_word)] = None,
    customer: IdParameter = None,
    assigned_to: IdParameter = None,
    my_tickets: BooleanParameter = None,
    unassigned: BooleanParameter = None,
    overdue: BooleanParameter = None,
    created_after: DateParameter = None,
    created_before: DateParameter = None,
    search: SearchParameter = "",
) -> Callable[..., TicketQuery]:
    """Query Parameters. Returns a function, because the query needs the actor."""
    return partial(_build_query, locals())


def _build_query(
    parameters: dict[str, Any],
    uow: UnitOfWork,
    *,
    only_own: bool = False,
    unassigned: bool = False,
    overdue: bool = False,
) -> TicketQuery:
    assignee_id = parse_id_parameter("assigned_to", parameters["assigned_to"])
    if parse_flag_parameter("my_tickets", parameters["my_tickets"]) or only_own:
        own_id = uow.actor.id
        assignee_id = own_id if assignee_id in (None, own_id) else NONEXISTENT_ID
    vocabulary_filters = {
        name: vocabulary.expand(parameters[name])
        for name, vocabulary in VOCABULARIES.items()
        if parameters[name]
    }
    return TicketQuery(
        **vocabulary_filters,
        company_id=parse_id_parameter("customer", parameters["customer"]),
        assignee_id=assignee_id,
        unassigned=parse_flag_parameter("unassigned", parameters["unassigned"]) or unassigned,
        overdue=parse_flag_parameter("overdue", parameters["overdue"]) or overdue,
        created_from=_day_start(parse_date_parameter("created_after", parameters["created_after"])),
        created_before=_day_end(
            parse_date_parameter("created_before", parameters["created_before"])
        ),
        search=parameters["search"],
        search_comments=False,
    )


def _day_start(day: date | None) -> datetime | None:
    return day and start_of_day(day)


def _day_end(day: date | None) -> datetime | None:
    if day is None or day == date.max:
        return None
    return _day_start(day + timedelta(days=1))


QueryBuilderDep = Annotated[Callable[..., TicketQuery], Depends(_query_builder)]


def _ticket_page(
    uow: UnitOfWork, query: TicketQuery, page_parameters: PageParameters
) -> JsonResponse:
    page = ticket_list.page(uow, query, page_parameters.page_request, "full")
    results = (schemas.format_ticket(row, uow) for row in page.rows)
    return page_parameters.page_response(results, ticket_list.count_tickets(uow, query), page=page)


def _history_query(ticket_id: int | None = None, action: str | None = None) -> ActivityQuery:
    if action and action not in EVENTS_BY_ACTION:
        raise Invalid("action", invalid_choice(EVENTS_BY_ACTION, action))
    events = (
        EVENTS_BY_ACTION[action]
        if action
        else [event for action_events in EVENTS_BY_ACTION.values() for event in action_events]
    )
    return ActivityQuery(
        ticket_id=ticket_id,
        entry_filters=tuple(events),
        ignored_changes=tuple(("status", values) for values in STATUS.ambiguous_values),
        newest_first=True,
    )


def _ticket_response(uow: UnitOfWork, ticket_id: Any, status_code: int = 200) -> JsonResponse:
    ticket = ticket_list.read_ticket(uow, ticket_id)
    payload = schemas.format_ticket_details(
        ticket,
        uow,
        commenting.list_comments(uow, ticket.id),
        attachments.list_ticket_files(uow, ticket.id),
        activity.list_all_entries(uow, _history_query(ticket.id)),
    )
    return JsonResponse(payload, status_code, version=ticket.version)


@router.get(BASE + "/tickets/", response_model=schemas.TicketPage)
def list_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> Any:
    """List Tickets."""
    return _ticket_page(uow, build_query(uow), page_parameters)


@router.post(BASE + "/tickets/", status_code=201, response_model=schemas.TicketDetails)
def create_ticket(body: schemas.NewTicket, uow: AuthenticatedUow) -> Any:
    """Create Ticket."""
    return _ticket_response(
        uow, create_ticket_with_status(uow, body.to_draft(), STATUS, body.status).id, 201
    )


@router.get(BASE + "/tickets/my_tickets/", response_model=schemas.TicketPage)
def my_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> Any:
    """My Tickets: assigned to the caller."""
    return _ticket_page(uow, build_query(uow, only_own=True), page_parameters)


@router.get(BASE + "/tickets/unassigned/", response_model=schemas.TicketPage)
def unassigned_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> Any:
    """Unassigned Tickets."""
    return _ticket_page(uow, build_query(uow, unassigned=True), page_parameters)


@router.get(BASE + "/tickets/overdue/", response_model=schemas.TicketPage)
def overdue_tickets(
    uow: AuthenticatedUow, build_query: QueryBuilderDep, page_parameters: PageParametersDep
) -> Any:
    """Overdue Tickets."""
    return _ticket_page(uow, build_query(uow, overdue=True), page_parameters)


@router.get(BASE + "/tickets/statistics/", response_model=schemas.TicketStatistics)
def ticket_statistics(uow: AuthenticatedUow) -> Any:
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
def deleted_tickets(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> Any:
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
def get_ticket_details(ticket_id: str, uow: AuthenticatedUow) -> Any:
    """Get Ticket Details."""
    return _ticket_response(uow, ticket_id)


def _update_ticket(
    ticket_id: str, body: schemas.TicketUpdate, uow: UnitOfWork, if_match: str | None
) -> JsonResponse:
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    ticket_updates.update_ticket(
        uow, ticket, body.to_changes(ticket), text_format=body.format, channel="ticketing"
    )
    return _ticket_response(uow, ticket.id)


@router.put(BASE + "/tickets/{ticket_id}/", response_model=schemas.TicketDetails)
def update_ticket(
    ticket_id: str, body: schemas.TicketUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> Any:
    """Update Ticket."""
    return _update_ticket(ticket_id, body, uow, if_match)


@router.patch(BASE + "/tickets/{ticket_id}/", response_model=schemas.TicketDetails)
def patch_ticket(
    ticket_id: str, body: schemas.TicketUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> Any:
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
def restore_ticket(ticket_id: str, uow: AuthenticatedUow) -> Any:
    """Restore a ticket from the trash. For admins."""
    return _ticket_response(uow, trash.restore_ticket(uow, ticket_id).id)


@router.post(BASE + "/tickets/{ticket_id}/assign/", response_model=schemas.TicketDetails)
def assign_ticket(
    ticket_id: str, body: schemas.Assignment, uow: AuthenticatedUow, if_match: IfMatch = None
) -> Any:
    """Assign Ticket."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    try:
        assigning.assign(uow, ticket, body.user_id)
    except Invalid as error:
        raise Invalid("user_id", error.reason) from None
    return _ticket_response(uow, ticket.id)


@router.post(BASE + "/tickets/{ticket_id}/change_status/", response_model=schemas.TicketDetails)
def change_status(
    ticket_id: str, body: schemas.StatusUpdate, uow: AuthenticatedUow, if_match: IfMatch = None
) -> Any:
    """Change Status."""
    ticket = locking.lock_ticket(uow, ticket_id, expected_version=parse_version(if_match))
    status_changes.change_status(uow, ticket, STATUS.parse_change(ticket.status, body.status))
    return _ticket_response(uow, ticket.id)


@router.post(
    BASE + "/tickets/{ticket_id}/add_comment/",
    status_code=201,
    response_model=schemas.PostedComment,
)
def add_comment(ticket_id: str, body: schemas.TicketComment, uow: AuthenticatedUow) -> Any:
    """Add Comment."""
    posted = comments.add_comment(uow, ticket_id, body.content, body, channel="ticketing")
    line = activity.get_comment(uow, posted.entry_id)
    return JsonResponse(
        {**schemas.format_comment(line), **comments.follow_up_fields(posted, posted.ticket.id)}, 201
    )


def _attach_file(ticket_id: str, upload: uploads.Upload, context: RequestContextDep) -> Response:
    def attach(uow: UnitOfWork, ticket: Ticket, examined_file: StoredUpload) -> Response:
        description = upload.fields.get("description")
        attachment = attachments.attach(uow, ticket, examined_file, description=description)
        return JsonResponse(schemas.format_attachment(activity.get_file(uow, attachment.uuid)), 201)

    return uploads.attach_upload(context, upload, ticket_id, attach)


@router.post(
    BASE + "/tickets/{ticket_id}/add_attachment/",
    status_code=201,
    response_model=schemas.Attachment,
    openapi_extra=upload_form_schema(description=DESCRIPTION_SCHEMA),
)
def add_attachment(ticket_id: str, upload: uploads.UploadDep, context: RequestContextDep) -> Any:
    """Add Attachment."""
    return _attach_file(ticket_id, upload, context)


@router.get(BASE + "/comments/", response_model=schemas.CommentPage)
def list_comments(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    ticket: TicketParameter = None,
    is_internal: BooleanParameter = None,
) -> Any:
    """List Comments, oldest first."""
    query = ActivityQuery(
        ticket_id=find_ticket_id(uow, "ticket", ticket),
        internal=parse_boolean_parameter("is_internal", is_internal),
        entry_filters=COMMENT_ENTRIES,
    )
    page = activity.list_entries(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        map(schemas.format_comment, page.rows), activity.count_entries(uow, query), page=page
    )


@router.post(BASE + "/comments/", status_code=201, response_model=schemas.PostedComment)
def create_comment(body: schemas.NewComment, uow: AuthenticatedUow) -> Any:
    """Create Comment."""
    return add_comment(body.ticket, body, uow)


@router.get(BASE + "/attachments/", response_model=schemas.AttachmentPage)
def list_attachments(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, ticket: TicketParameter = None
) -> Any:
    """List Attachments, oldest first."""
    query = ActivityQuery(ticket_id=find_ticket_id(uow, "ticket", ticket))
    page = activity.list_files(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        map(schemas.format_attachment, page.rows), activity.count_files(uow, query), page=page
    )


@router.post(
    BASE + "/attachments/",
    status_code=201,
    response_model=schemas.Attachment,
    openapi_extra=upload_form_schema(
        ticket={"type": "string", "required": True}, description=DESCRIPTION_SCHEMA
    ),
)
def upload_attachment(upload: uploads.UploadDep, context: RequestContextDep) -> Any:
    """Upload Attachment."""
    return _attach_file(require_ticket_field(upload.fields), upload, context)


@router.get(BASE + "/history/", response_model=schemas.HistoryPage)
def view_ticket_history(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    ticket: TicketParameter = None,
    action: Annotated[str | None, enum_parameter(EVENTS_BY_ACTION)] = None,
) -> Any:
    """View Ticket History, newest first."""
    query = _history_query(find_ticket_id(uow, "ticket", ticket), action)
    page = activity.list_entries(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        map(schemas.format_history_entry, page.rows), activity.count_entries(uow, query), page=page
    )


@router.get(BASE + "/customers/", response_model=schemas.CustomerPage)
def list_customers(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, search: SearchParameter = ""
) -> Any:
    """List customers."""
    page, count = customers.list_companies(uow, search, page_parameters.page_request)
    return page_parameters.page_response(map(schemas.format_customer, page.rows), count, page=page)


@router.post(BASE + "/customers/", status_code=201, response_model=schemas.CustomerDetails)
def create_customer(body: schemas.NewCustomer, uow: AuthenticatedUow) -> Any:
    """Create a customer."""
    return JsonResponse(
        schemas.format_customer(customers.add_company(uow, body.name, domain=body.domain)), 201
    )


@router.get(BASE + "/users/", response_model=schemas.UserPage)
def list_users(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, search: SearchParameter = ""
) -> Any:
    """List users."""
    page, count = customers.list_people(uow, search, page_parameters.page_request)
    return page_parameters.page_response(map(schemas.format_user, page.rows), count, page=page)
