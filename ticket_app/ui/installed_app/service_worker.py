"""Bundle the service worker, whose source is `ui/components/service_worker`, after each build."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Final

from ticket_app.settings import PROJECT_ROOT
from ticket_app.ui import routes
from ticket_app.ui.installed_app.offline_page import render_offline_page

FILE_NAME: Final = "service-worker.js"
URL: Final = f"/{FILE_NAME}"
SOURCE: Final = PROJECT_ROOT / "ticket_app/ui/components/service_worker/worker.ts"
BUNDLE_SCRIPT: Final = """
import { build } from "vite";
const { source, folder, name, define } = JSON.parse(process.argv[1]);
await build({
  configFile: false, publicDir: false, logLevel: "warn", define,
  build: {
    outDir: folder, emptyOutDir: false,
    lib: { entry: source, formats: ["iife"], name: "worker", fileName: () => name },
  },
});
"""


def build_name(static_dir: Path) -> str:
    """Return a name for the content of a build: its hashed files and its offline page."""
    names = sorted(path.name for path in (static_dir / "assets").iterdir())
    content = "\n".join([*names, render_offline_page()])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def page_path_starts() -> list[str]:
    """Return the first part of each page's path; the home page's is empty."""
    return sorted({route.split("/")[1] for route in routes.ALL_PAGES})


def bundle(static_dir: Path, web: Path) -> None:
    """Write the worker next to the pages, with the Vite that Reflex has installed in `web`."""
    options = {
        "source": str(SOURCE),
        "folder": str(static_dir),
        "name": FILE_NAME,
        "define": {
            "BUILD": json.dumps(build_name(static_dir)),
            "PAGES": json.dumps(page_path_starts()),
        },
    }
    subprocess.run(
        ["node", "--input-type=module", "--eval", BUNDLE_SCRIPT, json.dumps(options)],
        cwd=web,
        check=True,
    )
