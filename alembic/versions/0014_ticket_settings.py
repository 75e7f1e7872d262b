"""Add routing rules, ticket templates and sections"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json, UtcDateTime, VocabularyString

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "routing_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("sections", Json, nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("method", VocabularyString, nullable=False),
        sa.Column("last_assignee_id", sa.Integer(), nullable=True),
        sa.Column("assigned_count", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_routing_rule_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_routing_rule_team_id_team")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["person.id"], name=op.f("fk_routing_rule_assignee_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_routing_rule_name_folded")),
    )
    op.create_index("ix_routing_rule_rank", "routing_rule", ["rank", "id"])
    for column in ("company_id", "team_id", "assignee_id"):
        op.create_index(op.f(f"ix_routing_rule_{column}"), "routing_rule", [column])
    op.create_table(
        "ticket_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("is_staff_only", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("ticket_values", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_template")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_ticket_template_name_folded")),
    )
    op.create_index("ix_ticket_template_rank", "ticket_template", ["rank", "id"])
    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_section_name_folded")),
        sa.UniqueConstraint("value", name=op.f("uq_section_value")),
    )
    op.create_index("ix_section_rank", "section", ["rank", "id"])


def downgrade() -> None:
    for table in ("section", "ticket_template", "routing_rule"):
        op.drop_table(table)
