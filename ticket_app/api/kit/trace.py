"""Every request has an id and one line in the log."""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticket_app.api.kit import allowance
from ticket_app.core.platform.logs import log

_WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Trace:
    """Gives each request an id (the caller's own if it is well formed) and logs how it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; plain ASGI, as it lies on every path."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = told.decode() if _WELL_FORMED.fullmatch(told) else str(uuid4())
        scope["request_id"] = request_id
        scope.setdefault("state", {})
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                    *allowance.headers(scope),
                ]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            structlog.contextvars.clear_contextvars()
            if _is_api(scope):
                actor: Any = scope["state"].get("actor")
                log().info(
                    "request",
                    request_id=request_id,
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((time.perf_counter() - began) * 1000, 1),
                    actor=actor.username if actor else None,
                    client=_client_app(scope),
                )


def _is_api(scope: Scope) -> bool:
    return "." not in scope["path"].rpartition("/")[2] and not scope["path"].startswith("/_")


def _client_app(scope: Scope) -> str | None:
    sent = dict(scope["headers"]).get(b"x-client-app")
    return sent.decode("latin-1")[:60] if sent else None
