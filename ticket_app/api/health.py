"""Liveness and readiness checks for load balancers and monitoring."""

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
    """Report that the process responds."""
    return JsonResponse({"status": "ok"})


@router.get("/readyz")
def is_ready() -> Response:
    """Report whether the database is reachable and has the schema of this version."""
    bind = database.get_engine()
    try:
        ready = database.is_reachable(bind) and installation.schema_version(bind).is_current
    except DomainError:  # the database went away between the two questions
        ready = False
    return JsonResponse(
        {"status": "ok" if ready else "unavailable"}, status_code=200 if ready else 503
    )
