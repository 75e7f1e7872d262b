"""Validate, save and delete rows with a unique name, such as the policies admins set up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Table, func, insert, select, update

from ticket_app.core.platform import audit_log, validators
from ticket_app.core.platform.database import conflict_on_violation
from ticket_app.core.platform.errors import Invalid, RuleViolation, too_long
from ticket_app.core.platform.unit_of_work import UnitOfWork

Value = TypeVar("Value")

MAX_ROWS = 200
"""The maximum number of rows in one table."""
MAX_NAME_LENGTH = 120

FieldValidators = Mapping[str, Callable[[str, Any], Any]]
"""For each field, a function that takes the field's name and a value and returns the valid value.
"""


def accept_any(_field: str, value: Value) -> Value:
    """Accept any value, as the database or the caller has checked it."""
    return value


def validate_name(field: str, value: str) -> str:
    """Return a name as one line. Raises `Invalid` if it, or its folded form, is too long."""
    line = validators.required_line(field, value, MAX_NAME_LENGTH)
    if len(line.casefold()) > MAX_NAME_LENGTH:
        raise Invalid(field, too_long(MAX_NAME_LENGTH))
    return line


def ensure_below_limit(uow: UnitOfWork, table: Table, plural_noun: str) -> None:
    """Raise `RuleViolation` if the table has the maximum number of rows."""
    if uow.connection.execute(select(func.count()).select_from(table)).scalar_one() >= MAX_ROWS:
        raise RuleViolation(f"There can be at most {MAX_ROWS} {plural_noun}")


def validate(field_validators: FieldValidators, changes: Mapping[str, object]) -> dict[str, object]:
    """Return the valid values. Raises one `Invalid` for all invalid fields."""
    values = validators.validate_each(
        changes, lambda field, value: field_validators[field](field, value)
    )
    if "name" in values:
        values["name_folded"] = str(values["name"]).casefold()
    return values


def save(
    uow: UnitOfWork,
    table: Table,
    noun: str,
    values: Mapping[str, object],
    row_id: int | None = None,
) -> int:
    """Insert or update a row; return its id. Raises `Conflict` if its name is taken."""
    conflict_message = f"Another {noun} has this name, or was set up at the same time"
    if row_id is None:
        statement = insert(table).values(**values, created_at=uow.now, updated_at=uow.now)
        with conflict_on_violation(conflict_message):
            result = uow.connection.execute(statement)
        primary_key = result.inserted_primary_key
        assert primary_key is not None
        new_id = int(primary_key[0])
        audit_log.record_created(uow, table, new_id)
        return new_id
    with audit_log.record_changes(uow, table, row_id), conflict_on_violation(conflict_message):
        uow.connection.execute(
            update(table).where(table.c.id == row_id).values(**values, updated_at=uow.now)
        )
    return row_id
