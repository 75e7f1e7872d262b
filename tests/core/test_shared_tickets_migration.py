"""Companies that others refer to get the column of shared tickets, and lose it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

from alembic import command
from tests.cast import move_in
from tests.conftest import DATABASES, DatabaseUrl
from ticket_app.core.operations import installation
from ticket_app.core.platform import database
from ticket_app.settings import PROJECT_ROOT


@pytest.fixture(params=DATABASES)
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with companies and their people."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/filled.db"
    else:
        make: DatabaseUrl = request.getfixturevalue("empty_postgresql")
        url = make()
    engine = database.create_database_engine(url)
    installation.migrate(engine)
    with database.write_connection(engine) as connection:
        move_in(connection)
    yield engine
    engine.dispose()


def go(engine: Engine, revision: str, *, down: bool = False) -> None:
    with database.write_connection(engine) as connection:
        config = Config(str(PROJECT_ROOT / "alembic.ini"))
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


def test_existing_companies_do_not_share_tickets(filled: Engine) -> None:
    go(filled, "0018", down=True)
    assert "shares_tickets" not in {one["name"] for one in inspect(filled).get_columns("company")}
    go(filled, "0016")
    with filled.connect() as connection:
        rows = connection.execute(text("SELECT shares_tickets FROM company")).scalars().all()
    assert [bool(row) for row in rows] == [False, False]
