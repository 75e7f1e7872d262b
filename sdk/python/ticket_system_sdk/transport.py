"""Sends requests with credentials and retries."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from ticket_system_sdk.call import Call
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.errors import ConnectionFailed
from ticket_system_sdk.responses import body_of
from ticket_system_sdk.retries import Attempts, Retries

USER_AGENT = "ticket-system-sdk-python/0.2.0"


class Transport:
    """Sends each call until it succeeds, fails for good or has no retries left."""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials,
        retries: Retries,
        timeout: float,
        http: httpx.Client | None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._headers = {"User-Agent": USER_AGENT, "Accept": "application/json", **(headers or {})}
        self._retries = retries
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 10.0))
        self._owns_http = http is None
        self._http = http or httpx.Client()
        self.credentials = credentials
        self.fetch_tokens: Callable[[str], tuple[str, str]] | None = None

    def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owns_http:
            self._http.close()

    def json(self, call: Call) -> dict[str, Any]:
        """Return the body of the response. Raises `TicketSystemError`."""
        return self.validated(call)[0]

    def validated(self, call: Call) -> tuple[dict[str, Any], str | None]:
        """Return the body of the response and its ETag. Raises `TicketSystemError`."""
        response = self._send(call, stream=False)
        # A repeated DELETE returns 404 if the lost response was a success.
        is_empty = response.status_code == 404 or not response.content
        return {} if is_empty else body_of(response), response.headers.get("ETag")

    @contextmanager
    def stream(self, call: Call) -> Generator[httpx.Response]:
        """Yield the response with an unread body. Raises `TicketSystemError`."""
        response = self._send(call, stream=True)
        try:
            yield response
        except httpx.TransportError as error:
            raise ConnectionFailed(
                f"the response was interrupted: {error}", was_sent=True
            ) from error
        finally:
            response.close()

    def _send(self, call: Call, *, stream: bool) -> httpx.Response:
        idempotency = {"Idempotency-Key": str(uuid.uuid4())} if call.method == "POST" else {}
        attempts = Attempts(call, self._retries)
        while True:
            access = self.credentials.access_token
            headers = self._headers | idempotency | dict(call.headers)
            if call.is_authorized:
                headers |= self.credentials.headers(access)
            try:
                response = self._http.send(
                    self._request(call, headers), stream=stream, follow_redirects=False
                )
                if stream and not response.is_success:
                    response.read()
            except httpx.TransportError as error:
                wait = attempts.delay_after_connection_error(error)
            else:
                if response.is_success or attempts.was_already_deleted(response):
                    return response
                if attempts.should_renew_token(response) and self._renew(access):
                    continue
                wait = attempts.delay_after_error_response(response)
            time.sleep(wait)

    def _request(self, call: Call, headers: Mapping[str, str]) -> httpx.Request:
        files = call.file and {"file": (call.file.name, call.file.content, call.file.media_type)}
        return self._http.build_request(
            call.method,
            self._base + call.path,
            params={name: value for name, value in call.params.items() if value is not None},
            json=call.json,
            data=call.fields or None,
            files=files,
            headers=headers,
            timeout=self._timeout,
        )

    def _renew(self, rejected: str | None) -> bool:
        return self.fetch_tokens is not None and self.credentials.renew(rejected, self.fetch_tokens)
