"""Add SLA policies and targets"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENTS = (
    "respond_by",
    "resolve_by",
    "sla_paused_at",
    "response_warned_at",
    "resolution_warned_at",
    "first_response_breached_at",
    "sla_next_at",
)
SECONDS = ("response_left", "resolution_left")
SHARED = ["department_id", "sla_policy_id", "priority", "deleted_at"]
INDEXES: dict[str, tuple[list[str], str]] = {
    "ix_ticket_deleted_at": (["deleted_at"], "deleted_at IS NOT NULL"),
    "ix_ticket_sla_policy": (["sla_policy_id"], "sla_policy_id IS NOT NULL"),
    "ix_ticket_sla_next": (["sla_next_at", "id"], "sla_next_at IS NOT NULL"),
    "ix_ticket_resolution_kept": (
        ["resolved_at", *SHARED, "resolve_by", "sla_breached_at"],
        "sla_policy_id IS NOT NULL AND resolved_at IS NOT NULL",
    ),
    "ix_ticket_resolution_broken": (
        ["sla_breached_at", *SHARED],
        "sla_breached_at IS NOT NULL",
    ),
    "ix_ticket_response_kept": (
        ["first_response_at", *SHARED, "respond_by", "first_response_breached_at"],
        "sla_policy_id IS NOT NULL AND first_response_at IS NOT NULL",
    ),
    "ix_ticket_response_broken": (
        ["first_response_breached_at", *SHARED],
        "first_response_breached_at IS NOT NULL",
    ),
}


def upgrade() -> None:
    op.create_table(
        "business_calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("week", Json, nullable=False),
        sa.Column("country", sa.String(length=8), nullable=True),
        sa.Column("subdivision", sa.String(length=40), nullable=True),
        sa.Column("closed_on", Json, nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_calendar")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_business_calendar_name_folded")),
    )
    with op.batch_alter_table("business_calendar", schema=None) as batch_op:
        batch_op.create_index(
            "uq_business_calendar_default",
            ["is_default"],
            unique=True,
            sqlite_where=sa.text("is_default"),
            postgresql_where=sa.text("is_default"),
        )
    op.create_table(
        "service_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("priorities", Json, nullable=False),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("respond_minutes", sa.Integer(), nullable=True),
        sa.Column("resolve_minutes", sa.Integer(), nullable=True),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("warn_percent", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_service_policy_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["business_calendar.id"],
            name=op.f("fk_service_policy_calendar_id_business_calendar"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_policy")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_service_policy_name_folded")),
    )
    with op.batch_alter_table("service_policy", schema=None) as batch_op:
        batch_op.create_index("ix_service_policy_rank", ["rank", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_service_policy_company_id"), ["company_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_service_policy_calendar_id"), ["calendar_id"], unique=False
        )
    # Column by column, with the key inline on SQLite: a batch would copy every ticket.
    promised = sa.ForeignKey(
        "service_policy.id", name=op.f("fk_ticket_sla_policy_id_service_policy")
    )
    op.add_column(
        "ticket",
        sa.Column("sla_policy_id", sa.Integer(), promised, nullable=True),
        inline_references=op.get_bind().dialect.name == "sqlite",
    )
    for name in MOMENTS:
        op.add_column("ticket", sa.Column(name, UtcDateTime(), nullable=True))
    for name in SECONDS:
        op.add_column("ticket", sa.Column(name, sa.Integer(), nullable=True))
    op.drop_index("ix_ticket_deleted_at", table_name="ticket")
    for name, (columns, where) in INDEXES.items():
        op.create_index(
            name,
            "ticket",
            columns,
            unique=False,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="ticket")
    op.create_index("ix_ticket_deleted_at", "ticket", ["deleted_at"], unique=False)
    for name in (*SECONDS, *MOMENTS, "sla_policy_id"):
        op.execute(f"ALTER TABLE ticket DROP COLUMN {name}")
    op.drop_table("service_policy")
    op.drop_table("business_calendar")
