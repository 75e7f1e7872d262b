"""Our facts of the Enterprise document, held against the router, bodies and real answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.api.test_auth import login
from tests.cast import Cast
from tests.contracts import enterprise as contract
from tests.core import samples
from ticket_app.api.dialects import enterprise
from ticket_app.api.dialects.enterprise import vocabulary
from ticket_app.api.dialects.enterprise.errors import STATUS_AND_CODE_BY_ERROR
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform.errors import ERROR_TYPES
from ticket_app.core.platform.rate_limits import LIMIT_RULES, LimitCategory
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets import locking
from ticket_app.settings import Settings

FACTS = contract.read()
ENDPOINTS = [pytest.param(told, id=told["name"]) for told in FACTS["endpoints"]]
WITH_BODY = [pytest.param(told, id=told["name"]) for told in FACTS["endpoints"] if "body" in told]
ABOUT_TICKETS = [
    pytest.param(told, id=told["name"]) for told in FACTS["endpoints"] if 404 in told["statuses"]
]


def plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_what_is_documented_is_routed_and_what_is_routed_is_explained() -> None:
    routed = [
        (method, plain(getattr(route, "path", "")))
        for route in enterprise.router.routes
        for method in getattr(route, "methods", ())
    ]
    known = [
        (told["method"], plain(told["path"])) for told in [*FACTS["endpoints"], *FACTS["ours"]]
    ]
    assert sorted(routed) == sorted(known)
    assert all(told["why"] for told in FACTS["ours"])


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("status", vocabulary.STATUS),
        ("priority", vocabulary.PRIORITY),
        ("ticket_type", vocabulary.KIND),
    ],
)
def test_words_heard_are_the_documents_and_every_word_said_is_one(field: str, words: Any) -> None:
    assert list(words.value_by_word) == FACTS.words(field)
    assert set(words.word_by_value.values()) == set(words.value_by_word)


def test_actions_and_codes_are_the_documents() -> None:
    assert [str(action) for action in ApprovalAction] == FACTS.words("action")
    assert {code for _, code in STATUS_AND_CODE_BY_ERROR.values()} == set(FACTS.words("code"))
    assert set(ERROR_TYPES) == set(STATUS_AND_CODE_BY_ERROR)
    beside = {412, 503}
    assert {status for status, _ in STATUS_AND_CODE_BY_ERROR.values()} <= set(
        FACTS["statuses"]
    ) | beside


def test_limits_are_the_documents() -> None:
    usual = {name: field.default for name, field in Settings.model_fields.items()}
    settings = Settings.model_construct(**usual)
    for name, limit in FACTS["limits"].items():
        rule = LIMIT_RULES[LimitCategory(name)]
        assert (rule.get_limit(settings), rule.window_seconds) == (
            limit["most"],
            limit["seconds"],
        ), name


def operation(api: FastAPI, endpoint: dict[str, Any]) -> dict[str, Any]:
    paths = {plain(path): told for path, told in api.openapi()["paths"].items()}
    return paths[plain(endpoint["path"])][endpoint["method"].lower()]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_bodies_and_parameters_are_the_documented(api: FastAPI, endpoint: dict[str, Any]) -> None:
    told = operation(api, endpoint)
    also = set(endpoint.get("also", ()))
    if endpoint["method"] == "GET":
        taken = {p["name"] for p in told.get("parameters", ()) if p["in"] == "query"}
        assert taken == set(endpoint.get("query", ())) | also
    if "form" in endpoint:
        form = told["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert sorted(form["properties"]) == sorted(endpoint["form"])
        assert form["required"] == ["file"]
    if "body" not in endpoint:
        return
    schemas = api.openapi()["components"]["schemas"]
    reference = told["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = schemas[reference.rpartition("/")[2]]
    assert set(schema["properties"]) - {"format"} == set(endpoint["body"]) | also
    required = {field for field, facts in endpoint["body"].items() if facts.get("required")}
    assert set(schema.get("required", ())) == required
    for field, facts in endpoint["body"].items():
        if "default" in facts:
            assert schema["properties"][field]["default"] == facts["default"], field


VALUES: dict[str, Any] = {
    "username": "agent",
    "password": "x",
    "title": "x",
    "description": "y",
    "content": "z",
    "action": "approve",
    "approval_ids": [1],
    "url": "https://example.com/hook",
    "events": ["ticket.created"],
}


@pytest.fixture
def world(owner: TestClient, agent: TestClient, working: Working, cast: Cast) -> None:
    """A ticket on which everything has happened, and which waits for the manager."""
    body = {"title": "Server down", "description": "y", "attachments": ["a.pdf"]}
    owner.post("/tickets", json=body)
    owner.post("/tickets", json={"title": "The server is down", "description": "y"})
    agent.post("/comments/ticket/1", json={"content": "@owner", "is_internal": False})
    agent.post("/comments/ticket/1", json={"content": "@manager", "is_internal": True})
    owner.post("/attachments/ticket/1/upload", files={"file": ("a.png", samples.png())})
    agent.patch("/tickets/1", json={"assigned_to_id": cast.agent.id})
    with working(cast.agent) as uow:
        approval_requests.request_approval(
            uow, locking.lock_ticket(uow, 1), approver_ids=[cast.admin.id]
        )


def call(client: TestClient, endpoint: dict[str, Any], ids: str = "1") -> Any:
    path = re.sub(r"\{[^}]*\}", ids, endpoint["path"])
    if "form" in endpoint:
        return client.post(path, files={"file": ("b.png", samples.png())})
    body = None
    if "body" in endpoint:
        required = [field for field, facts in endpoint["body"].items() if facts.get("required")]
        body = {field: VALUES[field] for field in required}
    return client.request(endpoint["method"], path, json=body)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_answer_has_the_documented_form(
    admin: TestClient, world: None, endpoint: dict[str, Any]
) -> None:
    if endpoint["name"] in ("login", "refresh"):
        told = login(admin, "admin")
        if endpoint["name"] == "refresh":
            token = told.json()["data"]["refresh_token"]
            told = admin.post("/auth/refresh", headers={"Authorization": f"Bearer {token}"})
    else:
        told = call(admin, endpoint)
    assert told.status_code == endpoint["statuses"][0], told.text
    if endpoint["answer"] == "bytes":
        assert told.content
        return
    assert told.headers["content-type"] == "application/json"
    assert FACTS.differs("answer", told.json(), "shape success") == []
    assert told.json()["success"] is True
    assert told.json()["request_id"] == told.headers["x-request-id"]
    assert FACTS.answer_differs(endpoint["name"], told.json()["data"]) == []


def failure_differs(answer: Any, status: int, code: str) -> list[str]:
    told = answer.json()
    problems = FACTS.differs("failure", told, "shape failure")
    if (answer.status_code, told["error"]["code"]) != (status, code):
        problems.append(f"{answer.status_code} {told}")
    return problems


@pytest.mark.parametrize("endpoint", [p for p in ENDPOINTS if p.id != "login"])
def test_nobody_is_told_so(nobody: TestClient, endpoint: dict[str, Any]) -> None:
    answer = call(nobody, endpoint)
    assert failure_differs(answer, 401, "AUTHENTICATION_REQUIRED") == []
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("endpoint", ABOUT_TICKETS)
def test_what_is_missing_is_told_so(admin: TestClient, endpoint: dict[str, Any]) -> None:
    assert failure_differs(call(admin, endpoint, "99"), 404, "RESOURCE_NOT_FOUND") == []


@pytest.mark.parametrize("endpoint", WITH_BODY)
def test_wrong_input_is_named_field_by_field(
    admin: TestClient, world: None, endpoint: dict[str, Any]
) -> None:
    path = re.sub(r"\{[^}]*\}", "1", endpoint["path"])
    wrong = {field: {"not": ["this"]} for field in endpoint["body"] if field != "filters"}
    answer = admin.request(endpoint["method"], path, json=wrong)
    assert failure_differs(answer, 400, "VALIDATION_ERROR") == []
    details = answer.json()["error"]["details"]
    named = [problem["field"] for problem in details.get("problems", [details])]
    assert {field.partition(".")[0] for field in named} == set(wrong)
    for body in (b"{", b"[]", b"null", b'"x"', b"\xff"):
        answer = admin.request(
            endpoint["method"], path, content=body, headers={"Content-Type": "application/json"}
        )
        assert failure_differs(answer, 400, "VALIDATION_ERROR") == [], body
