"""The timeline of tickets: entries, attachments, announced files and drafts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, Uuid, text
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, LongText, UtcDateTime, VocabularyString

PUBLIC_REPLY_CONDITION = "kind = 'comment' AND audience = 'public' AND deleted_at IS NULL"
IS_DELETED = text("deleted_at IS NOT NULL")
HAS_FIELD = text("field IS NOT NULL")
IS_RARE_KIND = text("kind NOT IN ('created', 'comment', 'change')")
"""True for the kinds of which there are few entries; a query for one of them repeats it."""


class Entry(SQLModel, table=True):
    """One event on a ticket (comment, field change, file, decision): who, when, what, for whom."""

    __tablename__ = "timeline"
    __table_args__ = (
        Index("ix_timeline_ticket", "ticket_id", "id"),
        Index("ix_timeline_kind", "kind", "id"),
        Index("ix_timeline_at", "at", "id"),
        Index("ix_timeline_actor", "actor_id", "at", "id"),
        Index("ix_timeline_channel", "channel", "at", "id"),
        Index(
            "ix_timeline_field",
            "field",
            "at",
            "id",
            sqlite_where=HAS_FIELD,
            postgresql_where=HAS_FIELD,
        ),
        Index(
            "ix_timeline_rare_kind",
            "kind",
            "at",
            "id",
            sqlite_where=IS_RARE_KIND,
            postgresql_where=IS_RARE_KIND,
        ),
        Index(
            "ix_timeline_reply",
            "at",
            "actor_id",
            sqlite_where=text(PUBLIC_REPLY_CONDITION + " AND by_staff = 1"),
            postgresql_where=text(PUBLIC_REPLY_CONDITION + " AND by_staff"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    ticket_updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The ticket's `updated_at` before this entry was written."""
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    by_staff: bool = False
    kind: str = Field(sa_type=VocabularyString)
    audience: str = Field(sa_type=VocabularyString)
    body: str | None = Field(default=None, sa_type=LongText)
    body_format: str = Field(default="markdown", sa_type=VocabularyString)
    field: str | None = Field(default=None, max_length=40)
    old_value: str | None = Field(default=None, sa_type=LongText)
    new_value: str | None = Field(default=None, sa_type=LongText)
    old_id: int | None = None
    new_id: int | None = None
    mentions: list[int] | None = Field(default=None, sa_type=Json)
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    edited: bool = False
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel: str | None = Field(default=None, sa_type=VocabularyString)
    """What it came through: `web`, a dialect, `mcp`, `import`, `system`; None if not known."""
    address: str | None = Field(default=None, max_length=64)
    request_id: str | None = Field(default=None, max_length=64)


class Attachment(SQLModel, table=True):
    """A file on a ticket, a comment, or a draft that is not a ticket yet."""

    __table_args__ = (
        Index("ix_attachment_ticket", "ticket_id", "id"),
        Index("ix_attachment_scan", "scan_status", "id"),
        Index(
            "ix_attachment_removed",
            "deleted_at",
            sqlite_where=IS_DELETED,
            postgresql_where=IS_DELETED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    entry_id: int | None = Field(default=None, foreign_key="timeline.id", index=True)
    draft_id: int | None = Field(default=None, foreign_key="draft.id", index=True)
    uploader_id: int = Field(foreign_key="person.id", index=True)
    original_name: str = Field(max_length=255)
    stored_name: str = Field(max_length=80, unique=True)
    description: str | None = Field(default=None, max_length=1000)
    attachment_type: str = Field(sa_type=VocabularyString)
    mime_type: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    storage_key: str = Field(max_length=255)
    is_public: bool = False
    audience: str = Field(sa_type=VocabularyString)
    scan_status: str = Field(sa_type=VocabularyString)
    scan_reason: str | None = Field(default=None, max_length=500)
    uploaded_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AnnouncedFile(SQLModel, table=True):
    """A file that a client has announced by name and not uploaded yet."""

    __tablename__ = "announced_file"

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    entry_id: int | None = Field(default=None, foreign_key="timeline.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    name: str = Field(max_length=255)
    audience: str = Field(sa_type=VocabularyString)
    announced_at: datetime = Field(sa_type=UtcDateTime)


class Draft(SQLModel, table=True):
    """Unsent text of a person, kept on the server for all their devices."""

    __table_args__ = (Index("uq_draft_person_place", "person_id", "place", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    place: str = Field(max_length=80)
    content: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
