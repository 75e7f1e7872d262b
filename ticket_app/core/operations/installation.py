"""Setting a desk up: its tables, and whether everything it needs is there."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from alembic import command
from ticket_app.core.platform import database
from ticket_app.settings import ROOT

SETTING_UP_LOCK = 7_214_001
"""The advisory lock that lets one process set a desk up at a time (PostgreSQL)."""


def _config() -> Config:
    return Config(str(ROOT / "alembic.ini"))


@contextmanager
def alone(bind: Engine) -> Iterator[None]:
    """Nobody else sets this desk up meanwhile; who comes second waits, however long it takes.

    SQLite gives up waiting for a long transaction, so there a file beside the database is locked.
    """
    if bind.dialect.name == "postgresql":
        with database.translated(), bind.connect() as connection, connection.begin():
            connection.execute(text(f"SELECT pg_advisory_xact_lock({SETTING_UP_LOCK})"))
            yield
    elif bind.url.database and bind.url.database != ":memory:":
        file = Path(f"{bind.url.database}.setting-up")
        with file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    else:
        yield


def migrate(bind: Engine | None = None) -> None:
    """Bring the database to the newest tables; safe when several processes start at once."""
    chosen = bind or database.engine()
    with alone(chosen), database.writing(chosen) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@dataclass(frozen=True, slots=True)
class Schema:
    """Which version of the tables the database has, and which the code wants."""

    present: str | None
    wanted: str | None

    @property
    def is_current(self) -> bool:
        """The database has what the code wants."""
        return self.present == self.wanted


def schema(bind: Engine | None = None) -> Schema:
    """The versions of the tables, found and wanted."""
    with database.reading(bind or database.engine()) as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return Schema(present, ScriptDirectory.from_config(_config()).get_current_head())


def knows(revision: str | None) -> bool:
    """Whether tables of this version can be brought to what the code wants."""
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision is None or revision in {script.revision for script in known}
