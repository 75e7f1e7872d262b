"""Who may speak to the server and how: origins, the tab's identity, closed doors, safe headers.

One plain ASGI layer around everything the product serves. It holds what stock Reflex leaves open:
its socket takes any origin, the tab's token alone restores a tab's state, and endpoints nobody
here uses are reachable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticket_app.settings import SESSION_COOKIE

SOCKET: Final = "/_event"
CLOSED: Final = ("/_upload", "/_all_routes", "/_health", "/ping", "/auth-codespace")
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}

HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that (lower-case) name."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def session_cookie(cookie_header: str | None) -> str | None:
    """The session's secret out of a `Cookie` header."""
    try:
        morsel = SimpleCookie(cookie_header or "").get(SESSION_COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel and morsel.value else None


def bound_token(tab: str, cookie_header: str | None) -> str:
    """The name of a tab's state: useless without the cookie the state was filled for."""
    secret = session_cookie(cookie_header) or ""
    return hashlib.sha256(f"{secret}\n{tab}".encode()).hexdigest()[:40]


@dataclass
class Gate:
    """Lets in what comes from this desk's own pages (or a named origin), and names it safely."""

    app: ASGIApp
    allowed_origins: Iterable[str] = ()
    trusted_proxies: Iterable[str] = ()
    public_url: str | None = None
    _origins: frozenset[str] = field(init=False)
    _extra_headers: tuple[tuple[bytes, bytes], ...] = field(init=False)

    def __post_init__(self) -> None:
        named = [*self.allowed_origins, *([self.public_url] if self.public_url else [])]
        self._origins = frozenset(origin_of(url) for url in named)
        self._networks = [ip_network(net, strict=False) for net in self.trusted_proxies]
        secure = bool(self.public_url and self.public_url.startswith("https:"))
        self._extra_headers = (*HEADERS, HSTS) if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on one connection."""
        if scope["type"] == "websocket":
            if not scope["path"].startswith(SOCKET) or not self._is_ours(
                header(scope, b"origin"), scope
            ):
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(self._bound(self._as_seen_outside(scope)), receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, self._with_headers(send))
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith((SOCKET, *CLOSED)):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        elif self._is_forged(scope):
            await PlainTextResponse("This form was sent from another site.", 403)(
                scope, receive, send
            )
        else:
            await self.app(self._as_seen_outside(scope), receive, send)

    def _as_seen_outside(self, scope: Scope) -> Scope:
        """The request with the scheme and the address that the proxy in front was asked from."""
        if not self._is_trusted(scope):
            return scope
        scheme = header(scope, b"x-forwarded-proto")
        passed = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        hops = [hop.strip() for hop in b",".join(passed).decode("latin-1").split(",")]
        # Only the last hops are our proxies' word; what stands before them, anybody may write.
        client = next((hop for hop in reversed(hops) if not self._is_ours_to_trust(hop)), "")
        return {
            **scope,
            "scheme": scheme if {scheme, scope["scheme"]} <= {*DEFAULT_PORTS} else scope["scheme"],
            "client": (client, 0) if is_address(client) else scope["client"],
        }

    def _is_forged(self, scope: Scope) -> bool:
        """A change asked for by another site's page in the name of whoever is signed in here."""
        if scope["method"] in SAFE_METHODS:
            return False
        by_cookie = session_cookie(header(scope, b"cookie")) is not None
        if not by_cookie and not scope["path"].startswith("/session"):
            return False
        origin = header(scope, b"origin")
        if origin is not None:
            return not self._is_ours(origin, scope)
        return header(scope, b"sec-fetch-site") not in (None, "same-origin", "none")

    def _is_ours(self, origin: str | None, scope: Scope) -> bool:
        if not origin or origin == "null":
            return False
        origin = origin_of(origin)
        if origin in self._origins:
            return True
        host = header(scope, b"host") or ""
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        if self._is_trusted(scope):
            host = header(scope, b"x-forwarded-host") or host
            scheme = header(scope, b"x-forwarded-proto") or scheme
        return bool(host) and origin == origin_of(f"{scheme}://{host}")

    def _is_trusted(self, scope: Scope) -> bool:
        return self._is_ours_to_trust((scope.get("client") or ("",))[0])

    def _is_ours_to_trust(self, host: str) -> bool:
        return is_address(host) and any(ip_address(host) in network for network in self._networks)

    def _bound(self, scope: Scope) -> Scope:
        cookie = header(scope, b"cookie")
        query = [
            (name, bound_token(value, cookie) if name == "token" else value)
            for name, value in parse_qsl(scope["query_string"].decode("latin-1"))
        ]
        return {**scope, "query_string": urlencode(query).encode()}

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                present = {name.lower() for name, _ in headers}
                message["headers"] = [
                    *headers,
                    *(pair for pair in self._extra_headers if pair[0] not in present),
                ]
            await send(message)

        return sending


def is_address(host: str) -> bool:
    """Whether that is an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def origin_of(url: str) -> str:
    """`scheme://host[:port]` in lower case, without a default port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower().removesuffix(
        DEFAULT_PORTS.get(parts.scheme.lower(), "")
    )
