"""Origin checks, session binding of tabs, blocked endpoints and security headers.

An ASGI layer around the whole product. It closes what Reflex leaves open: its socket accepts any
origin, the token of a tab alone restores the tab's state, and unused endpoints are reachable.

Three rules apply to origins, each on its own:

- Only pages of the requested host or of `TICKET_PUBLIC_URL` may open the socket.

- Only those pages may submit a form with the session cookie.

- `TICKET_CORS_ORIGINS` lists the other origins that may call the API (`api.kit.cors`). Their pages
send a token, are never authenticated by the cookie and cannot open the socket.
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

from ticket_app.settings import HOST_PATTERN, SESSION_COOKIE, ZONE_COOKIE, normalized_origin

SOCKET_PATH: Final = "/_event"
BLOCKED_PATHS: Final = ("/_upload", "/_all_routes", "/_health", "/ping", "/auth-codespace")
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
DEFAULT_PORTS: Final = frozenset({"80", "443"})
SOCKET_SCHEMES: Final = {"http": "ws", "https": "wss"}
HTTP_SCHEMES: Final = {"ws": "http", "wss": "https"}
PORT_PATTERN: Final = re.compile(r":\d{1,5}$")

SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
HSTS_HEADER: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def get_header(scope: Scope, name: bytes) -> str | None:
    """Return the first header with that (lower-case) name."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def forwarded_values(scope: Scope, name: bytes) -> list[str]:
    """Return the values of an `X-Forwarded-*` header, the nearest proxy's last."""
    raw_value = b",".join(value for key, value in scope["headers"] if key == name)
    return [value.strip() for value in raw_value.decode("latin-1").split(",") if value.strip()]


def value_at_hop(values: list[str], trusted_hops: int | None) -> str | None:
    """Return the value set by the outermost trusted proxy, or the nearest proxy's."""
    if not values:
        return None
    return values[-1 - min(trusted_hops or 0, len(values) - 1)]


def http_scheme(scheme: str) -> str:
    """Return `http` or `https` for a socket's scheme, any other unchanged."""
    return HTTP_SCHEMES.get(scheme, scheme)


def session_cookie(cookie_header: str | None) -> str | None:
    """Return the session secret in a `Cookie` header."""
    return _read_cookie(cookie_header, SESSION_COOKIE)


def time_zone_cookie(cookie_header: str | None) -> str | None:
    """Return the browser's time zone in a `Cookie` header."""
    name = _read_cookie(cookie_header, ZONE_COOKIE)
    return name and unquote(name)


def _read_cookie(cookie_header: str | None, name: str) -> str | None:
    try:
        morsel = SimpleCookie(cookie_header or "").get(name)
    except CookieError:
        return None
    return morsel.value if morsel and morsel.value else None


def hash_tab_token(tab_token: str, cookie_header: str | None) -> str:
    """Return the name of a tab's state, which is useless without the cookie of its session."""
    secret = session_cookie(cookie_header) or ""
    return hashlib.sha256(f"{secret}\n{tab_token}".encode()).hexdigest()[:40]


@dataclass
class SecurityMiddleware:
    """Accepts requests from this product's own pages and adds security headers."""

    app: ASGIApp
    trusted_proxies: Iterable[str] = ()
    public_url: str | None = None
    _public_origin: str | None = field(init=False)
    _extra_headers: tuple[tuple[bytes, bytes], ...] = field(init=False)

    def __post_init__(self) -> None:
        self._public_origin = normalized_origin(self.public_url) if self.public_url else None
        self._trusted_networks = [ip_network(net, strict=False) for net in self.trusted_proxies]
        secure = (self._public_origin or "").startswith("https:")
        self._extra_headers = (*SECURITY_HEADERS, HSTS_HEADER) if secure else SECURITY_HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, reject or pass on one connection."""
        if scope["type"] in ("http", "websocket"):
            scope = self._apply_forwarded_headers(scope)
        if scope["type"] == "websocket":
            origin = get_header(scope, b"origin")
            if not scope["path"].startswith(SOCKET_PATH) or not self._is_same_origin(origin, scope):
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(self._bind_tab_state(scope), receive, send)
        elif scope["type"] == "http":
            await self._handle_http(scope, receive, self._add_security_headers(send))
        else:
            await self.app(scope, receive, send)

    async def _handle_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith((SOCKET_PATH, *BLOCKED_PATHS)):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        elif self._is_cross_site_request(scope):
            await PlainTextResponse("This form was sent from another site.", 403)(
                scope, receive, send
            )
        else:
            await self.app(scope, receive, send)

    def _apply_forwarded_headers(self, scope: Scope) -> Scope:
        """Return the scope with the scheme, host and address that a trusted proxy received."""
        if not self._is_from_trusted_proxy(scope):
            return scope
        hops = forwarded_values(scope, b"x-forwarded-for")
        # Only the last values are set by our proxies; a client can write the ones before. The
        # outermost trusted proxy's value comes right after those.
        trusted_hops = next(
            (n for n, hop in enumerate(reversed(hops)) if not self._is_trusted_proxy(hop)), None
        )
        client = hops[-1 - trusted_hops] if trusted_hops is not None else ""
        forwarded_scheme = (
            value_at_hop(forwarded_values(scope, b"x-forwarded-proto"), trusted_hops) or ""
        ).lower()
        scheme = http_scheme(forwarded_scheme)  # Traefik sends ws or wss for a socket
        if scheme not in SOCKET_SCHEMES:
            scheme = http_scheme(scope["scheme"])
        host = value_at_hop(forwarded_values(scope, b"x-forwarded-host"), trusted_hops)
        port = value_at_hop(forwarded_values(scope, b"x-forwarded-port"), trusted_hops)
        requested_host = host or get_header(scope, b"host") or ""
        if (
            port
            and port.isdecimal()
            and port not in DEFAULT_PORTS
            and not PORT_PATTERN.search(requested_host)
        ):
            host = f"{requested_host}:{port}"
        headers = scope["headers"]
        if host and HOST_PATTERN.fullmatch(host):
            headers = [pair for pair in headers if pair[0] != b"host"]
            headers.append((b"host", host.encode("latin-1")))
        if scope["type"] == "websocket":
            scheme = SOCKET_SCHEMES[scheme]
        return {
            **scope,
            "scheme": scheme,
            "headers": headers,
            "client": (client, 0) if is_ip_address(client) else scope["client"],
        }

    def _is_cross_site_request(self, scope: Scope) -> bool:
        """Return whether another site's page sent a change with the person's cookie."""
        if scope["method"] in SAFE_METHODS:
            return False
        has_session_cookie = session_cookie(get_header(scope, b"cookie")) is not None
        if not has_session_cookie and not scope["path"].startswith("/session"):
            return False
        origin = get_header(scope, b"origin")
        if origin is not None:
            return not self._is_same_origin(origin, scope)
        return get_header(scope, b"sec-fetch-site") not in (None, "same-origin", "none")

    def _is_same_origin(self, origin: str | None, scope: Scope) -> bool:
        """Return whether the origin is that of our own pages: the requested host, or the public
        URL.

        A page loaded over https may send requests that arrive over http: then a proxy in front ends
        TLS and is not named in `TICKET_TRUSTED_PROXIES`. The opposite is rejected.
        """
        if not origin or origin == "null":
            return False
        origin = normalized_origin(origin)
        if origin == self._public_origin:
            return True
        host = get_header(scope, b"host")
        scheme = http_scheme(scope["scheme"])
        return bool(host) and origin in {
            normalized_origin(f"{candidate}://{host}") for candidate in {scheme, "https"}
        }

    def _is_from_trusted_proxy(self, scope: Scope) -> bool:
        return self._is_trusted_proxy((scope.get("client") or ("",))[0])

    def _is_trusted_proxy(self, host: str) -> bool:
        return is_ip_address(host) and any(
            ip_address(host) in network for network in self._trusted_networks
        )

    def _bind_tab_state(self, scope: Scope) -> Scope:
        cookie = get_header(scope, b"cookie")
        query = [
            (name, hash_tab_token(value, cookie) if name == "token" else value)
            for name, value in parse_qsl(scope["query_string"].decode("latin-1"))
        ]
        return {**scope, "query_string": urlencode(query).encode()}

    def _add_security_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                existing_names = {name.lower() for name, _ in headers}
                message["headers"] = [
                    *headers,
                    *(pair for pair in self._extra_headers if pair[0] not in existing_names),
                ]
            await send(message)

        return send_with_headers


def is_ip_address(host: str) -> bool:
    """Return whether the host is an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
