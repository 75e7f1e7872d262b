"""The API: every documented dialect under one roof."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from ticket_app.api import explorer, session
from ticket_app.api.dialects import API_PREFIXES, DIALECTS, FALLBACKS
from ticket_app.api.kit.compression import Compressed
from ticket_app.api.kit.cors import Cors
from ticket_app.api.kit.head import HeadAsGet
from ticket_app.api.kit.threads import few_threads
from ticket_app.api.kit.trace import Trace
from ticket_app.api.openapi import describe
from ticket_app.api.status import router as status
from ticket_app.core.platform import logs
from ticket_app.version import VERSION


class Api(FastAPI):
    """FastAPI with the CORS headers around everything, its own last resort (500) included."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the application with its middleware."""
        return Cors(super().build_middleware_stack(), API_PREFIXES)


def build_api() -> FastAPI:
    """The application that answers every path which is not a page."""
    logs.start()
    api = Api(
        title="Help desk",
        summary="One desk that answers to documented ticket APIs.",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url="/openapi.json",
        lifespan=few_threads,
    )
    for router in (*DIALECTS, session.router, status, explorer.router, *FALLBACKS):
        api.include_router(router)
    describe(api, DIALECTS)
    api.add_middleware(Compressed)
    api.add_middleware(HeadAsGet)
    api.add_middleware(Trace)
    return api
