"""Send tables as CSV or XLSX files, one batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Literal, TypeVar

from starlette.responses import StreamingResponse

from ticket_app.api.kit.downloads import content_disposition
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.core.reports.tabular import Row, as_csv
from ticket_app.core.reports.workbooks import Worksheet, as_xlsx

Batch = TypeVar("Batch")

CONTENT_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download_headers(name: str, file_format: str) -> dict[str, str]:
    """Return the headers of a file to be saved under this name; caches must not store it."""
    return {
        "Content-Type": CONTENT_TYPES[file_format],
        "Content-Disposition": content_disposition(name, inline=False),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def prefetch_first(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Return the batches after reading the first one, so that errors surface before the response
    starts.
    """
    return chain([next(batches)], batches)


def tickets_response(
    columns: Sequence[str], batches: Iterator[Sequence[Row]], file_format: Literal["csv", "xlsx"]
) -> StreamingResponse:
    """Stream exported tickets as a file. A file that ends regularly is complete."""
    batches = prefetch_first(batches)
    if file_format == "csv":
        chunks = as_csv(columns, batches)
    else:
        chunks = as_xlsx([Worksheet("Tickets", columns, batches)])
    name = f"tickets-{utc_now():%Y-%m-%d}.{file_format}"
    return StreamingResponse(chunks, headers=download_headers(name, file_format))
