"""The route class of the dialects: one transaction per request, errors in the dialect's format."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from ticket_app.api.kit.downloads import FileDownload
from ticket_app.api.kit.error_renderer import ErrorRenderer, error_response, server_error_response
from ticket_app.api.kit.idempotent_requests import run_idempotently
from ticket_app.api.kit.misspelt_names import KnownRouteNames
from ticket_app.api.kit.request_checks import (
    MalformedPath,
    MisspeltNames,
    is_upload,
    limit_body_size,
    reject_malformed_path,
    reject_misspelt_names,
)
from ticket_app.api.kit.request_context import RequestContext, find_uow_parameter, provision_user
from ticket_app.api.kit.request_rate_limit import RequestRateLimit
from ticket_app.api.kit.responses import apply_etag
from ticket_app.api.kit.uploads import UPLOAD_DEPENDENCIES
from ticket_app.api.kit.validation_errors import TOO_DEEP, to_core_error
from ticket_app.core.people.external_issuers import UnregisteredSubject
from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import (
    DomainError,
    Invalid,
    NotFound,
    RateLimited,
)
from ticket_app.core.platform.rate_limits import LimitCategory


def in_transaction(
    endpoint: Callable[..., Response], uow_parameter: str
) -> Callable[..., Response]:
    """Return the endpoint wrapped in a unit of work that commits before the response is sent."""

    @functools.wraps(endpoint)
    def run(**arguments: object) -> Response:
        context = arguments[uow_parameter]
        assert isinstance(context, RequestContext)
        try:
            return _call_endpoint(endpoint, uow_parameter, context, arguments)
        except UnregisteredSubject as newcomer:
            provision_user(newcomer)
            return _call_endpoint(endpoint, uow_parameter, context, arguments)

    return run


def _call_endpoint(
    endpoint: Callable[..., Response],
    uow_parameter: str,
    context: RequestContext,
    arguments: dict[str, object],
) -> Response:
    with context.unit_of_work() as uow:
        return run_idempotently(context, uow, lambda: endpoint(**{**arguments, uow_parameter: uow}))


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
    max_body_size: int | None = None,
) -> type[APIRoute]:
    """Return a route class that renders errors with `renderer`.

    Validation errors are shown to anonymous callers on `anonymous_paths` only. Requests count
    against the rate limit of `category`, uploads and searches against their own; None does not
    count them. With `max_body_size` (bytes) the endpoint reads the body itself, piece by piece.
    """

    class DialectRoute(APIRoute):
        def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
            uow_parameter = (
                None if inspect.iscoroutinefunction(endpoint) else find_uow_parameter(endpoint)
            )
            if uow_parameter:
                endpoint = in_transaction(endpoint, uow_parameter)
            super().__init__(path, endpoint, **options)
            self.channel = "web" if renderer.name == "session" else renderer.name
            self.allows_anonymous = path in anonymous_paths
            self.context_class = context_class
            self.max_body_size = max_body_size
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

        def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
            handler = super().get_route_handler()

            async def handle(request: Request) -> Response:
                RequestRateLimit(request.scope).set_category(self.rate_limit_category(request))
                return await count_uncounted_request(
                    renderer, request, await respond(renderer, request, handler)
                )

            return handle

    return DialectRoute


async def count_uncounted_request(
    renderer: ErrorRenderer, request: Request, response: Response
) -> Response:
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
    handler: Callable[[Request], Coroutine[None, None, Response]],
) -> Response:
    """Return the response of the handler, or the error in the dialect's format."""
    request = Request(request.scope, limit_body_size(request))
    try:
        is_read_in_pieces = getattr(request.scope.get("route"), "max_body_size", None) is not None
        if (
            "idempotency-key" in request.headers
            and not is_upload(request)
            and not is_read_in_pieces
        ):
            request.state.sent = await request.body()
        reject_malformed_path(request)
        await reject_misspelt_names(request)
        return await _open_download(request, apply_etag(request, await handler(request)))
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
