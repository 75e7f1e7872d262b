"""The audit log in the Enterprise API and as a file of the web app."""

from __future__ import annotations

import csv
import io
import json

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import As
from tests.api.test_auth import unsealed
from tests.api.test_enterprise_tickets import create_ticket
from tests.cast import PASSWORD, Cast

ORIGIN = {"X-Request-ID": "audit-test-1"}


def test_admins_read_changes_with_their_origin(
    owner: TestClient, agent: TestClient, admin: TestClient, cast: Cast
) -> None:
    ticket = create_ticket(owner, title="Lamp is dark")
    changed = agent.patch(f"/tickets/{ticket['id']}", json={"priority": "high"}, headers=ORIGIN)
    assert changed.status_code == 200
    page = unsealed(admin.get("/audit?field=priority"))
    assert (page["size"], page["has_next"], page["next_cursor"]) == (50, False, None)
    (entry,) = page["items"]
    assert entry.pop("id").startswith("t")
    assert entry.pop("created_at")
    assert entry.pop("address")
    assert entry == {
        "actor": {"id": cast.agent.id, "username": "agent", "full_name": "Agnes Hale"},
        "kind": "change",
        "action": "changed",
        "subject": {
            "type": "ticket",
            "id": ticket["id"],
            "name": "REQ-1",
            "title": "Lamp is dark",
        },
        "field": "priority",
        "old_value": "medium",
        "new_value": "high",
        "channel": "enterprise",
        "request_id": "audit-test-1",
    }


def test_each_dialect_is_its_own_channel(owner: TestClient, admin: TestClient) -> None:
    kubebro = {"title": "Lamp", "description": "Dark", "category": "bug"}
    assert owner.post("/api/tickets/", json=kubebro).status_code == 201
    bmasia = {"subject": "Lamp", "description": "Dark"}
    ticketing = {"title": "Lamp", "description": "Dark"}
    owner.post("/api/v1/tickets/", json=bmasia)
    owner.post("/api/ticketing/tickets/", json=ticketing)
    create_ticket(owner)
    items = unsealed(admin.get("/audit?kind=created"))["items"]
    channels = {entry["channel"] for entry in items}
    assert {"kubebro", "enterprise"} <= channels
    (of_kubebro,) = unsealed(admin.get("/audit?kind=created&channel=kubebro"))["items"]
    assert of_kubebro["channel"] == "kubebro"


def test_pages_follow_the_cursor(owner: TestClient, admin: TestClient) -> None:
    for number in range(5):
        create_ticket(owner, title=f"Lamp {number}")
    url, titles = "/audit?kind=created&size=2", []
    while url:
        response = admin.get(url)
        titles += [entry["subject"]["title"] for entry in unsealed(response)["items"]]
        url = response.links.get("next", {}).get("url", "")
    assert titles == [f"Lamp {number}" for number in (4, 3, 2, 1, 0)]


def test_export_is_safe_complete_and_recorded(
    owner: TestClient, agent: TestClient, admin: TestClient
) -> None:
    ticket = create_ticket(owner, title="=1+1")
    agent.patch(f"/tickets/{ticket['id']}", json={"priority": "high"})
    response = admin.get("/audit/export?field=priority")
    assert response.headers["content-disposition"].startswith('attachment; filename="audit-log-')
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["actor"], row["old_value"], row["new_value"]) == ("Agnes Hale", "medium", "high")
    assert row["ticket_title"] == "'=1+1"
    lines = admin.get("/audit/export?format=jsonl&field=priority").text.splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["REQ-1"]
    exports = unsealed(admin.get("/audit?kind=data"))["items"]
    assert [(entry["action"], entry["new_value"]) for entry in exports] == [
        ("exported", "jsonl: field priority"),
        ("exported", "csv: field priority"),
    ]


@pytest.mark.parametrize("path", ["/audit", "/audit/export"])
def test_others_are_refused(as_: As, cast: Cast, nobody: TestClient, path: str) -> None:
    for person in (cast.owner, cast.agent, cast.manager):
        assert as_(person).get(path).status_code == 403
    assert nobody.get(path).status_code == 401


@pytest.mark.parametrize(
    "query", ["kind=x", "channel=x", "since=tomorrow", "ticket=lamp", "cursor=x", "user_id=0"]
)
def test_invalid_filters_are_explained(admin: TestClient, query: str) -> None:
    response = admin.get(f"/audit?{query}")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "VALIDATION_ERROR"


def test_web_app_exports_with_its_session(nobody: TestClient, cast: Cast) -> None:
    form = {"username": "admin", "password": PASSWORD}
    nobody.post("/session/login", data=form, follow_redirects=False)
    response = nobody.get("/session/audit?kind=sign_in")
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["action"], row["subject"], row["channel"]) == ("signed_in", "Addie Minton", "web")
