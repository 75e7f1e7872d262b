"""The columns that lists of tickets are sorted by, and the conditions that they are filtered by."""

from __future__ import annotations

from sqlalchemy import bindparam

from ticket_app.core.platform.sql_types import AnyColumn, Condition
from ticket_app.core.platform.ticket_status import OVERDUE
from ticket_app.core.sla.conditions import FIRST_RESPONSE_CONDITIONS, RESOLUTION_CONDITIONS
from ticket_app.core.tickets import conditions
from ticket_app.core.tickets.ticket_query import SortField
from ticket_app.tables import ticket_table

SORT_COLUMNS: dict[SortField, AnyColumn] = {
    "created": ticket_table.c.id,
    "updated": ticket_table.c.updated_at,
    "priority": ticket_table.c.priority_rank,
    "status": ticket_table.c.status_rank,
    "due": ticket_table.c.due_sort_at,
    "number": ticket_table.c.id,
}
"""The column of each sort; ties are sorted by id. Ids are given out in the order of creation.

`relevance` has none: it is computed for a search (`search_query.relevance_score`).
"""

SET_FILTERS: dict[str, AnyColumn] = {
    "status": ticket_table.c.status,
    "priority": ticket_table.c.priority,
    "kind": ticket_table.c.kind,
    "category": ticket_table.c.category,
    "severity": ticket_table.c.severity,
    "group": ticket_table.c.status_group,
    "departments": ticket_table.c.department_id,
}
"""Filters by a set of values."""

EXACT_FILTERS: dict[str, AnyColumn] = {
    "requester_id": ticket_table.c.requester_id,
    "created_by_id": ticket_table.c.created_by_id,
    "assignee_id": ticket_table.c.assignee_id,
    "team_id": ticket_table.c.team_id,
    "company_id": ticket_table.c.company_id,
    "contact_id": ticket_table.c.contact_id,
    "department_id": ticket_table.c.department_id,
    "section": ticket_table.c.section,
    "sla_policy_id": ticket_table.c.sla_policy_id,
}
"""Filters by one value."""

FLAG_FILTERS: dict[str, Condition] = {
    "unassigned": conditions.UNASSIGNED,
    "assigned": conditions.ASSIGNED,
    "overdue": OVERDUE,
    "answered": conditions.ANSWERED,
    "rated": conditions.RATED,
    "reopened": conditions.REOPENED,
    "resolved_once": conditions.RESOLVED_ONCE,
    "has_public_files": conditions.HAS_PUBLIC_FILES,
    "has_files": conditions.HAS_FILES,
    "unread": conditions.UNREAD,
    "snoozed": conditions.SNOOZED,
    "not_snoozed": ~conditions.SNOOZED,
    "sla_met": RESOLUTION_CONDITIONS.met,
    "sla_breached": RESOLUTION_CONDITIONS.breached,
    "response_met": FIRST_RESPONSE_CONDITIONS.met,
    "response_breached": FIRST_RESPONSE_CONDITIONS.breached,
}
"""Filters that are on or off."""


def _at_or_after(name: str, column: AnyColumn) -> Condition:
    return column >= bindparam(name)


def _before(name: str, column: AnyColumn) -> Condition:
    return column < bindparam(name)


RANGE_FILTERS: dict[str, Condition] = {
    "created_from": _at_or_after("created_from", ticket_table.c.created_at),
    "created_before": _before("created_before", ticket_table.c.created_at),
    "id_from": _at_or_after("id_from", ticket_table.c.id),
    "updated_from": _at_or_after("updated_from", ticket_table.c.updated_at),
    "due_from": _at_or_after("due_from", ticket_table.c.due_sort_at),
    "due_before": _before("due_before", ticket_table.c.due_sort_at),
    "resolved_from": _at_or_after("resolved_from", ticket_table.c.resolved_at),
    "resolved_before": _before("resolved_before", ticket_table.c.resolved_at),
    "answered_from": _at_or_after("answered_from", ticket_table.c.first_response_at),
    "answered_before": _before("answered_before", ticket_table.c.first_response_at),
    "sla_breached_from": _at_or_after("sla_breached_from", ticket_table.c.sla_breached_at),
    "sla_breached_before": _before("sla_breached_before", ticket_table.c.sla_breached_at),
    "response_breached_from": _at_or_after(
        "response_breached_from", ticket_table.c.first_response_breached_at
    ),
    "response_breached_before": _before(
        "response_breached_before", ticket_table.c.first_response_breached_at
    ),
    "sla_measured": RESOLUTION_CONDITIONS.measured_between(
        bindparam("sla_measured_0"), bindparam("sla_measured_1")
    ),
}
"""Filters by a moment, or two: `_from` includes it, `_before` does not."""

RANK_COLUMNS: dict[str, AnyColumn] = {
    "status": ticket_table.c.status_rank,
    "priority": ticket_table.c.priority_rank,
}
"""Filters that use the rank where the list is sorted by it, so that one index serves both."""
