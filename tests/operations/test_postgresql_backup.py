"""Backup and restore on a PostgreSQL server that asks for passwords (scram-sha-256)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.engine import URL, make_url

from tests.cast import move_in
from ticket_app.core.operations import backup, installation
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import RuleViolation, Unavailable
from ticket_app.settings import Settings
from ticket_app.tables import Person

PASSWORDS = ["p@ss:w/rd%41 ?#&=+'\"\\", "plain", "***"]
ROLE = "keeper"


def _server_folder(engine: Engine) -> Path:
    with database.read_connection(engine) as connection:
        return Path(str(connection.execute(text("SHOW hba_file")).scalar_one()))


@pytest.fixture(params=PASSWORDS)
def secured(
    request: pytest.FixtureRequest, postgresql: str, own_settings: Settings
) -> Iterator[URL]:
    """The URL of an empty database whose owner must give a password, and that password."""
    password: str = request.param
    superuser = database.create_database_engine(postgresql)
    access = _server_folder(superuser)
    rules = access.read_text()
    access.write_text(f"local all {ROLE} scram-sha-256\n{rules}")
    with database.read_connection(superuser) as connection:
        connection.execute(text("SET password_encryption = 'scram-sha-256'"))
        literal = password.replace("'", "''").replace(":", "\\:")
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{literal}'"))
        connection.execute(text(f"CREATE DATABASE vault OWNER {ROLE}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield make_url(postgresql).set(username=ROLE, password=password, database="vault")
    with database.read_connection(superuser) as connection:
        connection.execute(text("DROP DATABASE vault WITH (FORCE)"))
        connection.execute(text(f"DROP ROLE {ROLE}"))
    access.write_text(rules)
    superuser.dispose()


@pytest.fixture
def tools(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own pg_dump and pg_restore, which are of its version."""
    superuser = database.create_database_engine(postgresql)
    with database.read_connection(superuser) as connection:
        found = connection.execute(text("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
        binaries = Path(str(found.scalar_one()))
    superuser.dispose()
    assert (binaries / "pg_dump").exists()
    monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")


def _people(engine: Engine) -> int:
    with database.read_connection(engine) as connection:
        return connection.execute(select(func.count()).select_from(Person)).scalar_one()


@pytest.mark.usefixtures("tools")
def test_a_database_with_a_password_is_backed_up_and_restored(secured: URL, tmp_path: Path) -> None:
    engine = database.create_database_engine(secured.render_as_string(hide_password=False))
    installation.migrate(engine)
    with database.write_connection(engine) as connection:
        move_in(connection)
    people = _people(engine)
    archive = tmp_path / "desk.tar.gz"
    assert backup.create_backup(archive, engine).database == "postgresql"
    with database.write_connection(engine) as connection:
        connection.execute(text("DELETE FROM person WHERE id = (SELECT max(id) FROM person)"))
    backup.restore_backup(archive, engine, force=True)
    assert _people(engine) == people > 0
    engine.dispose()


@pytest.mark.usefixtures("tools")
def test_a_wrong_password_is_one_clear_error_without_the_password(
    secured: URL, tmp_path: Path
) -> None:
    wrong = database.create_database_engine(secured.set(password="not-it").render_as_string(False))
    with pytest.raises(Unavailable), database.read_connection(wrong):
        pass
    with pytest.raises(RuleViolation) as refused:
        backup.create_backup(tmp_path / "desk.tar.gz", wrong)
    assert "password authentication failed" in refused.value.message
    assert "not-it" not in refused.value.message
    assert not list(tmp_path.glob("desk.tar.gz*"))
    wrong.dispose()
