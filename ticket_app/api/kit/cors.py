"""Cross-origin requests: which origins may call the API from a browser, and which headers they
read.

The API accepts tokens only, so responses never allow credentials (cookies): a page of another
origin can do only what its token allows. The session cookie is for the web app's own pages, which
`ui.security_middleware` checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticket_app.settings import normalized_origin, settings

ANY_ORIGIN: Final = "*"
ALLOWED_METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
ALLOWED_HEADERS: Final = (
    "Accept",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Range",
    "X-API-Key",
    "X-Client-App",
    "X-Client-Version",
    "X-Request-ID",
    "X-Requested-With",
)
"""Headers that the documents' clients and our SDKs send. Allowing others would be harmless too:
only the token decides what a page may do."""
EXPOSED_HEADERS: Final = (
    "Accept-Ranges",
    "Allow",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "MCP-Protocol-Version",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-ID",
)
"""Response headers that pages may read, in addition to those that browsers always expose."""
PREFLIGHT_MAX_AGE: Final = 7200
"""Seconds for which browsers may cache a preflight; the maximum that Chrome accepts."""
_HEADER_NAME_PATTERN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_MAX_REQUESTED_HEADERS: Final = 50


class CorsMiddleware:
    """Respond to preflight requests and name the allowed origin on each response of the API.

    It wraps the whole API, so that pages can read error responses too. `prefixes` are the first
    segments of the API's paths, without slashes; other paths belong to the web app.
    """

    def __init__(self, app: ASGIApp, prefixes: Iterable[str]) -> None:
        self.app = app
        self.prefixes = frozenset(prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or respond to it if it is a preflight from an allowed origin."""
        allowed_origins = settings().cors_origins
        if scope["type"] != "http" or not allowed_origins or not self._is_api(scope["path"]):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        allowed_origin = _match_origin(origin, allowed_origins)
        requested_method = headers.get(b"access-control-request-method")
        if scope["method"] == "OPTIONS" and allowed_origin and requested_method:
            requested_headers = headers.get(b"access-control-request-headers", b"").decode(
                "latin-1"
            )
            await _send_preflight_response(send, allowed_origin, requested_headers)
            return
        await self._add_cors_headers(scope, receive, send, allowed_origin)

    def _is_api(self, path: str) -> bool:
        return path.strip("/").partition("/")[0] in self.prefixes

    async def _add_cors_headers(
        self, scope: Scope, receive: Receive, send: Send, allowed_origin: str | None
    ) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if allowed_origin:
                    exposed = ", ".join(EXPOSED_HEADERS).encode()
                    headers.append((b"access-control-allow-origin", allowed_origin.encode()))
                    headers.append((b"access-control-expose-headers", exposed))
                if allowed_origin != ANY_ORIGIN:
                    headers = _vary_on_origin(headers)
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _match_origin(origin: str, allowed_origins: Sequence[str]) -> str | None:
    """Return the `Access-Control-Allow-Origin` for a request from this origin, or None."""
    if ANY_ORIGIN in allowed_origins:
        return ANY_ORIGIN
    return origin if origin and normalized_origin(origin) in allowed_origins else None


def _vary_on_origin(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers with `Origin` added to `Vary`."""
    vary_values = [value for name, value in headers if name.lower() == b"vary"]
    other_headers = [pair for pair in headers if pair[0].lower() != b"vary"]
    return [*other_headers, (b"vary", b", ".join([*vary_values, b"Origin"]))]


async def _send_preflight_response(send: Send, allowed_origin: str, requested_headers: str) -> None:
    known = {name.lower() for name in ALLOWED_HEADERS}
    names = [name.strip() for name in requested_headers.split(",")[:_MAX_REQUESTED_HEADERS]]
    additional_names = [
        name for name in names if name.lower() not in known and _HEADER_NAME_PATTERN.fullmatch(name)
    ]
    headers = [
        (b"access-control-allow-origin", allowed_origin.encode()),
        (b"access-control-allow-methods", ALLOWED_METHODS.encode()),
        (
            b"access-control-allow-headers",
            ", ".join([*ALLOWED_HEADERS, *additional_names]).encode(),
        ),
        (b"access-control-max-age", b"%d" % PREFLIGHT_MAX_AGE),
        (b"content-length", b"0"),
        (
            b"vary",
            b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        ),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
