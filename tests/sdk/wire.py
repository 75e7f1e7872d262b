"""A wire to the desk that fails as a test tells it, and remembers what went over it."""

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
class Answers:
    """An answer that is not the desk's; the desk does not hear of the request."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"<html>Busy</html>"


Fault = Answers | Literal["lose request", "lose answer", "cut answer"]
"""What happens to a request instead of reaching the desk and being answered."""


OUTDATED = Answers(
    401,
    {"Content-Type": "application/json"},
    b'{"success": false, "error": {"code": "AUTHENTICATION_REQUIRED", "message": "It expired"}}',
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request that came over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]


class Wire(ThreadingHTTPServer):
    """Hands requests on to the desk, but for the faults still to come, each used up by one."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Hop)
        self.port = port
        self.faults: deque[Fault] = deque()
        self.outdated: set[str] = set()
        """Access tokens that are no longer good; the desk does not hear of their requests."""
        self.seen: list[Seen] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self) -> list[str]:
        """Where the requests went, in their order."""
        return [one.path for one in self.seen]

    def keys(self) -> list[str | None]:
        """The idempotency keys of the requests, in their order."""
        return [one.headers.get("idempotency-key") for one in self.seen]


class Hop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        wire = cast("Wire", self.server)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.received(headers)
        wire.seen.append(Seen(self.command, self.path, headers))
        fault = wire.faults.popleft() if wire.faults else None
        if headers.get("authorization", "").removeprefix("Bearer ") in wire.outdated:
            fault = OUTDATED
        if isinstance(fault, Answers):
            self.answer(fault.status, dict(fault.headers), fault.body)
        elif fault == "lose request":
            self.hang_up()
        else:
            status, told, content = self.asked(wire.port, body)
            if fault == "lose answer":
                self.hang_up()
            elif fault == "cut answer":
                self.answer(status, told, content, kept=len(content) // 2)
                self.hang_up()
            else:
                self.answer(status, told, content)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

    def received(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def asked(self, port: int, body: bytes) -> tuple[int, dict[str, str], bytes]:
        uow = HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in ("connection", "transfer-encoding", "content-length")
        }
        uow.request(self.command, self.path, body, headers)
        answer = uow.getresponse()
        content = answer.read()
        told = {
            name: value
            for name, value in answer.getheaders()
            if name.lower() not in ("connection", "transfer-encoding", "content-length")
        }
        uow.close()
        return answer.status, told, content

    def answer(
        self, status: int, headers: dict[str, str], body: bytes, kept: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:kept])
        self.wfile.flush()

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def wired(port: int) -> Iterator[Wire]:
    """A wire to what listens on that port."""
    with Wire(port) as wire:
        thread = Thread(target=wire.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield wire
        wire.shutdown()
        thread.join()
