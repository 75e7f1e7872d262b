"""Serve the API explorer (Swagger UI) at `/docs`, with all its assets from this server."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, HTMLResponse, Response

from ticket_app.core.platform.errors import NotFound

STATIC_FOLDER = Path(str(files("fastapi_offline"))) / "static"
ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}
PAGE_HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Help desk API</title>
<link rel="icon" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="explorer"><noscript>The explorer needs JavaScript; the same information is available as
JSON in <a href="/openapi.json">/openapi.json</a>.</noscript></main> <script
src="/docs/swagger-ui-bundle.js"></script> <script src="/docs/start.js"></script> </body> </html>
"""
START_SCRIPT = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#explorer",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  validatorUrl: null,
  withCredentials: false,
});
"""

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def show_explorer() -> Response:
    """Serve the explorer page."""
    return HTMLResponse(PAGE_HTML, headers=SECURITY_HEADERS)


@router.get("/docs/start.js")
def serve_start_script() -> Response:
    """Serve the script that starts Swagger UI."""
    return Response(START_SCRIPT, media_type="text/javascript", headers=SECURITY_HEADERS)


@router.get("/docs/{name}")
def serve_asset(name: str) -> Response:
    """Serve a file of Swagger UI."""
    if name not in ASSETS:
        return Response(
            NotFound("Page").message, 404, media_type="text/plain", headers=SECURITY_HEADERS
        )
    return FileResponse(STATIC_FOLDER / name, media_type=ASSETS[name], headers=SECURITY_HEADERS)
