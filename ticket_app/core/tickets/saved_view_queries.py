"""The query behind a saved view, and behind conditions that are put together.

Conditions that an index serves become filters of the query, so that its lists are read from it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol, cast

from ticket_app.core.platform.access_policy import NO_PERSON_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    Category,
    Kind,
    Priority,
    Severity,
    Status,
    StatusGroup,
)
from ticket_app.core.tickets.search_filters import apply_search
from ticket_app.core.tickets.ticket_conditions import (
    ME,
    NONE,
    Condition,
    ConditionGroup,
    Match,
    Operator,
    read_conditions,
)
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery

_CHOICES: Final = {
    "status": Status,
    "group": StatusGroup,
    "priority": Priority,
    "kind": Kind,
    "category": Category,
    "severity": Severity,
}
_ROWS: Final = {
    "assignee": "assignee_id",
    "requester": "requester_id",
    "team": "team_id",
    "company": "company_id",
    "contact": "contact_id",
    "department": "department_id",
}
POSITIVE_OPERATORS: Final = frozenset({Operator.IS, Operator.ANY_OF})


class ViewDefinition(Protocol):
    """What a query is built of."""

    @property
    def conditions(self) -> dict[str, object]:
        """The stored conditions."""
        ...

    @property
    def search(self) -> str:
        """The search."""
        ...

    @property
    def sort(self) -> str:
        """What the list is sorted by."""
        ...

    @property
    def descending(self) -> bool:
        """Whether it begins with the greatest."""
        ...


def valid_conditions(view: ViewDefinition) -> ConditionGroup:
    """Return the conditions of a view that are valid."""
    return read_conditions(view.conditions).valid_parts()


def build_view_query(uow: UnitOfWork, view: ViewDefinition) -> TicketQuery:
    """Return the query of a view, with the operators of its search applied.

    It leaves out what the actor has snoozed.
    """
    query = TicketQuery(
        search=view.search,
        sort=cast("SortField", view.sort),
        descending=view.descending,
        not_snoozed=True,
    )
    return apply_search(uow, with_conditions(uow, query, read_conditions(view.conditions))).query


def with_conditions(uow: UnitOfWork, query: TicketQuery, group: ConditionGroup) -> TicketQuery:
    """Return the query for the tickets that also fulfil the conditions."""
    valid = group.valid_parts()
    if valid.match is Match.ANY and len(valid.parts) > 1:
        return replace(query, conditions=valid)
    filters: dict[str, object] = {}
    remaining: list[Condition | ConditionGroup] = []
    for part in valid.parts:
        found = _indexed_filter(uow, part) if isinstance(part, Condition) else None
        if found is None or found[0] in filters or getattr(query, found[0]):
            remaining.append(part)
        else:
            filters[found[0]] = found[1]
    return replace(query, **filters, conditions=ConditionGroup(Match.ALL, tuple(remaining)))


def _indexed_filter(uow: UnitOfWork, condition: Condition) -> tuple[str, object] | None:
    """Return the filter of a query that means the same as a condition, if there is one."""
    if condition.operator not in POSITIVE_OPERATORS:
        return None
    if choices := _CHOICES.get(condition.field):
        return condition.field, frozenset(map(choices, condition.values))
    if condition.field == "tags" and len(condition.values) == 1:
        return condition.field, condition.values
    if condition.field in _ROWS and len(condition.values) == 1:
        value = condition.values[0]
        if value == ME:
            row_id = uow.actor.team_id if condition.field == "team" else uow.actor.id
            return _ROWS[condition.field], row_id or NO_PERSON_ID
        if value.isdigit():
            return _ROWS[condition.field], int(value)
        if condition.field == "assignee" and value == NONE:
            return "unassigned", True
    return None
