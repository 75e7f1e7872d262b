"""Routers of the web app's own requests, which accept the session cookie."""

from __future__ import annotations

from ticket_app.api.kit.error_renderer import status_code_for
from ticket_app.api.kit.request_context import SessionRequestContext
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.core.platform.errors import DomainError


class SessionErrorRenderer:
    """Render errors as `{"success": false, "error": "..."}` for the web app's scripts."""

    name = "session"

    def render_error(
        self, error: DomainError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return the usual status and the error message."""
        return status_code_for(error), {"success": False, "error": error.message}

    def render_server_error(
        self, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return 500 and a message without technical details."""
        return 500, {"success": False, "error": "Something went wrong; nothing was changed"}


def create_session_router(anonymous_paths: frozenset[str] = frozenset()) -> DialectRouter:
    """Return a router for requests of the web app; those to `anonymous_paths` need no session."""
    return DialectRouter(
        route_class=dialect_route_class(
            SessionErrorRenderer(),
            anonymous_paths=anonymous_paths,
            category=None,
            context_class=SessionRequestContext,
        ),
        include_in_schema=False,
    )
