"""The time that was logged on tickets in a period, and how estimates compare with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.reports import metric_queries
from ticket_app.core.reports.periods import Period
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import ticket_table, time_entry_table


@dataclass(frozen=True, slots=True)
class TimeReport:
    """The minutes logged in a period, by the id of the person, and the estimates of what was done.

    The hours are those of the tickets that were resolved in the period and had an estimate.
    """

    minutes_by_person: Mapping[int, int]
    estimated_tickets: int
    estimated_hours: float
    actual_hours: float

    @property
    def total_minutes(self) -> int:
        """The minutes of all people."""
        return sum(self.minutes_by_person.values())


def get_time_report(
    uow: UnitOfWork, period: Period, *, department_id: int | None = None
) -> TimeReport:
    """Return the time spent on the tickets visible to the actor, of one department or of all.

    Raises `Forbidden` without permission to read reports.
    """
    uow.actor.require("view_reports", "read reports")
    logged = (
        select(time_entry_table.c.person_id, func.sum(time_entry_table.c.minutes).label("minutes"))
        .join(ticket_table, ticket_table.c.id == time_entry_table.c.ticket_id)
        .where(
            visibility_condition(uow.actor),
            time_entry_table.c.worked_on.between(bindparam("first"), bindparam("last")),
        )
        .group_by(time_entry_table.c.person_id)
    )
    if department_id is not None:
        logged = logged.where(ticket_table.c.department_id == department_id)
    rows = uow.connection.execute(
        logged,
        {**visibility_parameters(uow.actor), "first": period.first, "last": period.last},
    )
    queries = metric_queries.queries_for_period(
        period.bounds, TicketQuery(department_id=department_id)
    )
    query = queries[metric_queries.RESOLVED]
    where, values = ticket_list.build_list_conditions(uow, query)
    estimates = uow.connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(ticket_table.c.estimated_hours), 0),
            func.coalesce(func.sum(ticket_table.c.actual_hours), 0),
        ).where(*where, ticket_table.c.estimated_hours.is_not(None)),
        values,
    ).one()
    return TimeReport({row.person_id: int(row.minutes) for row in rows}, *estimates)
