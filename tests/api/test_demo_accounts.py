"""Demo accounts sign in on this machine only; neither their passwords nor their tokens travel."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from tests.api.conftest import TestClient
from tests.cast import PASSWORD
from ticket_app.core.people import demo_accounts
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.authentication import authenticate_cookie
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Role
from ticket_app.settings import reload_settings
from ticket_app.ui.security_middleware import SecurityMiddleware

PATHS = (
    "/api/tickets",
    "/api/tickets/",
    "/api/v1/tickets/",
    "/api/ticketing/tickets/",
    "/tickets",
    "/auth/me",
)
PROXIES = (
    {"X-Forwarded-For": "203.0.113.7"},
    {"X-Forwarded-Proto": "https"},
    {"Forwarded": "for=203.0.113.7"},
    {"Via": "1.1 proxy"},
    {"X-Real-IP": "203.0.113.7"},
    {"Host": "desk.example.com"},
)
GOOD = {"username": "dora", "password": PASSWORD}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database will do: what is under test is the way in."""
    shutil.copy(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
def dora(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """A demo account that administers everything."""
    monkeypatch.delenv("HOST", raising=False)
    with open_unit_of_work(writes=True) as uow:
        return build_actor_with_role_defaults(
            create_person(
                uow,
                username="dora",
                email="dora@desk.example",
                password=PASSWORD,
                role=Role.SUPER_ADMIN,
                is_demo=True,
            )
        )


@pytest.fixture
def local(api: FastAPI, dora: Actor) -> TestClient:
    return TestClient(api, raise_server_exceptions=False)


def tokens_of(client: TestClient) -> tuple[dict[str, Any], str, str]:
    """What a demo account has after it signed in here: tokens, a cookie, an API token."""
    session = client.post("/auth/login", json=GOOD).json()["data"]
    assert client.post("/session/login", data=GOOD, follow_redirects=False).status_code == 303
    cookie = client.cookies.get("desk_session")
    assert cookie
    client.cookies.clear()
    with open_unit_of_work(writes=True) as uow:
        uow.actor = authenticate_cookie(uow, cookie)
        key, _ = create_api_token(uow, "tests")
    return session, cookie, key


def open_ways(client: TestClient, headers: dict[str, str], kept: Any) -> list[str]:
    """By which ways the demo account gets in."""
    session, cookie, key = kept
    bearer = {"Authorization": f"Bearer {session['access_token']}", **headers}
    ways: list[str] = []
    for path in PATHS:
        if client.get(path, headers=bearer).status_code != 401:
            ways.append(path)
        if client.get(path, headers={"X-API-Key": key, **headers}).status_code != 401:
            ways.append(f"{path} by API token")
    if client.post("/auth/login", json=GOOD, headers=headers).status_code != 401:
        ways.append("login")
    answer = client.post("/session/login", data=GOOD, headers=headers, follow_redirects=False)
    if "error=" not in answer.headers["location"]:
        ways.append("form")
    client.cookies.clear()
    cookie_header = {"Cookie": f"desk_session={cookie}", **headers}
    if client.get("/session/export", headers=cookie_header).status_code != 401:
        ways.append("cookie")
    refresh = {"refresh_token": session["refresh_token"]}
    if client.post("/auth/refresh", json=refresh, headers=headers).status_code != 401:
        ways.append("refresh")
    return ways


ALL = [
    *(way for path in PATHS for way in (path, f"{path} by API token")),
    "login",
    "form",
    "cookie",
    "refresh",
]


def test_a_demo_account_uses_every_way_on_this_machine(local: TestClient) -> None:
    assert open_ways(local, {}, tokens_of(local)) == ALL


@pytest.mark.parametrize("headers", PROXIES, ids=lambda headers: next(iter(headers)))
def test_behind_a_proxy_every_way_is_closed_even_with_tokens_of_this_machine(
    local: TestClient, headers: dict[str, str]
) -> None:
    kept = tokens_of(local)
    assert open_ways(local, headers, kept) == []
    assert open_ways(local, {}, kept) == ALL, "on this machine they are as good as before"


def test_another_machine_is_refused(api: FastAPI, local: TestClient) -> None:
    kept = tokens_of(local)
    elsewhere = TestClient(api, client=("192.0.2.7", 5), raise_server_exceptions=False)
    assert open_ways(elsewhere, {}, kept) == []


def test_a_trusted_proxy_on_this_machine_is_a_proxy(api: FastAPI, local: TestClient) -> None:
    kept = tokens_of(local)
    gate = SecurityMiddleware(api, trusted_proxies=["127.0.0.1"])
    proxied = TestClient(gate, client=("127.0.0.1", 5), base_url="http://127.0.0.1:8000")
    for forwarded in ({"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-Host": "localhost"}):
        assert open_ways(proxied, forwarded, kept) == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HOST", "0.0.0.0"),
        ("TICKET_PUBLIC_URL", "https://desk.example.com"),
        ("TICKET_DEMO", "false"),
        ("TICKET_ENV", "production"),
    ],
)
def test_demo_accounts_are_rejected_when_the_address_is_not_local(
    local: TestClient, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    kept = tokens_of(local)
    monkeypatch.setenv(variable, value)
    reload_settings()
    assert open_ways(local, {}, kept) == []
    with open_unit_of_work(writes=False) as uow:
        assert demo_accounts.list_demo_accounts(uow) == []


def test_the_setting_opens_demo_accounts_to_everybody(
    api: FastAPI, local: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"HOST": "0.0.0.0", "TICKET_PUBLIC_URL": "https://desk.example.com"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TICKET_DEMO", "true")
    reload_settings()
    elsewhere = TestClient(api, client=("192.0.2.7", 5), raise_server_exceptions=False)
    assert open_ways(elsewhere, {"X-Forwarded-For": "203.0.113.7"}, tokens_of(local)) == ALL


@pytest.mark.parametrize("is_local", [True, False])
def test_the_sign_in_page_offers_them_on_this_machine_only(dora: Actor, is_local: bool) -> None:
    with open_unit_of_work(writes=False) as uow:
        uow.is_local_request = is_local
        assert [one.username for one in demo_accounts.list_demo_accounts(uow)] == [
            "dora"
        ] * is_local


def test_other_accounts_are_let_in_from_everywhere(
    api: FastAPI, local: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_PUBLIC_URL", "https://desk.example.com")
    reload_settings()
    elsewhere = TestClient(api, client=("192.0.2.7", 5))
    body = {"username": "owner", "password": PASSWORD}
    for headers in PROXIES:
        assert elsewhere.post("/auth/login", json=body, headers=headers).status_code == 200
