"""`/docs` explores the API with nothing from elsewhere; `/openapi.json` lists all of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from ticket_app.api.dialect_routers import DIALECTS


@pytest.fixture
def visitor(own_settings: object, api: FastAPI) -> TestClient:
    return TestClient(api)


def test_the_explorer_brings_all_it_needs(visitor: TestClient) -> None:
    page = visitor.get("/docs")
    assert page.status_code == 200
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert "/docs/swagger-ui-bundle.js" in named
    for path in named:
        assert path.startswith("/")
        answer = visitor.get(path)
        assert (answer.status_code, len(answer.content) > 50) == (200, True), path
    assert "http" not in visitor.get("/docs/start.js").text
    assert visitor.get("/docs/../app.py").status_code == 404
    assert visitor.get("/docs/secrets.txt").status_code == 404


def test_nothing_but_our_own_scripts_may_run(visitor: TestClient) -> None:
    for path in ("/docs", "/docs/start.js"):
        policy = visitor.get(path).headers["content-security-policy"]
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == rules["connect-src"] == "'self'"
        assert rules["frame-ancestors"] == "'none'"
    assert not re.findall(r"<script(?![^>]*src=)", visitor.get("/docs").text)


def test_every_endpoint_is_described(visitor: TestClient) -> None:
    schema: dict[str, Any] = visitor.get("/openapi.json").json()
    sections = {tag["name"] for tag in schema["tags"]}
    for router in DIALECTS:
        for route in router.routes:
            for method in getattr(route, "methods", ()):
                operation = schema["paths"][getattr(route, "path", "")][method.lower()]
                assert set(operation["tags"]) <= sections, (method, operation["operationId"])
                assert operation["summary"]
                assert any(status.startswith("2") for status in operation["responses"])
                assert any(status.startswith("4") for status in operation["responses"])
                assert "HTTPValidationError" not in str(operation)
    ids = [o["operationId"] for path in schema["paths"].values() for o in path.values()]
    assert len(ids) == len(set(ids))
    assert schema["security"] == [{"Bearer": []}, {"ApiKey": []}]
    assert schema["paths"]["/auth/login"]["post"]["security"] == []
