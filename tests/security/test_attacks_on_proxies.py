"""Writing one's own address: only a trusted proxy's word counts for where a request comes from."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ticket_app.ui.security_middleware import SecurityMiddleware


async def seen(request: Request) -> JSONResponse:
    client = request.client.host if request.client else None
    url = request.url
    return JSONResponse({"client": client, "scheme": url.scheme, "host": url.netloc})


def behind(peer: str, proxies: list[str], **headers: str) -> dict[str, str]:
    """The client and the scheme that the app sees."""
    return {
        name: result for name, result in asked(peer, proxies, **headers).items() if name != "host"
    }


def asked(peer: str, proxies: list[str], **headers: str) -> dict[str, str]:
    gate = SecurityMiddleware(Starlette(routes=[Route("/", seen)]), trusted_proxies=proxies)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return TestClient(gate, client=(peer, 5)).get("/", headers=sent).json()


def test_an_address_is_believed_only_from_a_trusted_proxy() -> None:
    forwarded = {"x_forwarded_for": "203.0.113.7", "x_forwarded_proto": "https"}
    for proxies in ([], ["10.0.0.0/8"]):
        result = behind("192.0.2.1", proxies, **forwarded)
        assert result == {"client": "192.0.2.1", "scheme": "http"}
    result = behind("10.1.2.3", ["10.0.0.0/8"], **forwarded)
    assert result == {"client": "203.0.113.7", "scheme": "https"}


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
    result = behind("10.1.2.3", ["10.0.0.0/8"], x_forwarded_for=forwarded, x_forwarded_proto="ftp")
    assert result == {"client": client, "scheme": "http"}


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"proto": "https", "host": "help.test"}, "https://help.test"),
        ({"proto": "https", "host": "help.test:8443"}, "https://help.test:8443"),
        ({"proto": "https", "host": "help.test", "port": "8443"}, "https://help.test:8443"),
        ({"proto": "https", "host": "help.test", "port": "443"}, "https://help.test"),
        ({"proto": "https", "host": "help.test:8443", "port": "9"}, "https://help.test:8443"),
        ({"proto": "https"}, "https://testserver"),
        ({"proto": "https", "port": "8443"}, "https://testserver:8443"),
        ({"proto": "gopher", "host": "he/lp.test"}, "http://testserver"),
        # The proxy that the client asked spoke https, the one behind it http.
        ({"proto": "https, http", "for": "203.0.113.7, 10.9.9.9"}, "https://testserver"),
        # What the client wrote itself stands before what our proxy adds.
        ({"proto": "https, http", "for": "198.51.100.9, 203.0.113.7"}, "http://testserver"),
        ({"host": "evil.test, help.test", "for": "203.0.113.7"}, "http://help.test"),
    ],
)
def test_requested_address_is_taken_from_the_trusted_proxy(
    headers: dict[str, str], address: str
) -> None:
    forwarded = {f"x_forwarded_{name}": value for name, value in headers.items()}
    result = asked("10.1.2.3", ["10.0.0.0/8"], **forwarded)
    assert f"{result['scheme']}://{result['host']}" == address
    result = asked("192.0.2.1", ["10.0.0.0/8"], **forwarded)
    assert f"{result['scheme']}://{result['host']}" == "http://testserver"
