"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, MetaData, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING_CONVENTION


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime in Python, on every database.

    SQLite stores it as text of a fixed length, so that it sorts and is parsed quickly.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return text for SQLite, a timestamp with time zone otherwise."""
        column_type: TypeEngine[Any] = (
            String(32) if dialect.name == "sqlite" else self.impl_instance
        )
        return dialect.type_descriptor(column_type)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        """Convert to UTC. Raises `ValueError` for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        value = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return value.isoformat(" ", "microseconds")
        return value

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return the function that converts results to aware UTC; it runs once for every value."""
        return _parse_utc if dialect.name == "sqlite" else _to_utc


def _parse_utc(value: str | None) -> datetime | None:
    if value is None:
        return None
    parsed = datetime.fromisoformat(value)
    # SQLite's own functions and other programs write times without a zone; those are in UTC.
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)


def _to_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document: JSONB on PostgreSQL, text on SQLite."""

VocabularyString = String(24)
"""A value of a vocabulary (a status, a priority, a kind...)."""

LongText = Text()
