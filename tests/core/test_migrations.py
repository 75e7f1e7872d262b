"""Migrations make exactly the tables the code declares, whoever starts them and how often."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from tests.conftest import DATABASES, DatabaseUrl
from ticket_app.core.operations import installation
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.tables import metadata


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/empty.db"
    else:
        make: DatabaseUrl = request.getfixturevalue("empty_postgresql")
        url = make()
    engine = database.create_database_engine(url)
    yield engine
    engine.dispose()


def test_migrations_create_the_declared_tables(empty: Engine) -> None:
    assert installation.schema_version(empty).installed is None
    assert not installation.schema_version(empty).is_current
    installation.migrate(empty)
    assert installation.schema_version(empty).is_current
    installation.migrate(empty)
    found = {name for name in inspect(empty).get_table_names() if "_fts" not in name}
    assert found == {table.name for table in metadata.sorted_tables} | {"alembic_version"}


def test_migrated_schema_equals_the_declared_tables(empty: Engine) -> None:
    installation.migrate(empty)

    def is_ours(_: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        made_by_sql = name and ("fts" in name or "everything" in name)
        return not (reflected and made_by_sql)

    with empty.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": is_ours, "compare_type": empty.name != "sqlite"}
        )
        assert compare_metadata(context, metadata) == []


def test_several_start_at_once(empty: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: installation.migrate(empty), range(4)))
    assert installation.schema_version(empty).is_current


def test_the_database_is_set_up_to_last(empty: Engine) -> None:
    with empty.connect() as connection:
        if empty.name == "sqlite":
            values = {
                name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
            }
            assert values == {
                "journal_mode": "wal",
                "foreign_keys": 1,
                "synchronous": 2,
                "busy_timeout": 15_000,
            }
        assert database.is_reachable(empty)


def test_an_absent_database_is_not_reachable(tmp_path: Path) -> None:
    engine = database.create_database_engine("postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert not database.is_reachable(engine)
    engine.dispose()


def test_department_is_deleted_without_scanning_referring_tables(empty: Engine) -> None:
    installation.migrate(empty)
    found = inspect(empty)
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name != "department":
                continue
            whole = [
                index["column_names"][0]
                for index in found.get_indexes(table.name)
                if index.get("dialect_options", {}).get(f"{empty.name}_where") is None
            ]
            assert key.parent.name in whole, table.name


@pytest.mark.parametrize("revision", [None, "0001", "f3a9"])
def test_database_of_another_program_is_refused_and_unchanged(
    empty: Engine, revision: str | None
) -> None:
    """Django's `DATABASE_URL` is read too, and may name the database that Django uses."""
    plain = create_engine(empty.url)
    with plain.begin() as connection:
        connection.execute(text("CREATE TABLE django_migrations (id INTEGER)"))
        connection.execute(text("CREATE TABLE ticket (id INTEGER)"))
        if revision:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})
    before = set(inspect(plain).get_table_names())
    with pytest.raises(RuleViolation, match=r"belongs to another program \(tables: django_migr"):
        installation.migrate(empty)
    assert set(inspect(plain).get_table_names()) == before
    if empty.name == "sqlite":
        with plain.connect() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
    plain.dispose()


def test_database_of_a_newer_version_is_refused(empty: Engine) -> None:
    installation.migrate(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RuleViolation, match=r"newer version of this program \(to 9999\)"):
        installation.migrate(empty)


def test_database_that_was_downgraded_to_nothing_is_migrated_again(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    installation.migrate(empty)
    assert installation.schema_version(empty).is_current
