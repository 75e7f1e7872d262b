"""Store whom a service level alerts besides the people responsible for a ticket"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sla_policy",
        sa.Column("alert_groups", Json, nullable=False, server_default=sa.text("'[]'")),
    )


def downgrade() -> None:
    op.drop_column("sla_policy", "alert_groups")
