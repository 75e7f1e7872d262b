"""Paths that name nothing: 404 in the document's own form, whatever stands where an id belongs."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.api.test_messages import DRF, ROUTERS

ODD = (
    "nothing",
    "0",
    "-1",
    "1.5",
    "1e3",
    str(2**31),
    str(2**63),
    str(2**63 + 1),
    "9" * 400,
    "\u0661\u0662",
    "\uff11",
    "\u00b2",
    "BUG-\u0661",
    "BUG-99999999999999999999",
    "TKT-999999999",
    "T-20261399-0001",
    "TKT-20230230-001",
    "00000000-0000-4000-8000-000000000000",
    "00000000000040008000000000000000",
    "{00000000-0000-4000-8000-000000000000}",
    "urn:uuid:00000000-0000-4000-8000-000000000000",
    "00000000-0000-4000-8000-00000000000g",
    "\x00",
    "1\x00",
    "\r\n",
    "\n",
    "1\n",
    "BUG-1\r\n",
    "\t",
    " ",
    "%20",
    "a b",
    "...",
    "..%2f..%2fetc%2fpasswd",
    "~",
    "'; DROP TABLE ticket; --",
    "<script>",
    "null",
    "None",
    "true",
    "#",
    "##1",
    "\U0001f98a",
    "\u202e",
    "e\u0301",
    "x" * 5_000,
)
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def parameters() -> list[Any]:
    return [
        pytest.param(dialect, method, route.path, id=f"{method} {route.path}")
        for dialect, router in ROUTERS.items()
        for route in router.routes
        for method in sorted(getattr(route, "methods", ()))
        if "{" in getattr(route, "path", "") and method != "HEAD"
    ]


def error_message(dialect: str, answer: Any) -> str:
    """The sentence of a 404 in the document's form."""
    body = answer.json()
    if dialect == "centcom":
        assert body["success"] is False
        assert set(body) == {"success", "error"}
        return body["error"]
    if dialect == "enterprise":
        assert body["error"]["code"] == "RESOURCE_NOT_FOUND"
        return body["error"]["message"]
    assert set(body) == {"detail"}
    return body["detail"]


MISSING = {"bmasia": "00000000-0000-4000-8000-000000000000"}
BODY = {
    "content": "x",
    "text": "x",
    "status": "closed",
    "user_id": None,
    "action": "approve",
    "into": "SUP-1",
    "since": "2026-01-01",
    "permissions": [],
}


def ask(client: TestClient, method: str, path: str) -> Any:
    if method in ("GET", "DELETE"):
        return client.request(method, path)
    if path.endswith(("/attachments", "/add_attachment/", "/upload")):
        return client.request(method, path, files={"file": ("a.txt", b"hello")})
    if "merge" in path:
        return client.request(method, path, json={"into": "SUP-1"})
    if "replay" in path:
        return client.request(method, path, json={"since": "2026-01-01"})
    if path.startswith("/tags/"):
        return client.request(method, path, json={"name": "vpn"})
    return client.request(method, path, json={} if method == "PATCH" else BODY)


@only_sqlite
@pytest.mark.parametrize(("dialect", "method", "path"), parameters())
def test_an_odd_id_is_not_found(admin: TestClient, dialect: str, method: str, path: str) -> None:
    filled = re.sub(r"\{role\}", "{one}", path) if "{role}" in path else path
    first = re.search(r"\{(\w+)\}", filled)
    assert first
    missing = MISSING.get(dialect, "2147483646" if "{role}" not in path else "nothing")
    rest = dict.fromkeys(re.findall(r"\{(\w+)\}", filled), missing)
    usual = error_message(dialect, ask(admin, method, filled.format_map(rest)))
    for odd in ODD:
        address = filled.format_map({**rest, first[1]: quote(odd, safe="")})
        answer = ask(admin, method, address)
        assert answer.status_code == 404, (odd[:40], answer.status_code, answer.text[:300])
        assert answer.headers["content-type"] == "application/json", odd
        shown = error_message(dialect, answer)
        assert shown in (usual, "Page not found", "Page not found."), (odd, shown)


PREFIXES = {
    "/api/tickets/": "centcom",
    "/api/v1/": "bmasia",
    "/api/ticketing/": "ticketing",
    "/tickets/": "enterprise",
    "/comments/": "enterprise",
}


@only_sqlite
@pytest.mark.parametrize("prefix", PREFIXES)
def test_odd_paths_below_each_prefix(admin: TestClient, prefix: str) -> None:
    dialect = PREFIXES[prefix]
    for odd in (*ODD, "\r\nSet-Cookie: a=b", "a/b\n/c", "nothing/\n", "\n/nothing"):
        path = prefix + quote(odd, safe="/") + ("/x" if prefix == "/tickets/" else "")
        answer = admin.get(path)
        assert answer.status_code == 404, (odd, answer.text[:300])
        assert answer.headers["content-type"] == "application/json"
        assert error_message(dialect, answer)
        assert "set-cookie" not in answer.headers


@only_sqlite
def test_a_line_break_behind_a_known_path_is_another_path(admin: TestClient) -> None:
    for path in ("/api/v1/tickets/", "/api/ticketing/tickets/", "/tickets", "/api/tickets"):
        assert admin.get(path).status_code == 200
        assert admin.get(path + "%0A").status_code == 404


@only_sqlite
def test_an_empty_patch_changes_nothing(admin: TestClient) -> None:
    from tests.api.test_cross_dialect import WAYS

    created = WAYS["bmasia"].file(admin)
    ticket = created["id"]
    comment = admin.post(f"/api/v1/tickets/{ticket}/add_comment/", json={"text": "x"}).json()
    number = admin.get(f"/tickets/{ticket}").json()["data"]["comments"][0]["id"]
    paths = (
        f"/api/v1/tickets/{ticket}/",
        f"/api/v1/ticket-comments/{comment['id']}/",
        f"/api/v1/companies/{created['company']}/",
        f"/api/ticketing/tickets/{ticket}/",
        f"/api/tickets/{ticket}/",
        f"/tickets/{ticket}",
        f"/comments/{number}",
        "/auth/me",
        "/users/1",
    )
    for path in paths:
        before = admin.get(path).json()
        answer = admin.patch(path, json={})
        assert answer.status_code == 200, (path, answer.text)
        after = admin.get(path).json()
        assert after.get("data", after) == before.get("data", before), path
    answer = admin.patch(f"/api/tickets/{ticket}/update_status/", json={})
    assert (answer.status_code, answer.json()["status"]) == (200, "open")
    assert admin.get(f"/comments/{number}").json()["data"]["edited"] is False


def test_the_three_documents_are_all_here() -> None:
    assert {*DRF, "centcom", "enterprise"} == {*ROUTERS}
