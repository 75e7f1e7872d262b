"""What is not there, said in the voice of the prefix it was looked for under."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.routing import Match

from ticket_app.api.kit.route import Voice, refusal
from ticket_app.core.errors import NotFound, RuleBroken

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class WrongMethod(RuleBroken):
    """The path is known, the method is not."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        super().__init__(f"{method} is not possible here; {', '.join(sorted(allowed))} would be")


def fallback(voice_of: Callable[[str], Voice], router: APIRouter, *paths: str) -> APIRouter:
    """A router that answers every unknown path or method below `paths` as the dialect does.

    `voice_of` names the voice for a path (two dialects may share a prefix); `router` holds what
    is known.
    """
    last = APIRouter()

    async def answer(request: Request) -> Response:
        voice = voice_of(request.url.path)
        allowed: set[str] = set()
        for route in router.routes:
            found, _ = route.matches(request.scope)
            if found is not Match.NONE:
                allowed |= set(getattr(route, "methods", None) or ())
        if not allowed:
            return refusal(voice, NotFound("Page"), request)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(sorted(allowed))})
        answer = refusal(voice, WrongMethod(request.method, allowed), request)
        answer.status_code = 405
        answer.headers["Allow"] = ", ".join(sorted(allowed))
        return answer

    for path in paths:
        last.add_api_route(path, answer, methods=METHODS, include_in_schema=False)
    return last
