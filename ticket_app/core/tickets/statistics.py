"""Count tickets by status, priority and category: all for staff, their own for requesters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ticket_app.core.platform.access_policy import VISIBLE_TO_REQUESTER, visibility_parameters
from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import counters, ticket_list
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import ticket_table

COUNTED_COLUMNS = ("status", "priority", "category", "kind")
"""The columns that the counters are grouped by."""


def hours_between(start: datetime, end: datetime | None) -> float | None:
    """Return the time between two moments in hours, to two decimals; None without an end."""
    return None if end is None else round(max(0.0, (end - start).total_seconds()) / 3600, 2)


def minutes_between(start: datetime, end: datetime | None) -> int | None:
    """Return the time between two moments in whole minutes; None without an end."""
    return None if end is None else int(max(0.0, (end - start).total_seconds()) // 60)


@dataclass(frozen=True, slots=True)
class TicketStatistics:
    """Numbers of tickets; the keys of the dicts are values of the core's vocabulary."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_category: dict[str, int]
    unassigned: int
    unassigned_unfinished: int
    overdue: int
    assigned_to_me: int
    assigned_to_me_unfinished: int
    average_resolution_hours: float | None


_COUNT_OWN_TICKETS = (
    select(
        ticket_table.c.status,
        ticket_table.c.priority,
        ticket_table.c.category,
        ticket_table.c.kind,
        ticket_table.c.assignee_id.is_not(None).label("is_assigned"),
        func.count().label("tickets"),
    )
    .where(VISIBLE_TO_REQUESTER)
    .group_by(
        ticket_table.c.status,
        ticket_table.c.priority,
        ticket_table.c.category,
        ticket_table.c.kind,
        ticket_table.c.assignee_id.is_not(None),
    )
)
_SELECT_OWN_RESOLUTION_TIMES = select(ticket_table.c.created_at, ticket_table.c.resolved_at).where(
    VISIBLE_TO_REQUESTER, ticket_table.c.resolved_at.is_not(None)
)


def read_statistics(uow: UnitOfWork) -> TicketStatistics:
    """Return the numbers of the tickets that the actor may see."""
    if uow.actor.is_staff:
        all_totals = counters.count_all_tickets(uow)
        buckets, average = all_totals.buckets, all_totals.average_resolution_hours
    else:
        own_parameters = visibility_parameters(uow.actor)
        buckets = tuple(uow.connection.execute(_COUNT_OWN_TICKETS, own_parameters).all())
        times = uow.connection.execute(_SELECT_OWN_RESOLUTION_TIMES, own_parameters).all()
        durations = [max(0.0, (row.resolved_at - row.created_at).total_seconds()) for row in times]
        average = round(sum(durations) / len(durations) / 3600, 2) if durations else None
    counts_by_column: dict[str, Counter[str]] = {name: Counter() for name in COUNTED_COLUMNS}
    for bucket in buckets:
        for name, counts in counts_by_column.items():
            counts[getattr(bucket, name)] += bucket.tickets
    my_id = uow.actor.id
    return TicketStatistics(
        total=sum(bucket.tickets for bucket in buckets),
        by_status=dict(counts_by_column["status"]),
        by_priority=dict(counts_by_column["priority"]),
        by_category=dict(counts_by_column["category"]),
        unassigned=sum(bucket.tickets for bucket in buckets if not bucket.is_assigned),
        unassigned_unfinished=sum(
            bucket.tickets
            for bucket in buckets
            if not bucket.is_assigned and not Status(bucket.status).is_done
        ),
        overdue=ticket_list.count_tickets(uow, TicketQuery(overdue=True)),
        assigned_to_me=ticket_list.count_tickets(uow, TicketQuery(assignee_id=my_id)),
        assigned_to_me_unfinished=ticket_list.count_tickets(
            uow, TicketQuery(assignee_id=my_id, group=UNFINISHED_GROUPS)
        ),
        average_resolution_hours=average,
    )
