"""The API: every documented dialect under one roof."""

from __future__ import annotations

from fastapi import FastAPI


def build_api() -> FastAPI:
    """The application that answers every path which is not a page."""
    return FastAPI(title="Help desk", docs_url=None, redoc_url=None, redirect_slashes=False)
