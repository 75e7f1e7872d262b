"""How many tickets of which sort: for staff of the whole desk, for others of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ticket_app.core.platform.access_policy import REQUESTER_SEES, viewer
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Group, Status
from ticket_app.core.tickets import counters, ticket_list
from ticket_app.core.tickets.conditions import NOT_DONE
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.tables import ticket_table

COUNTED = ("status", "priority", "category", "kind")
"""What a tally's cell tells apart by words."""


def hours(start: datetime, end: datetime | None) -> float | None:
    """How long something took, in hours to two places; None while it has not ended."""
    return None if end is None else round(max(0.0, (end - start).total_seconds()) / 3600, 2)


def minutes(start: datetime, end: datetime | None) -> int | None:
    """How long something took, in whole minutes; None while it has not ended."""
    return None if end is None else int(max(0.0, (end - start).total_seconds()) // 60)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by the core's words; `mine` and `my_unfinished` are assigned to the actor."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_category: dict[str, int]
    unassigned: int
    unassigned_unfinished: int
    overdue: int
    mine: int
    my_unfinished: int
    average_resolution_hours: float | None


_OWN = (
    select(
        ticket_table.c.status,
        ticket_table.c.priority,
        ticket_table.c.category,
        ticket_table.c.kind,
        ticket_table.c.assignee_id.is_not(None).label("is_assigned"),
        func.count().label("tickets"),
    )
    .where(REQUESTER_SEES)
    .group_by(
        ticket_table.c.status,
        ticket_table.c.priority,
        ticket_table.c.category,
        ticket_table.c.kind,
        ticket_table.c.assignee_id.is_not(None),
    )
)
_OWN_TIMES = select(ticket_table.c.created_at, ticket_table.c.resolved_at).where(
    REQUESTER_SEES, ticket_table.c.resolved_at.is_not(None)
)


def figures(desk: Desk) -> Figures:
    """The figures of what the actor may see."""
    if desk.actor.is_staff:
        all_of = counters.totals(desk)
        cells, average = all_of.cells, all_of.average_resolution_hours
    else:
        mine = viewer(desk.actor)
        cells = tuple(desk.db.execute(_OWN, mine).all())
        times = desk.db.execute(_OWN_TIMES, mine).all()
        spent = [max(0.0, (row.resolved_at - row.created_at).total_seconds()) for row in times]
        average = round(sum(spent) / len(spent) / 3600, 2) if spent else None
    by: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
    for cell in cells:
        for name, counts in by.items():
            counts[getattr(cell, name)] += cell.tickets
    me = desk.actor.id
    return Figures(
        total=sum(cell.tickets for cell in cells),
        by_status=dict(by["status"]),
        by_priority=dict(by["priority"]),
        by_category=dict(by["category"]),
        unassigned=sum(cell.tickets for cell in cells if not cell.is_assigned),
        unassigned_unfinished=sum(
            cell.tickets
            for cell in cells
            if not cell.is_assigned and Status(cell.status).group is not Group.DONE
        ),
        overdue=ticket_list.count(desk, TicketQuery(overdue=True)),
        mine=ticket_list.count(desk, TicketQuery(assignee_id=me)),
        my_unfinished=ticket_list.count(desk, TicketQuery(assignee_id=me, group=NOT_DONE)),
        average_resolution_hours=average,
    )
