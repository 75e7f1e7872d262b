"""Import tickets from another system; the document has no such endpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.errors import success_body
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
)
from ticket_app.api.kit.request_context import RequestContext, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.kit.spooled_bodies import SpooledBody, spool_body
from ticket_app.api.kit.validation_errors import format_problem
from ticket_app.core.imports.reading import FileFormat
from ticket_app.core.imports.ticket_import import ImportReport, import_tickets
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import open_unit_of_work

MAX_IMPORT_SIZE = 100 * 1024 * 1024
"""Bytes of one import."""
FORMAT_BY_MEDIA_TYPE = {
    "text/csv": FileFormat.CSV,
    "application/csv": FileFormat.CSV,
    "application/jsonl": FileFormat.JSONL,
    "application/json-lines": FileFormat.JSONL,
    "application/jsonlines": FileFormat.JSONL,
    "application/ndjson": FileFormat.JSONL,
    "application/x-jsonlines": FileFormat.JSONL,
    "application/x-ndjson": FileFormat.JSONL,
}
FORMAT_BY_FILE_ENDING = {
    "csv": FileFormat.CSV,
    "jsonl": FileFormat.JSONL,
    "ndjson": FileFormat.JSONL,
}
FORMAT_REQUIRED = "must be csv or jsonl (or send Content-Type: text/csv or application/x-ndjson)"
REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}
router = create_router("Import", max_body_size=MAX_IMPORT_SIZE)


class RowError(TypedDict):
    """What is wrong with a field of a row; `message` is a sentence."""

    row: int
    field: str
    message: str


class ImportResult(TypedDict):
    """The outcome of an import; `errors` are the first 1,000."""

    dry_run: bool
    total: int
    created: int
    skipped: int
    failed: int
    errors: list[RowError]


def format_report(report: ImportReport) -> ImportResult:
    """Return the outcome for the response."""
    return {
        "dry_run": report.is_dry_run,
        "total": report.rows,
        "created": report.created,
        "skipped": report.skipped,
        "failed": report.failed,
        "errors": [
            {
                "row": problem.row,
                "field": problem.field,
                "message": f"The row {problem.reason}."
                if problem.field == "row"
                else format_problem(problem.field, problem.reason),
            }
            for problem in report.problems
        ],
    }


async def _receive_file(request: Request) -> AsyncIterator[SpooledBody]:
    """Receive the file of a caller who may import tickets."""
    actor = await run_in_threadpool(RequestContext(request).authenticate)
    actor.require("import_tickets", "import tickets")
    async with spool_body(request) as body:
        yield body


@router.post(
    "/tickets/import",
    response_model=SuccessResponse[ImportResult],
    openapi_extra=REQUEST_BODY,
)
def import_file(
    context: RequestContextDep,
    body: Annotated[SpooledBody, Depends(_receive_file)],
    format: Annotated[Literal["csv", "jsonl"] | None, Query()] = None,  # noqa: A002
    dry_run: Annotated[bool, Query(description="Check the rows and create nothing")] = False,
) -> JsonResponse:
    """Import tickets with their original numbers, dates and comments, as CSV or JSON lines.

    `created` tickets are new, `skipped` ones were imported earlier (by their `external_id`), and
    `failed` rows have `errors`. In a dry run `created` is how many would be.
    """
    actor = context.authenticate()
    open_uow = partial(open_unit_of_work, actor=actor, request_id=context.request_id)
    report = import_tickets(open_uow, body.file, _file_format(format, body), dry_run=dry_run)
    message = "Import checked" if dry_run else "Import finished"
    return JsonResponse(success_body(format_report(report), message, context.request_id))


def _file_format(name: str | None, body: SpooledBody) -> FileFormat:
    """Return the format that the client names, or that of the media type or the file's name."""
    if name is not None:
        return FileFormat(name)
    ending = body.name.rpartition(".")[2].lower()
    file_format = FORMAT_BY_MEDIA_TYPE.get(body.media_type) or FORMAT_BY_FILE_ENDING.get(ending)
    if file_format is None:
        raise Invalid("format", FORMAT_REQUIRED)
    return file_format
