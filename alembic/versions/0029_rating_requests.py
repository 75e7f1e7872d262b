"""Add the settings of rating requests"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import UtcDateTime

revision = "0029"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating_request_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("delay_hours", sa.Integer(), nullable=False),
        sa.Column("active_since", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_request_settings")),
    )


def downgrade() -> None:
    op.drop_table("rating_request_settings")
