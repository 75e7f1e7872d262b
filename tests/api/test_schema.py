"""`/openapi.json` is true: generated requests are answered as it says, and never with 5xx."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.api.serving import NO_LIMITS
from tests.core import samples
from ticket_app.api.app import build_api
from ticket_app.settings import reload_settings

EXAMPLES = 6
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> list[tuple[str, str]]:
    paths = build_api().openapi()["paths"]
    return [
        (path, method) for path, payload in paths.items() for method in METHODS if method in payload
    ]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Use SQLite only: nothing here depends on the database."""
    shutil.copy(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture(autouse=True)
def _no_limits(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (NO_LIMITS | {"TICKET_SIGN_IN_TRIES_PER_MINUTE": "0"}).items():
        monkeypatch.setenv(name, value)
    reload_settings()


@pytest.fixture
def known(owner: TestClient, path: str) -> dict[str, Any]:
    """What a path can name, so that not everything generated is missing."""
    company = str(uuid5(NAMESPACE_DNS, "Lanternworks"))
    body = {"subject": "x", "description": "y", "company": company}
    ticket = owner.post("/api/v1/tickets/", json=body).json()["id"]
    reply = owner.post(f"/api/v1/tickets/{ticket}/add_comment/", json={"text": "x"}).json()
    files = {"file": ("a.png", samples.png())}
    sent = owner.post("/api/v1/ticket-attachments/", data={"ticket": ticket}, files=files).json()
    year, month, name = sent["file"].split("/")[-3:]
    if path.startswith("/media/"):
        return {"year": year, "month": month, "name": name}
    if not path.startswith("/api/"):
        (comment,) = owner.get("/comments/ticket/1").json()["data"]["items"]
        return {"ticket_id": 1, "comment_id": comment["id"], "attachment_id": 1, "role": "user"}
    return {
        "ticket_id": ticket,
        "comment_id": reply["id"],
        "attachment_id": sent["id"],
        "company_id": company,
    }


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize(("path", "method"), operations())
def test_answers_are_as_described(
    api: FastAPI,
    agent: TestClient,
    known: dict[str, Any],
    path: str,
    method: str,
    mode: GenerationMode,
) -> None:
    schema = schemathesis.openapi.from_dict(api.openapi())
    schema.app = api
    operation = schema[path][method.upper()]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), about_known=st.booleans())
    def answered(case: Any, about_known: bool) -> None:
        if about_known:
            for name in case.path_parameters.keys() & known.keys():
                case.path_parameters[name] = known[name]
        case.call_and_validate(session=agent, checks=CHECKS)

    answered()
