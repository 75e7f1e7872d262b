"""Add saved views of the queue, and which of them people have pinned"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json, UtcDateTime, VocabularyString

revision = "0031"
down_revision = "0033"
branch_labels = None
depends_on = None

IS_DEFAULT = sa.text("is_default")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("scope", VocabularyString, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("conditions", Json, nullable=False),
        sa.Column("search", sa.String(length=200), nullable=False),
        sa.Column("sort", VocabularyString, nullable=False),
        sa.Column("descending", sa.Boolean(), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("group_by", VocabularyString, nullable=False),
        sa.Column("layout", VocabularyString, nullable=False),
        sa.Column("density", VocabularyString, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_saved_view_owner_id_person")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_saved_view_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_scope", "saved_view", ["scope", "id"])
    for column in ("owner_id", "team_id"):
        op.create_index(op.f(f"ix_saved_view_{column}"), "saved_view", [column])
    op.create_table(
        "saved_view_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("saved_view_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_view_choice_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["saved_view_id"],
            ["saved_view.id"],
            name=op.f("fk_saved_view_choice_saved_view_id_saved_view"),
        ),
        sa.PrimaryKeyConstraint("person_id", "saved_view_id", name=op.f("pk_saved_view_choice")),
    )
    op.create_index(
        "uq_saved_view_choice_default",
        "saved_view_choice",
        ["person_id"],
        unique=True,
        sqlite_where=IS_DEFAULT,
        postgresql_where=IS_DEFAULT,
    )
    op.create_index("ix_saved_view_choice_view", "saved_view_choice", ["saved_view_id"])


def downgrade() -> None:
    for table in ("saved_view_choice", "saved_view"):
        op.drop_table(table)
