"""Requests on their way: with who is asking, sent again while it is worth it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from ticket_system_sdk.answers import body_of
from ticket_system_sdk.call import Call
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.errors import ConnectionFailed
from ticket_system_sdk.retries import Retries, Tries

USER_AGENT = "ticket-system-sdk-python/0.2.0"


class Transport:
    """Sends calls until they are answered, refused, or not worth another try."""

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
        """Close the connections, if they are our own."""
        if self._owns_http:
            self._http.close()

    def json(self, call: Call) -> dict[str, Any]:
        """The body of the answer. Raises `TicketSystemError`."""
        return self.validated(call)[0]

    def validated(self, call: Call) -> tuple[dict[str, Any], str | None]:
        """The body of the answer and its ETag. Raises `TicketSystemError`."""
        response = self._send(call, stream=False)
        # A DELETE that was heeded when its answer was lost is answered 404.
        is_empty = response.status_code == 404 or not response.content
        return {} if is_empty else body_of(response), response.headers.get("ETag")

    @contextmanager
    def stream(self, call: Call) -> Generator[httpx.Response]:
        """The answer, its body still to be read. Raises `TicketSystemError`."""
        response = self._send(call, stream=True)
        try:
            yield response
        except httpx.TransportError as broken:
            raise ConnectionFailed(f"the answer broke off: {broken}", was_sent=True) from broken
        finally:
            response.close()

    def _send(self, call: Call, *, stream: bool) -> httpx.Response:
        once = {"Idempotency-Key": str(uuid.uuid4())} if call.method == "POST" else {}
        tries = Tries(call, self._retries)
        while True:
            access = self.credentials.access_token
            headers = self._headers | once | dict(call.headers)
            if call.is_authorized:
                headers |= self.credentials.headers(access)
            try:
                response = self._http.send(
                    self._request(call, headers), stream=stream, follow_redirects=False
                )
                if stream and not response.is_success:
                    response.read()
            except httpx.TransportError as broken:
                wait = tries.after_a_lost_answer(broken)
            else:
                if response.is_success or tries.was_heeded(response):
                    return response
                if tries.may_renew(response) and self._renew(access):
                    continue
                wait = tries.after_a_refusal(response)
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

    def _renew(self, refused: str | None) -> bool:
        return self.fetch_tokens is not None and self.credentials.renew(refused, self.fetch_tokens)
