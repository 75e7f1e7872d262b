"""Approvals by the Enterprise document: what waits, the decisions, many at once, the policies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import As, Working
from tests.cast import Cast
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.tables import Department

CreateTicket = Callable[..., int]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "approvals.md"
TICKET = {"title": "New cable", "description": "The old one is worn.", "ticket_type": "change"}
MANAGER = {"id": 5, "username": "manager", "first_name": "Manny", "last_name": "Gere"}
AGENT = {"id": 4, "username": "agent", "first_name": "Agnes", "last_name": "Hale"}
OWNER = {"id": 1, "username": "owner", "first_name": "Olive", "last_name": "Ownby"}
CONDITIONS = ["Budget limit: $5000", "Timeline: 2 weeks"]


@pytest.fixture
def manager(as_: As, cast: Cast) -> TestClient:
    return as_(cast.manager)


@pytest.fixture
def file_ticket(owner: TestClient) -> CreateTicket:
    """Files a ticket as its owner; returns its id."""

    def create_ticket(**values: Any) -> int:
        answer = owner.post("/tickets", json=TICKET | values)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]["id"]

    return create_ticket


@pytest.fixture
def approval(agent: TestClient, file_ticket: CreateTicket) -> int:
    """An approval of an owner's ticket that the agent asked for and the manager is asked."""
    return ask(agent, file_ticket())


def ask(client: TestClient, ticket_id: int, **values: Any) -> int:
    answer = client.post(f"/tickets/{ticket_id}/approvals", json=values)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"]


def act(client: TestClient, approval_id: int, action: str, **values: Any) -> Any:
    return client.post(f"/approvals/{approval_id}/action", json={"action": action, **values})


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_requested_approval_is_listed_for_its_approver_and_decided(
    agent: TestClient, manager: TestClient, owner: TestClient, file_ticket: CreateTicket
) -> None:
    ticket_id = file_ticket(priority="high")
    asked = agent.post(f"/tickets/{ticket_id}/approvals", json={"reason": "900 euros"})
    assert asked.status_code == 201
    body = asked.json()
    assert body.keys() == {"success", "data", "message", "timestamp", "request_id"}
    approval_id = body["data"]["id"]
    pending = manager.get("/approvals/pending", params={"priority": "high"}).json()["data"]
    number = owner.get(f"/tickets/{ticket_id}").json()["data"]["ticket_number"]
    created_at = body["data"]["created_at"]
    (item,) = pending.pop("items")
    ticket_created_at = item["ticket"].pop("created_at")
    assert ticket_created_at < created_at
    assert item == {
        "id": approval_id,
        "ticket_id": ticket_id,
        "state": "pending",
        "policy": None,
        "reason": "900 euros",
        "requested_by_id": AGENT["id"],
        "requested_by": AGENT,
        "created_at": created_at,
        "due_date": None,
        "current_step": {"step": 1, "name": "Approval", "due_at": None},
        "ticket": {
            "id": ticket_id,
            "ticket_number": number,
            "title": "New cable",
            "status": "pending_approval",
            "priority": "high",
            "ticket_type": "change",
            "department_id": None,
            "department": None,
            "created_by_id": OWNER["id"],
            "created_by": OWNER,
        },
    }
    totals = {"total": 1, "page": 1, "size": 20, "pages": 1}
    ends = {"has_next": False, "has_prev": False, "next_page": None, "prev_page": None}
    assert pending == {**totals, "pagination": totals | ends}
    done = act(
        manager, approval_id, "approve", comments="Approved with conditions", conditions=CONDITIONS
    )
    assert (done.status_code, done.json()["message"]) == (200, "Approved")
    values = done.json()["data"]
    assert (values["state"], values["conditions"], values["decided_by"]) == (
        "approved",
        CONDITIONS,
        MANAGER,
    )
    assert values["steps"][0]["asks"][0]["comments"] == "Approved with conditions"
    assert manager.get("/approvals/pending").json()["data"]["total"] == 0
    seen = owner.get(f"/tickets/{ticket_id}").json()["data"]
    assert (seen["status"], seen["approval_status"]) == ("open", "approved")
    assert seen["approvals"] == owner.get(f"/tickets/{ticket_id}/approvals").json()["data"]
    assert seen["approvals"] == [owner.get(f"/approvals/{approval_id}").json()["data"]]
    assert seen["approvals"][0]["conditions"] == CONDITIONS
    assert "900 euros" not in owner.get(f"/tickets/{ticket_id}").text
    assert "Approved with conditions" not in owner.get(f"/tickets/{ticket_id}").text
    events = [line["event"] for line in seen["activity_timeline"]]
    assert events == [
        "ticket.created",
        "approval.requested",
        "ticket.status_changed",
        "approval.processed",
        "ticket.status_changed",
    ]


def test_setting_the_status_asks_the_departments_manager(
    agent: TestClient, manager: TestClient, working: Working, cast: Cast, file_ticket: CreateTicket
) -> None:
    with working(cast.admin) as uow:
        department = Department(name="Shop", manager_id=cast.manager.id, created_at=utc_now())
        uow.session.add(department)
        uow.flush()
    elsewhere, ticket_id = file_ticket(), file_ticket(department_id=department.id)
    for one in (elsewhere, ticket_id):
        answer = agent.patch(f"/tickets/{one}", json={"status": "pending_approval"})
        assert answer.json()["data"]["status"] == "pending_approval"
    listed = manager.get("/approvals/pending", params={"department_id": department.id}).json()
    (item,) = listed["data"]["items"]
    assert item["ticket"]["department"] == {"id": department.id, "name": "Shop"}
    refused = agent.patch(f"/tickets/{ticket_id}", json={"status": "in_progress"})
    assert code(refused) == (422, "BUSINESS_RULE_VIOLATION")


def test_refusing_delegating_and_asking_back(
    owner: TestClient, manager: TestClient, admin: TestClient, cast: Cast, approval: int
) -> None:
    assert code(act(manager, approval, "reject")) == (400, "VALIDATION_ERROR")
    back = act(manager, approval, "request_info", comments="Which cost centre?")
    assert back.json()["data"]["state"] == "info_requested"
    assert manager.get("/approvals/pending").json()["data"]["total"] == 0
    ticket_id = back.json()["data"]["ticket_id"]
    assert owner.get(f"/approvals/{approval}").json()["data"]["question"] == "Which cost centre?"
    owner.post(f"/comments/ticket/{ticket_id}", json={"content": "4711"})
    assert manager.get("/approvals/pending").json()["data"]["total"] == 1
    nobody = act(manager, approval, "delegate")
    assert code(nobody) == (400, "VALIDATION_ERROR")
    assert nobody.json()["error"]["details"]["field"] == "delegate_to_id"
    own = act(manager, approval, "delegate", delegate_to_id=cast.owner.id)
    assert code(own) == (400, "VALIDATION_ERROR")
    handed_on = act(manager, approval, "delegate", delegate_to_id=cast.admin.id)
    assert handed_on.json()["message"] == "Delegated"
    refused = act(admin, approval, "reject", comments="Not this year")
    assert refused.json()["data"]["rejected_because"] == "Not this year"
    seen = owner.get(f"/tickets/{ticket_id}").json()["data"]
    assert (seen["status"], seen["approval_status"]) == ("closed", "rejected")
    assert seen["approvals"][0]["rejected_because"] == "Not this year"
    assert seen["approvals"][0]["steps"][0]["asks"] == []


def test_only_approvers_decide_an_approval(
    nobody: TestClient,
    owner: TestClient,
    stranger: TestClient,
    agent: TestClient,
    manager: TestClient,
    admin: TestClient,
    approval: int,
) -> None:
    for path in (f"/approvals/{approval}/action", f"/approvals/{approval}/cancel"):
        body = {"action": "approve"}
        assert code(nobody.post(path, json=body)) == (401, "AUTHENTICATION_REQUIRED")
        assert code(stranger.post(path, json=body)) == (404, "RESOURCE_NOT_FOUND")
        missing = stranger.post(path.replace(str(approval), "4711"), json=body)
        assert code(missing) == (404, "RESOURCE_NOT_FOUND")
        assert code(owner.post(path, json=body)) == (403, "PERMISSION_DENIED")
    for client in (agent, admin):
        assert code(act(client, approval, "approve")) == (403, "PERMISSION_DENIED")
    assert nobody.get("/approvals/pending").status_code == 401
    assert stranger.get(f"/approvals/{approval}").status_code == 404
    assert agent.get("/approvals/pending").json()["data"]["total"] == 0
    assert code(manager.get("/approvals/pending?all=true")) == (403, "PERMISSION_DENIED")
    assert admin.get("/approvals/pending?all=true").json()["data"]["total"] == 1
    assert act(manager, approval, "approve").status_code == 200
    for action in ("approve", "reject"):
        again = act(manager, approval, action, comments="Once more")
        assert code(again) == (422, "BUSINESS_RULE_VIOLATION")


def test_only_staff_request_an_approval(
    owner: TestClient, stranger: TestClient, agent: TestClient, file_ticket: CreateTicket
) -> None:
    ticket_id = file_ticket()
    path = f"/tickets/{ticket_id}/approvals"
    assert code(owner.post(path, json={})) == (403, "PERMISSION_DENIED")
    for method in ("GET", "POST"):
        assert code(stranger.request(method, path, json={})) == (404, "RESOURCE_NOT_FOUND")
    ask(agent, ticket_id)
    assert code(agent.post(path, json={})) == (409, "DUPLICATE_RESOURCE")


def test_an_approval_is_cancelled_once_by_its_requester(
    agent: TestClient, manager: TestClient, approval: int
) -> None:
    assert code(manager.post(f"/approvals/{approval}/cancel")) == (403, "PERMISSION_DENIED")
    done = agent.post(f"/approvals/{approval}/cancel")
    assert done.json()["data"]["state"] == "cancelled"
    assert code(agent.post(f"/approvals/{approval}/cancel")) == (422, "BUSINESS_RULE_VIOLATION")


def test_bulk_approval_reports_each_success_and_failure(
    agent: TestClient, manager: TestClient, owner: TestClient, file_ticket: CreateTicket
) -> None:
    ids = [ask(agent, file_ticket()) for _ in range(3)]
    act(manager, ids[1], "reject", comments="No")
    body = {
        "approval_ids": [*ids, 4711],
        "action": "approve",
        "comments": "Bulk approval for routine requests",
    }
    answer = manager.post("/approvals/bulk-action", json=body)
    assert answer.status_code == 200
    decided = {
        "code": "BUSINESS_RULE_VIOLATION",
        "message": "This approval request is already rejected",
    }
    unknown = {"code": "RESOURCE_NOT_FOUND", "message": "Approval not found"}
    done = {"success": True, "state": "approved", "error": None}
    failed = {"success": False, "state": None}
    assert answer.json()["data"] == {
        "results": [
            {"approval_id": ids[0], **done},
            {"approval_id": ids[1], **failed, "error": decided},
            {"approval_id": ids[2], **done},
            {"approval_id": 4711, **failed, "error": unknown},
        ],
        "total": 4,
        "succeeded": 2,
        "failed": 2,
    }
    foreign = owner.post("/approvals/bulk-action", json={**body, "approval_ids": [ids[0]]})
    assert foreign.json()["data"]["results"][0]["error"]["code"] == "PERMISSION_DENIED"


WRONG: list[dict[str, Any]] = [
    {},
    {"action": "destroy"},
    {"action": "approve", "conditions": "none"},
    {"action": "approve", "conditions": ["x" * 501]},
    {"action": "approve", "conditions": [""]},
    {"action": "approve", "conditions": ["x"] * 21},
    {"action": "approve", "comments": "x" * 10_001},
    {"action": "approve", "comments": "\x00"},
    {"action": "approve", "comments": 5},
    {"action": "approve", "delegate_to_id": 4},
    {"action": "reject", "comments": "No", "conditions": ["but"]},
    {"action": "delegate", "delegate_to_id": "4"},
    {"action": "delegate", "delegate_to_id": 2**70},
    {"action": "delegate", "delegate_to_id": True},
]


@pytest.mark.parametrize("body", WRONG)
def test_wrong_input_is_named(manager: TestClient, approval: int, body: dict[str, Any]) -> None:
    answer = manager.post(f"/approvals/{approval}/action", json=body)
    assert code(answer) == (400, "VALIDATION_ERROR"), answer.text
    assert answer.json()["error"]["details"]["field"]


@pytest.mark.parametrize("ids", [[], None, "45", ["45"], [0], [2**70], list(range(1, 102))])
def test_wrong_ids_are_named(manager: TestClient, ids: Any) -> None:
    body = {"approval_ids": ids, "action": "approve"}
    answer = manager.post("/approvals/bulk-action", json=body)
    assert code(answer) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("path", ["pending?priority=huge", "pending?department_id=x"])
def test_wrong_addresses_are_named(manager: TestClient, path: str) -> None:
    assert code(manager.get(f"/approvals/{path}")) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("path", ["0", "x"])
def test_a_path_that_names_no_approval_is_not_found(manager: TestClient, path: str) -> None:
    assert code(manager.get(f"/approvals/{path}")) == (404, "RESOURCE_NOT_FOUND")


POLICY: dict[str, Any] = {
    "name": "Costly changes",
    "ticket_types": ["change"],
    "priorities": ["high", "critical"],
    "steps": [
        {"name": "Lead", "approvers": {"user_ids": [4]}},
        {
            "approvers": {"roles": ["manager"], "department_manager": True},
            "quorum": "all",
            "time_limit_hours": 24,
            "escalates_to": {"roles": ["admin"]},
        },
    ],
}


def test_policies_are_created_changed_and_deleted(
    admin: TestClient, agent: TestClient, manager: TestClient, file_ticket: CreateTicket
) -> None:
    made = admin.post("/approval-policies", json=POLICY)
    assert made.status_code == 201, made.text
    values = made.json()["data"]
    assert values.pop("created_at") == values.pop("updated_at")
    nobody = {"user_ids": [], "roles": [], "department_manager": False}
    assert values == {
        "id": values["id"],
        "name": "Costly changes",
        "rank": 100,
        "ticket_types": ["change"],
        "priorities": ["critical", "high"],
        "department_ids": [],
        "allows_own": False,
        "is_active": True,
        "steps": [
            {
                "step": 1,
                "name": "Lead",
                "approvers": {**nobody, "user_ids": [4]},
                "quorum": "any",
                "time_limit_hours": None,
                "escalates_to": None,
            },
            {
                "step": 2,
                "name": "Step 2",
                "approvers": {**nobody, "roles": ["manager"], "department_manager": True},
                "quorum": "all",
                "time_limit_hours": 24,
                "escalates_to": {**nobody, "roles": ["admin"]},
            },
        ],
    }
    file_ticket(priority="medium")
    ticket_id = file_ticket(priority="high")
    (waits,) = agent.get("/approvals/pending").json()["data"]["items"]
    assert (waits["ticket_id"], waits["policy"]) == (
        ticket_id,
        {"id": values["id"], "name": "Costly changes"},
    )
    act(agent, waits["id"], "approve")
    (waits,) = manager.get("/approvals/pending").json()["data"]["items"]
    assert (waits["current_step"]["step"], bool(waits["due_date"])) == (2, True)
    changed = admin.patch(
        f"/approval-policies/{values['id']}",
        json={"priorities": [], "is_active": False, "steps": [{**POLICY["steps"][0], "quorum": 1}]},
    ).json()["data"]
    assert (changed["priorities"], changed["is_active"]) == ([], False)
    assert [step["quorum"] for step in changed["steps"]] == ["any"]
    assert agent.get("/approval-policies").json()["data"]["items"] == [changed]
    assert agent.get(f"/approval-policies/{values['id']}").json()["data"] == changed
    assert admin.delete(f"/approval-policies/{values['id']}").json()["data"] is None
    missing = admin.delete(f"/approval-policies/{values['id']}")
    assert code(missing) == (404, "RESOURCE_NOT_FOUND")


def test_only_admins_manage_policies(
    nobody: TestClient, owner: TestClient, manager: TestClient, admin: TestClient
) -> None:
    policy_id = admin.post("/approval-policies", json=POLICY).json()["data"]["id"]
    one = f"/approval-policies/{policy_id}"
    calls = [("POST", "/approval-policies"), ("PATCH", one), ("DELETE", one)]
    for method, path in calls:
        body = {"rank": 1} if method == "PATCH" else POLICY
        assert nobody.request(method, path, json=body).status_code == 401
        for client in (owner, manager):
            answer = client.request(method, path, json=body)
            assert code(answer) == (403, "PERMISSION_DENIED")
    for path in ("/approval-policies", one):
        assert owner.get(path).status_code == 403
        assert manager.get(path).status_code == 200
    again = admin.post("/approval-policies", json=POLICY)
    assert code(again) == (409, "DUPLICATE_RESOURCE")


def test_the_policy_of_our_page_is_taken(admin: TestClient, working: Working, cast: Cast) -> None:
    with working(cast.admin) as uow:
        uow.session.add(Department(name="Shop", manager_id=cast.manager.id, created_at=utc_now()))
    (command,) = re.findall(r"-d '(.*?)'", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    made = admin.post("/approval-policies", json=json.loads(command))
    assert made.status_code == 201, made.text
    assert made.json()["data"]["steps"][1]["quorum"] == 2


STEP = POLICY["steps"][0]
WRONG_POLICIES: list[dict[str, Any]] = [
    {"name": ""},
    {"name": None},
    {"steps": []},
    {"steps": [STEP] * 11},
    {"steps": [{"approvers": {}}]},
    {"steps": [{**STEP, "quorum": "most"}]},
    {"steps": [{**STEP, "quorum": 0}]},
    {"steps": [{**STEP, "quorum": True}]},
    {"steps": [{**STEP, "quorum": 7}]},
    {"steps": [{**STEP, "quorum": [1]}]},
    {"steps": [{**STEP, "time_limit_hours": 0}]},
    {"steps": [{**STEP, "time_limit_hours": 1e9}]},
    {"steps": [{**STEP, "unknown": 1}]},
    {"steps": [{"approvers": {"user_ids": [1]}}]},
    {"steps": [{"approvers": {"user_ids": [2**70]}}]},
    {"steps": [{"approvers": {"roles": ["user"]}}]},
    {"ticket_types": ["wish"]},
    {"priorities": "high"},
    {"department_ids": [4711]},
    {"rank": "first"},
    {"allows_own": "yes"},
    {"kinds": ["change"]},
]


@pytest.mark.parametrize("wrong", WRONG_POLICIES)
def test_invalid_policy_values_are_named_in_the_error(
    admin: TestClient, wrong: dict[str, Any]
) -> None:
    refused = admin.post("/approval-policies", json=POLICY | wrong)
    assert code(refused) == (400, "VALIDATION_ERROR"), refused.text
    policy_id = admin.post("/approval-policies", json=POLICY).json()["data"]["id"]
    refused = admin.patch(f"/approval-policies/{policy_id}", json=wrong)
    assert code(refused) == (400, "VALIDATION_ERROR"), refused.text


def test_other_documents_show_what_waits_in_their_words(
    admin: TestClient, owner: TestClient, agent: TestClient, working: Working, cast: Cast
) -> None:
    admin.post("/approval-policies", json={"name": "All", "steps": POLICY["steps"]})
    body = {"subject": "New cable", "description": "Worn.", "category": "technical"}
    made = owner.post("/api/ticketing/tickets/", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["status"] == "pending"
    (waits,) = agent.get("/approvals/pending").json()["data"]["items"]
    path = f"/api/ticketing/tickets/{made.json()['id']}/change_status/"
    assert agent.post(path, json={"status": "resolved"}).status_code == 400
    act(agent, waits["id"], "reject", comments="No")
    seen = owner.get(f"/api/ticketing/tickets/{made.json()['id']}/").json()
    assert seen["status"] == "closed"
