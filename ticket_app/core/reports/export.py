"""Export every ticket that matches a query, newest first, in batches.

Each batch is read in a short transaction of its own, so that the export does not block writers for
minutes and only one batch is in memory. A ticket that exists throughout is exported exactly once,
as it was when its batch was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.statistics import minutes_between
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.webhooks import event_vocabulary

BATCH_SIZE = 1_000
UnitOfWorkFactory = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a unit of work for one batch."""


class ExportedTicket(TypedDict):
    """One row of an export: the ticket model of specs/enterprise, with names beside the ids."""

    id: int
    ticket_number: str
    title: str
    description: str
    status: str
    priority: str
    ticket_type: str
    category: str
    created_by_id: int
    created_by: str
    requester_id: int
    requester: str
    assigned_to_id: int | None
    assigned_to: str | None
    team: str | None
    department_id: int | None
    department: str | None
    company: str | None
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    due_date: datetime | None
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    resolution_time: int | None
    sla_breach_time: datetime | None
    customer_satisfaction_rating: int | None
    reopened_count: int
    comments_count: int
    attachments_count: int
    internal_notes: str | None
    public_notes: str | None


COLUMNS = tuple(ExportedTicket.__annotations__)
"""The columns of an export, in order."""

_STATUS_NAMES, _PRIORITY_NAMES, _KIND_NAMES = (
    {str(value): name for value, name in vocabulary.items()}
    for vocabulary in (event_vocabulary.STATUS, event_vocabulary.PRIORITY, event_vocabulary.KIND)
)


def iter_ticket_batches(
    open_uow: UnitOfWorkFactory, query: TicketQuery
) -> Iterator[list[ExportedTicket]]:
    """Yield batches of the tickets that match the query and are visible to the actor.

    Yields one empty batch if there are none. Raises `Forbidden` without permission to read reports,
    before the first batch.
    """
    cursor: str | None = None
    while True:
        with open_uow() as uow:
            uow.actor.require("view_reports", "export tickets")
            part = PageRequest(limit=BATCH_SIZE, cursor=cursor)
            page = ticket_list.page(uow, query, part, "export", max_page_size=BATCH_SIZE)
            include_internal = can_see_internal(uow.actor)
            exported_tickets = [
                _format_ticket(row, include_internal=include_internal) for row in page.rows
            ]
        yield exported_tickets
        cursor = page.next_cursor
        if cursor is None:
            return


def _format_ticket(row: Any, *, include_internal: bool) -> ExportedTicket:
    return {
        "id": row.id,
        "ticket_number": ticket_numbers.format_enterprise_number(row),
        "title": row.title,
        "description": row.description,
        "status": _STATUS_NAMES[row.status],
        "priority": _PRIORITY_NAMES[row.priority],
        "ticket_type": _KIND_NAMES[row.kind],
        "category": row.category,
        "created_by_id": row.created_by_id,
        "created_by": row.creator_username,
        "requester_id": row.requester_id,
        "requester": row.requester_username,
        "assigned_to_id": row.assignee_id,
        "assigned_to": row.assignee_username,
        "team": row.team_name,
        "department_id": row.department_id,
        "department": row.department_name,
        "company": row.company_name,
        "tags": row.tags,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "due_date": row.due_at,
        "first_response_at": row.first_response_at,
        "resolved_at": row.resolved_at,
        "closed_at": row.closed_at,
        "resolution_time": minutes_between(row.created_at, row.resolved_at),
        "sla_breach_time": row.sla_breached_at,
        "customer_satisfaction_rating": row.satisfaction_rating,
        "reopened_count": row.reopened_count,
        "comments_count": row.comments_count,
        "attachments_count": row.attachments_count,
        "internal_notes": row.internal_notes if include_internal else None,
        "public_notes": row.public_notes,
    }
