"""Adds what makes the web app installable to each build of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import reflex as rx
from reflex_base.plugins.base import CommonContext, PostBuildContext

from ticket_app.ui import theme
from ticket_app.ui.build import web_dir
from ticket_app.ui.installed_app import service_worker
from ticket_app.ui.installed_app.manifest import render_manifest
from ticket_app.ui.installed_app.offline_page import render_offline_page


class InstalledAppPlugin(rx.plugins.Plugin):
    """Writes the manifest, the offline page and, for production, the service worker."""

    def get_static_assets(self, **_: Unpack[CommonContext]) -> Sequence[tuple[Path, str | bytes]]:
        """Return the files that are served as they are."""
        return [
            (Path("public") / theme.MANIFEST.removeprefix("/"), render_manifest()),
            (Path("public/offline.html"), render_offline_page()),
        ]

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Bundle the service worker, which names the files of the build."""
        service_worker.bundle(context["static_dir"].resolve(), web_dir())
