"""The query parameters of ticket lists (List Tickets)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query

from ticket_app.api.dialects.ticketing.vocabulary import CATEGORY, PRIORITY, STATUS
from ticket_app.api.kit.dates import start_of_day
from ticket_app.api.kit.drf_parameters import NONEXISTENT_ID, BooleanParameter, SearchParameter
from ticket_app.api.kit.query_parameters import (
    enum_parameter,
    parse_date_parameter,
    parse_flag_parameter,
    parse_id_parameter,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.ticket_query import TicketQuery

IdParameter = Annotated[str | None, Query(json_schema_extra={"pattern": r"^\d{1,19}$"})]
DateParameter = Annotated[str | None, Query(json_schema_extra={"format": "date"})]


async def _query_builder(
    status: Annotated[str | None, enum_parameter(STATUS.value_by_word)] = None,
    priority: Annotated[str | None, enum_parameter(PRIORITY.value_by_word)] = None,
    category: Annotated[str | None, enum_parameter(CATEGORY.value_by_word)] = None,
    customer: IdParameter = None,
    assigned_to: IdParameter = None,
    my_tickets: BooleanParameter = None,
    unassigned: BooleanParameter = None,
    overdue: BooleanParameter = None,
    created_after: DateParameter = None,
    created_before: DateParameter = None,
    search: SearchParameter = "",
) -> Callable[[UnitOfWork], TicketQuery]:
    """Query Parameters. Returns a function, because the query needs the actor."""

    def build_query(uow: UnitOfWork) -> TicketQuery:
        assignee_id = parse_id_parameter("assigned_to", assigned_to)
        if parse_flag_parameter("my_tickets", my_tickets):
            assignee_id = _also_assigned_to_caller(assignee_id, uow)
        return TicketQuery(
            status=STATUS.expand(status) if status else frozenset(),
            priority=PRIORITY.expand(priority) if priority else frozenset(),
            category=CATEGORY.expand(category) if category else frozenset(),
            company_id=parse_id_parameter("customer", customer),
            assignee_id=assignee_id,
            unassigned=parse_flag_parameter("unassigned", unassigned),
            overdue=parse_flag_parameter("overdue", overdue),
            created_from=_day_start(parse_date_parameter("created_after", created_after)),
            created_before=_day_end(parse_date_parameter("created_before", created_before)),
            search=search,
            search_comments=False,
        )

    return build_query


def only_assigned_to_caller(query: TicketQuery, uow: UnitOfWork) -> TicketQuery:
    """Return the query limited to tickets that are assigned to the caller."""
    return replace(query, assignee_id=_also_assigned_to_caller(query.assignee_id, uow))


def _also_assigned_to_caller(assignee_id: int | None, uow: UnitOfWork) -> int:
    return uow.actor.id if assignee_id in (None, uow.actor.id) else NONEXISTENT_ID


def _day_start(day: date | None) -> datetime | None:
    return day and start_of_day(day)


def _day_end(day: date | None) -> datetime | None:
    if day is None or day == date.max:
        return None
    return _day_start(day + timedelta(days=1))


QueryBuilderDep = Annotated[Callable[[UnitOfWork], TicketQuery], Depends(_query_builder)]
