"""Tickets: list, file, read, change, delete."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Header, Query

from ticket_app.api.dialects.enterprise import details, shapes
from ticket_app.api.dialects.enterprise.address import Address
from ticket_app.api.dialects.enterprise.paging import Listed, LongPaging
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY, STATUS
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.answers import Json, version_of
from ticket_app.api.kit.door import Caller
from ticket_app.api.kit.drf import comma_separated, one_moment
from ticket_app.api.kit.filing import file_ticket
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import announced_files, attachments
from ticket_app.core.attachments import links as attachment_links
from ticket_app.core.platform.access_policy import sees_internal
from ticket_app.core.platform.errors import Invalid, not_a_choice
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import related, ticket_list, tickets
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.ticket_list import Sort, TicketQuery
from ticket_app.core.timeline import timeline

router = part("Tickets")

SORTS: dict[str, Sort] = {
    "created_at": "created",
    "updated_at": "updated",
    "priority": "priority",
    "status": "status",
    "due_date": "due",
    "ticket_number": "number",
    "relevance": "relevance",
}
"""sort: `relevance` is how well a ticket fits the search, and age without one; it is the usual."""
IfMatch = Annotated[str | None, Header()]
OneId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]


def _word(words: Any) -> Any:
    return Query(json_schema_extra={"enum": list(words)})


async def _asked(
    status: Annotated[str | None, _word(STATUS.hears)] = None,
    priority: Annotated[str | None, _word(PRIORITY.hears)] = None,
    search: Annotated[str, Query(max_length=500, description="Full-text search")] = "",
    created_by_id: OneId = None,
    assigned_to_id: OneId = None,
    department_id: OneId = None,
    created_after: Annotated[
        str | None, Query(max_length=40, description="This moment or day (in UTC), and later")
    ] = None,
    tags: Annotated[
        str | None, Query(max_length=2_000, description="Comma-separated; all of them, exactly")
    ] = None,
    ticket_type: Annotated[str | None, _word(KIND.hears)] = None,
    sort: Annotated[str, _word(SORTS)] = "relevance",
    order: Literal["asc", "desc"] = "desc",
) -> TicketQuery:
    """Query Parameters of List Tickets; a word finds every ticket that is shown with it."""
    return TicketQuery(
        status=STATUS.covers(status) if status else frozenset(),
        priority=PRIORITY.covers(priority) if priority else frozenset(),
        kind=KIND.covers(ticket_type) if ticket_type else frozenset(),
        search=search,
        created_by_id=created_by_id,
        assignee_id=assigned_to_id,
        department_id=department_id,
        created_from=one_moment("created_after", created_after),
        tags=tuple(dict.fromkeys(tag.strip() for tag in comma_separated(tags))),
        sort=_sort(sort),
        descending=order == "desc",
    )


def _sort(told: str) -> Sort:
    if told not in SORTS:
        raise Invalid("sort", not_a_choice(SORTS, told), told)
    return SORTS[told]


Asked = Annotated[TicketQuery, Depends(_asked)]


def _model(desk: Desk, ticket_id: str | int | None, message: str, status_code: int = 200) -> Json:
    """The ticket as it now stands."""
    row = ticket_list.read(desk, str(ticket_id), "whole")
    return told(
        desk, shapes.ticket(row, desk), message, status_code=status_code, version=row.version
    )


@router.get("/tickets", response_model=Told[Listed[shapes.Ticket]])
def list_tickets(desk: Caller, asked: Asked, leaf: LongPaging) -> Any:
    """List Tickets."""
    page = ticket_list.page(desk, asked, leaf.part, "model")
    items = (shapes.ticket(row, desk) for row in page.rows)
    return leaf.link(told(desk, leaf.listed(items, ticket_list.count(desk, asked))), page)


@router.post("/tickets", status_code=201, response_model=Told[shapes.Ticket])
def create_ticket(body: shapes.NewTicket, desk: Caller) -> Any:
    """Create Ticket."""
    made = file_ticket(desk, body.draft(), STATUS, body.status)
    attachment_links.enclose(desk, made, body.attachments)
    return _model(desk, made.id, "Ticket created successfully", 201)


@router.patch("/tickets/{ticket_id}", response_model=Told[shapes.Ticket])
def update_ticket(
    ticket_id: str, body: shapes.TicketChange, desk: Caller, if_match: IfMatch = None
) -> Any:
    """Update Ticket: all that is sent, or nothing of it."""
    ticket = tickets.hold(desk, ticket_id, if_version=version_of(if_match))
    ticket_updates.revise(
        desk, ticket, body.changes(ticket), text_format=body.format, channel="enterprise"
    )
    return _model(desk, ticket.id, "Ticket updated successfully")


@router.get("/tickets/{ticket_id}", response_model=Told[details.WholeTicket])
def get_ticket_details(ticket_id: str, desk: Caller, address: Address) -> Any:
    """Get Ticket Details: with the last hundred comments and lines of the timeline."""
    row = ticket_list.read(desk, ticket_id, "whole")
    files = attachments.of_ticket(desk, row.id)
    asked = approval_requests.of_ticket(desk, row.id)
    notes = row.notes_count if sees_internal(desk.actor) else 0
    whole = {
        **shapes.ticket(row, desk),
        "comments": shapes.comments(timeline.latest_comments(desk, row.id), files),
        "comments_total": row.comments_count + notes,
        "attachments": [shapes.attachment(file, address) for file in files],
        "awaited_attachments": announced_files.awaited(desk, row.id),
        "approval_status": asked[0]["state"] if asked else None,
        "approvals": asked,
        "activity_timeline": details.activity(timeline.latest(desk, row.id)),
        "related_tickets": [details.related(other) for other in related.related(desk, row)],
        "sla": details.service_level(sla_tracking.of_ticket(row, desk.now)),
    }
    return told(desk, whole, "Ticket retrieved successfully", version=row.version)


@router.delete("/tickets/{ticket_id}", response_model=Told[None])
def delete_ticket(ticket_id: str, desk: Caller, if_match: IfMatch = None) -> Any:
    """Delete Ticket: into the trash."""
    tickets.delete_ticket(desk, tickets.hold(desk, ticket_id, if_version=version_of(if_match)))
    return told(desk, None, "Ticket deleted successfully")


@router.post("/tickets/{ticket_id}/restore", response_model=Told[shapes.Ticket])
def restore_ticket(ticket_id: str, desk: Caller) -> Any:
    """Bring a ticket back from the trash, for admins."""
    return _model(desk, tickets.restore_ticket(desk, ticket_id).id, "Ticket restored successfully")
