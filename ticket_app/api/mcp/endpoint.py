"""The MCP server over streamable HTTP, at `/mcp`.

Each message is a POST with a token, answered with JSON; no session is kept, so that any process may
answer. Errors before the message is read are JSON-RPC errors with the HTTP status of the reason.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ticket_app.api.kit.error_renderer import error_response, status_code_for
from ticket_app.api.kit.request_checks import MAX_BODY_SIZE
from ticket_app.api.kit.request_context import RequestContext
from ticket_app.api.kit.request_rate_limit import RequestRateLimit
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.platform.rate_limits import LimitCategory
from ticket_app.settings import HOST_PATTERN, is_loopback, normalized_origin, settings

if TYPE_CHECKING:
    from mcp.server import Server

PATH = "/mcp"
REQUEST_REJECTED = -32000
"""The JSON-RPC error code of a message that was not read."""
MISDIRECTED_REQUEST = 421


class McpErrorRenderer:
    """Renders errors as JSON-RPC errors without an id."""

    name = "mcp"

    def render_error(
        self, error: DomainError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return the usual status and a JSON-RPC error."""
        return status_code_for(error), _json_rpc_error(error.message)

    def render_server_error(
        self, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return 500 and a JSON-RPC error without technical details."""
        return 500, _json_rpc_error("Something went wrong; nothing was changed")


ERROR_RENDERER = McpErrorRenderer()


def _json_rpc_error(message: str) -> dict[str, object]:
    return {
        "jsonrpc": "2.0",
        "id": None,
        "error": {"code": REQUEST_REJECTED, "message": message},
    }


@cache
def _load_server() -> Server:
    """Return the server; importing it takes half a second, which only its clients pay for."""
    from ticket_app.api.mcp.server import http_server

    return http_server()


class McpEndpoint:
    """The ASGI application of `/mcp`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message of a client."""
        request = Request(scope, receive)
        response = _check_method_host_and_origin(request) or await _authenticate(request)
        if response is not None:
            await response(scope, receive, send)
            return
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        manager = StreamableHTTPSessionManager(
            await run_in_threadpool(_load_server),
            stateless=True,
            json_response=True,
            max_request_body_size=MAX_BODY_SIZE,
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)


def _check_method_host_and_origin(request: Request) -> Response | None:
    """Return an error for a request with a method, host or origin that is not accepted."""
    if request.method != "POST":
        response = JsonResponse(
            _json_rpc_error("Send MCP messages as POST; this server keeps no sessions"), 405
        )
        response.headers["Allow"] = "POST"
        return response
    host = request.headers.get("host", "")
    if not HOST_PATTERN.fullmatch(host) or not _is_own_host(host):
        return JsonResponse(
            _json_rpc_error(
                "This host name is not known. Set TICKET_PUBLIC_URL to the server's address"
            ),
            MISDIRECTED_REQUEST,
        )
    origin = request.headers.get("origin")
    if origin is not None and not _is_allowed_origin(origin, host):
        return JsonResponse(
            _json_rpc_error("Pages of this origin may not connect (TICKET_CORS_ORIGINS)"), 403
        )
    return None


def _is_own_host(host: str) -> bool:
    """Return whether a `Host` header names this server, which a rebound DNS name does not.

    A server that others can reach has no known name unless `TICKET_PUBLIC_URL` is set.
    """
    name = urlsplit(f"//{host}").hostname or ""
    public_url = settings().public_url
    if is_loopback(name):
        return True
    if public_url:
        return name == urlsplit(public_url).hostname
    return not settings().is_local_only


def _is_allowed_origin(origin: str, host: str) -> bool:
    try:
        origin = normalized_origin(origin)
    except ValueError:
        return False
    allowed_origins = settings().cors_origins
    own_origins = {normalized_origin(f"{scheme}://{host}") for scheme in ("http", "https")}
    if settings().public_url:
        own_origins.add(normalized_origin(settings().public_url or ""))
    return "*" in allowed_origins or origin in {*own_origins, *allowed_origins}


async def _authenticate(request: Request) -> Response | None:
    """Identify the owner of the token and count the request; return an error if that fails."""
    RequestRateLimit(request.scope).set_category(LimitCategory.GENERAL)
    try:
        await run_in_threadpool(RequestContext(request).authenticate)
    except DomainError as error:
        return error_response(ERROR_RENDERER, error, request)
    except Exception as exception:
        unavailable = to_unavailable_error(exception)
        if unavailable is None:
            raise
        return error_response(ERROR_RENDERER, unavailable, request)
    return None


ROUTES = [Route(path, McpEndpoint(), include_in_schema=False) for path in (PATH, f"{PATH}/")]
