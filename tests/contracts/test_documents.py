"""The facts we hold ourselves to are the documents': each is compared with the document itself.

Where the documents are absent (they are no part of the repository) these tests are skipped.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.contracts import document, drf
from tests.contracts.document import Document

CONTRACTS = {name: drf.read(name) for name in drf.NAMES}
CALL = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) (/api/[^\s?]*)", re.MULTILINE)
BULLET = re.compile(r"^`(GET|POST|PATCH|PUT|DELETE) (/api/\S+)`")


def read(name: str) -> Document:
    try:
        return document.read(CONTRACTS[name]["guide"])
    except FileNotFoundError:
        pytest.skip(f"the document is not here ({document.SPECS}); our facts are tested without it")


def called(guide: Document) -> set[tuple[str, str]]:
    """Every method and path that is written anywhere in a document, whatever it calls its ids."""
    named: set[tuple[str, str]] = set()
    for section in guide.sections:
        for _, text in section.code:
            named |= set(CALL.findall(text))
        matches = [BULLET.match(line) for line in section.bullets]
        named |= {(match.group(1), match.group(2)) for match in matches if match}
    return {(method, re.sub(r"/(\d+|\{[^}]*\})/", "/{}/", path)) for method, path in named}


@pytest.mark.parametrize("name", drf.NAMES)
def test_every_call_of_the_document_is_in_our_facts_and_none_else(
    name: str,
) -> None:
    ours = {
        (endpoint["method"], re.sub(r"\{[^}]*\}", "{}", endpoint["path"]))
        for endpoint in CONTRACTS[name]["endpoints"]
    }
    assert called(read(name)) == ours


def braced(text: str) -> list[str]:
    """The words of `name` - Filter by name (a, b, c)."""
    match = re.search(r"\(([\w, ]+)\)", text)
    return match.group(1).split(", ") if match else []


def test_options_of_kubebro_are_those_of_its_document() -> None:
    lines = read("kubebro").section("Ticket Model").bullets
    documented = dict(re.match(r"\*\*(.+?)\*\*: (.*)", line).groups() for line in lines)  # type: ignore[union-attr]
    facts = CONTRACTS["kubebro"]
    for field in ("Status", "Priority", "Category"):
        assert documented[f"{field} Options"].split(", ") == facts.words(field.lower())
    assert set(documented["Fields"].split(", ")) == set(facts["shapes"]["ticket"]["fields"])
    (fields, _) = read("kubebro").section("TicketComment Model").bullets
    named = fields.partition(": ")[2].split(", ")
    assert set(named) == set(facts["shapes"]["comment"]["fields"])


@pytest.mark.parametrize(
    ("title", "name"),
    [("Create Ticket", "create"), ("Add Comment", "add_comment")],
)
def test_bodies_of_kubebro_are_those_of_its_document(title: str, name: str) -> None:
    section = read("kubebro").section(title, "Example API Calls")
    body = json.loads(section.block("bash").partition("\n\n")[2])
    assert body.keys() == CONTRACTS["kubebro"].endpoint(name)["body"].keys()


@pytest.mark.parametrize(
    ("name", "title"), [("bmasia", "List All Tickets"), ("ticketing", "List Tickets")]
)
def test_filters_and_their_words(name: str, title: str) -> None:
    facts = CONTRACTS[name]
    named = {}
    for line in read(name).section(title).bullets:
        field, _, words = line.partition("`")[2].partition("`")
        named[field.partition("=")[0]] = braced(words)
    assert list(named) == facts.endpoint("list")["query"]
    for field in ("status", "priority"):
        assert named[field] == facts.words(field)
    if name == "bmasia":
        assert named["category"] == facts.words("category")
        assert named["assigned_team"] == facts.words("team")


EXAMPLES = {
    "Ticket Response": "ticket",
    "Comment Response": "comment",
    "Attachment Response": "attachment",
}


@pytest.mark.parametrize("title", EXAMPLES)
def test_answers_of_bmasia_are_those_of_its_document(title: str) -> None:
    text = read("bmasia").section(title).block("json").replace("[...]", "[]")
    example = json.loads(text)
    fields = CONTRACTS["bmasia"]["shapes"][EXAMPLES[title]]["fields"]
    assert set(example) == set(fields)
    problems = CONTRACTS["bmasia"].differs(
        title, example, f"shape {EXAMPLES[title]}", is_example=True
    )
    assert [p for p in problems if "uuid" not in p] == []


@pytest.mark.parametrize(
    ("name", "title", "shape"),
    [
        ("bmasia", "Get Ticket Statistics", "stats"),
        ("ticketing", "Ticket Statistics", "statistics"),
    ],
)
def test_statistics_are_those_of_the_documents(name: str, title: str, shape: str) -> None:
    text = read(name).section(title).block("json")
    example: dict[str, Any] = json.loads(re.sub(r",\s*\.\.\.", "", text))
    facts = CONTRACTS[name]
    assert list(example) == list(facts["shapes"][shape]["fields"])
    for field in ("status", "priority", "category"):
        if f"by_{field}" in example:
            assert set(example[f"by_{field}"]) <= set(facts.words(field))


@pytest.mark.parametrize(
    ("title", "shape"),
    [
        ("Ticket", "ticket"),
        ("TicketComment", "comment"),
        ("TicketAttachment", "attachment"),
        ("TicketHistory", "change"),
    ],
)
def test_models_of_ticketing_are_those_of_its_document(title: str, shape: str) -> None:
    bullets = read("ticketing").section(title, "Models").bullets
    named = [line.split("`")[1] for line in bullets]
    assert set(named) == set(CONTRACTS["ticketing"]["shapes"][shape]["fields"])


def test_status_codes_of_bmasia() -> None:
    bullets = read("bmasia").section("Status Codes").bullets
    documented = {int(code) for code in re.findall(r"`(\d{3}) ", " ".join(bullets))}
    used = {code for endpoint in CONTRACTS["bmasia"]["endpoints"] for code in endpoint["statuses"]}
    assert used == documented
