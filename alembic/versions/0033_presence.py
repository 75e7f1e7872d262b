"""Remember for a short time who has which ticket open"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("tab", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(24), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_presence_person_id_person"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_presence_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("tab", name="pk_presence"),
    )
    op.create_index("ix_presence_ticket", "presence", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("presence")
