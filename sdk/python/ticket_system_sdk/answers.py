"""What came back: a body, or why not."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime
from typing import Any, NoReturn, cast

import httpx

from ticket_system_sdk.errors import TicketSystemError, UnexpectedAnswer, kind_of


def retry_after(response: httpx.Response) -> float | None:
    """The seconds an answer asks to wait, written as a number or as a date."""
    told = response.headers.get("Retry-After", "").strip()
    if not told:
        return None
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        moment = email.utils.parsedate_to_datetime(told)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def body_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object an answer holds. Raises `UnexpectedAnswer`."""
    try:
        body: Any = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        message = f"HTTP {response.status_code}: not an answer of the ticket system"
        raise UnexpectedAnswer(message, status=response.status_code)
    return _mapping(body)


def _mapping(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def refuse(response: httpx.Response) -> NoReturn:
    """Raise what the answer says: Error Response, or Centcom's `{"success": false, "error"}`."""
    status = response.status_code
    request_id = response.headers.get("X-Request-ID", "")
    wait = retry_after(response)
    try:
        body = body_of(response)
    except UnexpectedAnswer as unexpected:
        kind = kind_of(status, "") if status >= 400 else UnexpectedAnswer
        raise kind(
            unexpected.message, status=status, request_id=request_id, retry_after=wait
        ) from None
    error = _mapping(body.get("error")) or {"message": body.get("error")}
    code = str(error.get("code") or "")
    known: type[TicketSystemError] = kind_of(status, code)
    raise known(
        str(error.get("message") or body.get("detail") or f"HTTP {status}"),
        code=code,
        status=status,
        details=_mapping(error.get("details", body.get("details"))),
        request_id=str(body.get("request_id") or request_id),
        retry_after=wait,
    )
