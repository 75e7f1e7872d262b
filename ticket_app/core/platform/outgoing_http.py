"""Send HTTP requests to URLs that users enter, without reaching the internal network.

The host name is resolved here, every address of it is checked, and the connection goes to a checked
address; the certificate is verified against the name. Redirects are not followed, proxies from the
environment are not used, and the duration and the size of the response are limited.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import certifi
import httpcore

from ticket_app.core.platform.network_addresses import Destination, is_public, parse_destination

SocketOption: TypeAlias = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)
"""The arguments of `socket.setsockopt`."""
TIMEOUT_SECONDS = 15.0
"""For a whole call, from resolving the host name to the last byte of the response."""
MAX_RESPONSE_BYTES = 64 * 1024
"""Bytes of a response body that are read."""


class RequestFailed(Exception):
    """The call failed; the message can be shown to the user who entered the URL."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """The response of the other server."""

    status: int
    headers: Mapping[str, str]
    body: str


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, timeout: float = TIMEOUT_SECONDS
) -> HttpResponse:
    """Send a POST request that may take `timeout` seconds.

    Raises `RequestFailed`, or `Invalid` for a URL that is not allowed.
    """
    endpoint = parse_destination(url)
    deadline = time.monotonic() + timeout
    base_headers = [
        ("Host", endpoint.host_header),
        *headers.items(),
        ("Content-Length", str(len(body))),
    ]
    request = httpcore.Request(
        "POST",
        httpcore.URL(
            scheme=endpoint.scheme,
            host=endpoint.host,
            port=endpoint.port,
            target=endpoint.path_and_query,
        ),
        headers=[*base_headers, ("Connection", "close"), ("Accept-Encoding", "identity")],
        content=body,
        extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout)},
    )
    pool = httpcore.ConnectionPool(
        ssl_context=trusted_ssl_context(),
        network_backend=_CheckedBackend(endpoint, deadline),
        max_connections=1,
    )
    try:
        with pool:
            response = pool.handle_request(request)
            try:
                return _read_response(response)
            finally:
                response.close()
    except httpcore.TimeoutException:
        raise RequestFailed(f"no response within {timeout:.0f} seconds") from None
    except httpcore.ConnectError as error:
        raise RequestFailed(_describe_connect_error(error)) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise RequestFailed(f"the connection was lost ({type(error).__name__})") from None


def _describe_connect_error(error: httpcore.ConnectError) -> str:
    reason = error.__cause__ or error.__context__
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"the certificate is not valid: {reason.verify_message}"
    if isinstance(reason, ssl.SSLError):
        return f"TLS failed: {reason.reason or 'no handshake'}"
    if isinstance(reason, OSError) and reason.strerror:
        return f"no connection: {reason.strerror}"
    return "no connection"


def _read_response(response: httpcore.Response) -> HttpResponse:
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk
        if len(body) >= MAX_RESPONSE_BYTES:
            break
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    return HttpResponse(
        response.status, headers, bytes(body[:MAX_RESPONSE_BYTES]).decode("utf-8", "replace")
    )


@lru_cache(maxsize=1)
def trusted_ssl_context() -> ssl.SSLContext:
    """Return a context that trusts the certificate authorities of the system and of certifi."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def resolve_host(host: str, port: int) -> list[str]:
    """Return every address of a host. Raises `OSError`."""
    address_infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in address_infos))


def _resolve_host_before(host: str, port: int, deadline: float) -> list[str]:
    """Return every address of a host. Raises `RequestFailed` if the deadline passes before."""
    addresses: list[str] = []
    errors: list[OSError] = []

    def resolve() -> None:
        try:
            addresses.extend(resolve_host(host, port))
        except OSError as error:
            errors.append(error)
        except UnicodeError:
            errors.append(OSError("not a host name"))

    resolver_thread = threading.Thread(target=resolve, name="resolve-host", daemon=True)
    resolver_thread.start()
    resolver_thread.join(max(0.0, deadline - time.monotonic()))
    if errors or not addresses:
        raise RequestFailed(
            "the host name could not be resolved"
            if errors
            else "resolving the host name took too long"
        )
    return list(addresses)


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects only to checked addresses, for one call."""

    def __init__(self, endpoint: Destination, deadline: float) -> None:
        self._endpoint = endpoint
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that accepts a connection."""
        addresses = _resolve_host_before(host, port, self._deadline)
        if not self._endpoint.is_allowlisted and not all(map(is_public, addresses)):
            raise RequestFailed("the host has an address that is not on the public internet")
        for n, address in enumerate(addresses[:4], start=1):
            seconds_left = _require_seconds_left(self._deadline)
            try:
                stream = self._backend.connect_tcp(
                    address, port, timeout=seconds_left / 2 if n < len(addresses) else seconds_left
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if n == min(len(addresses), 4):
                    raise
            else:
                return _DeadlineStream(stream, self._deadline)
        raise RequestFailed("the host has no address")


def _require_seconds_left(deadline: float) -> float:
    seconds_left = deadline - time.monotonic()
    if seconds_left <= 0:
        raise httpcore.ReadTimeout
    return seconds_left


class _DeadlineStream(httpcore.NetworkStream):
    """A stream with a deadline for all its operations together."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read at most `max_bytes` before the deadline."""
        return self._stream.read(max_bytes, _require_seconds_left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all bytes before the deadline."""
        self._stream.write(buffer, _require_seconds_left(self._deadline))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the stream with TLS, verified against the server's name."""
        stream = self._stream.start_tls(
            ssl_context, server_hostname, _require_seconds_left(self._deadline)
        )
        return _DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        """Return a property of the wrapped stream."""
        return self._stream.get_extra_info(info)
