"""Receive email over HTTP: `POST /mail/inbound`, for mail servers and providers (MAIL.md)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.email.incoming.receiving import Receipt, receive
from ticket_app.core.email.incoming.source import MAX_SOURCE_BYTES, NotAMessage
from ticket_app.core.email.incoming.states import MailChannel
from ticket_app.core.platform import secrets
from ticket_app.core.platform.errors import Unavailable
from ticket_app.settings import settings

INBOUND_PATH = "/mail/inbound"

router = APIRouter(include_in_schema=False)


@router.post(INBOUND_PATH)
async def receive_email(request: Request) -> Response:
    """Receive one message, the body. Responds with 202 once it has been committed."""
    if not _is_authorized(request):
        response = _error(401, "A valid token is required (TICKET_MAIL_INBOUND_TOKEN)")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    source = await _read_body(request)
    if source is None:
        return _error(413, "The message is larger than 25 MB")
    try:
        receipt = await run_in_threadpool(_receive, source)
    except NotAMessage as error:
        return _error(400, f"This is not an email: {error}")
    except Unavailable as error:
        response = _error(503, error.message)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    content = {"status": receipt.status, "ticket": receipt.ticket, "reason": receipt.reason}
    return JsonResponse(content, status_code=202)


def _is_authorized(request: Request) -> bool:
    """Return whether the request has the token; never without a token in the settings."""
    expected = settings().mail_inbound_token
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    is_token = secrets.is_equal(token.strip(), expected)
    return bool(expected) and scheme.lower() == "bearer" and is_token


async def _read_body(request: Request) -> bytes | None:
    """Return the body, or None if it is too large. What is too large is not read to its end."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MAX_SOURCE_BYTES:
        return None
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_SOURCE_BYTES:
            return None
    return bytes(content)


def _receive(source: bytes) -> Receipt:
    return receive(source, channel=MailChannel.HTTP)


def _error(status: int, message: str) -> JsonResponse:
    return JsonResponse({"error": message}, status_code=status)
