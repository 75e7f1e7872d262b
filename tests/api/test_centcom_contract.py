"""Our facts of the Centcom guide, held against the router, the words and real answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, CreateTicket
from tests.contracts import contract
from tests.core import samples
from ticket_app.api.dialects import centcom
from ticket_app.api.dialects.centcom import vocabulary
from ticket_app.api.dialects.centcom.schemas import NewComment, NewTicket
from ticket_app.core.attachments import file_types, uploading
from ticket_app.core.platform.vocabulary import KIND_PREFIX, ScanStatus

CENTCOM = contract.read("centcom")
WORDS = {
    "status": vocabulary.STATUS,
    "ticket_type": vocabulary.KIND,
    "priority": vocabulary.PRIORITY,
    "severity": vocabulary.SEVERITY,
    "reproduction_rate": vocabulary.REPRODUCTION_RATE,
    "attachment_type": vocabulary.ATTACHMENT_TYPE,
}


def plain(path: str) -> str:
    """A path whose parameters have no names."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def routed() -> set[tuple[str, str]]:
    return {
        (method, plain(route.path))
        for route in centcom.router.routes
        for method in getattr(route, "methods", set()) - {"HEAD"}
    }


def payload(*parts: str) -> set[tuple[str, str]]:
    return {(e["method"], plain(e["path"])) for part in parts for e in CENTCOM[part]}


def test_every_documented_path_is_routed() -> None:
    assert payload("endpoints", "elsewhere") <= routed()


def test_every_routed_path_is_documented_or_explained() -> None:
    assert routed() == payload("endpoints", "elsewhere", "ours")
    assert all(route["why"] for route in CENTCOM["ours"])


@pytest.mark.parametrize("name", WORDS)
def test_accepted_words_match_the_guide_and_include_every_word_sent(name: str) -> None:
    assert set(WORDS[name].value_by_word) == set(CENTCOM.words(name))
    assert set(WORDS[name].word_by_value.values()) == set(CENTCOM.words(name))


def test_keys_begin_as_the_guide_has_them() -> None:
    for word, prefix in CENTCOM["key_prefixes"].items():
        assert KIND_PREFIX[vocabulary.KIND.parse(word)] == prefix


def test_scan_words_are_the_cores() -> None:
    assert [str(word) for word in ScanStatus] == CENTCOM.words("scan_status")


@pytest.mark.parametrize(("name", "model"), [("submit", NewTicket), ("comment", NewComment)])
def test_bodies_take_the_documented_fields_and_defaults(name: str, model: Any) -> None:
    body = CENTCOM.endpoint(name)["body"]
    assert [name for name in model.model_fields if name != "format"] == list(body)
    for field, facts in body.items():
        assert model.model_fields[field].is_required() is facts.get("required", False), field
        assert model.model_fields[field].get_default() == (facts.get("default")) or (
            facts.get("required", False)
        ), field


def test_upload_limits_are_the_guides() -> None:
    assert CENTCOM["uploads"]["most_bytes"] == uploading.MAX_FILE_BYTES
    families = CENTCOM["uploads"]["types"].values()
    assert set(file_types.BY_MIME) == {mime for types in families for mime in types.values()}


@pytest.fixture
def answers(owner: TestClient, agent: TestClient, create_ticket: CreateTicket) -> dict[str, Any]:
    """One real answer of each endpoint, for a ticket on which everything has happened."""
    made = {"submit": owner.post("/api/tickets", json={**NEW_TICKET, "tags": ["a"]})}
    path = f"/api/tickets/{made['submit'].json()['ticket']['id']}"
    made["comment"] = owner.post(f"{path}/comments", json={"content": "And now it does"})
    assert agent.post(f"{path}/comments", json={"content": "Thanks"}).status_code == 200
    files = {"file": ("shot.png", samples.png())}
    made["upload"] = owner.post(f"{path}/attachments", files=files)
    made["comments"] = owner.get(f"{path}/comments")
    made["attachments"] = owner.get(f"{path}/attachments")
    made["details"] = owner.get(path)
    made["mine"] = owner.get("/api/tickets")
    return made


def test_every_answer_has_the_documented_form(answers: dict[str, Any]) -> None:
    assert answers.keys() == {endpoint["name"] for endpoint in CENTCOM["endpoints"]}
    for name, answer in answers.items():
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == CENTCOM["media_type"]
        assert not CENTCOM.answer_differs(name, answer.json()), name


PROVOKED = {
    400: {"submit": {"json": {}}, "comment": {"json": {}}, "upload": {"data": {"a": "b"}}},
    401: {},
    403: {},
    404: {"comment": {"json": {"content": "x"}}, "upload": {"files": {"file": ("a.txt", b"a")}}},
}
MISSING = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (endpoint["name"], status)
        for endpoint in [*CENTCOM["endpoints"], *CENTCOM["elsewhere"]]
        for status in (401, 404, 400)
        if status in endpoint["statuses"]
    ],
)
def test_every_documented_error_has_the_documented_form(
    name: str, status: int, owner: TestClient, nobody: TestClient, create_ticket: CreateTicket
) -> None:
    endpoint = CENTCOM.endpoint(name)
    ticket_id = MISSING if status == 404 else create_ticket()["id"]
    path = endpoint["path"].replace("{ticketId}", ticket_id)
    if (name, status) == ("mine", 400):
        path += "?status=nonsense"
    sent = PROVOKED[status].get(name, {})
    client = nobody if status == 401 else owner
    answer = client.request(endpoint["method"], path, **sent)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == CENTCOM["media_type"]
    assert not CENTCOM.failure_differs(answer.json())


def test_technical_details_are_shown_only_in_debug_mode(
    owner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ticket_app.settings import reload_settings

    assert list(owner.get(f"/api/tickets/{MISSING}").json()) == ["success", "error"]
    for variable, value in CENTCOM["variables"].items():
        monkeypatch.setenv(variable, value)
    assert reload_settings().log_level == "debug"
    answer = owner.get(f"/api/tickets/{MISSING}").json()
    assert list(answer) == ["success", "error", "details"]
    assert not CENTCOM.failure_differs(answer)


def test_openapi_document_agrees_with_the_guide(api: FastAPI) -> None:
    document = api.openapi()
    described = {(m.upper(), plain(p)) for p, methods in document["paths"].items() for m in methods}
    assert payload("endpoints", "elsewhere", "ours") <= described
    content = document["paths"]["/api/tickets"]["post"]["requestBody"]["content"]
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    body = document["components"]["schemas"][name]
    facts = CENTCOM.endpoint("submit")["body"]
    assert body["required"] == [name for name, fact in facts.items() if fact.get("required")]
    for name, fact in facts.items():
        if fact["type"].startswith("word "):
            words = CENTCOM.words(fact["type"].removeprefix("word "))
            described = body["properties"][name]
            word, *_ = described.get("anyOf", [described])
            assert word["enum"] == words
