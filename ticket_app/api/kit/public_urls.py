"""The public address of this API, for URLs in responses."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import URL

from ticket_app.settings import settings


def base_url(request: Request) -> str:
    """Return `TICKET_PUBLIC_URL`, or the address of the request, without a trailing slash."""
    return (settings().public_url or str(request.base_url)).rstrip("/")


def request_url(request: Request) -> URL:
    """Return the URL of this request as the client reaches it."""
    query = request.url.query
    return URL(base_url(request) + request.url.path + (f"?{query}" if query else ""))
