"""Move the comments and files of a merged ticket to its target, and back.

`moved_entry` and `moved_attachment` keep the ticket that each entry and file was added to, so that
a merge can be undone even after later merges.
"""

from __future__ import annotations

from sqlalchemy import (
    CTE,
    BindParameter,
    Executable,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.core.tickets.fields import FILE_FIELDS
from ticket_app.tables import (
    announced_file_table,
    attachment_table,
    entry_table,
    moved_attachment_table,
    moved_entry_table,
    notification_table,
    ticket_table,
)

MOVED_ENTRY_KINDS = (EntryKind.COMMENT, EntryKind.FILE)
"""Entries that move to the target; changes of the ticket's fields stay with it."""
MOVED_FIELDS = ("comment", *(field.name for field in FILE_FIELDS))
"""Fields whose changes are about comments and files, and move with them."""


_IS_MOVED = entry_table.c.kind.in_(MOVED_ENTRY_KINDS) | entry_table.c.field.in_(MOVED_FIELDS)
_SOURCE_ID: BindParameter[int] = bindparam("source")
_TARGET_ID: BindParameter[int] = bindparam("target")
_INSERT_ORIGINS = (
    insert(moved_entry_table).from_select(
        ["entry_id", "original_ticket_id"],
        select(entry_table.c.id, entry_table.c.ticket_id).where(
            entry_table.c.ticket_id == _SOURCE_ID,
            _IS_MOVED,
            ~select(moved_entry_table)
            .where(moved_entry_table.c.entry_id == entry_table.c.id)
            .exists(),
        ),
    ),
    insert(moved_attachment_table).from_select(
        ["attachment_id", "original_ticket_id"],
        select(attachment_table.c.id, attachment_table.c.ticket_id).where(
            attachment_table.c.ticket_id == _SOURCE_ID,
            ~select(moved_attachment_table)
            .where(moved_attachment_table.c.attachment_id == attachment_table.c.id)
            .exists(),
        ),
    ),
)
_MOVE_TO_TARGET = (
    update(entry_table)
    .where(entry_table.c.ticket_id == _SOURCE_ID, _IS_MOVED)
    .values(ticket_id=_TARGET_ID),
    update(attachment_table)
    .where(attachment_table.c.ticket_id == _SOURCE_ID)
    .values(ticket_id=_TARGET_ID),
)


def move(uow: UnitOfWork, source_id: int, target_id: int) -> None:
    """Move the comments and files of a ticket to another one, and record where they came from."""
    values = {"source": source_id, "target": target_id}
    for statement in (*_INSERT_ORIGINS, *_MOVE_TO_TARGET, *_RELINK_TO_ENTRIES):
        uow.connection.execute(statement, values)


def _build_relink(table: Table) -> Executable:
    """Build the update that sets the ticket of rows about an entry to the ticket of the entry."""
    entry_ticket_id = (
        select(entry_table.c.ticket_id)
        .where(entry_table.c.id == table.c.entry_id)
        .scalar_subquery()
    )
    return (
        update(table)
        .where(table.c.ticket_id.in_([_SOURCE_ID, _TARGET_ID]), table.c.entry_id.is_not(None))
        .values(ticket_id=func.coalesce(entry_ticket_id, table.c.ticket_id))
    )


_RELINK_TO_ENTRIES = (_build_relink(notification_table), _build_relink(announced_file_table))


def _select_merge_tree() -> CTE:
    """Select a ticket and all tickets that were merged into it, directly or through others."""
    merge_tree = (
        select(ticket_table.c.id)
        .where(ticket_table.c.id == _SOURCE_ID)
        .cte("merge_tree", recursive=True)
    )
    return merge_tree.union(
        select(ticket_table.c.id).where(ticket_table.c.merged_into_id == merge_tree.c.id)
    )


_MERGE_TREE_IDS = select(_select_merge_tree().c.id)
_ORIGIN_ID: BindParameter[int] = bindparam("origin")
_RESTORE_TO_ORIGIN = (
    update(entry_table)
    .where(
        entry_table.c.ticket_id == _TARGET_ID,
        entry_table.c.id.in_(
            select(moved_entry_table.c.entry_id).where(
                moved_entry_table.c.original_ticket_id.in_(_MERGE_TREE_IDS)
            )
        ),
    )
    .values(ticket_id=_ORIGIN_ID),
    update(attachment_table)
    .where(
        attachment_table.c.ticket_id == _TARGET_ID,
        attachment_table.c.id.in_(
            select(moved_attachment_table.c.attachment_id).where(
                moved_attachment_table.c.original_ticket_id.in_(_MERGE_TREE_IDS)
            )
        ),
    )
    .values(ticket_id=_ORIGIN_ID),
    delete(moved_entry_table).where(
        moved_entry_table.c.original_ticket_id == _ORIGIN_ID,
        moved_entry_table.c.entry_id.in_(
            select(entry_table.c.id).where(entry_table.c.ticket_id == _ORIGIN_ID)
        ),
    ),
    delete(moved_attachment_table).where(
        moved_attachment_table.c.original_ticket_id == _ORIGIN_ID,
        moved_attachment_table.c.attachment_id.in_(
            select(attachment_table.c.id).where(attachment_table.c.ticket_id == _ORIGIN_ID)
        ),
    ),
    *_RELINK_TO_ENTRIES,
)


def restore(uow: UnitOfWork, source_id: int, target_id: int) -> None:
    """Move the comments and files that came to the target through the source back to the source."""
    values = {"source": source_id, "target": target_id, "origin": source_id}
    for statement in _RESTORE_TO_ORIGIN:
        uow.connection.execute(statement, values)
