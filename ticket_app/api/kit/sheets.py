"""Tables sent as files: CSV and workbooks, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, Literal

from starlette.responses import StreamingResponse

from ticket_app.api.kit.files import disposition
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.core.reports import export
from ticket_app.core.reports.tabular import as_csv
from ticket_app.core.reports.workbooks import Sheet, as_xlsx
from ticket_app.core.tickets.ticket_list import TicketQuery

MEDIA: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_headers(name: str, form: str) -> dict[str, str]:
    """The headers of a file to be saved under that name, and kept by nobody on the way."""
    return {
        "Content-Type": MEDIA[form],
        "Content-Disposition": disposition(name, inline=False),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def first_read(batches: Iterator[Any]) -> Iterator[Any]:
    """The batches with the first one read already: what is wrong shows while it can be said."""
    return chain([next(batches)], batches)


def tickets_file(
    reading: export.Reading, query: TicketQuery, form: Literal["csv", "xlsx"]
) -> StreamingResponse:
    """Every ticket of a list as a file, read as it is sent; one that ends well is whole."""
    batches = first_read(export.tickets(reading, query))
    if form == "csv":
        pieces = as_csv(export.COLUMNS, batches)
    else:
        pieces = as_xlsx([Sheet("Tickets", export.COLUMNS, batches)])
    name = f"tickets-{utc_now():%Y-%m-%d}.{form}"
    return StreamingResponse(pieces, headers=file_headers(name, form))
