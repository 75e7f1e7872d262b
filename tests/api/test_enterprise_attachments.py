"""File Attachments by the Enterprise document: sent, listed, fetched, taken away."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_auth import refused, unsealed
from tests.api.test_enterprise_tickets import create_ticket
from tests.cast import Cast
from tests.core import samples
from ticket_app.settings import reload_settings


def send(
    client: TestClient,
    ticket_id: Any,
    name: str = "error_log.txt",
    content: bytes = b"",
    **form: Any,
) -> Any:
    files = {"file": (name, content or b"It broke.\n")}
    return client.post(f"/attachments/ticket/{ticket_id}/upload", files=files, data=form)


def sent(client: TestClient, ticket_id: Any, **how: Any) -> dict[str, Any]:
    return unsealed(send(client, ticket_id, **how), 201)


def test_uploaded_file_is_listed_and_downloaded(owner: TestClient, cast: Cast) -> None:
    ticket_id = create_ticket(owner)["id"]
    answer = send(owner, ticket_id, description="Error log file", is_internal="false")
    assert answer.json()["message"] == "File uploaded successfully"
    payload = unsealed(answer, 201)
    uploaded_at = payload.pop("uploaded_at")
    assert uploaded_at
    assert payload == {
        "id": 1,
        "filename": "error_log.txt",
        "size": 10,
        "content_type": "text/plain",
        "upload_url": "http://testserver/attachments/1/download",
        "virus_scan_status": "clean",
        "ticket_id": ticket_id,
        "comment_id": None,
        "description": "Error log file",
        "is_internal": False,
        "uploaded_by_id": cast.owner.id,
        "uploaded_by": {
            "id": cast.owner.id,
            "username": "owner",
            "first_name": "Olive",
            "last_name": "Ownby",
        },
    }
    assert unsealed(owner.get("/attachments/1"))["filename"] == "error_log.txt"
    fetched = owner.get(payload["upload_url"])
    assert (fetched.status_code, fetched.content) == (200, b"It broke.\n")
    assert fetched.headers["content-type"] == "text/plain; charset=utf-8"
    assert fetched.headers["x-content-type-options"] == "nosniff"


def test_the_url_is_the_public_one(owner: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_PUBLIC_URL", "https://help.example/")
    reload_settings()
    payload = sent(owner, create_ticket(owner)["id"])
    assert payload["upload_url"] == "https://help.example/attachments/1/download"


def test_internal_files_are_staffs(owner: TestClient, agent: TestClient) -> None:
    ticket_id = create_ticket(owner)["id"]
    refused(send(owner, ticket_id, is_internal="true"), 403)
    secret = sent(agent, ticket_id, is_internal="true")
    public = sent(owner, ticket_id)
    for client, seen in ((agent, [secret["id"], public["id"]]), (owner, [public["id"]])):
        listed = unsealed(client.get(f"/attachments/ticket/{ticket_id}"))
        assert [item["id"] for item in listed["items"]] == seen
        assert listed["pagination"]["total"] == len(seen)
    for path in ("", "/download"):
        refused(owner.get(f"/attachments/{secret['id']}{path}"), 404)
        assert agent.get(f"/attachments/{secret['id']}{path}").status_code == 200


def test_files_of_other_tickets_are_not_found(
    owner: TestClient, stranger: TestClient, nobody: TestClient, agent: TestClient
) -> None:
    ticket_id = create_ticket(owner)["id"]
    file_id = sent(owner, ticket_id)["id"]
    paths = (f"/attachments/{file_id}", f"/attachments/{file_id}/download")
    for path in (*paths, f"/attachments/ticket/{ticket_id}"):
        refused(stranger.get(path), 404)
        refused(nobody.get(path), 401)
    refused(send(stranger, ticket_id), 404)
    refused(send(nobody, ticket_id), 401)
    refused(stranger.delete(paths[0]), 404)
    staff_file = f"/attachments/{sent(agent, ticket_id)['id']}"
    refused(owner.delete(staff_file), 403)
    assert unsealed(agent.delete(staff_file)) is None
    assert unsealed(owner.delete(paths[0])) is None
    refused(agent.get(paths[0]), 404)


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("run.exe", samples.PE, {}),
        ("shot.png", b"no picture", {}),
        ("virus.txt", samples.EICAR, {}),
        ("a.txt", b"x", {"is_internal": "perhaps"}),
        ("a.txt", b"x", {"description": "x" * 1001}),
    ],
)
def test_unacceptable_uploads_are_rejected(
    owner: TestClient, name: str, content: bytes, form: dict[str, str]
) -> None:
    ticket_id = create_ticket(owner)["id"]
    error = refused(send(owner, ticket_id, name, content, **form), 400)
    assert error["details"]["field"] == next(iter(form), "file")
    assert unsealed(owner.get(f"/attachments/ticket/{ticket_id}"))["total"] == 0


def test_a_request_without_a_file_is_refused(owner: TestClient) -> None:
    path = f"/attachments/ticket/{create_ticket(owner)['id']}/upload"
    assert refused(owner.post(path, json={}), 400)["details"]["field"] == "file"
    assert refused(owner.post(path, data={"description": "x"}), 400)["details"]["field"] == "file"


def test_a_file_sent_twice_under_one_key_is_kept_once(owner: TestClient) -> None:
    path = f"/attachments/ticket/{create_ticket(owner)['id']}/upload"
    files, headers = {"file": ("a.png", samples.png())}, {"Idempotency-Key": "a"}
    first = owner.post(path, files=files, headers=headers)
    second = owner.post(path, files=files, headers=headers)
    assert first.content == second.content
    assert unsealed(owner.get(path.removesuffix("/upload")))["total"] == 1
