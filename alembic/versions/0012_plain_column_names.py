"""Rename the columns of merges, approval requests, SLA clocks and processes to plain names

Indexes are created again under the new names. PostgreSQL also renames foreign keys; SQLite keeps
their names, because it would have to copy the tables.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = (
    ("merge", "ticket_id", "source_ticket_id"),
    ("merge", "into_id", "target_ticket_id"),
    ("merge", "by_id", "merged_by_id"),
    ("merge", "at", "merged_at"),
    ("merge", "status_before", "previous_status"),
    ("merge", "resolved_before", "previous_resolved_at"),
    ("merge", "closed_before", "previous_closed_at"),
    ("merge", "original_before_id", "previous_duplicate_of_id"),
    ("merge", "tags_added", "added_tags"),
    ("moved_entry", "origin_id", "original_ticket_id"),
    ("moved_attachment", "origin_id", "original_ticket_id"),
    ("approval_request", "status_before", "previous_status"),
    ("approval_request", "info_asked_by_id", "info_requested_by_id"),
    ("approval_request", "info_asked_at", "info_requested_at"),
    ("ticket", "response_left", "response_seconds_left"),
    ("ticket", "resolution_left", "resolution_seconds_left"),
    ("background_process", "started", "start_time"),
)
FOREIGN_KEYS = (
    ("merge", "ticket_id", "source_ticket_id", "ticket"),
    ("merge", "into_id", "target_ticket_id", "ticket"),
    ("merge", "by_id", "merged_by_id", "person"),
    ("merge", "original_before_id", "previous_duplicate_of_id", "ticket"),
    ("moved_entry", "origin_id", "original_ticket_id", "ticket"),
    ("moved_attachment", "origin_id", "original_ticket_id", "ticket"),
    ("approval_request", "info_asked_by_id", "info_requested_by_id", "person"),
)
"""Table, old column, new column, and the table that the key refers to."""
OLD_INDEXES = (
    ("merge", "ix_merge_ticket", ["ticket_id", "id"]),
    ("merge", "ix_merge_into_id", ["into_id"]),
    ("merge", "ix_merge_original_before_id", ["original_before_id"]),
    ("moved_entry", "ix_moved_entry_origin_id", ["origin_id"]),
    ("moved_attachment", "ix_moved_attachment_origin_id", ["origin_id"]),
)
NEW_INDEXES = (
    ("merge", "ix_merge_source", ["source_ticket_id", "id"]),
    ("merge", "ix_merge_target_ticket_id", ["target_ticket_id"]),
    ("merge", "ix_merge_previous_duplicate_of_id", ["previous_duplicate_of_id"]),
    ("moved_entry", "ix_moved_entry_original_ticket_id", ["original_ticket_id"]),
    ("moved_attachment", "ix_moved_attachment_original_ticket_id", ["original_ticket_id"]),
)


def upgrade() -> None:
    for table, name, _ in OLD_INDEXES:
        op.drop_index(name, table)
    for table, old, new in COLUMNS:
        _rename_column(table, old, new)
    for table, old, new, referred in FOREIGN_KEYS:
        _rename_foreign_key(table, old, new, referred)
    for table, name, columns in NEW_INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for table, name, _ in NEW_INDEXES:
        op.drop_index(name, table)
    for table, old, new, referred in FOREIGN_KEYS:
        _rename_foreign_key(table, new, old, referred)
    for table, old, new in COLUMNS:
        _rename_column(table, new, old)
    for table, name, columns in OLD_INDEXES:
        op.create_index(name, table, columns)


def _rename_column(table: str, old: str, new: str) -> None:
    op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}"))


def _rename_foreign_key(table: str, old: str, new: str, referred: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    names = f"fk_{table}_{old}_{referred} TO fk_{table}_{new}_{referred}"
    op.execute(sa.text(f"ALTER TABLE {table} RENAME CONSTRAINT {names}"))
