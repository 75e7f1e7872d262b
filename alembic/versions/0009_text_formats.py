"""Add text formats

Each text that people write has a format: plain or Markdown. For existing texts it depends on the
channel of their ticket:

- Tickets from the web app and Centcom stay Markdown: their clients write it.
- What requesters wrote on tickets from KubeBro, BMAsia, Enterprise and Ticketing becomes plain: the
description, the parts of a bug report, and their comments.
- What staff wrote stays Markdown on every ticket: they work in the web app, which rendered these
texts as Markdown until now.
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PLAIN_CHANNELS = "('kubebro', 'bmasia', 'enterprise', 'ticketing')"
REQUESTERS_TEXTS = (
    '{"description": "plain", "steps_to_reproduce": "plain", '
    '"expected_behavior": "plain", "actual_behavior": "plain"}'
)


def upgrade() -> None:
    op.add_column(
        "ticket",
        sa.Column("text_formats", Json, nullable=False, server_default=sa.text("'{}'")),
    )
    op.add_column(
        "timeline",
        sa.Column(
            "body_format",
            sa.String(length=24),
            nullable=False,
            server_default=sa.text("'markdown'"),
        ),
    )
    op.execute(
        sa.text(
            f"UPDATE ticket SET text_formats = '{REQUESTERS_TEXTS}'"  # noqa: S608
            f" WHERE channel IN {PLAIN_CHANNELS}"
        )
    )
    op.execute(
        sa.text(
            "UPDATE timeline SET body_format = 'plain'"  # noqa: S608
            " WHERE kind = 'comment' AND NOT by_staff AND ticket_id IN"
            f" (SELECT id FROM ticket WHERE channel IN {PLAIN_CHANNELS})"
        )
    )


def downgrade() -> None:
    op.drop_column("timeline", "body_format")
    op.drop_column("ticket", "text_formats")
