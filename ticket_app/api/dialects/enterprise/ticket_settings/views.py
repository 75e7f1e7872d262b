"""Saved views: named lists of tickets with conditions, for the caller, a team or everyone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import ConfigDict, StrictBool, StrictInt, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise import data_models
from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.ticket_settings.fields import (
    NamedReference,
)
from ticket_app.api.dialects.enterprise.ticket_settings.sharing import format_sharing
from ticket_app.api.kit.fields import StrictBody
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.tickets import saved_view_queries, saved_views, ticket_list
from ticket_app.core.tickets.saved_view_fields import (
    COLUMNS,
    ICONS,
    MAX_NAME_LENGTH,
    MAX_SEARCH_LENGTH,
)
from ticket_app.core.tickets.saved_views import SavedViewRow
from ticket_app.core.tickets.ticket_conditions import (
    MAX_CONDITIONS,
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    Match,
    Operator,
    read_conditions,
)

router = create_router("Ticket Settings")

ViewId = Annotated[int, Path(ge=1, le=MAX_ID)]
Word = Annotated[StrictStr, Bounded(min_length=1, max_length=MAX_VALUE_LENGTH)]


class ViewCondition(StrictBody):
    """A field, how it is compared, and with which values; `me` is the caller, `none` is empty."""

    field: Word
    operator: Operator
    values: Annotated[list[Word], Bounded(min_length=1, max_length=MAX_VALUES)]


class NestedConditions(StrictBody):
    """Conditions of which all or any must hold."""

    match: Match = Match.ALL
    conditions: Annotated[list[ViewCondition], Bounded(max_length=MAX_CONDITIONS)] = []


class ViewConditions(StrictBody):
    """Conditions, and groups of conditions, of which all or any must hold."""

    match: Match = Match.ALL
    conditions: Annotated[
        list[ViewCondition | NestedConditions], Bounded(max_length=MAX_CONDITIONS)
    ] = []


class ViewFields(StrictBody):
    """The fields of a view that need not be sent; without a team, the caller's is meant."""

    icon: Word = ICONS[0]
    scope: Scope = Scope.ME
    team_id: Annotated[StrictInt, Bounded(ge=1, le=MAX_ID)] | None = None
    conditions: ViewConditions = ViewConditions()
    search: Annotated[StrictStr, Bounded(max_length=MAX_SEARCH_LENGTH)] = ""
    sort: Literal["created", "updated", "priority", "status", "due", "number"] = "updated"
    descending: StrictBool = True
    columns: Annotated[list[Word], Bounded(max_length=len(COLUMNS))] = list(COLUMNS)
    group_by: Literal["", "status", "assignee", "priority", "team"] = ""
    density: Literal["comfortable", "compact"] = "comfortable"


ViewName = Annotated[StrictStr, Bounded(min_length=1, max_length=MAX_NAME_LENGTH)]


class NewView(ViewFields):
    """A view."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Urgent and unanswered",
                    "icon": "flame",
                    "conditions": {
                        "match": "all",
                        "conditions": [
                            {"field": "priority", "operator": "is", "values": ["urgent"]},
                            {"field": "last_replier", "operator": "is", "values": ["requester"]},
                        ],
                    },
                }
            ]
        }
    )
    name: ViewName


class ViewUpdate(ViewFields):
    """Update a view: any of these fields."""

    name: ViewName = ""


class StoredCondition(TypedDict):
    """A stored condition, and whether it still is valid; one that is not is left out of lists."""

    field: str
    operator: str
    values: list[str]
    is_valid: bool


class View(TypedDict):
    """A saved view, and the caller's own choices about it."""

    id: int
    name: str
    icon: str
    scope: Scope
    team: NamedReference | None
    owner: NamedReference | None
    conditions: dict[str, object]
    invalid_conditions: list[StoredCondition]
    search: str
    sort: str
    descending: bool
    columns: list[str]
    group_by: str
    density: str
    is_pinned: bool
    is_default: bool
    created_at: datetime
    updated_at: datetime


def format_view(row: SavedViewRow) -> dict[str, object]:
    """Format a view."""
    group = read_conditions(row.conditions)
    return {
        "id": row.id,
        "name": row.name,
        "icon": row.icon,
        **format_sharing(row),
        "conditions": group.valid_parts().to_json(),
        "invalid_conditions": [
            {**condition.to_json(), "is_valid": False}
            for condition in group.list_conditions()
            if not condition.is_valid
        ],
        "search": row.search,
        "sort": row.sort,
        "descending": row.descending,
        "columns": row.columns,
        "group_by": row.group_by,
        "density": row.density,
        "is_pinned": row.rank is not None,
        "is_default": bool(row.is_default),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _sent_fields(body: ViewFields) -> dict[str, object]:
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    if "conditions" in sent:
        sent["conditions"] = body.conditions.model_dump(mode="json")
    return sent


@router.get("/views", response_model=SuccessResponse[PageData[View]])
def list_views(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List the views that the caller may use, by name. For staff."""
    return success_response(
        uow, page_parameters.slice_and_format_page(saved_views.list_views(uow), format_view)
    )


@router.post("/views", status_code=201, response_model=SuccessResponse[View])
def create_view(body: NewView, uow: AuthenticatedUow) -> JsonResponse:
    """Create a view and pin it for the caller. For staff; for everyone's use, for admins."""
    fields = _sent_fields(body)
    row = saved_views.create_view(
        uow,
        body.name,
        scope=body.scope,
        team_id=body.team_id,
        **{
            name: value
            for name, value in fields.items()
            if name not in ("name", "scope", "team_id")
        },
    )
    return success_response(uow, format_view(row), "View created successfully", status_code=201)


@router.get("/views/{view_id}", response_model=SuccessResponse[View])
def get_view(view_id: ViewId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a view. For staff."""
    return success_response(uow, format_view(saved_views.get_view(uow, view_id)))


@router.patch("/views/{view_id}", response_model=SuccessResponse[View])
def update_view(view_id: ViewId, body: ViewUpdate, uow: AuthenticatedUow) -> JsonResponse:
    """Update a view of one's own or of one's team. Admins update those of everyone."""
    row = saved_views.update_view(uow, view_id, _sent_fields(body))
    return success_response(uow, format_view(row), "View updated successfully")


@router.delete("/views/{view_id}", response_model=SuccessResponse[None])
def delete_view(view_id: ViewId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a view, under the rules of updating it. Its tickets stay."""
    saved_views.delete_view(uow, view_id)
    return success_response(uow, None, "View deleted successfully")


@router.get(
    "/views/{view_id}/tickets", response_model=SuccessResponse[PageData[data_models.Ticket]]
)
def list_view_tickets(
    view_id: ViewId, uow: AuthenticatedUow, page_parameters: PageParametersDep
) -> JsonResponse:
    """List the tickets of a view, in its order. For staff."""
    query = saved_view_queries.build_view_query(uow, saved_views.get_view(uow, view_id))
    rows = ticket_list.page(uow, query, page_parameters.page_request, "model").rows
    total = ticket_list.count_tickets(uow, query)
    return success_response(
        uow,
        page_parameters.format_page((data_models.format_ticket(row, uow) for row in rows), total),
    )
