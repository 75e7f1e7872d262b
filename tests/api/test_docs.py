"""The pages of docs/api: their commands run, and their interpretations match the code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from tests.api.serving import Served
from tests.api.test_auth import NEWCOMER
from tests.contracts import document
from ticket_app.api.dialects import bmasia, centcom, kubebro, ticketing
from ticket_app.api.dialects.enterprise import dialect as enterprise

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api"

pytestmark = pytest.mark.xdist_group("served")


def page(name: str) -> document.Document:
    return document.parse((DOCS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("dialect", [centcom, kubebro, bmasia, enterprise, ticketing])
def test_documented_interpretations_match_the_code(dialect: ModuleType) -> None:
    name = Path(str(dialect.__file__)).parent.name
    documented = page(f"{name}.md").section("Interpretations").bullets
    assert [" ".join(line.split()) for line in documented] == list(dialect.INTERPRETATIONS)


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("README.md", 11),
        ("centcom.md", 4),
        ("enterprise.md", 2),
        ("import.md", 3),
        ("settings.md", 3),
    ],
)
@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands are curl's")
def test_the_commands_run(served: Served, tmp_path: Path, name: str, answers: int) -> None:
    httpx.post(f"{served.address}/auth/register", json=NEWCOMER)
    sections = page(name).sections
    commands = [text for section in sections for kind, text in section.code if kind == "sh"]
    surroundings = {
        **os.environ,
        "DESK": served.address,
        "TOKEN": served.tokens["uma"],
        "ADMIN_TOKEN": served.tokens["ada"],
        "NAME": NEWCOMER["username"],
        "PASSWORD": NEWCOMER["password"],
    }
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(commands)],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    decoder, rest, printed = json.JSONDecoder(), done.stdout.strip(), []
    while rest:
        answer, end = decoder.raw_decode(rest)
        printed.append(answer)
        rest = rest[end:].strip()
    assert len(printed) == answers
    # The answers of KubeBro, BMAsia and Ticketing are the resources themselves.
    assert all(answer.get("success", "id" in answer) is True for answer in printed), printed
    failed = [answer for answer in printed if answer.get("data", {}).get("failed")]
    assert failed == []
