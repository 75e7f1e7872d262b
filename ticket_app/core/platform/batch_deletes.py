"""Delete rows in batches, so that no transaction that others wait for is long."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, select

from ticket_app.core.platform.unit_of_work import UnitOfWork

BATCH_SIZE = 1000
"""How many rows one transaction deletes."""


def delete_batch(uow: UnitOfWork, table: Table, condition: ColumnElement[bool]) -> int:
    """Delete up to `BATCH_SIZE` rows of a table that meet the condition; return how many.

    The caller repeats it, each time in a new transaction, until it returns 0.
    """
    ids = select(table.c.id).where(condition).limit(BATCH_SIZE)
    return uow.connection.execute(delete(table).where(table.c.id.in_(ids))).rowcount
