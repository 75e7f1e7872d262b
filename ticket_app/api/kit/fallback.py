"""What is not there, said in the voice of the prefix it was looked for under."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from ticket_app.api.kit.allowance import RequestAllowance
from ticket_app.api.kit.door import Door
from ticket_app.api.kit.route import Voice, refusal
from ticket_app.core.platform.errors import NotFound, RuleBroken, TooMany, Unauthenticated
from ticket_app.core.platform.rate_limits import Category


class WrongMethod(RuleBroken):
    """The path is known, the method is not."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        super().__init__(f"{method} is not possible here; {', '.join(sorted(allowed))} would be")


class Fallback:
    """Answers what no route took. An ASGI app: a route of one takes every method there is."""

    def __init__(self, voice_of: Callable[[str], Voice], router: APIRouter) -> None:
        self.voice_of = voice_of
        self.router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or tell what is possible."""
        request = Request(scope, receive)
        RequestAllowance(scope).mark(Category.GENERAL)
        try:
            await run_in_threadpool(_count, Door(request))
            answer = self.answer(request)
        except TooMany as spent:
            answer = refusal(self.voice_of(request.scope["path"]), spent, request)
        await answer(scope, receive, send)

    def answer(self, request: Request) -> Response:
        """404 for an unknown path, 405 for an unknown method, and what OPTIONS wants to know."""
        voice = self.voice_of(request.scope["path"])
        allowed: set[str] = set()
        for route in self.router.routes:
            found, _ = route.matches(request.scope)
            if found is not Match.NONE:
                allowed |= set(getattr(route, "methods", None) or ())
        if not allowed:
            return refusal(voice, NotFound("Page"), request)
        told = ", ".join(sorted(allowed))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": told})
        answer = refusal(voice, WrongMethod(request.method, allowed), request)
        answer.status_code = 405
        answer.headers["Allow"] = told
        return answer


class Anything(Convertor[str]):
    """The rest of a path, line breaks included, which come percent-encoded."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        """Return the rest as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return the rest as it is."""
        return value


register_url_convertor("anything", Anything())


def _count(door: Door) -> None:
    """Count the request for whoever asks; what is not there is told to anybody."""
    with suppress(Unauthenticated):
        door.check()


def fallback(voice_of: Callable[[str], Voice], router: APIRouter, *paths: str) -> APIRouter:
    """A router that answers every unknown path or method below `paths` as the dialect does.

    `voice_of` names the voice for a path (two dialects may share a prefix); `router` holds what
    is known.
    """
    last = Fallback(voice_of, router)
    return APIRouter(routes=[Route(path, last, include_in_schema=False) for path in paths])
