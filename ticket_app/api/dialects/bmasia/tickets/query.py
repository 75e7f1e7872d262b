"""The query parameters of the ticket list (List All Tickets)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Query

from ticket_app.api.dialects.bmasia.references import resolve_filter_team_id, resolve_filter_uuid
from ticket_app.api.dialects.bmasia.routing import UuidParameter
from ticket_app.api.dialects.bmasia.vocabulary import (
    CATEGORY,
    OPEN_PARAMETER,
    ORDERING,
    PRIORITY,
    STATUS,
    TEAMS,
)
from ticket_app.api.kit.drf_parameters import NONEXISTENT_ID, BooleanParameter, SearchParameter
from ticket_app.api.kit.query_parameters import enum_parameter, parse_flag_parameter, parse_ordering
from ticket_app.core.people import customers
from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.ticket_query import TicketQuery


async def _query_builder(
    status: Annotated[str | None, enum_parameter(STATUS.value_by_word)] = None,
    priority: Annotated[str | None, enum_parameter(PRIORITY.value_by_word)] = None,
    category: Annotated[str | None, enum_parameter(CATEGORY.value_by_word)] = None,
    company: UuidParameter = None,
    assigned_to: UuidParameter = None,
    assigned_team: Annotated[
        str | None, Query(max_length=120, json_schema_extra={"enum": list(TEAMS)})
    ] = None,
    my_tickets: BooleanParameter = None,
    unassigned: BooleanParameter = None,
    open: BooleanParameter = None,  # noqa: A002
    search: SearchParameter = "",
    ordering: Annotated[str | None, Query(description=", ".join(ORDERING))] = None,
) -> Callable[[UnitOfWork], TicketQuery]:
    """Query Parameters. Returns a function, because the query needs the actor."""

    def build_query(uow: UnitOfWork) -> TicketQuery:
        assignee_id = resolve_filter_uuid(uow, "assigned_to", customers.get_person, assigned_to)
        if parse_flag_parameter("my_tickets", my_tickets):
            own_id = uow.actor.id
            assignee_id = own_id if assignee_id in (None, own_id) else NONEXISTENT_ID
        order = parse_ordering(ordering, ORDERING, "-created_at")
        return TicketQuery(
            status=STATUS.expand(status) if status else frozenset(),
            priority=PRIORITY.expand(priority) if priority else frozenset(),
            category=CATEGORY.expand(category) if category else frozenset(),
            group=UNFINISHED_GROUPS if parse_flag_parameter(OPEN_PARAMETER, open) else frozenset(),
            company_id=resolve_filter_uuid(uow, "company", customers.get_company, company),
            assignee_id=assignee_id,
            team_id=resolve_filter_team_id(uow, assigned_team),
            unassigned=parse_flag_parameter("unassigned", unassigned),
            search=search,
            search_comments=False,
            sort=order.sort,
            descending=order.descending,
        )

    return build_query


QueryBuilderDep = Annotated[Callable[[UnitOfWork], TicketQuery], Depends(_query_builder)]
