"""Read and write the session cookie: HttpOnly, SameSite=Lax, Secure over HTTPS."""

from __future__ import annotations

from urllib.parse import unquote
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import Response

from ticket_app.core.platform.dates import find_time_zone
from ticket_app.settings import SESSION_COOKIE, ZONE_COOKIE, settings


def read_session_cookie(request: Request) -> str | None:
    """Return the value of the session cookie, if the browser sent it."""
    return request.cookies.get(SESSION_COOKIE)


def browser_zone(request: Request) -> ZoneInfo | None:
    """Return the time zone that the browser reported in a cookie, if it is known."""
    return find_time_zone(unquote(request.cookies.get(ZONE_COOKIE, "")))


def set_session_cookie(response: Response, request: Request, value: str) -> None:
    """Store the session in a cookie that scripts cannot read."""
    url_sources = (
        settings().public_url or "",
        request.headers.get("origin", ""),
        request.url.scheme,
    )
    is_https = any(source.lower().partition(":")[0] == "https" for source in url_sources)
    response.set_cookie(
        SESSION_COOKIE,
        value,
        max_age=settings().session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=is_https,
        path="/",
    )


def clear_session_cookie(response: Response) -> None:
    """Delete the session cookie."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", path="/")
