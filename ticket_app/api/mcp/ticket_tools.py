"""The tools for tickets. A tool's docstring is what the model reads about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from ticket_app.api.kit.dates import InvalidValue, parse_due_datetime
from ticket_app.api.kit.query_parameters import parse_datetime_parameter
from ticket_app.api.mcp.connections import CHANNEL
from ticket_app.api.mcp.formats import (
    Comment,
    Ticket,
    TicketSummary,
    format_comment,
    format_summary,
    format_ticket,
)
from ticket_app.api.mcp.tool_calls import resolve_username, tool_call
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import stored_files
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENT_ENTRIES, ActivityQuery
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.rate_limits import LimitCategory
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Status
from ticket_app.core.tickets import locking, ticket_list, ticket_lookup, transitions, updates
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.timeline import timeline

UNASSIGNED = "none"
MAX_COUNTED = 1_000

Reference = Annotated[
    str, Field(min_length=1, max_length=60, description="Key (BUG-15), number or id of a ticket")
]
Username = Annotated[str, Field(min_length=1, max_length=150)]
Tags = Annotated[list[str], Field(max_length=20)]
Moment = Annotated[str, Field(max_length=40, description="2026-12-01 or 2026-12-01T09:00:00Z")]
ClearedField = Literal["assignee", "due_at", "tags"]


class TicketList(TypedDict):
    """Tickets that match; `total` counts at most 1,000."""

    tickets: list[TicketSummary]
    total: int
    next_cursor: str | None


class CommentList(TypedDict):
    """Comments, newest first."""

    comments: list[Comment]
    next_cursor: str | None


class AddedComment(TypedDict):
    """An added comment, and the ticket it is on: a new one if the ticket was closed long ago."""

    comment_id: int
    ticket: str
    status: str
    message: str


def search_tickets(
    query: Annotated[
        str, Field(max_length=500, description="Words, or a ticket number; empty: all tickets")
    ] = "",
    status: Annotated[list[Status] | None, Field(description="Any of these")] = None,
    priority: Annotated[list[Priority] | None, Field(description="Any of these")] = None,
    kind: Annotated[list[Kind] | None, Field(description="Any of these")] = None,
    category: Annotated[list[Category] | None, Field(description="Any of these")] = None,
    assignee: Annotated[
        Username | None, Field(description="A username, `me`, or `none` for unassigned tickets")
    ] = None,
    requester: Annotated[Username | None, Field(description="A username or `me`")] = None,
    tags: Annotated[Tags | None, Field(description="All of these")] = None,
    overdue: bool = False,
    created_after: Moment | None = None,
    sort: Literal["relevance", "created", "updated", "priority", "due"] = "relevance",
    descending: bool = True,
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
    cursor: Annotated[str | None, Field(max_length=500, description="`next_cursor`")] = None,
) -> TicketList:
    """Find tickets by words and filters; without words the newest come first.

    Returns summaries. Read one with get_ticket.
    """
    with tool_call(category=LimitCategory.SEARCH) as uow:
        ticket_query = TicketQuery(
            search=query,
            status=frozenset(status or ()),
            priority=frozenset(priority or ()),
            kind=frozenset(kind or ()),
            category=frozenset(category or ()),
            assignee_id=resolve_username(uow, "assignee", assignee)
            if assignee and assignee != UNASSIGNED
            else None,
            unassigned=assignee == UNASSIGNED,
            requester_id=resolve_username(uow, "requester", requester) if requester else None,
            tags=tuple(dict.fromkeys(tag.strip() for tag in tags or ())),
            overdue=overdue,
            created_from=parse_datetime_parameter("created_after", created_after),
            sort=sort,
            descending=descending,
        )
        page = ticket_list.page(uow, ticket_query, PageRequest(limit, cursor=cursor), "summary")
        return {
            "tickets": [format_summary(row) for row in page.rows],
            "total": ticket_list.count_tickets(uow, ticket_query, limit=MAX_COUNTED),
            "next_cursor": page.next_cursor,
        }


def get_ticket(
    ticket: Reference,
    comments: Annotated[
        int, Field(ge=0, le=100, description="How many of the latest comments to include")
    ] = 20,
) -> Ticket:
    """Read a ticket: its fields, description, latest comments (oldest first), files and approvals.

    Long texts are cut, with a note of how much is missing. Staff also get internal notes; never
    repeat those in a public comment.
    """
    with tool_call() as uow:
        return _read_ticket(uow, ticket, comments)


def _read_ticket(uow: UnitOfWork, reference: str | int, comments: int = 0) -> Ticket:
    uow.flush()
    row = ticket_lookup.read_ticket(uow, str(reference), "full")
    latest = timeline.list_latest_comments(uow, row.id) if comments else ()
    return format_ticket(
        uow,
        row,
        comments=latest[-comments:],
        files=stored_files.list_ticket_files(uow, row.id),
        approvals=approval_requests.list_ticket_requests(uow, row.id),
        possible_statuses=transitions.selectable_statuses(row, uow.actor, uow.now),
    )


def list_comments(
    ticket: Reference,
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
    cursor: Annotated[str | None, Field(max_length=500, description="`next_cursor`")] = None,
) -> CommentList:
    """List the comments of a ticket, newest first, for conversations longer than get_ticket
    shows."""
    with tool_call() as uow:
        row = ticket_lookup.read_ticket(uow, ticket, "summary")
        internal = None if can_see_internal(uow.actor) else False
        query = ActivityQuery(row.id, internal, COMMENT_ENTRIES, newest_first=True)
        page = activity.list_entries(uow, query, PageRequest(limit, cursor=cursor))
        return {
            "comments": [format_comment(line) for line in page.rows],
            "next_cursor": page.next_cursor,
        }


def create_ticket(
    title: Annotated[str, Field(min_length=1, max_length=500)],
    description: Annotated[str, Field(min_length=1, description="Markdown")],
    kind: Kind | None = None,
    priority: Priority = Priority.MEDIUM,
    category: Category | None = None,
    tags: Tags | None = None,
    due_at: Moment | None = None,
    requester: Annotated[
        Username | None, Field(description="Username of who it is for; staff only; default: you")
    ] = None,
    assignee: Annotated[Username | None, Field(description="Username or `me`; staff only")] = None,
) -> Ticket:
    """Create a ticket. Search first whether there is one about the same."""
    with tool_call(writes=True) as uow:
        draft = TicketDraft(
            title,
            description,
            kind=kind,
            priority=priority,
            category=category,
            tags=tags or [],
            due_at=_parse_due_date(due_at),
            requester_id=resolve_username(uow, "requester", requester) if requester else None,
            assignee_id=resolve_username(uow, "assignee", assignee) if assignee else None,
            channel=CHANNEL,
        )
        created = open_ticket(uow, draft)
        assert created.id is not None
        return _read_ticket(uow, created.id)


def add_comment(
    ticket: Reference,
    text: Annotated[str, Field(min_length=1, description="Markdown; @username mentions")],
    internal: Annotated[
        bool, Field(description="An internal note, which the requester cannot read; staff only")
    ] = False,
) -> AddedComment:
    """Add a public comment or an internal note to a ticket. A public comment is sent to people."""
    with tool_call(writes=True) as uow:
        posted = commenting.post_comment(
            uow, locking.lock_ticket(uow, ticket), text, internal=internal, channel=CHANNEL
        )
        return {
            "comment_id": posted.entry_id,
            "ticket": ticket_numbers.format_key(posted.ticket),
            "status": posted.ticket.status,
            "message": posted.follow_up_message if posted.is_follow_up else "Comment added",
        }


def change_ticket(
    ticket: Reference,
    title: Annotated[str | None, Field(min_length=1, max_length=500)] = None,
    description: Annotated[str | None, Field(min_length=1)] = None,
    status: Annotated[
        Status | None, Field(description="One of `possible_statuses` of get_ticket")
    ] = None,
    priority: Priority | None = None,
    kind: Kind | None = None,
    category: Category | None = None,
    assignee: Annotated[Username | None, Field(description="Username or `me`")] = None,
    tags: Annotated[Tags | None, Field(description="Replaces all tags")] = None,
    due_at: Moment | None = None,
    clear: Annotated[
        list[ClearedField] | None, Field(description="Fields to empty", max_length=3)
    ] = None,
    expected_version: Annotated[
        int | None,
        Field(ge=0, description="`version` that you read: fail if the ticket has changed since"),
    ] = None,
) -> Ticket:
    """Change fields of a ticket, its status or its assignee: all that are given, or none."""
    with tool_call(writes=True) as uow:
        changes: dict[str, object] = {
            name: value
            for name, value in (
                ("title", title),
                ("description", description),
                ("status", status),
                ("priority", priority),
                ("kind", kind),
                ("category", category),
                ("tags", tags),
                ("due_at", _parse_due_date(due_at)),
                ("assignee_id", resolve_username(uow, "assignee", assignee) if assignee else None),
            )
            if value is not None
        }
        for name in clear or ():
            column = "assignee_id" if name == "assignee" else name
            if column in changes:
                raise Invalid("clear", f"must not name {name}, which is set too")
            changes[column] = [] if name == "tags" else None
        if not changes:
            raise Invalid("changes", "name at least one field to change")
        locked = locking.lock_ticket(uow, ticket, expected_version=expected_version)
        updates.update_ticket(uow, locked, changes, channel=CHANNEL)
        assert locked.id is not None
        return _read_ticket(uow, locked.id)


def _parse_due_date(value: str | None) -> datetime | None:
    try:
        return parse_due_datetime(value) if value else None
    except InvalidValue as error:
        raise Invalid("due_at", error.reason, value) from None
