"""Calls to addresses that somebody else has named, such that they reach nothing inner.

A name is looked up here, every address it has is checked, and the connection goes to an address
that was checked; the certificate is checked against the name. No redirect is followed, no proxy of
the environment used, and time and answer are bounded whatever the other side does.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import certifi
import httpcore

from ticket_app.core.platform.network_addresses import Destination, destination, is_public

SECONDS = 15.0
"""For all of a call, from looking up the name to the last byte of the answer."""
LONGEST_ANSWER = 64 * 1024
"""Bytes of an answer's body that are read."""


class Unreached(Exception):
    """The call came to nothing; the message is fit to be shown to whoever named the address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    headers: Mapping[str, str]
    body: str


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Send a body to a URL. Raises `Unreached`, `Invalid` for a URL that may not be called."""
    to = destination(url)
    until = time.monotonic() + seconds
    sent = [("Host", to.shown_host), *headers.items(), ("Content-Length", str(len(body)))]
    request = httpcore.Request(
        "POST",
        httpcore.URL(scheme=to.scheme, host=to.host, port=to.port, target=to.target),
        headers=[*sent, ("Connection", "close"), ("Accept-Encoding", "identity")],
        content=body,
        extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)},
    )
    pool = httpcore.ConnectionPool(
        ssl_context=certificates(), network_backend=_Checked(to, until), max_connections=1
    )
    try:
        with pool:
            answer = pool.handle_request(request)
            try:
                return _read(answer)
            finally:
                answer.close()
    except httpcore.TimeoutException:
        raise Unreached(f"no answer within {seconds:.0f} seconds") from None
    except httpcore.ConnectError as broken:
        raise Unreached(_why(broken)) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as broken:
        raise Unreached(f"the connection broke ({type(broken).__name__})") from None


def _why(broken: httpcore.ConnectError) -> str:
    reason = broken.__cause__ or broken.__context__
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"the certificate is not good: {reason.verify_message}"
    if isinstance(reason, ssl.SSLError):
        return f"TLS failed: {reason.reason or 'no handshake'}"
    if isinstance(reason, OSError) and reason.strerror:
        return f"no connection: {reason.strerror}"
    return "no connection"


def _read(answer: httpcore.Response) -> Answer:
    body = bytearray()
    for chunk in answer.iter_stream():
        body += chunk
        if len(body) >= LONGEST_ANSWER:
            break
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
    }
    return Answer(answer.status, headers, bytes(body[:LONGEST_ANSWER]).decode("utf-8", "replace"))


@lru_cache(maxsize=1)
def certificates() -> ssl.SSLContext:
    """Whose certificates are believed: what the system trusts, and certifi's list."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def look_up(host: str, port: int) -> list[str]:
    """Every address of a host. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _look_up_until(host: str, port: int, until: float) -> list[str]:
    """Every address of a host; nobody waits longer, though the system may go on looking."""
    found: list[str] = []
    failed: list[OSError] = []

    def look() -> None:
        try:
            found.extend(look_up(host, port))
        except OSError as unknown:
            failed.append(unknown)
        except UnicodeError:
            failed.append(OSError("not a name"))

    looking = threading.Thread(target=look, name="look-up", daemon=True)
    looking.start()
    looking.join(max(0.0, until - time.monotonic()))
    if failed or not found:
        raise Unreached(
            "the host's name is not known" if failed else "the name was not found in time"
        )
    return list(found)


class _Checked(httpcore.NetworkBackend):
    """Connects to addresses that were checked, for one call."""

    def __init__(self, to: Destination, until: float) -> None:
        self._to = to
        self._until = until
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that takes one."""
        addresses = _look_up_until(host, port, self._until)
        if not self._to.is_allowed and not all(map(is_public, addresses)):
            raise Unreached("the host has an address that is not of the public internet")
        for n, address in enumerate(addresses[:4], start=1):
            left = _left(self._until)
            try:
                stream = self._plain.connect_tcp(
                    address, port, timeout=left / 2 if n < len(addresses) else left
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if n == min(len(addresses), 4):
                    raise
            else:
                return _Timed(stream, self._until)
        raise Unreached("the host has no address")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


class _Timed(httpcore.NetworkStream):
    """A stream whose end is set: each wait is as long as what is left of the whole."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most so many bytes, in what time is left."""
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of it, in what time is left."""
        self._stream.write(buffer, _left(self._until))

    def close(self) -> None:
        """Give the connection up."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same stream, encrypted, to who has a certificate for the name."""
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._until))
        return _Timed(stream, self._until)

    def get_extra_info(self, info: str) -> Any:
        """What the stream knows of itself."""
        return self._stream.get_extra_info(info)
