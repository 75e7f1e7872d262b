"""Add external ids of imported tickets and rate limits of people"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None

IS_IMPORTED = sa.text("external_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("ticket", sa.Column("external_id", sa.String(length=200), nullable=True))
    op.create_index(
        "uq_ticket_external_id",
        "ticket",
        ["external_id"],
        unique=True,
        sqlite_where=IS_IMPORTED,
        postgresql_where=IS_IMPORTED,
    )
    op.add_column("person", sa.Column("rate_limits", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("person", "rate_limits")
    op.drop_index("uq_ticket_external_id", table_name="ticket")
    op.drop_column("ticket", "external_id")
