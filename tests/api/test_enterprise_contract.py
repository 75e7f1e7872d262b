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
from ticket_app.api.dialects.enterprise import dialect as enterprise
from ticket_app.api.dialects.enterprise import vocabulary
from ticket_app.api.dialects.enterprise.errors import STATUS_AND_CODE_BY_ERROR
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform.errors import ERROR_TYPES
from ticket_app.core.platform.rate_limits import LIMIT_RULES, LimitCategory
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets import locking
from ticket_app.settings import Settings

FACTS = contract.read()
ENDPOINTS = [pytest.param(payload, id=payload["name"]) for payload in FACTS["endpoints"]]
WITH_BODY = [
    pytest.param(payload, id=payload["name"]) for payload in FACTS["endpoints"] if "body" in payload
]
ABOUT_TICKETS = [
    pytest.param(payload, id=payload["name"])
    for payload in FACTS["endpoints"]
    if 404 in payload["statuses"]
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
        (payload["method"], plain(payload["path"]))
        for payload in [*FACTS["endpoints"], *FACTS["ours"]]
    ]
    assert sorted(routed) == sorted(known)
    assert all(payload["why"] for payload in FACTS["ours"])


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("status", vocabulary.STATUS),
        ("priority", vocabulary.PRIORITY),
        ("ticket_type", vocabulary.KIND),
    ],
)
def test_accepted_words_match_the_document_and_include_every_word_sent(
    field: str, words: Any
) -> None:
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
    paths = {plain(path): payload for path, payload in api.openapi()["paths"].items()}
    return paths[plain(endpoint["path"])][endpoint["method"].lower()]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_bodies_and_parameters_are_the_documented(api: FastAPI, endpoint: dict[str, Any]) -> None:
    payload = operation(api, endpoint)
    also = set(endpoint.get("also", ()))
    if endpoint["method"] == "GET":
        taken = {p["name"] for p in payload.get("parameters", ()) if p["in"] == "query"}
        assert taken == set(endpoint.get("query", ())) | also
    if "form" in endpoint:
        form = payload["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert sorted(form["properties"]) == sorted(endpoint["form"])
        assert form["required"] == ["file"]
    if "body" not in endpoint:
        return
    schemas = api.openapi()["components"]["schemas"]
    reference = payload["requestBody"]["content"]["application/json"]["schema"]["$ref"]
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
        payload = login(admin, "admin")
        if endpoint["name"] == "refresh":
            token = payload.json()["data"]["refresh_token"]
            payload = admin.post("/auth/refresh", headers={"Authorization": f"Bearer {token}"})
    else:
        payload = call(admin, endpoint)
    assert payload.status_code == endpoint["statuses"][0], payload.text
    if endpoint["answer"] == "bytes":
        assert payload.content
        return
    assert payload.headers["content-type"] == "application/json"
    assert FACTS.differs("answer", payload.json(), "shape success") == []
    assert payload.json()["success"] is True
    assert payload.json()["request_id"] == payload.headers["x-request-id"]
    assert FACTS.answer_differs(endpoint["name"], payload.json()["data"]) == []


def failure_differs(answer: Any, status: int, code: str) -> list[str]:
    payload = answer.json()
    problems = FACTS.differs("failure", payload, "shape failure")
    if (answer.status_code, payload["error"]["code"]) != (status, code):
        problems.append(f"{answer.status_code} {payload}")
    return problems


@pytest.mark.parametrize("endpoint", [p for p in ENDPOINTS if p.id != "login"])
def test_anonymous_request_gets_the_documented_error(
    nobody: TestClient, endpoint: dict[str, Any]
) -> None:
    answer = call(nobody, endpoint)
    assert failure_differs(answer, 401, "AUTHENTICATION_REQUIRED") == []
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("endpoint", ABOUT_TICKETS)
def test_missing_resource_gets_the_documented_error(
    admin: TestClient, endpoint: dict[str, Any]
) -> None:
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
