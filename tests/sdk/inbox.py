"""Somebody who takes webhooks: what came in waits to be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Message:
    """A webhook's request, as it arrived."""

    headers: Mapping[str, str]
    body: bytes


class Inbox(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Flap)
        self.messages: Queue[Message] = Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/in"

    def next(self) -> Message:
        """The next message, waited for."""
        return self.messages.get(timeout=30)


class Flap(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        cast("Inbox", self.server).messages.put(Message(dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def listening() -> Iterator[Inbox]:
    """An inbox that takes messages until the block ends."""
    with Inbox() as inbox:
        thread = Thread(target=inbox.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield inbox
        inbox.shutdown()
        thread.join()
