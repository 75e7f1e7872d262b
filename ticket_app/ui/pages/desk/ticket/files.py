"""The tiles of files."""

from __future__ import annotations

from typing import Any, Final

from ticket_app.core.platform.vocabulary import ScanStatus
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.rows import FileRow


def _format_size(count: int) -> str:
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1024**2 else f"{count / 1024**2:.1f} MB"


SCAN_STATES: Final = {
    ScanStatus.CLEAN: ("clean", ""),
    ScanStatus.PENDING: ("scanning", texts.TICKET_FILE_SCANNING),
    ScanStatus.INFECTED: ("failed", texts.TICKET_FILE_BLOCKED_BY_SECURITY_SCAN),
    ScanStatus.FAILED: ("failed", texts.TICKET_FILE_SECURITY_SCAN_FAILED),
}


def file_row(row: Any) -> FileRow:
    """Return the tile of a file."""
    state, note = SCAN_STATES[ScanStatus(row.scan_status)]
    name = row.original_name
    address = f"/files/{row.uuid}"
    return FileRow(
        id=str(row.uuid),
        name=name,
        size=row.size,
        href=address,
        thumbnail=address if state == "clean" and row.mime_type.startswith("image/") else "",
        extension=name.rpartition(".")[2][:4] if "." in name else "file",
        state=state,
        note=note or _format_size(row.size),
        entry_id=row.entry_id or 0,
    )
