"""Files in and out: an upload is cut off at the limit, a download is safe to open."""

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

from ticket_app.api.kit.door import Door, SessionDoor
from ticket_app.api.kit.head import HEAD
from ticket_app.api.kit.names import KnownNames, misspelt
from ticket_app.api.kit.part_names import NamedPartParser
from ticket_app.api.kit.ranges import NotSatisfiable, wanted_range
from ticket_app.core.attachments import attachments, file_types
from ticket_app.core.platform import text_formats
from ticket_app.core.platform.errors import REQUIRED, Invalid, Reason, Unacceptable
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.settings import settings

ROOM_FOR_FIELDS = 256 * 1024
"""Bytes of an upload beside the file: the other fields, boundaries and headers."""
LARGEST_UPLOAD = attachments.LARGEST_FILE + ROOM_FOR_FIELDS
"""Bytes of a whole upload; the route stops reading there (`kit.route`)."""
MOST_FIELDS = 30
LONGEST_FIELD = 64 * 1024
BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as it was sent",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""What a download answers, for the OpenAPI document."""
TOO_LARGE = "The file is larger than 10 MB"


@dataclass(slots=True)
class Upload:
    """One file as it arrived, and the fields beside it."""

    path: Path
    name: str
    fields: dict[str, str] = field(default_factory=dict)


def _declared_length(request: Request) -> int:
    declared = request.headers.get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


async def _receive(request: Request, door: Door) -> AsyncIterator[Upload]:
    await run_in_threadpool(door.check)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Invalid("file", NOT_A_FORM)
    if _declared_length(request) > LARGEST_UPLOAD:
        raise Unacceptable(TOO_LARGE, too_large=True)
    parser = NamedPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=MOST_FIELDS,
        max_part_size=LONGEST_FIELD,
    )
    try:
        form = await parser.parse()
    except MultiPartException as wrong:
        if "Too many files" in wrong.message:
            raise Invalid("file", "must be one file") from None
        raise Invalid("file", BROKEN_FORM) from None
    except (KeyError, UnicodeDecodeError):
        raise Invalid("file", BROKEN_FORM) from None
    try:
        sent = form.get("file")
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        problems = _problems(request, form.keys())
        if not isinstance(sent, UploadFile):
            raise Invalid.several([("file", NO_FILE), *problems])
        if problems:
            raise Invalid.several(problems)
        text_formats.read_format(fields.get("format"))
        path = await run_in_threadpool(_set_down, sent)
        try:
            request.state.sent = repr(sorted(fields.items())).encode() + await run_in_threadpool(
                _digest, path, sent.filename or ""
            )
            yield Upload(path, sent.filename or "", fields)
        finally:
            path.unlink(missing_ok=True)
    finally:
        await form.close()


NO_FILE = Reason("is required", "no_file")
NOT_A_FORM = Reason("must be sent as multipart/form-data", "not_a_form")
BROKEN_FORM = Reason("must be a well-formed upload", "not_a_form")


def _problems(request: Request, sent: Collection[str]) -> list[tuple[str, str]]:
    """What is wrong with the names of a form's fields: missing ones and misspelt ones."""
    names: KnownNames | None = getattr(request.scope.get("route"), "names", None)
    if names is None:
        return []
    missing = [
        (name, REQUIRED)
        for name, is_required in names.form.items()
        if is_required and name != "file" and name not in sent
    ]
    return [*missing, *misspelt(sent, {*names.form, "format"}, names.answered)]


def _set_down(sent: UploadFile) -> Path:
    folder = settings().var / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        sent.file.seek(0)
        while chunk := sent.file.read(256 * 1024):
            target.write(chunk)
    return Path(target.name)


def _digest(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        return name.encode("utf-8", "surrogatepass") + hashlib.file_digest(file, "sha256").digest()


async def _upload(request: Request) -> AsyncIterator[Upload]:
    async for upload in _receive(request, Door(request)):
        yield upload


async def _session_upload(request: Request) -> AsyncIterator[Upload]:
    async for upload in _receive(request, SessionDoor(request)):
        yield upload


ReceivedFile = Annotated[Upload, Depends(_upload)]
"""The `file` of a multipart request by somebody known, on disk for the length of the request."""

SessionFile = Annotated[Upload, Depends(_session_upload)]

RECEIVERS = (_upload, _session_upload)
"""The dependencies by which an endpoint takes a file."""


@contextmanager
def examined(door: Door, upload: Upload) -> Iterator[attachments.Examined]:
    """The upload, scanned and stored outside any transaction; forgotten if the block fails."""
    kept = attachments.examine(door.check(), upload.path, upload.name, now=utc_now())
    try:
        yield kept
    except BaseException:
        attachments.forget(kept)
        raise


def used(answer: Response, kept: attachments.Examined) -> Response:
    """The answer; a file that was sent again under an `Idempotency-Key` is not kept twice."""
    if "Idempotency-Replayed" in answer.headers:
        attachments.forget(kept)
    return answer


_PLAIN = re.compile(r"[^\w.()+,=@-]", re.ASCII)


def disposition(name: str, *, inline: bool) -> str:
    """A Content-Disposition for a file name (RFC 6266: plain for old clients, UTF-8 for others)."""
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{_PLAIN.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"


class Download(StreamingResponse):
    """The bytes of a stored file, or the part of them that a request asks for.

    It is safe to open whatever they are. Nothing is read before `opened` was called.
    """

    def __init__(self, row: Any) -> None:
        kind = file_types.BY_MIME.get(row.mime_type)
        inline = kind is not None and kind.shown_inline
        super().__init__(
            iter(()),
            media_type=row.mime_type,
            headers={
                "Content-Length": str(row.size),
                "Content-Disposition": disposition(row.original_name, inline=inline),
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "private, max-age=3600",
                "ETag": f'"{row.sha256}"',
                "Accept-Ranges": "bytes",
            },
        )
        self.row = row

    def opened(self, request: Request) -> Response:
        """The answer to this request, its bytes ready to be sent; blocks.

        Raises `NotFound` if the store does not have the file.
        """
        size = self.row.size
        try:
            wanted = wanted_range(
                request.headers.get("range"),
                request.headers.get("if-range"),
                size=size,
                etag=self.headers["etag"],
            )
        except NotSatisfiable:
            headers = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
            return Response(status_code=416, headers=headers)
        start, end = wanted or (0, size)
        if wanted is not None:
            self.status_code = 206
            self.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
            self.headers["Content-Length"] = str(end - start)
        # Of what HEAD asks for nothing is sent, but it has to be there.
        end = start if request.scope.get(HEAD) else end
        self.body_iterator = iterate_in_threadpool(attachments.content(self.row, start, end))
        return self


def download(row: Any) -> Download:
    """The bytes of a file that `attachments.fetch` gave."""
    return Download(row)
