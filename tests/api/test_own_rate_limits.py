"""An administrator gives a client limits of its own, which count at once and are in the headers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.cast import Cast
from ticket_app.core.platform import rate_limits
from ticket_app.settings import reload_settings

SetLimits = Callable[[object], dict[str, object]]


@pytest.fixture
def set_limits(admin: TestClient, cast: Cast) -> SetLimits:
    def change(limits: object) -> dict[str, object]:
        answer = admin.patch(f"/users/{cast.owner.id}", json={"rate_limits": limits})
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    return change


def test_own_limits_replace_those_of_the_installation(
    set_limits: SetLimits, owner: TestClient, stranger: TestClient
) -> None:
    assert set_limits({"general": 5000})["rate_limits"] == {"general": 5000}
    assert owner.get("/tickets").headers["X-RateLimit-Limit"] == "5000"
    assert owner.get("/tickets?search=lamp").headers["X-RateLimit-Limit"] == "200"
    assert owner.get("/api/tickets").headers["X-RateLimit-Limit"] == "5000"
    assert stranger.get("/tickets").headers["X-RateLimit-Limit"] == "1000"
    assert set_limits(None)["rate_limits"] is None
    assert owner.get("/tickets").headers["X-RateLimit-Limit"] == "1000"


def test_own_limit_holds_where_the_installation_has_none(
    set_limits: SetLimits,
    owner: TestClient,
    stranger: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_limits({"general": 7})
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "0")
    reload_settings()
    assert owner.get("/tickets").headers["X-RateLimit-Limit"] == "7"
    assert "X-RateLimit-Limit" not in stranger.get("/tickets").headers


def test_client_over_its_limit_is_let_in_again_when_the_limit_is_raised(
    set_limits: SetLimits, owner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "MAX_REMEMBERED_SECONDS", 0.0)
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "2")
    reload_settings()
    assert [owner.get("/tickets").status_code for _ in range(3)] == [200, 200, 429]
    set_limits({"general": 10})
    answer = owner.get("/tickets")
    assert (answer.status_code, answer.headers["X-RateLimit-Limit"]) == (200, "10")


@pytest.mark.parametrize(
    "limits",
    [{"general": 0}, {"general": -1}, {"general": 1_000_001}, {"general": "9"}, {"tea": 5}, [], 5],
)
def test_wrong_limits_are_refused(admin: TestClient, cast: Cast, limits: object) -> None:
    answer = admin.patch(f"/users/{cast.owner.id}", json={"rate_limits": limits})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"]["field"].startswith("rate_limits")


def test_only_administrators_see_and_set_limits_and_never_their_own(
    agent: TestClient, admin: TestClient, owner: TestClient, cast: Cast
) -> None:
    limits = {"rate_limits": {"general": 5000}}
    assert agent.patch(f"/users/{cast.owner.id}", json=limits).status_code == 403
    assert owner.patch(f"/users/{cast.owner.id}", json=limits).status_code == 403
    assert admin.patch(f"/users/{cast.admin.id}", json=limits).status_code == 403
    assert "rate_limits" not in agent.get(f"/users/{cast.owner.id}").json()["data"]
    assert "rate_limits" in admin.get(f"/users/{cast.owner.id}").json()["data"]
