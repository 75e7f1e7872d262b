"""Insert a row by one plain statement, then let the session track its changes.

The ORM's own way (a validating constructor, a flush) takes as much time as half of everything else
that opening a ticket does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

from pydantic_core import PydanticUndefined
from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import class_mapper, make_transient_to_detached
from sqlmodel import SQLModel

from ticket_app.core.platform.unit_of_work import UnitOfWork

Row = TypeVar("Row", bound=SQLModel)


class _TableInfo:
    """The insert statement and the defaults of a table, computed once."""

    def __init__(self, model: type[SQLModel]) -> None:
        self.mapper = class_mapper(model)
        self.insert_statement = insert(cast("Table", self.mapper.local_table))
        self.primary_key = str(self.mapper.primary_key[0].key)
        self.columns = [name for name, _ in self.mapper.columns.items() if name != self.primary_key]
        fields = model.model_fields
        self.defaults = {
            name: field.default
            for name, field in fields.items()
            if field.default is not PydanticUndefined
        }
        self.default_factories = {
            name: cast("Callable[[], object]", field.default_factory)
            for name, field in fields.items()
            if field.default_factory
        }


_table_infos: dict[type[SQLModel], _TableInfo] = {}


def _get_table_info(model: type[SQLModel]) -> _TableInfo:
    info = _table_infos.get(model)
    if info is None:
        info = _table_infos[model] = _TableInfo(model)
    return info


def build_row(model: type[Row], **values: object) -> Row:
    """Create a row without validation; columns that are not given have their default."""
    info = _get_table_info(model)
    row = cast("Row", info.mapper.class_manager.new_instance())
    for name, factory in info.default_factories.items():
        if name not in values:
            values[name] = factory()
    vars(row).update(info.defaults, **values)
    return row


def insert_row(uow: UnitOfWork, row: Row, *, row_id: int | None = None) -> Row:
    """Insert a row with a given id or the next one, and let the session track its changes."""
    info = _get_table_info(type(row))
    values = vars(row)
    parameters = {name: values[name] for name in info.columns}
    if row_id is not None:
        parameters[info.primary_key] = row_id
    result = uow.connection.execute(info.insert_statement, parameters)
    values[info.primary_key] = result.inserted_primary_key[0]  # type: ignore[index]
    make_transient_to_detached(row)
    uow.session.add(row)
    return row


def insert_missing(uow: UnitOfWork, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, without those that a unique index of the table has already."""
    if not rows:
        return
    make_insert = sqlite.insert if uow.is_sqlite else postgresql.insert
    statement = make_insert(table).on_conflict_do_nothing()
    uow.connection.execute(statement, [dict(row) for row in rows])
