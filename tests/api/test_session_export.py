"""Who may read reports takes the tickets of a period home as a file, by the browser's session."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import As
from tests.cast import PASSWORD

EXPORT = "/session/export?format=csv"


def signed_in(nobody: TestClient, name: str) -> TestClient:
    form = {"username": name, "password": PASSWORD}
    assert nobody.post("/session/login", data=form, follow_redirects=False).status_code == 303
    return nobody


def test_export_downloads_as_csv_and_xlsx(nobody: TestClient, as_: As, cast) -> None:
    created = as_(cast.owner).post("/tickets", json={"title": "=1+1", "description": "Dark"})
    assert created.status_code == 201
    answer = signed_in(nobody, "manager").get(EXPORT)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="tickets-')
    head, line = answer.content.decode("utf-8-sig").splitlines()
    assert head.startswith("id,ticket_number,title")
    assert "'=1+1" in line
    workbook = nobody.get("/session/export?format=xlsx")
    assert workbook.content[:2] == b"PK"


@pytest.mark.parametrize("name", ["owner", "agent"])
def test_people_without_reports_cannot_export(nobody: TestClient, name: str, cast) -> None:
    assert signed_in(nobody, name).get(EXPORT).status_code == 403


def test_nobody_gets_nothing(nobody: TestClient, cast) -> None:
    assert nobody.get(EXPORT).status_code == 401


@pytest.mark.parametrize(
    "wrong", ["format=pdf", "since=tomorrow", "since=2026-02-01&until=2026-01-01", "department=x"]
)
def test_invalid_export_request_gets_an_explanation(nobody: TestClient, wrong: str, cast) -> None:
    answer = signed_in(nobody, "manager").get(f"/session/export?{wrong}")
    assert answer.status_code == 400
    assert answer.json()["success"] is False
