"""Whether the desk is alive and ready, for whoever runs it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from ticket_app.api.kit.answers import Json
from ticket_app.core.operations import installation
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import DeskError

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def is_alive() -> Response:
    """The process answers."""
    return Json({"status": "ok"})


@router.get("/readyz")
def is_ready() -> Response:
    """The database answers and has the tables of this version."""
    bind = database.engine()
    try:
        ready = database.is_reachable(bind) and installation.schema(bind).is_current
    except DeskError:  # the database went away between the two questions
        ready = False
    return Json({"status": "ok" if ready else "unavailable"}, status_code=200 if ready else 503)
