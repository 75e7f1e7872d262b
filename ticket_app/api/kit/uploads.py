"""Receive uploads and serve downloads."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import Response

from ticket_app.api.kit.idempotent_requests import run_idempotently
from ticket_app.api.kit.misspelt_names import KnownRouteNames, find_misspelt
from ticket_app.api.kit.query_parameters import parse_ticket_parameter
from ticket_app.api.kit.request_context import RequestContext, SessionRequestContext
from ticket_app.api.kit.upload_file_names import FileNameMultiPartParser
from ticket_app.core.attachments import uploading
from ticket_app.core.platform import text_formats
from ticket_app.core.platform.errors import BLANK, REQUIRED, FileRejected, Invalid, Reason
from ticket_app.core.platform.unit_of_work import UnitOfWork, utc_now
from ticket_app.core.tickets import locking, ticket_lookup
from ticket_app.settings import settings
from ticket_app.tables import Ticket

MAX_FORM_OVERHEAD = 256 * 1024
"""Bytes of an upload besides the file: other fields, boundaries and headers."""
MAX_UPLOAD_SIZE = uploading.MAX_FILE_BYTES + MAX_FORM_OVERHEAD
"""Bytes of a whole upload; `kit.route` stops reading there."""
MAX_FORM_FIELDS = 30
MAX_FORM_FIELD_SIZE = 64 * 1024


@dataclass(slots=True)
class Upload:
    """A received file and the other fields of its form."""

    path: Path
    name: str
    fields: dict[str, str]


def _content_length(request: Request) -> int:
    declared = request.headers.get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


async def _receive_upload(request: Request, context: RequestContext) -> AsyncIterator[Upload]:
    await run_in_threadpool(context.authenticate)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Invalid("file", NOT_A_FORM)
    if _content_length(request) > MAX_UPLOAD_SIZE:
        raise FileRejected(uploading.TOO_LARGE, is_too_large=True)
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
def examine_upload(context: RequestContext, upload: Upload) -> Generator[uploading.StoredUpload]:
    """Scan and store an upload outside any transaction; discard it if the block fails."""
    examined_file = uploading.count_check_and_store(
        context.authenticate(), upload.path, upload.name, now=utc_now()
    )
    try:
        yield examined_file
    except BaseException:
        uploading.discard_upload(examined_file)
        raise


def attach_upload(
    context: RequestContext,
    upload: Upload,
    ticket_id: str,
    attach: Callable[[UnitOfWork, Ticket, uploading.StoredUpload], Response],
) -> Response:
    """Scan and store an upload, and attach it to a ticket in one transaction.

    `attach` receives the locked ticket. Raises `NotFound` before the file is scanned if the caller
    may not see the ticket. If `Idempotency-Key` replays an earlier response, the file is discarded.
    """
    with context.unit_of_work(writes=False) as uow:
        ticket_lookup.read_ticket(uow, ticket_id, "summary")
    with examine_upload(context, upload) as examined_file, context.unit_of_work() as uow:

        def attach_once() -> Response:
            return attach(uow, locking.lock_ticket(uow, ticket_id), examined_file)

        response = run_idempotently(context, uow, attach_once)
        if "Idempotency-Replayed" in response.headers:
            uploading.discard_upload(examined_file)
        return response


def require_ticket_field(fields: Mapping[str, str]) -> str:
    """Return the ticket that an upload's form names. Raises `Invalid`."""
    value = fields.get("ticket")
    if value is None:
        raise Invalid("ticket", REQUIRED)
    if not value.strip():
        raise Invalid("ticket", BLANK)
    parse_ticket_parameter("ticket", value)
    return value


def upload_form_schema(**fields: Mapping[str, object]) -> dict[str, object]:
    """Return the OpenAPI request body of an upload: its `file` and these form fields.

    A field whose schema has `"required": True` is required.
    """
    required = ["file", *(name for name, schema in fields.items() if schema.get("required"))]
    properties = {
        "file": {"type": "string", "format": "binary"},
        **{name: _without_required(schema) for name, schema in fields.items()},
    }
    schema = {"type": "object", "required": required, "properties": properties}
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }


def _without_required(field_schema: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in field_schema.items() if name != "required"}
