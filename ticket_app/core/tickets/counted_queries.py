"""Count the tickets of a query by `core.tickets.counters`, without reading tickets."""

from __future__ import annotations

from typing import Final

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import counters
from ticket_app.core.tickets.query_shape import QueryShape
from ticket_app.core.tickets.ticket_query import TicketQuery

_COUNTED_FILTERS: Final = frozenset({"status", "priority", "category", "kind", "group"})


def can_count(query: TicketQuery, shape: QueryShape) -> bool:
    """Return whether `core.tickets.counters` can count the matching tickets."""
    has_counted_filters_only = {name for name, _ in shape.set_filters} <= _COUNTED_FILTERS
    has_counted_filters_only = has_counted_filters_only and set(shape.flag_filters) <= {
        "assigned",
        "unassigned",
    }
    is_contradictory = query.assigned and query.unassigned
    has_other_filters = (
        shape.exact_filters
        or shape.range_filters
        or shape.tag_count
        or shape.search_mode
        or shape.conditions
    )
    return has_counted_filters_only and not has_other_filters and not is_contradictory


def _selected_statuses(query: TicketQuery) -> frozenset[str]:
    """Return the statuses that match both the status filter and the group filter."""
    if not query.group:
        return query.status
    grouped = frozenset(status for status in Status if status.group in query.group)
    remaining = grouped & query.status if query.status else grouped
    return remaining or frozenset({_IMPOSSIBLE_STATUS})


_IMPOSSIBLE_STATUS: Final = ""
"""Stands for a set of statuses that no ticket can have."""


def count(uow: UnitOfWork, query: TicketQuery) -> int:
    """Return how many tickets match a query that `can_count` accepts."""
    return counters.count_tickets(
        uow,
        status=_selected_statuses(query),
        priority=query.priority,
        category=query.category,
        kind=query.kind,
        is_assigned=True if query.assigned else False if query.unassigned else None,
    )
