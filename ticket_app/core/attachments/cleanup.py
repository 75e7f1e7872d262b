"""Files nobody can fetch any more: removed from their ticket, or left in a draft long forgotten."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import bindparam, delete, select

from ticket_app.core.platform import outbox
from ticket_app.core.platform.storage import file_store
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import attachment_table

KEPT_FOR = timedelta(days=7)
"""How long a removed file still lies in the store, for an administrator to save it."""

_REMOVED = (
    select(attachment_table.c.id, attachment_table.c.storage_key)
    .where(attachment_table.c.deleted_at <= bindparam("until"))
    .order_by(attachment_table.c.deleted_at)
    .limit(outbox.SWEPT_AT_ONCE)
)


def sweep(desk: Desk) -> int:
    """Destroy files that were removed a week ago, a batch of them; how many there were."""
    rows = desk.db.execute(_REMOVED, {"until": desk.now - KEPT_FOR}).all()
    if rows:
        desk.db.execute(
            delete(attachment_table).where(attachment_table.c.id.in_([row.id for row in rows]))
        )
        store = file_store()
        desk.after.extend(partial(store.delete, row.storage_key) for row in rows)
    return len(rows)
