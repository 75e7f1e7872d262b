"""Record administrative changes, in the transaction of the change.

The functions of the core that change settings, people, permissions, sign-ins and API tokens call
this module; pages and APIs never do. A change of a row is found by comparing the row before and
after it, column by column (`changes`), so that no caller lists what it changed. Only the columns
named in `audited_tables` are read: never passwords, tokens, secrets or their hashes.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from sqlalchemy import Table, delete, insert, select

from ticket_app.core.platform.access_policy import NO_PERSON_ID
from ticket_app.core.platform.audit_values import format_value
from ticket_app.core.platform.audited_tables import AUDITED_TABLES, AuditedTable
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.tables import audit_entry_table

MAX_NAME_LENGTH = 400
MAX_ADDRESS_LENGTH = 64

Values = Mapping[str, object]
AuditActor = tuple[int | None, str | None]
"""The id and the name of who did something."""


def record(
    uow: UnitOfWork,
    kind: AuditKind,
    action: AuditAction,
    *,
    subject_type: str,
    subject_name: str,
    subject_id: int | None = None,
    field: str | None = None,
    old: str | None = None,
    new: str | None = None,
    actor: AuditActor | None = None,
) -> None:
    """Record that something was done. `actor` is the id and name of who signs in or out.

    `old` and `new` are words for people, without secrets.
    """
    if actor is None and uow.has_actor and uow.actor.id != NO_PERSON_ID:
        actor = (uow.actor.id, uow.actor.full_name)
    actor_id, actor_name = actor or (None, None)
    uow.connection.execute(
        insert(audit_entry_table),
        {
            "at": uow.now,
            "kind": kind,
            "action": action,
            "actor_id": actor_id,
            "actor_name": actor_name,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "subject_name": subject_name[:MAX_NAME_LENGTH],
            "field": field,
            "old_value": old,
            "new_value": new,
            "channel": uow.channel,
            "address": uow.client_address[:MAX_ADDRESS_LENGTH],
            "request_id": uow.request_id,
        },
    )


def record_created(
    uow: UnitOfWork, table: Table, row_id: int, *, actor: AuditActor | None = None
) -> None:
    """Record that a row was created, with the values it began with."""
    audited = AUDITED_TABLES[table]
    values = _read_row(uow, audited, row_id)
    assert values is not None
    described = "; ".join(
        f"{audited.label(name)}: {text}"
        for name in audited.columns
        if name != audited.name_column
        and (text := format_value(uow, name, values[name])) is not None
    )
    _record_row(
        uow, AuditAction.CREATED, audited, row_id, values, new=described or None, actor=actor
    )


def record_deleted(uow: UnitOfWork, table: Table, row_id: int) -> None:
    """Record that a row is about to be deleted."""
    record_action(uow, AuditAction.DELETED, table, row_id)


def record_action(uow: UnitOfWork, action: AuditAction, table: Table, row_id: int) -> None:
    """Record something that is done to a row and is not a change of its values."""
    audited = AUDITED_TABLES[table]
    values = _read_row(uow, audited, row_id)
    if values is not None:
        _record_row(uow, action, audited, row_id, values)


def delete_row(uow: UnitOfWork, table: Table, row_id: int) -> None:
    """Delete a row and record it."""
    record_deleted(uow, table, row_id)
    uow.connection.execute(delete(table).where(table.c.id == row_id))


@contextmanager
def record_changes(uow: UnitOfWork, table: Table, row_id: int) -> Generator[None]:
    """Record each column of the row that the block changes; nothing if it raises."""
    audited = AUDITED_TABLES[table]
    old = _read_row(uow, audited, row_id)
    yield
    new = _read_row(uow, audited, row_id)
    if old is None or new is None:
        return
    for name in audited.columns:
        if old[name] != new[name]:
            _record_row(
                uow,
                AuditAction.CHANGED,
                audited,
                row_id,
                new,
                field=audited.label(name),
                old=format_value(uow, name, old[name]),
                new=format_value(uow, name, new[name]),
            )


def _read_row(uow: UnitOfWork, audited: AuditedTable, row_id: int) -> Values | None:
    uow.flush()
    columns = [audited.table.c[name] for name in audited.columns]
    statement = select(*columns).where(audited.table.c.id == row_id)
    row = uow.connection.execute(statement).mappings().first()
    return None if row is None else {name: row[name] for name in audited.columns}


def _record_row(
    uow: UnitOfWork,
    action: AuditAction,
    audited: AuditedTable,
    row_id: int,
    values: Values,
    *,
    field: str | None = None,
    old: str | None = None,
    new: str | None = None,
    actor: AuditActor | None = None,
) -> None:
    name = format_value(uow, audited.name_column, values[audited.name_column])
    record(
        uow,
        audited.kind,
        action,
        subject_type=audited.subject_type,
        subject_id=row_id,
        subject_name=name or "",
        field=field,
        old=old,
        new=new,
        actor=actor,
    )
