"""The route class of a dialect: one transaction a request, and every refusal in its own voice."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from ticket_app.api.kit.allowance import RequestAllowance
from ticket_app.api.kit.answers import Json, is_fresh
from ticket_app.api.kit.door import Door, desk_argument, welcome
from ticket_app.api.kit.files import LARGEST_UPLOAD, RECEIVERS, TOO_LARGE, Download
from ticket_app.api.kit.messages import TOO_DEEP, as_core_error, noun_of
from ticket_app.api.kit.names import KnownNames, misspelt, misspelt_in
from ticket_app.core.people.sign_in import NewcomerFound
from ticket_app.core.platform import errors, idempotency
from ticket_app.core.platform.availability import unavailable_from
from ticket_app.core.platform.errors import (
    DeskError,
    Invalid,
    KeyReused,
    NotFound,
    TooMany,
    Unacceptable,
    Unauthenticated,
)
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.rate_limits import Category, Spent
from ticket_app.core.platform.unit_of_work import Desk, utc_now
from ticket_app.settings import settings

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes of a request that is not an upload."""
KEPT_ON_304 = ("etag", "cache-control")


class Voice(Protocol):
    """How a dialect says no."""

    name: str

    def refuse(self, error: DeskError, *, details: str | None, request_id: str) -> tuple[int, Any]:
        """The status and body for one of the core's errors."""
        ...

    def fail(self, *, details: str | None, request_id: str) -> tuple[int, Any]:
        """The status and body when something broke that is nobody's wrong input."""
        ...


USUAL_STATUS: dict[type[DeskError], int] = {
    errors.Invalid: 400,
    errors.Unacceptable: 400,
    errors.RuleBroken: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.KeyReused: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
"""What a dialect says unless its document has another status for it."""


def status_of(error: DeskError) -> int:
    """The usual status of one of the core's errors."""
    return next(USUAL_STATUS[kind] for kind in type(error).__mro__ if kind in USUAL_STATUS)


def refusal(voice: Voice, error: DeskError, request: Request) -> Response:
    """A core error as the dialect's own answer, with the headers it calls for."""
    details = None
    if settings().debug:
        details = f"{type(error).__name__}: {error}"
    request_id = request.scope.get("request_id", "")
    status, body = voice.refuse(error, details=details, request_id=request_id)
    answer = Json(body, status_code=status)
    if isinstance(error, Unauthenticated):
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Spent):
        RequestAllowance(request.scope).describe(error.allowance)
    if isinstance(error, TooMany):
        wait = max(1, int((error.retry_at - utc_now()).total_seconds() + 0.999))
        answer.headers["Retry-After"] = str(wait)
    if isinstance(error, errors.Unavailable):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def failure(voice: Voice, broken: Exception, request: Request) -> Response:
    """Something broke: logged whole, told without its insides."""
    log().error("request_failed", path=request.url.path, exc_info=broken)
    details = f"{type(broken).__name__}: {broken}" if settings().debug else None
    status, body = voice.fail(details=details, request_id=request.scope.get("request_id", ""))
    return Json(body, status_code=status)


def in_one_transaction(endpoint: Callable[..., Any], argument: str) -> Callable[..., Any]:
    """The endpoint, run on an open desk: committed before the answer leaves, or not at all."""

    @functools.wraps(endpoint)
    def run(**arguments: Any) -> Any:
        door: Door = arguments[argument]
        try:
            return _attempt(endpoint, argument, door, arguments)
        except NewcomerFound as newcomer:
            welcome(newcomer)
            return _attempt(endpoint, argument, door, arguments)

    return run


def _attempt(
    endpoint: Callable[..., Any], argument: str, door: Door, arguments: dict[str, Any]
) -> Any:
    with door.desk() as desk:
        return once(door, desk, lambda: endpoint(**{**arguments, argument: desk}))


def once(door: Door, desk: Desk, work: Callable[[], Response]) -> Response:
    """The work's answer; for a POST with an `Idempotency-Key`, the same one each time.

    Raises `KeyReused` for another request under the key, `Conflict` while the first is under way.
    """
    key = door.request.headers.get("idempotency-key")
    if key is None or door.method != "POST":
        return work()
    body = getattr(door.request.state, "sent", b"")
    made = idempotency.attempt(door.method, door.request.url.path, key, body)
    kept = idempotency.find(desk, made)
    if kept is not None:
        if not kept.is_same_request:
            raise KeyReused
        answer = Response(kept.body, status_code=kept.status, headers=kept.headers)
        answer.headers["Idempotency-Replayed"] = "true"
        return answer
    answer = work()
    if answer.status_code < 400:
        desk.settle()
        headers = {"content-type": answer.headers.get("content-type", "application/json")}
        if answer.headers.get("cache-control") == "no-store":
            headers["cache-control"] = "no-store"
        idempotency.keep(desk, made, answer.status_code, headers, bytes(answer.body))
    return answer


class DialectRouter(APIRouter):
    """A router that turns away other dialects' paths at a glance, before any pattern is tried."""

    _beginnings: tuple[int, tuple[str, ...]] = (-1, ())

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of its routes may be meant."""
        known, beginnings = self._beginnings
        if known != len(self.routes):
            paths = (getattr(route, "path", "") for route in self.routes)
            beginnings = tuple({path.partition("{")[0] for path in paths})
            self._beginnings = (len(self.routes), beginnings)
        if not scope["path"].startswith(beginnings):
            return Match.NONE, {}
        return super().matches(scope)


def dialect_route(
    voice: Voice,
    *,
    for_strangers: frozenset[str] = frozenset(),
    category: Category | None = Category.GENERAL,
    door: type[Door] = Door,
) -> type[APIRoute]:
    """A route class that speaks with one dialect's voice.

    Wrong input is told to anybody on the paths `for_strangers`, elsewhere only to somebody whom
    the `door` knows.
    Requests are counted in `category`, uploads and searches in theirs; with None, not at all.
    """

    class DialectRoute(APIRoute):
        def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
            argument = None if inspect.iscoroutinefunction(endpoint) else desk_argument(endpoint)
            if argument:
                endpoint = in_one_transaction(endpoint, argument)
            super().__init__(path, endpoint, **options)
            self.is_for_strangers = path in for_strangers
            self.door = door
            self.beginning = path.partition("{")[0]
            self.is_literal_end = not path.endswith("}")
            self.takes_file = any(one.call in RECEIVERS for one in self.dependant.dependencies)
            self.names = KnownNames(self, voice.name)

        def category_of(self, request: Request) -> Category | None:
            """What a request to this route is counted as."""
            if category is not Category.GENERAL:
                return category
            if self.takes_file:
                return Category.UPLOAD
            asked = b"search=" in request.scope["query_string"] and request.method == "GET"
            searches = asked and request.query_params.get("search", "").strip()
            return Category.SEARCH if searches else category

        def matches(self, scope: Scope) -> tuple[Match, Scope]:
            asked = scope["path"]
            # A pattern's end also fits before a line break, which is part of the path here.
            if not asked.startswith(self.beginning) or (asked[-1:] == "\n" and self.is_literal_end):
                return Match.NONE, {}
            return super().matches(scope)

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def handle(request: Request) -> Response:
                RequestAllowance(request.scope).mark(self.category_of(request))
                return await counted(voice, request, await spoken(voice, request, answer))

            return handle

    return DialectRoute


async def counted(voice: Voice, request: Request, answer: Response) -> Response:
    """The answer, its request counted for the address if nothing has counted it yet.

    Only what was refused unread gets here uncounted; from an address that has nothing left, it is
    refused for that.
    """
    if RequestAllowance(request.scope).is_due:
        try:
            await run_in_threadpool(Door(request).count_stranger)
        except TooMany as spent:
            return refusal(voice, spent, request)
    return answer


async def spoken(
    voice: Voice,
    request: Request,
    answer: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    """The answer to a request, whatever happens, in the dialect's voice."""
    request = Request(request.scope, _bounded(request), request._send)  # noqa: SLF001
    try:
        if "idempotency-key" in request.headers and not _is_upload(request):
            request.state.sent = await request.body()
        _check_path(request)
        await _check_names(request)
        return await _opened(request, _validated(request, await answer(request)))
    except RequestValidationError as wrong:
        return await _refused_input(voice, request, as_core_error(wrong))
    except RecursionError:
        return await _refused_input(voice, request, Invalid("body", TOO_DEEP))
    except DeskError as error:
        return await _refused(voice, request, error)
    except HTTPException as error:
        if isinstance(error.__cause__, DeskError):
            return await _refused_input(voice, request, error.__cause__)
        if error.status_code == 400:
            return await _refused_input(voice, request, Invalid("body", "cannot be read"))
        return refusal(voice, NotFound("Page"), request)
    except Exception as broken:  # noqa: BLE001
        unavailable = unavailable_from(broken)
        if unavailable is not None:
            return refusal(voice, unavailable, request)
        return failure(voice, broken, request)


class MisspeltNames(Invalid):
    """Fields or parameters that are unknown but close to known ones."""


class OddPath(NotFound):
    """A part of a path that can be no id, as it holds control characters or outer blanks."""


def _check_path(request: Request) -> None:
    for name, value in request.scope.get("path_params", {}).items():
        if not value.isprintable() or (name != "ticket_id" and value != value.strip()):
            raise OddPath(noun_of(name))


async def _check_names(request: Request) -> None:
    """Raise `MisspeltNames` for names that the request's route does not know but nearly does.

    What else is wrong with the body is named in the same error.
    """
    route: Any = request.scope.get("route")
    names: KnownNames | None = getattr(route, "names", None)
    if names is None:
        return
    problems = misspelt(request.query_params, names.parameters, names.answered, place="parameter")
    body = await _json_of(request) if names.model else None
    wrong_fields = misspelt_in(body, names.model, names.answered) if names.model and body else []
    if not problems and not wrong_fields:
        return
    problems += wrong_fields
    if body is not None and route.body_field is not None:
        _, errors = route.body_field.validate(body, {}, loc=("body",))
        found = as_core_error(RequestValidationError(errors), problems)
        problems = getattr(found, "problems", problems)
    raise MisspeltNames.several(problems)


async def _json_of(request: Request) -> Any:
    """The body of a request if it is JSON; how it is broken otherwise, FastAPI says."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not (kind.startswith("application/") and kind.endswith("json")):
        return None
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None


def _is_upload(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/")


def _bounded(request: Request) -> Any:
    """The request's own receive, which ends in a refusal past the most it may bring."""
    receive = request.receive
    most = LARGEST_UPLOAD if _is_upload(request) else LARGEST_BODY
    read = 0

    async def bounded() -> Any:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most == LARGEST_UPLOAD:
            raise Unacceptable(TOO_LARGE, too_large=True)
        if read > most:
            raise Invalid("body", f"must have at most {LARGEST_BODY:,} bytes")
        return message

    return bounded


def _validated(request: Request, answer: Response) -> Response:
    if request.method not in ("GET", "HEAD") or answer.status_code != 200:
        if isinstance(answer, Json) and answer.version is not None and answer.status_code < 300:
            answer.headers["ETag"] = answer.etag
        return answer
    if isinstance(answer, Json):
        answer.headers["ETag"] = answer.etag
        answer.headers.setdefault("Cache-Control", "private, no-cache")
    etag = answer.headers.get("etag")
    if etag is None or not is_fresh(request.headers.get("if-none-match"), etag):
        return answer
    kept = {name: answer.headers[name] for name in KEPT_ON_304 if name in answer.headers}
    return Response(status_code=304, headers=kept)


async def _opened(request: Request, answer: Response) -> Response:
    if isinstance(answer, Download):
        return await run_in_threadpool(answer.opened, request)
    return answer


async def _refused(voice: Voice, request: Request, error: DeskError) -> Response:
    if isinstance(error, MisspeltNames | OddPath):
        return await _refused_input(voice, request, error)
    return refusal(voice, error, request)


async def _refused_input(voice: Voice, request: Request, wrong: DeskError) -> Response:
    """Wrong input is told only to somebody known."""
    try:
        if not getattr(request.scope.get("route"), "is_for_strangers", False):
            door = getattr(request.scope.get("route"), "door", Door)
            await run_in_threadpool(door(request).check)
    except DeskError as error:
        return refusal(voice, error, request)
    return refusal(voice, wrong, request)
