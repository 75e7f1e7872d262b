"""Every request of the Enterprise document, cut out of it and run against a real server.

Only placeholders are filled in: the host, the token, ids, names and passwords, a path to a file.
Where the document is absent (it is no part of the repository) these tests are skipped.
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
import pytest

from tests.api.serving import Served
from tests.cast import PASSWORD
from tests.contracts import document, enterprise

FACTS = enterprise.read()
CALL = re.compile(r"^(GET|POST|PATCH|DELETE) (\S+)")
HOST = "https://api.ticketsystem.com"
JOHN = {"username": "john.doe", "email": "john.doe@company.com", "password": PASSWORD}

pytestmark = pytest.mark.xdist_group("served")


@pytest.fixture(scope="module")
def guide() -> document.Document:
    try:
        return document.read(FACTS["guide"])
    except FileNotFoundError:
        pytest.skip(f"the document is not here ({document.SPECS}), nor are its examples")


@pytest.fixture(scope="module")
def john(served: Served) -> dict[str, Any]:
    """Somebody with a password: the answer to their registration."""
    answer = httpx.post(f"{served.address}/auth/register", json=JOHN)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def client(served: Served, token: str) -> httpx.Client:
    return httpx.Client(base_url=served.address, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def ids(served: Served, john: dict[str, Any]) -> dict[str, str]:
    """What stands for the document's ids: for each name in a path, and for its people."""
    ada, sam = (client(served, served.tokens[name]) for name in ("ada", "sam"))
    person = {
        who: one.get("/auth/me").json()["data"]["id"] for who, one in (("ada", ada), ("sam", sam))
    }
    if not ada.get("/departments").json()["data"]["total"]:
        ada.post("/departments", json={"name": "IT Department"})
    created, asked = [], []
    for n in range(5):
        with client(served, john["access_token"]) as one:
            body = {"title": f"Server {n}", "description": "y", "department_id": 1}
            created.append(one.post("/tickets", json=body).json()["data"]["id"])
        if n:
            path, body = f"/tickets/{created[-1]}/approvals", {"approver_ids": [person["ada"]]}
            asked.append(sam.post(path, json=body).json()["data"]["id"])
    files = {"file": ("a.txt", b"hello")}
    sent = sam.post(f"/attachments/ticket/{created[0]}/upload", files=files).json()["data"]["id"]
    named = {"123": created[0], "45": asked[0], "46": asked[1], "47": asked[2], "789": sent}
    return {
        word: str(number)
        for word, number in {**named, "5": person["sam"], "7": person["sam"]}.items()
    }


def filled(text: str, ids: dict[str, str]) -> str:
    """An example with the ids there are in place of the document's."""
    text = re.sub(r"/(123|45|789)\b", lambda found: "/" + ids[found.group(1)], text)
    text = re.sub(r"\b(45|46|47)\b(?=[,\]])", lambda found: ids[found.group(1)], text)
    text = re.sub(r'(?<="assigned_to_id": )(5|7)\b', lambda found: ids[found.group(1)], text)
    for placeholder in ("your_username", "your_password"):
        text = text.replace(placeholder, JOHN[placeholder.removeprefix("your_")])
    return text


def requests(guide: document.Document) -> list[str]:
    every = [text for section in guide.sections for _, text in section.code if CALL.match(text)]
    return sorted(every, key=lambda text: text.startswith("DELETE"))


def test_every_request_of_the_document(
    served: Served, guide: document.Document, john: dict[str, Any], ids: dict[str, str]
) -> None:
    examples = requests(guide)
    assert len(examples) == len(FACTS["endpoints"])
    for example in examples:
        text = filled(example, ids)
        method, path = CALL.match(text).groups()  # type: ignore[union-attr]
        token = john["refresh_token"] if path == "/auth/refresh" else served.tokens["ada"]
        sent: dict[str, Any] = {}
        if "multipart/form-data" in text:
            files = {"file": ("error_log.txt", b"It broke.")}
            sent = {
                "files": files,
                "data": {"description": "Error log file", "is_internal": "false"},
            }
        elif "{" in text.partition("\n\n")[2]:
            sent = {"json": json.loads(text[text.index("{") :])}
        if path.startswith("/reports/export"):
            path = path.replace('"', "%22")
        with client(served, token) as ada:
            answer = ada.request(method, path, **sent)
        (payload,) = [
            payload
            for payload in FACTS["endpoints"]
            if payload["method"] == method
            and re.fullmatch(re.sub(r"\{\w+\}", r"\\d+", payload["path"]), path.partition("?")[0])
        ]
        assert answer.status_code == payload["statuses"][0], (method, path, answer.text)
        if payload["answer"] != "bytes":
            assert not FACTS.differs(path, answer.json(), "shape success")
            assert not FACTS.answer_differs(payload["name"], answer.json()["data"])


def test_the_curl_examples_succeed(
    served: Served,
    guide: document.Document,
    john: dict[str, Any],
    ids: dict[str, str],
    tmp_path: Path,
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here, and its stand-in sends no forms")
    commands = guide.section("cURL Examples").block("bash").split("\n\n")
    assert len(commands) == 3
    (tmp_path / "network_logs.txt").write_text("no carrier")
    (tmp_path / ".curlrc").write_text('silent\nshow-error\nwrite-out = "\\n%{http_code}"\n')
    for command, status in zip(commands, ("200", "201", "201"), strict=True):
        for placeholder, value in (
            (HOST, served.address),
            ("YOUR_TOKEN", served.tokens["uma" if "ticket/" not in command else "sam"]),
            ("password123", PASSWORD),
        ):
            command = command.replace(placeholder, value)  # noqa: PLW2901
        done = subprocess.run(
            ["bash", "-c", filled(command, ids)],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path), "CURL_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        body, _, code = done.stdout.rpartition("\n")
        assert code == status, (command, body)
        assert json.loads(body)["success"] is True
