"""The dialects: one folder a document; none knows another."""

from __future__ import annotations

from fastapi import APIRouter

from ticket_app.api.dialects import bmasia, centcom, enterprise, kubebro, ticketing
from ticket_app.api.dialects.centcom.routes import ERROR_RENDERER as CENTCOM_ERROR_RENDERER
from ticket_app.api.kit import media
from ticket_app.api.kit.fallback import fallback_router
from ticket_app.api.kit.route import ErrorRenderer

DIALECTS = (
    centcom.router,
    kubebro.router,
    bmasia.router,
    ticketing.router,
    enterprise.router,
    media.router,
)
"""In the order they are asked."""


API_PREFIXES = frozenset({"api", "media", "openapi.json", *enterprise.PATH_PREFIXES})
"""With which the paths of the API begin; all other paths are the web app's."""


def _renderer_by_slash(path: str) -> ErrorRenderer:
    """Two documents share `/api/tickets`; the slash at the end tells them apart."""
    return (
        kubebro.ERROR_RENDERER
        if path.startswith("/api/tickets/") and path.endswith("/")
        else CENTCOM_ERROR_RENDERER
    )


_shared_prefix_router = APIRouter()
_shared_prefix_router.routes = [*centcom.router.routes, *kubebro.router.routes]

FALLBACK_ROUTERS = (
    fallback_router(
        _renderer_by_slash,
        _shared_prefix_router,
        "/api/tickets",
        "/api/tickets/{rest:anything}",
        "/api/admin/{rest:anything}",
    ),
    fallback_router(
        lambda _path: bmasia.ERROR_RENDERER, bmasia.router, "/api/v1", "/api/v1/{rest:anything}"
    ),
    fallback_router(
        lambda _path: ticketing.ERROR_RENDERER,
        ticketing.router,
        "/api/ticketing",
        "/api/ticketing/{rest:anything}",
    ),
    fallback_router(
        lambda _path: media.ERROR_RENDERER, media.router, "/media", "/media/{rest:anything}"
    ),
    fallback_router(
        lambda _path: enterprise.ERROR_RENDERER,
        enterprise.router,
        *(
            path
            for prefix in enterprise.PATH_PREFIXES
            for path in (f"/{prefix}", f"/{prefix}/{{rest:anything}}")
        ),
    ),
    fallback_router(
        lambda _path: media.ERROR_RENDERER, APIRouter(), "/api", "/api/{rest:anything}"
    ),
)
"""What answers for everything else under their prefixes, and under no dialect's."""
