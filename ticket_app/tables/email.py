"""Email out and in, mailboxes, templates, and addresses that are blocked or undeliverable."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, Uuid, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString

IS_WAITING = text("state = 'waiting'")
IS_CLAIMED = text("claimed_by IS NOT NULL")


class OutgoingEmail(SQLModel, table=True):
    """One email to one recipient, with its complete source.

    `state` is one of `waiting` (next try at `next_try_at`), `sent`, `failed` and `dropped`; `kind`
    is that of the notification, or `digest`, `invitation`, `password_reset`, `verification`,
    `rating_request`, `rejected_files`, `forward`. While an attempt runs, `next_try_at` ends its
    lease.
    """

    __tablename__ = "outgoing_email"
    __table_args__ = (
        Index("uq_outgoing_email_once", "message_id", "recipient", unique=True),
        Index("ix_outgoing_email_ticket", "ticket_id", "person_id", "id"),
        Index("ix_outgoing_email_entry", "entry_id"),
        Index("ix_outgoing_email_state", "state", "id"),
        Index("ix_outgoing_email_recipient", "recipient", "created_at"),
        Index("ix_outgoing_email_created", "created_at", "id"),
        Index(
            "ix_outgoing_email_due",
            "next_try_at",
            "id",
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
        Index(
            "ix_outgoing_email_claimed_by",
            "claimed_by",
            sqlite_where=IS_CLAIMED,
            postgresql_where=IS_CLAIMED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    kind: str = Field(sa_type=VocabularyString)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    recipient: str = Field(max_length=254)
    """The address, case-folded."""
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    entry_id: int | None = None
    """The newest timeline entry that it tells of."""
    message_id: str = Field(max_length=300)
    subject: str = Field(max_length=500)
    source: str = Field(sa_type=LongText)
    """The message as it is sent (RFC 5322), ASCII."""
    state: str = Field(sa_type=VocabularyString)
    reason: str | None = Field(default=None, max_length=500)
    """Why it failed, was dropped or is tried again."""
    attempts: int = 0
    attempt_log: list[dict[str, object]] = Field(default_factory=list, sa_type=Json)
    next_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: UUID | None = Field(default=None, sa_type=Uuid)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Mailbox(SQLModel, table=True):
    """An address that receives email for a team, and where it is read from."""

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    name: str = Field(max_length=120)
    address: str = Field(max_length=254)
    address_folded: str = Field(max_length=254, unique=True)
    encrypted_url: str | None = Field(default=None, sa_type=LongText)
    """Its IMAP URL with the password, encrypted; None where mail comes by HTTP or a pipe."""
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    signature: str = Field(default="", sa_type=LongText)
    is_active: bool = True
    last_checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = Field(default=None, max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class IncomingEmail(SQLModel, table=True):
    """An email that arrived, and what became of it.

    `state` is one of `accepted`, `parked`, `ignored` and `discarded` (parked, then thrown away by
    an agent). `key` is the SHA-256 of what makes it the same message (MAIL.md, rule 1).
    """

    __tablename__ = "incoming_email"
    __table_args__ = (
        Index("ix_incoming_email_state", "state", "id"),
        Index("ix_incoming_email_ticket", "ticket_id", "person_id", "id"),
        Index("ix_incoming_email_sender", "sender", "received_at"),
        Index("ix_incoming_email_received", "received_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    key: str = Field(max_length=64, unique=True)
    mailbox_id: int | None = Field(default=None, foreign_key="mailbox.id", index=True)
    channel: str = Field(sa_type=VocabularyString)
    """How it arrived: `imap`, `http` or `pipe`."""
    message_id: str | None = Field(default=None, max_length=500)
    sender: str = Field(max_length=254)
    """The address, case-folded; empty where the message names none."""
    sender_name: str = Field(default="", max_length=200)
    recipients: dict[str, list[str]] = Field(default_factory=dict, sa_type=Json)
    """The addresses of `to` and `cc`."""
    subject: str = Field(default="", max_length=500)
    storage_key: str = Field(max_length=255)
    """The file with its source."""
    size: int
    state: str = Field(sa_type=VocabularyString)
    reason: str | None = Field(default=None, max_length=500)
    is_automatic: bool = False
    """Whether it is an automatic reply, a list's or bulk mail (MAIL.md, rule 6)."""
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    entry_id: int | None = Field(default=None, index=True)
    hidden_text: str = Field(default="", sa_type=LongText)
    """The quoted history and signature that the ticket does not show."""
    received_at: datetime = Field(sa_type=UtcDateTime)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handled_by_id: int | None = Field(default=None, foreign_key="person.id")


class BlockedSender(SQLModel, table=True):
    """An address (`spam@example.com`) or domain (`example.com`) whose mail is not accepted."""

    __tablename__ = "blocked_sender"

    id: int | None = Field(default=None, primary_key=True)
    pattern: str = Field(max_length=254, unique=True)
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UtcDateTime)


class UndeliverableAddress(SQLModel, table=True):
    """An address whose server refused our mail for good; nothing is sent to it."""

    __tablename__ = "undeliverable_address"

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(max_length=254, unique=True)
    """The address, case-folded."""
    reason: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)


class EmailTemplate(SQLModel, table=True):
    """An administrator's own subject and body for one kind of email."""

    __tablename__ = "email_template"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=VocabularyString, unique=True)
    subject: str = Field(max_length=500)
    body: str = Field(sa_type=LongText)
    updated_by_id: int | None = Field(default=None, foreign_key="person.id")
    updated_at: datetime = Field(sa_type=UtcDateTime)
