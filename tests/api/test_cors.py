"""Pages of other origins that are named may call every API from a browser; no others may."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET
from tests.cast import PASSWORD, Cast
from ticket_app.core.platform import rate_limits
from ticket_app.settings import reload_settings

PORTAL = "https://portal.example.com"
OTHER = "http://localhost:5173"
STRANGE = "https://evil.example.com"
PATHS = (
    "/api/tickets",
    "/api/tickets/",
    "/api/v1/tickets/",
    "/api/ticketing/tickets/",
    "/tickets",
    "/auth/login",
    "/reports/dashboard",
    "/webhooks",
    "/media/tickets/attachments/2026/11/x.png",
    "/api/tickets/7d1f3c1a-8f2e-4a53-b1c5-0c6c3a6b9f10/attachments",
    "/api/nothing/of/the/kind",
    "/tickets/nothing/here",
    "/api/v1/nothing/",
    "/openapi.json",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
SENT = (
    "authorization, x-api-key, idempotency-key, if-match, if-none-match, x-client-app, "
    "x-client-version, content-type, x-request-id, range, accept"
)
EXPOSED = {
    "etag",
    "link",
    "location",
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
    "idempotency-replayed",
    "content-disposition",
}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database will do: what is under test is no query."""
    shutil.copy(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
def named(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_CORS_ORIGINS", f"{PORTAL}, {OTHER}")
    reload_settings()


@pytest.fixture
def anyone(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_CORS_ORIGINS", "*")
    reload_settings()


def preflight(client: TestClient, path: str, origin: str, method: str, headers: str) -> Any:
    return client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": headers,
        },
    )


def words(answer: Any, name: str) -> set[str]:
    return {word.strip().lower() for word in answer.headers.get(name, "").split(",")}


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", METHODS)
def test_a_preflight_is_answered_for_every_path_method_and_header(
    nobody: TestClient, path: str, method: str
) -> None:
    for origin in (PORTAL, OTHER):
        answer = preflight(nobody, path, origin, method, f"{SENT}, x-of-a-framework")
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == origin
        assert method.lower() in words(answer, "access-control-allow-methods")
        allowed = words(answer, "access-control-allow-headers")
        assert allowed >= {word.strip() for word in SENT.split(",")} | {"x-of-a-framework"}
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" in words(answer, "vary")
        assert int(answer.headers["access-control-max-age"]) > 0


@pytest.mark.usefixtures("named")
def test_a_preflight_uses_up_no_limit(nobody: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "2")
    reload_settings()
    rate_limits.reset()
    for _ in range(5):
        answer = preflight(nobody, "/api/tickets", PORTAL, "POST", SENT)
        assert answer.status_code == 200
        assert "x-ratelimit-remaining" not in answer.headers


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("origin", [STRANGE, "null", f"{PORTAL}.evil.example", f"{PORTAL}:444"])
@pytest.mark.parametrize("path", PATHS)
def test_an_origin_that_is_not_named_reads_nothing(
    owner: TestClient, origin: str, path: str
) -> None:
    for answer in (
        preflight(owner, path, origin, "POST", SENT),
        owner.get(path, headers={"Origin": origin}),
    ):
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" in words(answer, "vary")


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_names_the_origin_and_exposes_its_headers(
    owner: TestClient, nobody: TestClient, path: str
) -> None:
    for client in (owner, nobody):
        for method in ("GET", "HEAD", "POST", "PATCH", "OPTIONS", "BREW"):
            answer = client.request(method, path, headers={"Origin": PORTAL})
            assert answer.headers.get_list("access-control-allow-origin") == [PORTAL]
            assert words(answer, "access-control-expose-headers") >= EXPOSED
            assert "access-control-allow-credentials" not in answer.headers
            assert len(answer.headers.get_list("vary")) == 1
            assert "origin" in words(answer, "vary")


@pytest.mark.usefixtures("named")
def test_refusals_and_failures_can_be_read(
    api: FastAPI, owner: TestClient, nobody: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = {"Origin": PORTAL}
    found = owner.post("/api/tickets", json=NEW_TICKET, headers=origin)
    path = f"/api/tickets/{found.json()['ticket']['id']}"
    etag = owner.get(path, headers=origin).headers["etag"]
    answers = {
        200: found,
        304: owner.get(path, headers=origin | {"If-None-Match": etag}),
        400: owner.post("/api/tickets", json={}, headers=origin),
        401: nobody.get("/api/tickets", headers=origin),
        404: owner.get("/api/tickets/7d1f3c1a-8f2e-4a53-b1c5-0c6c3a6b9f10", headers=origin),
        405: owner.put("/api/tickets", headers=origin),
    }
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "1")
    reload_settings()
    rate_limits.reset()
    owner.get("/api/tickets", headers=origin)
    answers[429] = owner.get("/api/tickets", headers=origin)
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "0")
    reload_settings()
    rate_limits.reset()

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr("ticket_app.api.kit.request_context.authenticate_bearer", broken)
    answers[500] = owner.get("/api/tickets", headers=origin)
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == PORTAL
        assert words(answer, "access-control-expose-headers") >= EXPOSED
    # What breaks outside every route is answered last of all, and can be read, too.
    monkeypatch.setattr("ticket_app.api.kit.request_log.request_rate_limit.headers", broken)
    last = owner.get("/healthz", headers=origin)
    assert last.status_code == 500
    last = owner.get("/api/tickets", headers=origin)
    assert (last.status_code, last.headers["access-control-allow-origin"]) == (500, PORTAL)


@pytest.mark.usefixtures("anyone")
@pytest.mark.parametrize("origin", [STRANGE, "null", PORTAL])
def test_a_star_lets_any_origin_in_without_credentials(nobody: TestClient, origin: str) -> None:
    for answer in (
        preflight(nobody, "/api/tickets", origin, "POST", SENT),
        nobody.get("/api/tickets", headers={"Origin": origin}),
        nobody.get("/api/tickets"),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/session/login", "/files/x", "/login", "/docs", "/healthz"])
@pytest.mark.usefixtures("anyone")
def test_the_web_app_is_not_for_other_origins(nobody: TestClient, path: str) -> None:
    for answer in (
        preflight(nobody, path, PORTAL, "POST", SENT),
        nobody.get(path, headers={"Origin": PORTAL}),
        nobody.post(path, headers={"Origin": PORTAL}),
    ):
        assert "access-control-allow-origin" not in answer.headers


def test_without_the_setting_no_origin_is_let_in(nobody: TestClient) -> None:
    for answer in (
        preflight(nobody, "/api/tickets", PORTAL, "POST", SENT),
        nobody.get("/api/tickets", headers={"Origin": PORTAL}),
    ):
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-methods" not in answer.headers


@pytest.mark.usefixtures("named")
def test_a_session_cookie_gives_another_origin_nothing(nobody: TestClient, cast: Cast) -> None:
    nobody.post("/session/login", data={"username": "owner", "password": PASSWORD})
    assert nobody.cookies.get("desk_session")
    answer = nobody.get("/api/tickets", headers={"Origin": PORTAL})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "https://a.example, http://b.example:8080",
            ["https://a.example", "http://b.example:8080"],
        ),
        ("https://A.Example:443", ["https://a.example"]),
        ("http://[::1]:3000", ["http://[::1]:3000"]),
        ("*", ["*"]),
        (f"*, {PORTAL}", ["*", PORTAL]),
        ("", []),
    ],
)
def test_origins_are_read(
    database: Engine, monkeypatch: pytest.MonkeyPatch, given: str, kept: list[str]
) -> None:
    monkeypatch.setenv("TICKET_CORS_ORIGINS", given)
    assert reload_settings().cors_origins == kept


@pytest.mark.parametrize(
    "given",
    [
        "a.example",
        "https://a.example/",
        "https://a.example/app",
        "https://",
        "ftp://a.example",
        "https://*.example.com",
        "https://user:word@a.example",
        "https://a.example:99999",
        "https://a.example?x=1",
        "https://a .example",
        "null",
        "**",
    ],
)
def test_what_is_no_origin_is_refused(
    database: Engine, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("TICKET_CORS_ORIGINS", f"https://fine.example, {given}")
    with pytest.raises((ValidationError, ValueError), match=r"(?i)cors_origins"):
        reload_settings()


def test_the_old_name_is_refused_and_names_the_new(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_ALLOWED_ORIGINS", PORTAL)
    with pytest.raises(
        ValueError, match="TICKET_ALLOWED_ORIGINS was renamed to TICKET_CORS_ORIGINS"
    ):
        reload_settings()
