"""A server that receives webhooks and queues them for the test."""

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
    """The request of a webhook."""

    headers: Mapping[str, str]
    body: bytes


class WebhookReceiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ReceiverHandler)
        self.messages: Queue[Message] = Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/in"

    def next(self) -> Message:
        """Wait for the next message and return it."""
        return self.messages.get(timeout=30)


class ReceiverHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        cast("WebhookReceiver", self.server).messages.put(Message(dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def run_receiver() -> Iterator[WebhookReceiver]:
    """Run a receiver until the block ends."""
    with WebhookReceiver() as receiver:
        thread = Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()
