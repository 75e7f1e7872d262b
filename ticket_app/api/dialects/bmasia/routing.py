"""What all chapters share: the base path and the router."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from ticket_app.api.dialects.bmasia.errors import ERROR_RENDERER
from ticket_app.api.kit.drf import ERROR_RESPONSES
from ticket_app.api.kit.route import DialectRouter, dialect_route_class

BASE = "/api/v1"
UuidParameter = Annotated[str | None, Query(json_schema_extra={"format": "uuid"})]


def create_router() -> DialectRouter:
    """Return a router for one chapter."""
    return DialectRouter(
        route_class=dialect_route_class(ERROR_RENDERER), tags=["BMAsia"], responses=ERROR_RESPONSES
    )
