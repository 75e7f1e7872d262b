"""What all chapters share: the base path, the router, common parameters and the list page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Query
from typing_extensions import TypedDict

from ticket_app.api.dialects.bmasia.errors import ERROR_RENDERER
from ticket_app.api.kit.drf import ERROR_RESPONSES
from ticket_app.api.kit.route import DialectRouter, dialect_route_class

BASE = "/api/v1"
IfMatch = Annotated[str | None, Header()]
SearchParameter = Annotated[str, Query(max_length=500)]
UuidParameter = Annotated[str | None, Query(json_schema_extra={"format": "uuid"})]
TicketParameter = Annotated[str | None, Query(description="The ticket's id or any of its numbers")]
NO_CONTENT_RESPONSES: dict[int | str, dict[str, object]] = {
    204: {"description": "Deleted; no content"}
}


class ListPage(TypedDict):
    """One page of a list."""

    count: int
    next: str | None
    previous: str | None


def create_router() -> DialectRouter:
    """Return a router for one chapter."""
    return DialectRouter(
        route_class=dialect_route_class(ERROR_RENDERER), tags=["BMAsia"], responses=ERROR_RESPONSES
    )
