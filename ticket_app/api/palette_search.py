"""What the command palette of the web app asks for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from ticket_app.api.kit.request_context import SessionUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.session_routing import create_session_router
from ticket_app.core.platform.ticket_numbers import format_key
from ticket_app.core.tickets import quick_search

router = create_session_router()


@router.get("/session/palette")
def search_palette(
    uow: SessionUow,
    q: Annotated[str, Query(max_length=200)] = "",
    recent: Annotated[str, Query(max_length=400)] = "",
) -> JsonResponse:
    """Find tickets, people and companies for the command palette; without a text, recent tickets.

    `recent` are the numbers of the tickets that were opened last, separated by commas.
    """
    found = quick_search.quick_search(uow, q)
    rows = found.tickets
    if not q and recent:
        rows = quick_search.read_recent_tickets(uow, recent.split(","))
    return JsonResponse(
        {
            "tickets": [
                {
                    "value": format_key(row),
                    "label": row.title,
                    "detail": format_key(row),
                }
                for row in rows
            ],
            "people": [
                {"value": row.username, "label": row.full_name, "detail": row.email}
                for row in found.people
            ],
            "companies": [
                {"value": str(row.id), "label": row.name, "detail": ""} for row in found.companies
            ],
            "hints": list(found.hints),
            "suggestions": list(found.suggestions),
        }
    )
