"""Expired rows are deleted in batches, each in a transaction of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, Table, event, func, insert, select

from tests.cast import Cast, UowFor
from ticket_app.core.platform import batch_deletes
from ticket_app.jobs import cleanup
from ticket_app.tables import (
    idempotent_response_table,
    notification_table,
    outbox_message_table,
    outgoing_email_table,
)

LONG_AGO = datetime.now(UTC) - timedelta(days=400)
ROWS = 5


def old_rows(person_id: int) -> dict[Table, dict[str, Any]]:
    """Return the values of a row of each table, without what must differ."""
    return {
        notification_table: {
            "person_id": person_id,
            "kind": "mention",
            "message": "Agnes Hale named you",
            "created_at": LONG_AGO,
        },
        idempotent_response_table: {
            "person_id": person_id,
            "method": "POST",
            "route": "/tickets",
            "request_hash": "0",
            "status": 201,
            "headers": {},
            "body": b"",
            "created_at": LONG_AGO,
        },
        outbox_message_table: {
            "topic": "tags.replaced",
            "payload": {},
            "created_at": LONG_AGO,
            "due_at": LONG_AGO,
            "done_at": LONG_AGO,
            "attempts": 1,
        },
        outgoing_email_table: {
            "kind": "reply",
            "recipient": "owner@example.com",
            "subject": "Lamp",
            "source": "",
            "state": "sent",
            "attempts": 1,
            "attempt_log": [],
            "created_at": LONG_AGO,
        },
    }


def with_unique_values(table: Table, values: dict[str, Any], number: int) -> dict[str, Any]:
    if table is idempotent_response_table:
        return values | {"key": str(number)}
    if table is outgoing_email_table:
        return values | {"uuid": uuid4(), "message_id": f"<{number}@example.com>"}
    return values


def test_every_kind_of_expired_row_is_deleted_in_small_transactions(
    uow_for: UowFor, cast: Cast, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_deletes, "BATCH_SIZE", 2)
    tables = old_rows(cast.owner.id)
    with uow_for(None) as uow:
        for table, values in tables.items():
            rows = [with_unique_values(table, values, number) for number in range(ROWS)]
            uow.connection.execute(insert(table), rows)
    deleted_in_transaction: list[int] = [0]

    def add_deleted(_c: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("DELETE"):
            deleted_in_transaction[-1] += cursor.rowcount

    def begin(_connection: Any) -> None:
        deleted_in_transaction.append(0)

    event.listen(database, "after_cursor_execute", add_deleted)
    event.listen(database, "begin", begin)
    try:
        cleanup.delete_expired_rows()
    finally:
        event.remove(database, "after_cursor_execute", add_deleted)
        event.remove(database, "begin", begin)
    assert sum(deleted_in_transaction) == ROWS * len(tables)
    assert max(deleted_in_transaction) == 2
    with uow_for(None) as uow:
        for table in tables:
            count = select(func.count()).select_from(table)
            assert uow.connection.execute(count).scalar_one() == 0
