"""Authentication."""

from __future__ import annotations

from ticket_system_sdk.call import Call
from ticket_system_sdk.errors import AuthenticationRequired
from ticket_system_sdk.model import parse
from ticket_system_sdk.models import Session, User
from ticket_system_sdk.resource import Resource
from ticket_system_sdk.transport import Transport


class Auth(Resource):
    """Sign-in and sign-out."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        transport.fetch_tokens = self._renew_tokens

    def login(self, username: str, password: str) -> Session:
        """Sign in. The client then uses and renews this session's tokens.

        Raises `AuthenticationRequired`, `RateLimited`.
        """
        body = {"username": username, "password": password}
        call = Call(method="POST", path="/auth/login", json=body, is_authorized=False)
        session = self._one(Session, call)
        self._transport.credentials.use(session.access_token, session.refresh_token)
        return session

    def refresh(self, refresh_token: str | None = None) -> Session:
        """Exchange a refresh token (by default the client's own) for new tokens; it works once.

        Raises `AuthenticationRequired`.
        """
        token = refresh_token or self._transport.credentials.refresh_token
        if not token:
            raise AuthenticationRequired("there is no refresh token: sign in first")
        session = self._renew_session(token)
        self._transport.credentials.use(session.access_token, session.refresh_token)
        return session

    def me(self) -> User:
        """Return the user that the token belongs to. Raises `AuthenticationRequired`."""
        return self._one(User, Call(method="GET", path="/auth/me"))

    def logout(self) -> None:
        """Sign out; the session's tokens become invalid. Raises `AuthenticationRequired`."""
        self._transport.json(Call(method="POST", path="/auth/logout"))
        self._transport.credentials.use(None)

    def _renew_session(self, refresh_token: str) -> Session:
        # Not retried once it may have arrived: using a refresh token twice ends the session.
        call = Call(
            method="POST",
            path="/auth/refresh",
            headers={"Authorization": f"Bearer {refresh_token}"},
            is_authorized=False,
            repeatable=False,
        )
        return parse(Session, self._data(call))

    def _renew_tokens(self, refresh_token: str) -> tuple[str, str]:
        session = self._renew_session(refresh_token)
        return session.access_token, session.refresh_token
