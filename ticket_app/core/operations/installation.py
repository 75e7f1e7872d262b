"""Set up an installation: create or migrate its tables, and report the schema version."""

from __future__ import annotations

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from alembic import command
from ticket_app.core.platform import database
from ticket_app.settings import PROJECT_ROOT

SETUP_LOCK_ID = 7_214_001
"""The PostgreSQL advisory lock held by the one process that migrates."""


def _alembic_config() -> Config:
    return Config(str(PROJECT_ROOT / "alembic.ini"))


@contextmanager
def setup_lock(bind: Engine) -> Generator[None]:
    """Hold the lock of the set-up; other processes wait for it as long as necessary.

    SQLite gives up waiting for a long transaction, so a file beside the database is locked instead.
    """
    if bind.dialect.name == "postgresql":
        with database.translate_errors(), bind.connect() as connection, connection.begin():
            connection.execute(text(f"SELECT pg_advisory_xact_lock({SETUP_LOCK_ID})"))
            yield
    elif bind.url.database and bind.url.database != ":memory:":
        lock_path = Path(f"{bind.url.database}.setting-up")
        with lock_path.open("w") as lock_file:
            fcntl.flock(lock_file, fcntl.LOCK_EX)
            yield
    else:
        yield


def migrate(bind: Engine | None = None) -> None:
    """Migrate the database to the current schema; safe when several processes start at once."""
    engine = bind or database.get_engine()
    with setup_lock(engine), database.write_connection(engine) as connection:
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """The schema version of the database, and the one that the code needs."""

    installed: str | None
    expected: str | None

    @property
    def is_current(self) -> bool:
        """Whether the database has the version that the code needs."""
        return self.installed == self.expected


def schema_version(bind: Engine | None = None) -> SchemaVersion:
    """Return the found and the needed schema version."""
    with database.read_connection(bind or database.get_engine()) as connection:
        installed = MigrationContext.configure(connection).get_current_revision()
    return SchemaVersion(
        installed, ScriptDirectory.from_config(_alembic_config()).get_current_head()
    )


def is_known_revision(revision: str | None) -> bool:
    """Whether the code has migrations from this version."""
    revisions = ScriptDirectory.from_config(_alembic_config()).walk_revisions()
    return revision is None or revision in {script.revision for script in revisions}
