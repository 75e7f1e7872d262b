"""Tickets, and the search for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Required, TypedDict

from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Ticket, TicketDetails
from ticket_system_sdk.page import Page
from ticket_system_sdk.resource import Resource, known, moment, segment, sendable, words

Status = Literal["open", "in_progress", "pending_approval", "resolved", "closed"]
Priority = Literal["low", "medium", "high", "critical"]
TicketType = Literal["incident", "request", "problem", "change"]
SortField = Literal["created_at", "updated_at", "priority", "status", "due_date", "ticket_number"]
Order = Literal["asc", "desc"]
TextFormat = Literal["plain", "markdown"]
"""How a text is shown: as written, or as Markdown."""
Moment = datetime | date | str
"""A moment, or the ISO 8601 text of one."""


class NewTicket(TypedDict, total=False):
    """What a ticket is filed with. `format` is that of the description: plain unless given."""

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
    """What may be changed of a ticket; None empties a field that can be empty.

    `format` is that of the texts sent beside it; without it each text keeps its format.
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
    """What a search is narrowed to."""

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
    """One field a search is sorted by; relevance is how well a ticket fits the query."""

    field: SortField | Literal["relevance"]
    order: Order


class Tickets(Resource):
    """Tickets. An `id` may be the number or any printed form, such as "TKT-20231201-001"."""

    def create(self, ticket: NewTicket) -> Ticket:
        """File a ticket. Raises `ValidationError`, `PermissionDenied`."""
        return self._one(Ticket, Call(method="POST", path="/tickets", json=sendable(ticket)))

    def get(self, id: int | str) -> TicketDetails:  # noqa: A002
        """A ticket with its comments, files, approvals, activity. Raises `NotFound`."""
        call = Call(method="GET", path=f"/tickets/{segment(id)}")
        return self._validated(TicketDetails, call)

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
    ) -> Page[Ticket]:
        """A page of the tickets the caller may see; `.all()` goes through every page.

        Raises `ValidationError`.
        """
        params = known(
            page=page,
            size=size,
            status=status,
            priority=priority,
            search=search,
            created_by_id=created_by_id,
            assigned_to_id=assigned_to_id,
            department_id=department_id,
            created_after=moment(created_after),
            tags=words(tags),
            ticket_type=ticket_type,
            sort=sort,
            order=order,
        )
        return self._page(Ticket, Call(method="GET", path="/tickets", params=params))

    def search(
        self,
        query: str = "",
        *,
        filters: SearchFilters | None = None,
        sort: Sequence[Sort] = (),
        page: int = 1,
        size: int = 20,
    ) -> Page[Ticket]:
        """Advanced Search: the best first, unless sorted. Raises `ValidationError`."""
        asked = {
            "query": query,
            "filters": sendable(filters or {}),
            "sort": [*sort],
            "page": page,
            "size": size,
        }
        return self._page(Ticket, Call(method="POST", path="/tickets/search", json=asked))

    def update(
        self,
        id: int | str,  # noqa: A002
        changes: TicketChanges,
        *,
        if_match: str | None = None,
    ) -> Ticket:
        """Change a ticket; `if_match` is the `etag` it must still have.

        Raises `ValidationError`, `PermissionDenied`, `NotFound`, `BusinessRuleViolation`, `Stale`.
        """
        call = Call(
            method="PATCH",
            path=f"/tickets/{segment(id)}",
            json=sendable(changes),
            headers=known(**{"If-Match": if_match}),
            repeatable=if_match is None,
        )
        return self._one(Ticket, call)

    def delete(self, id: int | str) -> None:  # noqa: A002
        """Delete a ticket. Raises `PermissionDenied`, `NotFound`."""
        self._transport.json(Call(method="DELETE", path=f"/tickets/{segment(id)}"))
