"""The rows that files are read as."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID


class StoredFileRow:
    """A file: what it is called, where it is stored, and who may read it."""

    id: int
    uuid: UUID
    ticket_id: int | None
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


class UploadedFileRow(StoredFileRow):
    """A file with the name of its uploader."""

    uploader_uuid: UUID
    uploader_username: str
    uploader_first_name: str
    uploader_last_name: str
    uploader_name: str


class AttachmentRow(UploadedFileRow):
    """A file on a ticket, or in a draft, with the role of its uploader."""

    uploader_role: str


class AnnouncedFileRow:
    """A file that a client has named and will upload later."""

    id: int
    entry_id: int | None
    name: str
    audience: str
