"""Check a request before its endpoint runs: size, path and names."""

from __future__ import annotations

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

from ticket_app.api.kit.misspelt_names import KnownRouteNames, find_misspelt, find_misspelt_in_body
from ticket_app.api.kit.uploads import MAX_UPLOAD_SIZE
from ticket_app.api.kit.validation_errors import resource_name, to_core_error
from ticket_app.core.attachments.uploading import TOO_LARGE
from ticket_app.core.platform.errors import FileRejected, Invalid, NotFound
from ticket_app.core.platform.json_types import JsonValue

MAX_BODY_SIZE = 2 * 1024 * 1024
"""Maximum bytes of a request that is not an upload."""


class MisspeltNames(Invalid):
    """The request has unknown fields or parameters whose names are close to known ones."""


class MalformedPath(NotFound):
    """A path parameter cannot be an id: it has control characters or surrounding whitespace."""


def reject_malformed_path(request: Request) -> None:
    """Raise `MalformedPath` for path parameters that cannot be ids."""
    for name, value in request.scope.get("path_params", {}).items():
        if not value.isprintable() or (name != "ticket_id" and value != value.strip()):
            raise MalformedPath(resource_name(name))


async def reject_misspelt_names(request: Request) -> None:
    """Raise `MisspeltNames` for names that are unknown to the route but close to known ones.

    The error includes the body's other validation problems.
    """
    route: object = request.scope.get("route")
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
    if body is not None and isinstance(route, APIRoute) and route.body_field is not None:
        _, errors = route.body_field.validate(body, {}, loc=("body",))
        core_error = to_core_error(RequestValidationError(errors), problems)
        problems = getattr(core_error, "problems", problems)
    raise MisspeltNames.from_problems(problems)


async def _read_json(request: Request) -> JsonValue:
    """Return the body of a JSON request, or None. FastAPI reports malformed JSON later."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not (media_type.startswith("application/") and media_type.endswith("json")):
        return None
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None


def is_upload(request: Request) -> bool:
    """Return whether the body is a multipart form."""
    return request.headers.get("content-type", "").lower().startswith("multipart/")


def limit_body_size(request: Request) -> Receive:
    """Return the request's receive function, which raises an error past the maximum size."""
    receive = request.receive
    max_size = MAX_UPLOAD_SIZE if is_upload(request) else MAX_BODY_SIZE
    max_size = getattr(request.scope.get("route"), "max_body_size", None) or max_size
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > max_size == MAX_UPLOAD_SIZE:
            raise FileRejected(TOO_LARGE, is_too_large=True)
        if size > max_size:
            raise Invalid("body", f"must have at most {max_size:,} bytes")
        return message

    return receive_limited
