"""Add merging and reports"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ALIVE = sa.text("deleted_at IS NULL")
OWN = sa.text("permissions <> 'null'")
RESOLVED = sa.text("deleted_at IS NULL AND resolved_at IS NOT NULL")
DEPARTMENT_BY = {
    "ix_ticket_department_priority": "priority_rank",
    "ix_ticket_department_status": "status_rank",
    "ix_ticket_department_due": "due_sort_at",
}
REPLY = "kind = 'comment' AND audience = 'public' AND deleted_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status_before", sa.String(length=24), nullable=False),
        sa.Column("resolved_before", UtcDateTime(), nullable=True),
        sa.Column("closed_before", UtcDateTime(), nullable=True),
        sa.Column("original_before_id", sa.Integer(), nullable=True),
        sa.Column("tags_added", Json, nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_merge_ticket_id_ticket")
        ),
        sa.ForeignKeyConstraint(["into_id"], ["ticket.id"], name=op.f("fk_merge_into_id_ticket")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_merge_by_id_person")),
        sa.ForeignKeyConstraint(
            ["original_before_id"], ["ticket.id"], name=op.f("fk_merge_original_before_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index("ix_merge_ticket", ["ticket_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_into_id"), ["into_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_merge_original_before_id"), ["original_before_id"], unique=False
        )
    op.create_table(
        "moved_entry",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["timeline.id"], name=op.f("fk_moved_entry_entry_id_timeline")
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["ticket.id"], name=op.f("fk_moved_entry_origin_id_ticket")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_moved_entry")),
    )
    with op.batch_alter_table("moved_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moved_entry_origin_id"), ["origin_id"], unique=False)
    op.create_table(
        "moved_attachment",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_moved_attachment_attachment_id_attachment"),
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["ticket.id"], name=op.f("fk_moved_attachment_origin_id_ticket")
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_moved_attachment")),
    )
    with op.batch_alter_table("moved_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moved_attachment_origin_id"), ["origin_id"], unique=False
        )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_created")
        batch_op.create_index(
            "ix_ticket_created",
            ["created_at", "id", "department_id", "status", "category", "deleted_at"],
            unique=False,
            sqlite_where=ALIVE,
            postgresql_where=ALIVE,
        )
        batch_op.drop_index("ix_ticket_department")
        batch_op.create_index(
            "ix_ticket_department", ["department_id", "id", "deleted_at"], unique=False
        )
        for name, column in DEPARTMENT_BY.items():
            batch_op.create_index(
                name,
                ["department_id", column, "id"],
                unique=False,
                sqlite_where=ALIVE,
                postgresql_where=ALIVE,
            )
        batch_op.create_index(
            "ix_ticket_resolved",
            ["resolved_at", "created_at", "department_id", "satisfaction_rating", "deleted_at"],
            unique=False,
            sqlite_where=RESOLVED,
            postgresql_where=RESOLVED,
        )
    op.create_index(
        "ix_person_own_permissions",
        "person",
        ["id"],
        unique=False,
        sqlite_where=OWN,
        postgresql_where=OWN,
    )
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.create_index(
            "ix_approval_step_pending",
            ["request_id"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.create_index(
            "ix_timeline_reply",
            ["at", "actor_id"],
            unique=False,
            sqlite_where=sa.text(REPLY + " AND by_staff = 1"),
            postgresql_where=sa.text(REPLY + " AND by_staff"),
        )


def downgrade() -> None:
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.drop_index("ix_timeline_reply")
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_step_pending")
    op.drop_index("ix_person_own_permissions", table_name="person")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_resolved")
        for name in DEPARTMENT_BY:
            batch_op.drop_index(name)
        batch_op.drop_index("ix_ticket_department")
        batch_op.create_index(
            "ix_ticket_department",
            ["department_id", "id"],
            unique=False,
            sqlite_where=ALIVE,
            postgresql_where=ALIVE,
        )
        batch_op.drop_index("ix_ticket_created")
        batch_op.create_index(
            "ix_ticket_created",
            ["created_at", "id"],
            unique=False,
            sqlite_where=ALIVE,
            postgresql_where=ALIVE,
        )
    op.drop_table("moved_attachment")
    op.drop_table("moved_entry")
    op.drop_table("merge")
