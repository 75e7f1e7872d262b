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
from sqlalchemy import Engine, NullPool, create_engine, inspect, text

from alembic import command
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.settings import PROJECT_ROOT

SETUP_LOCK_ID = 7_214_001
"""The PostgreSQL advisory lock held by the one process that migrates."""
FIRST_TABLES = frozenset({"ticket", "person", "refresh_token", "ticket_tag", "attachment"})
"""Tables of every version of this program, which no other program has all of."""
MAX_LISTED_TABLES = 5


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
    """Migrate the database to the current schema; safe when several processes start at once.

    Raises `RuleViolation` for a database that belongs to another program or a newer version.
    """
    engine = bind or database.get_engine()
    with setup_lock(engine):
        _ensure_own_database(engine)
        with database.write_connection(engine) as connection:
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _ensure_own_database(bind: Engine) -> None:
    """Raise `RuleViolation` unless the database is empty or has this program's tables.

    Its own engine changes nothing, where those of the application set the journal of SQLite.
    """
    engine = create_engine(bind.url, poolclass=NullPool)
    with database.translate_errors(), engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        found_tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if revision is None and not found_tables:
        return
    if revision is None or not found_tables >= FIRST_TABLES:
        listed = ", ".join(sorted(found_tables)[:MAX_LISTED_TABLES]) or "none"
        raise RuleViolation(
            f"The database is not empty and belongs to another program (tables: {listed}). "
            "Nothing was changed. Set TICKET_DATABASE_URL to an empty database"
        )
    if not is_known_revision(revision):
        raise RuleViolation(
            f"The database was migrated by a newer version of this program (to {revision}). "
            "Nothing was changed. Install that version"
        )


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
    """Return whether the code has migrations from this version."""
    revisions = ScriptDirectory.from_config(_alembic_config()).walk_revisions()
    return revision is None or revision in {script.revision for script in revisions}
