"""Teams, templates, routing rules, tags and sections by the API, for programs."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.cast import Cast
from ticket_app.core.people.api_tokens import create_api_token

PATHS = ("/teams", "/ticket-templates", "/routing-rules", "/tags", "/sections")


def data(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()["data"]


def error(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


def body(path: str, cast: Cast, name: str = "One") -> dict[str, Any]:
    if path == "/routing-rules":
        return {"name": name, "method": "person", "assignee_id": cast.agent.id}
    return {"name": name}


def new_ticket(client: TestClient, **values: Any) -> dict[str, Any]:
    sent = {"title": "Dark", "description": "No light.", **values}
    return data(client.post("/tickets", json=sent), 201)


@pytest.mark.parametrize("path", PATHS)
def test_each_kind_is_created_read_renamed_and_deleted(
    path: str, admin: TestClient, cast: Cast
) -> None:
    created = data(admin.post(path, json=body(path, cast)), 201)
    assert created["name"] == "One"
    listed = data(admin.get(path, params={"size": 100}))
    assert created["id"] in [item["id"] for item in listed["items"]]
    assert data(admin.get(f"{path}/{created['id']}")) == created
    renamed = data(admin.patch(f"{path}/{created['id']}", json={"name": "Two"}))
    assert renamed["name"] == "Two"
    assert data(admin.delete(f"{path}/{renamed['id']}")) is None
    assert error(admin.get(f"{path}/{renamed['id']}"), 404)["code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize("path", PATHS)
def test_taken_names_and_wrong_fields_are_errors_of_the_dialect(
    path: str, admin: TestClient, cast: Cast
) -> None:
    data(admin.post(path, json=body(path, cast)), 201)
    assert (
        error(admin.post(path, json=body(path, cast, "ONE")), 409)["code"] == "DUPLICATE_RESOURCE"
    )
    missing = error(admin.post(path, json={}), 400)
    assert (missing["code"], missing["details"]["field"]) == ("VALIDATION_ERROR", "name")
    unknown = error(admin.post(path, json={**body(path, cast, "Other"), "colour": "red"}), 400)
    assert unknown["details"]["field"] == "colour"
    assert error(admin.post(path, json={**body(path, cast), "name": None}), 400)


@pytest.mark.parametrize("path", PATHS)
def test_a_repeated_request_creates_once(path: str, admin: TestClient, cast: Cast) -> None:
    key = {"Idempotency-Key": "settings-1"}
    first = admin.post(path, json=body(path, cast), headers=key)
    again = admin.post(path, json=body(path, cast), headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()


def test_lists_have_pages(admin: TestClient) -> None:
    for number in range(5):
        data(admin.post("/ticket-templates", json={"name": f"T{number}", "rank": number}), 201)
    page = data(admin.get("/ticket-templates", params={"page": 2, "size": 2}))
    assert [item["name"] for item in page["items"]] == ["T2", "T3"]
    assert (page["total"], page["pages"], page["pagination"]["has_next"]) == (5, 3, True)


def test_a_token_needs_the_scope_of_the_setting(
    nobody: TestClient, cast: Cast, working: Working
) -> None:
    with working(cast.admin) as uow:
        token, _ = create_api_token(uow, "Settings", scopes=["set_up"])
    headers = {"X-API-Key": token}
    data(nobody.post("/tags", json={"name": "vpn"}, headers=headers), 201)
    assert error(nobody.post("/teams", json={"name": "Network"}, headers=headers), 403)


def test_team_lists_its_members(admin: TestClient, agent: TestClient, cast: Cast) -> None:
    ids = [cast.agent.id, cast.manager.id]
    team = data(admin.post("/teams", json={"name": "Network", "member_ids": ids}), 201)
    assert sorted(member["id"] for member in team["members"]) == sorted(ids)
    assert team["member_count"] == 2
    assert data(agent.get(f"/teams/{team['id']}")) == team
    (listed,) = data(agent.get("/teams", params={"search": "netw"}))["items"]
    assert listed == {name: team[name] for name in ("id", "name", "member_count", "created_at")}
    assert data(agent.get("/teams", params={"search": "nothing"}))["total"] == 0
    in_use = error(admin.delete(f"/teams/{team['id']}"), 409)
    assert "2 people" in in_use["message"]
    smaller = data(admin.patch(f"/teams/{team['id']}", json={"member_ids": [cast.agent.id]}))
    assert [member["id"] for member in smaller["members"]] == [cast.agent.id]
    assert smaller["name"] == "Network"
    stranger = {"member_ids": [cast.owner.id]}
    assert error(admin.patch(f"/teams/{team['id']}", json=stranger), 400)["details"] == {
        "field": "member_ids",
        "reason": "The member_ids field must be people who work on tickets.",
    }


def test_departments_are_searched_by_name(admin: TestClient) -> None:
    for name in ("Facilities", "Finance"):
        data(admin.post("/departments", json={"name": name}), 201)
    found = data(admin.get("/departments", params={"search": "facil"}))
    assert [item["name"] for item in found["items"]] == ["Facilities"]


TEMPLATE: dict[str, Any] = {
    "name": "Printer",
    "summary": "When it does not print",
    "rank": 10,
    "values": {
        "title": "Printer broken",
        "description": "Floor:",
        "kind": "bug",
        "category": "technical",
        "priority": "urgent",
        "severity": "major",
        "section": "printing",
        "steps_to_reproduce": "1. Print",
        "tags": ["printer"],
    },
}


def test_template_is_picked_by_everyone_who_creates_tickets(
    admin: TestClient, owner: TestClient
) -> None:
    template = data(admin.post("/ticket-templates", json=TEMPLATE), 201)
    assert template == {
        **TEMPLATE,
        "id": template["id"],
        "is_staff_only": False,
        "is_active": True,
        "ticket": {
            "title": "Printer broken",
            "description": "Floor:",
            "priority": "critical",
            "ticket_type": "problem",
            "tags": ["printer"],
        },
        "created_at": template["created_at"],
        "updated_at": template["created_at"],
    }
    (picked,) = data(owner.get("/ticket-templates"))["items"]
    assert picked == template
    assert data(owner.get(f"/ticket-templates/{template['id']}")) == template
    ticket = new_ticket(owner, **picked["ticket"])
    assert (ticket["title"], ticket["tags"]) == ("Printer broken", ["printer"])


def test_template_for_staff_and_inactive_one_are_hidden(
    admin: TestClient, agent: TestClient, owner: TestClient
) -> None:
    for name, values in (("Staff", {"is_staff_only": True}), ("Off", {"is_active": False})):
        data(admin.post("/ticket-templates", json={"name": name, **values}), 201)
    seen = [
        [(item["name"], item["id"]) for item in data(client.get("/ticket-templates"))["items"]]
        for client in (admin, agent, owner)
    ]
    assert [[name for name, _ in items] for items in seen] == [["Staff", "Off"], ["Staff"], []]
    for _, template_id in seen[0]:
        assert error(owner.get(f"/ticket-templates/{template_id}"), 404)


def test_template_values_are_replaced_and_checked(admin: TestClient) -> None:
    template = data(admin.post("/ticket-templates", json=TEMPLATE), 201)
    path = f"/ticket-templates/{template['id']}"
    kept = data(admin.patch(path, json={"summary": None}))
    assert (kept["summary"], kept["values"]) == (None, TEMPLATE["values"])
    changed = data(admin.patch(path, json={"values": {"kind": "change", "title": ""}}))
    assert (changed["values"], changed["ticket"]) == ({"kind": "change"}, {"ticket_type": "change"})
    wrong = error(admin.patch(path, json={"values": {"kind": "nonsense"}}), 400)
    assert wrong["details"]["field"] == "values.kind"
    assert error(admin.patch(path, json={"values": {"assignee": 3}}), 400)


def test_routing_rule_sends_new_tickets_to_its_team(
    admin: TestClient, owner: TestClient, agent: TestClient, cast: Cast
) -> None:
    members = {"name": "Network", "member_ids": [cast.agent.id]}
    team = data(admin.post("/teams", json=members), 201)
    sent = {
        "name": "Incidents",
        "rank": 5,
        "kinds": ["incident"],
        "team_id": team["id"],
        "method": "round_robin",
    }
    rule = data(admin.post("/routing-rules", json=sent), 201)
    assert rule == {
        "id": rule["id"],
        "name": "Incidents",
        "rank": 5,
        "kinds": ["incident"],
        "categories": [],
        "sections": [],
        "company": None,
        "team": {"id": team["id"], "name": "Network"},
        "assignee": None,
        "method": "round_robin",
        "is_active": True,
        "created_at": rule["created_at"],
        "updated_at": rule["created_at"],
    }
    assert data(agent.get("/routing-rules"))["items"] == [rule]
    assert new_ticket(owner, ticket_type="incident")["assigned_to_id"] == cast.agent.id
    off = data(admin.patch(f"/routing-rules/{rule['id']}", json={"is_active": False}))
    assert off == {**rule, "is_active": False, "updated_at": off["updated_at"]}
    assert new_ticket(owner, ticket_type="incident")["assigned_to_id"] is None
    without = error(admin.patch(f"/routing-rules/{rule['id']}", json={"team_id": None}), 400)
    assert without["details"]["field"] == "team_id"
    missing = error(admin.patch(f"/routing-rules/{rule['id']}", json={"company_id": 987654}), 400)
    assert missing["details"]["field"] == "company_id"


def test_tag_is_renamed_and_merged_on_tickets(admin: TestClient, owner: TestClient) -> None:
    ticket_id = new_ticket(owner, tags=["vnp", "office"])["id"]
    (tag,) = data(admin.get("/tags", params={"prefix": "VN"}))["items"]
    assert tag == {"id": tag["id"], "name": "vnp", "ticket_count": 1}
    renamed = data(admin.patch(f"/tags/{tag['id']}", json={"name": "vpn"}))
    assert (renamed["name"], renamed["ticket_count"]) == ("vpn", 1)
    assert data(owner.get(f"/tickets/{ticket_id}"))["tags"] == ["vpn", "office"]
    assert error(admin.patch(f"/tags/{renamed['id']}", json={"name": "office"}), 409)
    assert error(admin.delete(f"/tags/{renamed['id']}"), 409)
    merged = data(admin.post(f"/tags/{renamed['id']}/merge", json={"into": "office"}))
    assert (merged["name"], merged["ticket_count"]) == ("office", 1)
    assert data(owner.get(f"/tickets/{ticket_id}"))["tags"] == ["office"]
    assert error(admin.get(f"/tags/{renamed['id']}"), 404)
    unknown = error(admin.post(f"/tags/{merged['id']}/merge", json={"into": "nothing"}), 400)
    assert unknown["details"]["field"] == "into"


def test_configured_sections_are_changed_by_their_value(
    admin: TestClient, agent: TestClient, owner: TestClient
) -> None:
    configured = data(agent.get("/sections", params={"size": 100}))["items"]
    assert configured
    assert {section["id"] for section in configured} == {None}
    value = configured[0]["value"]
    assert data(agent.get(f"/sections/{value}")) == configured[0]
    assert error(admin.get("/sections/None"), 404)
    assert error(agent.patch(f"/sections/{value}", json={"name": "Front end"}), 403)
    renamed = data(admin.patch(f"/sections/{value}", json={"name": "Front end"}))
    assert (renamed["name"], renamed["value"]) == ("Front end", value)
    stored = data(agent.get("/sections", params={"size": 100}))["items"]
    assert [section["value"] for section in stored] == [one["value"] for one in configured]
    assert data(agent.get(f"/sections/{renamed['id']}")) == renamed == stored[0]
    added = data(admin.post("/sections", json={"name": "Mobile app", "value": "mobile_app"}), 201)
    assert added["rank"] > stored[-1]["rank"]
    assert error(owner.get("/sections"), 403)
