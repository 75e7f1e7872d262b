"""What all chapters share: the base path and the router."""

from __future__ import annotations

from ticket_app.api.dialects.ticketing.errors import ERROR_RENDERER
from ticket_app.api.kit.drf import ERROR_RESPONSES
from ticket_app.api.kit.route import DialectRouter, dialect_route_class

BASE = "/api/ticketing"


def create_router() -> DialectRouter:
    """Return a router for one chapter."""
    return DialectRouter(
        route_class=dialect_route_class(ERROR_RENDERER),
        tags=["Ticketing"],
        responses=ERROR_RESPONSES,
    )
