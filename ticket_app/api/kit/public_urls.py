"""The address at which the caller reaches this API, for the URLs in answers."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import URL

from ticket_app.settings import settings


def base_url(request: Request) -> str:
    """Return `TICKET_PUBLIC_URL`, or what the request was sent to, without a slash at the end."""
    return (settings().public_url or str(request.base_url)).rstrip("/")


def request_url(request: Request) -> URL:
    """Return the URL of this very request as the caller reaches it."""
    query = request.url.query
    return URL(base_url(request) + request.url.path + (f"?{query}" if query else ""))
