"""Reports and Analytics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

import orjson
from fastapi import Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field as Bounded
from pydantic import StrictStr, ValidationError
from starlette.responses import Response, StreamingResponse

from ticket_app.api.dialects.enterprise.errors import success_body
from ticket_app.api.dialects.enterprise.reports import schemas
from ticket_app.api.dialects.enterprise.reports.exported_tickets import (
    COLUMNS,
    ExportedTicketModel,
    format_exported_ticket,
)
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.tickets.search import SearchFilters, SearchRequest
from ticket_app.api.kit.fields import StrictId
from ticket_app.api.kit.misspelt_names import find_misspelt_in_body
from ticket_app.api.kit.query_parameters import parse_date_parameter
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import ORJSON_OPTIONS, JsonResponse
from ticket_app.api.kit.tabular_export import (
    CONTENT_TYPES,
    download_headers,
    prefetch_first,
    tickets_response,
)
from ticket_app.api.kit.validation_errors import OBJECT, to_core_error
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.json_types import JsonValue
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import open_unit_of_work, utc_now
from ticket_app.core.reports import dashboard, export, performance, periods
from ticket_app.core.reports.tabular import Row, as_csv, as_json
from ticket_app.core.reports.workbooks import Worksheet, as_xlsx
from ticket_app.core.tickets.ticket_query import TicketQuery

router = create_router("Reports and Analytics")

Format = Literal["csv", "json", "xlsx"]
PERIOD = "such as 30d, 12w, 6m or 1y (up to today, whole days in UTC), today, yesterday, week, ..."
DateParameter = Annotated[str | None, Query(json_schema_extra={"format": "date"})]
FILE_CONTENT: dict[str, object] = {
    CONTENT_TYPES["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
    "text/csv": {"schema": {"type": "string"}},
}
"""Content types of exported files, for the OpenAPI document."""


@router.get("/reports/dashboard", response_model=SuccessResponse[schemas.Dashboard])
def dashboard_metrics(
    uow: AuthenticatedUow,
    period: Annotated[str, Query(max_length=20, description=PERIOD)] = "30d",
    department_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
) -> JsonResponse:
    """Dashboard Metrics."""
    reporting_period = periods.parse_period(period, uow.now, uow.time_zone)
    figures = dashboard.get_dashboard(uow, reporting_period, department_id=department_id)
    return success_response(uow, schemas.format_dashboard(figures))


@router.get(
    "/reports/performance",
    response_model=SuccessResponse[schemas.Performance],
    responses={200: {"content": FILE_CONTENT}},
)
def performance_reports(
    uow: AuthenticatedUow,
    start_date: DateParameter = None,
    end_date: DateParameter = None,
    format: Format = "json",  # noqa: A002 - the document's name
) -> Response:
    """Performance Reports; both dates are included."""
    last, first = (
        parse_date_parameter("end_date", end_date),
        parse_date_parameter("start_date", start_date),
    )
    reporting_period = periods.period_between(first, last, uow.now, uow.time_zone)
    figures = performance.get_performance_report(uow, reporting_period)
    if format == "json":
        return success_response(uow, schemas.format_performance(figures))
    if format == "csv":
        chunks = as_csv(schemas.TABLE_COLUMNS, [schemas.performance_rows(figures)])
    else:
        agents = [schemas.format_agent(achievement) for achievement in figures.agents]
        teams = [schemas.format_team(achievement) for achievement in figures.teams]
        chunks = as_xlsx(
            [
                Worksheet("Agents", schemas.AGENT_COLUMNS, [agents]),
                Worksheet("Teams", schemas.TEAM_COLUMNS, [teams]),
            ]
        )
    name = f"performance-{reporting_period.first}-{reporting_period.last}.{format}"
    return Response(b"".join(chunks), headers=download_headers(name, format))


class ExportFilters(SearchFilters):
    """`filters`: those of Advanced Search, and List Tickets' names for some of them."""

    department_id: StrictId | None = None
    assigned_to_id: StrictId | None = None
    created_by_id: StrictId | None = None
    search: Annotated[StrictStr, Bounded(max_length=500)] = ""

    def to_query(self) -> TicketQuery:
        """Return the query for the core, newest first. Raises `Invalid` for an unknown word."""
        search_query = SearchRequest(query=self.search, filters=self).to_query()
        return replace(
            search_query,
            department_id=self.department_id,
            assignee_id=search_query.assignee_id or self.assigned_to_id,
            created_by_id=search_query.created_by_id or self.created_by_id,
            sort="created",
            descending=True,
            then_by=(),
        )


def _parse_filters(value: str) -> ExportFilters:
    if not value.strip():
        return ExportFilters()
    try:
        data: JsonValue = orjson.loads(value)
    except ValueError:
        raise Invalid("filters", "is not valid JSON") from None
    if not isinstance(data, dict):
        raise Invalid("filters", OBJECT)
    problems = find_misspelt_in_body(data, ExportFilters, frozenset(), "filters.")
    try:
        filters = ExportFilters.model_validate(data)
    except ValidationError as error:
        errors = [{**item, "loc": ("query", "filters", *item["loc"])} for item in error.errors()]
        raise to_core_error(RequestValidationError(errors), problems) from None
    return filters


class ExportResult(schemas.TypedDict):
    """Export Data as JSON."""

    type: Literal["tickets"]
    items: list[ExportedTicketModel]
    total: int


@router.get(
    "/reports/export",
    response_model=SuccessResponse[ExportResult],
    responses={200: {"content": FILE_CONTENT}},
)
def export_data(
    context: RequestContextDep,
    type: Literal["tickets"] = "tickets",  # noqa: A002 - the document's name
    format: Format = "csv",  # noqa: A002
    filters: Annotated[str, Query(max_length=8_000, description="A JSON object")] = "",
) -> Response:
    """Export Data: every ticket that matches the filters, streamed.

    If reading fails midway, the response breaks off: a file that ends regularly is complete.
    """
    actor = context.authenticate()
    actor.require("view_reports", "export tickets")
    open_uow = partial(open_unit_of_work, writes=False, actor=actor, request_id=context.request_id)
    query = _parse_filters(filters).to_query()
    batches = export.iter_ticket_batches(open_uow, query, format_exported_ticket)
    if format != "json":
        return tickets_response(COLUMNS, batches, format)
    chunks = _stream_success_body(prefetch_first(batches), context.request_id)
    name = f"{type}-{utc_now():%Y-%m-%d}.json"
    return StreamingResponse(chunks, headers=download_headers(name, "json"))


def _stream_success_body(batches: Iterator[Sequence[Row]], request_id: str) -> Iterator[bytes]:
    """Stream the rows inside a Success Response."""
    total = 0

    def count_rows() -> Iterator[Sequence[Row]]:
        nonlocal total
        for batch in batches:
            total += len(batch)
            yield batch

    envelope = success_body(None, "Tickets exported successfully", request_id)
    before, after = orjson.dumps(envelope, option=ORJSON_OPTIONS).split(b"null", 1)
    yield before + b'{"type":"tickets","items":'
    yield from as_json(count_rows())
    yield b',"total":%d}' % total + after
