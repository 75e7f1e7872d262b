"""What every part of this document shares: its voice, its routers, its success envelope."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.errors import REFUSALS, EnterpriseVoice, success
from ticket_app.api.kit.answers import WRITE, Json
from ticket_app.api.kit.route import DialectRouter, dialect_route
from ticket_app.core.platform.rate_limits import Category
from ticket_app.core.platform.unit_of_work import Desk

VOICE = EnterpriseVoice()
CATEGORY_OF = {
    "Authentication": Category.AUTHENTICATION,
    "Search": Category.SEARCH,
    "Reports and Analytics": Category.REPORTS,
}
Data = TypeVar("Data")


class Told(TypedDict, Generic[Data]):
    """Success Response, for the OpenAPI document."""

    success: bool
    data: Data
    message: str
    timestamp: datetime
    request_id: str


def part(tag: str, *, for_strangers: frozenset[str] = frozenset()) -> DialectRouter:
    """A router for one chapter of the document, counted as its "Rate Limiting" says."""
    category = CATEGORY_OF.get(tag, Category.GENERAL)
    route_class = dialect_route(VOICE, for_strangers=for_strangers, category=category)
    return DialectRouter(route_class=route_class, tags=[f"Enterprise: {tag}"], responses=REFUSALS)


def told(
    desk: Desk,
    data: Any,
    message: str = "Operation completed successfully",
    *,
    status_code: int = 200,
    version: int | None = None,
) -> Json:
    """Success Response; `version` is the ticket's, for its ETag, which is that of `data` alone."""
    written = orjson.dumps(data, option=WRITE)
    body = success(orjson.Fragment(written), message, desk.request_id)
    return Json(body, status_code, version=version, validated=written)
