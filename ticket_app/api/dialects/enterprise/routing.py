"""The error renderer, routers and success envelope that all chapters share."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

import orjson
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.errors import (
    ERROR_RESPONSES,
    EnterpriseErrorRenderer,
    success_body,
)
from ticket_app.api.kit.responses import ORJSON_OPTIONS, JsonResponse
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.core.platform.rate_limits import LimitCategory
from ticket_app.core.platform.unit_of_work import UnitOfWork

ERROR_RENDERER = EnterpriseErrorRenderer()
RATE_LIMIT_CATEGORIES = {
    "Authentication": LimitCategory.AUTHENTICATION,
    "Search": LimitCategory.SEARCH,
    "Reports and Analytics": LimitCategory.REPORTS,
    "Import": LimitCategory.IMPORT,
}
Data = TypeVar("Data")


class SuccessResponse(TypedDict, Generic[Data]):
    """Success Response, for the OpenAPI document."""

    success: bool
    data: Data
    message: str
    timestamp: datetime
    request_id: str


def create_router(
    tag: str,
    *,
    anonymous_paths: frozenset[str] = frozenset(),
    max_body_size: int | None = None,
) -> DialectRouter:
    """Return a router for one chapter, with the rate limit that "Rate Limiting" defines for it.

    `max_body_size` (bytes) is for endpoints that read the body themselves, piece by piece.
    """
    category = RATE_LIMIT_CATEGORIES.get(tag, LimitCategory.GENERAL)
    route_class = dialect_route_class(
        ERROR_RENDERER,
        anonymous_paths=anonymous_paths,
        category=category,
        max_body_size=max_body_size,
    )
    return DialectRouter(
        route_class=route_class, tags=[f"Enterprise: {tag}"], responses=ERROR_RESPONSES
    )


def success_response(
    uow: UnitOfWork,
    data: object,
    message: str = "Operation completed successfully",
    *,
    status_code: int = 200,
    version: int | None = None,
) -> JsonResponse:
    """Return a Success Response. The ETag covers `version` and `data` only."""
    encoded_data = orjson.dumps(data, option=ORJSON_OPTIONS)
    body = success_body(orjson.Fragment(encoded_data), message, uow.request_id)
    return JsonResponse(body, status_code, version=version, etag_source=encoded_data)
