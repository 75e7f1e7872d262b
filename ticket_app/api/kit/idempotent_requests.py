"""Run requests with an `Idempotency-Key` at most once."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from ticket_app.api.kit.request_context import RequestContext
from ticket_app.core.platform import idempotency
from ticket_app.core.platform.errors import IdempotencyKeyReused
from ticket_app.core.platform.unit_of_work import UnitOfWork


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
