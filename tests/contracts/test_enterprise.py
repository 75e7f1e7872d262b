"""Our facts of the Enterprise document, held against the document itself.

Where it is absent (it is no part of the repository) these tests are skipped.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.contracts import document, enterprise
from tests.contracts.document import Document, Section

FACTS = enterprise.read()
CALL = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) (/\S+)")


@pytest.fixture(scope="module")
def guide() -> Document:
    try:
        return document.read(FACTS["guide"])
    except FileNotFoundError:
        pytest.skip(f"the document is not here ({document.SPECS}); our facts are tested without it")


def plain(path: str) -> str:
    return re.sub(r"/(\d+|\{[^}]*\})(?=/|$)", "/{}", path)


def calls(guide: Document) -> list[tuple[str, str, str, Section]]:
    """Each request of the document: method, path, what stands below it, and where."""
    found = []
    for section in guide.sections:
        for _, text in section.code:
            if match := CALL.match(text):
                found.append((match.group(1), match.group(2), text, section))
    return found


def documented_operation(method: str, path: str) -> dict[str, Any]:
    return next(
        endpoint
        for endpoint in FACTS["endpoints"]
        if (endpoint["method"], plain(endpoint["path"])) == (method, plain(path))
    )


def body_of(text: str) -> dict[str, Any]:
    return json.loads(text[text.index("{") :])


def test_every_call_of_the_document_is_in_our_facts_and_none_else(guide: Document) -> None:
    documented = {(method, plain(urlsplit(path).path)) for method, path, *_ in calls(guide)}
    ours = {(specified["method"], plain(specified["path"])) for specified in FACTS["endpoints"]}
    assert documented == ours


def test_bodies_forms_and_parameters_are_the_documents(guide: Document) -> None:
    bodies = 0
    for method, path, text, section in calls(guide):
        specified = documented_operation(method, urlsplit(path).path)
        query = [name for name, _ in parse_qsl(urlsplit(path).query)]
        named = [re.match(r"`(\w+)`", line) for line in section.bullets] if query else []
        every = [match.group(1) for match in named if match] or query
        assert every == specified.get("query", []), path
        if "multipart/form-data" in text:
            assert (
                re.findall(r"^(\w+): ", text.partition("form-data")[2], re.MULTILINE)
                == specified["form"]
            )
        elif "{" in text.partition("\n\n")[2]:
            bodies += 1
            assert list(body_of(text)) == list(specified["body"]), path
    assert bodies == 8


def test_page_size_and_title_length_match_the_document(guide: Document) -> None:
    bullets = " ".join(guide.section("List Tickets").bullets)
    paging = FACTS["paging"]
    assert f"(default: {paging['page']})" in bullets
    assert f"(default: {paging['size']}, max: {paging['most']})" in bullets
    model = json.loads(guide.section("Ticket Model").block("json"))
    assert f"max {FACTS['longest']['title']} chars" in model["title"]


def words_in(text: str) -> list[str]:
    match = re.search(r"\(([\w, ]+)\)", text)
    assert match
    return match.group(1).split(", ")


@pytest.mark.parametrize(
    ("title", "shape"),
    [("Ticket Model", "model"), ("User Model", "user"), ("Comment Model", "comment")],
)
def test_models_are_those_of_the_document(guide: Document, title: str, shape: str) -> None:
    model: dict[str, str] = json.loads(guide.section(title).block("json"))
    fields: dict[str, str] = FACTS["shapes"][shape]["fields"]
    assert list(model) == list(fields)
    kinds = {
        "integer": "integer",
        "string": "text",
        "datetime": "time",
        "boolean": "boolean",
        "json object": "facts",
        "array of strings": "list of text",
        "array of user IDs": "list of integer",
        "array of attachment IDs": "list of integer",
    }
    own_form = {"ticket_number": "number_of_day"}
    for name, description in model.items():
        kind = fields[name].removesuffix(" or null")
        if description.startswith("enum "):
            assert words_in(description) == FACTS.words(name)
        else:
            assert kind == own_form.get(name, kinds[description.partition(" (")[0]]), name
        if "nullable" in description:
            assert fields[name].endswith(" or null"), name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Login", "login"),
        ("List Tickets", "list"),
        ("Create Ticket", "create"),
        ("Upload File", "upload"),
        ("Dashboard Metrics", "dashboard"),
    ],
)
def test_answers_are_those_of_the_document(guide: Document, title: str, name: str) -> None:
    answer = json.loads(guide.section(title).block("json"))
    assert answer["success"] is True
    assert FACTS.answer_differs(name, answer["data"], is_example=True) == []


def example(guide: Document, title: str) -> dict[str, Any]:
    text = guide.section(title).block("json")
    return json.loads(text.replace("{ ... }", "{}").replace("[...]", "[]"))


def test_envelopes_are_those_of_the_document(guide: Document) -> None:
    success, failure = example(guide, "Success Response"), example(guide, "Error Response")
    assert FACTS.differs("success", success, "shape success") == []
    assert FACTS.differs("failure", failure, "shape failure") == []
    page = example(guide, "Pagination Response")["pagination"]
    assert FACTS.differs("pagination", page, "shape pagination") == []


def test_codes_statuses_and_limits(guide: Document) -> None:
    table = " ".join(guide.section("Error Codes").paragraphs)
    assert re.findall(r"`([A-Z_]+)`", table) == FACTS.words("code")
    bullets = guide.section("HTTP Status Codes").bullets
    assert [int(re.sub(r"\D", "", line)[:3]) for line in bullets] == FACTS["statuses"]
    used = {code for endpoint in FACTS["endpoints"] for code in endpoint["statuses"]}
    assert used <= set(FACTS["statuses"])
    table = " ".join(guide.section("Rate Limiting").paragraphs)
    specified = re.findall(r"\| ([\w ]+) \| (\d+) requests \| 1 (minute|hour) \|", table)
    seconds = {"minute": 60, "hour": 3600}
    assert [(int(maximum), seconds[window]) for _, maximum, window in specified] == [
        (limit["most"], limit["seconds"]) for limit in FACTS["limits"].values()
    ]


def test_actions_events_and_payload(guide: Document) -> None:
    named = [line.split("`")[1] for line in guide.section("Process Approval").bullets]
    assert named == FACTS.words("action")
    named = [line.split("`")[1] for line in guide.section("Webhook Events").bullets]
    assert named == FACTS.words("event")
    payload = json.loads(guide.section("Webhook Payload").block("json"))
    assert FACTS.differs("payload", payload, "shape payload") == []
