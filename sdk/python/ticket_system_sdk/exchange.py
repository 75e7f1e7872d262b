"""The exchange of requests and responses, without input and output.

A flow is a generator. It yields what to do next, gets the result, and returns its own result in the
end. The transports carry out the steps, blocking or not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from ticket_system_sdk.call import Call
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.errors import AuthenticationRequired, ConnectionFailed
from ticket_system_sdk.operation import Operation
from ticket_system_sdk.retries import Attempts, Retries

USER_AGENT = "ticket-system-sdk-python/0.2.0"


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request; the result is its response, or the error of the connection is thrown."""

    request: httpx.Request
    stream: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait for some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Renewal:
    """Run `renewal` while no other one runs; the result is whether there is another token now."""

    rejected: str


Step = Send | Wait | Renewal
T = TypeVar("T")
Flow = Generator[Step, Any, T]


class Exchange:
    """Sends each call until it succeeds, fails for good or has no retries left."""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials,
        retries: Retries,
        timeout: float,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._headers = {"User-Agent": USER_AGENT, "Accept": "application/json", **(headers or {})}
        self._retries = retries
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 10.0))
        self.credentials = credentials
        self.fetch_tokens: Callable[[str], Operation[tuple[str, str]]] | None = None

    def send(
        self, call: Call, build_request: Callable[..., httpx.Request], *, stream: bool
    ) -> Flow[httpx.Response]:
        """Return the response to a call; its body is unread if `stream` is set.

        Raises `TicketSystemError`.
        """
        idempotency = {"Idempotency-Key": str(uuid.uuid4())} if call.method == "POST" else {}
        attempts = Attempts(call, self._retries)
        while True:
            access = self.credentials.access_token
            headers = self._headers | idempotency | dict(call.headers)
            if call.is_authorized:
                headers |= self.credentials.headers(access)
            try:
                request = self._request(call, headers, build_request)
                response: httpx.Response = yield Send(request, stream)
            except httpx.TransportError as error:
                wait = attempts.delay_after_connection_error(error)
            else:
                if response.is_success or attempts.was_already_deleted(response):
                    return response
                if attempts.should_renew_token(response) and access is not None:
                    is_renewed: bool = yield Renewal(access)
                    if is_renewed:
                        continue
                wait = attempts.delay_after_error_response(response)
            yield Wait(wait)

    def renewal(self, rejected: str, build_request: Callable[..., httpx.Request]) -> Flow[bool]:
        """Replace the rejected access token; return whether there is another one now.

        A refresh token works once, and a second use ends the session. So only one of these flows
        may run at a time, and a refresh token that may have been used is not sent again.
        """
        access, refresh = self.credentials.access_token, self.credentials.refresh_token
        if access != rejected:
            return access is not None
        if refresh is None or self.fetch_tokens is None:
            return False
        operation = self.fetch_tokens(refresh)
        try:
            response = yield from self.send(operation.call, build_request, stream=False)
        except AuthenticationRequired:
            self.credentials.forget_refresh_token()
            return False
        except ConnectionFailed as error:
            if error.was_sent:
                self.credentials.forget_refresh_token()
            raise
        self.credentials.use(*operation.parse(response))
        return True

    def _request(
        self, call: Call, headers: Mapping[str, str], build_request: Callable[..., httpx.Request]
    ) -> httpx.Request:
        files = call.file and {"file": (call.file.name, call.file.content, call.file.media_type)}
        return build_request(
            call.method,
            self._base + call.path,
            params={name: value for name, value in call.params.items() if value is not None},
            json=call.json,
            data=call.fields or None,
            files=files,
            headers=headers,
            timeout=self._timeout,
        )
