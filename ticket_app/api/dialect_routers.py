"""All dialects: their routers in order, and the responses to unknown paths."""

from __future__ import annotations

from fastapi import APIRouter

from ticket_app.api.dialects import bmasia, centcom, kubebro, ticketing
from ticket_app.api.dialects.centcom.routes import ERROR_RENDERER as CENTCOM_ERROR_RENDERER
from ticket_app.api.dialects.enterprise import dialect as enterprise
from ticket_app.api.kit import media
from ticket_app.api.kit.error_renderer import ErrorRenderer
from ticket_app.api.kit.fallback import fallback_router

DIALECTS = (
    centcom.router,
    kubebro.router,
    bmasia.router,
    ticketing.router,
    enterprise.router,
    media.router,
)
"""In the order in which their routes are tried."""


API_PREFIXES = frozenset({"api", "mcp", "media", "openapi.json", *enterprise.PATH_PREFIXES})
"""First segments of the API's paths; all other paths belong to the web app."""


def _renderer_by_slash(path: str) -> ErrorRenderer:
    """Choose between the two documents at `/api/tickets`: KubeBro's paths end in a slash."""
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
"""Respond to unknown paths and methods below each prefix, in the dialect's error format."""
