"""Put tickets aside for a time, and say when agents are away"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import UtcDateTime

revision = "0034"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snooze",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_snooze_person_id_person"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_snooze_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("person_id", "ticket_id", name="pk_snooze"),
    )
    op.create_index("ix_snooze_ticket", "snooze", ["ticket_id"])
    op.create_index("ix_snooze_until", "snooze", ["until"])
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_absence_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_person", "absence", ["person_id", "starts_at"])


def downgrade() -> None:
    op.drop_table("absence")
    op.drop_table("snooze")
