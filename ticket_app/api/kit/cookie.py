"""The browser session's cookie: HttpOnly, SameSite=Lax, Secure where the desk is reached by https."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from ticket_app.core.errors import Forbidden
from ticket_app.settings import settings

COOKIE = "desk_session"


def session_cookie(request: Request) -> str | None:
    """The cookie's value, if the browser sent one."""
    return request.cookies.get(COOKIE)


def give(response: Response, request: Request, value: str) -> None:
    """Let the browser keep the session; no script can read it."""
    response.set_cookie(
        COOKIE,
        value,
        max_age=settings().session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )


def take_away(response: Response) -> None:
    """Let the browser forget the session."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", path="/")


def refuse_other_sites(request: Request) -> None:
    """Raise `Forbidden` unless a request that changes something comes from our own pages."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("This request does not come from the desk's own pages")
    origin = request.headers.get("origin")
    if origin is None:
        return
    own = {f"{request.url.scheme}://{request.headers.get('host', '')}"}
    if settings().public_url:
        own.add((settings().public_url or "").rstrip("/"))
    if origin not in own and origin not in settings().allowed_origins:
        raise Forbidden("This request does not come from the desk's own pages")
