"""Reports and Analytics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

import orjson
from fastapi import Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field as Bounded
from pydantic import StrictStr, ValidationError
from starlette.responses import Response, StreamingResponse

from ticket_app.api.dialects.enterprise import report_shapes as shapes
from ticket_app.api.dialects.enterprise.errors import success
from ticket_app.api.dialects.enterprise.search import Filters as SearchFilters
from ticket_app.api.dialects.enterprise.search import OneId, Search
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.answers import WRITE
from ticket_app.api.kit.door import Caller, Entrance
from ticket_app.api.kit.drf import one_day
from ticket_app.api.kit.messages import OBJECT, as_core_error
from ticket_app.api.kit.names import misspelt_in
from ticket_app.api.kit.sheets import MEDIA, file_headers, first_read, tickets_file
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.unit_of_work import open_desk, utc_now
from ticket_app.core.reports import dashboard, export, performance, periods
from ticket_app.core.reports.export import TicketLine
from ticket_app.core.reports.tabular import as_csv, as_json
from ticket_app.core.reports.workbooks import Sheet, as_xlsx
from ticket_app.core.tickets.ticket_list import TicketQuery

router = part("Reports and Analytics")

Format = Literal["csv", "json", "xlsx"]
PERIOD = "such as 30d, 12w, 6m or 1y (up to today, whole days in UTC), today, yesterday, week, ..."
OneDay = Annotated[str | None, Query(json_schema_extra={"format": "date"})]
FILES: dict[str, Any] = {
    MEDIA["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
    "text/csv": {"schema": {"type": "string"}},
}
"""What comes as a file, for the OpenAPI document."""


@router.get("/reports/dashboard", response_model=Told[shapes.Dashboard])
def dashboard_metrics(
    desk: Caller,
    period: Annotated[str, Query(max_length=20, description=PERIOD)] = "30d",
    department_id: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> Any:
    """Dashboard Metrics."""
    span = periods.span_of(period, desk.now, desk.zone)
    board = dashboard.dashboard(desk, span, department_id=department_id)
    return told(desk, shapes.dashboard(board))


@router.get(
    "/reports/performance",
    response_model=Told[shapes.Performance],
    responses={200: {"content": FILES}},
)
def performance_reports(
    desk: Caller,
    start_date: OneDay = None,
    end_date: OneDay = None,
    format: Format = "json",  # noqa: A002 - the document's name
) -> Any:
    """Performance Reports; both days are included."""
    last, first = one_day("end_date", end_date), one_day("start_date", start_date)
    span = periods.span_between(first, last, desk.now, desk.zone)
    figures = performance.performance(desk, span)
    if format == "json":
        return told(desk, shapes.performance(figures))
    if format == "csv":
        pieces = as_csv(shapes.TABLE_COLUMNS, [shapes.table(figures)])
    else:
        agents = [shapes.agent(one) for one in figures.agents]
        teams = [shapes.team(one) for one in figures.teams]
        pieces = as_xlsx(
            [
                Sheet("Agents", shapes.AGENT_COLUMNS, [agents]),
                Sheet("Teams", shapes.TEAM_COLUMNS, [teams]),
            ]
        )
    name = f"performance-{span.first}-{span.last}.{format}"
    return Response(b"".join(pieces), headers=file_headers(name, format))


class Filters(SearchFilters):
    """filters: those of Advanced Search, and what List Tickets calls some of them."""

    department_id: OneId | None = None
    assigned_to_id: OneId | None = None
    created_by_id: OneId | None = None
    search: Annotated[StrictStr, Bounded(max_length=500)] = ""

    def query(self) -> TicketQuery:
        """The same for the core: newest first. Raises `Invalid` for an unknown word."""
        asked = Search(query=self.search, filters=self).asked()
        return replace(
            asked,
            department_id=self.department_id,
            assignee_id=asked.assignee_id or self.assigned_to_id,
            created_by_id=asked.created_by_id or self.created_by_id,
            sort="created",
            descending=True,
            then=(),
        )


def _filters(told: str) -> Filters:
    if not told.strip():
        return Filters()
    try:
        sent = orjson.loads(told)
    except ValueError:
        raise Invalid("filters", "is not valid JSON") from None
    if not isinstance(sent, dict):
        raise Invalid("filters", OBJECT)
    problems = misspelt_in(sent, Filters, frozenset(), "filters.")
    try:
        filters = Filters.model_validate(sent)
    except ValidationError as wrong:
        errors = [{**one, "loc": ("query", "filters", *one["loc"])} for one in wrong.errors()]
        raise as_core_error(RequestValidationError(errors), problems) from None
    return filters


class Exported(shapes.TypedDict):
    """Export Data as JSON."""

    type: Literal["tickets"]
    items: list[TicketLine]
    total: int


@router.get("/reports/export", response_model=Told[Exported], responses={200: {"content": FILES}})
def export_data(
    door: Entrance,
    type: Literal["tickets"] = "tickets",  # noqa: A002 - the document's name
    format: Format = "csv",  # noqa: A002
    filters: Annotated[str, Query(max_length=8_000, description="A JSON object")] = "",
) -> Any:
    """Export Data: every ticket that the filters leave, streamed.

    It is read as it is sent. If it breaks off, so does the answer: a file that ends well is whole.
    """
    actor = door.check()
    actor.must("view_reports", "export tickets")
    reading = partial(open_desk, writes=False, actor=actor, request_id=door.request_id)
    query = _filters(filters).query()
    if format != "json":
        return tickets_file(reading, query, format)
    pieces = _enveloped(first_read(export.tickets(reading, query)), door.request_id)
    name = f"{type}-{utc_now():%Y-%m-%d}.json"
    return StreamingResponse(pieces, headers=file_headers(name, "json"))


def _enveloped(batches: Iterator[Sequence[TicketLine]], request_id: str) -> Iterator[bytes]:
    """Success Response around the rows, as they come."""
    total = 0

    def counted() -> Iterator[Sequence[TicketLine]]:
        nonlocal total
        for batch in batches:
            total += len(batch)
            yield batch

    envelope = success(None, "Tickets exported successfully", request_id)
    before, after = orjson.dumps(envelope, option=WRITE).split(b"null", 1)
    yield before + b'{"type":"tickets","items":'
    yield from as_json(counted())
    yield b',"total":%d}' % total + after
