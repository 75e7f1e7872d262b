"""One process, one port: how pages, socket and API become one program, and how it is started."""

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

from ticket_app.settings import ROOT, settings
from ticket_app.ui import build, vite
from ticket_app.ui.app_shell import app_shell
from ticket_app.ui.files import frontend
from ticket_app.ui.gate import Gate
from ticket_app.ui.live import enliven
from ticket_app.ui.visitor import EndedSession

WORKERS_WITH_REDIS = 2
ANY_PATH = re.compile(r"^/(?P<path>.*)\Z", re.DOTALL)


def compose(app: rx.App, api: FastAPI, *, is_alive: Callable[[str], Awaitable[bool]]) -> rx.App:
    """Join the pages and the API behind the gate.

    The API answers the paths it has routes for, Reflex its socket, the built files all else.
    `is_alive` tells whether the session of a cookie still holds.
    """

    _answer_preflights_ourselves()

    def one_port(reflex: ASGIApp) -> ASGIApp:
        assert isinstance(reflex, Starlette)
        reflex.routes.append(_pages(app))
        api.router.redirect_slashes = False
        api.mount("", reflex)
        _take_every_path(api.router)
        return Gate(
            api,
            trusted_proxies=settings().trusted_proxies,
            public_url=settings().public_url,
        )

    # Reflex's own overlay is a toast that covers buttons and names the socket's address; the pages
    # have a banner (`widgets.offline_banner`) and messages (`widgets.toast`) of their own.
    app.app_wraps = {key: wrap for key, wrap in app.app_wraps.items() if key[1] != "Overlay"}
    app.toaster = None
    app.extra_app_wraps = {(10, "AppShell"): lambda _: app_shell()}
    app.api_transformer = one_port
    app.add_middleware(EndedSession(is_alive))
    enliven(app)
    app.register_lifespan_task(settled)
    return app


def _pages(app: rx.App) -> Mount:
    """Return the built pages, or in development (`make dev`) Vite's."""
    if environment.REFLEX_ENV_MODE.is_set() and environment.REFLEX_ENV_MODE.get() == Env.DEV:
        return vite.pages(int(os.environ["REFLEX_FRONTEND_PORT"]))
    return frontend(build.built_files(), app.router)


def _answer_preflights_ourselves() -> None:
    """Take away the layer with which Reflex answers every preflight, before the API is asked.

    It knows no option to leave the layer out. Which origins may call the API is decided in
    `api.kit.cors`, which pages may open the socket in `ui.gate`.
    """
    if not hasattr(rx.App, "_add_cors"):
        raise RuntimeError("Reflex adds its CORS layer in another way than this version expects")
    rx.App._add_cors = staticmethod(_add_no_cors)  # noqa: SLF001


def _add_no_cors(api: Starlette) -> None:
    """Stand in for `rx.App._add_cors`, which Reflex calls with the outermost application."""
    _take_every_path(api.router)


def _take_every_path(router: Router) -> None:
    """Pass every path on to what is mounted at the root, line breaks included.

    Starlette's pattern of a mount ends at a line break (`%0a`): such paths would be answered by
    Starlette's own 404 or redirect instead of the dialect they belong to.
    """
    router.redirect_slashes = False
    for route in router.routes:
        if isinstance(route, Mount) and route.path == "":
            route.path_regex = ANY_PATH


@asynccontextmanager
async def settled() -> AsyncIterator[None]:
    """What was made at start lives for good: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    yield


def workers() -> int:
    """One, as tabs live in the process's memory; with Redis to share them, two or as told."""
    if not settings().redis_url:
        return 1
    return int(os.environ.get("GRANIAN_WORKERS") or WORKERS_WITH_REDIS)


def serve(host: str, port: int) -> None:
    """Serve until told to stop; the frontend must have been built."""
    os.chdir(ROOT)
    os.environ.update(build.environment())
    environment.REFLEX_SKIP_COMPILE.set(True)
    Server(
        target=get_app_instance_from_file(),
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers(),
        log_level=LogLevels(settings().log_level),
        workers_kill_timeout=10,
    ).serve()
