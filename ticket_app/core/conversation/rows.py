"""The rows that the comments, changes and files of several tickets are read as."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ticket_app.core.timeline.rows import EntryRow


class TicketEntryRow(EntryRow):
    """A timeline entry with its author and the UUID of its ticket."""

    ticket_uuid: UUID


class TicketFileRow:
    """A file on a ticket, with who uploaded it."""

    id: int
    uuid: UUID
    ticket_id: int
    entry_id: int | None
    draft_id: int | None
    uploader_id: int
    original_name: str
    stored_name: str
    description: str | None
    attachment_type: str
    mime_type: str
    size: int
    sha256: str
    storage_key: str
    is_public: bool
    audience: str
    scan_status: str
    scan_reason: str | None
    uploaded_at: datetime
    deleted_at: datetime | None
    ticket_uuid: UUID
    uploader_uuid: UUID
    uploader_username: str
    uploader_first_name: str
    uploader_last_name: str
    uploader_name: str
