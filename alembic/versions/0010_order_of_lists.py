"""order of lists

Each line of a timeline keeps when its ticket had last been changed before it, so that a list that
is read page by page by `updated_at` finds where a ticket stood when it began. Lines that are there
already leave it open: no walk through a list began before them.
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
