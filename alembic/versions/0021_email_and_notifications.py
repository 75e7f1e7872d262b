"""Add notifications by email, email and held replies"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json, UtcDateTime

revision = "0021"
down_revision = "0016"
branch_labels = None
depends_on = None


KIND_NAMES = {
    "approval": "approval_requested",
    "service_level": "sla_warning",
    "webhook": "webhook_disabled",
    "reopened": "status_changed",
    "reply": "requester_reply",
}


def upgrade() -> None:
    op.create_table(
        "undeliverable_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undeliverable_address")),
        sa.UniqueConstraint("address", name=op.f("uq_undeliverable_address_address")),
    )
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_folded", sa.String(length=254), nullable=False),
        sa.Column("encrypted_url", sa.Text(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("last_checked_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_mailbox_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
        sa.UniqueConstraint("address_folded", name=op.f("uq_mailbox_address_folded")),
        sa.UniqueConstraint("uuid", name=op.f("uq_mailbox_uuid")),
    )
    op.create_index(op.f("ix_mailbox_team_id"), "mailbox", ["team_id"])

    op.create_table(
        "blocked_sender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(length=254), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_blocked_sender_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_sender")),
        sa.UniqueConstraint("pattern", name=op.f("uq_blocked_sender_pattern")),
    )
    op.create_table(
        "email_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["person.id"], name=op.f("fk_email_template_updated_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_template")),
        sa.UniqueConstraint("kind", name=op.f("uq_email_template_kind")),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_push_subscription_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_subscription_endpoint_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_push_subscription_uuid")),
    )
    op.create_index(op.f("ix_push_subscription_person_id"), "push_subscription", ["person_id"])

    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_account_link_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_link_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_account_link_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_link_token_hash")),
    )
    op.create_index(op.f("ix_account_link_expires_at"), "account_link", ["expires_at"])
    op.create_index(op.f("ix_account_link_person_id"), "account_link", ["person_id"])
    op.create_index(op.f("ix_account_link_ticket_id"), "account_link", ["ticket_id"])

    op.create_table(
        "follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("unfollowed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_follower_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_follower_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower")),
    )
    op.create_index("ix_follower_person", "follower", ["person_id", "ticket_id"])
    op.create_index("uq_follower", "follower", ["ticket_id", "person_id"], unique=True)

    op.create_table(
        "held_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("text_format", sa.String(length=24), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("arguments", Json, nullable=False),
        sa.Column("is_scheduled", sa.Boolean(), nullable=False),
        sa.Column("is_cancelled_by_reply", sa.Boolean(), nullable=False),
        sa.Column("send_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_held_reply_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_held_reply_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_reply")),
        sa.UniqueConstraint("uuid", name=op.f("uq_held_reply_uuid")),
    )
    op.create_index("ix_held_reply_author", "held_reply", ["author_id", "state", "id"])
    op.create_index(
        "ix_held_reply_due",
        "held_reply",
        ["send_at", "id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_held_reply_ticket", "held_reply", ["ticket_id", "id"])

    op.create_table(
        "incoming_email",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("message_id", sa.String(length=500), nullable=True),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("recipients", Json, nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("storage_key", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("hidden_text", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["person.id"], name=op.f("fk_incoming_email_handled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name=op.f("fk_incoming_email_mailbox_id_mailbox")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_incoming_email_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_incoming_email_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_email")),
        sa.UniqueConstraint("key", name=op.f("uq_incoming_email_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_incoming_email_uuid")),
    )
    op.create_index(op.f("ix_incoming_email_entry_id"), "incoming_email", ["entry_id"])
    op.create_index(op.f("ix_incoming_email_mailbox_id"), "incoming_email", ["mailbox_id"])
    op.create_index(op.f("ix_incoming_email_person_id"), "incoming_email", ["person_id"])
    op.create_index("ix_incoming_email_received", "incoming_email", ["received_at", "id"])
    op.create_index("ix_incoming_email_sender", "incoming_email", ["sender", "received_at"])
    op.create_index("ix_incoming_email_state", "incoming_email", ["state", "id"])
    op.create_index("ix_incoming_email_ticket", "incoming_email", ["ticket_id", "person_id", "id"])

    op.create_table(
        "outgoing_email",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempt_log", Json, nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_outgoing_email_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_outgoing_email_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_email")),
        sa.UniqueConstraint("uuid", name=op.f("uq_outgoing_email_uuid")),
    )
    op.create_index(
        "ix_outgoing_email_claimed_by",
        "outgoing_email",
        ["claimed_by"],
        sqlite_where=sa.text("claimed_by IS NOT NULL"),
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )
    op.create_index("ix_outgoing_email_created", "outgoing_email", ["created_at", "id"])
    op.create_index(
        "ix_outgoing_email_due",
        "outgoing_email",
        ["next_try_at", "id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_outgoing_email_entry", "outgoing_email", ["entry_id"])
    op.create_index(op.f("ix_outgoing_email_person_id"), "outgoing_email", ["person_id"])
    op.create_index("ix_outgoing_email_recipient", "outgoing_email", ["recipient", "created_at"])
    op.create_index("ix_outgoing_email_state", "outgoing_email", ["state", "id"])
    op.create_index("ix_outgoing_email_ticket", "outgoing_email", ["ticket_id", "person_id", "id"])
    op.create_index(
        "uq_outgoing_email_once", "outgoing_email", ["message_id", "recipient"], unique=True
    )

    op.execute(
        "DELETE FROM notification WHERE entry_id IS NOT NULL AND id NOT IN "
        "(SELECT min(id) FROM notification GROUP BY entry_id, person_id, kind)"
    )
    op.execute(
        "UPDATE notification SET kind = 'sla_breach' "
        "WHERE kind = 'service_level' AND message LIKE '% is past its %'"
    )
    for old, new in KIND_NAMES.items():
        op.execute(f"UPDATE notification SET kind = '{new}' WHERE kind = '{old}'")  # noqa: S608
    op.add_column(
        "notification",
        sa.Column("is_in_app", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column(
        "notification",
        sa.Column("email_state", sa.String(length=24), server_default="none", nullable=False),
    )
    op.add_column("notification", sa.Column("email_due_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_notification_email_due",
        "notification",
        ["email_due_at", "person_id", "ticket_id"],
        sqlite_where=sa.text("email_state = 'waiting'"),
        postgresql_where=sa.text("email_state = 'waiting'"),
    )
    op.create_index(
        "uq_notification_once",
        "notification",
        ["entry_id", "person_id", "kind"],
        unique=True,
        sqlite_where=sa.text("entry_id IS NOT NULL"),
        postgresql_where=sa.text("entry_id IS NOT NULL"),
    )

    op.add_column("person", sa.Column("email_verified_at", UtcDateTime(), nullable=True))
    # Addresses of people that an administrator or an issuer vouches for, and of demo accounts.
    op.execute(
        "UPDATE person SET email_verified_at = created_at "
        "WHERE role <> 'user' OR issuer IS NOT NULL OR is_demo"
    )


def downgrade() -> None:
    op.execute("UPDATE notification SET kind = 'service_level' WHERE kind = 'sla_breach'")
    for old, new in KIND_NAMES.items():
        op.execute(f"UPDATE notification SET kind = '{old}' WHERE kind = '{new}'")  # noqa: S608
    op.drop_column("person", "email_verified_at")

    op.drop_index("uq_notification_once", table_name="notification")
    op.drop_index("ix_notification_email_due", table_name="notification")
    op.drop_column("notification", "email_due_at")
    op.drop_column("notification", "email_state")
    op.drop_column("notification", "is_in_app")

    op.drop_table("outgoing_email")

    op.drop_table("incoming_email")

    op.drop_table("held_reply")

    op.drop_table("follower")

    op.drop_table("account_link")

    op.drop_table("push_subscription")
    op.drop_table("email_template")
    op.drop_table("blocked_sender")

    op.drop_table("mailbox")
    op.drop_table("undeliverable_address")
