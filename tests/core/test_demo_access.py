"""Demo accounts can be used only from the machine that the server runs on."""

from __future__ import annotations

import pytest

from ticket_app.core.platform.local_requests import is_local_request
from ticket_app.settings import is_loopback, reload_settings

LOCAL = {"host": "127.0.0.1:8000", "user-agent": "a browser"}


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("desk.localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("10.0.0.5", False),
        ("desk.example.com", False),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
    ],
)
def test_what_means_this_machine(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local


@pytest.mark.parametrize(
    ("variables", "has_demo"),
    [
        ({}, True),
        ({"HOST": "localhost"}, True),
        ({"HOST": "0.0.0.0"}, False),
        ({"HOST": "192.0.2.7"}, False),
        ({"HOST": "::"}, False),
        ({"TICKET_PUBLIC_URL": "http://localhost:8000"}, True),
        ({"TICKET_PUBLIC_URL": "http://[::1]:8000"}, True),
        ({"TICKET_PUBLIC_URL": "https://desk.example.com"}, False),
        ({"TICKET_PUBLIC_URL": "https://desk.example.com", "TICKET_DEMO": "true"}, True),
        ({"HOST": "0.0.0.0", "TICKET_DEMO": "true"}, True),
        ({"TICKET_DEMO": "false"}, False),
        ({"TICKET_ENV": "production"}, False),
        ({"TICKET_ENV": "production", "TICKET_DEMO": "true"}, False),
    ],
)
def test_there_are_demo_accounts_on_this_machine_or_if_asked_for(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], has_demo: bool
) -> None:
    monkeypatch.delenv("HOST", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert reload_settings().has_demo_accounts is has_demo


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "testclient", None])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "mybox"])
def test_a_request_from_this_machine_came_directly(client: str | None, host: str) -> None:
    assert is_local_request({**LOCAL, "host": host}, client)


@pytest.mark.parametrize(
    "name",
    [
        "X-Forwarded-For",
        "x-forwarded-host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Forwarded-Server",
        "X-Forwarded-Anything",
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
    ],
)
def test_forwarding_header_indicates_a_proxy(name: str) -> None:
    for value in ("127.0.0.1", "localhost", ""):
        assert not is_local_request({**LOCAL, name: value}, "127.0.0.1")


def test_page_over_https_indicates_a_proxy() -> None:
    assert not is_local_request({**LOCAL, "origin": "https://127.0.0.1:8443"}, "127.0.0.1")
    assert is_local_request({**LOCAL, "origin": "http://127.0.0.1:8000"}, "127.0.0.1")


@pytest.mark.parametrize("client", ["192.0.2.7", "10.0.0.5", "2001:db8::1"])
def test_a_request_from_elsewhere_did_not_come_directly(client: str) -> None:
    assert not is_local_request(LOCAL, client)


@pytest.mark.parametrize("host", ["desk.example.com", "192.168.1.5:8000", "[2001:db8::1]:80"])
def test_a_request_for_another_host_did_not_come_directly(host: str) -> None:
    assert not is_local_request({**LOCAL, "host": host}, "127.0.0.1")
