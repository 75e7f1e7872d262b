"""A proxy that records requests and fails as a test configures it."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Literal, cast


@dataclass(frozen=True, slots=True)
class CannedResponse:
    """A response of the proxy; the request is not forwarded."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"<html>Busy</html>"


Fault = CannedResponse | Literal["forward", "drop request", "drop response", "cut response"]
"""What the proxy does with a request instead of forwarding it and its response (or does that)."""


EXPIRED = CannedResponse(
    401,
    {"Content-Type": "application/json"},
    b'{"success": false, "error": {"code": "AUTHENTICATION_REQUIRED", "message": "It expired"}}',
)


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that the proxy received."""

    method: str
    path: str
    headers: Mapping[str, str]


class FaultyProxy(ThreadingHTTPServer):
    """Forwards requests to the server; each configured fault is applied to one request."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), ProxyHandler)
        self.port = port
        self.faults: deque[Fault] = deque()
        self.expired_tokens: set[str] = set()
        """Access tokens that the proxy rejects as expired."""
        self.requests: list[RecordedRequest] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self) -> list[str]:
        """Return the paths of the requests, in order."""
        return [one.path for one in self.requests]

    def keys(self) -> list[str | None]:
        """Return the idempotency keys of the requests, in order."""
        return [one.headers.get("idempotency-key") for one in self.requests]


class ProxyHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        proxy = cast("FaultyProxy", self.server)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.read_body(headers)
        proxy.requests.append(RecordedRequest(self.command, self.path, headers))
        fault = proxy.faults.popleft() if proxy.faults else None
        if headers.get("authorization", "").removeprefix("Bearer ") in proxy.expired_tokens:
            fault = EXPIRED
        if isinstance(fault, CannedResponse):
            self.respond(fault.status, dict(fault.headers), fault.body)
        elif fault == "drop request":
            self.close_abruptly()
        else:
            status, response_headers, content = self.forward(proxy.port, body)
            if fault == "drop response":
                self.close_abruptly()
            elif fault == "cut response":
                self.respond(status, response_headers, content, length=len(content) // 2)
                self.close_abruptly()
            else:
                self.respond(status, response_headers, content)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

    def read_body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def forward(self, port: int, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in ("connection", "transfer-encoding", "content-length")
        }
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        response_headers = {
            name: value
            for name, value in answer.getheaders()
            if name.lower() not in ("connection", "transfer-encoding", "content-length")
        }
        connection.close()
        return answer.status, response_headers, content

    def respond(
        self, status: int, headers: dict[str, str], body: bytes, length: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:length])
        self.wfile.flush()

    def close_abruptly(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def run_proxy(port: int) -> Iterator[FaultyProxy]:
    """Run a proxy to a port."""
    with FaultyProxy(port) as proxy:
        thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()
