"""What admins set up, a row each under a name of its own: checked, kept, and removed if unused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from ticket_app.core.platform import validators
from ticket_app.core.platform.database import UniqueViolation
from ticket_app.core.platform.errors import Conflict, Invalid, RuleViolation, too_long
from ticket_app.core.platform.unit_of_work import UnitOfWork

MAX_ROWS = 200
"""Rows of one table that a desk may have."""
MAX_NAME_LENGTH = 120

FieldValidators = Mapping[str, Callable[[str, Any], Any]]
"""What may be written into each field: given the field's name and a value, the value to keep."""


def accept_any(_field: str, value: Any) -> Any:
    """A check for what the database or the caller has checked."""
    return value


def validate_name(field: str, value: str) -> str:
    """A check for a name, which folded must have room, too."""
    line = validators.required_line(field, value, MAX_NAME_LENGTH)
    if len(line.casefold()) > MAX_NAME_LENGTH:
        raise Invalid(field, too_long(MAX_NAME_LENGTH))
    return line


def ensure_below_limit(uow: UnitOfWork, table: Any, plural_noun: str) -> None:
    """Raise `RuleViolation` if the desk has as many rows as it may."""
    if uow.connection.execute(select(func.count()).select_from(table)).scalar_one() >= MAX_ROWS:
        raise RuleViolation(f"A desk has at most {MAX_ROWS} {plural_noun}")


def validate(field_validators: FieldValidators, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values to keep. Raises `Invalid` that names every wrong field."""
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for field, value in changes.items():
        try:
            values[field] = field_validators[field](field, value)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid.from_problems(problems)
    if "name" in values:
        values["name_folded"] = values["name"].casefold()
    return values


def save(
    uow: UnitOfWork, table: Any, noun: str, values: Mapping[str, Any], row_id: int | None = None
) -> int:
    """Write a row, new or known; returns its id. Raises `Conflict` where its name is taken."""
    if row_id is None:
        statement = insert(table).values(**values, created_at=uow.now, updated_at=uow.now)
    else:
        statement = update(table).where(table.c.id == row_id)
        statement = statement.values(**values, updated_at=uow.now)
    try:
        result = uow.connection.execute(statement)
    except UniqueViolation:
        raise Conflict(f"Another {noun} has this name, or was set up at the same time") from None
    return row_id or result.inserted_primary_key[0]  # type: ignore[index]


def delete_unused(
    uow: UnitOfWork, table: Any, row_id: int, *, used_by: Any, conflict_message: str
) -> None:
    """Delete a row. Raises `Conflict`, with `why`, while a row's column `used_by` names it."""
    if uow.connection.execute(select(used_by).where(used_by == row_id).limit(1)).first():
        raise Conflict(conflict_message)
    try:
        uow.connection.execute(delete(table).where(table.c.id == row_id))
    except UniqueViolation:
        raise Conflict(conflict_message) from None
