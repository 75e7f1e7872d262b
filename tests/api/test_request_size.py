"""A request that is too large is rejected and not read further."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.api.conftest import NEW_TICKET
from tests.api.serving import Served
from ticket_app.api.kit.request_checks import MAX_BODY_SIZE
from ticket_app.api.kit.uploads import MAX_UPLOAD_SIZE

pytestmark = pytest.mark.xdist_group("served")

CHUNK = b"a" * 65_536
BUFFERS = 8 * 1024 * 1024
"""What the two sockets and the server may hold between what was sent and what was read."""
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
FORM = "multipart/form-data; boundary=x"


@contextmanager
def connected(served: Served) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as wire:
        yield wire


def head(served: Served, path: str, kind: str, *more: str, who: str = "uma") -> bytes:
    token = served.tokens.get(who, who)
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{served.port}", f"Content-Type: {kind}"]
    lines += [f"Authorization: Bearer {token}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def answer(wire: socket.socket) -> tuple[int, dict]:
    """The status and body of the first answer that comes."""
    came = b""
    while b"\r\n\r\n" not in came:
        came += read(wire)
    above, body = came.split(b"\r\n\r\n", 1)
    headers = dict(line.lower().split(b": ", 1) for line in above.split(b"\r\n")[1:])
    length = int(headers[b"content-length"])
    while len(body) < length:
        body += read(wire)
    return int(above.split()[1]), json.loads(body[:length])


def read(wire: socket.socket) -> bytes:
    more = wire.recv(65_536)
    assert more, "the connection ended without an answer"
    return more


def pour(wire: socket.socket, limit: int) -> int:
    """Send chunks without end, until the server answers or hangs up; how many bytes it took."""
    sent = 0
    wire.settimeout(0.2)
    while sent < limit:
        try:
            wire.sendall(b"%x\r\n%s\r\n" % (len(CHUNK), CHUNK))
        except (TimeoutError, ConnectionError):
            break
        sent += len(CHUNK)
    wire.settimeout(20)
    return sent


def ticket(served: Served) -> str:
    headers = {"Authorization": f"Bearer {served.tokens['uma']}"}
    answer = httpx.post(f"{served.address}/api/tickets", json=NEW_TICKET, headers=headers)
    return answer.json()["ticket"]["id"]


def files_of(served: Served, ticket_id: str) -> list[dict]:
    headers = {"Authorization": f"Bearer {served.tokens['uma']}"}
    path = f"{served.address}/api/tickets/{ticket_id}/attachments"
    return httpx.get(path, headers=headers).json()["attachments"]


TOO_LARGE = {"success": False, "error": "The file is larger than 10 MB"}


def test_a_declared_length_is_refused_before_anything_is_sent(served: Served) -> None:
    ticket_id = ticket(served)
    path = f"/api/tickets/{ticket_id}/attachments"
    with connected(served) as wire:
        wire.sendall(head(served, path, FORM, "Content-Length: 5000000000"))
        wire.sendall(PART)
        assert answer(wire) == (400, TOO_LARGE)
    assert files_of(served, ticket_id) == []


def test_an_upload_of_no_declared_length_is_cut_off(served: Served) -> None:
    ticket_id = ticket(served)
    path = f"/api/tickets/{ticket_id}/attachments"
    with connected(served) as wire:
        wire.sendall(head(served, path, FORM, "Transfer-Encoding: chunked"))
        wire.sendall(b"%x\r\n%s\r\n" % (len(PART), PART))
        taken = pour(wire, 10 * MAX_UPLOAD_SIZE)
        assert taken < MAX_UPLOAD_SIZE + BUFFERS
        assert answer(wire) == (400, TOO_LARGE)
    assert files_of(served, ticket_id) == []


def test_an_upload_by_nobody_is_not_read(served: Served) -> None:
    path = f"/api/tickets/{ticket(served)}/attachments"
    with connected(served) as wire:
        wire.sendall(head(served, path, FORM, "Transfer-Encoding: chunked", who="nobody"))
        assert pour(wire, MAX_UPLOAD_SIZE) < BUFFERS
        status, payload = answer(wire)
    assert status == 401
    assert payload["success"] is False


@pytest.mark.parametrize("kind", ["application/json", FORM])
def test_a_ticket_without_end_is_cut_off(served: Served, kind: str) -> None:
    limit = MAX_BODY_SIZE if kind == "application/json" else MAX_UPLOAD_SIZE
    with connected(served) as wire:
        wire.sendall(head(served, "/api/tickets", kind, "Transfer-Encoding: chunked"))
        assert pour(wire, 10 * MAX_UPLOAD_SIZE) < limit + BUFFERS
        status, payload = answer(wire)
    assert status == 400
    assert payload["success"] is False


def test_an_upload_in_chunks_is_taken(served: Served) -> None:
    ticket_id = ticket(served)
    path = f"/api/tickets/{ticket_id}/attachments"
    with connected(served) as wire:
        wire.sendall(head(served, path, FORM, "Transfer-Encoding: chunked"))
        for piece in (PART[:20], PART[20:], b"hel", b"lo", b"\r\n--x--\r\n"):
            wire.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        wire.sendall(b"0\r\n\r\n")
        status, payload = answer(wire)
    assert status == 200
    assert payload["attachment"]["file_size"] == 5


def test_content_length_larger_than_the_body_stores_nothing(served: Served) -> None:
    ticket_id = ticket(served)
    path = f"/api/tickets/{ticket_id}/attachments"
    with connected(served) as wire:
        wire.sendall(head(served, path, FORM, "Content-Length: 5000"))
        wire.sendall(PART + b"hello\r\n--x--\r\n")
    assert files_of(served, ticket_id) == []
    assert ticket(served)


def test_content_length_smaller_than_the_body_stores_nothing(served: Served) -> None:
    ticket_id = ticket(served)
    path = f"/api/tickets/{ticket_id}/attachments"
    with connected(served) as wire:
        wire.sendall(head(served, path, FORM, f"Content-Length: {len(PART) + 3}"))
        wire.sendall(PART + b"hello\r\n--x--\r\n")
        status, payload = answer(wire)
    assert status == 400
    assert payload["success"] is False
    assert files_of(served, ticket_id) == []
