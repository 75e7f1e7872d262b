"""Comments by the Enterprise document: said, read page by page, changed, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_auth import refused, unsealed
from tests.api.test_enterprise_tickets import create_ticket
from tests.cast import Cast
from tests.core import samples

COMMENT = [
    "id",
    "ticket_id",
    "user_id",
    "content",
    "is_internal",
    "mentions",
    "created_at",
    "updated_at",
    "edited",
    "attachments",
    "user",
]


def add_comment(
    client: TestClient, ticket_id: Any, content: str = "x", **more: Any
) -> dict[str, Any]:
    body = {"content": content, **more}
    return unsealed(client.post(f"/comments/ticket/{ticket_id}", json=body), 201)


def contents(client: TestClient, ticket_id: int, query: str = "") -> list[str]:
    payload = unsealed(client.get(f"/comments/ticket/{ticket_id}{query}"))
    return [item["content"] for item in payload["items"]]


def test_comment_is_returned_with_mentions_and_announced_files(
    owner: TestClient, cast: Cast
) -> None:
    payload = create_ticket(owner)
    answer = owner.post(
        f"/comments/ticket/{payload['ticket_number']}",
        json={
            "content": "I've found the root cause.",
            "is_internal": False,
            "mentions": ["@agent", "@admin", "@stranger", "@nobody"],
            "attachments": ["investigation_log.txt"],
        },
    )
    assert answer.json()["message"] == "Comment added successfully"
    comment = unsealed(answer, 201)
    assert list(comment) == COMMENT
    assert comment["ticket_id"] == payload["id"]
    assert comment["user_id"] == comment["user"]["id"] == cast.owner.id
    assert comment["mentions"] == [cast.agent.id, cast.admin.id]
    assert (comment["is_internal"], comment["edited"], comment["attachments"]) == (False, False, [])
    sent = owner.post(
        f"/attachments/ticket/{payload['id']}/upload",
        files={"file": ("investigation_log.txt", b"It was the lamp.\n")},
    )
    again = unsealed(owner.get(f"/comments/{comment['id']}"))
    assert again == {**comment, "attachments": [unsealed(sent, 201)["id"]]}


def test_a_list_is_paged_and_leaves_notes_out_unless_asked(
    owner: TestClient, agent: TestClient
) -> None:
    ticket_id = create_ticket(owner)["id"]
    for n in range(3):
        add_comment(agent, ticket_id, f"note {n}", is_internal=True)
        add_comment(owner, ticket_id, f"reply {n}")
    assert contents(agent, ticket_id) == ["reply 0", "reply 1", "reply 2"]
    assert contents(owner, ticket_id, "?include_internal=false&page=2&size=2") == ["reply 2"]
    page = unsealed(agent.get(f"/comments/ticket/{ticket_id}?include_internal=true&page=1&size=4"))
    assert [item["content"] for item in page["items"]] == ["note 0", "reply 0", "note 1", "reply 1"]
    assert (page["total"], page["pages"], page["pagination"]["next_page"]) == (6, 2, 2)
    refused(owner.get(f"/comments/ticket/{ticket_id}?include_internal=true"), 403)
    refused(owner.get(f"/comments/ticket/{ticket_id}?include_internal=maybe"), 400)


def test_author_can_edit_and_delete_a_comment(
    owner: TestClient, agent: TestClient, stranger: TestClient
) -> None:
    ticket_id = create_ticket(owner)["id"]
    comment = add_comment(agent, ticket_id, "First")
    path = f"/comments/{comment['id']}"
    refused(owner.patch(path, json={"content": "Mine"}), 403)
    refused(owner.delete(path), 403)
    refused(stranger.patch(path, json={"content": "Mine"}), 404)
    payload = unsealed(agent.patch(path, json={"content": "Second"}))
    assert (payload["content"], payload["edited"]) == ("Second", True)
    assert payload["updated_at"] > payload["created_at"]
    assert unsealed(agent.delete(path)) is None
    refused(agent.get(path), 404)
    assert contents(owner, ticket_id) == []


def test_a_note_is_no_ones_but_staffs(owner: TestClient, agent: TestClient) -> None:
    ticket_id = create_ticket(owner)["id"]
    note = add_comment(agent, ticket_id, "secret", is_internal=True)
    for method in ("GET", "PATCH", "DELETE"):
        refused(owner.request(method, f"/comments/{note['id']}", json={"content": "x"}), 404)
    body = {"content": "x", "is_internal": True}
    refused(owner.post(f"/comments/ticket/{ticket_id}", json=body), 403)


def test_files_sent_before_are_named_by_id(owner: TestClient, agent: TestClient) -> None:
    ticket_id = create_ticket(owner)["id"]
    files = {"file": ("a.png", samples.png())}
    sent = unsealed(owner.post(f"/attachments/ticket/{ticket_id}/upload", files=files), 201)
    assert add_comment(owner, ticket_id, attachments=[sent["id"]])["attachments"] == [sent["id"]]
    body = {"content": "x", "attachments": [sent["id"]]}
    error = refused(agent.post(f"/comments/ticket/{ticket_id}", json=body), 400)
    assert error["details"]["field"] == "attachments"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", ""),
        ("content", None),
        ("content", 5),
        ("is_internal", "perhaps"),
        ("mentions", "@agent"),
        ("mentions", [0]),
        ("attachments", [None]),
        ("attachments", ["x" * 256]),
    ],
)
def test_wrong_input_is_named(owner: TestClient, field: str, value: Any) -> None:
    ticket_id = create_ticket(owner)["id"]
    body = {"content": "x", field: value}
    error = refused(owner.post(f"/comments/ticket/{ticket_id}", json=body), 400)
    assert error["details"]["field"].partition(".")[0] == field
    assert contents(owner, ticket_id) == []


def test_nobody_comments_where_they_do_not_see(
    owner: TestClient, stranger: TestClient, nobody: TestClient
) -> None:
    ticket_id = create_ticket(owner)["id"]
    for path in (f"/comments/ticket/{ticket_id}", "/comments/ticket/TKT-000099"):
        refused(stranger.get(path), 404)
        refused(stranger.post(path, json={"content": "x"}), 404)
        refused(nobody.post(path, json={"content": "x"}), 401)


def test_same_comment_sent_twice_is_stored_once(owner: TestClient) -> None:
    ticket_id = create_ticket(owner)["id"]
    path, headers = f"/comments/ticket/{ticket_id}", {"Idempotency-Key": "a"}
    first = owner.post(path, json={"content": "x"}, headers=headers)
    second = owner.post(path, json={"content": "x"}, headers=headers)
    assert first.content == second.content
    assert contents(owner, ticket_id) == ["x"]


def test_mentions_accept_ids_in_the_form_they_are_sent(
    agent: TestClient, create_ticket, cast: Cast
) -> None:
    ticket_id = create_ticket()["id"]
    body = {"content": "Look", "mentions": [cast.admin.id, "@manager", 999_999]}
    payload = agent.post(f"/comments/ticket/{ticket_id}", json=body)
    assert payload.status_code == 201
    assert payload.json()["data"]["mentions"] == [cast.admin.id, cast.manager.id]
