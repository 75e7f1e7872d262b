"""Receive uploads and serve downloads."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import Response, StreamingResponse

from ticket_app.api.kit.byte_ranges import RangeNotSatisfiable, parse_range
from ticket_app.api.kit.head_requests import HEAD_SCOPE_KEY
from ticket_app.api.kit.misspelt_names import KnownRouteNames, find_misspelt
from ticket_app.api.kit.request_context import RequestContext, SessionRequestContext
from ticket_app.api.kit.upload_file_names import FileNameMultiPartParser
from ticket_app.core.attachments import attachments, file_types
from ticket_app.core.platform import text_formats
from ticket_app.core.platform.errors import REQUIRED, FileRejected, Invalid, Reason
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.settings import settings

MAX_FORM_OVERHEAD = 256 * 1024
"""Bytes of an upload besides the file: other fields, boundaries and headers."""
MAX_UPLOAD_SIZE = attachments.MAX_FILE_BYTES + MAX_FORM_OVERHEAD
"""Bytes of a whole upload; `kit.route` stops reading there."""
MAX_FORM_FIELDS = 30
MAX_FORM_FIELD_SIZE = 64 * 1024
DOWNLOAD_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as it was sent",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""Responses of a download, for the OpenAPI document."""
TOO_LARGE = "The file is larger than 10 MB"


@dataclass(slots=True)
class Upload:
    """A received file and the other fields of its form."""

    path: Path
    name: str
    fields: dict[str, str] = field(default_factory=dict)


def _content_length(request: Request) -> int:
    declared = request.headers.get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


async def _receive_upload(request: Request, context: RequestContext) -> AsyncIterator[Upload]:
    await run_in_threadpool(context.authenticate)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Invalid("file", NOT_A_FORM)
    if _content_length(request) > MAX_UPLOAD_SIZE:
        raise FileRejected(TOO_LARGE, is_too_large=True)
    parser = FileNameMultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=MAX_FORM_FIELDS,
        max_part_size=MAX_FORM_FIELD_SIZE,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        if "Too many files" in error.message:
            raise Invalid("file", "must be one file") from None
        raise Invalid("file", MALFORMED_FORM) from None
    except (KeyError, UnicodeDecodeError):
        raise Invalid("file", MALFORMED_FORM) from None
    try:
        file_part = form.get("file")
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        problems = _form_problems(request, form.keys())
        if not isinstance(file_part, UploadFile):
            raise Invalid.from_problems([("file", NO_FILE), *problems])
        if problems:
            raise Invalid.from_problems(problems)
        text_formats.parse_format(fields.get("format"))
        path = await run_in_threadpool(_save_to_disk, file_part)
        try:
            request.state.sent = repr(sorted(fields.items())).encode() + await run_in_threadpool(
                _digest, path, file_part.filename or ""
            )
            yield Upload(path, file_part.filename or "", fields)
        finally:
            path.unlink(missing_ok=True)
    finally:
        await form.close()


NO_FILE = Reason("is required", "no_file")
NOT_A_FORM = Reason("must be sent as multipart/form-data", "not_a_form")
MALFORMED_FORM = Reason("must be a well-formed upload", "not_a_form")


def _form_problems(request: Request, sent_names: Collection[str]) -> list[tuple[str, str]]:
    """Return the problems with a form's field names: missing and misspelt ones."""
    names: KnownRouteNames | None = getattr(request.scope.get("route"), "names", None)
    if names is None:
        return []
    missing = [
        (name, REQUIRED)
        for name, is_required in names.form_fields.items()
        if is_required and name != "file" and name not in sent_names
    ]
    return [
        *missing,
        *find_misspelt(sent_names, {*names.form_fields, "format"}, names.response_fields),
    ]


def _save_to_disk(file: UploadFile) -> Path:
    folder = settings().var / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        file.file.seek(0)
        while chunk := file.file.read(256 * 1024):
            target.write(chunk)
    return Path(target.name)


def _digest(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        return name.encode("utf-8", "surrogatepass") + hashlib.file_digest(file, "sha256").digest()


async def _upload_dependency(request: Request) -> AsyncIterator[Upload]:
    async for upload in _receive_upload(request, RequestContext(request)):
        yield upload


async def _session_upload_dependency(request: Request) -> AsyncIterator[Upload]:
    async for upload in _receive_upload(request, SessionRequestContext(request)):
        yield upload


UploadDep = Annotated[Upload, Depends(_upload_dependency)]
"""The uploaded `file` of an authenticated caller, on disk until the request ends."""

SessionUploadDep = Annotated[Upload, Depends(_session_upload_dependency)]

UPLOAD_DEPENDENCIES = (_upload_dependency, _session_upload_dependency)
"""The dependencies by which an endpoint takes a file."""


@contextmanager
def examine_upload(context: RequestContext, upload: Upload) -> Iterator[attachments.StoredUpload]:
    """Scan and store an upload outside any transaction; discard it if the block fails."""
    examined_file = attachments.check_and_store(
        context.authenticate(), upload.path, upload.name, now=utc_now()
    )
    try:
        yield examined_file
    except BaseException:
        attachments.discard_upload(examined_file)
        raise


def discard_if_replayed(response: Response, examined_file: attachments.StoredUpload) -> Response:
    """Discard the file if `Idempotency-Key` replayed an earlier response; return the response."""
    if "Idempotency-Replayed" in response.headers:
        attachments.discard_upload(examined_file)
    return response


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

    def __init__(self, row: Any) -> None:
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
        self.body_iterator = iterate_in_threadpool(attachments.read_content(self.row, start, end))
        return self


def download(row: Any) -> FileDownload:
    """Return the download of a row from `attachments.get_downloadable_file`."""
    return FileDownload(row)
