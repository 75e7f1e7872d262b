"""Files of tickets and drafts on the pages of staff and requesters."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from ticket_app.core.attachments import file_types
from ticket_app.ui import widgets as w
from ticket_app.ui.rows import FileRow

UPLOAD_URL: Final = "/session/files"
ALLOWED_EXTENSIONS: Final = ",".join(f".{ending}" for ending in file_types.BY_EXTENSION)


def file_tiles(files: rx.Var[list[FileRow]], on_remove: Any) -> rx.Component:
    """Return the tiles of files; `on_remove(id)` is the event that removes one."""

    def tile(file: rx.Var[FileRow]) -> rx.Component:
        return w.attachment_tile(
            name=file.name,
            size=file.note,
            href=file.href,
            extension=file.extension,
            thumbnail=file.thumbnail,
            state=file.state,
            note=file.note,
            on_remove=on_remove(file.id),
            key=file.id,
        )

    return w.file_list(rx.foreach(files, tile))
