"""The route class of the dialects: one transaction per request, errors in the dialect's format."""

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

from ticket_app.api.kit.files import MAX_UPLOAD_SIZE, TOO_LARGE, UPLOAD_DEPENDENCIES, FileDownload
from ticket_app.api.kit.misspelt_names import KnownRouteNames, find_misspelt, find_misspelt_in_body
from ticket_app.api.kit.request_context import RequestContext, find_uow_parameter, provision_user
from ticket_app.api.kit.request_rate_limit import RequestRateLimit
from ticket_app.api.kit.responses import JsonResponse, matches_etag
from ticket_app.api.kit.validation_errors import TOO_DEEP, resource_name, to_core_error
from ticket_app.core.people.sign_in import UnregisteredSubject
from ticket_app.core.platform import errors, idempotency
from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import (
    DomainError,
    FileRejected,
    IdempotencyKeyReused,
    Invalid,
    NotFound,
    RateLimited,
    Unauthenticated,
)
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.rate_limits import LimitCategory, RateLimitExceeded
from ticket_app.core.platform.unit_of_work import UnitOfWork, utc_now
from ticket_app.settings import settings

MAX_BODY_SIZE = 2 * 1024 * 1024
"""Maximum bytes of a request that is not an upload."""
NOT_MODIFIED_HEADERS = ("etag", "cache-control")


class ErrorRenderer(Protocol):
    """Renders errors in the format of one dialect."""

    name: str

    def render_error(
        self, error: DomainError, *, details: str | None, request_id: str
    ) -> tuple[int, Any]:
        """Return the status and body for an error of the core."""
        ...

    def render_server_error(self, *, details: str | None, request_id: str) -> tuple[int, Any]:
        """Return the status and body for an unexpected failure."""
        ...


DEFAULT_STATUS_CODES: dict[type[DomainError], int] = {
    errors.Invalid: 400,
    errors.FileRejected: 400,
    errors.RuleViolation: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.VersionConflict: 412,
    errors.IdempotencyKeyReused: 422,
    errors.RateLimited: 429,
    errors.Unavailable: 503,
}
"""Statuses for errors whose document does not define another one."""


def status_code_for(error: DomainError) -> int:
    """Return the default status of an error of the core."""
    return next(
        DEFAULT_STATUS_CODES[kind] for kind in type(error).__mro__ if kind in DEFAULT_STATUS_CODES
    )


def error_response(renderer: ErrorRenderer, error: DomainError, request: Request) -> Response:
    """Return an error of the core in the dialect's format, with its headers."""
    details = None
    if settings().debug:
        details = f"{type(error).__name__}: {error}"
    request_id = request.scope.get("request_id", "")
    status, body = renderer.render_error(error, details=details, request_id=request_id)
    response = JsonResponse(body, status_code=status)
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RateLimitExceeded):
        RequestRateLimit(request.scope).record(error.limit_status)
    if isinstance(error, RateLimited):
        wait = max(1, int((error.retry_at - utc_now()).total_seconds() + 0.999))
        response.headers["Retry-After"] = str(wait)
    if isinstance(error, errors.Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def server_error_response(renderer: ErrorRenderer, error: Exception, request: Request) -> Response:
    """Log an unexpected failure in full and respond without its details."""
    log().error("request_failed", path=request.url.path, exc_info=error)
    details = f"{type(error).__name__}: {error}" if settings().debug else None
    status, body = renderer.render_server_error(
        details=details, request_id=request.scope.get("request_id", "")
    )
    return JsonResponse(body, status_code=status)


def in_transaction(endpoint: Callable[..., Any], uow_parameter: str) -> Callable[..., Any]:
    """Return the endpoint wrapped in a unit of work that commits before the response is sent."""

    @functools.wraps(endpoint)
    def run(**arguments: Any) -> Any:
        context: RequestContext = arguments[uow_parameter]
        try:
            return _call_endpoint(endpoint, uow_parameter, context, arguments)
        except UnregisteredSubject as newcomer:
            provision_user(newcomer)
            return _call_endpoint(endpoint, uow_parameter, context, arguments)

    return run


def _call_endpoint(
    endpoint: Callable[..., Any],
    uow_parameter: str,
    context: RequestContext,
    arguments: dict[str, Any],
) -> Any:
    with context.unit_of_work() as uow:
        return run_idempotently(context, uow, lambda: endpoint(**{**arguments, uow_parameter: uow}))


def run_idempotently(
    context: RequestContext, uow: UnitOfWork, operation: Callable[[], Response]
) -> Response:
    """Run an operation once per `Idempotency-Key` and return its stored response afterwards.

    Without the header, or for methods other than POST, it always runs. Raises
    `IdempotencyKeyReused` if the key was used for another request, `Conflict` while the first
    request is in progress.
    """
    key = context.request.headers.get("idempotency-key")
    if key is None or context.method != "POST":
        return operation()
    body = getattr(context.request.state, "sent", b"")
    attempt = idempotency.build_request(context.method, context.request.url.path, key, body)
    stored = idempotency.find_response(uow, attempt)
    if stored is not None:
        if not stored.is_same_request:
            raise IdempotencyKeyReused
        response = Response(stored.body, status_code=stored.status, headers=stored.headers)
        response.headers["Idempotency-Replayed"] = "true"
        return response
    response = operation()
    if response.status_code < 400:
        uow.flush()
        headers = {"content-type": response.headers.get("content-type", "application/json")}
        if response.headers.get("cache-control") == "no-store":
            headers["cache-control"] = "no-store"
        idempotency.store_response(
            uow, attempt, response.status_code, headers, bytes(response.body)
        )
    return response


class DialectRouter(APIRouter):
    """A router that rejects other dialects' paths by prefix before it tries any pattern."""

    _path_prefixes: tuple[int, tuple[str, ...]] = (-1, ())

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether one of the routes may match."""
        route_count, prefixes = self._path_prefixes
        if route_count != len(self.routes):
            paths = (getattr(route, "path", "") for route in self.routes)
            prefixes = tuple({path.partition("{")[0] for path in paths})
            self._path_prefixes = (len(self.routes), prefixes)
        if not scope["path"].startswith(prefixes):
            return Match.NONE, {}
        return super().matches(scope)


def dialect_route_class(
    renderer: ErrorRenderer,
    *,
    anonymous_paths: frozenset[str] = frozenset(),
    category: LimitCategory | None = LimitCategory.GENERAL,
    context_class: type[RequestContext] = RequestContext,
) -> type[APIRoute]:
    """Return a route class that renders errors with `renderer`.

    Validation errors are shown to anonymous callers on `anonymous_paths` only. Requests count
    against the rate limit of `category`, uploads and searches against their own; None does not
    count them.
    """

    class DialectRoute(APIRoute):
        def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
            uow_parameter = (
                None if inspect.iscoroutinefunction(endpoint) else find_uow_parameter(endpoint)
            )
            if uow_parameter:
                endpoint = in_transaction(endpoint, uow_parameter)
            super().__init__(path, endpoint, **options)
            self.allows_anonymous = path in anonymous_paths
            self.context_class = context_class
            self.path_prefix = path.partition("{")[0]
            self.ends_in_literal = not path.endswith("}")
            self.accepts_upload = any(
                dependency.call in UPLOAD_DEPENDENCIES for dependency in self.dependant.dependencies
            )
            self.names = KnownRouteNames(self, renderer.name)

        def rate_limit_category(self, request: Request) -> LimitCategory | None:
            """Return the rate limit category of a request to this route."""
            if category is not LimitCategory.GENERAL:
                return category
            if self.accepts_upload:
                return LimitCategory.UPLOAD
            has_search_parameter = (
                b"search=" in request.scope["query_string"] and request.method == "GET"
            )
            is_search = has_search_parameter and request.query_params.get("search", "").strip()
            return LimitCategory.SEARCH if is_search else category

        def matches(self, scope: Scope) -> tuple[Match, Scope]:
            path = scope["path"]
            # `$` also matches before a trailing line break, which belongs to the path here.
            if not path.startswith(self.path_prefix) or (
                path[-1:] == "\n" and self.ends_in_literal
            ):
                return Match.NONE, {}
            return super().matches(scope)

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def handle(request: Request) -> Response:
                RequestRateLimit(request.scope).set_category(self.rate_limit_category(request))
                return await ensure_counted(
                    renderer, request, await respond(renderer, request, handler)
                )

            return handle

    return DialectRoute


async def ensure_counted(renderer: ErrorRenderer, request: Request, response: Response) -> Response:
    """Count the request for the client's address if nothing has counted it yet.

    Only requests that were rejected before authentication are still uncounted here. Returns the
    response, or a rate limit error if the address is over its limit.
    """
    if RequestRateLimit(request.scope).must_be_counted:
        try:
            await run_in_threadpool(RequestContext(request).count_anonymous)
        except RateLimited as error:
            return error_response(renderer, error, request)
    return response


async def respond(
    renderer: ErrorRenderer,
    request: Request,
    handler: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    """Return the response of the handler, or the error in the dialect's format."""
    request = Request(request.scope, _limit_body_size(request), request._send)  # noqa: SLF001
    try:
        if "idempotency-key" in request.headers and not _is_upload(request):
            request.state.sent = await request.body()
        _check_path(request)
        await _check_names(request)
        return await _open_download(request, _apply_etag(request, await handler(request)))
    except RequestValidationError as validation_error:
        return await _respond_with_input_error(renderer, request, to_core_error(validation_error))
    except RecursionError:
        return await _respond_with_input_error(renderer, request, Invalid("body", TOO_DEEP))
    except DomainError as error:
        return await _respond_with_error(renderer, request, error)
    except HTTPException as error:
        if isinstance(error.__cause__, DomainError):
            return await _respond_with_input_error(renderer, request, error.__cause__)
        if error.status_code == 400:
            return await _respond_with_input_error(
                renderer, request, Invalid("body", "cannot be read")
            )
        return error_response(renderer, NotFound("Page"), request)
    except Exception as exception:  # noqa: BLE001
        unavailable = to_unavailable_error(exception)
        if unavailable is not None:
            return error_response(renderer, unavailable, request)
        return server_error_response(renderer, exception, request)


class MisspeltNames(Invalid):
    """The request has unknown fields or parameters whose names are close to known ones."""


class MalformedPath(NotFound):
    """A path parameter cannot be an id: it has control characters or surrounding whitespace."""


def _check_path(request: Request) -> None:
    for name, value in request.scope.get("path_params", {}).items():
        if not value.isprintable() or (name != "ticket_id" and value != value.strip()):
            raise MalformedPath(resource_name(name))


async def _check_names(request: Request) -> None:
    """Raise `MisspeltNames` for names that are unknown to the route but close to known ones.

    The error includes the body's other validation problems.
    """
    route: Any = request.scope.get("route")
    names: KnownRouteNames | None = getattr(route, "names", None)
    if names is None:
        return
    problems = find_misspelt(
        request.query_params, names.parameters, names.response_fields, location="parameter"
    )
    body = await _read_json(request) if names.model else None
    body_problems = (
        find_misspelt_in_body(body, names.model, names.response_fields)
        if names.model and body
        else []
    )
    if not problems and not body_problems:
        return
    problems += body_problems
    if body is not None and route.body_field is not None:
        _, errors = route.body_field.validate(body, {}, loc=("body",))
        core_error = to_core_error(RequestValidationError(errors), problems)
        problems = getattr(core_error, "problems", problems)
    raise MisspeltNames.from_problems(problems)


async def _read_json(request: Request) -> Any:
    """Return the body of a JSON request, or None. FastAPI reports malformed JSON later."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not (media_type.startswith("application/") and media_type.endswith("json")):
        return None
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None


def _is_upload(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/")


def _limit_body_size(request: Request) -> Any:
    """Return the request's receive function, which raises an error past the maximum size."""
    receive = request.receive
    max_size = MAX_UPLOAD_SIZE if _is_upload(request) else MAX_BODY_SIZE
    size = 0

    async def receive_limited() -> Any:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > max_size == MAX_UPLOAD_SIZE:
            raise FileRejected(TOO_LARGE, is_too_large=True)
        if size > max_size:
            raise Invalid("body", f"must have at most {MAX_BODY_SIZE:,} bytes")
        return message

    return receive_limited


def _apply_etag(request: Request, response: Response) -> Response:
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        if (
            isinstance(response, JsonResponse)
            and response.version is not None
            and response.status_code < 300
        ):
            response.headers["ETag"] = response.etag
        return response
    if isinstance(response, JsonResponse):
        response.headers["ETag"] = response.etag
        response.headers.setdefault("Cache-Control", "private, no-cache")
    etag = response.headers.get("etag")
    if etag is None or not matches_etag(request.headers.get("if-none-match"), etag):
        return response
    headers = {
        name: response.headers[name] for name in NOT_MODIFIED_HEADERS if name in response.headers
    }
    return Response(status_code=304, headers=headers)


async def _open_download(request: Request, response: Response) -> Response:
    if isinstance(response, FileDownload):
        return await run_in_threadpool(response.open, request)
    return response


async def _respond_with_error(
    renderer: ErrorRenderer, request: Request, error: DomainError
) -> Response:
    if isinstance(error, MisspeltNames | MalformedPath):
        return await _respond_with_input_error(renderer, request, error)
    return error_response(renderer, error, request)


async def _respond_with_input_error(
    renderer: ErrorRenderer, request: Request, input_error: DomainError
) -> Response:
    """Return a validation error, or 401 for anonymous callers of other routes."""
    try:
        if not getattr(request.scope.get("route"), "allows_anonymous", False):
            context_class = getattr(request.scope.get("route"), "context_class", RequestContext)
            await run_in_threadpool(context_class(request).authenticate)
    except DomainError as error:
        return error_response(renderer, error, request)
    return error_response(renderer, input_error, request)
