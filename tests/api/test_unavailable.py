"""A database that is away or full, and a full disk, are 503 with `Retry-After` in every dialect."""

from __future__ import annotations

import errno
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET
from tests.core import samples
from ticket_app.core.platform import database as databases
from ticket_app.core.platform.availability import DATABASE_UNAVAILABLE, STORAGE_FULL
from ticket_app.core.platform.storage import Storage, file_storage
from ticket_app.core.tickets import ticket_list
from ticket_app.settings import reload_settings

COMPANY = str(uuid5(NAMESPACE_DNS, "Lanternworks"))
REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "centcom": ("/api/tickets", NEW_TICKET),
    "kubebro": ("/api/tickets/", {"title": "It does not start", "description": "Nothing."}),
    "bmasia": (
        "/api/v1/tickets/",
        {"subject": "It does not start", "description": "Nothing.", "company": COMPANY},
    ),
    "enterprise": (
        "/tickets",
        {"title": "It does not start", "description": "Nothing.", "ticket_type": "incident"},
    ),
    "ticketing": (
        "/api/ticketing/tickets/",
        {"subject": "It does not start", "description": "Nothing."},
    ),
}
SHAPES: dict[str, tuple[str, ...]] = {
    "centcom": ("error",),
    "enterprise": ("error", "message"),
}


def message(dialect: str, answer: Any) -> str:
    body = answer.json()
    for key in SHAPES.get(dialect, ("detail",)):
        body = body[key]
    return body.rstrip(".")


def assert_unavailable(dialect: str, answer: Any, words: str) -> None:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert message(dialect, answer) == words
    if dialect == "enterprise":
        assert answer.json()["error"]["code"] == "EXTERNAL_SERVICE_ERROR"
        assert answer.json()["success"] is False
    if dialect == "centcom":
        assert answer.json() == {"success": False, "error": words}


@pytest.fixture
def away(database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """A database that cannot be reached: nobody listens, or its folder is gone."""
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


@pytest.mark.parametrize("dialect", REQUESTS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_database_that_is_away(owner: TestClient, away: None, dialect: str, method: str) -> None:
    path, body = REQUESTS[dialect]
    answer = owner.request(method, path, json=body if method == "POST" else None)
    assert_unavailable(dialect, answer, DATABASE_UNAVAILABLE)


def test_unavailable_database_fails_readiness_but_not_liveness(
    owner: TestClient, away: None
) -> None:
    assert owner.get("/readyz").status_code == 503
    assert owner.get("/healthz").status_code == 200


@pytest.mark.parametrize("dialect", REQUESTS)
def test_a_connection_that_breaks_under_way(
    owner: TestClient, database: Engine, monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    """The server ends the connection in the middle of a transaction; the next request works."""
    path, body = REQUESTS[dialect]
    raised = 0

    def fail_once(*_: Any, **__: Any) -> None:
        nonlocal raised
        if raised == 0 and database.dialect.name == "sqlite":
            raised += 1
            raise _io_error(database)

    def end_own_connection(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        nonlocal raised
        if raised == 0 and "INSERT INTO timeline" in statement:
            raised += 1
            own = connection.connection.dbapi_connection.info.backend_pid
            with database.connect() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({own}, 5000)")

    if database.dialect.name == "sqlite":
        from ticket_app.core.timeline import timeline

        monkeypatch.setattr(timeline, "add_entry", fail_once)
        answer = owner.post(path, json=body)
        monkeypatch.undo()
    else:
        event.listen(database, "before_cursor_execute", end_own_connection)
        answer = owner.post(path, json=body)
        event.remove(database, "before_cursor_execute", end_own_connection)
    assert raised == 1
    assert_unavailable(dialect, answer, DATABASE_UNAVAILABLE)


def _io_error(engine: Engine) -> Exception:
    """The error of a SQLite file on a disk that fails."""
    import sqlite3

    from sqlalchemy.exc import OperationalError

    original = sqlite3.OperationalError("disk I/O error")
    original.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    return OperationalError("INSERT", {}, original)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("dialect", REQUESTS)
def test_a_disk_that_is_full_for_the_database(
    owner: TestClient, database: Engine, dialect: str
) -> None:
    """SQLite itself says that the disk is full; nothing of the ticket is left behind."""
    path, body = REQUESTS[dialect]
    owner.get(path)

    @event.listens_for(database, "begin")
    def _no_more_pages(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    answer = owner.post(path, json={**body, "description": "A long story. " * 2000})
    event.remove(database, "begin", _no_more_pages)
    assert_unavailable(dialect, answer, STORAGE_FULL)
    with databases.read_connection(database) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ticket").scalar_one() == 0


def test_a_disk_that_is_full_for_files(owner: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    ticket = owner.post("/api/tickets", json=NEW_TICKET).json()["ticket"]
    monkeypatch.setattr(Storage, "_upload", full)
    answer = owner.post(
        f"/api/tickets/{ticket['id']}/attachments",
        files={"file": ("heron.png", samples.png(), "image/png")},
    )
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "the disk is full" in answer.json()["error"]
    monkeypatch.undo()
    assert owner.get(f"/api/tickets/{ticket['id']}").json()["ticket"]["attachments"] == []


def test_what_breaks_otherwise_is_still_500(
    owner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("insides")

    monkeypatch.setattr(ticket_list, "page", broken)
    answer = owner.get("/api/tickets")
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers
    assert file_storage() is not None
