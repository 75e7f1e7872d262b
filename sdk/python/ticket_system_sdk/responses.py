"""Responses of the API: their body, or the error they report."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime
from typing import Any, NoReturn, cast

import httpx

from ticket_system_sdk.errors import TicketSystemError, UnexpectedResponse, error_class_for


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds that `Retry-After` asks to wait, given as a number or as a date."""
    header = response.headers.get("Retry-After", "").strip()
    if not header:
        return None
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def body_of(response: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of a response. Raises `UnexpectedResponse`."""
    try:
        body: Any = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        message = f"HTTP {response.status_code}: not a response of the ticket system"
        raise UnexpectedResponse(message, status=response.status_code)
    return _mapping(body)


def _mapping(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def raise_for_response(response: httpx.Response) -> NoReturn:
    """Raise the error of a response: Error Response, or Centcom's `{"success": false, "error"}`."""
    status = response.status_code
    request_id = response.headers.get("X-Request-ID", "")
    wait = retry_after(response)
    try:
        body = body_of(response)
    except UnexpectedResponse as unexpected:
        error_class = error_class_for(status, "") if status >= 400 else UnexpectedResponse
        raise error_class(
            unexpected.message, status=status, request_id=request_id, retry_after=wait
        ) from None
    error = _mapping(body.get("error")) or {"message": body.get("error")}
    code = str(error.get("code") or "")
    error_class: type[TicketSystemError] = error_class_for(status, code)
    raise error_class(
        str(error.get("message") or body.get("detail") or f"HTTP {status}"),
        code=code,
        status=status,
        details=_mapping(error.get("details", body.get("details"))),
        request_id=str(body.get("request_id") or request_id),
        retry_after=wait,
    )
