"""Run migrations on the database of the settings, or on a connection that the caller passes."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import JSON, Connection
from sqlalchemy.engine import Engine
from sqlmodel.sql.sqltypes import AutoString

from alembic import context
from ticket_app.core.platform import database
from ticket_app.tables import metadata
from ticket_app.tables.types import UtcDateTime

MADE_BY_SQL = {"everything", "ix_ticket_text_everything"}
"""The full-text column and index of PostgreSQL (migration 0001), which no table declares."""


def is_ours(_thing: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """Return whether the tables declare an object that was found in the database."""
    return not (reflected and name and (name.startswith("ticket_fts") or name in MADE_BY_SQL))


def render(kind: str, thing: Any, autogen_context: Any) -> str | Literal[False]:
    """Render our column types in migrations by name."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        autogen_context.imports.add("from ticket_app.tables.types import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(thing, JSON):
        autogen_context.imports.add("from ticket_app.tables.types import Json")
        return "Json"
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return False


def run(connection: Connection) -> None:
    """Migrate over an open connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        include_object=is_ours,
        render_item=render,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if isinstance(given, Connection):
    run(given)
else:
    bind: Engine = database.get_engine()
    with bind.connect().execution_options(writes=True) as opened, opened.begin():
        run(opened)
