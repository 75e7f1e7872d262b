"""Development only: Vite serves the compiled pages and updates them in open browsers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from ticket_app.ui.build import web_dir

ADDRESS: Final = "127.0.0.1"
PAGE_MODULE: Final = re.compile(r"/app/routes/(?P<name>.+)\.jsx")
RECENT: Final = 2
POLICY: Final = (
    "default-src 'self' 'unsafe-inline' data: blob:; "
    f"connect-src 'self' ws://{ADDRESS}:*; frame-ancestors 'none'"
)


def start(port: int) -> subprocess.Popen[bytes]:
    """Start Vite on a port of this machine."""
    return subprocess.Popen(
        ["node", "node_modules/.bin/react-router", "dev", "--host", ADDRESS, "--port", str(port)],
        cwd=web_dir(),
        env={**os.environ, "NODE_OPTIONS": "--conditions=development", "NO_COLOR": "1"},
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End Vite and what it started."""
    os.killpg(process.pid, signal.SIGTERM)


def recent_pages() -> list[str]:
    """Return the modules of the pages that browsers loaded last."""
    try:
        return _recent_file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def notes_dir() -> Path:
    """Return the folder for notes between restarts, outside of what Vite watches."""
    folder = web_dir().with_name(f"{web_dir().name}-notes")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _recent_file() -> Path:
    return notes_dir() / "recent-pages"


def _remember(module: str) -> None:
    names = [module, *(name for name in recent_pages() if name != module)]
    _recent_file().write_text("\n".join(names[:RECENT]), encoding="utf-8")


class VitePages:
    """Passes requests for pages and their modules on to Vite."""

    def __init__(self, port: int) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"http://{ADDRESS}:{port}", trust_env=False, timeout=60
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        if module := PAGE_MODULE.fullmatch(scope["path"]):
            _remember(module["name"])
        headers = {
            name: value
            for name in ("accept", "if-none-match", "sec-fetch-dest")
            if (value := request.headers.get(name))
        }
        path = scope["raw_path"].decode("ascii")
        query = f"?{request.url.query}" if request.url.query else ""
        answer = await self._client.request(request.method, path + query, headers=headers)
        response = Response(answer.content, answer.status_code)
        for name in ("content-type", "etag", "cache-control"):
            if value := answer.headers.get(name):
                response.headers[name] = value
        response.headers["Content-Security-Policy"] = POLICY
        await response(scope, receive, send)


def pages(port: int) -> Mount:
    """Return everything that is not the API, answered by Vite."""
    return Mount("/", app=VitePages(port), name="frontend")
