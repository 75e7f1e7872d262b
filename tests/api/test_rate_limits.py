"""Every answer of every dialect tells what is left, and nobody takes more than their share."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, As
from tests.cast import PASSWORD, Cast
from tests.core import samples
from ticket_app.api.dialects import DIALECTS
from ticket_app.core import allowances
from ticket_app.settings import reload_settings

NAMES = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
ROUTES = [
    (method, route)
    for router in DIALECTS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]
LISTS = (
    "/api/tickets/",
    "/api/v1/tickets/",
    "/api/ticketing/tickets/",
    "/api/v1/companies/",
    "/tickets",
    "/users",
)
UPLOADS = [
    route.path for method, route in ROUTES if method == "POST" and getattr(route, "takes_file", 0)
]
FALLBACKS = (
    "/api/tickets",
    "/api/tickets/",
    "/api/v1/",
    "/api/ticketing/",
    "/media/",
    "/auth/",
    "/api/",
)


def path_of(route: APIRoute) -> str:
    """A path the route takes; what it names is not there."""
    known = {"year": "2026", "month": "11", "name": "x.png"}
    names = route.param_convertors
    for name, convertor in names.items():
        uuid = "7d1f3c1a-8f2e-4a53-b1c5-0c6c3a6b9f10"
        known.setdefault(name, "7" if type(convertor).__name__ == "IntegerConvertor" else uuid)
    return route.path_format.format(**{name: known[name] for name in names})


def left(answer: Any) -> tuple[int, int]:
    """The limit an answer tells and what is left of it; the moment it tells is one to come."""
    assert all(name in answer.headers for name in NAMES), (answer.status_code, answer.headers)
    most, remaining, reset = (int(answer.headers[name]) for name in NAMES)
    now = time.time()
    assert now - 1 <= reset <= now + 3601
    assert 0 <= remaining <= most
    word = answer.headers["ratelimit-policy"].partition(";")[0]
    seconds = 60 if word == '"authentication"' else 3600
    assert answer.headers["ratelimit-policy"] == f"{word};q={most};w={seconds}"
    assert answer.headers["ratelimit"].startswith(f"{word};r={remaining};t=")
    return most, remaining


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database will do: what is under test is the door."""
    shutil.copy(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
def few(database: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
    """A world in which little of everything is allowed."""
    for name in ("GENERAL", "UPLOADS", "SEARCHES", "REPORTS"):
        monkeypatch.setenv(f"TICKET_RATE_{name}_PER_HOUR", "3")
    reload_settings()
    allowances.forget()
    return 3


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=lambda it: getattr(it, "path", it))
def test_every_endpoint_tells_everybody(
    method: str, route: APIRoute, nobody: TestClient, owner: TestClient, agent: TestClient
) -> None:
    for client in (nobody, owner, agent):
        answer = client.request(method, path_of(route))
        most, remaining = left(answer)
        assert answer.status_code != 429
        again = left(client.request(method, path_of(route)))
        assert again == (most, remaining - 1)


@pytest.mark.parametrize("prefix", FALLBACKS)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "TRACE", "BREW", "OPTIONS"])
def test_what_is_not_there_tells_too(
    prefix: str, method: str, nobody: TestClient, owner: TestClient
) -> None:
    for client in (nobody, owner):
        most, before = left(client.request(method, f"{prefix}nothing/of/the/kind"))
        assert (most, before) == (1000, 999)
        assert left(client.request(method, f"{prefix}nothing/of/the/kind")) == (1000, 998)


def test_a_wrong_method_tells_too(owner: TestClient) -> None:
    answer = owner.put("/api/tickets")
    assert answer.status_code == 405
    assert left(answer) == (1000, 999)


def test_every_kind_of_answer_counts_one(owner: TestClient, nobody: TestClient) -> None:
    answers = [
        filed := owner.post("/api/tickets", json=NEW_TICKET),
        found := owner.get(path := f"/api/tickets/{filed.json()['ticket']['id']}"),
        owner.get(path, headers={"If-None-Match": found.headers["etag"]}),
        owner.head(path),
        owner.get("/api/tickets/7d1f3c1a-8f2e-4a53-b1c5-0c6c3a6b9f10"),
        owner.post("/api/tickets", json={}),
        owner.post("/api/tickets", content=b"{", headers={"Content-Type": "application/json"}),
        owner.get("/api/ticketing/tickets/statistics/"),
        owner.post("/api/tickets", json={}, headers={"Idempotency-Key": "a"}),
    ]
    codes = [answer.status_code for answer in answers]
    assert codes == [200, 200, 304, 200, 404, 400, 400, 200, 400]
    assert [left(answer) for answer in answers] == [(1000, 999 - n) for n in range(len(answers))]
    answers = [
        nobody.get("/api/tickets"),
        nobody.get("/api/tickets", headers={"Authorization": "Bearer tk_wrong"}),
        nobody.get("/api/v1/tickets/", headers={"X-API-Key": "tk_wrong"}),
        nobody.get("/api/tickets/", headers={"Authorization": "Basic eA=="}),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert [left(answer) for answer in answers] == [(1000, 999 - n) for n in range(4)]


def test_all_tokens_of_a_user_count_together(as_: As, cast: Cast) -> None:
    one, other, colleague = as_(cast.owner), as_(cast.owner), as_(cast.colleague)
    assert left(one.get("/api/tickets")) == (1000, 999)
    assert left(other.get("/api/v1/tickets/")) == (1000, 998)
    access = one.post("/auth/login", json={"username": "owner", "password": PASSWORD}).json()
    bearer = {"Authorization": f"Bearer {access['data']['access_token']}"}
    assert left(other.get("/api/ticketing/tickets/", headers=bearer)) == (1000, 997)
    assert left(colleague.get("/api/tickets")) == (1000, 999)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_that_is_searched_is_a_search(path: str, agent: TestClient) -> None:
    assert left(agent.get(path)) == (1000, 999)
    assert left(agent.get(path, params={"search": ""})) == (1000, 998)
    assert left(agent.get(path, params={"search": "lamp"})) == (200, 199)
    assert left(agent.get(path, params={"search": "lamp", "x": "y"})) == (200, 198)


def test_searches_and_reports_are_counted_apart(agent: TestClient) -> None:
    assert left(agent.post("/tickets/search", json={"query": "lamp"})) == (200, 199)
    assert left(agent.get("/tickets", params={"search": "lamp"})) == (200, 198)
    for n, path in enumerate(("/reports/dashboard", "/reports/performance", "/reports/export")):
        assert left(agent.get(path)) == (50, 49 - n)
    assert left(agent.get("/tickets")) == (1000, 999)


@pytest.mark.parametrize("path", UPLOADS)
def test_a_file_is_an_upload(path: str, owner: TestClient) -> None:
    route = next(route for _, route in ROUTES if route.path == path)
    sent = {"file": ("a.png", samples.png())}
    assert left(owner.post(path_of(route), files=sent)) == (100, 99)
    assert left(owner.post(path_of(route))) == (100, 98)


def test_every_dialect_takes_files() -> None:
    assert {path.split("/")[2] for path in UPLOADS if path.startswith("/api/")} >= {
        "tickets",
        "v1",
        "ticketing",
    }
    assert "/attachments/ticket/{ticket_id}/upload" in UPLOADS


def test_signing_in_is_counted_by_address(nobody: TestClient, cast: Cast) -> None:
    body = {"username": "owner", "password": PASSWORD}
    first = nobody.post("/auth/login", json=body)
    assert left(first) == (10, 9)
    assert left(nobody.post("/auth/login", json={})) == (10, 8)
    assert left(nobody.post("/auth/login", json=body | {"password": "a guess"})) == (10, 7)
    assert left(nobody.post("/auth/register", json={})) == (10, 6)
    assert left(nobody.post("/auth/refresh")) == (10, 5)
    unknown = {"Authorization": "Bearer rt_unknown"}
    assert left(nobody.post("/auth/refresh", headers=unknown)) == (10, 4)
    token = first.json()["data"]["refresh_token"]
    mine = {"Authorization": f"Bearer {token}"}
    renewed = nobody.post("/auth/refresh", headers=mine)
    assert left(renewed) == (10, 9), "a known refresh token is its owner's"
    access = {"Authorization": f"Bearer {renewed.json()['data']['access_token']}"}
    assert left(nobody.get("/auth/me", headers=access)) == (1000, 999)
    assert left(nobody.post("/auth/logout", headers=access)) == (10, 8)


def test_the_form_of_the_web_app_shares_the_address(nobody: TestClient, cast: Cast) -> None:
    for _ in range(6):
        answer = nobody.post("/session/login", data={"username": "x", "password": "y"})
        assert "x-ratelimit-limit" not in answer.headers
    for n in range(4):
        answer = nobody.post("/auth/login", json={"username": f"n{n}", "password": "y"})
        assert left(answer) == (10, 3 - n)
    body = {"username": "owner", "password": PASSWORD}
    assert nobody.post("/auth/login", json=body).status_code == 429


def test_a_refresh_that_is_refused_for_its_number_spends_no_token(nobody: TestClient) -> None:
    body = {"username": "owner", "password": PASSWORD}
    token = nobody.post("/auth/login", json=body).json()["data"]["refresh_token"]
    for _ in range(10):
        bearer = {"Authorization": f"Bearer {token}"}
        token = nobody.post("/auth/refresh", headers=bearer).json()["data"]["refresh_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert nobody.post("/auth/refresh", headers=bearer).status_code == 429
    allowances.forget()
    assert nobody.post("/auth/refresh", headers=bearer).status_code == 200


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/api/tickets", {"success", "error"}),
        ("/api/tickets/", {"detail"}),
        ("/api/v1/tickets/", {"detail"}),
        ("/api/ticketing/tickets/", {"detail"}),
        ("/auth/me", {"success", "error", "request_id"}),
        ("/tickets", {"success", "error", "request_id"}),
        ("/reports/dashboard", {"success", "error", "request_id"}),
        ("/tickets/nothing/here", {"success", "error", "request_id"}),
        ("/media/tickets/attachments/2026/11/x.png", {"detail"}),
        ("/api/v1/nothing/", {"detail"}),
    ],
)
def test_beyond_is_429_in_the_documents_form(
    path: str, shape: set[str], few: int, owner: TestClient, nobody: TestClient
) -> None:
    for client in (owner, nobody):
        for n in range(few):
            answer = client.get(path)
            assert answer.status_code != 429
            assert left(answer) == (few, few - 1 - n)
        for _ in range(2):
            answer = client.get(path)
            assert answer.status_code == 429
            assert left(answer) == (few, 0)
            assert answer.json().keys() == shape
            assert 3_590 <= int(answer.headers["retry-after"]) <= 3_600
            wait = int(answer.headers["x-ratelimit-reset"]) - time.time()
            assert abs(wait - int(answer.headers["retry-after"])) < 2


def test_nothing_is_done_beyond(few: int, owner: TestClient, as_: As, cast: Cast) -> None:
    for _ in range(few):
        assert owner.post("/api/tickets", json=NEW_TICKET).status_code == 200
    assert owner.post("/api/tickets", json=NEW_TICKET).status_code == 429
    assert as_(cast.owner).post("/api/tickets", json=NEW_TICKET).status_code == 429
    assert as_(cast.agent).get("/api/v1/tickets/").json()["count"] == few


def test_who_has_nothing_left_is_refused_without_a_look_up(
    few: int, owner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [owner.get("/api/tickets").status_code for _ in range(few + 1)]
    assert codes == [200] * few + [429]

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("a desk was opened")

    monkeypatch.setattr("ticket_app.api.kit.door.open_desk", never)
    assert owner.get("/api/tickets").status_code == 429
    assert left(owner.get("/api/tickets")) == (few, 0)


def test_strangers_take_nothing_from_those_who_are_known(
    few: int, owner: TestClient, nobody: TestClient
) -> None:
    for _ in range(few * 2):
        nobody.get("/api/tickets")
    wrong = {"Authorization": "Bearer tk_wrong"}
    assert nobody.get("/api/tickets", headers=wrong).status_code == 429
    assert left(owner.get("/api/tickets")) == (few, few - 1)


def test_an_empty_body_is_no_way_around(few: int, nobody: TestClient, owner: TestClient) -> None:
    for _ in range(few):
        assert owner.post("/api/tickets", content=b"{").status_code == 400
    assert owner.post("/api/tickets", content=b"{").status_code == 429
    for _ in range(10):
        assert nobody.post("/auth/login", content=b"{").status_code == 400
    assert nobody.post("/auth/login", content=b"{").status_code == 429


def test_the_web_app_is_not_counted(few: int, nobody: TestClient, cast: Cast) -> None:
    nobody.post("/session/login", data={"username": "owner", "password": PASSWORD})
    for _ in range(few * 3):
        answer = nobody.get("/files/7d1f3c1a-8f2e-4a53-b1c5-0c6c3a6b9f10")
        assert answer.status_code == 404
        assert "x-ratelimit-limit" not in answer.headers


def test_without_limits_nothing_is_told(monkeypatch: pytest.MonkeyPatch, owner: TestClient) -> None:
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "0")
    reload_settings()
    answer = owner.get("/api/tickets")
    assert answer.status_code == 200
    assert "x-ratelimit-limit" not in answer.headers
