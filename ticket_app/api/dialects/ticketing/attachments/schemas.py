"""Response bodies of attachments (Models: TicketAttachment)."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.api.kit.media import media_path
from ticket_app.core.attachments.rows import UploadedFileRow


class Attachment(TypedDict):
    """TicketAttachment."""

    id: int
    ticket: int
    file: str
    filename: str
    file_size: int
    uploaded_by: int
    uploaded_by_name: str
    uploaded_at: datetime
    description: str | None


class AttachmentPage(ListPage):
    """One page of attachments."""

    results: list[Attachment]


def format_attachment(row: UploadedFileRow) -> Attachment:
    """Format an attachment (TicketAttachment)."""
    return {
        "id": row.id,
        "ticket": row.ticket_id or 0,
        "file": media_path(row),
        "filename": row.original_name,
        "file_size": row.size,
        "uploaded_by": row.uploader_id,
        "uploaded_by_name": row.uploader_name,
        "uploaded_at": row.uploaded_at,
        "description": row.description,
    }
