"""Writing one's own address: only a trusted proxy's word counts for where a request comes from."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ticket_app.ui.gate import Gate


async def seen(request: Request) -> JSONResponse:
    client = request.client.host if request.client else None
    return JSONResponse({"client": client, "scheme": request.url.scheme})


def behind(peer: str, proxies: list[str], **headers: str) -> dict[str, str]:
    gate = Gate(Starlette(routes=[Route("/", seen)]), trusted_proxies=proxies)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return TestClient(gate, client=(peer, 5)).get("/", headers=sent).json()


def test_an_address_is_believed_only_from_a_trusted_proxy() -> None:
    forwarded = {"x_forwarded_for": "203.0.113.7", "x_forwarded_proto": "https"}
    for proxies in ([], ["10.0.0.0/8"]):
        told = behind("192.0.2.1", proxies, **forwarded)
        assert told == {"client": "192.0.2.1", "scheme": "http"}
    told = behind("10.1.2.3", ["10.0.0.0/8"], **forwarded)
    assert told == {"client": "203.0.113.7", "scheme": "https"}


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("198.51.100.9, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.9, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
        ("not an address", "10.1.2.3"),
        ("10.0.0.1", "10.1.2.3"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "10.1.2.3"),
    ],
)
def test_an_address_one_writes_oneself_is_not_believed(forwarded: str, client: str) -> None:
    told = behind("10.1.2.3", ["10.0.0.0/8"], x_forwarded_for=forwarded, x_forwarded_proto="ftp")
    assert told == {"client": client, "scheme": "http"}
