"""Keep saved replies and macros, and how often each person uses them"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString

revision = "0032"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_reply",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("content", LongText, nullable=False),
        sa.Column("shortcut", sa.String(40), nullable=True),
        *_sharing_columns("saved_reply"),
    )
    op.create_index("ix_saved_reply_scope", "saved_reply", ["scope", "id"])
    op.create_table(
        "macro",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("actions", Json, nullable=False),
        sa.Column("shortcut", sa.String(1), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        *_sharing_columns("macro"),
    )
    op.create_index("ix_macro_scope", "macro", ["scope", "rank", "id"])
    for table in ("saved_reply", "macro"):
        for column in ("owner_id", "team_id"):
            op.create_index(f"ix_{table}_{column}", table, [column])
        op.create_table(
            f"{table}_use",
            sa.Column(
                f"{table}_id",
                sa.Integer(),
                sa.ForeignKey(
                    f"{table}.id", name=f"fk_{table}_use_{table}_id_{table}", ondelete="CASCADE"
                ),
                primary_key=True,
            ),
            sa.Column(
                "person_id",
                sa.Integer(),
                sa.ForeignKey("person.id", name=f"fk_{table}_use_person_id_person"),
                primary_key=True,
            ),
            sa.Column("use_count", sa.Integer(), nullable=False),
            sa.Column("last_used_at", UtcDateTime(), nullable=False),
        )
        op.create_index(f"ix_{table}_use_person_id", f"{table}_use", ["person_id"])


def _sharing_columns(table: str) -> list[sa.Column[object]]:
    return [
        sa.Column("scope", VocabularyString, nullable=False),
        sa.Column(
            "owner_id",
            sa.Integer(),
            sa.ForeignKey("person.id", name=f"fk_{table}_owner_id_person"),
            nullable=False,
        ),
        sa.Column(
            "team_id",
            sa.Integer(),
            sa.ForeignKey("team.id", name=f"fk_{table}_team_id_team"),
            nullable=True,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
    ]


def downgrade() -> None:
    for table in ("macro_use", "saved_reply_use", "macro", "saved_reply"):
        op.drop_table(table)
