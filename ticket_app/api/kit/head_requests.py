"""Respond to HEAD on every path that has GET."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD_SCOPE_KEY = "ticket_app.head"
"""Set in the scope of a request whose method was HEAD."""


class HeadRequestMiddleware:
    """Handle HEAD as GET and drop the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request. Plain ASGI, because every request passes through it."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A range is defined for GET only (RFC 9110, section 14.2).
        headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
        get_scope = {**scope, "method": "GET", "headers": headers, HEAD_SCOPE_KEY: True}
        await self.app(get_scope, receive, headers_only)
