"""Who may speak to the server and how: origins, the tab's identity, closed doors, safe headers.

One plain ASGI layer around everything the product serves. It holds what stock Reflex leaves open:
its socket takes any origin, the tab's token alone restores a tab's state, and endpoints nobody
here uses are reachable.

Three questions are asked about an origin, and none of the answers depends on another:

- May this page open the socket? Only pages of the host that was asked, or of `TICKET_PUBLIC_URL`.
- May this form change something with the session's cookie? The same pages only.
- May a page of another origin call the API? `TICKET_CORS_ORIGINS` says so (`api.kit.cors`); such a
  page brings a token, is never trusted with the cookie, and cannot open the socket.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticket_app.settings import HOST_OR_PORT, SESSION_COOKIE, ZONE_COOKIE, normalized_origin

SOCKET: Final = "/_event"
CLOSED: Final = ("/_upload", "/_all_routes", "/_health", "/ping", "/auth-codespace")
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
USUAL_PORTS: Final = frozenset({"80", "443"})
SOCKET_SCHEMES: Final = {"http": "ws", "https": "wss"}
PLAIN: Final = {"ws": "http", "wss": "https"}
HAS_PORT: Final = re.compile(r":\d{1,5}$")

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


def forwarded(scope: Scope, name: bytes) -> list[str]:
    """The values of an `X-Forwarded-*` header, each proxy's own, the nearest proxy's last."""
    sent = b",".join(value for key, value in scope["headers"] if key == name)
    return [value.strip() for value in sent.decode("latin-1").split(",") if value.strip()]


def hop_of(values: list[str], passed: int | None) -> str | None:
    """The value told by the proxy that stands `passed` proxies before us; else the nearest's."""
    if not values:
        return None
    return values[-1 - min(passed or 0, len(values) - 1)]


def plain_scheme(scheme: str) -> str:
    """Return `http` or `https` for a socket's scheme, any other unchanged."""
    return PLAIN.get(scheme, scheme)


def session_cookie(cookie_header: str | None) -> str | None:
    """The session's secret out of a `Cookie` header."""
    return _cookie(cookie_header, SESSION_COOKIE)


def zone_cookie(cookie_header: str | None) -> str | None:
    """The name of the browser's time zone out of a `Cookie` header."""
    name = _cookie(cookie_header, ZONE_COOKIE)
    return name and unquote(name)


def _cookie(cookie_header: str | None, name: str) -> str | None:
    try:
        morsel = SimpleCookie(cookie_header or "").get(name)
    except CookieError:
        return None
    return morsel.value if morsel and morsel.value else None


def bound_token(tab: str, cookie_header: str | None) -> str:
    """The name of a tab's state: useless without the cookie the state was filled for."""
    secret = session_cookie(cookie_header) or ""
    return hashlib.sha256(f"{secret}\n{tab}".encode()).hexdigest()[:40]


@dataclass
class Gate:
    """Lets in what comes from this desk's own pages, and names it safely."""

    app: ASGIApp
    trusted_proxies: Iterable[str] = ()
    public_url: str | None = None
    _public_origin: str | None = field(init=False)
    _extra_headers: tuple[tuple[bytes, bytes], ...] = field(init=False)

    def __post_init__(self) -> None:
        self._public_origin = normalized_origin(self.public_url) if self.public_url else None
        self._networks = [ip_network(net, strict=False) for net in self.trusted_proxies]
        secure = (self._public_origin or "").startswith("https:")
        self._extra_headers = (*HEADERS, HSTS) if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on one connection."""
        if scope["type"] in ("http", "websocket"):
            scope = self._as_seen_outside(scope)
        if scope["type"] == "websocket":
            origin = header(scope, b"origin")
            if not scope["path"].startswith(SOCKET) or not self._is_own_page(origin, scope):
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(self._bound(scope), receive, send)
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
            await self.app(scope, receive, send)

    def _as_seen_outside(self, scope: Scope) -> Scope:
        """The request with the scheme, host and address that a trusted proxy was asked from."""
        if not self._is_trusted(scope):
            return scope
        hops = forwarded(scope, b"x-forwarded-for")
        # Only the last hops are our proxies' word; what stands before them, anybody may write.
        # The proxy that was asked by the client comes just after it.
        passed = next(
            (n for n, hop in enumerate(reversed(hops)) if not self._is_ours_to_trust(hop)), None
        )
        client = hops[-1 - passed] if passed is not None else ""
        said = (hop_of(forwarded(scope, b"x-forwarded-proto"), passed) or "").lower()
        scheme = plain_scheme(said)  # of a socket, Traefik says ws or wss
        if scheme not in SOCKET_SCHEMES:
            scheme = plain_scheme(scope["scheme"])
        host = hop_of(forwarded(scope, b"x-forwarded-host"), passed)
        port = hop_of(forwarded(scope, b"x-forwarded-port"), passed)
        own = host or header(scope, b"host") or ""
        if port and port.isdecimal() and port not in USUAL_PORTS and not HAS_PORT.search(own):
            host = f"{own}:{port}"
        headers = scope["headers"]
        if host and HOST_OR_PORT.fullmatch(host):
            headers = [pair for pair in headers if pair[0] != b"host"]
            headers.append((b"host", host.encode("latin-1")))
        if scope["type"] == "websocket":
            scheme = SOCKET_SCHEMES[scheme]
        return {
            **scope,
            "scheme": scheme,
            "headers": headers,
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
            return not self._is_own_page(origin, scope)
        return header(scope, b"sec-fetch-site") not in (None, "same-origin", "none")

    def _is_own_page(self, origin: str | None, scope: Scope) -> bool:
        """Whether that is the origin of this desk's own pages: the host asked, or the public URL.

        A page that came over https may ask for what arrives here over http: then a proxy in front
        speaks https and was not named in `TICKET_TRUSTED_PROXIES`. The other way round is refused.
        """
        if not origin or origin == "null":
            return False
        origin = normalized_origin(origin)
        if origin == self._public_origin:
            return True
        host = header(scope, b"host")
        scheme = plain_scheme(scope["scheme"])
        return bool(host) and origin in {
            normalized_origin(f"{possible}://{host}") for possible in {scheme, "https"}
        }

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
