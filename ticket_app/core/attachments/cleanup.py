"""Delete the content of files that were removed from tickets or drafts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import bindparam, delete, select

from ticket_app.core.platform import batch_deletes
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import attachment_table

RETENTION = timedelta(days=7)
"""How long an administrator can still recover a removed file."""

_SELECT_REMOVED_FILES = (
    select(attachment_table.c.id, attachment_table.c.storage_key)
    .where(attachment_table.c.deleted_at <= bindparam("until"))
    .order_by(attachment_table.c.deleted_at)
    .limit(bindparam("limit"))
)


def destroy_removed_files(uow: UnitOfWork) -> int:
    """Delete a batch of files that were removed a week ago, with their content; return how many."""
    values = {"until": uow.now - RETENTION, "limit": batch_deletes.BATCH_SIZE}
    rows = uow.connection.execute(_SELECT_REMOVED_FILES, values).all()
    if rows:
        uow.connection.execute(
            delete(attachment_table).where(attachment_table.c.id.in_([row.id for row in rows]))
        )
        store = file_storage()
        uow.after_commit.extend(partial(store.delete, row.storage_key) for row in rows)
    return len(rows)
