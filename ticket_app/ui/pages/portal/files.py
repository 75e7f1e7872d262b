"""Files in the portal: attachments of a ticket and of a draft."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.core.attachments import file_types
from ticket_app.ui import widgets as w
from ticket_app.ui.rows import FileRow

UPLOAD_URL: Final = "/session/files"
ALLOWED_EXTENSIONS: Final = ",".join(f".{ending}" for ending in file_types.BY_EXTENSION)


def file_tile(file: rx.Var[FileRow], on_remove: rx.event.EventType | None = None) -> rx.Component:
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
