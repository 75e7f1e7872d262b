"""Serve the built frontend, compressed, cached, and with a Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable
from functools import lru_cache, partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from reflex.utils.exec import _match_routable_page
from reflex.utils.precompressed_staticfiles import PrecompressedStaticFiles
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Scope

from ticket_app.ui.installed_app.service_worker import URL as SERVICE_WORKER_URL

HASHED_FILES_PREFIX: Final = "/assets/"
CACHE_FOREVER: Final = "public, max-age=31536000, immutable"
REVALIDATE: Final = "no-cache"
WORKER_POLICY: Final = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'"
"""What the service worker may load; without a policy of its own it could load nothing."""


class InlineScriptParser(HTMLParser):
    """Collects the inline scripts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[str] = []
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an inline script."""
        self._in_script = tag == "script" and "src" not in dict(attrs)
        if self._in_script:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """End an inline script."""
        self._in_script = False

    def handle_data(self, data: str) -> None:
        """Collect the text unchanged, because the browser hashes it."""
        if self._in_script:
            self.texts[-1] += data


def content_security_policy(html: str) -> str:
    """Return the policy of a page: its own files and the inline scripts that it contains."""
    scripts = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in dict.fromkeys(InlineScriptParser(html).texts)
    )
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; "
        "connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


@lru_cache(maxsize=256)
def _cached_policy(path: str, _changed_at: float) -> str:
    return content_security_policy(Path(path).read_text(encoding="utf-8"))


class FrontendFiles(PrecompressedStaticFiles):
    """Static files with caching headers and, for pages, a Content-Security-Policy."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file of the path, or the page at that path."""
        page = f"{path}.html"
        if path != "." and self.lookup_path(page)[1] is not None:
            path = page
        return await super().get_response(path, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file with its caching and policy headers."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        path = os.fspath(full_path)
        is_hashed = HASHED_FILES_PREFIX in path and status_code == 200
        response.headers["Cache-Control"] = CACHE_FOREVER if is_hashed else REVALIDATE
        if path.endswith(".html"):
            response.headers["Content-Security-Policy"] = _cached_policy(path, stat_result.st_mtime)
        elif path.endswith(SERVICE_WORKER_URL):
            response.headers["Content-Security-Policy"] = WORKER_POLICY
        return response


def frontend_mount(directory: Path, router: Callable[[str], str | None]) -> Mount:
    """Return the mount of everything that is not the API.

    `router` tells a path that a page answers (served with 200) from an unknown one (404).
    """
    return Mount(
        "/",
        app=FrontendFiles(
            directory=directory,
            html=True,
            encodings=("brotli", "gzip"),
            router=partial(_match_routable_page, router),
        ),
        name="frontend",
    )
