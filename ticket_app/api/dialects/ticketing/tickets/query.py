"""The query parameters of ticket lists (List Tickets)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Query

from ticket_app.api.dialects.ticketing.routing import BooleanParameter, SearchParameter
from ticket_app.api.dialects.ticketing.vocabulary import CATEGORY, PRIORITY, STATUS, VOCABULARIES
from ticket_app.api.kit.dates import start_of_day
from ticket_app.api.kit.query_parameters import (
    enum_parameter,
    parse_date_parameter,
    parse_flag_parameter,
    parse_id_parameter,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.ticket_query import TicketQuery

NONEXISTENT_ID = 0
"""No row has this id: a list filtered by two different assignees is empty."""


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
) -> Callable[..., TicketQuery]:
    """Query Parameters. Returns a function, because the query needs the actor."""
    return partial(_build_query, locals())


def _build_query(
    parameters: dict[str, Any],
    uow: UnitOfWork,
    *,
    only_own: bool = False,
    unassigned: bool = False,
    overdue: bool = False,
) -> TicketQuery:
    assignee_id = parse_id_parameter("assigned_to", parameters["assigned_to"])
    if parse_flag_parameter("my_tickets", parameters["my_tickets"]) or only_own:
        own_id = uow.actor.id
        assignee_id = own_id if assignee_id in (None, own_id) else NONEXISTENT_ID
    vocabulary_filters = {
        name: vocabulary.expand(parameters[name])
        for name, vocabulary in VOCABULARIES.items()
        if parameters[name]
    }
    return TicketQuery(
        **vocabulary_filters,
        company_id=parse_id_parameter("customer", parameters["customer"]),
        assignee_id=assignee_id,
        unassigned=parse_flag_parameter("unassigned", parameters["unassigned"]) or unassigned,
        overdue=parse_flag_parameter("overdue", parameters["overdue"]) or overdue,
        created_from=_day_start(parse_date_parameter("created_after", parameters["created_after"])),
        created_before=_day_end(
            parse_date_parameter("created_before", parameters["created_before"])
        ),
        search=parameters["search"],
        search_comments=False,
    )


def _day_start(day: date | None) -> datetime | None:
    return day and start_of_day(day)


def _day_end(day: date | None) -> datetime | None:
    if day is None or day == date.max:
        return None
    return _day_start(day + timedelta(days=1))


QueryBuilderDep = Annotated[Callable[..., TicketQuery], Depends(_query_builder)]
