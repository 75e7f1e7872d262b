"""`/status` and `/status.json`: up or degraded for everyone, the facts for administrators."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.api.conftest import As
from tests.cast import Cast, UowFor
from ticket_app.api import status
from ticket_app.core.operations import backup, processes, system_status
from ticket_app.core.people.credentials import ClientInfo, VerifiedPerson
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform import database as databases
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import open_unit_of_work, utc_now
from ticket_app.settings import SESSION_COOKIE, reload_settings
from ticket_app.tables import Person

PATHS = ("/status", "/status.json")


@pytest.fixture(autouse=True)
def fresh_checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(status, "MAX_AGE_SECONDS", 0.0)
    status.status_check.reset()
    yield
    status.status_check.reset()


@pytest.fixture
def working_jobs(database: Engine, cast: Cast) -> None:
    """A background process that has just sent its heartbeat."""
    with open_unit_of_work(writes=True) as uow:
        processes.record_heartbeat_and_release_dead(uow, None)


@pytest.fixture
def unreachable(database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    urls = {
        "sqlite": f"sqlite:///{tmp_path / 'gone' / 'desk.db'}",
        "postgresql": "postgresql+psycopg://nobody@127.0.0.1:1/desk",
    }
    monkeypatch.setenv("TICKET_DATABASE_URL", urls[database.dialect.name])
    databases.close_engine()
    reload_settings()
    databases.get_engine()
    if (tmp_path / "gone").exists():
        (tmp_path / "gone").rmdir()


def test_everyone_reads_that_the_system_is_up(
    nobody: TestClient, agent: TestClient, working_jobs: None
) -> None:
    for client in (nobody, agent):
        response = client.get("/status.json")
        assert response.status_code == 200, response.text
        assert response.json()["status"] == "up"
        assert set(response.json()) == {"status", "checked_at"}
        assert response.headers["cache-control"] == "no-store"
    page = nobody.get("/status")
    assert page.status_code == 200
    assert "All systems are working" in page.text
    assert "Version" not in page.text
    assert "'unsafe-eval'" not in page.headers["content-security-policy"]


def test_administrator_reads_the_details(
    admin: TestClient, working_jobs: None, database: Engine, tmp_path: Path
) -> None:
    with open_unit_of_work(writes=True) as uow:
        outbox.enqueue(uow, "scan")
    details = admin.get("/status.json").json()
    assert details["problems"] == []
    assert details["version"]
    assert details["database"]["kind"] == database.dialect.name
    assert details["database"]["reachable"] is True
    assert details["database"]["migrations"]["current"] is True
    jobs = details["jobs"]
    assert (jobs["processes"], jobs["queue_depth"], jobs["failed"]) == (1, 1, 0)
    assert jobs["last_heartbeat"]
    assert jobs["oldest_due"]
    assert details["storage"] == {"kind": "memory", "writable": True, "free_bytes": None}
    assert details["last_backup"] is None
    page = admin.get("/status")
    for text in ("Version", "Queue depth", "Last heartbeat", "Writable", "Last backup"):
        assert text in page.text


def test_administrator_signed_in_with_a_browser_reads_the_details(
    api: FastAPI, working_jobs: None, cast: Cast, uow_for: UowFor, nobody: TestClient
) -> None:
    with open_unit_of_work(writes=True) as uow:
        person = uow.session.get_one(Person, cast.admin.id)
        cookie = start_browser_session(uow, VerifiedPerson(person), ClientInfo())
    nobody.cookies.set(SESSION_COOKIE, cookie)
    assert "version" in nobody.get("/status.json").json()


def test_invalid_token_reads_what_everyone_reads(api: FastAPI, working_jobs: None) -> None:
    client = TestClient(api, headers={"Authorization": "Bearer tk_wrong"})
    assert set(client.get("/status.json").json()) == {"status", "checked_at"}


@pytest.mark.parametrize("path", PATHS)
def test_unreachable_database_is_degraded(
    nobody: TestClient, admin: TestClient, unreachable: None, path: str
) -> None:
    for client in (nobody, admin):
        assert client.get(path).status_code == 503
    assert admin.get("/status.json").json()["status"] == "degraded"
    assert "Degraded" in nobody.get("/status").text


@pytest.mark.parametrize("path", PATHS)
def test_database_that_does_not_answer_delays_nobody(
    admin: TestClient, working_jobs: None, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(status, "TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr(system_status, "check_system", lambda: time.sleep(3))
    started_at = time.monotonic()
    assert admin.get(path).status_code == 503
    assert time.monotonic() - started_at < 2


def test_check_that_fails_is_degraded(
    admin: TestClient, working_jobs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    for name in ("list_living",):
        monkeypatch.setattr(processes, name, fail)
    response = admin.get("/status.json")
    assert (response.status_code, response.json()["problems"]) == (503, ["jobs"])


def test_missing_worker_is_degraded(admin: TestClient, database: Engine, cast: Cast) -> None:
    assert admin.get("/status.json").json()["problems"] == ["jobs"]


def test_job_that_no_process_takes_is_degraded(admin: TestClient, working_jobs: None) -> None:
    with open_unit_of_work(writes=True, clock=lambda: utc_now() - timedelta(minutes=11)) as uow:
        outbox.enqueue(uow, "scan")
    assert admin.get("/status.json").json()["problems"] == ["jobs"]


def test_file_store_that_cannot_be_written_is_degraded(
    admin: TestClient, working_jobs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ticket_app.core.platform.storage.Storage.put",
        lambda *_: (_ for _ in ()).throw(OSError(30, "read-only")),
    )
    details = admin.get("/status.json").json()
    assert (details["problems"], details["storage"]["writable"]) == (["storage"], False)


def test_database_of_an_older_version_is_degraded(
    admin: TestClient, working_jobs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = system_status.installation.SchemaVersion("0001", "9999")
    monkeypatch.setattr(system_status.installation, "schema_version", lambda *_: older)
    problems = admin.get("/status.json").json()["problems"]
    assert problems == ["migrations", "jobs"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_last_backup_is_shown(admin: TestClient, working_jobs: None, tmp_path: Path) -> None:
    made = backup.create_backup(tmp_path / "kept.tar.gz")
    shown = admin.get("/status.json").json()["last_backup"]
    assert shown["size_bytes"] == made.size_bytes
    assert shown["created_at"][:16] == made.created_at.isoformat()[:16]


def test_one_check_serves_many_requests(
    nobody: TestClient, working_jobs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "MAX_AGE_SECONDS", 60.0)
    count = 0
    check = system_status.check_system

    def counted() -> Any:
        nonlocal count
        count += 1
        return check()

    monkeypatch.setattr(system_status, "check_system", counted)
    for _ in range(5):
        assert nobody.get("/status.json").status_code == 200
    assert count == 1


def test_page_escapes_what_it_shows(as_: As, cast: Cast) -> None:
    page = status.render_page("up", utc_now(), {"version": "<script>"})
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
