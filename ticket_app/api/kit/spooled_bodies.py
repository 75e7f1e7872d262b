"""Receive a large body into a temporary file: a file sent as the body, or in a form."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from ticket_app.api.kit.request_checks import is_upload
from ticket_app.api.kit.upload_file_names import FileNameMultiPartParser
from ticket_app.api.kit.uploads import MALFORMED_FORM, NO_FILE
from ticket_app.core.platform.errors import Invalid

MAX_SIZE_IN_MEMORY = 1024 * 1024
"""Bytes of a body that are kept in memory; more goes to the disk."""


@dataclass(frozen=True, slots=True)
class SpooledBody:
    """The body, or the file of a form, with what the client says about it."""

    file: IO[bytes]
    name: str
    media_type: str


@asynccontextmanager
async def spool_body(request: Request) -> AsyncGenerator[SpooledBody]:
    """Receive the body; it is deleted when the block ends. Raises `Invalid` for a broken form."""
    if is_upload(request):
        try:
            parser = FileNameMultiPartParser(
                request.headers, request.stream(), max_files=1, max_fields=0
            )
            form = await parser.parse()
        except (MultiPartException, KeyError, UnicodeDecodeError):
            raise Invalid("file", MALFORMED_FORM) from None
        try:
            part = form.get("file")
            if not isinstance(part, UploadFile):
                raise Invalid("file", NO_FILE)
            yield SpooledBody(part.file, part.filename or "", _media_type(part.content_type))
        finally:
            await form.close()
        return
    with tempfile.SpooledTemporaryFile(max_size=MAX_SIZE_IN_MEMORY) as file:
        async for chunk in request.stream():
            await run_in_threadpool(file.write, chunk)
        yield SpooledBody(file, "", _media_type(request.headers.get("content-type")))


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()
