"""Attachments as the pages of portal and workspace show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ticket_app.core.attachments import attachments, file_types
from ticket_app.core.attachments.rows import AttachmentRow
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.vocabulary import ScanStatus
from ticket_app.ui import texts
from ticket_app.ui.rows import FileRow

SCAN_STATES: Final[dict[str, tuple[str, str]]] = {
    ScanStatus.CLEAN: ("clean", ""),
    ScanStatus.PENDING: ("scanning", texts.SCAN_PENDING),
    ScanStatus.INFECTED: ("failed", texts.SCAN_INFECTED),
    ScanStatus.FAILED: ("failed", texts.SCAN_FAILED),
}
"""The tile's state and the note that replaces the size, by scan status."""


def format_size(size: int) -> str:
    """Return a number of bytes in a readable unit."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


def file_row(row: AttachmentRow, actor: Actor | None = None) -> FileRow:
    """Return the tile of an attachment; the actor may be offered to change it on its ticket."""
    state, note = SCAN_STATES[row.scan_status]
    href = f"/files/{row.uuid}"
    is_image = state == "clean" and row.mime_type.startswith("image/")
    return FileRow(
        id=str(row.uuid),
        name=row.original_name,
        size=row.size,
        href=href,
        thumbnail=href if is_image else "",
        extension=file_types.extension_of(row.original_name)[:4] or "file",
        state=state,
        note=note or format_size(row.size),
        entry_id=row.entry_id or 0,
        description=row.description or "",
        can_change=actor is not None and attachments.can_change_file(actor, row.uploader_id),
    )


def file_rows(rows: Sequence[AttachmentRow], actor: Actor | None = None) -> list[FileRow]:
    """Return the tiles of attachments; the actor may be offered to change them."""
    return [file_row(row, actor) for row in rows]
