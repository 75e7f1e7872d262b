"""Build the API: every dialect, the session routes, health checks and the API explorer."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from ticket_app.api import (
    browser_session,
    documented_pages,
    explorer,
    palette_search,
    session_push,
    session_suggestions,
)
from ticket_app.api.dialect_routers import API_PREFIXES, DIALECTS, FALLBACK_ROUTERS
from ticket_app.api.dialects.enterprise.webhooks.payloads import EnterprisePayloads
from ticket_app.api.health import router as health_router
from ticket_app.api.kit.compression import CompressionMiddleware
from ticket_app.api.kit.cors import CorsMiddleware
from ticket_app.api.kit.head_requests import HeadRequestMiddleware
from ticket_app.api.kit.request_log import RequestLogMiddleware
from ticket_app.api.kit.worker_threads import limit_worker_threads
from ticket_app.api.mail.inbound import router as mail_inbound_router
from ticket_app.api.mail.links import router as mail_links_router
from ticket_app.api.mail.originals import router as mail_originals_router
from ticket_app.api.mail.preview import router as mail_preview_router
from ticket_app.api.mcp import endpoint as mcp_endpoint
from ticket_app.api.openapi import customize_openapi
from ticket_app.api.status import router as status_router
from ticket_app.core.platform import logs
from ticket_app.core.webhooks import payload_format
from ticket_app.version import VERSION


class Api(FastAPI):
    """FastAPI whose CORS headers are also on responses to unhandled errors (500)."""

    def build_middleware_stack(self) -> ASGIApp:
        """Wrap FastAPI's middleware in the CORS middleware."""
        return CorsMiddleware(super().build_middleware_stack(), API_PREFIXES)


def build_api() -> FastAPI:
    """Return the application that serves every path that is not a page."""
    logs.configure()
    payload_format.install(EnterprisePayloads())
    api = Api(
        title="Help desk",
        summary="One help desk with five documented ticket APIs.",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url="/openapi.json",
        lifespan=limit_worker_threads,
    )
    for router in (
        *DIALECTS,
        browser_session.router,
        palette_search.router,
        session_suggestions.router,
        session_push.router,
        health_router,
        status_router,
        mail_links_router,
        mail_inbound_router,
        mail_originals_router,
        mail_preview_router,
        explorer.router,
        documented_pages.router,
        *FALLBACK_ROUTERS,
    ):
        api.include_router(router)
    api.router.routes.extend(mcp_endpoint.ROUTES)
    customize_openapi(api, DIALECTS)
    api.add_middleware(CompressionMiddleware)
    api.add_middleware(HeadRequestMiddleware)
    api.add_middleware(RequestLogMiddleware)
    return api
