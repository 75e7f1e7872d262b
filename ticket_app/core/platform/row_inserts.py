"""New rows by one plain statement, and held for changes from then on.

The ORM's own way (a validating constructor, a unit of work) costs a filed ticket as much processor
time as half of all else that is done for it.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic_core import PydanticUndefined
from sqlalchemy import insert
from sqlalchemy.orm import class_mapper, make_transient_to_detached
from sqlmodel import SQLModel

from ticket_app.core.platform.unit_of_work import Desk

Row = TypeVar("Row", bound=SQLModel)


class _Table:
    """What is known of a table's rows before there is one."""

    def __init__(self, model: type[SQLModel]) -> None:
        self.mapper = class_mapper(model)
        table: Any = self.mapper.local_table
        self.insert = insert(table)
        self.key = str(self.mapper.primary_key[0].key)
        self.columns = [name for name, _ in self.mapper.columns.items() if name != self.key]
        fields = model.model_fields
        self.usual = {
            name: field.default
            for name, field in fields.items()
            if field.default is not PydanticUndefined
        }
        self.made: dict[str, Any] = {
            name: field.default_factory for name, field in fields.items() if field.default_factory
        }


_known: dict[Any, _Table] = {}


def _table(model: Any) -> _Table:
    known = _known.get(model)
    if known is None:
        known = _known[model] = _Table(model)
    return known


def begin(model: type[Row], **values: Any) -> Row:
    """A row that is not kept yet; `values` are taken as they are, the rest is the usual."""
    table = _table(model)
    row: Any = table.mapper.class_manager.new_instance()
    for name, make in table.made.items():
        if name not in values:
            values[name] = make()
    vars(row).update(table.usual, **values)
    return row


def keep(desk: Desk, row: Row) -> Row:
    """Write a begun row, number it, and hold it for changes in this transaction."""
    table = _table(type(row))
    values: dict[str, Any] = vars(row)
    result = desk.db.execute(table.insert, {name: values[name] for name in table.columns})
    values[table.key] = result.inserted_primary_key[0]  # type: ignore[index]
    make_transient_to_detached(row)
    desk.session.add(row)
    return row
