"""Authentication."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import httpx

from ticket_system_sdk.call import Call
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.errors import AuthenticationRequired
from ticket_system_sdk.model import parse
from ticket_system_sdk.models import Session, User
from ticket_system_sdk.operation import Operation, data_of, json_body, one
from ticket_system_sdk.resource import Resource, endpoint
from ticket_system_sdk.transport import TransportT

T = TypeVar("T")


class Auth(Resource[TransportT]):
    """Sign-in and sign-out."""

    def __init__(self, transport: TransportT) -> None:
        super().__init__(transport)
        self._credentials: Credentials = transport.exchange.credentials
        transport.exchange.fetch_tokens = lambda token: _renewal(token, _tokens_of)

    @endpoint
    def login(self, username: str, password: str) -> Operation[Session]:
        """Sign in. The client then uses and renews this session's tokens.

        Raises `AuthenticationRequired`, `RateLimited`.
        """
        body = {"username": username, "password": password}
        call = Call(method="POST", path="/auth/login", json=body, is_authorized=False)
        return Operation(call, self._use)

    @endpoint
    def refresh(self, refresh_token: str | None = None) -> Operation[Session]:
        """Exchange a refresh token (by default the client's own) for new tokens; it works once.

        Raises `AuthenticationRequired`.
        """
        token = refresh_token or self._credentials.refresh_token
        if not token:
            raise AuthenticationRequired("there is no refresh token: sign in first")
        return _renewal(token, self._use)

    @endpoint
    def me(self) -> Operation[User]:
        """Return the user that the token belongs to. Raises `AuthenticationRequired`."""
        return one(User, Call(method="GET", path="/auth/me"))

    @endpoint
    def logout(self) -> Operation[None]:
        """Sign out; the session's tokens become invalid. Raises `AuthenticationRequired`."""
        return Operation(Call(method="POST", path="/auth/logout"), self._forget)

    def _use(self, response: httpx.Response) -> Session:
        session = _session_of(response)
        self._credentials.use(session.access_token, session.refresh_token)
        return session

    def _forget(self, response: httpx.Response) -> None:
        json_body(response)
        self._credentials.use(None)


def _renewal(refresh_token: str, parse_response: Callable[[httpx.Response], T]) -> Operation[T]:
    # Not retried once it may have arrived: using a refresh token twice ends the session.
    call = Call(
        method="POST",
        path="/auth/refresh",
        headers={"Authorization": f"Bearer {refresh_token}"},
        is_authorized=False,
        repeatable=False,
    )
    return Operation(call, parse_response)


def _session_of(response: httpx.Response) -> Session:
    return parse(Session, data_of(response))


def _tokens_of(response: httpx.Response) -> tuple[str, str]:
    session = _session_of(response)
    return session.access_token, session.refresh_token
