"""Remember what was pushed to a browser, and find unread notifications of a ticket by an index"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("push_subscription") as batch:
        batch.add_column(
            sa.Column("last_notification_id", sa.Integer(), nullable=False, server_default="0")
        )
    op.drop_index("ix_notification_unread", "notification")
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["person_id", "ticket_id", "id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_index("ix_notification_read", "notification", ["read_at", "person_id"])


def downgrade() -> None:
    op.drop_index("ix_notification_read", "notification")
    op.drop_index("ix_notification_unread", "notification")
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["person_id", "id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    with op.batch_alter_table("push_subscription") as batch:
        batch.drop_column("last_notification_id")
