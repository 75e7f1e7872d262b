"""The dialects: one folder a document; none knows another."""

from __future__ import annotations

from fastapi import APIRouter

from ticket_app.api.dialects import bmasia, centcom, enterprise, kubebro, ticketing
from ticket_app.api.dialects.centcom.routes import VOICE as CENTCOM
from ticket_app.api.kit import media
from ticket_app.api.kit.fallback import fallback
from ticket_app.api.kit.route import Voice

DIALECTS = (
    centcom.router,
    kubebro.router,
    bmasia.router,
    ticketing.router,
    enterprise.router,
    media.router,
)
"""In the order they are asked."""


API_PREFIXES = frozenset({"api", "media", "openapi.json", *enterprise.PREFIXES})
"""With which the paths of the API begin; all other paths are the web app's."""


def _by_slash(path: str) -> Voice:
    """Two documents share `/api/tickets`; the slash at the end tells them apart."""
    return kubebro.VOICE if path.startswith("/api/tickets/") and path.endswith("/") else CENTCOM


_shared = APIRouter()
_shared.routes = [*centcom.router.routes, *kubebro.router.routes]

FALLBACKS = (
    fallback(
        _by_slash,
        _shared,
        "/api/tickets",
        "/api/tickets/{rest:anything}",
        "/api/admin/{rest:anything}",
    ),
    fallback(lambda _path: bmasia.VOICE, bmasia.router, "/api/v1", "/api/v1/{rest:anything}"),
    fallback(
        lambda _path: ticketing.VOICE,
        ticketing.router,
        "/api/ticketing",
        "/api/ticketing/{rest:anything}",
    ),
    fallback(lambda _path: media.VOICE, media.router, "/media", "/media/{rest:anything}"),
    fallback(
        lambda _path: enterprise.VOICE,
        enterprise.router,
        *(
            path
            for prefix in enterprise.PREFIXES
            for path in (f"/{prefix}", f"/{prefix}/{{rest:anything}}")
        ),
    ),
    fallback(lambda _path: media.VOICE, APIRouter(), "/api", "/api/{rest:anything}"),
)
"""What answers for everything else under their prefixes, and under no dialect's."""
