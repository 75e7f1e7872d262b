"""Tickets by the Enterprise document: both list shapes, both envelopes, and who may what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.api.test_auth import refused, unsealed
from tests.cast import MORNING, Cast
from ticket_app.tables import Department

TICKET = {
    "id",
    "ticket_number",
    "title",
    "description",
    "status",
    "priority",
    "ticket_type",
    "created_by_id",
    "assigned_to_id",
    "department_id",
    "tags",
    "created_at",
    "updated_at",
    "due_date",
    "resolution_time",
    "sla_breach_time",
    "customer_satisfaction_rating",
    "internal_notes",
    "public_notes",
    "created_by",
    "assigned_to",
    "department",
}
INLINE = ("total", "page", "size", "pages")


def create_ticket(client: TestClient, **fields: Any) -> dict[str, Any]:
    body = {"title": "It does not start", "description": "Since noon.", **fields}
    return unsealed(client.post("/tickets", json=body), 201)


def listed(client: TestClient, query: str = "") -> dict[str, Any]:
    return unsealed(client.get("/tickets" + query))


def ids(client: TestClient, query: str) -> list[int]:
    payload = listed(client, query)
    assert payload["total"] == len(payload["items"])
    return [item["id"] for item in payload["items"]]


def changed(client: TestClient, ticket_id: Any, **fields: Any) -> dict[str, Any]:
    return unsealed(client.patch(f"/tickets/{ticket_id}", json=fields))


@pytest.fixture
def departments(working: Working, cast: Cast) -> None:
    with working(cast.admin) as uow:
        for name in ("IT Department", "Finance"):
            values = {"uuid": UUID(int=len(name)), "name": name, "created_at": MORNING}
            uow.connection.execute(insert(Department), values)


class TestCreate:
    def test_created_ticket_has_every_documented_field(
        self, agent: TestClient, cast: Cast, departments: None
    ) -> None:
        answer = agent.post(
            "/tickets",
            json={
                "title": "New System Issue",
                "description": "Detailed description",
                "priority": "critical",
                "ticket_type": "incident",
                "department_id": 1,
                "assigned_to_id": cast.manager.id,
                "tags": ["system", "bug"],
                "due_date": "2026-12-05T18:00:00Z",
                "attachments": ["file1.pdf", "screenshot.png"],
            },
        )
        assert answer.json()["message"] == "Ticket created successfully"
        payload = unsealed(answer, 201)
        assert payload.keys() == TICKET
        assert payload["status"] == "open"
        assert (payload["priority"], payload["ticket_type"]) == ("critical", "incident")
        assert payload["department"] == {"id": 1, "name": "IT Department"}
        assert payload["assigned_to"] == {
            "id": cast.manager.id,
            "username": "manager",
            "first_name": "Manny",
            "last_name": "Gere",
        }
        assert payload["created_by"]["username"] == "agent"
        assert payload["tags"] == ["system", "bug"]
        assert payload["due_date"] == "2026-12-05T18:00:00Z"
        assert payload["ticket_number"].startswith("TKT-")
        assert payload["ticket_number"].endswith("-001")
        whole = unsealed(agent.get(f"/tickets/{payload['id']}"))
        assert whole["awaited_attachments"] == ["file1.pdf", "screenshot.png"]

    def test_title_and_description_are_enough(self, owner: TestClient) -> None:
        payload = create_ticket(owner)
        assert (payload["priority"], payload["ticket_type"], payload["tags"]) == (
            "medium",
            "request",
            [],
        )

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("title", "x" * 201),
            ("title", None),
            ("title", "\u200b \u2060"),
            ("description", "  "),
            ("priority", "urgent"),
            ("ticket_type", "bug"),
            ("department_id", 99),
            ("department_id", "IT"),
            ("department_id", True),
            ("tags", "a,b"),
            ("tags", ["x" * 61]),
            ("tags", [f"t{n}" for n in range(21)]),
            ("due_date", "tomorrow"),
            ("due_date", 5),
            ("attachments", "a.pdf"),
            ("attachments", [True]),
            ("attachments", [99]),
        ],
    )
    def test_wrong_input_is_named(self, owner: TestClient, field: str, value: Any) -> None:
        body = {"title": "x", "description": "y", field: value}
        error = refused(owner.post("/tickets", json=body), 400)
        assert error["details"]["field"].partition(".")[0] == field
        assert error["details"]["reason"]
        if isinstance(value, str) and 0 < len(value) < 200:
            assert error["details"].get("provided_value", value) == value
        assert listed(owner)["total"] == 0

    def test_body_that_is_not_json_gets_an_error_that_explains_the_format(
        self, owner: TestClient
    ) -> None:
        error = refused(owner.post("/tickets", data={"title": "x", "description": "y"}), 400)
        assert (
            error["message"] == "The request body must be a JSON object, sent as application/json."
        )
        error = refused(owner.post("/tickets/search", json={"filters": []}), 400)
        assert error["message"] == "The filters field must be a JSON object."

    def test_invalid_value_is_returned_in_the_error_unless_it_is_secret(
        self, owner: TestClient
    ) -> None:
        body = {"title": "x", "description": "y", "priority": "urgent"}
        error = refused(owner.post("/tickets", json=body), 400)
        assert error["details"]["provided_value"] == "urgent"
        assert error["details"]["reason"] == (
            "The priority field must be one of low, medium, high, critical."
        )
        answer = owner.post("/auth/login", json={"username": "owner", "password": 5})
        assert "provided_value" not in refused(answer, 400)["details"]

    def test_users_do_not_assign(self, owner: TestClient, cast: Cast) -> None:
        body = {"title": "x", "description": "y", "assigned_to_id": cast.agent.id}
        refused(owner.post("/tickets", json=body), 403)


class TestList:
    def test_list_has_both_documented_forms_of_pagination(self, owner: TestClient) -> None:
        for n in range(5):
            create_ticket(owner, title=f"Ticket {n}")
        payload = listed(owner, "?page=2&size=2")
        assert payload.keys() == {"items", *INLINE, "pagination"}
        assert [item["title"] for item in payload["items"]] == ["Ticket 2", "Ticket 1"]
        assert [payload[name] for name in INLINE] == [5, 2, 2, 3]
        assert payload["pagination"] == {
            **{name: payload[name] for name in INLINE},
            "has_next": True,
            "has_prev": True,
            "next_page": 3,
            "prev_page": 1,
        }
        assert all(item.keys() == TICKET for item in payload["items"])

    def test_first_and_last_page_have_no_neighbour_beyond(self, owner: TestClient) -> None:
        create_ticket(owner)
        first = listed(owner)["pagination"]
        assert (first["size"], first["next_page"], first["prev_page"]) == (20, None, None)
        beyond = listed(owner, "?page=9&size=500")
        assert beyond["items"] == []
        assert beyond["size"] == 100
        assert beyond["pagination"]["prev_page"] == 1
        assert not beyond["pagination"]["has_next"]

    def test_a_link_leads_through_the_whole_list(self, owner: TestClient) -> None:
        made = [create_ticket(owner, title=f"Ticket {n}")["id"] for n in range(7)]
        url, seen = "/tickets?size=3&sort=priority", []
        for page in (1, 2, 3):
            answer = owner.get(url)
            payload = unsealed(answer)
            assert payload["page"] == page
            seen += [item["id"] for item in payload["items"]]
            if page < 3:
                url = answer.links["next"]["url"]
        assert "next" not in answer.links
        assert seen == made[::-1]
        elsewhere = owner.get(url.replace("page=3", "page=1"))
        assert unsealed(elsewhere)["items"][0]["id"] == made[-1]
        assert refused(owner.get("/tickets?page=2&cursor=2.nonsense"), 400)

    def test_each_filter_narrows_the_list(
        self, owner: TestClient, agent: TestClient, cast: Cast, departments: None
    ) -> None:
        one = create_ticket(owner, title="The server is slow", tags=["performance", "db"])["id"]
        two = create_ticket(agent, priority="critical", ticket_type="incident", tags=["DB"])["id"]
        changed(agent, one, department_id=2, assigned_to_id=cast.agent.id, status="in_progress")
        assert ids(agent, "?search=server") == [one]
        assert ids(agent, f"?created_by_id={cast.owner.id}") == [one]
        assert ids(agent, f"?assigned_to_id={cast.agent.id}") == [one]
        assert ids(agent, "?department_id=2") == [one]
        assert ids(agent, "?status=in_progress") == [one]
        assert ids(agent, "?status=open") == [two]
        assert ids(agent, "?priority=critical&ticket_type=incident") == [two]
        assert ids(agent, "?tags=db") == [two, one]
        assert ids(agent, "?tags=db,performance") == [one]
        assert ids(agent, "?tags=perf") == []
        assert ids(agent, "?created_after=2020-01-01") == [two, one]
        assert ids(agent, "?created_after=2099-01-01T00:00:00+02:00") == []
        assert ids(agent, "?sort=priority&order=asc") == [one, two]
        assert ids(owner, f"?created_by_id={cast.agent.id}") == []

    @pytest.mark.parametrize(
        "query",
        [
            "status=pending",
            "status=OPEN",
            "priority=urgent",
            "ticket_type=bug",
            "page=0",
            "page=x",
            "size=0",
            "created_by_id=me",
            "created_by_id=0",
            "assigned_to_id=99999999999",
            "department_id=-1",
            "created_after=yesterday",
            "sort=password_hash",
            "order=up",
            "search=" + "x" * 501,
        ],
    )
    def test_wrong_values_are_named(self, agent: TestClient, query: str) -> None:
        error = refused(agent.get(f"/tickets?{query}"), 400)
        assert error["details"]["field"] == query.partition("=")[0]

    def test_a_user_lists_their_own(self, owner: TestClient, stranger: TestClient) -> None:
        create_ticket(owner)
        assert listed(stranger)["items"] == []
        assert listed(stranger)["total"] == 0


class TestDetails:
    def test_details_show_internal_facts_to_staff_only(
        self, owner: TestClient, agent: TestClient
    ) -> None:
        ticket_id = create_ticket(owner, title="Printer jammed upstairs")["id"]
        other = create_ticket(owner, title="The printer is jammed")["id"]
        agent.post(f"/comments/ticket/{ticket_id}", json={"content": "a", "is_internal": True})
        agent.post(f"/comments/ticket/{ticket_id}", json={"content": "b"})
        changed(agent, ticket_id, internal_notes="Call Ann", public_notes="We are on it")
        for client, visible, notes in ((owner, "b", None), (agent, "ab", "Call Ann")):
            payload = unsealed(client.get(f"/tickets/{ticket_id}"))
            assert payload.keys() == TICKET | {
                "comments",
                "comments_total",
                "attachments",
                "awaited_attachments",
                "approval_status",
                "approvals",
                "activity_timeline",
                "related_tickets",
                "sla",
            }
            assert [line["content"] for line in payload["comments"]] == list(visible)
            assert payload["comments_total"] == len(visible)
            assert (payload["internal_notes"], payload["public_notes"]) == (notes, "We are on it")
            assert payload["approval_status"] is None
            assert payload["related_tickets"] == [
                {
                    "id": other,
                    "ticket_number": payload["ticket_number"][:-1] + "2",
                    "title": "The printer is jammed",
                    "status": "open",
                    "relation": "similar",
                }
            ]
            events = [line["event"] for line in payload["activity_timeline"]]
            assert events[0] == "ticket.created"
            assert events.count("comment.added") == len(visible)
            assert events.count("ticket.updated") == (1 if notes is None else 2)

    def test_the_timeline_speaks_the_documents_words(
        self, owner: TestClient, agent: TestClient, cast: Cast
    ) -> None:
        ticket_id = create_ticket(owner)["id"]
        assert agent.post(
            f"/api/ticketing/tickets/{ticket_id}/change_status/", json={"status": "open"}
        )
        changed(agent, ticket_id, status="resolved", priority="critical", ticket_type="problem")
        lines = unsealed(owner.get(f"/tickets/{ticket_id}"))["activity_timeline"]
        payload = [
            (line["event"], line["field"], line["old_value"], line["new_value"]) for line in lines
        ]
        assert payload[1:] == [
            ("ticket.updated", "priority", "medium", "critical"),
            ("ticket.updated", "ticket_type", "request", "problem"),
            ("ticket.status_changed", "status", "open", "resolved"),
        ]

    def test_every_printed_number_is_taken(self, owner: TestClient, stranger: TestClient) -> None:
        payload = create_ticket(owner)
        uuid = owner.get("/api/v1/tickets/").json()["results"][0]["id"]
        for form in (payload["id"], payload["ticket_number"], uuid, "REQ-1", "TKT-000001"):
            assert unsealed(owner.get(f"/tickets/{form}"))["id"] == payload["id"]
            refused(stranger.get(f"/tickets/{form}"), 404)
        for form in ("nothing", "0", "99999999999999", "TKT-20260231-001", "%00"):
            refused(owner.get(f"/tickets/{form}"), 404)

    def test_a_copy_that_is_still_good_is_not_sent_again(self, owner: TestClient) -> None:
        ticket_id = create_ticket(owner)["id"]
        for path in (f"/tickets/{ticket_id}", "/tickets"):
            etag = owner.get(path).headers["etag"]
            again = owner.get(path, headers={"If-None-Match": etag})
            assert (again.status_code, again.content) == (304, b"")
        changed(owner, ticket_id, title="Another")
        fresh = owner.get(path, headers={"If-None-Match": etag})
        assert fresh.status_code == 200


class TestUpdate:
    def test_update_changes_every_given_field(
        self, owner: TestClient, agent: TestClient, cast: Cast
    ) -> None:
        ticket_id = create_ticket(owner)["id"]
        answer = agent.patch(
            f"/tickets/{ticket_id}",
            json={
                "status": "in_progress",
                "priority": "high",
                "assigned_to_id": cast.manager.id,
                "internal_notes": "Escalated",
            },
        )
        assert answer.json()["message"] == "Ticket updated successfully"
        payload = unsealed(answer)
        assert payload.keys() == TICKET
        assert (payload["status"], payload["priority"]) == ("in_progress", "high")
        assert payload["assigned_to_id"] == cast.manager.id
        assert payload["internal_notes"] == "Escalated"
        payload = changed(agent, ticket_id, assigned_to_id=None, due_date="2026-12-24", tags=["x"])
        assert payload["assigned_to"] is payload["assigned_to_id"] is None
        assert payload["due_date"] == "2026-12-24T23:59:59Z"
        payload = changed(agent, ticket_id, due_date=None, tags=None, internal_notes=None)
        assert payload["due_date"] is payload["internal_notes"] is None
        assert payload["tags"] == []

    def test_all_of_it_or_nothing(self, owner: TestClient, agent: TestClient) -> None:
        ticket_id = create_ticket(owner)["id"]
        body = {"title": "New", "department_id": 99}
        error = refused(agent.patch(f"/tickets/{ticket_id}", json=body), 400)
        assert error["details"]["field"] == "department_id"
        assert unsealed(agent.get(f"/tickets/{ticket_id}"))["title"] == "It does not start"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("status", "in_progress"),
            ("assigned_to_id", 4),
            ("assigned_to_id", None),
            ("internal_notes", "x"),
            ("public_notes", "x"),
            ("department_id", None),
            ("due_date", None),
            ("ticket_type", "change"),
        ],
    )
    def test_user_cannot_change_fields_of_staff(
        self, owner: TestClient, field: str, value: Any
    ) -> None:
        ticket_id = create_ticket(owner)["id"]
        refused(owner.patch(f"/tickets/{ticket_id}", json={field: value}), 403)

    def test_a_user_changes_what_they_created(
        self, owner: TestClient, stranger: TestClient
    ) -> None:
        ticket_id = create_ticket(owner)["id"]
        payload = changed(
            owner, ticket_id, title="New", description="z", tags=["a"], priority="low"
        )
        assert (payload["title"], payload["description"], payload["tags"]) == ("New", "z", ["a"])
        refused(stranger.patch(f"/tickets/{ticket_id}", json={"title": "Mine"}), 404)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", None),
            ("title", "x" * 201),
            ("description", ""),
            ("status", None),
            ("status", "reopened"),
            ("priority", 5),
            ("ticket_type", "bug"),
            ("assigned_to_id", 1),
            ("department_id", 99),
            ("due_date", "soon"),
            ("customer_satisfaction_rating", 6),
            ("customer_satisfaction_rating", "5"),
            ("internal_notes", ["x"]),
        ],
    )
    def test_wrong_input_is_named(
        self, owner: TestClient, agent: TestClient, field: str, value: Any
    ) -> None:
        ticket_id = create_ticket(owner)["id"]
        error = refused(agent.patch(f"/tickets/{ticket_id}", json={field: value}), 400)
        assert error["details"]["field"] == field

    def test_a_finished_ticket_is_rated_by_who_created_it(
        self, owner: TestClient, agent: TestClient
    ) -> None:
        ticket_id = create_ticket(owner)["id"]
        rating = {"customer_satisfaction_rating": 5}
        answer = owner.patch(f"/tickets/{ticket_id}", json=rating)
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "BUSINESS_RULE_VIOLATION"
        payload = changed(agent, ticket_id, status="resolved")
        assert payload["resolution_time"] == 0
        refused(agent.patch(f"/tickets/{ticket_id}", json=rating), 403)
        assert changed(owner, ticket_id, **rating)["customer_satisfaction_rating"] == 5

    def test_a_change_of_what_changed_meanwhile_is_refused(
        self, owner: TestClient, agent: TestClient
    ) -> None:
        ticket_id = create_ticket(owner)["id"]
        etag = agent.get(f"/tickets/{ticket_id}").headers["etag"]
        changed(owner, ticket_id, title="Meanwhile")
        for method in ("PATCH", "DELETE"):
            path, headers = f"/tickets/{ticket_id}", {"If-Match": etag}
            answer = agent.request(method, path, json={"title": "Mine"}, headers=headers)
            assert answer.status_code == 412
            assert answer.json()["error"]["code"] == "BUSINESS_RULE_VIOLATION"
        etag = agent.get(f"/tickets/{ticket_id}").headers["etag"]
        answer = agent.patch(path, json={"title": "Mine"}, headers={"If-Match": etag})
        assert unsealed(answer)["title"] == "Mine"


class TestDelete:
    def test_into_the_trash_and_back(
        self, owner: TestClient, agent: TestClient, admin: TestClient, stranger: TestClient
    ) -> None:
        ticket_id = create_ticket(owner)["id"]
        refused(owner.delete(f"/tickets/{ticket_id}"), 403)
        refused(stranger.delete(f"/tickets/{ticket_id}"), 404)
        answer = agent.delete(f"/tickets/{ticket_id}")
        assert unsealed(answer) is None
        refused(owner.get(f"/tickets/{ticket_id}"), 404)
        refused(agent.post(f"/tickets/{ticket_id}/restore"), 403)
        assert unsealed(admin.post(f"/tickets/{ticket_id}/restore"))["id"] == ticket_id
        refused(admin.post(f"/tickets/{ticket_id}/restore"), 404)
        assert listed(owner)["total"] == 1


def test_unknown_paths_and_methods_answer_in_the_documents_form(agent: TestClient) -> None:
    for path in ("/tickets/1/nothing", "/tickets/", "/comments", "/attachments/1/2/3"):
        refused(agent.get(path), 404)
    answer = agent.put("/tickets/1")
    assert answer.status_code == 405
    assert answer.json()["success"] is False
    assert "PATCH" in answer.headers["allow"]


def test_changed_ticket_returns_the_version_for_the_next_change(
    agent: TestClient, create_ticket
) -> None:
    ticket_id = create_ticket()["id"]
    first = agent.patch(f"/tickets/{ticket_id}", json={"priority": "high"})
    with_first = {"If-Match": first.headers["etag"]}
    again = agent.patch(f"/tickets/{ticket_id}", json={"priority": "low"}, headers=with_first)
    assert again.status_code == 200
    late = agent.patch(f"/tickets/{ticket_id}", json={"priority": "high"}, headers=with_first)
    assert late.status_code == 412


def test_a_title_moves_no_terminals_cursor(agent: TestClient) -> None:
    body = {"title": "a\u0007\u001b[31m b", "description": "Kept\tto the letter"}
    made = agent.post("/tickets", json=body).json()["data"]
    assert made["title"] == "a [31m b"
    assert made["description"] == body["description"]
