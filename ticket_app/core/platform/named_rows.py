"""What admins set up, a row each under a name of its own: checked, kept, and removed if unused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from ticket_app.core.platform import text
from ticket_app.core.platform.database import Collision
from ticket_app.core.platform.errors import Conflict, Invalid, RuleBroken, too_long
from ticket_app.core.platform.unit_of_work import Desk

MOST = 200
"""Rows of one table that a desk may have."""
LONGEST_NAME = 120

Checks = Mapping[str, Callable[[str, Any], Any]]
"""What may be written into each field: given the field's name and a value, the value to keep."""


def as_told(_field: str, value: Any) -> Any:
    """A check for what the database or the caller has checked."""
    return value


def name(field: str, value: str) -> str:
    """A check for a name, which folded must have room, too."""
    line = text.required_line(field, value, LONGEST_NAME)
    if len(line.casefold()) > LONGEST_NAME:
        raise Invalid(field, too_long(LONGEST_NAME))
    return line


def has_room(desk: Desk, table: Any, what: str) -> None:
    """Raise `RuleBroken` if the desk has as many rows as it may."""
    if desk.db.execute(select(func.count()).select_from(table)).scalar_one() >= MOST:
        raise RuleBroken(f"A desk has at most {MOST} {what}")


def checked(checks: Checks, told: Mapping[str, Any]) -> dict[str, Any]:
    """The values to keep. Raises `Invalid` that names every wrong field."""
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for field, value in told.items():
        try:
            values[field] = checks[field](field, value)
        except Invalid as wrong:
            problems += wrong.problems
    if problems:
        raise Invalid.several(problems)
    if "name" in values:
        values["name_folded"] = values["name"].casefold()
    return values


def keep(
    desk: Desk, table: Any, what: str, values: Mapping[str, Any], row_id: int | None = None
) -> int:
    """Write a row, new or known; returns its id. Raises `Conflict` where its name is taken."""
    if row_id is None:
        statement = insert(table).values(**values, created_at=desk.now, updated_at=desk.now)
    else:
        statement = update(table).where(table.c.id == row_id)
        statement = statement.values(**values, updated_at=desk.now)
    try:
        written = desk.db.execute(statement)
    except Collision:
        raise Conflict(f"Another {what} has this name, or was set up at the same time") from None
    return row_id or written.inserted_primary_key[0]  # type: ignore[index]


def remove(desk: Desk, table: Any, row_id: int, *, used_by: Any, why: str) -> None:
    """Delete a row. Raises `Conflict`, with `why`, while a row's column `used_by` names it."""
    if desk.db.execute(select(used_by).where(used_by == row_id).limit(1)).first():
        raise Conflict(why)
    try:
        desk.db.execute(delete(table).where(table.c.id == row_id))
    except Collision:
        raise Conflict(why) from None
