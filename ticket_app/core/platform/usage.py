"""Where a row is used, in words; a row in use is not deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Table, func, select

from ticket_app.core.platform import audit_log
from ticket_app.core.platform.database import conflict_on_violation
from ticket_app.core.platform.errors import Conflict
from ticket_app.core.platform.sql_types import AnyColumn
from ticket_app.core.platform.unit_of_work import UnitOfWork

MAX_COUNTED = 1_000
"""Uses beyond this number are not counted, because the message only needs to say "more than"."""

CANNOT_DELETE = ", so it cannot be deleted"


@dataclass(frozen=True, slots=True)
class ReferencingColumn:
    """A column that refers to a row, and what the rows with that column are called."""

    singular: str
    plural: str
    column: AnyColumn


def count_uses(uow: UnitOfWork, column: AnyColumn, value: object) -> int:
    """Return how many rows have this value in the column, counting to one past `MAX_COUNTED`."""
    found = select(column).where(column == value).limit(MAX_COUNTED + 1).subquery()
    return int(uow.connection.execute(select(func.count()).select_from(found)).scalar_one())


def format_count(count: int, singular: str, plural: str) -> str:
    """Return a number of uses in words, as in "3 tickets" or "more than 1,000 tickets"."""
    if count > MAX_COUNTED:
        return f"more than {MAX_COUNTED:,} {plural}"
    return f"{count:,} {singular if count == 1 else plural}"


def join_phrases(phrases: Sequence[str]) -> str:
    """Return the phrases as in "2 people, 1 contact and 5 tickets"."""
    if len(phrases) < 2:
        return "".join(phrases)
    return f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def describe_uses(uow: UnitOfWork, uses: Sequence[ReferencingColumn], row_id: int) -> str:
    """Return where the row is used, as in "2 people and 5 tickets"; "" if nowhere."""
    counts = ((use, count_uses(uow, use.column, row_id)) for use in uses)
    return join_phrases(
        [format_count(count, use.singular, use.plural) for use, count in counts if count]
    )


def delete_unused(
    uow: UnitOfWork,
    table: Table,
    row_id: int,
    noun: str,
    uses: Sequence[ReferencingColumn],
    *,
    advice: str = CANNOT_DELETE,
) -> None:
    """Delete a row. Raises `Conflict` that says where it is used, if it is, and what to do."""
    described = describe_uses(uow, uses, row_id)
    if described:
        raise build_in_use_error(noun, described, advice)
    with conflict_on_violation(f"The {noun} has just been used, so it cannot be deleted"):
        audit_log.delete_row(uow, table, row_id)


def build_in_use_error(noun: str, described: str, advice: str = CANNOT_DELETE) -> Conflict:
    """Return the error for deleting something that is used."""
    return Conflict(f"The {noun} is used by {described}{advice}")
