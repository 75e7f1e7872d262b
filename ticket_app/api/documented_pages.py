"""Pages at the addresses that the documents name, where ours has another one."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

QUEUE_PAGE = "/desk"

router = APIRouter(include_in_schema=False)


@router.get("/admin/ticketing")
@router.get("/admin/ticketing/{rest:path}")
def redirect_to_queue() -> Response:
    """Redirect Ticketing's administration (specs/ticketing.md, "Admin Interface") to the queue."""
    return RedirectResponse(QUEUE_PAGE)
