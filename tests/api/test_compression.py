"""JSON answers are compressed for who accepts it, and mean the same either way."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.api.conftest import CreateTicket, TestClient
from tests.cast import PASSWORD
from ticket_app.api.kit.compression import MIN_SIZE, CompressionMiddleware, choose_encoding

UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}
LISTS = (
    "/api/tickets",
    "/api/tickets/",
    "/api/v1/tickets/",
    "/tickets",
    "/api/ticketing/tickets/",
    "/openapi.json",
)

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("deflate, zstd", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.8", "gzip"),
        ("gzip; q=0.5 , br ;q=0.5", "br"),
        ("gzip;q=0", None),
        ("gzip;q=0.000, br;q=0.0", None),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0.5, identity;q=1", None),
        ("gzip;q=0.5, identity;q=0.1", "gzip"),
        ("gzip;q=high", None),
        (",,;q=1,gzip", "gzip"),
        ("gzip" + ",x" * 10_000, "gzip"),
    ],
)
def test_what_a_client_accepts(accepted: str, coding: str | None) -> None:
    assert choose_encoding(accepted) == coding


def _raw(client: TestClient, path: str, accepted: str, **headers: str) -> tuple[Any, bytes]:
    with client.stream("GET", path, headers={"Accept-Encoding": accepted, **headers}) as answer:
        return answer, b"".join(answer.iter_raw())


@only_sqlite
def test_every_dialect_compresses_its_lists(owner: TestClient, create_ticket: CreateTicket) -> None:
    for n in range(5):
        create_ticket(title=f"Ticket {n}", description="It does not start. " * 20)
    for path in LISTS:
        plain, body = _raw(owner, path, "identity")
        assert plain.status_code == 200
        assert "content-encoding" not in plain.headers, path
        assert "accept-encoding" in plain.headers["vary"].lower(), path
        for coding, unpack in UNPACK.items():
            packed, bytes_sent = _raw(owner, path, coding)
            assert packed.headers["content-encoding"] == coding, path
            assert packed.headers["content-length"] == str(len(bytes_sent))
            assert len(bytes_sent) < len(body) / 2
            if path != "/tickets":  # its answers carry the moment and the request's own id
                assert unpack(bytes_sent) == body
            head = owner.head(path, headers={"Accept-Encoding": coding})
            for name in ("content-encoding", "vary", "etag"):
                assert head.headers.get(name) == packed.headers.get(name), (path, name)
            assert packed.headers.get("etag") == plain.headers.get("etag")
            if etag := packed.headers.get("etag"):
                assert etag.startswith("W/")
                fresh, nothing = _raw(owner, path, coding, **{"If-None-Match": etag})
                assert (fresh.status_code, nothing) == (304, b"")
                assert "accept-encoding" in fresh.headers["vary"].lower()
                assert "content-encoding" not in fresh.headers


@only_sqlite
def test_what_is_short_secret_or_a_file_is_sent_as_it_is(
    owner: TestClient, nobody: TestClient, create_ticket: CreateTicket
) -> None:
    ticket = create_ticket()
    token, _ = _raw(nobody, "/healthz", "gzip, br")
    assert "content-encoding" not in token.headers
    content = b"line of a log\n" * 1_000
    sent = owner.post(
        f"/api/tickets/{ticket['id']}/attachments", files={"file": ("a.txt", content)}
    ).json()["attachment"]
    file, body = _raw(owner, f"/api/tickets/attachments/{sent['id']}/download", "gzip, br")
    assert (file.headers.get("content-encoding"), body) == (None, content)
    body = {"username": "owner", "password": PASSWORD}
    answer = nobody.post("/auth/login", json=body, headers={"Accept-Encoding": "gzip, br"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


def _app() -> TestClient:
    long = "x" * MIN_SIZE

    def text(_: Any) -> Response:
        return Response(long, media_type="text/plain")

    def short(_: Any) -> Response:
        return JSONResponse(long[: MIN_SIZE - 3])

    def strong(_: Any) -> Response:
        return JSONResponse(long, headers={"ETag": '"tag"', "Vary": "Origin"})

    def secret(_: Any) -> Response:
        return JSONResponse(long, headers={"Cache-Control": "no-store"})

    def packed(_: Any) -> Response:
        return JSONResponse(long, headers={"Content-Encoding": "other"})

    async def pieces() -> Any:
        for _ in range(3):
            yield b" " * MIN_SIZE

    def streamed(_: Any) -> Response:
        return StreamingResponse(pieces(), media_type="application/json")

    answers = (text, short, strong, secret, packed, streamed)
    routes = [Route(f"/{one.__name__}", one) for one in answers]
    routes.append(Route("/session/strong", strong))
    return TestClient(CompressionMiddleware(Starlette(routes=routes)))


def test_only_whole_json_answers_are_compressed() -> None:
    client = _app()
    for path in ("/text", "/short", "/secret", "/session/strong", "/streamed"):
        answer, _ = _raw(client, path, "gzip")
        assert "content-encoding" not in answer.headers, path
    answer, _ = _raw(client, "/packed", "gzip")
    assert answer.headers["content-encoding"] == "other"
    answer, _ = _raw(client, "/strong", "gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert (answer.headers["etag"], answer.headers["vary"]) == (
        'W/"tag"',
        "Origin, Accept-Encoding",
    )
    answer, _ = _raw(client, "/strong", "gzip;q=0")
    assert answer.headers["etag"] == '"tag"'
