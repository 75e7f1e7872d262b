"""Cross-origin requests: which other pages may call the API from a browser, and what they may read.

The API knows its callers by tokens alone, so no answer ever allows credentials (cookies): a page of
another origin can do only what the token it brings can do. The session's cookie counts for the web
app's own pages, and which those are is decided elsewhere (`ui.gate`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticket_app.settings import normalized_origin, settings

ANY: Final = "*"
METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS: Final = (
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
"""What the documents' clients and our SDKs send. A page may send other headers, too: none of them
gives it more than its token does."""
RESPONSE_HEADERS: Final = (
    "Accept-Ranges",
    "Allow",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-ID",
)
"""What a page may read of an answer, beside the few headers that browsers show to every page."""
REMEMBERED_FOR: Final = 7200
"""Seconds for which a browser need not ask again; Chrome takes no more."""
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_MOST_HEADERS: Final = 50


class Cors:
    """Answers preflights of the API and names the origin that may read each of its answers.

    It wraps the whole API, so that pages can read refusals and failures as well. `prefixes`
    are the first parts of the API's paths, without slashes; other paths belong to the web app.
    """

    def __init__(self, app: ASGIApp, prefixes: Iterable[str]) -> None:
        self.app = app
        self.prefixes = frozenset(prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it if it is a preflight of an allowed origin."""
        allowed = settings().cors_origins
        if scope["type"] != "http" or not allowed or not self._is_api(scope["path"]):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        allowed_origin = _find_allowed(origin, allowed)
        wanted = headers.get(b"access-control-request-method")
        if scope["method"] == "OPTIONS" and allowed_origin and wanted:
            asked = headers.get(b"access-control-request-headers", b"").decode("latin-1")
            await _answer_preflight(send, allowed_origin, asked)
            return
        await self._pass_on(scope, receive, send, allowed_origin)

    def _is_api(self, path: str) -> bool:
        return path.strip("/").partition("/")[0] in self.prefixes

    async def _pass_on(
        self, scope: Scope, receive: Receive, send: Send, allowed_origin: str | None
    ) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if allowed_origin:
                    exposed = ", ".join(RESPONSE_HEADERS).encode()
                    headers.append((b"access-control-allow-origin", allowed_origin.encode()))
                    headers.append((b"access-control-expose-headers", exposed))
                if allowed_origin != ANY:
                    headers = _varying(headers)
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, answer)


def _find_allowed(origin: str, allowed: Sequence[str]) -> str | None:
    """The value of `Access-Control-Allow-Origin` for a request of this origin, if there is one."""
    if ANY in allowed:
        return ANY
    return origin if origin and normalized_origin(origin) in allowed else None


def _varying(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers, which tell caches that the answer depends on the origin, beside what it did."""
    varies = [value for name, value in headers if name.lower() == b"vary"]
    others = [pair for pair in headers if pair[0].lower() != b"vary"]
    return [*others, (b"vary", b", ".join([*varies, b"Origin"]))]


async def _answer_preflight(send: Send, allowed_origin: str, asked: str) -> None:
    known = {name.lower() for name in REQUEST_HEADERS}
    names = [name.strip() for name in asked.split(",")[:_MOST_HEADERS]]
    more = [name for name in names if name.lower() not in known and _HEADER_NAME.fullmatch(name)]
    headers = [
        (b"access-control-allow-origin", allowed_origin.encode()),
        (b"access-control-allow-methods", METHODS.encode()),
        (b"access-control-allow-headers", ", ".join([*REQUEST_HEADERS, *more]).encode()),
        (b"access-control-max-age", b"%d" % REMEMBERED_FOR),
        (b"content-length", b"0"),
        (
            b"vary",
            b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        ),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
