"""Add background processes"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CLAIMED = sa.text("claimed_by IS NOT NULL")
TABLES = ("outbox", "webhook_delivery")


def upgrade() -> None:
    op.create_table(
        "background_process",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("machine", sa.String(length=200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started", sa.String(length=40), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_process")),
    )
    for table in TABLES:
        op.add_column(table, sa.Column("claimed_by", sa.Uuid(), nullable=True))
        op.create_index(
            f"ix_{table}_claimed_by",
            table,
            ["claimed_by"],
            sqlite_where=CLAIMED,
            postgresql_where=CLAIMED,
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_claimed_by", table_name=table)
        op.drop_column(table, "claimed_by")
    op.drop_table("background_process")
