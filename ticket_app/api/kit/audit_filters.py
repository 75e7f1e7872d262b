"""The filters of the audit trail in query parameters, and its export as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from starlette.responses import StreamingResponse

from ticket_app.api.kit.dates import InvalidValue, end_of_day, parse_datetime, start_of_day
from ticket_app.api.kit.query_parameters import enum_parameter
from ticket_app.api.kit.request_context import RequestContext
from ticket_app.api.kit.tabular_export import download_headers, prefetch_first
from ticket_app.core.platform.errors import Invalid, invalid_choice
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import open_unit_of_work, utc_now
from ticket_app.core.platform.vocabulary import AuditKind, EntryKind
from ticket_app.core.reports import audit_trail
from ticket_app.core.reports.audit_query import AuditQuery
from ticket_app.core.reports.audit_trail import CHANNELS, AuditRow
from ticket_app.core.reports.tabular import Row, as_csv, as_json_lines

KINDS: dict[str, EntryKind | AuditKind] = {
    **{str(kind): kind for kind in EntryKind},
    **{str(kind): kind for kind in AuditKind},
}
AuditFileFormat = Literal["csv", "jsonl"]
COLUMNS = (
    "id",
    "at",
    "actor",
    "username",
    "action",
    "kind",
    "subject_type",
    "subject",
    "ticket_title",
    "field",
    "old_value",
    "new_value",
    "channel",
    "address",
    "request_id",
)
"""The columns of exported entries, in their order."""


def format_exported_entry(row: AuditRow) -> Row:
    """Return an entry as it is exported."""
    return {
        "id": row.public_id,
        "at": row.at,
        "actor": row.actor_name,
        "username": row.actor_username,
        "action": row.action,
        "kind": row.kind,
        "subject_type": row.subject_type,
        "subject": row.subject,
        "ticket_title": row.ticket_title,
        "field": row.field_label,
        "old_value": row.old_value,
        "new_value": row.new_value,
        "channel": row.channel,
        "address": row.address,
        "request_id": row.request_id,
    }


async def _audit_query(
    user_id: Annotated[int | None, Query(ge=1, le=MAX_ID, description="Who did it")] = None,
    ticket: Annotated[str, Query(max_length=60, description="An id or number of a ticket")] = "",
    kind: Annotated[str, enum_parameter(KINDS)] = "",
    field: Annotated[str, Query(max_length=40, description="Such as status or assignee")] = "",
    channel: Annotated[str, enum_parameter(CHANNELS)] = "",
    since: Annotated[str, Query(max_length=40, description="From this moment or day on")] = "",
    until: Annotated[
        str, Query(max_length=40, description="Before this moment, or to the end of this day")
    ] = "",
    search: Annotated[
        str, Query(max_length=200, description="Words in who, the ticket, or the values")
    ] = "",
) -> AuditQuery:
    if kind and kind not in KINDS:
        raise Invalid("kind", invalid_choice(list(KINDS), kind))
    if channel and channel not in CHANNELS:
        raise Invalid("channel", invalid_choice(CHANNELS, channel))
    try:
        start = parse_datetime(since, start_of_day) if since else None
    except InvalidValue as error:
        raise Invalid("since", error.reason, since) from None
    try:
        end = parse_datetime(until, end_of_day) if until else None
    except InvalidValue as error:
        raise Invalid("until", error.reason, until) from None
    return AuditQuery(
        actor_id=user_id,
        ticket=ticket,
        kind=KINDS.get(kind),
        field=field.replace("\x00", ""),
        channel=channel,
        since=start,
        until=end,
        search=search,
    )


AuditQueryDep = Annotated[AuditQuery, Depends(_audit_query)]
"""The filters of a request for the audit trail."""


def export_response(
    request: Request, context: RequestContext, query: AuditQuery, file_format: AuditFileFormat
) -> StreamingResponse:
    """Stream the matching entries as a file and record the export. Raises `Forbidden`, `Invalid`.

    If reading fails midway, the response breaks off: a file that ends regularly is complete.
    """
    filters = ", ".join(
        f"{name} {value}" for name, value in request.query_params.items() if name != "format"
    )
    with context.unit_of_work(writes=True) as uow:
        audit_trail.record_export(uow, file_format, filters)
        actor = uow.actor
    open_uow = partial(open_unit_of_work, writes=False, actor=actor, request_id=context.request_id)
    batches = prefetch_first(_format_batches(audit_trail.iter_batches(open_uow, query)))
    chunks = as_csv(COLUMNS, batches) if file_format == "csv" else as_json_lines(batches)
    name = f"audit-log-{utc_now():%Y-%m-%d}.{file_format}"
    return StreamingResponse(chunks, headers=download_headers(name, file_format))


def _format_batches(batches: Iterator[Sequence[AuditRow]]) -> Iterator[Sequence[Row]]:
    for batch in batches:
        yield [format_exported_entry(row) for row in batch]
