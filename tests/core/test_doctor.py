"""The doctor finds nothing on a healthy desk, and names what is wrong with another."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import forget_settings
from ticket_app.core.operations.doctor import run_checks
from ticket_app.settings import Settings


def test_healthy_installation_has_no_findings(database: Engine) -> None:
    assert [(found.name, found.detail) for found in run_checks() if not found.is_ok] == []


def test_missing_tables_lead_to_the_advice_to_migrate(own_settings: Settings) -> None:
    found = {one.name: one for one in run_checks()}
    assert not found["tables"].is_ok
    assert "migrate" in found["tables"].detail
    assert found["files"].is_ok


def test_a_store_that_cannot_be_written_keeps_nothing_else_from_being_looked_at(
    database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    monkeypatch.setenv("TICKET_FILES_URL", (tmp_path / "taken").as_uri())
    forget_settings()
    found = {one.name: one.is_ok for one in run_checks()}
    assert not found["files"]
    assert found["scanner"]
    assert found["database"]
