"""One version, stated in `pyproject.toml` and named alike wherever somebody reads it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from typing import Any

import pytest
from ticket_system_sdk.exchange import USER_AGENT

from ticket_app.api.app import build_api
from ticket_app.settings import PROJECT_ROOT


def pyproject(path: str) -> str:
    project: dict[str, Any] = tomllib.loads((PROJECT_ROOT / path).read_text(encoding="utf-8"))
    return project["project"]["version"]


VERSION = pyproject("pyproject.toml")


def test_command_line_names_the_version() -> None:
    command = [sys.executable, "-m", "ticket_app", "--version"]
    shown = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, check=True, text=True)
    assert shown.stdout.strip() == VERSION


def test_openapi_names_the_version() -> None:
    assert build_api().openapi()["info"]["version"] == VERSION


def test_changelog_begins_with_the_version() -> None:
    changelog = (PROJECT_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = re.search(r"^## (.+)$", changelog, re.MULTILINE)
    assert heading
    assert re.fullmatch(rf"{re.escape(VERSION)} - (unreleased|\d{{4}}-\d\d-\d\d)", heading[1])


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_javascript_sdk_has_the_version(name: str) -> None:
    package = json.loads((PROJECT_ROOT / "sdk/javascript" / name).read_text(encoding="utf-8"))
    assert package["version"] == VERSION


def test_python_sdk_has_the_version() -> None:
    assert pyproject("sdk/python/pyproject.toml") == VERSION
    assert USER_AGENT.endswith(f"/{VERSION}")
