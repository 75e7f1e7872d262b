"""The notifications of the caller, newest first, and marking them as read."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tests.api.test_auth import refused, unsealed
from tests.api.test_enterprise_comments import add_comment
from tests.api.test_enterprise_tickets import create_ticket


def payload(client: TestClient, query: str = "") -> dict[str, Any]:
    return unsealed(client.get("/notifications" + query))


def test_mention_is_listed_and_marked_as_read(owner: TestClient, agent: TestClient) -> None:
    ticket = create_ticket(owner)
    comment = add_comment(owner, ticket["id"], "Please, @agent!")
    (notice,) = payload(agent)["items"]
    created_at = notice.pop("created_at")
    assert created_at == comment["created_at"]
    assert notice == {
        "id": 1,
        "type": "mention",
        "message": "Olive Ownby mentioned you on REQ-1",
        "ticket_id": ticket["id"],
        "ticket_number": ticket["ticket_number"],
        "comment_id": comment["id"],
        "actor_name": "Olive Ownby",
        "is_read": False,
        "read_at": None,
    }
    read = unsealed(agent.post("/notifications/1/read"))
    assert read["is_read"] is True
    assert read["read_at"]
    assert unsealed(agent.post("/notifications/1/read"))["read_at"] == read["read_at"]
    assert payload(agent, "?unread=true")["items"] == []
    assert payload(agent)["total"] == 1


def test_they_are_paged_and_read_all_at_once(owner: TestClient, agent: TestClient) -> None:
    ticket_id = create_ticket(owner)["id"]
    for n in range(3):
        add_comment(owner, ticket_id, f"{n} @agent")
    assert [item["id"] for item in payload(agent, "?page=1&size=2")["items"]] == [3, 2]
    second = payload(agent, "?page=2&size=2&unread=true")
    assert [item["id"] for item in second["items"]] == [1]
    assert (second["total"], second["pages"]) == (3, 2)
    assert unsealed(agent.post("/notifications/read-all")) == {"read": 3}
    assert payload(agent, "?unread=true")["total"] == 0


def test_they_are_nobody_elses(
    owner: TestClient, agent: TestClient, stranger: TestClient, nobody: TestClient
) -> None:
    add_comment(owner, create_ticket(owner)["id"], "@agent")
    assert payload(stranger)["total"] == payload(owner)["total"] == 0
    refused(stranger.post("/notifications/1/read"), 404)
    refused(nobody.get("/notifications"), 401)
    unsealed(stranger.post("/notifications/read-all"))
    assert payload(agent, "?unread=true")["total"] == 1
