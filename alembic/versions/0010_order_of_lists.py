"""Add the order of lists to the timeline

Each timeline entry stores when its ticket was last changed before it, so that a list that is read
page by page by `updated_at` knows where a ticket was when the list began. Existing entries leave it
empty: no such list began before them.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("timeline", sa.Column("ticket_updated_at", UtcDateTime, nullable=True))


def downgrade() -> None:
    op.drop_column("timeline", "ticket_updated_at")
