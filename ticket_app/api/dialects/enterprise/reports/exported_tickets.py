"""Export Data: the columns of exported tickets, and one ticket as a row."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.vocabulary import FIELD_NAMES, KIND, PRIORITY, STATUS
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.reports.export import ExportedTicket
from ticket_app.core.tickets.fields import FieldView, fields_shown_in


class ExportedTicketModel(TypedDict):
    """One row of an export: the Ticket Model with names beside the ids."""

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


COLUMNS = tuple(
    dict.fromkeys(
        (
            *ExportedTicketModel.__annotations__,
            *(
                FIELD_NAMES.get(field.event_name, field.event_name)
                for field in fields_shown_in(FieldView.EXPORT)
            ),
        )
    )
)
"""The columns of an export, in order."""


def format_exported_ticket(ticket: ExportedTicket) -> dict[str, object]:
    """Return a ticket as a row of an export."""
    row = ticket.row
    return {
        "id": row.id,
        "ticket_number": ticket_numbers.format_enterprise_number(row),
        "title": row.title,
        "description": row.description,
        "status": STATUS.format(row.status),
        "priority": PRIORITY.format(row.priority),
        "ticket_type": KIND.format(row.kind),
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
        "resolution_time": ticket.resolution_minutes,
        "sla_breach_time": row.sla_breached_at,
        "customer_satisfaction_rating": row.satisfaction_rating,
        "reopened_count": row.reopened_count,
        "comments_count": row.comments_count,
        "attachments_count": row.attachments_count,
        **{FIELD_NAMES.get(name, name): value for name, value in ticket.fields.items()},
    }
