"""Response bodies of attachments (Attachment Response)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from typing_extensions import TypedDict

from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.api.kit.media import media_path
from ticket_app.core.attachments.rows import UploadedFileRow


class Attachment(TypedDict):
    """Attachment Response."""

    id: UUID
    ticket: UUID
    file: str
    name: str
    size: int
    uploaded_by: UUID
    uploaded_by_name: str
    created_at: datetime


class AttachmentPage(ListPage):
    """One page of attachments."""

    results: list[Attachment]


def format_attachment(row: UploadedFileRow, ticket: UUID) -> Attachment:
    """Format an attachment (Attachment Response)."""
    return {
        "id": row.uuid,
        "ticket": ticket,
        "file": media_path(row),
        "name": row.original_name,
        "size": row.size,
        "uploaded_by": row.uploader_uuid,
        "uploaded_by_name": row.uploader_name,
        "created_at": row.uploaded_at,
    }
