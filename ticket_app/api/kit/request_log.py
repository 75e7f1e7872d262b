"""Give each request an id and write one log line for it."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticket_app.api.kit import request_rate_limit
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.logs import log

_REQUEST_ID_PATTERN = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestLogMiddleware:
    """Assigns each request an id (the client's own if it is well formed) and logs the outcome."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request. Plain ASGI, because every request passes through it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent_id = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = sent_id.decode() if _REQUEST_ID_PATTERN.fullmatch(sent_id) else str(uuid4())
        scope["request_id"] = request_id
        scope.setdefault("state", {})
        structlog.contextvars.bind_contextvars(
            request_id=request_id, channel=_channel(scope["path"])
        )
        started_at = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                    *request_rate_limit.headers(scope),
                ]
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            structlog.contextvars.clear_contextvars()
            if _is_logged(scope):
                actor: Actor | None = scope["state"].get("actor")
                log().info(
                    "request",
                    request_id=request_id,
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((time.perf_counter() - started_at) * 1000, 1),
                    actor=actor.username if actor else None,
                    client=_client_app(scope),
                )


def _channel(path: str) -> str:
    """Return what a request came through: the web app's own requests, an API, or MCP."""
    return {"session": "web", "files": "web", "mcp": "mcp"}.get(path.split("/")[1], "api")


def _is_logged(scope: Scope) -> bool:
    return "." not in scope["path"].rpartition("/")[2] and not scope["path"].startswith("/_")


def _client_app(scope: Scope) -> str | None:
    header = dict(scope["headers"]).get(b"x-client-app")
    return header.decode("latin-1")[:60] if header else None
