"""Names for SQLAlchemy's types where the columns of a statement are not known in advance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select
from sqlalchemy.dialects import postgresql, sqlite

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
"""A SELECT of any columns."""
AnyColumn: TypeAlias = ColumnElement[Any]
"""A column of any type."""
Condition: TypeAlias = ColumnElement[bool]
"""A condition of a WHERE clause."""
DialectInsert: TypeAlias = Callable[[Any], sqlite.Insert | postgresql.Insert]
"""The `insert` function of a database, which can update rows that exist (upsert)."""
