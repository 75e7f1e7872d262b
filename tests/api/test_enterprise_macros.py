"""Saved replies and macros by the API."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

REPLY = {"title": "Restart", "content": "Hello {{requester.first_name}}", "shortcut": "re"}
ACTIONS = [
    {"type": "set_status", "value": "resolved"},
    {"type": "set_assignee", "value": "me"},
    {"type": "add_tags", "value": ["restart"]},
    {"type": "reply", "value": "Works, {{requester.first_name}}?"},
    {"type": "note", "value": "Done by {{agent.name}}"},
]


def data(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()["data"]


def error(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


def new_ticket(client: TestClient) -> int:
    sent = {"title": "Dark", "description": "No light."}
    return data(client.post("/tickets", json=sent), 201)["id"]


def test_saved_reply_is_created_listed_changed_and_deleted(
    agent: TestClient, admin: TestClient, owner: TestClient
) -> None:
    made = data(agent.post("/saved-replies", json=REPLY), 201)
    assert {name: made[name] for name in REPLY} == REPLY
    assert (made["scope"], made["team"], made["use_count"]) == ("me", None, 0)
    path = f"/saved-replies/{made['id']}"
    assert data(agent.get(path)) == made
    assert error(admin.get(path), 404)["code"] == "RESOURCE_NOT_FOUND"
    assert data(agent.get("/saved-replies"))["items"] == [made]
    assert data(agent.patch(path, json={"title": "Reboot"}))["title"] == "Reboot"
    assert error(agent.patch(path, json={"scope": "everyone"}), 403)
    assert error(agent.post("/saved-replies", json={**REPLY, "title": "Other"}), 409)
    unknown = error(agent.patch(path, json={"content": "{{ticket.nummer}}"}), 400)
    assert unknown["details"]["field"] == "content"
    assert error(owner.get("/saved-replies"), 403)
    assert data(agent.delete(path)) is None
    assert data(agent.get("/saved-replies"))["total"] == 0


def test_macro_is_applied_to_a_ticket_with_all_its_actions(
    agent: TestClient, owner: TestClient
) -> None:
    ticket_id = new_ticket(owner)
    made = data(agent.post("/macros", json={"name": "Solved", "actions": ACTIONS}), 201)
    assert made["actions"] == ACTIONS
    applied = data(agent.post(f"/tickets/{ticket_id}/macros/{made['id']}"))
    assert (applied["ticket_id"], applied["macro"]["name"]) == (ticket_id, "Solved")
    ticket = data(owner.get(f"/tickets/{ticket_id}"))
    assert (ticket["status"], ticket["tags"]) == ("resolved", ["restart"])
    comments = [one["content"] for one in data(owner.get(f"/comments/ticket/{ticket_id}"))["items"]]
    assert comments == ["Works, Olive?"]
    assert data(agent.get(f"/macros/{made['id']}"))["use_count"] == 1


def test_macro_with_an_impossible_action_changes_nothing_and_names_it(
    agent: TestClient, owner: TestClient
) -> None:
    ticket_id = new_ticket(owner)
    late = [{"type": "set_priority", "value": "high"}, {"type": "note", "value": "{{ticket.due}}"}]
    made = data(agent.post("/macros", json={"name": "Late", "actions": late}), 201)
    problem = error(agent.post(f"/tickets/{ticket_id}/macros/{made['id']}"), 422)
    assert "add internal note" in problem["message"]
    assert "{{ticket.due}} has no value" in problem["message"]
    assert data(owner.get(f"/tickets/{ticket_id}"))["priority"] == "medium"
    assert error(owner.post(f"/tickets/{ticket_id}/macros/{made['id']}"), 403)
    wrong = {"name": "Wrong", "actions": [{"type": "set_status", "value": "gone"}]}
    assert error(agent.post("/macros", json=wrong), 400)["details"]["field"] == "actions"


def test_a_limit_of_one_is_in_the_singular(agent: TestClient) -> None:
    for body, expected in (
        ({"name": "Nothing", "actions": []}, "must have at least 1 item."),
        (
            {"name": "Key", "actions": [{"type": "follow"}], "shortcut": "ab"},
            "at most 1 character.",
        ),
    ):
        answer = agent.post("/macros", json=body)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"].endswith(expected)
