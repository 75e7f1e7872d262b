"""The browser session's cookie: HttpOnly, SameSite=Lax, Secure over https."""

from __future__ import annotations

from urllib.parse import unquote
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import Response

from ticket_app.core.platform.dates import find_time_zone
from ticket_app.settings import SESSION_COOKIE, ZONE_COOKIE, settings


def read_session_cookie(request: Request) -> str | None:
    """The cookie's value, if the browser sent one."""
    return request.cookies.get(SESSION_COOKIE)


def browser_zone(request: Request) -> ZoneInfo | None:
    """The time zone that the browser named, if there is one."""
    return find_time_zone(unquote(request.cookies.get(ZONE_COOKIE, "")))


def set_session_cookie(response: Response, request: Request, value: str) -> None:
    """Let the browser keep the session; no script can read it."""
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
    """Let the browser forget the session."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", path="/")
