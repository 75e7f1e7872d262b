"""Serve stored files, with byte ranges and headers that make them safe to open."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import Request
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from ticket_app.api.kit.byte_ranges import RangeNotSatisfiable, parse_range
from ticket_app.api.kit.head_requests import HEAD_SCOPE_KEY
from ticket_app.core.attachments import file_types, stored_files
from ticket_app.core.attachments.rows import AttachmentRow

DOWNLOAD_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The content of the file",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""Responses of a download, for the OpenAPI document."""


_UNSAFE_CHARACTER_PATTERN = re.compile(r"[^\w.()+,=@-]", re.ASCII)


def content_disposition(name: str, *, inline: bool) -> str:
    """Return the Content-Disposition header for a file name, in ASCII and UTF-8 (RFC 6266)."""
    disposition_type = "inline" if inline else "attachment"
    ascii_name = _UNSAFE_CHARACTER_PATTERN.sub("_", name)
    return f"{disposition_type}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


class FileDownload(StreamingResponse):
    """The content of a stored file, or the requested range of it.

    Its headers make any file safe to open. Nothing is read before `open` is called.
    """

    def __init__(self, row: AttachmentRow) -> None:
        file_type = file_types.BY_MIME.get(row.mime_type)
        inline = file_type is not None and file_type.shown_inline
        super().__init__(
            iter(()),
            media_type=row.mime_type,
            headers={
                "Content-Length": str(row.size),
                "Content-Disposition": content_disposition(row.original_name, inline=inline),
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "private, max-age=3600",
                "ETag": f'"{row.sha256}"',
                "Accept-Ranges": "bytes",
            },
        )
        self.row = row

    def open(self, request: Request) -> Response:
        """Return the response to this request, with its content ready to be sent. Blocks.

        Raises `NotFound` if the file store does not have the file.
        """
        size = self.row.size
        try:
            byte_range = parse_range(
                request.headers.get("range"),
                request.headers.get("if-range"),
                size=size,
                etag=self.headers["etag"],
            )
        except RangeNotSatisfiable:
            headers = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
            return Response(status_code=416, headers=headers)
        start, end = byte_range or (0, size)
        if byte_range is not None:
            self.status_code = 206
            self.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
            self.headers["Content-Length"] = str(end - start)
        # HEAD sends no content, but reports whether the file is there.
        end = start if request.scope.get(HEAD_SCOPE_KEY) else end
        self.body_iterator = iterate_in_threadpool(stored_files.read_content(self.row, start, end))
        return self


def download(row: AttachmentRow) -> FileDownload:
    """Return the download of a row from `stored_files.get_downloadable_file`."""
    return FileDownload(row)
