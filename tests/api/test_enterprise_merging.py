"""Tickets are merged through the API by staff, undone, and right in every document afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.cast import Cast
from ticket_app.core.conversation import commenting
from ticket_app.core.tickets import locking, opening


def create_ticket(working: Working, actor: Any, title: str = "The lamp flickers") -> int:
    with working(actor) as uow:
        ticket_id = opening.open_ticket(uow, opening.TicketDraft(title, "Since noon")).id
    assert ticket_id is not None
    return ticket_id


@pytest.fixture
def two(working: Working, cast: Cast) -> tuple[int, int]:
    first, second = (
        create_ticket(working, cast.owner),
        create_ticket(working, cast.owner, "The lamp again"),
    )
    with working(cast.agent) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, second), "Which lamp?")
    return first, second


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_merged_tickets_share_one_conversation_in_every_document(
    two: tuple[int, int], agent: TestClient, owner: TestClient
) -> None:
    first, second = two
    number = agent.get(f"/tickets/{first}").json()["data"]["ticket_number"]
    answer = agent.post(f"/tickets/{second}/merge", json={"into": number})
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["id"] == first
    assert answer.json()["message"] == "Tickets merged successfully"
    for client in (agent, owner):
        gone, into = (client.get(f"/tickets/{one}").json()["data"] for one in (second, first))
        assert (gone["status"], gone["comments"]) == ("closed", [])
        assert [one["content"] for one in into["comments"]] == ["Which lamp?"]
        linked = [(one["id"], one["relation"]) for one in gone["related_tickets"]]
        assert linked[0] == (first, "merged_into")
        linked = [(one["id"], one["relation"]) for one in into["related_tickets"]]
        assert linked[0] == (second, "merged_from")
    answer = owner.post(f"/comments/ticket/{second}", json={"content": "The green one"})
    assert code(answer) == (422, "BUSINESS_RULE_VIOLATION")
    assert "SUP-1" in answer.json()["error"]["message"]
    answer = agent.post(f"/tickets/{second}/unmerge")
    assert (answer.status_code, answer.json()["data"]["id"]) == (200, second)
    assert answer.json()["data"]["status"] == "open"
    assert code(agent.post(f"/tickets/{second}/unmerge")) == (422, "BUSINESS_RULE_VIOLATION")


def test_people_without_permission_cannot_merge(
    two: tuple[int, int], owner: TestClient, stranger: TestClient, nobody: TestClient
) -> None:
    first, second = two
    for path, body in (
        (f"/tickets/{second}/merge", {"into": first}),
        (f"/tickets/{second}/unmerge", {}),
    ):
        assert code(nobody.post(path, json=body)) == (401, "AUTHENTICATION_REQUIRED")
        assert code(stranger.post(path, json=body)) == (404, "RESOURCE_NOT_FOUND")
        assert code(owner.post(path, json=body)) == (403, "PERMISSION_DENIED")
    assert owner.get(f"/tickets/{second}").json()["data"]["status"] == "open"


def test_rejected_merge_gives_the_reason(
    two: tuple[int, int], agent: TestClient, working: Working, cast: Cast
) -> None:
    first, second = two
    theirs = create_ticket(working, cast.stranger)
    path = f"/tickets/{second}/merge"
    for body in ({}, {"into": None}, {"into": 0}, {"into": [first]}, {"into": "x" * 99}, {"to": 1}):
        assert code(agent.post(path, json=body)) == (400, "VALIDATION_ERROR"), body
    for into in (second, 999, "BUG-999", "'", str(second)):
        answer = agent.post(path, json={"into": into})
        assert code(answer) == (400, "VALIDATION_ERROR")
        assert answer.json()["error"]["details"]["field"] == "into"
    answer = agent.post(path, json={"into": theirs})
    assert code(answer) == (422, "BUSINESS_RULE_VIOLATION")
    assert "duplicate" in answer.json()["error"]["message"]
    for unknown in ("999", "x", "BUG-1"):
        answer = agent.post(f"/tickets/{unknown}/merge", json={"into": first})
        assert code(answer) == (404, "RESOURCE_NOT_FOUND")


def test_a_merge_sent_again_is_answered_again(two: tuple[int, int], agent: TestClient) -> None:
    first, second = two
    entries = [
        agent.post(
            f"/tickets/{second}/merge", json={"into": first}, headers={"Idempotency-Key": "once"}
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in entries] == [200, 200]
    assert entries[0].json()["data"] == entries[1].json()["data"]


def test_other_apis_show_a_merge_in_their_own_words(
    two: tuple[int, int], agent: TestClient, owner: TestClient
) -> None:
    first, second = two
    agent.post(f"/tickets/{second}/merge", json={"into": first})
    for client in (agent, owner):
        gone = client.get(f"/api/ticketing/tickets/{second}/").json()
        assert (gone["status"], gone["comments"]) == ("closed", [])
        assert [line["action"] for line in gone["history"]].count("status_changed") == 1
        into = client.get(f"/api/ticketing/tickets/{first}/").json()
        assert [one["content"] for one in into["comments"]] == ["Which lamp?"]
        listed = client.get(f"/api/ticketing/comments/?ticket={first}").json()
        assert listed["count"] == 1
        assert client.get(f"/api/tickets/{second}/").json()["status"] == "closed"
        assert (
            client.get(f"/api/tickets/{first}/").json()["comments"][0]["content"] == "Which lamp?"
        )
    answer = owner.post(f"/api/tickets/{second}/add_comment/", json={"content": "Hello?"})
    assert answer.status_code == 400
    assert "SUP-1" in answer.text
