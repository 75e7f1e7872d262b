"""Renaming tables and columns keeps their rows, in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

from alembic import command
from tests.conftest import DATABASES, DatabaseUrl
from ticket_app.core.platform import database
from ticket_app.settings import PROJECT_ROOT

MOMENT = "2026-11-20 09:00:00.000000+00:00"
OLD_NAMES = {
    "approval_ask",
    "promised_file",
    "idempotent_answer",
    "service_policy",
    "tally",
    "counter",
}


def migrate(engine: Engine, revision: str, *, down: bool = False) -> None:
    with database.write_connection(engine) as connection:
        config = Config(str(PROJECT_ROOT / "alembic.ini"))
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database before the renaming, with a row in two of the tables."""
    url = f"sqlite:///{tmp_path}/old.db"
    if request.param == "postgresql":
        make: DatabaseUrl = request.getfixturevalue("empty_postgresql")
        url = make()
    created = database.create_database_engine(url)
    migrate(created, "0010")
    with database.write_connection(created) as connection:
        connection.execute(text("INSERT INTO counter (name, value) VALUES ('kind:BUG', 7)"))
        connection.execute(
            text(
                "INSERT INTO service_policy (id, name, name_folded, rank, priorities, kinds,"
                " is_active, created_at, updated_at)"
                " VALUES (1, 'Gold', 'gold', 1, '[]', '[]', TRUE, :at, :at)"
            ),
            {"at": MOMENT},
        )
    yield created
    created.dispose()


def test_renaming_keeps_rows_and_can_be_reverted(engine: Engine) -> None:
    before = schema_of(engine)
    migrate(engine, "0011")
    assert not OLD_NAMES & set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM number_sequence")).scalar_one() == 7
        assert connection.execute(text("SELECT name FROM sla_policy")).scalar_one() == "Gold"
    migrate(engine, "0010", down=True)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM counter")).scalar_one() == 7
        assert connection.execute(text("SELECT name FROM service_policy")).scalar_one() == "Gold"
    assert schema_of(engine) == before


def schema_of(engine: Engine) -> dict[str, object]:
    """The names of columns, indexes and foreign keys of each table."""
    found = inspect(engine)
    return {
        table: (
            [column["name"] for column in found.get_columns(table)],
            sorted(str(index["name"]) for index in found.get_indexes(table)),
            sorted(str(key["name"]) for key in found.get_foreign_keys(table)),
        )
        for table in found.get_table_names()
    }
