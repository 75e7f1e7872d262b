"""The document's own examples of the SDKs, cut out of it and run, but for the desk's address.

Where the document is absent (it is no part of the repository) these tests are skipped.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest

from tests.api.serving import ROOT, Served
from tests.contracts import document
from tests.contracts.document import Document
from tests.core import samples
from tests.sdk.node import NODE, run

HOST = "https://api.ticketsystem.com"

pytestmark = pytest.mark.xdist_group("served")


@pytest.fixture(scope="module")
def guide() -> Document:
    try:
        return document.read("enterprise.md")
    except FileNotFoundError:
        pytest.skip(f"the document is not here ({document.SPECS}), nor are its examples")


def example(guide: Document, title: str, language: str, desk: Served) -> str:
    code = guide.section(title).block(language)
    assert HOST in code
    return code.replace(HOST, desk.address)


SHOWN = """
print(ticket.ticket_number, ticket.status, ticket.department.name)
print(ticket.id in [one.id for one in tickets.all()])
print(comment.ticket_id == ticket.id, comment.is_internal)
"""


def test_the_python_example(guide: Document, desk: Served, tmp_path: Path) -> None:
    code = example(guide, "Python SDK", "python", desk)
    (tmp_path / "example.py").write_text(code + SHOWN)
    told = run([sys.executable, "example.py"], tmp_path, PYTHONPATH=str(ROOT / "sdk/python"))
    filed, listed, said = told.splitlines()
    assert filed.startswith("TKT-")
    assert filed.endswith(" open IT")
    assert listed == "True"
    assert said == "True False"


STAGE = """
globalThis.fileBlob = new Blob([Buffer.from(process.env.PNG, 'base64')], { type: 'image/png' });
"""
"""What a page would bring: the picture somebody chose."""
TOLD = """
console.log(ticket.ticket_number, ticket.department.name, auth.user.username);
console.log(attachment.filename, attachment.content_type, attachment.description);
"""


def test_the_javascript_example(guide: Document, desk: Served, package: Path) -> None:
    code = example(guide, "JavaScript SDK", "javascript", desk)
    (package / "stage.mjs").write_text(STAGE)
    (package / "example.mjs").write_text(code + TOLD)
    picture = base64.b64encode(samples.png()).decode()
    command = [str(NODE), "--import", "./stage.mjs", "example.mjs"]
    filed, sent = run(command, package, PNG=picture).splitlines()
    assert filed.startswith("TKT-")
    assert filed.endswith(" Web username")
    assert sent == "file.png image/png Screenshot of the bug"
