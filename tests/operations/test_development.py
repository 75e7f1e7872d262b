"""`make dev`: what a saved file reloads, and how pages reach the browser."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import reflex as rx
from reflex.utils import frontend_skeleton
from reflex_base.config import get_config

from ticket_app import development
from ticket_app.settings import PROJECT_ROOT
from ticket_app.ui import vite


def test_saved_file_reloads_the_first_layer_that_imported_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vite, "web_dir", lambda: tmp_path / "web")
    last = len(development.LAYERS) - 1
    assert development.layer_of(str(PROJECT_ROOT / "ticket_app/settings/__init__.py")) == last
    development.note_files(3)
    assert development.layer_of(str(PROJECT_ROOT / "ticket_app/settings/__init__.py")) == 3
    development.note_files(2)
    assert development.layer_of(str(PROJECT_ROOT / "ticket_app/settings/__init__.py")) == 2
    assert development.layer_of(str(PROJECT_ROOT / "assets/styles/base.css")) == last


def test_only_sources_reload_anything() -> None:
    def is_source(path: str) -> bool:
        return development.is_source(development.watchfiles.Change.modified, path)

    assert is_source("ticket_app/core/platform/errors.py")
    assert is_source("assets/styles/base.css")
    assert not is_source("ticket_app/core/__pycache__/errors.cpython-311.pyc")
    assert not is_source("assets/external/ticket_app/field.jsx")
    assert not is_source("ticket_app/core/platform/errors.py~")


def test_pages_come_from_vite_and_are_remembered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vite, "web_dir", lambda: tmp_path / "web")
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.raw_path.decode()}")
        return httpx.Response(200, text="export {}", headers={"content-type": "text/javascript"})

    pages = vite.VitePages(5173)
    pages._client = httpx.AsyncClient(
        base_url="http://127.0.0.1:5173", transport=httpx.MockTransport(answer)
    )

    async def load() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=pages)
        async with httpx.AsyncClient(base_url="http://127.0.0.1", transport=transport) as client:
            names = ("%5Blogin%5D._index", "%5Bdesk%5D._index", "_index", "%5Bdesk%5D._index")
            return [await client.get(f"/app/routes/{name}.jsx?t=1") for name in names]

    *_, response = asyncio.run(load())
    assert asked[0] == "GET /app/routes/%5Blogin%5D._index.jsx?t=1"
    assert (response.status_code, response.text) == (200, "export {}")
    assert response.headers["content-type"] == "text/javascript"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert vite.recent_pages() == ["[desk]._index", "_index"]


def test_reflex_still_has_what_compiling_some_pages_replaces() -> None:
    assert callable(rx.App._get_frontend_packages)
    assert callable(rx.App._compile)
    assert "_unevaluated_pages" in rx.App.__dataclass_fields__
    assert callable(rx.App._write_stateful_pages_marker)
    assert callable(development.path_ops.cp)
    assert callable(development.compiler_utils.prune_stale_memo_files)
    path = development.compiler_utils.get_page_path("desk/tickets/[ref]")
    assert path.endswith("app/routes/[desk].[tickets].$[ref]._index.jsx")


def test_stylesheet_is_copied_only_if_it_changed(tmp_path: Path) -> None:
    source, copy = tmp_path / "theme.css", tmp_path / "copy.css"
    source.write_text("a {}")
    assert development.copy_if_changed(source, copy)
    assert not development.copy_if_changed(source, copy)
    source.write_text("b {}")
    assert development.copy_if_changed(source, copy)
    assert copy.read_text() == "b {}"


def test_vite_configuration_still_has_the_line_that_is_edited() -> None:
    source = frontend_skeleton._compile_vite_config(get_config())
    assert len(development.HOT_UPDATES.findall(source)) == 1


def test_development_server_does_not_start_in_production() -> None:
    variables = {"TICKET_ENV": "production", "TICKET_SECRET_KEY": "k" * 40}
    done = subprocess.run(
        [sys.executable, "-m", "ticket_app", "dev"],
        cwd=PROJECT_ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "`dev` is not available in production. Use `serve` instead.\n"
