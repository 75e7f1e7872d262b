"""A field or parameter that is nearly a known one is named with the one that was meant."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_cross_dialect import WAYS
from tests.api.test_messages import ROUTERS, paths, routes
from ticket_app.api.kit.misspelt_names import IGNORED_PARAMETERS
from ticket_app.name_suggestions import suggest_name

__all__ = ["paths"]
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("name", "known", "close"),
    [
        ("stauts", "status", True),
        ("statu", "status", True),
        ("statuss", "status", True),
        ("stetus", "status", True),
        ("stat", "status", True),
        ("Status", "status", True),
        ("sta", "status", False),
        ("state", "status", False),
        ("status", "status", False),
        ("sattsu", "status", False),
        ("prio", "priority", True),
        ("pri", "priority", False),
        ("tag", "tags", True),
        ("description", "tags", False),
        ("", "tags", False),
        ("dueDate", "due_date", False),
    ],
)
def test_names_are_close(name: str, known: str, close: bool) -> None:
    assert suggest_name(name, [known]) == (known if close else None)


def test_an_edit_is_nearer_than_a_beginning() -> None:
    assert suggest_name("statu", ["statuses_of_all", "status"]) == "status"
    assert suggest_name("nothing", ["status"]) is None


def typos(name: str) -> set[str]:
    """Every way to misspell a name that must be noticed (one of each sort, and each beginning)."""
    swapped = {name[:n] + name[n + 1] + name[n] + name[n + 2 :] for n in range(len(name) - 1)}
    dropped = {name[:n] + name[n + 1 :] for n in range(len(name))}
    added = {name[:n] + "x" + name[n:] for n in (0, len(name) // 2, len(name))}
    replaced = {name[:n] + "0" + name[n + 1 :] for n in (0, len(name) - 1)}
    beginnings = {name[:n] for n in range(4, len(name))}
    return (swapped | dropped | added | replaced | beginnings) - {name, ""}


def unknown(typo: str, known: Any, response_fields: Any) -> bool:
    return typo not in known and typo not in response_fields and typo not in IGNORED_PARAMETERS


def payload(dialect: str, answer: Any) -> str:
    body = answer.json()
    if dialect == "centcom":
        return body["error"]
    if dialect == "enterprise":
        return body["error"]["message"]
    return str(body)


@only_sqlite
@pytest.mark.parametrize(("dialect", "method", "route"), routes(with_body=True))
def test_misspelt_fields_of_bodies_are_named_with_the_right_one(
    admin: TestClient, nobody: TestClient, paths: Any, dialect: str, method: str, route: Any
) -> None:
    names = route.names
    known = [field.alias or name for name, field in names.model.model_fields.items()]
    client = nobody if route.allows_anonymous else admin
    path = paths(dialect, route)
    for name in known:
        wrong = [
            typo for typo in sorted(typos(name)) if unknown(typo, known, names.response_fields)
        ]
        answer = client.request(method, path, json=dict.fromkeys(wrong, "x"))
        assert answer.status_code == 400, answer.text
        text = payload(dialect, answer)
        for typo in wrong:
            assert typo in text
        assert any(f'Did you mean "{one}"?' in text.replace('\\"', '"') for one in known)
        if dialect == "enterprise" and wrong:
            assert answer.json()["error"]["code"] == "VALIDATION_ERROR"


@only_sqlite
@pytest.mark.parametrize(("dialect", "method", "route"), routes(with_body=False))
def test_misspelt_parameters_are_named_with_the_right_one(
    admin: TestClient, paths: Any, dialect: str, method: str, route: Any
) -> None:
    names = route.names
    path = paths(dialect, route)
    for name in names.parameters:
        wrong = [
            t for t in sorted(typos(name)) if unknown(t, names.parameters, names.response_fields)
        ]
        answer = admin.request(method, path, params=dict.fromkeys(wrong, "1"))
        assert answer.status_code == 400, answer.text
        for typo in wrong:
            assert typo in payload(dialect, answer)


@only_sqlite
def test_other_unknown_names_are_ignored(agent: TestClient) -> None:
    for name, way in WAYS.items():
        created = way.file(agent, frobnicate=1, x_custom={"a": 1}, id=7, created_at="x")
        listed = way.listed(agent, frobnicate="1", _="17", format="json", id="3")
        assert len(listed) == 1, name
        whole = way.read(agent, created["id"])
        if name != "centcom":
            body = {key: value for key, value in whole.items() if value is not None}
            path = f"{way.base}/{created['id']}{way.slash}"
            answer = agent.patch(path, json=body)
            assert answer.status_code == 200, (name, answer.text)
        deleted = agent.delete(f"/tickets/{created['id']}")
        assert deleted.status_code == 200


@only_sqlite
def test_a_misspelt_name_is_named_with_what_else_is_wrong(owner: TestClient) -> None:
    answer = owner.post("/api/tickets/", json={"titel": "x", "description": ""})
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "titel": ['Unknown field. Did you mean "title"?'],
            "title": ["This field is required."],
            "description": ["This field may not be blank."],
        },
    )
    answer = owner.get("/tickets", params={"stauts": "open"})
    assert answer.json()["error"]["details"]["field"] == "stauts"
    assert 'Did you mean "status"?' in answer.json()["error"]["message"]


@only_sqlite
def test_misspelt_fields_of_a_search_are_named_with_the_right_one(agent: TestClient) -> None:
    for body, field in (
        ({"filters": {"stauts": ["open"]}}, "filters.stauts"),
        ({"sort": [{"fild": "priority"}]}, "sort.0.fild"),
        ({"filter": {}}, "filter"),
    ):
        answer = agent.post("/tickets/search", json=body)
        assert answer.status_code == 400
        assert field in payload("enterprise", answer)


@only_sqlite
def test_misspelt_fields_of_forms_are_named_with_the_right_one(agent: TestClient) -> None:
    created = WAYS["ticketing"].file(agent)
    number = created["id"]
    for path, data, typo in (
        (f"/api/tickets/{number}/attachments", {"attachment_typ": "log_file"}, "attachment_typ"),
        (f"/api/ticketing/tickets/{number}/add_attachment/", {"descripton": "x"}, "descripton"),
        ("/api/ticketing/attachments/", {"tikcet": str(number)}, "tikcet"),
        ("/api/v1/ticket-attachments/", {"tickets": str(number)}, "tickets"),
        (f"/attachments/ticket/{number}/upload", {"is_internl": "true"}, "is_internl"),
    ):
        answer = agent.post(path, data=data, files={"file": ("a.txt", b"hello")})
        assert answer.status_code == 400, (path, answer.text)
        assert typo in answer.text
        assert "Did you mean" in answer.text
    assert agent.get(f"/attachments/ticket/{number}").json()["data"]["total"] == 0


@only_sqlite
def test_anonymous_request_gets_no_hint_about_field_names(nobody: TestClient) -> None:
    answer = nobody.post("/tickets", json={"titel": "x"})
    assert answer.status_code == 401
    assert "titel" not in answer.text


def test_every_document_is_covered() -> None:
    covered = {param.values[0] for param in routes(with_body=True)}
    assert covered == set(ROUTERS)
