"""Destroy deleted tickets with everything that belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Table, delete, select, update

from ticket_app.core.platform import audit_log
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.operation_log import log_ticket_operation
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.ticket_numbers import parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.core.tickets import merging
from ticket_app.tables import attachment_table, incoming_email_table, metadata, ticket_table

OWNING_COLUMNS = frozenset({"ticket_id"})
"""Columns by which a row belongs to a ticket even where it may have none."""


def purge(uow: UnitOfWork, reference: str | int) -> None:
    """Destroy a deleted ticket with its comments and files; its numbers stay taken.

    Other tickets no longer point to it; those merged into it get their comments and files back
    (`merging.detach_merged_tickets`). Raises `Forbidden`, `NotFound` if it is not in the trash.
    """
    uow.actor.require("purge_tickets", "destroy deleted tickets")
    parsed_reference = parse_reference(str(reference))
    if parsed_reference is None:
        raise NotFound
    select_deleted = select(
        ticket_table.c.id, ticket_table.c.key_prefix, ticket_table.c.key_number
    ).where(ticket_table.c.deleted_at.is_not(None), parsed_reference.condition())
    deleted_row = uow.connection.execute(select_deleted).first()
    if deleted_row is not None:
        merging.detach_merged_tickets(uow, deleted_row.id)
    locked_row = uow.connection.execute(select_deleted.with_for_update()).first()
    if locked_row is None:
        raise NotFound
    storage_keys = [
        key
        for table in (attachment_table, incoming_email_table)
        for key in uow.connection.execute(
            select(table.c.storage_key).where(table.c.ticket_id == locked_row.id)
        ).scalars()
    ]
    audit_log.record(
        uow,
        AuditKind.DATA,
        AuditAction.DELETED,
        subject_type="ticket",
        subject_id=locked_row.id,
        subject_name=f"{locked_row.key_prefix}-{locked_row.key_number}",
    )
    delete_with_dependents(uow, ticket_table, [locked_row.id])
    log_ticket_operation(uow, locked_row.id, "purged")
    store = file_storage()
    uow.after_commit.extend(partial(store.delete, key) for key in storage_keys)


def delete_with_dependents(uow: UnitOfWork, table: Table, ids: Sequence[int]) -> None:
    """Delete rows with those that belong to them; those that only point to them are let go."""
    for other in metadata.tables.values():
        for column in other.columns:
            if not any(key.column is table.c.id for key in column.foreign_keys):
                continue
            if column.nullable and column.name not in OWNING_COLUMNS:
                uow.connection.execute(
                    update(other).where(column.in_(ids)).values({column.name: None})
                )
            elif "id" in other.c:
                dependent_ids = (
                    uow.connection.execute(select(other.c.id).where(column.in_(ids)))
                    .scalars()
                    .all()
                )
                if dependent_ids:
                    delete_with_dependents(uow, other, dependent_ids)
            else:
                uow.connection.execute(delete(other).where(column.in_(ids)))
    uow.connection.execute(delete(table).where(table.c.id.in_(ids)))
