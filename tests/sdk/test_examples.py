"""The SDK examples of the documents and of our READMEs run, with only the address replaced.

The documents are not part of the repository; without them their examples are skipped.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest
from ticket_system_sdk import CentcomTickets

from tests.api.serving import ROOT, Served
from tests.contracts import document
from tests.contracts.document import Document
from tests.core import samples
from tests.sdk import languages
from tests.sdk.conftest import PASSWORD
from tests.sdk.languages import Program
from tests.sdk.node import NODE, run

COMPILER = ROOT / "var/sdk/node_modules/typescript/bin/tsc"
STRICT = ("--strict", "--noEmit", "--target", "es2022", "--module", "nodenext")
TYPES = (str(NODE), str(COMPILER), *STRICT)
"""Type-checks a program."""
HOST = "https://api.ticketsystem.com"

pytestmark = pytest.mark.xdist_group("served")


@pytest.fixture(scope="module")
def guide() -> Document:
    try:
        return document.read("enterprise.md")
    except FileNotFoundError:
        pytest.skip(f"the document is not here ({document.SPECS}), nor are its examples")


def example(guide: Document, title: str, language: str, server: Served) -> str:
    code = guide.section(title).block(language)
    assert HOST in code
    return code.replace(HOST, server.address)


PRINT_TICKET = """
print(ticket.ticket_number, ticket.status, ticket.department.name)
print(ticket.id in [one.id for one in tickets.all()])
print(comment.ticket_id == ticket.id, comment.is_internal)
"""


def test_document_example_of_python_sdk_runs(
    guide: Document, server: Served, tmp_path: Path
) -> None:
    code = example(guide, "Python SDK", "python", server)
    (tmp_path / "example.py").write_text(code + PRINT_TICKET)
    output = run([sys.executable, "example.py"], tmp_path, PYTHONPATH=str(ROOT / "sdk/python"))
    created, listed, comment = output.splitlines()
    assert created.startswith("TKT-")
    assert created.endswith(" open IT")
    assert listed == "True"
    assert comment == "True False"


PAGE_GLOBALS = """
globalThis.fileBlob = new Blob([Buffer.from(process.env.PNG, 'base64')], { type: 'image/png' });
"""
"""The global variable that the example expects: the picture a user has chosen."""
PRINT_RESULTS = """
console.log(ticket.ticket_number, ticket.department.name, auth.user.username);
console.log(attachment.filename, attachment.content_type, attachment.description);
"""


def test_document_example_of_javascript_sdk_runs(
    guide: Document, server: Served, package: Path
) -> None:
    code = example(guide, "JavaScript SDK", "javascript", server)
    (package / "stage.mjs").write_text(PAGE_GLOBALS)
    (package / "example.mjs").write_text(code + PRINT_RESULTS)
    picture = base64.b64encode(samples.png()).decode()
    command = [str(NODE), "--import", "./stage.mjs", "example.mjs"]
    created, sent = run(command, package, PNG=picture).splitlines()
    assert created.startswith("TKT-")
    assert created.endswith(" Web username")
    assert sent == "file.png image/png Screenshot of the bug"


def blocks(package: str, language: str, server: Served) -> str:
    """Return all code blocks of a README as one program, with una's credentials filled in."""
    readme = document.parse((ROOT / "sdk" / package / "README.md").read_text())
    code = [text for section in readme.sections for name, text in section.code if name == language]
    whole = "\n".join(code)
    for placeholder, value in (
        ("https://desk.example", server.address),
        ("tk_...", server.tokens["uma"]),
        ("uma", "una"),
        ("her password", PASSWORD),
    ):
        assert placeholder in whole
        whole = whole.replace(placeholder, value)
    return whole


def check_output(output: str) -> None:
    """Check the output of the examples: a ticket, two errors, the user and a Centcom key."""
    *enterprise, key = output.splitlines()
    check_enterprise_output(enterprise)
    assert key.startswith("BUG-")


def check_enterprise_output(lines: list[str]) -> None:
    """Check what the examples for the Enterprise API print."""
    listed, invalid, missing, who = lines[-4:]
    assert listed.startswith("TKT-")
    assert invalid.startswith("title ")
    assert missing == "RESOURCE_NOT_FOUND"
    assert who == "una user"


def test_python_readme_runs(server: Served, tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(blocks("python", "python", server))
    (tmp_path / "lamp.txt").write_text("it broke")
    path = str(ROOT / "sdk/python")
    check_output(run([sys.executable, "example.py"], tmp_path, PYTHONPATH=path))


def test_php_readme_runs(server: Served, tmp_path: Path) -> None:
    languages.require("php")
    autoload = f"<?php\nrequire {str(ROOT / 'tests/sdk/php/autoload.php')!r};\n"
    (tmp_path / "example.php").write_text(autoload + blocks("php", "php", server))
    (tmp_path / "lamp.txt").write_text("it broke")
    check_enterprise_output(run(["php", "example.php"], tmp_path).splitlines())


def test_java_readme_compiles_and_runs(server: Served, java: Program, tmp_path: Path) -> None:
    example, _, receiver = blocks("java", "java", server).partition("\n}\n")
    imports, brace, program = example.partition("public class Example {")
    more = "import com.company.ticketsystem.WebhookSignature;\nimport java.util.Map;\n"
    (tmp_path / "Example.java").write_text(f"{more}{imports}{brace}{program}\n{receiver}\n}}\n")
    (tmp_path / "lamp.txt").write_text("it broke")
    classes = java("example")[-2]
    run([*languages.JAVAC, "-cp", classes, "-d", ".", "Example.java"], tmp_path)
    command = ["java", "-cp", f"{classes}:.", "Example"]
    check_enterprise_output(run(command, tmp_path).splitlines())


def test_javascript_readme_runs(server: Served, package: Path) -> None:
    (package / "readme.mjs").write_text(blocks("javascript", "javascript", server))
    check_output(run([str(NODE), "readme.mjs"], package))


def test_document_example_of_javascript_sdk_type_checks(guide: Document, package: Path) -> None:
    code = "declare const fileBlob: Blob;\n" + guide.section("JavaScript SDK").block("javascript")
    (package / "typed.mts").write_text(code)
    run([*TYPES, "typed.mts"], package)
    (package / "wrong.mts").write_text(code.replace("'medium'", "'immense'"))
    with pytest.raises(AssertionError, match="immense"):
        run([*TYPES, "wrong.mts"], package)


FORMATS = """
import type * as sdk from '@company/ticket-system-sdk';
declare const desk: sdk.TicketSystemAPI, centcom: sdk.CentcomTickets;
const created: sdk.NewTicket = { title: 'a', description: 'b', format: 'markdown' };
const texts: Pick<sdk.Centcom.NewTicket, 'format'> = { format: 'plain' };
desk.tickets.update(1, { description: 'c', format: 'plain' });
desk.comments.create(1, { content: 'd', format: 'markdown' });
desk.comments.update(1, { format: 'plain' });
centcom.addComment('1', 'e', { format: 'plain' });
"""


def test_javascript_types_accept_both_text_formats(package: Path) -> None:
    (package / "formats.mts").write_text(FORMATS)
    run([*TYPES, "formats.mts"], package)
    wrong = FORMATS.replace("'plain'", "'html'").replace("'markdown'", "'html'")
    (package / "formats.mts").write_text(wrong)
    with pytest.raises(AssertionError) as refused:
        run([*TYPES, "formats.mts"], package)
    assert str(refused.value).count("error TS") == FORMATS.count("format: ")


@pytest.fixture(scope="module")
def centcom() -> Document:
    try:
        return document.read("centcom.md")
    except FileNotFoundError:
        pytest.skip(f"the document is not here ({document.SPECS}), nor are its examples")


def usage(centcom: Document, title: str, language: str, server: Served) -> str:
    """Return the guide's usage example, with the host, a ticket and a token filled in."""
    code = centcom.section(title).block(language)
    shown = code.partition(" Usage example\n")[2]
    with CentcomTickets(server.address, server.tokens["uma"]) as uma:
        created = uma.submit_ticket(
            title="For the guide", description="-", ticket_type="bug", application_section="api"
        )
    for placeholder, value in (
        ("https://your-lyceum-instance.com", server.address),
        ("ticket-uuid", created["ticket"]["id"]),
        ('"user_access_token"' if language == "python" else "userAccessToken", "TOKEN"),
    ):
        assert placeholder in shown
        shown = shown.replace(placeholder, value)
    return shown


def test_centcom_guide_python_example_runs_with_our_client(
    centcom: Document, server: Served, tmp_path: Path
) -> None:
    code = usage(centcom, "Python Example", "python", server)
    (tmp_path / "error.log").write_text("10:00 ERROR it broke\n")
    (tmp_path / "example.py").write_text(
        "from ticket_system_sdk import CentcomTickets as CentcomTicketClient\n"
        f"TOKEN = {server.tokens['uma']!r}\n{code}"
    )
    output = run([sys.executable, "example.py"], tmp_path, PYTHONPATH=str(ROOT / "sdk/python"))
    first, second, third = output.splitlines()
    assert first.startswith("Ticket created: FR-")
    assert second.startswith("File uploaded: ")
    assert third == "Found 1 attachments"


PAGE = """
globalThis.TOKEN = process.env.TOKEN;
const png = new File([Buffer.from(process.env.PNG, 'base64')], 'shot.png', { type: 'image/png' });
globalThis.document = { getElementById: () => ({ files: [png] }) };
"""
"""The globals that the example expects of a browser: a token and a chosen file."""


def test_centcom_guide_typescript_example_runs_with_our_client(
    centcom: Document, server: Served, package: Path
) -> None:
    code = (
        "import { CentcomTickets as CentcomTicketClient } from '@company/ticket-system-sdk';\n"
        "declare const TOKEN: string;\n"
        + usage(centcom, "JavaScript/TypeScript Example", "typescript", server)
    )
    (package / "guide.mts").write_text(code)
    (package / "page.mjs").write_text(PAGE)
    picture = base64.b64encode(samples.png()).decode()
    command = [str(NODE), "--import", "./page.mjs", "guide.mts"]
    output = run(command, package, PNG=picture, TOKEN=server.tokens["uma"]).splitlines()
    assert output[0].startswith("Ticket created: BUG-")
    assert output[1].startswith("Found ")
    assert output[2].startswith("File uploaded: ")
    assert output[3] == "Found 1 attachments"
    run([*TYPES, "--useUnknownInCatchVariables", "false", "guide.mts"], package)
