"""Tickets are imported as CSV and JSON lines by administrators, beside the document's endpoints."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from ticket_app.api.dialects.enterprise.tickets import importing
from ticket_app.settings import reload_settings

CSV = (
    "external_id,number,title,description,status,requester,created_at,resolved_at\n"
    "Z-1,BUG-15,Lamp dark,Since noon,resolved,owner@example.com,2021-03-04,2021-03-05\n"
    "Z-2,,Lamp bright,Since noon,new,owner,2021-03-06T10:00:00Z,\n"
    "Z-3,,,Since noon,new,ghost,2021-03-06T10:00:00Z,\n"
)
AS_CSV = {"Content-Type": "text/csv"}


def data(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_csv_is_imported_row_by_row(admin: TestClient, owner: TestClient) -> None:
    answer = admin.post("/tickets/import", content=CSV, headers=AS_CSV)
    assert answer.json()["message"] == "Import finished"
    assert data(answer) == {
        "dry_run": False,
        "total": 3,
        "created": 2,
        "skipped": 0,
        "failed": 1,
        "errors": [{"row": 4, "field": "title", "message": "The title field is required."}],
    }
    ticket = owner.get("/tickets/BUG-15").json()["data"]
    assert (ticket["status"], ticket["created_at"][:10]) == ("resolved", "2021-03-04")
    assert owner.get("/tickets").json()["data"]["total"] == 2
    again = data(admin.post("/tickets/import", content=CSV, headers=AS_CSV))
    assert (again["created"], again["skipped"], again["failed"]) == (0, 2, 1)


def test_dry_run_creates_nothing(admin: TestClient) -> None:
    answer = admin.post("/tickets/import?dry_run=true", content=CSV, headers=AS_CSV)
    assert (data(answer)["dry_run"], data(answer)["created"]) == (True, 2)
    assert answer.json()["message"] == "Import checked"
    assert admin.get("/tickets").json()["data"]["total"] == 0


@pytest.mark.parametrize("how", ["type", "parameter", "form"])
def test_json_lines_are_accepted_as_a_body_and_in_a_form(admin: TestClient, how: str) -> None:
    comments = [{"content": "Which lamp?", "author": "agent", "created_at": "2021-03-04T12:00:00Z"}]
    row = {"title": "Lamp", "description": "Dark", "created_at": "2021-03-04", "comments": comments}
    content = json.dumps(row).encode()
    sent: dict[str, Any] = {
        "type": {"content": content, "headers": {"Content-Type": "application/x-ndjson"}},
        "parameter": {"content": content, "params": {"format": "jsonl"}},
        "form": {"files": {"file": ("old.jsonl", content, "application/octet-stream")}},
    }[how]
    assert data(admin.post("/tickets/import", **sent))["created"] == 1
    (ticket,) = admin.get("/tickets").json()["data"]["items"]
    details = admin.get(f"/tickets/{ticket['id']}").json()["data"]
    assert [one["content"] for one in details["comments"]] == ["Which lamp?"]
    assert details["comments"][0]["created_at"].startswith("2021-03-04T12:00:00")


@pytest.mark.parametrize(
    ("content", "headers", "field"),
    [
        (b"", AS_CSV, "file"),
        (b"colour\nred\n", AS_CSV, "file"),
        (CSV.encode(), {"Content-Type": "application/pdf"}, "format"),
        (CSV.encode(), {"Content-Type": "multipart/form-data; boundary=x"}, "file"),
    ],
)
def test_whole_file_errors_are_answered_in_the_documents_envelope(
    admin: TestClient, content: bytes, headers: dict[str, str], field: str
) -> None:
    answer = admin.post("/tickets/import", content=content, headers=headers)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["details"]["field"]) == ("VALIDATION_ERROR", field)


def test_others_are_refused_before_the_file_is_read(agent: TestClient, nobody: TestClient) -> None:
    for client, status in ((agent, 403), (nobody, 401)):
        answer = client.post("/tickets/import", content=b"\xff", headers=AS_CSV)
        assert answer.status_code == status


def test_body_has_a_limit_of_its_own(admin: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    row = "Z,Lamp," + "a" * 40_000 + "\n"
    content = "external_id,title,description\n" + row.replace("Z", "Y") + row * 70
    answer = admin.post(
        "/tickets/import", content=content, headers={**AS_CSV, "Idempotency-Key": "one"}
    )
    assert (data(answer)["created"], data(answer)["failed"]) == (2, 69)
    (route,) = (one for one in importing.router.routes if getattr(one, "max_body_size", None))
    monkeypatch.setattr(route, "max_body_size", 1_000)
    answer = admin.post("/tickets/import", content=content, headers=AS_CSV)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "The request body must have at most 1,000 bytes."


def test_imports_have_a_rate_limit_of_their_own(
    admin: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "1")
    monkeypatch.setenv("TICKET_RATE_IMPORTS_PER_HOUR", "2")
    reload_settings()
    answers = [
        admin.post("/tickets/import?dry_run=true", content=CSV, headers=AS_CSV) for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["X-RateLimit-Limit"] == "2"
