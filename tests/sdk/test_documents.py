"""Examples of the SDKs, the document's own and those of our READMEs, run but for the address.

Where the document is absent (it is no part of the repository) its examples are skipped.
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
from tests.sdk.conftest import PASSWORD
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


def blocks(package: str, language: str, desk: Served) -> str:
    """All code of a README, one after another, for una on this desk."""
    readme = document.parse((ROOT / "sdk" / package / "README.md").read_text())
    code = [text for section in readme.sections for name, text in section.code if name == language]
    whole = "\n".join(code)
    for placeholder, value in (
        ("https://desk.example", desk.address),
        ("tk_...", desk.tokens["uma"]),
        ("uma", "una"),
        ("her password", PASSWORD),
    ):
        assert placeholder in whole
        whole = whole.replace(placeholder, value)
    return whole


def check_told(output: str) -> None:
    """What the examples tell: the ticket, two refusals, who signed in, Centcom's key."""
    listed, invalid, missing, who, key = output.splitlines()[-5:]
    assert listed.startswith("TKT-")
    assert invalid.startswith("title ")
    assert missing == "RESOURCE_NOT_FOUND"
    assert who == "una user"
    assert key.startswith("BUG-")


def test_the_python_readme(desk: Served, tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(blocks("python", "python", desk))
    (tmp_path / "lamp.txt").write_text("it broke")
    path = str(ROOT / "sdk/python")
    check_told(run([sys.executable, "example.py"], tmp_path, PYTHONPATH=path))


def test_the_javascript_readme(desk: Served, package: Path) -> None:
    (package / "readme.mjs").write_text(blocks("javascript", "javascript", desk))
    check_told(run([str(NODE), "readme.mjs"], package))


def test_the_javascript_example_has_the_right_types(guide: Document, package: Path) -> None:
    code = "declare const fileBlob: Blob;\n" + guide.section("JavaScript SDK").block("javascript")
    compiler = ROOT / "var/sdk/node_modules/typescript/bin/tsc"
    options = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext"]
    command = [str(NODE), str(compiler), *options]
    (package / "typed.mts").write_text(code)
    run([*command, "typed.mts"], package)
    (package / "wrong.mts").write_text(code.replace("'medium'", "'immense'"))
    with pytest.raises(AssertionError, match="immense"):
        run([*command, "wrong.mts"], package)
