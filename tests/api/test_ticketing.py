"""Ticketing: what each endpoint answers, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.cast import Cast
from tests.core import samples
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import locking, status_changes
from ticket_app.tables import ticket_table

ROOT = "/api/ticketing/"
BASE = "/api/ticketing/tickets/"
LOGIN = {
    "subject": "Cannot login to account",
    "description": "User is experiencing login issues after password reset",
    "priority": "high",
    "category": "technical",
    "customer": 1,
    "due_date": "2099-12-31T23:59:59Z",
    "estimated_hours": 2.5,
    "tags": "login, authentication, urgent",
}
CreateTicket = Callable[..., dict[str, Any]]


@pytest.fixture
def ticketing(owner: TestClient) -> CreateTicket:
    def file(client: TestClient = owner, **fields: Any) -> dict[str, Any]:
        answer = client.post(BASE, json={**LOGIN, **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return file


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["results"]]


def test_created_ticket_has_every_documented_field(agent: TestClient, cast: Cast) -> None:
    body = {**LOGIN, "assigned_to": cast.manager.id}
    answer = agent.post(BASE, json=body)
    assert answer.status_code == 201
    payload = answer.json()
    assert payload.pop("created_at") == payload.pop("updated_at")
    history = payload.pop("history")
    assert payload == {
        **body,
        "id": 1,
        "ticket_number": "TKT-000001",
        "status": "open",
        "customer_name": "Lanternworks",
        "customer_details": {"id": 1, "name": "Lanternworks"},
        "assigned_to_name": "Manny Gere",
        "assigned_to_details": {
            "id": cast.manager.id,
            "username": "manager",
            "full_name": "Manny Gere",
        },
        "created_by": cast.agent.id,
        "created_by_name": "Agnes Hale",
        "created_by_details": {
            "id": cast.agent.id,
            "username": "agent",
            "full_name": "Agnes Hale",
        },
        "resolved_at": None,
        "closed_at": None,
        "actual_hours": None,
        "is_overdue": False,
        "comments_count": 0,
        "comments": [],
        "attachments": [],
        "response_time_hours": None,
        "resolution_time_hours": None,
    }
    assert [row["action"] for row in history] == ["status_changed", "assigned", "created"]


def test_what_is_missing_or_wrong_is_named(owner: TestClient, agent: TestClient) -> None:
    answer = owner.post(BASE, json={"customer": "x", "estimated_hours": -1, "due_date": 5})
    assert answer.status_code == 400
    wrong = {"subject", "description", "customer", "estimated_hours", "due_date"}
    assert set(answer.json()) == wrong
    answer = agent.post(BASE, json={**LOGIN, "customer": 99})
    assert (answer.status_code, answer.json()) == (
        400,
        {"customer": ['Invalid pk "99" - object does not exist.']},
    )
    answer = agent.post(BASE, json={**LOGIN, "assigned_to": 1})
    assert (answer.status_code, list(answer.json())) == (400, ["assigned_to"])
    assert owner.post(BASE, json={**LOGIN, "assigned_to": 4}).status_code == 403
    assert list(owner.post(BASE, json={**LOGIN, "customer": 2}).json()) == ["customer"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_reaches_every_field(
    ticketing: CreateTicket, agent: TestClient, cast: Cast, method: str
) -> None:
    path = f"{BASE}{ticketing()['id']}/"
    body = {
        "subject": "Cannot log out",
        "description": "Not at all",
        "status": "in_progress",
        "priority": "critical",
        "category": "product",
        "customer": 2,
        "assigned_to": cast.agent.id,
        "due_date": "2099-01-01T00:00:00Z",
        "estimated_hours": 4.0,
        "actual_hours": 3.0,
        "tags": "a, b",
    }
    answer = agent.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    assert {field: answer.json()[field] for field in body} == body
    undone = dict.fromkeys(("customer", "assigned_to", "due_date", "estimated_hours"))
    payload = agent.request(method, path, json=undone).json()
    assert {field: payload[field] for field in undone} == undone
    assert payload["priority"] == "critical"


def test_history_has_one_row_a_changed_field(
    ticketing: CreateTicket, owner: TestClient, agent: TestClient, stranger: TestClient
) -> None:
    ticket_id = ticketing()["id"]
    path = f"{BASE}{ticket_id}/"
    agent.patch(path, json={"status": "in_progress", "priority": "urgent", "actual_hours": 3.0})
    agent.post(f"{path}change_status/", json={"status": "resolved"})
    agent.post(f"{path}add_comment/", json={"content": "Done"})
    rows = agent.get(f"{ROOT}history/", params={"ticket": ticket_id}).json()["results"]
    payload = [
        (row["action"], row["field_name"], row["old_value"], row["new_value"]) for row in rows
    ]
    assert payload in (
        [
            ("comment_added", None, None, None),
            ("status_changed", "status", "in_progress", "resolved"),
            ("status_changed", "status", "new", "in_progress"),
            ("updated", "actual_hours", None, "3.0"),
            ("priority_changed", "priority", "high", "urgent"),
            ("created", None, None, None),
        ],
        [
            ("comment_added", None, None, None),
            ("status_changed", "status", "in_progress", "resolved"),
            ("status_changed", "status", "new", "in_progress"),
            ("priority_changed", "priority", "high", "urgent"),
            ("updated", "actual_hours", None, "3.0"),
            ("created", None, None, None),
        ],
    )
    assert agent.get(path).json()["history"] == rows
    changes = agent.get(f"{ROOT}history/", params={"action": "status_changed"}).json()
    assert changes["count"] == 2
    seen = owner.get(f"{ROOT}history/").json()["results"]
    assert "actual_hours" not in [row["field_name"] for row in seen]
    assert len(seen) == 5
    assert stranger.get(f"{ROOT}history/", params={"ticket": ticket_id}).json()["count"] == 0
    assert list(agent.get(f"{ROOT}history/?action=nonsense").json()) == ["action"]


def test_a_change_between_two_states_of_one_word_is_left_out(
    ticketing: CreateTicket, agent: TestClient, working: Working, cast: Cast
) -> None:
    ticket_id = ticketing()["id"]
    for status in (Status.CLOSED, Status.WONT_FIX, Status.RESOLVED):
        with working(cast.agent) as uow:
            status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
    asked = {"ticket": ticket_id, "action": "status_changed"}
    rows = agent.get(f"{ROOT}history/", params=asked).json()
    assert [row["new_value"] for row in rows["results"]] == ["resolved", "closed"]
    assert rows["count"] == 2


def test_users_may_not_do_what_staff_does(ticketing: CreateTicket, owner: TestClient) -> None:
    path = f"{BASE}{ticketing()['id']}/"
    assert owner.post(f"{path}assign/", json={"user_id": 4}).status_code == 403
    assert owner.post(f"{path}change_status/", json={"status": "closed"}).status_code == 403
    for field in ({"status": "closed"}, {"actual_hours": 1}, {"due_date": None}, {"customer": 2}):
        assert owner.patch(path, json=field).status_code == 403, field
    assert owner.delete(path).status_code == 403
    assert owner.post(f"{path}restore/").status_code == 403
    assert owner.get(f"{BASE}trash/").status_code == 403
    note = {"content": "x", "is_internal": True}
    assert owner.post(f"{path}add_comment/", json=note).status_code == 403
    assert owner.patch(path, json={"subject": "Better", "tags": "x"}).json()["tags"] == "x"


def test_staff_assign_tickets_and_change_statuses(
    ticketing: CreateTicket, agent: TestClient, cast: Cast
) -> None:
    ticket_id = ticketing()["id"]
    path = f"{BASE}{ticket_id}/"
    payload = agent.post(f"{path}assign/", json={"user_id": cast.agent.id}).json()
    assert (payload["assigned_to"], payload["status"]) == (cast.agent.id, "open")
    assert ids(agent.get(f"{BASE}my_tickets/")) == ids(
        agent.get(BASE, params={"my_tickets": "true"})
    )
    assert ids(agent.get(f"{BASE}unassigned/")) == []
    assert list(agent.post(f"{path}assign/", json={"user_id": cast.owner.id}).json()) == ["user_id"]
    assert agent.post(f"{path}assign/", json={"user_id": None}).json()["assigned_to"] is None
    assert ids(agent.get(f"{BASE}unassigned/")) == [ticket_id]
    for status in ("pending", "resolved", "closed", "reopened", "new"):
        payload = agent.post(f"{path}change_status/", json={"status": status}).json()
        assert payload["status"] == status
    wrong = agent.post(f"{path}change_status/", json={"status": "wont_fix"})
    assert (wrong.status_code, list(wrong.json())) == (400, ["status"])


def test_each_filter_narrows_the_list(
    ticketing: CreateTicket,
    owner: TestClient,
    agent: TestClient,
    stranger: TestClient,
    database: Engine,
) -> None:
    one, two = ticketing()["id"], ticketing(stranger, customer=2, subject="Invoice", tags="")["id"]
    old = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
    with database.begin() as connection:
        late = {"due_at": old, "due_sort_at": old, "created_at": old}
        connection.execute(ticket_table.update().where(ticket_table.c.id == two).values(late))

    def found(**asked: Any) -> list[int]:
        return ids(agent.get(BASE, params=asked))

    assert found(customer=2) == found(overdue="true") == found(search="invoice") == [two]
    assert found(search="authentication") == found(search="TKT-000001") == [one]
    assert found(created_after="2024-03-01") == found(customer=1) == [one]
    assert found(created_before="2024-02-29") == [two]
    assert found(created_before="2024-02-28") == found(assigned_to=4) == []
    assert found(created_after="2024-02-29", status="new", priority="high") == [two, one]
    assert ids(agent.get(f"{BASE}overdue/")) == [two]
    assert ids(owner.get(f"{BASE}overdue/")) == []
    for name in [
        "status",
        "priority",
        "category",
        "customer",
        "assigned_to",
        "my_tickets",
        "unassigned",
        "overdue",
        "created_after",
        "created_before",
    ]:
        answer = agent.get(BASE, params={name: "nonsense"})
        assert (answer.status_code, list(answer.json())) == (400, [name])


def test_statistics_agree_with_the_lists_for_everybody(
    ticketing: CreateTicket,
    owner: TestClient,
    stranger: TestClient,
    agent: TestClient,
    cast: Cast,
    working: Working,
    database: Engine,
) -> None:
    for status in (s for s in Status if s is not Status.PENDING_APPROVAL):
        ticket_id = ticketing()["id"]
        with working(cast.agent) as uow:
            status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
    past = datetime.now(UTC) - timedelta(hours=3)
    with database.begin() as connection:
        connection.execute(ticket_table.update().values(due_at=past, due_sort_at=past))
    mine = ticketing(stranger, customer=2, category="billing")["id"]
    agent.post(f"{BASE}{mine}/assign/", json={"user_id": cast.agent.id})
    for client, total, overdue in ((owner, 9, 5), (stranger, 1, 0), (agent, 10, 5)):

        def count(path: str = "", **asked: str) -> int:
            return client.get(BASE + path, params=asked).json()["count"]  # noqa: B023

        payload = client.get(f"{BASE}statistics/").json()
        assert payload["total_tickets"] == count() == total
        for field in ("status", "priority", "category"):
            assert sum(payload[f"by_{field}"].values()) == total
            for word, number in payload[f"by_{field}"].items():
                assert count(**{field: word}) == number, word
        assert payload["overdue_count"] == count("overdue/") == count(overdue="true") == overdue
        assert payload["unassigned_count"] == count("unassigned/") == count(unassigned="true")
        assert payload["my_tickets_count"] == count("my_tickets/") == count(my_tickets="true")
    assert stranger.get(f"{BASE}statistics/").json()["avg_resolution_time_hours"] is None
    assert agent.get(f"{BASE}statistics/").json()["avg_resolution_time_hours"] == 0.0


def test_comments_and_their_filters(
    ticketing: CreateTicket, owner: TestClient, agent: TestClient, stranger: TestClient
) -> None:
    one, two = ticketing()["id"], ticketing(stranger, customer=2)["id"]
    comments = f"{ROOT}comments/"
    for ticket_id, words, internal in ((one, "a", False), (two, "b", False), (one, "c", True)):
        body = {"ticket": ticket_id, "content": words, "is_internal": internal}
        assert agent.post(comments, json=body).status_code == 201

    def messages(client: TestClient, **asked: Any) -> list[str]:
        return [row["content"] for row in client.get(comments, params=asked).json()["results"]]

    assert messages(agent) == ["a", "b", "c"]
    assert messages(agent, is_internal="true") == ["c"]
    assert messages(agent, is_internal="false", ticket=one) == ["a"]
    assert messages(owner) == ["a"]
    assert (
        messages(owner, is_internal="true")
        == messages(owner, ticket=two)
        == messages(agent, ticket=99)
        == []
    )
    refused = owner.post(comments, json={"ticket": two, "content": "x"})
    assert (refused.status_code, refused.json()) == (404, {"detail": "Ticket not found."})


def test_attachments_by_both_ways(
    ticketing: CreateTicket, owner: TestClient, agent: TestClient, stranger: TestClient
) -> None:
    ticket_id = ticketing()["id"]
    png = samples.png()
    first = owner.post(
        f"{BASE}{ticket_id}/add_attachment/",
        files={"file": ("error.png", png)},
        data={"description": "Screenshot of error message"},
    )
    assert first.status_code == 201
    payload = first.json()
    assert (payload["filename"], payload["file_size"]) == ("error.png", len(png))
    assert payload["description"] == "Screenshot of error message"
    second = agent.post(
        f"{ROOT}attachments/", files={"file": ("error.log", b"x")}, data={"ticket": ticket_id}
    )
    assert second.status_code == 201
    listed = owner.get(f"{ROOT}attachments/", params={"ticket": ticket_id}).json()
    assert listed["results"] == [payload, second.json()]
    assert owner.get(payload["file"]).content == png
    assert stranger.get(payload["file"]).status_code == 404
    assert stranger.get(f"{ROOT}attachments/").json()["count"] == 0
    actions = agent.get(f"{ROOT}history/", params={"action": "attachment_added"}).json()
    assert [row["new_value"] for row in actions["results"]] == ["error.log", "error.png"]
    refused = owner.post(
        f"{ROOT}attachments/", files={"file": ("a.exe", samples.PE)}, data={"ticket": ticket_id}
    )
    assert (refused.status_code, list(refused.json())) == (400, ["file"])
    assert list(owner.post(f"{ROOT}attachments/", files={"file": ("a", b"x")}).json()) == ["ticket"]


def test_what_is_deleted_can_be_restored_whole(
    ticketing: CreateTicket, agent: TestClient, admin: TestClient, owner: TestClient
) -> None:
    ticket_id = ticketing()["id"]
    path = f"{BASE}{ticket_id}/"
    agent.post(f"{path}add_comment/", json={"content": "Hm"})
    before = agent.get(path).json()
    assert agent.delete(path).status_code == 204
    assert agent.get(path).status_code == 404
    assert agent.get(f"{BASE}statistics/").json()["total_tickets"] == 0
    assert agent.post(f"{path}restore/").status_code == 403
    (lying,) = admin.get(f"{BASE}trash/").json()["results"]
    assert (lying["id"], lying["ticket_number"], lying["deleted_by"]) == (
        ticket_id,
        "TKT-000001",
        "Agnes Hale",
    )
    assert ticketing()["ticket_number"] == "TKT-000002"
    payload = admin.post(f"{path}restore/").json()
    changed = ("updated_at", "history")
    assert {k: v for k, v in payload.items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }
    assert [row["action"] for row in payload["history"]][:2] == ["restored", "deleted"]
    assert admin.post(f"{path}restore/").status_code == 404
    assert admin.delete(f"{BASE}trash/{ticket_id}/").status_code == 404
    assert agent.delete(f"{BASE}trash/{ticket_id}/").status_code == 403
    assert (
        owner.get(BASE).json()["count"] == agent.get(f"{BASE}statistics/").json()["total_tickets"]
    )


def test_what_there_is_to_choose_from(owner: TestClient, agent: TestClient) -> None:
    made = agent.post(f"{ROOT}customers/", json={"name": "Brightwater"})
    assert (made.status_code, made.json()["id"]) == (201, 3)
    found = agent.get(f"{ROOT}customers/", params={"search": "bright"}).json()["results"]
    assert found == [made.json()]
    assert [row["id"] for row in owner.get(f"{ROOT}customers/").json()["results"]] == [1]
    assert owner.post(f"{ROOT}customers/", json={"name": "Mine"}).status_code == 403
    assert agent.get(f"{ROOT}users/").json()["count"] == 6
    assert owner.get(f"{ROOT}users/").json()["count"] == 1


def test_unknown_resource_gets_an_error_in_the_form_of_this_api(
    owner: TestClient, nobody: TestClient
) -> None:
    assert owner.get(f"{ROOT}nothing/").json() == {"detail": "Page not found."}
    wrong = owner.put(BASE, json={})
    assert (wrong.status_code, list(wrong.json())) == (405, ["detail"])
    assert nobody.get(BASE).json() == {"detail": "A valid token is required."}
