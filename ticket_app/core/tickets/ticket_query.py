"""What a list of tickets is asked for: filters, search and order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ticket_app.core.platform.vocabulary import (
    Category,
    Kind,
    Priority,
    Severity,
    Status,
    StatusGroup,
)
from ticket_app.core.tickets.ticket_conditions import NO_CONDITIONS, ConditionGroup

SortField = Literal["created", "updated", "priority", "status", "due", "number", "relevance"]
AGE_SORTS: frozenset[SortField] = frozenset({"created", "number"})
"""Sorts by age: ids are given out in the order of creation."""


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """The filters, the search and the order of a list of tickets.

    A set filter matches any of its values, and everything if it is empty; `tags` must all be on a
    ticket. Names that end in `_from` include the moment, those in `_before` do not.
    `sla_measured` holds two moments: it matches tickets whose resolution target was met or
    breached from the first until before the second.

    `then_by` holds the sort keys after `sort`, each with whether it is descending. A list by
    several keys, and a search sorted by anything but age, puts only the newest matches into that
    order (`QueryShape.reorder_limit`), so that its work is bounded; older ones follow by age.
    Sorting by `relevance` without search words sorts by age.
    """

    status: frozenset[Status] = frozenset()
    priority: frozenset[Priority] = frozenset()
    kind: frozenset[Kind] = frozenset()
    category: frozenset[Category] = frozenset()
    severity: frozenset[Severity] = frozenset()
    group: frozenset[StatusGroup] = frozenset()
    departments: frozenset[int] = frozenset()
    requester_id: int | None = None
    created_by_id: int | None = None
    assignee_id: int | None = None
    team_id: int | None = None
    company_id: int | None = None
    contact_id: int | None = None
    department_id: int | None = None
    section: str | None = None
    sla_policy_id: int | None = None
    unassigned: bool = False
    assigned: bool = False
    overdue: bool = False
    answered: bool = False
    rated: bool = False
    reopened: bool = False
    resolved_once: bool = False
    has_public_files: bool = False
    has_files: bool = False
    """With public or internal files; for staff only."""
    unread: bool = False
    """With notifications that the actor has not read."""
    snoozed: bool = False
    """Only tickets that the actor has snoozed."""
    not_snoozed: bool = False
    """Without tickets that the actor has snoozed."""
    sla_met: bool = False
    sla_breached: bool = False
    response_met: bool = False
    response_breached: bool = False
    created_from: datetime | None = None
    created_before: datetime | None = None
    id_from: int | None = None
    updated_from: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    resolved_from: datetime | None = None
    resolved_before: datetime | None = None
    answered_from: datetime | None = None
    answered_before: datetime | None = None
    sla_breached_from: datetime | None = None
    sla_breached_before: datetime | None = None
    response_breached_from: datetime | None = None
    response_breached_before: datetime | None = None
    sla_measured: tuple[datetime, datetime] | None = None
    of_company: bool = False
    """The tickets of the actor's company instead of their own; for staff it changes nothing."""
    tags: tuple[str, ...] = ()
    conditions: ConditionGroup = NO_CONDITIONS
    """Further conditions; those that are not valid are left out."""
    search: str = ""
    phrases: tuple[str, ...] = ()
    """Words that must follow one another, beside those of `search`."""
    search_comments: bool = True
    sort: SortField = "created"
    descending: bool = True
    then_by: tuple[tuple[SortField, bool], ...] = ()
