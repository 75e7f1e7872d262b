"""Rename tables and columns to the names that the code uses

Indexes are created again under the new names. PostgreSQL also renames keys and sequences; SQLite
cannot, so that the unique constraint of `sla_policy`, to which tickets refer, keeps its name.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = {
    "approval_ask": "approval_decision",
    "promised_file": "announced_file",
    "idempotent_answer": "idempotent_response",
    "service_policy": "sla_policy",
    "tally": "ticket_count",
    "counter": "number_sequence",
}
COLUMNS = (
    ("announced_file", "promised_at", "announced_at"),
    ("notification", "says", "message"),
    ("webhook", "secret_sealed", "encrypted_secret"),
    ("webhook", "old_secret_sealed", "encrypted_old_secret"),
    ("webhook", "old_secret_until", "old_secret_expires_at"),
    ("webhook", "switched_off_why", "deactivation_reason"),
    ("webhook_delivery", "tries", "attempt_log"),
    ("sign_in", "ended_why", "end_reason"),
)
INDEXES = (
    ("approval_decision", "ix_{}_person", ["person_id", "state", "id"], False),
    ("announced_file", "ix_{}_ticket_id", ["ticket_id"], False),
    ("announced_file", "ix_{}_entry_id", ["entry_id"], False),
    ("idempotent_response", "ix_{}_created_at", ["created_at"], False),
    ("idempotent_response", "uq_{}", ["person_id", "method", "route", "key"], True),
    ("sla_policy", "ix_{}_rank", ["rank", "id"], False),
    ("sla_policy", "ix_{}_company_id", ["company_id"], False),
    ("sla_policy", "ix_{}_calendar_id", ["calendar_id"], False),
)


def upgrade() -> None:
    for old, new in TABLES.items():
        op.rename_table(old, new)
        _rename_keys(new, old, new)
    for table, old, new in COLUMNS:
        _rename_column(table, old, new)
    old_names = {new: old for old, new in TABLES.items()}
    for table, name, columns, is_unique in INDEXES:
        op.drop_index(name.format(old_names[table]), table)
        op.create_index(name.format(table), table, columns, unique=is_unique)
    _replace_unique_constraint("approval_ask", "approval_decision")


def downgrade() -> None:
    _replace_unique_constraint("approval_decision", "approval_ask")
    old_names = {new: old for old, new in TABLES.items()}
    for table, name, columns, is_unique in INDEXES:
        op.drop_index(name.format(table), table)
        op.create_index(name.format(old_names[table]), table, columns, unique=is_unique)
    for table, old, new in COLUMNS:
        _rename_column(table, new, old)
    for old, new in TABLES.items():
        op.rename_table(new, old)
        _rename_keys(old, new, old)


def _rename_column(table: str, old: str, new: str) -> None:
    op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}"))


def _replace_unique_constraint(old: str, new: str) -> None:
    columns = ["step_id", "person_id"]
    with op.batch_alter_table("approval_decision") as batch:
        batch.drop_constraint(op.f(f"uq_{old}_step_id_person_id"), type_="unique")
        batch.create_unique_constraint(op.f(f"uq_{new}_step_id_person_id"), columns)


def _rename_keys(table: str, old: str, new: str) -> None:
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    keys = bind.execute(
        sa.text(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype IN ('p', 'f') AND conname LIKE '%' || :old || '%'"
            " AND (conrelid = CAST(:name AS regclass) OR confrelid = CAST(:name AS regclass))"
        ),
        {"name": table, "old": old},
    ).all()
    for owner, key in keys:
        # The last occurrence is the table; `sla_policy_id` before it is a column.
        before, _, after = key.rpartition(old)
        renamed = f"{before}{new}{after}"
        op.execute(sa.text(f"ALTER TABLE {owner} RENAME CONSTRAINT {key} TO {renamed}"))
    op.execute(sa.text(f"ALTER SEQUENCE IF EXISTS {old}_id_seq RENAME TO {new}_id_seq"))
