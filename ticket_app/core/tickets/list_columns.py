"""The columns of a ticket that lists and single tickets are read with, by set."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import FromClause

from ticket_app.core.platform.sql_types import AnyColumn
from ticket_app.core.tickets.fields import FieldView, fields_shown_in
from ticket_app.tables import (
    company_table,
    contact_table,
    department_table,
    person_table,
    team_table,
    ticket_table,
)

_ASSIGNEE = person_table.alias("assignee")

_REQUESTER = person_table.alias("requester")

_CREATOR = person_table.alias("creator")

_PERSON_AND_COMPANY_NAMES = (
    _ASSIGNEE.c.uuid.label("assignee_uuid"),
    _ASSIGNEE.c.username.label("assignee_username"),
    _ASSIGNEE.c.full_name.label("assignee_name"),
    _REQUESTER.c.uuid.label("requester_uuid"),
    _REQUESTER.c.username.label("requester_username"),
    _REQUESTER.c.full_name.label("requester_name"),
    company_table.c.uuid.label("company_uuid"),
    company_table.c.name.label("company_name"),
)

SUMMARY_COLUMNS = (
    ticket_table.c.id,
    ticket_table.c.uuid,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.version,
    ticket_table.c.title,
    ticket_table.c.kind,
    ticket_table.c.category,
    ticket_table.c.status,
    ticket_table.c.status_group,
    ticket_table.c.status_rank,
    ticket_table.c.priority,
    ticket_table.c.priority_rank,
    ticket_table.c.severity,
    ticket_table.c.section,
    ticket_table.c.tags,
    ticket_table.c.requester_id,
    ticket_table.c.assignee_id,
    ticket_table.c.company_id,
    ticket_table.c.due_at,
    ticket_table.c.due_sort_at,
    ticket_table.c.resolved_at,
    ticket_table.c.created_at,
    ticket_table.c.updated_at,
    ticket_table.c.comments_count,
    ticket_table.c.notes_count,
    ticket_table.c.attachments_count,
    ticket_table.c.internal_attachments_count,
    ticket_table.c.last_comment,
    ticket_table.c.last_comment_at,
    ticket_table.c.last_comment_by_id,
    *_PERSON_AND_COMPANY_NAMES,
)
"""Columns of a row in the queue."""

SUMMARY_COLUMNS_WITH_DESCRIPTION = (*SUMMARY_COLUMNS, ticket_table.c.description)

SUMMARY_COLUMNS_WITH_SLA = (
    *SUMMARY_COLUMNS,
    ticket_table.c.respond_by,
    ticket_table.c.resolve_by,
    ticket_table.c.response_seconds_left,
    ticket_table.c.resolution_seconds_left,
    ticket_table.c.sla_paused_at,
    ticket_table.c.first_response_at,
    ticket_table.c.first_response_breached_at,
    ticket_table.c.sla_breached_at,
)
"""The columns of a list row and those of its SLA targets."""

_FIRST_AND_LAST_NAMES = (
    _CREATOR.c.first_name.label("creator_first_name"),
    _CREATOR.c.last_name.label("creator_last_name"),
    _ASSIGNEE.c.first_name.label("assignee_first_name"),
    _ASSIGNEE.c.last_name.label("assignee_last_name"),
)

MODEL_COLUMNS = (
    ticket_table.c.id,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.version,
    ticket_table.c.title,
    ticket_table.c.description,
    ticket_table.c.kind,
    ticket_table.c.status,
    ticket_table.c.status_rank,
    ticket_table.c.priority,
    ticket_table.c.priority_rank,
    ticket_table.c.tags,
    ticket_table.c.created_by_id,
    ticket_table.c.assignee_id,
    ticket_table.c.department_id,
    ticket_table.c.created_at,
    ticket_table.c.updated_at,
    ticket_table.c.due_at,
    ticket_table.c.due_sort_at,
    ticket_table.c.sla_breached_at,
    ticket_table.c.resolved_at,
    ticket_table.c.satisfaction_rating,
    ticket_table.c.internal_notes,
    ticket_table.c.public_notes,
    _CREATOR.c.username.label("creator_username"),
    _ASSIGNEE.c.username.label("assignee_username"),
    *_FIRST_AND_LAST_NAMES,
    department_table.c.name.label("department_name"),
)
"""The Ticket Model (specs/enterprise), with the names of those it refers to."""

EXPORT_COLUMNS = (
    *MODEL_COLUMNS,
    ticket_table.c.category,
    ticket_table.c.severity,
    ticket_table.c.requester_id,
    ticket_table.c.first_response_at,
    ticket_table.c.closed_at,
    ticket_table.c.reopened_count,
    ticket_table.c.comments_count,
    ticket_table.c.attachments_count,
    *(
        ticket_table.c[field.column]
        for field in fields_shown_in(FieldView.EXPORT)
        if field.column not in {column.key for column in MODEL_COLUMNS}
    ),
    _REQUESTER.c.username.label("requester_username"),
    company_table.c.name.label("company_name"),
    team_table.c.name.label("team_name"),
)
"""The columns of an export row besides those of the ticket."""

FULL_COLUMNS = (
    *ticket_table.c,
    *_PERSON_AND_COMPANY_NAMES,
    _CREATOR.c.uuid.label("creator_uuid"),
    _CREATOR.c.username.label("creator_username"),
    _CREATOR.c.full_name.label("creator_name"),
    *_FIRST_AND_LAST_NAMES,
    _REQUESTER.c.email.label("requester_email"),
    department_table.c.name.label("department_name"),
    team_table.c.name.label("team_name"),
    contact_table.c.uuid.label("contact_uuid"),
    contact_table.c.name.label("contact_name"),
)
"""Columns of a ticket's own page and API response."""

COLUMN_SETS: dict[ColumnSet, tuple[AnyColumn, ...]] = {
    "summary": SUMMARY_COLUMNS,
    "summary_with_description": SUMMARY_COLUMNS_WITH_DESCRIPTION,
    "summary_with_sla": SUMMARY_COLUMNS_WITH_SLA,
    "model": MODEL_COLUMNS,
    "export": EXPORT_COLUMNS,
    "full": FULL_COLUMNS,
}

ColumnSet = Literal[
    "summary", "summary_with_description", "summary_with_sla", "model", "export", "full"
]


def join_names(source: FromClause, column_set: ColumnSet) -> FromClause:
    """Return a join of tickets with the people and organisations whose names a column set has."""
    if column_set in ("model", "export"):
        joined = (
            source.join(_CREATOR, _CREATOR.c.id == ticket_table.c.created_by_id)
            .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == ticket_table.c.assignee_id)
            .outerjoin(department_table, department_table.c.id == ticket_table.c.department_id)
        )
        if column_set == "model":
            return joined
        return (
            joined.join(_REQUESTER, _REQUESTER.c.id == ticket_table.c.requester_id)
            .outerjoin(company_table, company_table.c.id == ticket_table.c.company_id)
            .outerjoin(team_table, team_table.c.id == ticket_table.c.team_id)
        )
    joined = (
        source.outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == ticket_table.c.assignee_id)
        .join(_REQUESTER, _REQUESTER.c.id == ticket_table.c.requester_id)
        .outerjoin(company_table, company_table.c.id == ticket_table.c.company_id)
    )
    if column_set == "full":
        joined = (
            joined.join(_CREATOR, _CREATOR.c.id == ticket_table.c.created_by_id)
            .outerjoin(department_table, department_table.c.id == ticket_table.c.department_id)
            .outerjoin(team_table, team_table.c.id == ticket_table.c.team_id)
            .outerjoin(contact_table, contact_table.c.id == ticket_table.c.contact_id)
        )
    return joined
