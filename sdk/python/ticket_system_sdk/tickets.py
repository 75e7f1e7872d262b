"""Tickets and ticket search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Required, TypedDict

from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Ticket, TicketDetails
from ticket_system_sdk.operation import Listing, Operation, nothing, one, validated
from ticket_system_sdk.resource import (
    Resource,
    comma_separated,
    endpoint,
    iso_format,
    json_values,
    listing,
    path_segment,
    without_none,
)
from ticket_system_sdk.transport import TransportT

Status = Literal["open", "in_progress", "pending_approval", "resolved", "closed"]
Priority = Literal["low", "medium", "high", "critical"]
TicketType = Literal["incident", "request", "problem", "change"]
SortField = Literal["created_at", "updated_at", "priority", "status", "due_date", "ticket_number"]
Order = Literal["asc", "desc"]
TextFormat = Literal["plain", "markdown"]
"""How a text is displayed: as written, or rendered as Markdown."""
Moment = datetime | date | str
"""A date, a datetime or its ISO 8601 text."""


class NewTicket(TypedDict, total=False):
    """The fields of a new ticket. `format` applies to the description; the default is plain."""

    title: Required[str]
    description: Required[str]
    format: TextFormat
    priority: Priority
    ticket_type: TicketType
    department_id: int
    assigned_to_id: int
    tags: Sequence[str]
    due_date: Moment
    attachments: Sequence[str | int]


class TicketChanges(TypedDict, total=False):
    """The changes of a ticket; None clears an optional field.

    `format` applies to the texts sent with it; without it each text keeps its format.
    """

    title: str
    description: str
    format: TextFormat
    status: Status
    priority: Priority
    ticket_type: TicketType
    department_id: int | None
    assigned_to_id: int | None
    tags: Sequence[str]
    due_date: Moment | None
    internal_notes: str | None
    public_notes: str | None
    customer_satisfaction_rating: int | None


class SearchFilters(TypedDict, total=False):
    """The filters of a search."""

    status: Sequence[Status]
    priority: Sequence[Priority]
    ticket_type: Sequence[TicketType]
    created_after: Moment
    created_before: Moment
    departments: Sequence[int]
    tags: Sequence[str]
    assigned_to: int
    created_by: int


class Sort(TypedDict):
    """A field to sort a search by; relevance is how well a ticket matches the query."""

    field: SortField | Literal["relevance"]
    order: Order


class Tickets(Resource[TransportT]):
    """Tickets. An `id` may be the numeric id or a reference such as "TKT-20231201-001"."""

    @endpoint
    def create(self, ticket: NewTicket) -> Operation[Ticket]:
        """Create a ticket. Raises `ValidationError`, `PermissionDenied`."""
        return one(Ticket, Call(method="POST", path="/tickets", json=json_values(ticket)))

    @endpoint
    def get(self, id: int | str) -> Operation[TicketDetails]:  # noqa: A002
        """Return a ticket with its comments, files, approvals and activity. Raises `NotFound`."""
        call = Call(method="GET", path=f"/tickets/{path_segment(id)}")
        return validated(TicketDetails, call)

    @listing
    def list(
        self,
        *,
        page: int | None = None,
        size: int | None = None,
        status: Status | None = None,
        priority: Priority | None = None,
        search: str | None = None,
        created_by_id: int | None = None,
        assigned_to_id: int | None = None,
        department_id: int | None = None,
        created_after: Moment | None = None,
        tags: str | Sequence[str] | None = None,
        ticket_type: TicketType | None = None,
        sort: SortField | None = None,
        order: Order | None = None,
    ) -> Listing[Ticket]:
        """Return a page of `size` tickets the caller may see; `.all()` iterates over all pages.

        Raises `ValidationError`.
        """
        params = without_none(
            page=page,
            size=size,
            status=status,
            priority=priority,
            search=search,
            created_by_id=created_by_id,
            assigned_to_id=assigned_to_id,
            department_id=department_id,
            created_after=iso_format(created_after),
            tags=comma_separated(tags),
            ticket_type=ticket_type,
            sort=sort,
            order=order,
        )
        return Listing(Call(method="GET", path="/tickets", params=params), Ticket)

    @listing
    def search(
        self,
        query: str = "",
        *,
        filters: SearchFilters | None = None,
        sort: Sequence[Sort] = (),
        page: int = 1,
        size: int = 20,
    ) -> Listing[Ticket]:
        """Return a page of `size` matching tickets (Advanced Search), best first unless sorted.

        Raises `ValidationError`.
        """
        body = {
            "query": query,
            "filters": json_values(filters or {}),
            "sort": [*sort],
            "page": page,
            "size": size,
        }
        return Listing(Call(method="POST", path="/tickets/search", json=body), Ticket)

    @endpoint
    def update(
        self,
        id: int | str,  # noqa: A002
        changes: TicketChanges,
        *,
        if_match: str | None = None,
    ) -> Operation[Ticket]:
        """Change a ticket, with `if_match` only if it still has that `etag`.

        Raises `ValidationError`, `PermissionDenied`, `NotFound`, `BusinessRuleViolation`,
        `VersionConflict`.
        """
        call = Call(
            method="PATCH",
            path=f"/tickets/{path_segment(id)}",
            json=json_values(changes),
            headers=without_none(**{"If-Match": if_match}),
            repeatable=if_match is None,
        )
        return one(Ticket, call)

    @endpoint
    def delete(self, id: int | str) -> Operation[None]:  # noqa: A002
        """Delete a ticket. Raises `PermissionDenied`, `NotFound`."""
        return nothing(Call(method="DELETE", path=f"/tickets/{path_segment(id)}"))

    @endpoint
    def merge(self, id: int | str, *, into: int | str) -> Operation[Ticket]:  # noqa: A002
        """Merge a ticket into another one of the same requester, and return that one.

        The merged ticket is closed. Raises `PermissionDenied`, `NotFound`, `ValidationError` if
        the tickets cannot be merged.
        """
        path = f"/tickets/{path_segment(id)}/merge"
        return one(Ticket, Call(method="POST", path=path, json={"into": into}))

    @endpoint
    def unmerge(self, id: int | str) -> Operation[Ticket]:  # noqa: A002
        """Undo the merge of a ticket, and return it as it was before.

        Raises `PermissionDenied`, `NotFound`, `BusinessRuleViolation` if it is too late.
        """
        return one(Ticket, Call(method="POST", path=f"/tickets/{path_segment(id)}/unmerge"))
