"""Getting in, or staying in, without the right: guesses, fixed sessions, forged proxies, reuse."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.api.conftest import As
from tests.cast import PASSWORD, Cast, UowFor
from ticket_app.core.people.authentication import (
    authenticate_api_token,
    authenticate_bearer,
    authenticate_cookie,
)
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import issue_tokens, refresh_tokens
from ticket_app.core.platform import secrets
from ticket_app.core.platform.errors import RateLimited, Unauthenticated
from ticket_app.settings import SESSION_COOKIE, reload_settings
from ticket_app.tables import person_table

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def log_in(client: TestClient, **form: str) -> Any:
    sent = {"username": "owner", "password": PASSWORD, **form}
    return client.post("/session/login", data=sent, follow_redirects=False)


def test_spaces_around_a_name_give_no_further_guesses(
    uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "verify_password", lambda password, kept: False)
    for n in range(10):
        name = " " * n + "owner" + "\t" * n
        with uow_for(None) as uow, pytest.raises(Unauthenticated):
            verify_credentials(uow, name, "guess", ClientInfo(f"192.0.2.{n}"))
    with uow_for(None) as uow, pytest.raises(RateLimited):
        verify_credentials(uow, " owner", "guess", ClientInfo("192.0.2.99"))


def test_an_unknown_name_costs_the_same_hash(
    uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str | None] = []
    monkeypatch.setattr(
        secrets, "verify_password", lambda password, kept: bool(hashed.append(kept))
    )
    for name in ("owner", "nobody at all"):
        with uow_for(None) as uow, pytest.raises(Unauthenticated):
            verify_credentials(uow, name, "guess", ClientInfo())
    assert len(hashed) == 2
    monkeypatch.undo()
    assert not secrets.verify_password("guess", None)


def test_a_very_long_password_is_refused_before_it_is_hashed(
    nobody: TestClient, monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    def never(*_: Any) -> bool:
        raise AssertionError("it was hashed")

    monkeypatch.setattr(secrets, "verify_password", never)
    monkeypatch.setattr(secrets, "hash_password", never)
    long = "x" * 1_000_000
    assert log_in(nobody, password=long).status_code == 400
    sent = {"username": "owner", "password": long}
    assert nobody.post("/auth/login", json=sent).status_code == 400
    sent |= {"username": "newcomer", "email": "n@example.com"}
    assert nobody.post("/auth/register", json=sent).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "https://evil.test",
        "https:evil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "/\n/evil.test",
        "evil.test",
        " //evil.test",
        "",
    ],
)
def test_signing_in_leads_to_no_other_site(elsewhere: str, nobody: TestClient, cast: Cast) -> None:
    assert log_in(nobody, next=elsewhere).headers["location"] == "/"


def test_signing_in_goes_where_one_wanted_to_be(nobody: TestClient, cast: Cast) -> None:
    answer = log_in(nobody, next="/portal/tickets?tab=open")
    assert answer.headers["location"] == "/portal/tickets?tab=open"


def test_a_session_one_was_given_beforehand_is_never_taken_over(
    nobody: TestClient, cast: Cast, uow_for: UowFor
) -> None:
    nobody.cookies.set(SESSION_COOKIE, "chosen by somebody else")
    given = log_in(nobody).cookies[SESSION_COOKIE]
    assert given != "chosen by somebody else"
    with uow_for(None, writes=False) as uow:
        assert authenticate_cookie(uow, "chosen by somebody else") is None
    nobody.cookies.clear()
    assert log_in(nobody).cookies[SESSION_COOKIE] != given


def test_nothing_at_all_is_nobodys_secret(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "owner", PASSWORD, ClientInfo())
        issue_tokens(uow, proven, ClientInfo())
        for nothing in ("", " ", "None", "null", "\x00", "x" * 10_000):
            assert authenticate_cookie(uow, nothing) is None
            for way in (
                authenticate_bearer,
                authenticate_api_token,
                refresh_tokens,
            ):
                with pytest.raises(Unauthenticated):
                    way(uow, nothing)


def test_cookie_and_token_are_not_interchangeable(nobody: TestClient, as_: As, cast: Cast) -> None:
    cookie = log_in(nobody).cookies[SESSION_COOKIE]
    stolen = as_(None)
    stolen.headers["Authorization"] = f"Bearer {cookie}"
    assert stolen.get("/api/tickets").status_code == 401
    sent = {"username": "owner", "password": PASSWORD}
    tokens = nobody.post("/auth/login", json=sent).json()["data"]
    for value in (tokens["access_token"], tokens["refresh_token"]):
        fresh = as_(None)
        fresh.cookies.set(SESSION_COOKIE, value)
        assert fresh.get("/files/00000000-0000-4000-8000-000000000000").status_code == 401


def test_inactive_user_is_rejected_by_every_sign_in_method(
    nobody: TestClient, owner: TestClient, as_: As, cast: Cast, database: Engine
) -> None:
    missing = "/files/00000000-0000-4000-8000-000000000000"
    cookie = as_(None)
    cookie.cookies.set(SESSION_COOKIE, log_in(nobody).cookies[SESSION_COOKIE])
    sent = {"username": "owner", "password": PASSWORD}
    tokens = as_(None).post("/auth/login", json=sent).json()["data"]
    access = as_(None)
    access.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    assert [access.get("/api/tickets").status_code, cookie.get(missing).status_code] == [200, 404]
    with database.begin() as db:
        db.execute(
            person_table.update().where(person_table.c.id == cast.owner.id).values(is_active=False)
        )
    assert owner.get("/api/tickets").status_code == 401
    assert access.get("/api/tickets").status_code == 401
    assert cookie.get(missing).status_code == 401
    renewal = {"refresh_token": tokens["refresh_token"]}
    assert nobody.post("/auth/refresh", json=renewal).status_code == 401


def test_one_persons_idempotency_key_answers_nobody_else(
    owner: TestClient, stranger: TestClient, nobody: TestClient
) -> None:
    key = {"Idempotency-Key": "shared"}
    body = {"title": "The heron", "description": "Only mine"}
    assert owner.post("/api/tickets/", json=body, headers=key).status_code == 201
    again = stranger.post("/api/tickets/", json={**body, "title": "Other"}, headers=key)
    assert again.status_code == 201
    assert "heron" not in again.text
    assert "Idempotency-Replayed" not in again.headers
    assert nobody.post("/api/tickets/", json=body, headers=key).status_code == 401


def test_cookie_is_secure_over_https(
    nobody: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_cookie = log_in(nobody).headers["set-cookie"].lower()
    assert "httponly" in set_cookie
    assert "samesite=lax" in set_cookie
    assert "secure" not in set_cookie
    monkeypatch.setenv("TICKET_PUBLIC_URL", "https://help.test")
    reload_settings()
    assert "; secure" in log_in(nobody).headers["set-cookie"].lower()
