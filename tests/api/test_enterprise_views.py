"""Saved views by the API."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

HIGH = {
    "match": "all",
    "conditions": [
        {"field": "priority", "operator": "any_of", "values": ["high", "urgent"]},
        {
            "match": "any",
            "conditions": [
                {"field": "assignee", "operator": "is", "values": ["none"]},
                {"field": "created", "operator": "in_last", "values": ["7d"]},
            ],
        },
    ],
}


def data(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()["data"]


def test_view_is_created_listed_changed_and_deleted(agent: TestClient) -> None:
    sent = {"name": "Hot", "icon": "flame", "conditions": HIGH, "sort": "due", "descending": False}
    made = data(agent.post("/views", json=sent), 201)
    assert {name: made[name] for name in sent} == sent
    assert (made["scope"], made["team"], made["is_pinned"], made["is_default"]) == (
        "me",
        None,
        True,
        False,
    )
    assert made["invalid_conditions"] == []
    path = f"/views/{made['id']}"
    assert data(agent.get(path)) == made
    assert [one["id"] for one in data(agent.get("/views"))["items"]] == [made["id"]]
    changed = data(agent.patch(path, json={"name": "Warm", "group_by": "team"}))
    assert (changed["name"], changed["group_by"], changed["conditions"]) == ("Warm", "team", HIGH)
    assert data(agent.delete(path)) is None
    assert agent.get(path).status_code == 404


def test_view_lists_its_tickets(agent: TestClient, owner: TestClient) -> None:
    ids = [
        data(
            owner.post("/tickets", json={"title": "A", "description": "B", "priority": priority}),
            201,
        )["id"]
        for priority in ("low", "high")
    ]
    view = data(agent.post("/views", json={"name": "Hot", "conditions": HIGH}), 201)
    page = data(agent.get(f"/views/{view['id']}/tickets"))
    assert ([one["id"] for one in page["items"]], page["total"]) == ([ids[1]], 1)


def test_view_of_another_person_answers_like_a_missing_one(
    agent: TestClient, admin: TestClient, owner: TestClient
) -> None:
    view = data(agent.post("/views", json={"name": "Mine"}), 201)
    for end in ("", "/tickets"):
        hidden, missing = (admin.get(f"/views/{one}{end}") for one in (view["id"], 987654))
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.json()["error"]["message"] == missing.json()["error"]["message"]
    assert owner.get("/views").status_code == 403
    assert agent.post("/views", json={"name": "Ours", "scope": "everyone"}).status_code == 403


def test_unknown_field_of_a_condition_is_an_error(agent: TestClient) -> None:
    for condition in (
        {"field": "moon", "operator": "is", "values": ["full"]},
        {"field": "priority", "operator": "like", "values": ["low"]},
        {"field": "created", "operator": "in_last", "values": ["soon"]},
    ):
        sent = {"name": "Odd", "conditions": {"conditions": [condition]}}
        assert agent.post("/views", json=sent).status_code == 400
