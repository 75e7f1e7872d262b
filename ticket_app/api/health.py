"""Whether the desk is alive and ready, for whoever runs it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.operations import installation
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import DomainError

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def is_alive() -> Response:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@router.get("/readyz")
def is_ready() -> Response:
    """The database answers and has the tables of this version."""
    bind = database.get_engine()
    try:
        ready = database.is_reachable(bind) and installation.schema_version(bind).is_current
    except DomainError:  # the database went away between the two questions
        ready = False
    return JsonResponse(
        {"status": "ok" if ready else "unavailable"}, status_code=200 if ready else 503
    )
