"""The audit log, for administrators; our own addition to the document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.audit_filters import AuditFileFormat, AuditQueryDep, export_response
from ticket_app.api.kit.public_urls import request_url
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.kit.tabular_export import CONTENT_TYPES
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, PageRequest
from ticket_app.core.reports import audit_trail
from ticket_app.core.reports.audit_trail import AuditRow

router = create_router("Audit log")

DEFAULT_SIZE = 50
FILE_CONTENT: dict[str, object] = {
    "text/csv": {"schema": {"type": "string"}},
    CONTENT_TYPES["jsonl"]: {"schema": {"type": "string"}},
}


class AuditActor(TypedDict):
    """Who did something."""

    id: int
    username: str | None
    full_name: str | None


class AuditSubject(TypedDict):
    """What it was done to; tickets have an `id` and a `title`."""

    type: str
    id: int | None
    name: str
    title: str | None


class AuditEntry(TypedDict):
    """One entry of the audit log; `actor` is null for what the system did."""

    id: str
    created_at: datetime
    actor: AuditActor | None
    kind: str
    action: str
    subject: AuditSubject
    field: str | None
    old_value: str | None
    new_value: str | None
    channel: str | None
    address: str | None
    request_id: str | None


class AuditPage(TypedDict):
    """One page of the audit log; it may have fewer entries than asked for while `has_next`."""

    items: list[AuditEntry]
    size: int
    has_next: bool
    next_cursor: str | None


def format_entry(row: AuditRow) -> AuditEntry:
    """Return one entry."""
    actor: AuditActor | None = None
    if row.actor_id is not None:
        actor = {
            "id": row.actor_id,
            "username": row.actor_username,
            "full_name": row.actor_name,
        }
    return {
        "id": row.public_id,
        "created_at": row.at,
        "actor": actor,
        "kind": row.kind,
        "action": row.action,
        "subject": {
            "type": row.subject_type,
            "id": row.ticket_id,
            "name": row.subject,
            "title": row.ticket_title,
        },
        "field": row.field,
        "old_value": row.old_value,
        "new_value": row.new_value,
        "channel": row.channel,
        "address": row.address,
        "request_id": row.request_id,
    }


@router.get("/audit", response_model=SuccessResponse[AuditPage])
def list_audit_entries(
    request: Request,
    uow: AuthenticatedUow,
    query: AuditQueryDep,
    size: Annotated[int, Query(ge=1, description="Entries per page; 100 at most")] = DEFAULT_SIZE,
    cursor: Annotated[str, Query(max_length=300, description="The `next_cursor` of a page")] = "",
) -> JsonResponse:
    """List who changed what, when and from where, newest first."""
    size = min(size, MAX_PAGE_SIZE)
    page = audit_trail.list_entries(uow, query, PageRequest(limit=size, cursor=cursor or None))
    data: AuditPage = {
        "items": [format_entry(row) for row in page.rows],
        "size": size,
        "has_next": page.has_more,
        "next_cursor": page.next_cursor,
    }
    response = success_response(uow, data)
    if page.next_cursor:
        url = request_url(request).include_query_params(cursor=page.next_cursor)
        response.headers["Link"] = f'<{url}>; rel="next"'
    return response


@router.get("/audit/export", responses={200: {"content": FILE_CONTENT}})
def export_audit_entries(
    request: Request,
    context: RequestContextDep,
    query: AuditQueryDep,
    format: AuditFileFormat = "csv",  # noqa: A002 - as in Export Data
) -> Response:
    """Export the entries that match the filters as CSV or JSON lines, streamed.

    The export itself is recorded.
    """
    return export_response(request, context, query, format)
