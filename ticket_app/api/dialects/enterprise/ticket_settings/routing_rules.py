"""Routing rules: which new tickets go to which team and person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import ConfigDict, StrictBool
from pydantic import Field as Bounded
from pydantic.config import JsonDict
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.ticket_settings.fields import (
    Name,
    NamedReference,
    Rank,
    SectionValue,
    format_reference,
    sent_fields,
)
from ticket_app.api.kit.fields import Id, StrictBody
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.vocabulary import AssignmentMethod, Category, Kind
from ticket_app.core.tickets import routing_rules
from ticket_app.core.tickets.routing_rules import DEFAULT_RANK, MAX_SECTIONS
from ticket_app.core.tickets.settings_rows import RoutingRuleRow

router = create_router("Ticket Settings")

RoutingRuleId = Annotated[int, Path(ge=1, le=MAX_ID)]
Kinds = Annotated[list[Kind], Bounded(max_length=len(Kind))]
Categories = Annotated[list[Category], Bounded(max_length=len(Category))]
Sections = Annotated[list[SectionValue], Bounded(max_length=MAX_SECTIONS)]
EXAMPLE: JsonDict = {
    "name": "Billing",
    "categories": ["billing"],
    "team_id": 1,
    "method": "round_robin",
    "rank": 10,
}


class RoutingRuleFields(StrictBody):
    """The fields of a routing rule that need not be sent."""

    rank: Rank = DEFAULT_RANK
    kinds: Kinds = []
    categories: Categories = []
    sections: Sections = []
    company_id: Id | None = None
    team_id: Id | None = None
    assignee_id: Id | None = None
    method: AssignmentMethod = AssignmentMethod.TEAM_ONLY
    is_active: StrictBool = True


class NewRoutingRule(RoutingRuleFields):
    """A routing rule. Empty conditions match any ticket; the first rule that matches decides.

    `method` is `team_only`, `round_robin` or `least_open` among the people of the team, or `person`
    with an `assignee_id`.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    name: Name


class RoutingRuleUpdate(RoutingRuleFields):
    """Update a routing rule: any of these fields."""

    name: Name = ""


class RoutingRule(TypedDict):
    """A routing rule, in the web app's words."""

    id: int
    name: str
    rank: int
    kinds: list[Kind]
    categories: list[Category]
    sections: list[str]
    company: NamedReference | None
    team: NamedReference | None
    assignee: NamedReference | None
    method: AssignmentMethod
    is_active: bool
    created_at: datetime
    updated_at: datetime


def format_routing_rule(row: RoutingRuleRow) -> dict[str, object]:
    """Format a routing rule."""
    return {
        "id": row.id,
        "name": row.name,
        "rank": row.rank,
        "kinds": row.kinds,
        "categories": row.categories,
        "sections": row.sections,
        "company": format_reference(row.company_id, row.company_name),
        "team": format_reference(row.team_id, row.team_name),
        "assignee": format_reference(row.assignee_id, row.assignee_name),
        "method": row.method,
        "is_active": row.is_active,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


@router.get("/routing-rules", response_model=SuccessResponse[PageData[RoutingRule]])
def list_routing_rules(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List the routing rules in the order in which they are tried. For staff."""
    rows = routing_rules.list_rules(uow)
    return success_response(uow, page_parameters.slice_and_format_page(rows, format_routing_rule))


@router.post("/routing-rules", status_code=201, response_model=SuccessResponse[RoutingRule])
def create_routing_rule(body: NewRoutingRule, uow: AuthenticatedUow) -> JsonResponse:
    """Create a routing rule for tickets created from now on. For admins."""
    row = routing_rules.create_rule(uow, body.name, **sent_fields(body, without="name"))
    return success_response(
        uow, format_routing_rule(row), "Routing rule created successfully", status_code=201
    )


@router.get("/routing-rules/{routing_rule_id}", response_model=SuccessResponse[RoutingRule])
def get_routing_rule(routing_rule_id: RoutingRuleId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a routing rule. For staff."""
    return success_response(uow, format_routing_rule(routing_rules.get_rule(uow, routing_rule_id)))


@router.patch("/routing-rules/{routing_rule_id}", response_model=SuccessResponse[RoutingRule])
def update_routing_rule(
    routing_rule_id: RoutingRuleId, body: RoutingRuleUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Update a routing rule. Existing tickets stay where they are. For admins."""
    row = routing_rules.update_rule(uow, routing_rule_id, sent_fields(body))
    return success_response(uow, format_routing_rule(row), "Routing rule updated successfully")


@router.delete("/routing-rules/{routing_rule_id}", response_model=SuccessResponse[None])
def delete_routing_rule(routing_rule_id: RoutingRuleId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a routing rule. Tickets that it routed stay where they are. For admins."""
    routing_rules.delete_rule(uow, routing_rule_id)
    return success_response(uow, None, "Routing rule deleted successfully")
