"""Add webhooks"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")
        batch_op.create_index("ix_outbox_due", ["done_at", "topic", "due_at", "id"], unique=False)
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failing_since", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("deleted_at", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_webhook_is_active"), ["is_active"], unique=False)
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_delivery_next_try_at"))
        batch_op.drop_index(batch_op.f("ix_webhook_delivery_state"))
        batch_op.add_column(sa.Column("ticket_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_webhook_delivery_ticket_id_ticket"), "ticket", ["ticket_id"], ["id"]
        )
        batch_op.add_column(sa.Column("entry_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("tries", Json, nullable=False, server_default=sa.text("'[]'"))
        )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_webhook_delivery_of_state", ["webhook_id", "state", "id"], unique=False
        )
        batch_op.create_index(
            "ix_webhook_delivery_of_event", ["webhook_id", "event", "id"], unique=False
        )
        batch_op.create_index(
            "ix_webhook_delivery_due", ["webhook_id", "state", "next_try_at"], unique=False
        )
        batch_op.create_index("ix_webhook_delivery_created", ["created_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_webhook_delivery_ticket_id"), ["ticket_id"], unique=False
        )
        batch_op.create_index(
            "uq_webhook_delivery_once", ["webhook_id", "event", "entry_id"], unique=True
        )


def downgrade() -> None:
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.drop_index("uq_webhook_delivery_once")
        batch_op.drop_index(batch_op.f("ix_webhook_delivery_ticket_id"))
        batch_op.drop_index("ix_webhook_delivery_created")
        batch_op.drop_index("ix_webhook_delivery_due")
        batch_op.drop_index("ix_webhook_delivery_of_event")
        batch_op.drop_index("ix_webhook_delivery_of_state")
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.drop_column("tries")
        batch_op.drop_column("entry_id")
        batch_op.drop_constraint(
            batch_op.f("fk_webhook_delivery_ticket_id_ticket"), type_="foreignkey"
        )
        batch_op.drop_column("ticket_id")
        batch_op.create_index(
            batch_op.f("ix_webhook_delivery_next_try_at"), ["next_try_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_webhook_delivery_state"), ["state"], unique=False)
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_is_active"))
    # Not in a batch: SQLite would create the table again, and deliveries would refer to the old
    # one.
    op.drop_column("webhook", "deleted_at")
    op.drop_column("webhook", "failing_since")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")
        batch_op.create_index("ix_outbox_due", ["done_at", "due_at", "id"], unique=False)
