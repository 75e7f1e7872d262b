"""The facts we hold ourselves to are the guide's: each is compared with the document itself."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.contracts import contract, document
from tests.contracts.contract import Contract
from tests.contracts.document import Document, Section

CENTCOM = contract.read("centcom")
NAMES = [endpoint["name"] for endpoint in CENTCOM["endpoints"]]
QUOTED = re.compile(r"`\"?([\w]+)\"?`")
FIELD = re.compile(r"`(\w+)` \((\w+)\): (.*)")
PARTS = {"Headers", "Request Body", "Query Parameters", "Response", "File Upload Limits"}


@pytest.fixture(scope="module")
def guide() -> Document:
    try:
        return document.read(CENTCOM["guide"])
    except FileNotFoundError:
        pytest.skip(f"the guide is not here ({document.SPECS}); our facts are tested without it")


def part(guide: Document, endpoint: dict[str, Any], title: str) -> Section | None:
    within = list(guide.below(numbered(endpoint)))
    return next((section for section in within if section.title == title), None)


def numbered(endpoint: dict[str, Any]) -> str:
    return f"{NAMES.index(endpoint['name']) + 1}. {endpoint['heading']}"


def paths(facts: Contract) -> set[tuple[str, str]]:
    every = [*facts["endpoints"], *facts["elsewhere"]]
    return {(endpoint["method"], endpoint["path"]) for endpoint in every}


def test_the_endpoints_are_the_guides_in_its_order(guide: Document) -> None:
    documented = [s for s in guide.below("API Endpoints") if s.level == 3 and s.title != "Base URL"]
    assert [s.title for s in documented] == [
        numbered(endpoint) for endpoint in CENTCOM["endpoints"]
    ]
    assert [s.paragraphs[0] for s in documented] == [
        f"**{endpoint['method']}** `{endpoint['path']}`" for endpoint in CENTCOM["endpoints"]
    ]


@pytest.mark.usefixtures("guide")
def test_every_path_the_guide_names_anywhere_is_in_our_facts() -> None:
    text = (document.SPECS / CENTCOM["guide"]).read_text(encoding="utf-8")
    named = {path.rstrip("/") for path in re.findall(r"/api/[\w/-]+", text)}
    known = {path.partition("{")[0].rstrip("/") for _, path in paths(CENTCOM)}
    assert named == known


def test_setup_call_is_at_the_documented_place(guide: Document) -> None:
    setup = CENTCOM.endpoint("setup")
    command = guide.section(setup["heading"]).block("bash")
    assert f"-X {setup['method']}" in command
    assert setup["path"] + '"' in command


def test_the_base_and_the_token_are_the_guides(guide: Document) -> None:
    base = guide.section("Base URL").code[0][1].strip()
    assert base.endswith(CENTCOM["base"])
    example = guide.section("Authentication").code[0][1]
    assert example.startswith(f"Authorization: {CENTCOM['authorization']} ")


@pytest.mark.parametrize("name", NAMES)
def test_headers_are_those_of_the_guide(guide: Document, name: str) -> None:
    endpoint = CENTCOM.endpoint(name)
    documented = part(guide, endpoint, "Headers")
    if documented is None:
        assert "headers" not in endpoint
        return
    lines = dict(line.split(": ", 1) for line in documented.code[0][1].splitlines())
    assert lines.keys() == endpoint["headers"].keys()
    for header, value in endpoint["headers"].items():
        placeholder = lines[header].startswith(("<", "Bearer <"))
        assert lines[header].startswith("Bearer ") if value == "Bearer" else True
        assert placeholder or lines[header] == value


@pytest.mark.parametrize("name", ["submit"])
def test_body_fields_are_those_of_the_guide(guide: Document, name: str) -> None:
    endpoint = CENTCOM.endpoint(name)
    body = endpoint["body"]
    documented: dict[str, dict[str, Any]] = {}
    for title, required in (("Required Fields", True), ("Optional Fields", False)):
        for line in guide.section(title).bullets:
            match = FIELD.match(line)
            assert match, line
            field, kind, rest = match.groups()
            default = re.search(r"\(default: `\"(\w+)\"`\)", rest)
            documented[field] = {
                "required": required,
                "kind": kind,
                "words": re.findall(r"`\"(\w+)\"`", rest.split("(default")[0]),
                "default": default and default.group(1),
            }
    assert list(documented) == list(body)
    kinds = {"text": "string", "facts": "object", "list of text": "array"}
    for field, facts in body.items():
        kind = facts["type"]
        assert documented[field]["required"] is facts.get("required", False), field
        assert documented[field]["default"] == facts.get("default"), field
        assert documented[field]["kind"] == ("enum" if kind.startswith("word") else kinds[kind]), (
            field
        )
        if kind.startswith("word"):
            assert documented[field]["words"] == CENTCOM.words(kind.removeprefix("word ")), field


def test_the_example_of_a_ticket_is_one(guide: Document) -> None:
    endpoint = CENTCOM.endpoint("submit")
    section = part(guide, endpoint, "Request Body")
    assert section
    example = json.loads(section.block("json"))
    for field, value in example.items():
        assert not CENTCOM.differs(field, value, endpoint["body"][field]["type"])
    assert example.keys() <= endpoint["body"].keys()


def test_the_example_of_a_comment_is_one(guide: Document) -> None:
    endpoint = CENTCOM.endpoint("comment")
    section = part(guide, endpoint, "Request Body")
    assert section
    assert json.loads(section.block("json")).keys() == endpoint["body"].keys()


def test_query_parameters_are_those_of_the_guide(guide: Document) -> None:
    endpoint = CENTCOM.endpoint("mine")
    section = part(guide, endpoint, "Query Parameters")
    assert section
    documented = {}
    for line in section.bullets:
        match = re.match(r"`(\w+)` \(optional\): (.*)", line)
        assert match, line
        documented[match.group(1)] = match.group(2)
    assert list(documented) == list(endpoint["query"])
    for name, facts in endpoint["query"].items():
        default = re.search(r"default: (\d+)", documented[name])
        limit = re.search(r"max: (\d+)", documented[name])
        assert (default and int(default.group(1))) == facts.get("default"), name
        assert (limit and int(limit.group(1))) == facts.get("most"), name
        if facts["type"].startswith("word"):
            named = set(QUOTED.findall(documented[name]))
            assert named <= set(CENTCOM.words(facts["type"].removeprefix("word ")))


def test_upload_form_is_that_of_the_guide(guide: Document) -> None:
    endpoint = CENTCOM.endpoint("upload")
    section = next(s for s in guide.below(numbered(endpoint)) if s.title.startswith("Request Body"))
    documented = dict(line.split(": ", 1) for line in section.code[0][1].splitlines())
    assert list(documented) == ["file", "attachment_type", "description", "is_public"]
    assert documented.keys() == endpoint["body"].keys()
    for field in ("attachment_type", "is_public"):
        words = CENTCOM.words(endpoint["body"][field]["type"].removeprefix("word "))
        assert re.findall(r'"(\w+)"', documented[field]) == words
    assert f"(default: {endpoint['body']['is_public']['default']})" in documented["is_public"]


def test_upload_limits_are_those_of_the_guide(guide: Document) -> None:
    section = guide.section("File Upload Limits")
    max_size = next(line for line in section.bullets if "size" in line)
    match = re.search(r"(\d+)MB", max_size)
    assert match
    assert int(match.group(1)) * 1024 * 1024 == CENTCOM["uploads"]["most_bytes"]
    lines = [line.split(": ") for line in section.bullets]
    documented = {
        line[0]: line[1].split(", ") for line in lines if line[0] in CENTCOM["uploads"]["types"]
    }
    assert documented == {
        family: list(types) for family, types in CENTCOM["uploads"]["types"].items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_an_answer_fits_our_facts(guide: Document, name: str) -> None:
    section = part(guide, CENTCOM.endpoint(name), "Response")
    assert section
    example = json.loads(section.block("json"))
    assert not CENTCOM.answer_differs(name, example, is_example=True)


def test_status_words_are_those_of_the_guide(guide: Document) -> None:
    documented = [
        re.match(r"\*\*(\w+)\*\*", line) for line in guide.section("Status Values").bullets
    ]
    assert [match and match.group(1) for match in documented] == CENTCOM.words("status")


def test_status_codes_and_the_form_of_errors(guide: Document) -> None:
    section = guide.section("Error Handling")
    documented = [re.match(r"\*\*(\d{3})\*\*", line) for line in section.bullets]
    assert [match and int(match.group(1)) for match in documented] == CENTCOM["statuses"]
    example = json.loads(section.block("json"))
    assert not CENTCOM.failure_differs(example)
    shape = CENTCOM["shapes"]["failure"]
    assert list(example) == [*shape["fields"], *shape["sometimes"]]
    assert "optional" in example["details"]


def test_the_clients_speak_the_same_words(guide: Document) -> None:
    typescript = guide.section("JavaScript/TypeScript Example").block("typescript")
    typescript = typescript.split("// Usage example")[0]
    for field in ("ticket_type", "priority", "attachment_type"):
        lists = re.findall(rf"{field}\?: ('.+');|{field}: ('.+');", typescript)
        assert lists
        for documented in lists:
            assert re.findall(r"'(\w+)'", "".join(documented)) == CENTCOM.words(field)


def test_variables_are_those_of_the_guide(guide: Document) -> None:
    lines = guide.section("Debug Mode").block("bash").splitlines()
    documented = dict(line.split("=") for line in lines if "=" in line)
    assert documented == CENTCOM["variables"]


def test_every_endpoint_has_a_known_form() -> None:
    for endpoint in CENTCOM["endpoints"]:
        assert endpoint["statuses"][0] == 200
        assert set(endpoint["statuses"]) <= {*CENTCOM["statuses"], 429}
        for facts in [*endpoint.get("body", {}).values(), *endpoint.get("query", {}).values()]:
            if facts["type"].startswith("word "):
                assert CENTCOM.words(facts["type"].removeprefix("word "))
