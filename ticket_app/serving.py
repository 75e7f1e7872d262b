"""Join the pages, the socket and the API into one application on one port, and serve it."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import reflex as rx
from fastapi import FastAPI
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from reflex.utils.exec import get_app_instance_from_file
from reflex_base.constants import Env
from reflex_base.environment import environment
from starlette.applications import Starlette
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from ticket_app.settings import PROJECT_ROOT, settings
from ticket_app.ui import build, vite
from ticket_app.ui.app_shell import app_shell
from ticket_app.ui.components.browser_notifications import Alert
from ticket_app.ui.live import enable_live_updates
from ticket_app.ui.security_middleware import SecurityMiddleware
from ticket_app.ui.static_files import frontend_mount
from ticket_app.ui.tab_session import EndedSessionMiddleware

WORKERS_WITH_REDIS = 2
ANY_PATH_PATTERN = re.compile(r"^/(?P<path>.*)\Z", re.DOTALL)


def compose_app(
    app: rx.App,
    api: FastAPI,
    *,
    is_session_alive: Callable[[str], Awaitable[bool]],
    unread: rx.Var[int] | int = 0,
    alerts: rx.Var[list[Alert]] | None = None,
    palette: rx.Component | None = None,
) -> rx.App:
    """Join the pages and the API behind the security middleware.

    The API handles the paths it has routes for, Reflex its socket, the built files everything else.
    `is_session_alive` returns whether the session of a cookie is still valid. `unread` is the
    number on the icon of the installed app, `alerts` what the browser shows notifications of,
    `palette` the command palette.
    """

    _disable_reflex_cors()

    def combine_with_api(reflex: ASGIApp) -> ASGIApp:
        assert isinstance(reflex, Starlette)
        reflex.routes.append(_pages(app))
        api.router.redirect_slashes = False
        api.mount("", reflex)
        _match_every_path(api.router)
        return SecurityMiddleware(
            api,
            trusted_proxies=settings().trusted_proxies,
            public_url=settings().public_url,
        )

    # Reflex's own overlay is a toast that covers buttons and names the socket's address; the pages
    # have their own banner (`widgets.offline_banner`) and messages (`widgets.toast`).
    app.app_wraps = {key: wrap for key, wrap in app.app_wraps.items() if key[1] != "Overlay"}
    app.toaster = None
    app.extra_app_wraps = {(10, "AppShell"): lambda _: app_shell(unread, alerts, palette)}
    app.api_transformer = combine_with_api
    app.add_middleware(EndedSessionMiddleware(is_session_alive))
    enable_live_updates(app)
    app.register_lifespan_task(freeze_garbage_collector)
    return app


def _pages(app: rx.App) -> Mount:
    """Return the built pages, or in development (`make dev`) Vite's."""
    if environment.REFLEX_ENV_MODE.is_set() and environment.REFLEX_ENV_MODE.get() == Env.DEV:
        return vite.pages(int(os.environ["REFLEX_FRONTEND_PORT"]))
    return frontend_mount(build.built_files_dir(), app.router)


def _disable_reflex_cors() -> None:
    """Remove the middleware with which Reflex answers every CORS preflight before the API can.

    Reflex has no option for that. Which origins may call the API is decided in
        `api.kit.cors`, which pages may open the socket in `ui.security_middleware`.
    """
    if not hasattr(rx.App, "_add_cors"):
        raise RuntimeError("This version of Reflex adds its CORS middleware in an unknown way")
    rx.App._add_cors = staticmethod(_add_no_cors)  # noqa: SLF001


def _add_no_cors(api: Starlette) -> None:
    """Replace `rx.App._add_cors`, which Reflex calls with the outermost application."""
    _match_every_path(api.router)


def _match_every_path(router: Router) -> None:
    """Pass every path on to what is mounted at the root, line breaks included.

    Starlette's pattern of a mount ends at a line break (`%0a`): such paths would be answered by
    Starlette's own 404 or redirect instead of the dialect they belong to.
    """
    router.redirect_slashes = False
    for route in router.routes:
        if isinstance(route, Mount) and route.path == "":
            route.path_regex = ANY_PATH_PATTERN


@asynccontextmanager
async def freeze_garbage_collector() -> AsyncIterator[None]:
    """Exclude the objects created at start from garbage collection, as they are never freed."""
    gc.collect()
    gc.freeze()
    yield


def worker_count() -> int:
    """Return the number of worker processes: one unless tabs are kept in Redis."""
    if not settings().redis_url:
        return 1
    return int(os.environ.get("GRANIAN_WORKERS") or WORKERS_WITH_REDIS)


def serve(host: str, port: int) -> None:
    """Serve until stopped; the frontend must have been built."""
    os.chdir(PROJECT_ROOT)
    os.environ.update(build.build_environment())
    environment.REFLEX_SKIP_COMPILE.set(True)
    Server(
        target=get_app_instance_from_file(),
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=worker_count(),
        log_level=LogLevels(settings().log_level),
        workers_kill_timeout=10,
    ).serve()
