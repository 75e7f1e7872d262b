"""Render errors of the core and unexpected failures as responses."""

from __future__ import annotations

from typing import Protocol

from fastapi import Request
from starlette.responses import Response

from ticket_app.api.kit.request_rate_limit import RequestRateLimit
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform import errors
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError, RateLimited, Unauthenticated
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.operation_log import log_rejection
from ticket_app.core.platform.rate_limits import RateLimitExceeded
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.settings import settings


class ErrorRenderer(Protocol):
    """Renders errors in the format of one dialect."""

    name: str

    def render_error(
        self, error: DomainError, *, details: str | None, request_id: str
    ) -> tuple[int, object]:
        """Return the status and body for an error of the core."""
        ...

    def render_server_error(self, *, details: str | None, request_id: str) -> tuple[int, object]:
        """Return the status and body for an unexpected failure."""
        ...


DEFAULT_STATUS_CODES: dict[type[DomainError], int] = {
    errors.Invalid: 400,
    errors.FileRejected: 400,
    errors.RuleViolation: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.VersionConflict: 412,
    errors.IdempotencyKeyReused: 422,
    errors.RateLimited: 429,
    errors.Unavailable: 503,
}
"""Statuses for errors whose document does not define another one."""


def status_code_for(error: DomainError) -> int:
    """Return the default status of an error of the core."""
    return next(
        DEFAULT_STATUS_CODES[kind] for kind in type(error).__mro__ if kind in DEFAULT_STATUS_CODES
    )


def error_response(renderer: ErrorRenderer, error: DomainError, request: Request) -> Response:
    """Return an error of the core in the dialect's format, with its headers."""
    actor: Actor | None = request.scope.get("state", {}).get("actor")
    log_rejection(error, f"{request.method} {request.scope['path']}", actor)
    details = None
    if settings().debug:
        details = f"{type(error).__name__}: {error}"
    request_id = request.scope.get("request_id", "")
    status, body = renderer.render_error(error, details=details, request_id=request_id)
    response = JsonResponse(body, status_code=status)
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RateLimitExceeded):
        RequestRateLimit(request.scope).record(error.limit_status)
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(seconds_to_wait(error))
    if isinstance(error, errors.Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def seconds_to_wait(error: RateLimited) -> int:
    """Return the whole seconds, at least 1, after which the request may be repeated."""
    return max(1, int((error.retry_at - utc_now()).total_seconds() + 0.999))


def server_error_response(renderer: ErrorRenderer, error: Exception, request: Request) -> Response:
    """Log an unexpected failure in full and respond without its details."""
    log().error("request_failed", path=request.url.path, exc_info=error)
    details = f"{type(error).__name__}: {error}" if settings().debug else None
    status, body = renderer.render_server_error(
        details=details, request_id=request.scope.get("request_id", "")
    )
    return JsonResponse(body, status_code=status)
