"""Record administrative changes, and where each entry of a timeline came from"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import LongText, UtcDateTime, VocabularyString

revision = "0019"
down_revision = "0021"
branch_labels = None
depends_on = None

RARE_KINDS = sa.text("kind NOT IN ('created', 'comment', 'change')")
HAS_FIELD = sa.text("field IS NOT NULL")
AUDIT_INDEXES = {
    "ix_audit_entry_at": ["at", "id"],
    "ix_audit_entry_actor": ["actor_id", "at", "id"],
    "ix_audit_entry_kind": ["kind", "at", "id"],
    "ix_audit_entry_field": ["field", "at", "id"],
    "ix_audit_entry_channel": ["channel", "at", "id"],
    "ix_audit_entry_subject": ["subject_type", "subject_id", "at", "id"],
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", VocabularyString, nullable=False),
        sa.Column("action", VocabularyString, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=301), nullable=True),
        sa.Column("subject_type", VocabularyString, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("subject_name", sa.String(length=400), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=True),
        sa.Column("old_value", LongText, nullable=True),
        sa.Column("new_value", LongText, nullable=True),
        sa.Column("channel", VocabularyString, nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    for name, columns in AUDIT_INDEXES.items():
        op.create_index(name, "audit_entry", columns)
    op.add_column("timeline", sa.Column("channel", VocabularyString, nullable=True))
    op.add_column("timeline", sa.Column("address", sa.String(length=64), nullable=True))
    op.add_column("timeline", sa.Column("request_id", sa.String(length=64), nullable=True))
    # Where older tickets came from is known; where their later changes came from is not.
    op.execute(
        "UPDATE timeline SET channel ="
        " (SELECT ticket.channel FROM ticket WHERE ticket.id = timeline.ticket_id)"
        " WHERE kind = 'created'"
    )
    op.drop_index("ix_timeline_actor", table_name="timeline")
    op.create_index("ix_timeline_actor", "timeline", ["actor_id", "at", "id"])
    op.create_index("ix_timeline_at", "timeline", ["at", "id"])
    op.create_index("ix_timeline_channel", "timeline", ["channel", "at", "id"])
    op.create_index(
        "ix_timeline_field",
        "timeline",
        ["field", "at", "id"],
        sqlite_where=HAS_FIELD,
        postgresql_where=HAS_FIELD,
    )
    op.create_index(
        "ix_timeline_rare_kind",
        "timeline",
        ["kind", "at", "id"],
        sqlite_where=RARE_KINDS,
        postgresql_where=RARE_KINDS,
    )


def downgrade() -> None:
    for name in ("rare_kind", "field", "channel", "at", "actor"):
        op.drop_index(f"ix_timeline_{name}", table_name="timeline")
    op.create_index("ix_timeline_actor", "timeline", ["actor_id", "id"])
    for column in ("request_id", "address", "channel"):
        op.drop_column("timeline", column)
    op.drop_table("audit_entry")
