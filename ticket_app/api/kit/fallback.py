"""Respond to unknown paths and methods in the error format of their path prefix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from ticket_app.api.kit.error_renderer import ErrorRenderer, error_response
from ticket_app.api.kit.request_context import RequestContext
from ticket_app.api.kit.request_rate_limit import RequestRateLimit
from ticket_app.core.platform.errors import NotFound, RateLimited, RuleViolation, Unauthenticated
from ticket_app.core.platform.rate_limits import LimitCategory


class MethodNotAllowed(RuleViolation):
    """The path exists but does not accept the method."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"The method {method} is not allowed here. Use {' or '.join(sorted(allowed))}."
        )


class FallbackApp:
    """Respond to requests that no route matched.

    It is a plain ASGI app, because a route accepts every method of one.
    """

    def __init__(
        self, renderer_for_path: Callable[[str], ErrorRenderer], router: APIRouter
    ) -> None:
        self.renderer_for_path = renderer_for_path
        self.router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response."""
        request = Request(scope, receive)
        RequestRateLimit(scope).set_category(LimitCategory.GENERAL)
        try:
            await run_in_threadpool(_count_request, RequestContext(request))
            response = self.render_response(request)
        except RateLimited as error:
            response = error_response(self.renderer_for_path(request.scope["path"]), error, request)
        await response(scope, receive, send)

    def render_response(self, request: Request) -> Response:
        """Return 404 for an unknown path, 405 for a method, the allowed methods for OPTIONS."""
        renderer = self.renderer_for_path(request.scope["path"])
        allowed: set[str] = set()
        for route in self.router.routes:
            match, _ = route.matches(request.scope)
            if match is not Match.NONE:
                allowed |= set(getattr(route, "methods", None) or ())
        if not allowed:
            return error_response(renderer, NotFound("Page"), request)
        allow_header = ", ".join(sorted(allowed))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allow_header})
        response = error_response(renderer, MethodNotAllowed(request.method, allowed), request)
        response.status_code = 405
        response.headers["Allow"] = allow_header
        return response


class AnyPathConvertor(Convertor[str]):
    """Match the rest of a path, including percent-encoded line breaks."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        """Return the value unchanged."""
        return value

    def to_string(self, value: str) -> str:
        """Return the value unchanged."""
        return value


register_url_convertor("anything", AnyPathConvertor())


def _count_request(context: RequestContext) -> None:
    """Count the request against the caller's rate limit; anonymous callers get the response too."""
    with suppress(Unauthenticated):
        context.authenticate()


def fallback_router(
    renderer_for_path: Callable[[str], ErrorRenderer], router: APIRouter, *paths: str
) -> APIRouter:
    """Return a router that responds to every unknown path or method below `paths`.

    `renderer_for_path` returns the error renderer of a path (two dialects may share a prefix);
    `router` holds the known routes.
    """
    app = FallbackApp(renderer_for_path, router)
    return APIRouter(routes=[Route(path, app, include_in_schema=False) for path in paths])
