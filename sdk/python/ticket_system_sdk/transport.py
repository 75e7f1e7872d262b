"""Requests with their credentials, retries and refusals; the resources say what to ask."""

from __future__ import annotations

import email.utils
import random
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import IO, Any, NoReturn, cast

import httpx

from ticket_system_sdk.errors import (
    AuthenticationRequired,
    ConnectionFailed,
    TicketSystemError,
    UnexpectedAnswer,
    kind_of,
)

USER_AGENT = "ticket-system-sdk-python/1.0.0"
NEVER_ACTED_ON = frozenset({429, 503})
"""What a server answers before it has done anything."""
PASSING = NEVER_ACTED_ON | {502, 504}
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
NEVER_SENDABLE = (httpx.LocalProtocolError, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file on its way."""

    name: str
    content: bytes | IO[bytes]
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `repeatable`: it may be sent again although the first may have been heeded."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    json: Any = None
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    file: Upload | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_authorized: bool = True
    repeatable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a request is tried again, and how long at most is waited for that."""

    most: int = 3
    first_wait: float = 0.5
    longest_wait: float = 60.0

    def wait(self, tries: int, asked: float | None) -> float | None:
        """Seconds until the next try; None if there is none, or the server asks for too long."""
        if tries >= self.most or (asked is not None and asked > self.longest_wait):
            return None
        spread = random.uniform(0.5, 1.0)  # noqa: S311
        return max(asked or 0.0, min(self.first_wait * 2**tries, self.longest_wait) * spread)


def _token(told: str | None) -> str | None:
    """A token without the blanks around it. Raises `ValueError` for what no header can hold."""
    token = told.strip() if told else None
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise ValueError("a token or API key has letters, digits and signs of ASCII only")
    return token or None


class Credentials:
    """Who is asking: an API key, or an access token with what renews it. Safe between threads."""

    def __init__(self, api_key: str | None = None) -> None:
        self._api_key = _token(api_key)
        self._tokens: tuple[str | None, str | None] = (None, None)
        self._renewing = Lock()

    def __repr__(self) -> str:
        return "Credentials(...)"

    def use(self, access: str | None, refresh: str | None = None) -> None:
        """Ask as whom this access token stands for; with a refresh token, for as long as it can.

        Raises `ValueError`.
        """
        access, refresh = _token(access), _token(refresh)
        if refresh is None and access == self._tokens[0]:
            return
        self._tokens = (access, refresh)

    @property
    def refresh_token(self) -> str | None:
        """What the access token can be renewed with."""
        return self._tokens[1]

    @property
    def access_token(self) -> str | None:
        """What requests carry now."""
        return self._tokens[0]

    def headers(self, access: str | None) -> dict[str, str]:
        """The header that says who is asking."""
        if access is not None:
            return {"Authorization": f"Bearer {access}"}
        return {"X-API-Key": self._api_key} if self._api_key else {}

    def renew(self, refused: str | None, fetch: Callable[[str], tuple[str, str]]) -> bool:
        """Have another access token than the refused one; whether there is one now.

        A refresh token works once, and a second use ends the sign-in: so one thread fetches while
        the others wait for what it gets, and one that may have been spent is not sent again.
        """
        if refused is None:
            return False
        with self._renewing:
            access, refresh = self._tokens
            if access != refused:
                return access is not None
            if refresh is None:
                return False
            try:
                self._tokens = fetch(refresh)
            except AuthenticationRequired:
                self._tokens = (access, None)
                return False
            except ConnectionFailed as lost:
                if lost.was_sent:
                    self._tokens = (access, None)
                raise
            return True


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
        return {} if is_empty else _object(response), response.headers.get("ETag")

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
        tries = _Tries(call, self._retries)
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


class _Tries:
    """What was tried for one call so far, and whether it is worth another try."""

    def __init__(self, call: Call, retries: Retries) -> None:
        self._call = call
        self._retries = retries
        self._count = 0
        self._was_renewed = False
        self._may_have_been_heeded = False

    def after_a_lost_answer(self, broken: httpx.TransportError) -> float:
        """Seconds until the next try. Raises `ConnectionFailed` if there is none."""
        is_sendable = not isinstance(broken, NEVER_SENDABLE)
        was_sent = is_sendable and not isinstance(broken, NEVER_SENT)
        wait = self._retries.wait(self._count, None) if is_sendable else None
        if wait is None or (was_sent and not self._call.repeatable):
            message = (
                f"{self._call.method} {self._call.path} got no answer: {type(broken).__name__}"
            )
            raise ConnectionFailed(message, was_sent=was_sent) from broken
        self._may_have_been_heeded |= was_sent
        self._count += 1
        return wait

    def after_a_refusal(self, response: httpx.Response) -> float:
        """Seconds until the next try. Raises what the answer says if there is none."""
        passes = response.status_code in (PASSING if self._call.repeatable else NEVER_ACTED_ON)
        wait = None
        if passes or self._is_own_first_request(response):
            wait = self._retries.wait(self._count, retry_after(response))
        if wait is None:
            refuse(response)
        self._may_have_been_heeded |= response.status_code not in NEVER_ACTED_ON
        self._count += 1
        return wait

    def may_renew(self, response: httpx.Response) -> bool:
        """Whether another access token may help; asked once."""
        if response.status_code != 401 or not self._call.is_authorized or self._was_renewed:
            return False
        self._was_renewed = True
        return True

    def was_heeded(self, response: httpx.Response) -> bool:
        """Whether what is to be deleted is gone because an earlier try was heeded."""
        is_gone = self._call.method == "DELETE" and response.status_code == 404
        return is_gone and self._may_have_been_heeded

    def _is_own_first_request(self, response: httpx.Response) -> bool:
        """Whether a conflict may be with the first try, still under way under the same key."""
        is_conflict = self._call.method == "POST" and response.status_code == 409
        return is_conflict and self._may_have_been_heeded


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


def _object(response: httpx.Response) -> dict[str, Any]:
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
        body = _object(response)
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
