"""Values made to break: in paths, keys, places and names. Nothing is ever answered with a 5xx."""

from __future__ import annotations

import ast
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import CreateTicket
from tests.api.serving import ROOT
from tests.api.test_matrix import endpoints
from ticket_app.core.platform.paging import MAX_PAGE_SIZE

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOSTILE = (
    "\x00",
    "1\x00",
    "\ud800",
    "²",
    "١",
    "-1",
    "9" * 40,
    "1e9",
    "NaN",
    "' OR 1=1 --",
    "%",
    "..%2f..%2fetc%2fpasswd",
    "x" * 5_000,
    "{{7*7}}",
    "\u202e\u200b",
)


def written(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"), safe="")


def test_no_hostile_value_in_a_path_breaks_a_route(agent: TestClient) -> None:
    known = [e.values for e in endpoints() if "{" in e.values[1].path]
    assert len(known) > 25
    for method, route in known:
        before, _, rest = route.path.partition("{")
        after = rest.partition("}")[2]
        for value in HOSTILE:
            path = before + written(value) + after.replace("{", "").replace("}", "")
            headers = {"Idempotency-Key": "k"} if method == "POST" else {}
            answer = agent.request(method, path, json={"content": "x"}, headers=headers)
            assert 400 <= answer.status_code < 500, (method, path, answer.status_code)


def test_no_hostile_value_in_a_query_breaks_a_list(
    agent: TestClient, create_ticket: CreateTicket
) -> None:
    create_ticket()
    lists = [e.values[1] for e in endpoints() if e.values[0] == "GET"]
    for route in [route for route in lists if "{" not in route.path]:
        names = [field.alias for field in route.dependant.query_params]
        for part in route.dependant.dependencies:
            names += [field.alias for field in part.query_params]
        for name in names:
            for value in HOSTILE[::4]:
                answer = agent.get(f"{route.path}?{name}={written(value)}")
                assert answer.status_code < 500, (route.path, name, value)


PLACES = (
    "ticket:²:reply",
    "ticket:١:reply",
    "ticket:01:reply",
    "ticket:00000000010:reply",
    f"ticket:0000000001{'0' * 500}:reply",
    "ticket:1:reply\n",
    "ticket:-1:reply",
    "ticket:9999999999:reply",
    "ticket:1:reply:x",
    "ticket:1:else",
    "\x00",
    "",
)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_to_write_at_has_one_spelling(
    place: str, create_ticket: CreateTicket, owner: TestClient
) -> None:
    create_ticket()
    file = {"file": ("notes.txt", b"hello")}
    assert owner.post("/session/files", data={"place": place}, files=file).status_code in (400, 404)
    assert owner.post("/session/files", data={"place": "ticket:1:reply"}, files=file).is_success


@only_sqlite
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 1_000_000,
        b'{"a":' * 200_000,
        b'{"title":' + b"9" * 100_000 + b"}",
        b'{"title":1e999999}',
        b'{"title":NaN}',
        b'{"title":"\\ud800","description":"x"}',
        b'{"title":"\xff"}',
        b'{"__proto__":{"role":"admin"},"constructor":{"prototype":1}}',
        b"\x00",
        b"null",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_no_body_breaks_a_route(body: bytes, owner: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    for path in (
        "/api/tickets",
        "/api/tickets/",
        "/api/v1/tickets/",
        "/api/ticketing/tickets/",
        "/auth/login",
        "/auth/refresh",
    ):
        assert owner.post(path, content=body, headers=headers).status_code in (400, 401), path


@only_sqlite
def test_page_size_never_exceeds_the_maximum(
    create_ticket: CreateTicket, agent: TestClient
) -> None:
    for name in ("limit", "page_size"):
        for path in ("/api/tickets/", "/api/v1/tickets/", "/api/ticketing/tickets/"):
            result = agent.get(path, params={name: 10**9, "offset": 0})
            assert result.status_code == 200
            assert len(result.json()["results"]) <= MAX_PAGE_SIZE
    for path in ("/api/tickets/", "/api/v1/tickets/"):
        for column in ("assignee__password_hash", "password_hash", "id;drop table ticket"):
            assert agent.get(path, params={"ordering": column}).status_code == 400


@only_sqlite
@pytest.mark.parametrize("name", ['a"\r\nSet-Cookie: x=1.txt', "a%0d%0aX: 1.txt", "\u202etxt.txt"])
def test_a_files_name_writes_no_header(name: str, owner: TestClient) -> None:
    files = {"file": (name, b"hello")}
    kept = owner.post("/session/files", data={"place": "new"}, files=files).json()["attachment"]
    answer = owner.get(f"/files/{kept['id']}")
    assert answer.status_code == 200
    assert {"set-cookie", "x"}.isdisjoint(answer.headers)
    result = answer.headers["content-disposition"]
    assert result.startswith('attachment; filename="')
    assert result.isascii()
    assert result.isprintable()


@only_sqlite
def test_a_callers_headers_write_no_line_of_the_log(
    owner: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    forged = 'x", "actor": "admin'
    answer = owner.get("/api/tickets", headers={"X-Request-ID": forged, "X-Client-App": forged})
    assert answer.headers["x-request-id"] != forged
    lines = [record.getMessage() for record in caplog.records if record.name == "desk"]
    assert lines
    assert not any('"actor": "admin"' in line for line in lines)
    assert not any("\n" in line for line in lines)


FILLS_TEMPLATES = {"messages.py", "templates.py", "template_editing.py"}
"""Of `core/email/outgoing`: our own layouts, and administrators' texts in a sandbox."""


def test_nothing_that_was_sent_is_made_into_code_or_objects() -> None:
    dangerous = {"pickle", "marshal", "shelve", "dill", "yaml", "jinja2"}
    for path in (ROOT / "ticket_app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[Any] = []
            if isinstance(node, ast.Import):
                names = [alias.name.partition(".")[0] for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [(node.module or "").partition(".")[0]]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec"), path
            is_filler = path.parent.name == "outgoing" and path.name in FILLS_TEMPLATES
            allowed = {"jinja2"} if is_filler else set[str]()
            assert (dangerous - allowed).isdisjoint(names), path
