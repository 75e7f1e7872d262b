"""Every message about wrong input is a whole sentence in the style of its document.

Generated from the endpoints: each field of each body and each query parameter is sent with values
of every wrong sort, and whatever is said about them is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from starlette.testclient import TestClient

from ticket_app.api.dialects import bmasia, centcom, kubebro, ticketing
from ticket_app.api.dialects.enterprise import dialect as enterprise
from ticket_app.api.kit.misspelt_names import KnownRouteNames

ROUTERS = {
    "centcom": centcom.router,
    "kubebro": kubebro.router,
    "bmasia": bmasia.router,
    "ticketing": ticketing.router,
    "enterprise": enterprise.router,
}
DRF = ("kubebro", "bmasia", "ticketing")
DRF_SENTENCES = re.compile(
    r"This field is required\.|This field may not be (blank|null)\.|Not a valid string\."
    r"|A valid (integer|number) is required\.|Must be a valid (boolean|UUID)\."
    r"|Must be the id or number of a ticket\."
    r"|Ensure this field has (no more than|at least) [\d,]+ (characters|elements)\."
    r"|Ensure this value is (less|greater) than or equal to [\d.e+-]+\."
    r"|(Datetime|Date) has wrong format\. Use one of these formats instead: [^ ]+\."
    r'|".*" is not a valid choice\.|Invalid pk ".*" - object does not exist\.'
    r"|Null characters are not allowed\.|This user cannot be assigned tickets\."
    r"|Invalid data\. Expected a dictionary, but got \w+\."
    r"|JSON parse error - [A-Z].*: char \d+\.?|The request body [a-z].*\.",
    re.DOTALL,
)
NAMED_SENTENCES = re.compile(
    r"The [\w.-]+ (field|parameter|header) (is|must|may|names|cannot) [^\n]*\."
    r'|The (field|parameter) "[^"]*" is not known\. Did you mean "\w+"\?'
    r"|The request body (is|must|cannot) [^\n]*\.",
    re.DOTALL,
)
LEAKS = re.compile(
    r"input should|pydantic|validation error|value error|type=|(?-i:uUID)|unable to parse"
    r"|string_|expected .* instance|\bfield [a-z]+ should|This field .*\bfield\b|NoneType",
    re.IGNORECASE,
)
VALUES: tuple[Any, ...] = (
    None,
    "",
    "  ",
    "nonsense",
    "x" * 60_000,
    "\x00",
    "\ud800",
    -1,
    5,
    2**70,
    1.5,
    True,
    [],
    [None],
    ["x"] * 200,
    {"a": {"b": 1}},
    "0001-01-01T00:00:00",
    "20269999",
)
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sentences_of(dialect: str, body: Any) -> Iterator[str]:
    """Every message of an error answer."""
    if dialect == "centcom":
        yield body["error"]
    elif dialect == "enterprise":
        details = body["error"]["details"]
        yield body["error"]["message"]
        for problem in details.get("problems", [details]):
            if "reason" in problem:
                yield problem["reason"]
    else:
        for value in body.values():
            yield from [value] if isinstance(value, str) else value


def check(dialect: str, answer: Any, sent: Any) -> None:
    assert answer.status_code < 500, (sent, answer.text)
    if answer.status_code != 400:
        return
    allowed = DRF_SENTENCES if dialect in DRF else NAMED_SENTENCES
    for sentence in sentences_of(dialect, answer.json()):
        assert not LEAKS.search(sentence), (sent, sentence)
        found = allowed.match(sentence) if dialect == "enterprise" else allowed.fullmatch(sentence)
        assert found, (sent, sentence)


def routes(*, with_body: bool) -> list[Any]:
    found: list[Any] = []
    for dialect, router in ROUTERS.items():
        for route in router.routes:
            names: KnownRouteNames | None = getattr(route, "names", None)
            if names is None or "setup" in getattr(route, "path", ""):
                continue
            if names.model if with_body else (names.parameters and "GET" in route.methods):
                method = next(iter(route.methods))
                found.append(pytest.param(dialect, method, route, id=f"{method} {route.path}"))
    return found


@pytest.fixture
def paths(admin: TestClient) -> Any:
    company = str(uuid5(NAMESPACE_DNS, "Lanternworks"))
    created = admin.post(
        "/api/v1/tickets/", json={"subject": "x", "description": "x", "company": company}
    ).json()
    comment = admin.post(f"/api/v1/tickets/{created['id']}/add_comment/", json={"text": "x"}).json()
    numbered = admin.get(f"/tickets/{created['id']}").json()["data"]["comments"][0]["id"]

    def path(dialect: str, route: Any) -> str:
        values = {
            "ticket_id": created["id"],
            "comment_id": comment["id"] if dialect == "bmasia" else numbered,
            "company_id": company,
            "role": "agent",
        }
        return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], 1)), route.path)

    return path


@only_sqlite
@pytest.mark.parametrize(("dialect", "method", "route"), routes(with_body=True))
def test_messages_about_wrong_fields_are_sentences(
    admin: TestClient, nobody: TestClient, paths: Any, dialect: str, method: str, route: Any
) -> None:
    client = nobody if route.allows_anonymous else admin
    path = paths(dialect, route)
    for body in (None, [], "x", 5, [{}]):
        check(dialect, client.request(method, path, json=body), body)
    for content in (b"{", b"", b'{"a": }', b"\xff", b"[" * 5000):
        headers = {"Content-Type": "application/json"}
        answer = client.request(method, path, content=content, headers=headers)
        check(dialect, answer, content[:9])
    check(dialect, client.request(method, path, json={}), {})
    for name in route.names.model.model_fields:
        for value in VALUES:
            if value == "\ud800":
                content = b'{"%s": "\\ud800"}' % name.encode()
                headers = {"Content-Type": "application/json"}
                answer = client.request(method, path, content=content, headers=headers)
            else:
                answer = client.request(method, path, json={name: value})
            check(dialect, answer, (name, value))


@only_sqlite
@pytest.mark.parametrize(("dialect", "method", "route"), routes(with_body=False))
def test_messages_about_wrong_parameters_are_sentences(
    admin: TestClient, paths: Any, dialect: str, method: str, route: Any
) -> None:
    path = paths(dialect, route)
    for name in route.names.parameters:
        for value in (
            "",
            "nonsense",
            "-1",
            "0",
            "1.5",
            str(2**70),
            "x" * 9_000,
            "\x00",
            "20269999",
        ):
            answer = admin.request(method, path, params={name: value})
            check(dialect, answer, (name, value[:20]))


BOTH = {
    "centcom": ("/api/tickets", "title", "description"),
    "kubebro": ("/api/tickets/", "title", "description"),
    "bmasia": ("/api/v1/tickets/", "subject", "description"),
    "ticketing": ("/api/ticketing/tickets/", "subject", "description"),
    "enterprise": ("/tickets", "title", "description"),
}


@only_sqlite
@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize("empty", ["", " \n", "\u200b"])
def test_a_missing_and_an_empty_field_are_named_together(
    owner: TestClient, dialect: str, empty: str
) -> None:
    path, missing, blank = BOTH[dialect]
    answer = owner.post(path, json={blank: empty})
    assert answer.status_code == 400
    payload = answer.json()
    if dialect in DRF:
        assert payload[missing] == ["This field is required."]
        assert payload[blank] == ["This field may not be blank."]
    else:
        text = str(payload["error"])
        assert f"The {missing} field is required." in text
        assert f"The {blank} field is required." in text


@only_sqlite
@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"company": "x"}, "company", "Must be a valid UUID."),
        ({"subject": "x" * 201}, "subject", "Ensure this field has no more than 200 characters."),
        ({"priority": "soon"}, "priority", '"soon" is not a valid choice.'),
        ({"subject": None}, "subject", "This field may not be null."),
        ({"subject": 5}, "subject", "Not a valid string."),
        (
            {"company": "00000000-0000-4000-8000-000000000000"},
            "company",
            'Invalid pk "00000000-0000-4000-8000-000000000000" - object does not exist.',
        ),
        (
            {"due_date": 5},
            "due_date",
            "Datetime has wrong format. Use one of these formats instead: "
            "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
        ),
    ],
)
def test_the_three_use_the_words_of_django_rest_framework(
    agent: TestClient, body: Any, field: str, sentence: str
) -> None:
    whole = {
        "subject": "x",
        "description": "y",
        "company": str(uuid5(NAMESPACE_DNS, "Lanternworks")),
        **body,
    }
    answer = agent.post("/api/v1/tickets/", json=whole)
    assert (answer.status_code, answer.json()) == (400, {field: [sentence]})


@only_sqlite
def test_ids_of_the_ticketing_document(agent: TestClient) -> None:
    body = {"subject": "x", "description": "y"}
    for field, value, sentence in (
        ("customer", "x", "A valid integer is required."),
        ("customer", 7777, 'Invalid pk "7777" - object does not exist.'),
        ("customer", 0, 'Invalid pk "0" - object does not exist.'),
        ("assigned_to", 7777, 'Invalid pk "7777" - object does not exist.'),
        ("assigned_to", 1, "This user cannot be assigned tickets."),
        ("estimated_hours", "x", "A valid number is required."),
        ("estimated_hours", -1, "Ensure this value is greater than or equal to 0."),
    ):
        answer = agent.post("/api/ticketing/tickets/", json={**body, field: value})
        assert (answer.status_code, answer.json()) == (400, {field: [sentence]}), field
