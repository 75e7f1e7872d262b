"""Let people read the tickets of their company where an administrator allows it"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without `batch_alter_table`: it would drop the table that people, contacts and tickets name.
    op.add_column(
        "company",
        sa.Column("shares_tickets", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("company", "shares_tickets")
