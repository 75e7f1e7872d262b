"""Our facts of three documents, held against routers, words, bodies and real answers."""

from __future__ import annotations

import re
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from tests.cast import Cast
from tests.contracts import drf
from tests.contracts.drf import DrfContract
from tests.core import samples
from ticket_app.api.dialects import bmasia, kubebro, ticketing
from ticket_app.api.dialects.bmasia import vocabulary as bmasia_words
from ticket_app.api.dialects.kubebro import vocabulary as kubebro_words
from ticket_app.api.dialects.ticketing import vocabulary as ticketing_words

ROUTERS: dict[str, APIRouter] = {
    "kubebro": kubebro.router,
    "bmasia": bmasia.router,
    "ticketing": ticketing.router,
}
CONTRACTS = {name: drf.read(name) for name in drf.NAMES}
WORDS = {"kubebro": kubebro_words, "bmasia": bmasia_words, "ticketing": ticketing_words}
PAGING = {"limit", "offset", "page", "page_size", "cursor"}
TEXT_FORMAT = {"format"}
"""What a body of any document may state beside its texts."""
FILTERS_OF_LISTS = {
    "kubebro": {"status", "priority", "category", "search", "ordering"},
    "ticketing": set(CONTRACTS["ticketing"].endpoint("list")["query"]),
}
"""What lists take that the documents show without parameters (readings)."""
EVERY = [(name, payload) for name, facts in CONTRACTS.items() for payload in facts["endpoints"]]
ENDPOINTS = [pytest.param(name, payload, id=f"{name} {payload['name']}") for name, payload in EVERY]
WITH_BODY = [
    pytest.param(name, payload, id=f"{name} {payload['name']}")
    for name, payload in EVERY
    if "body" in payload
]


def plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


@pytest.mark.parametrize("name", drf.NAMES)
def test_what_is_documented_is_routed_and_what_is_routed_is_explained(name: str) -> None:
    routed = {
        (method, plain(getattr(route, "path", "")))
        for route in ROUTERS[name].routes
        for method in getattr(route, "methods", ())
    }
    contract = CONTRACTS[name]
    known = {
        (endpoint["method"], plain(endpoint["path"]))
        for endpoint in [*contract["endpoints"], *contract["ours"]]
    }
    assert routed == known
    assert all(route["why"] for route in contract["ours"])


@pytest.mark.parametrize("name", drf.NAMES)
def test_accepted_words_match_the_document_and_include_every_word_sent(name: str) -> None:
    for field in ("status", "priority", "category"):
        vocabulary = getattr(WORDS[name], field.upper())
        assert set(vocabulary.value_by_word) == set(CONTRACTS[name].words(field))
        assert set(vocabulary.word_by_value.values()) == set(vocabulary.value_by_word)


def test_teams_and_actions_are_the_documents() -> None:
    assert list(bmasia_words.TEAMS) == CONTRACTS["bmasia"].words("team")
    assert set(ticketing_words.EVENTS_BY_ACTION) == set(CONTRACTS["ticketing"].words("action"))


def operation(api: FastAPI, endpoint: dict[str, Any]) -> dict[str, Any]:
    paths = {plain(path): payload for path, payload in api.openapi()["paths"].items()}
    return paths[plain(endpoint["path"])][endpoint["method"].lower()]


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS)
def test_bodies_and_filters_are_the_documented(
    api: FastAPI, name: str, endpoint: dict[str, Any]
) -> None:
    payload = operation(api, endpoint)
    taken = {p["name"] for p in payload.get("parameters", ()) if p["in"] == "query"} - PAGING
    assert taken == set(endpoint.get("query", ())) or taken == FILTERS_OF_LISTS.get(name)
    if "body" not in endpoint:
        return
    schemas = api.openapi()["components"]["schemas"]
    reference = payload["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = schemas[reference.rpartition("/")[2]]
    also = set(endpoint.get("also", ()))
    assert schema["properties"].keys() - TEXT_FORMAT == set(endpoint["body"]) | also
    required = {field for field, facts in endpoint["body"].items() if facts.get("required")}
    assert set(schema.get("required", ())) == required
    for field, facts in endpoint["body"].items():
        assert schema["properties"][field].get("default") == facts.get("default"), field


@pytest.fixture
def world(owner: TestClient, agent: TestClient, cast: Cast) -> dict[str, dict[str, str]]:
    """A ticket on which everything has happened, and what else paths can name, for each dialect."""
    company = str(uuid5(NAMESPACE_DNS, "Lanternworks"))
    body = {"subject": "x", "description": "y", "company": company, "due_date": "2020-01-01"}
    ticket = owner.post("/api/v1/tickets/", json=body).json()["id"]
    for client, internal in ((owner, False), (agent, True), (agent, False)):
        comment = client.post(
            f"/api/v1/tickets/{ticket}/add_comment/", json={"text": "x", "is_internal": internal}
        ).json()
    sent = owner.post(
        "/api/v1/ticket-attachments/",
        data={"ticket": ticket},
        files={"file": ("a.png", samples.png())},
    ).json()
    agent.post(f"/api/v1/tickets/{ticket}/assign/", json={"user_id": str(cast.agent.uuid)})
    agent.patch(f"/api/v1/tickets/{ticket}/", json={"status": "resolved"})
    uuids = {"{ticket-id}": ticket, "{comment-id}": comment["id"], "{attachment-id}": sent["id"]}
    return {
        "kubebro": {"{id}": "1", "{ticket_id}": "1"},
        "bmasia": {**uuids, "ticket": ticket, "company": company, "user_id": str(cast.agent.uuid)},
        "ticketing": {"{id}": "1", "ticket": "1", "user_id": str(cast.agent.id)},
    }


VALUES = {
    "title": "x",
    "subject": "x",
    "description": "y",
    "content": "x",
    "text": "x",
    "status": "in_progress",
}


def call(client: TestClient, endpoint: dict[str, Any], ids: dict[str, str]) -> Any:
    path = endpoint["path"]
    for name, value in ids.items():
        path = path.replace(name, value) if name.startswith("{") else path
    if endpoint["name"] in ("upload", "add_attachment"):
        files = {"file": ("a.png", samples.png())}
        return client.post(path, data={"ticket": ids["ticket"]}, files=files)
    body = None
    if "body" in endpoint:
        required = [field for field, facts in endpoint["body"].items() if facts.get("required")]
        body = {field: {**VALUES, **ids}[field] for field in required}
    return client.request(endpoint["method"], path, json=body)


def failure_differs(answer: Any) -> list[str]:
    payload = answer.json()
    if answer.headers["content-type"] != "application/json" or not isinstance(payload, dict):
        return ["the answer is no JSON object"]
    fits = all(
        (field == "detail" and isinstance(words, str))
        or (isinstance(words, list) and all(isinstance(word, str) for word in words))
        for field, words in payload.items()
    )
    return [] if fits and payload else [f"{payload} is no refusal"]


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS)
def test_every_answer_has_the_documented_form(
    agent: TestClient,
    nobody: TestClient,
    world: dict[str, dict[str, str]],
    name: str,
    endpoint: dict[str, Any],
) -> None:
    contract: DrfContract = CONTRACTS[name]
    missing = {
        key: "00000000-0000-4000-8000-000000000000" if name == "bmasia" else "99"
        for key in world[name]
        if key.startswith("{") or key == "ticket"
    }
    if 404 in endpoint["statuses"]:
        gone = call(agent, endpoint, {**world[name], **missing})
        assert gone.status_code == 404
        assert not failure_differs(gone)
    refused = call(nobody, endpoint, world[name])
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert not failure_differs(refused)
    answer = call(agent, endpoint, world[name])
    assert answer.status_code == endpoint["statuses"][0], answer.text
    if answer.status_code == 204:
        assert answer.content == b""
    else:
        assert answer.headers["content-type"] == "application/json"
        assert not contract.answer_differs(endpoint["name"], answer.json())


@pytest.mark.parametrize(("name", "endpoint"), WITH_BODY)
def test_wrong_input_is_named_field_by_field(
    agent: TestClient, world: dict[str, dict[str, str]], name: str, endpoint: dict[str, Any]
) -> None:
    path = endpoint["path"]
    for key, value in world[name].items():
        path = path.replace(key, value) if key.startswith("{") else path
    wrong = {field: {"not": "this"} for field in endpoint["body"]}
    answer = agent.request(endpoint["method"], path, json=wrong)
    assert answer.status_code == 400
    assert set(answer.json()) == set(endpoint["body"])
    assert not failure_differs(answer)
    for body in (b"{", b"[]", b"null", b'"x"', b"\xff"):
        answer = agent.request(
            endpoint["method"], path, content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 400, body
        assert not failure_differs(answer)
