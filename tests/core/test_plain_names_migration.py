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
from ticket_app.tables import metadata

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


RENAMED_COLUMNS = {
    "merge": {
        "ticket_id": "source_ticket_id",
        "into_id": "target_ticket_id",
        "by_id": "merged_by_id",
        "at": "merged_at",
        "status_before": "previous_status",
        "resolved_before": "previous_resolved_at",
        "closed_before": "previous_closed_at",
        "original_before_id": "previous_duplicate_of_id",
        "tags_added": "added_tags",
    },
    "moved_entry": {"origin_id": "original_ticket_id"},
    "moved_attachment": {"origin_id": "original_ticket_id"},
    "approval_request": {
        "status_before": "previous_status",
        "info_asked_by_id": "info_requested_by_id",
        "info_asked_at": "info_requested_at",
    },
    "ticket": {
        "response_left": "response_seconds_left",
        "resolution_left": "resolution_seconds_left",
    },
    "background_process": {"started": "start_time"},
}


def test_renaming_columns_keeps_rows_keys_and_indexes(engine: Engine) -> None:
    migrate(engine, "0011")
    with database.write_connection(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO background_process"
                " (id, machine, pid, started, registered_at, seen_at)"
                " VALUES ('00000000000000000000000000000001', 'here', 7, '1200', :at, :at)"
            ),
            {"at": MOMENT},
        )
    before = schema_of(engine)
    keys_before = keys_and_indexes(engine)
    migrate(engine, "0012")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT start_time FROM background_process"))
        assert found.scalar_one() == "1200"
    expected = {
        table: {
            tuple(RENAMED_COLUMNS.get(table, {}).get(name, name) for name in names)
            for names in columns
        }
        for table, columns in keys_before.items()
    }
    assert keys_and_indexes(engine) == expected
    if engine.dialect.name == "postgresql":
        tables_then = schema_of(engine)
        models = {
            str(key.name)
            for name, table in metadata.tables.items()
            if name in tables_then
            for key in table.foreign_key_constraints
        }
        assert {name for _, _, keys in tables_then.values() for name in keys} == models
    migrate(engine, "0011", down=True)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT started FROM background_process"))
        assert found.scalar_one() == "1200"
    assert schema_of(engine) == before


def keys_and_indexes(engine: Engine) -> dict[str, set[tuple[str, ...]]]:
    """The columns of each table, and those of each of its foreign keys and indexes."""
    found = inspect(engine)
    return {
        table: {
            *((column["name"],) for column in found.get_columns(table)),
            *(tuple(key["constrained_columns"]) for key in found.get_foreign_keys(table)),
            *(tuple(map(str, index["column_names"])) for index in found.get_indexes(table)),
        }
        for table in found.get_table_names()
    }


def schema_of(engine: Engine) -> dict[str, tuple[list[str], list[str], list[str]]]:
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
