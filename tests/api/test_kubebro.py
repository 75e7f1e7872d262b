"""KubeBro: what each endpoint answers, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.cast import Cast
from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.core.tickets import editing, locking, status_changes

BASE = "/api/tickets/"
LOGIN_ISSUE = {
    "title": "Login Issue",
    "description": "It says wrong password",
    "category": "bug",
    "priority": "high",
}
CreateTicket = Callable[..., dict[str, Any]]


@pytest.fixture
def kubebro(owner: TestClient) -> CreateTicket:
    def file(client: TestClient = owner, **fields: Any) -> dict[str, Any]:
        answer = client.post(BASE, json={**LOGIN_ISSUE, **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return file


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["results"]]


def test_created_ticket_has_every_documented_field(owner: TestClient, cast: Cast) -> None:
    answer = owner.post(BASE, json=LOGIN_ISSUE)
    assert answer.status_code == 201
    payload = answer.json()
    assert payload.pop("created_at") == payload.pop("updated_at")
    assert payload == {
        "id": 1,
        **LOGIN_ISSUE,
        "status": "open",
        "user": cast.owner.id,
        "user_name": "Olive Ownby",
        "assigned_to": None,
        "assigned_to_name": None,
        "resolved_at": None,
        "admin_feedback": None,
        "comments_count": 0,
        "latest_comment": None,
    }
    assert owner.get(f"{BASE}1/").json()["comments"] == []


def test_what_is_missing_or_wrong_is_named(owner: TestClient) -> None:
    answer = owner.post(BASE, json={"category": "nonsense"})
    assert answer.status_code == 400
    assert answer.json() == {
        "title": ["This field is required."],
        "description": ["This field is required."],
        "category": ['"nonsense" is not a valid choice.'],
    }
    answer = owner.post(BASE, json={**LOGIN_ISSUE, "category": "nonsense"})
    assert answer.json() == {"category": ['"nonsense" is not a valid choice.']}


def test_users_see_their_own_and_admins_all(
    kubebro: CreateTicket, owner: TestClient, stranger: TestClient, agent: TestClient
) -> None:
    first, second = kubebro()["id"], kubebro(stranger)["id"]
    assert ids(owner.get(BASE)) == [first]
    assert ids(stranger.get(BASE)) == [second]
    assert ids(agent.get(BASE)) == [second, first]
    assert ids(agent.get(f"{BASE}my_tickets/")) == []
    assert ids(owner.get(f"{BASE}my_tickets/")) == [first]


def test_a_foreign_ticket_answers_like_a_missing_one(
    kubebro: CreateTicket, stranger: TestClient
) -> None:
    ticket_id = kubebro()["id"]
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"title": "Mine"}),
        ("PATCH", "update_status/", {"status": "closed"}),
        ("POST", "add_comment/", {"content": "x"}),
        ("GET", "comments/", None),
        ("POST", "comments/", {"content": "x", "is_internal": True}),
    ):
        foreign = stranger.request(method, f"{BASE}{ticket_id}/{path}", json=body)
        missing = stranger.request(method, f"{BASE}{ticket_id + 99}/{path}", json=body)
        assert (foreign.status_code, foreign.json()) == (404, {"detail": "Ticket not found."})
        assert (missing.status_code, missing.json()) == (404, {"detail": "Ticket not found."})


def test_only_admins_change_the_status(
    kubebro: CreateTicket, owner: TestClient, agent: TestClient
) -> None:
    path = f"{BASE}{kubebro()['id']}/"
    body = {"status": "in_progress", "admin_feedback": "Investigating the issue"}
    refused = owner.patch(f"{path}update_status/", json=body)
    assert refused.status_code == 403
    assert list(refused.json()) == ["detail"]
    payload = agent.patch(f"{path}update_status/", json=body).json()
    assert (payload["status"], payload["admin_feedback"]) == (
        "in_progress",
        "Investigating the issue",
    )
    for field in ({"status": "closed"}, {"admin_feedback": "x"}, {"assigned_to": 4}):
        assert owner.patch(path, json=field).status_code == 403
    payload = agent.patch(f"{path}update_status/", json={"status": "resolved"}).json()
    assert payload["resolved_at"] is not None
    assert payload["admin_feedback"] == "Investigating the issue"


def test_a_user_changes_their_own_words(kubebro: CreateTicket, owner: TestClient) -> None:
    path = f"{BASE}{kubebro()['id']}/"
    body = {"title": "Still", "category": "billing", "priority": "low", "description": "Yes"}
    answer = owner.patch(path, json=body)
    assert answer.status_code == 200
    assert {field: answer.json()[field] for field in body} == body


def test_admins_assign_and_find_what_is_assigned_to_them(
    kubebro: CreateTicket, agent: TestClient, owner: TestClient, cast: Cast
) -> None:
    ticket_id = kubebro()["id"]
    path = f"{BASE}{ticket_id}/"
    payload = agent.patch(path, json={"assigned_to": cast.agent.id}).json()
    assert (payload["assigned_to"], payload["assigned_to_name"]) == (cast.agent.id, "Agnes Hale")
    assert ids(agent.get(f"{BASE}assigned_to_me/")) == [ticket_id]
    assert owner.get(f"{BASE}assigned_to_me/").status_code == 403
    wrong = agent.patch(path, json={"assigned_to": cast.owner.id})
    assert wrong.status_code == 400
    assert list(wrong.json()) == ["assigned_to"]
    assert agent.patch(path, json={"assigned_to": None}).json()["assigned_to"] is None


@pytest.mark.parametrize("way", ["add_comment/", "comments/"])
def test_notes_are_hidden_from_users_and_refused_from_them(
    kubebro: CreateTicket, owner: TestClient, agent: TestClient, way: str
) -> None:
    path = f"{BASE}{kubebro()['id']}/"
    note = agent.post(path + way, json={"content": "Spilled tea", "is_internal": True})
    assert (note.status_code, note.json()["is_internal"]) == (201, True)
    refused = owner.post(path + way, json={"content": "x", "is_internal": True})
    assert refused.status_code == 403
    comment = owner.post(path + way, json={"content": "Any news?"})
    assert (comment.status_code, comment.json()["author_name"]) == (201, "Olive Ownby")
    assert [c["content"] for c in owner.get(f"{path}comments/").json()["results"]] == ["Any news?"]
    assert [c["content"] for c in owner.get(path).json()["comments"]] == ["Any news?"]
    assert agent.get(f"{path}comments/").json()["count"] == 2
    (seen,) = owner.get(BASE).json()["results"]
    assert seen["comments_count"] == 1
    assert seen["latest_comment"]["content"] == "Any news?"
    assert agent.get(BASE).json()["results"][0]["comments_count"] == 2


def test_filters_find_what_is_shown_with_the_word(
    kubebro: CreateTicket, agent: TestClient, working: Working, cast: Cast
) -> None:
    one, two, three = (kubebro()["id"] for _ in range(3))
    with working(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, one), Status.DUPLICATE)
        status_changes.change_status(uow, locking.lock_ticket(uow, two), Status.CLOSED)
        editing.edit(uow, locking.lock_ticket(uow, three), {"priority": Priority.CRITICAL})
    assert ids(agent.get(BASE, params={"status": "closed"})) == [two, one]
    assert ids(agent.get(BASE, params={"priority": "urgent"})) == [three]
    assert ids(agent.get(BASE, params={"search": "password", "status": "open"})) == [three]
    for name in ("status", "priority", "category", "ordering"):
        answer = agent.get(BASE, params={name: "nonsense"})
        assert (answer.status_code, list(answer.json())) == (400, [name])


def test_statistics_agree_with_the_lists(
    kubebro: CreateTicket, owner: TestClient, agent: TestClient, working: Working, cast: Cast
) -> None:
    for n, status in enumerate(s for s in Status if s is not Status.PENDING_APPROVAL):
        ticket_id = kubebro(priority=("low", "urgent")[n % 2])["id"]
        with working(cast.agent) as uow:
            status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
    assert owner.get(f"{BASE}stats/").status_code == 403
    stats = agent.get(f"{BASE}stats/").json()
    assert stats["total"] == agent.get(BASE).json()["count"] == 9
    for field in ("status", "priority", "category"):
        for word, count in stats[f"by_{field}"].items():
            assert agent.get(BASE, params={field: word}).json()["count"] == count, word


def test_priority_and_status_are_sorted_by_rank(kubebro: CreateTicket, agent: TestClient) -> None:
    made = {word: kubebro(priority=word)["id"] for word in ("high", "low", "urgent", "medium")}
    ranked = [made[word] for word in ("low", "medium", "high", "urgent")]
    assert ids(agent.get(BASE, params={"ordering": "priority"})) == ranked
    assert ids(agent.get(BASE, params={"ordering": "-priority"})) == ranked[::-1]


def test_parts_of_a_list_follow_each_other(kubebro: CreateTicket, owner: TestClient) -> None:
    made = [kubebro()["id"] for _ in range(5)][::-1]
    for first in ("?limit=2", "?page_size=2", "?page=1&page_size=2"):
        seen: list[int] = []
        url, previous = BASE + first, ""
        while url:
            answer = owner.get(url)
            seen += ids(answer)
            assert answer.json()["count"] == 5
            previous, url = answer.json()["previous"], answer.json()["next"]
        assert seen == made
        assert ids(owner.get(previous)) == made[2:4]
    assert owner.get(f"{BASE}?page=9").json() == {"detail": "Page not found."}


def test_a_change_of_what_was_read_before_is_refused(
    kubebro: CreateTicket, agent: TestClient
) -> None:
    path = f"{BASE}{kubebro()['id']}/"
    etag = agent.get(path).headers["etag"]
    agreed = agent.patch(path, json={"priority": "low"}, headers={"If-Match": etag})
    assert agreed.status_code == 200
    stale = agent.patch(path, json={"priority": "high"}, headers={"If-Match": etag})
    assert (stale.status_code, list(stale.json())) == (412, ["detail"])
    etag = agent.get(path).headers["etag"]
    assert agent.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_any_printed_number_names_the_ticket(kubebro: CreateTicket, owner: TestClient) -> None:
    assert owner.get(f"{BASE}{kubebro()['id']}/").json()["id"] == 1
    for form in ("BUG-1", "TKT-000001"):
        assert owner.get(f"{BASE}{form}/").json()["id"] == 1


def test_trailing_slash_distinguishes_two_apis(owner: TestClient, nobody: TestClient) -> None:
    assert owner.get("/api/tickets").json()["success"] is True
    assert "results" in owner.get("/api/tickets/").json()
    assert owner.get("/api/tickets/nowhere/at/all/").json() == {"detail": "Page not found."}
    assert owner.get("/api/tickets/nowhere/at/all").json()["success"] is False
    wrong = owner.delete(BASE)
    assert (wrong.status_code, list(wrong.json())) == (405, ["detail"])
    assert set(wrong.headers["allow"].split(", ")) >= {"GET", "POST"}
    assert nobody.get(BASE).json() == {"detail": "A valid token is required."}
