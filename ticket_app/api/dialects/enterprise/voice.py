"""What every part of this document shares: its voice, its routers, its success envelope."""

from __future__ import annotations

from typing import Any

from ticket_app.api.dialects.enterprise.errors import EnterpriseVoice, success
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.route import DialectRouter, dialect_route
from ticket_app.core.desk import Desk

VOICE = EnterpriseVoice()


def part(tag: str, *, for_strangers: frozenset[str] = frozenset()) -> DialectRouter:
    """A router for one chapter of the document."""
    route_class = dialect_route(VOICE, for_strangers=for_strangers)
    return DialectRouter(route_class=route_class, tags=[tag])


def told(
    desk: Desk,
    data: Any,
    message: str = "Operation completed successfully",
    *,
    status_code: int = 200,
    version: int | None = None,
) -> Json:
    """Success Response; `version` is the ticket's, for its ETag."""
    return Json(success(data, message, desk.request_id), status_code=status_code, version=version)
