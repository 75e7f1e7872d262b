"""merging and reports"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ALIVE = sa.text("deleted_at IS NULL")
RESOLVED = sa.text("deleted_at IS NULL AND resolved_at IS NOT NULL")
REPLY = "kind = 'comment' AND audience = 'public' AND deleted_at IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_created")
        batch_op.create_index(
            "ix_ticket_created",
            ["created_at", "id", "department_id", "status", "category", "deleted_at"],
            unique=False,
            sqlite_where=ALIVE,
            postgresql_where=ALIVE,
        )
        batch_op.create_index(
            "ix_ticket_resolved",
            ["resolved_at", "created_at", "department_id", "satisfaction_rating", "deleted_at"],
            unique=False,
            sqlite_where=RESOLVED,
            postgresql_where=RESOLVED,
        )
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.create_index(
            "ix_timeline_reply",
            ["at", "actor_id"],
            unique=False,
            sqlite_where=sa.text(REPLY + " AND by_staff = 1"),
            postgresql_where=sa.text(REPLY + " AND by_staff"),
        )


def downgrade() -> None:
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.drop_index("ix_timeline_reply")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_resolved")
        batch_op.drop_index("ix_ticket_created")
        batch_op.create_index(
            "ix_ticket_created",
            ["created_at", "id"],
            unique=False,
            sqlite_where=ALIVE,
            postgresql_where=ALIVE,
        )
