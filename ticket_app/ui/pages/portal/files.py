"""Files in the portal: attachments of a ticket and of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import reflex as rx

from ticket_app.core.attachments import file_types
from ticket_app.core.platform.vocabulary import ScanStatus
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.rows import FileRow

UPLOAD_URL: Final = "/session/files"
ALLOWED_EXTENSIONS: Final = ",".join(f".{ending}" for ending in file_types.BY_EXTENSION)
SCAN_STATES: Final[dict[str, tuple[str, str]]] = {
    ScanStatus.CLEAN: ("clean", ""),
    ScanStatus.PENDING: ("scanning", texts.FILE_SCANNING),
    ScanStatus.INFECTED: ("failed", texts.FILE_INFECTED),
    ScanStatus.FAILED: ("failed", texts.FILE_SCAN_FAILED),
}


def format_size(size: int) -> str:
    """A number of bytes as a person says it."""
    if size < 1024:
        return f"{size} B"
    if size < 1024**2:
        return f"{round(size / 1024)} KB"
    return f"{size / 1024**2:.1f} MB"


def file_row(row: Any) -> FileRow:
    """Return the tile of an attachment."""
    state, note = SCAN_STATES[row.scan_status]
    href = f"/files/{row.uuid}"
    is_image = state == "clean" and row.mime_type.startswith("image/")
    return FileRow(
        id=str(row.uuid),
        name=row.original_name,
        size=row.size,
        href=href,
        thumbnail=href if is_image else "",
        extension=file_types.extension_of(row.original_name)[:4],
        state=state,
        note=note or format_size(row.size),
        entry_id=row.entry_id or 0,
    )


def file_rows(rows: Sequence[Any]) -> list[FileRow]:
    """Return the tiles of attachments."""
    return [file_row(row) for row in rows]


def file_tile(file: rx.Var[FileRow], on_remove: Any = None) -> rx.Component:
    """Return a file tile; `remove(id)` is the event that removes it, if it can be removed."""
    return w.attachment_tile(
        name=file.name,
        size=file.note,
        href=file.href,
        extension=file.extension,
        thumbnail=file.thumbnail,
        state=file.state,
        note=file.note,
        on_remove=None if on_remove is None else on_remove(file.id),
    )
