"""Pages report actions that failed before the server noticed; the log has them without content."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from ticket_app.core.platform import action_limits

FAILURE = {"action": "upload", "page": "/desk/tickets", "at": "2026-11-29T10:00:00Z"}


def test_failure_is_logged_with_the_person_and_the_page(owner: TestClient, written: Any) -> None:
    response = owner.post("/session/failures", json={"failures": [FAILURE]})
    assert response.status_code == 200, response.text
    (line,) = [line for line in written() if line["event"] == "frontend_failure"]
    assert (line["action"], line["page"], line["actor"]) == ("upload", "/desk/tickets", "owner")
    assert (line["channel"], bool(line["request_id"])) == ("web", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "something secret"},
        {"page": "/desk/tickets/BUG-15"},
        {"page": "/desk?search=secret"},
        {"page": "/" + "a" * 100},
        {"at": "soon"},
    ],
)
def test_report_with_anything_else_is_rejected(
    owner: TestClient, written: Any, wrong: dict[str, str]
) -> None:
    response = owner.post("/session/failures", json={"failures": [{**FAILURE, **wrong}]})
    assert response.status_code == 400
    assert [line for line in written() if line["event"] == "frontend_failure"] == []


def test_reports_need_a_session_and_are_limited(owner: TestClient, nobody: TestClient) -> None:
    body = {"failures": [FAILURE]}
    assert nobody.post("/session/failures", json=body).status_code == 401
    for _ in range(action_limits.FAILURE_REPORTS_PER_MINUTE):
        assert owner.post("/session/failures", json=body).status_code == 200
    assert owner.post("/session/failures", json=body).status_code == 429
    assert owner.post("/session/failures", json={"failures": [FAILURE] * 11}).status_code == 400
