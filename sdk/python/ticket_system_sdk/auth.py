"""Authentication."""

from __future__ import annotations

from ticket_system_sdk.call import Call
from ticket_system_sdk.errors import AuthenticationRequired
from ticket_system_sdk.model import read
from ticket_system_sdk.models import Session, User
from ticket_system_sdk.resource import Resource
from ticket_system_sdk.transport import Transport


class Auth(Resource):
    """Signing in and out."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        transport.fetch_tokens = self._renewed

    def login(self, username: str, password: str) -> Session:
        """Sign in; from here on the client asks as this person, and renews its token by itself.

        Raises `AuthenticationRequired`, `RateLimited`.
        """
        told = {"username": username, "password": password}
        call = Call(method="POST", path="/auth/login", json=told, is_authorized=False)
        session = self._one(Session, call)
        self._transport.credentials.use(session.access_token, session.refresh_token)
        return session

    def refresh(self, refresh_token: str | None = None) -> Session:
        """Trade the refresh token (the client's own unless given) for new tokens; it works once.

        Raises `AuthenticationRequired`.
        """
        token = refresh_token or self._transport.credentials.refresh_token
        if not token:
            raise AuthenticationRequired("nobody has signed in here")
        session = self._renew(token)
        self._transport.credentials.use(session.access_token, session.refresh_token)
        return session

    def me(self) -> User:
        """Who the token stands for. Raises `AuthenticationRequired`."""
        return self._one(User, Call(method="GET", path="/auth/me"))

    def logout(self) -> None:
        """End the sign-in; its tokens stop working at once. Raises `AuthenticationRequired`."""
        self._transport.json(Call(method="POST", path="/auth/logout"))
        self._transport.credentials.use(None)

    def _renew(self, refresh_token: str) -> Session:
        # Not sent again once it may have arrived: a second use would end the whole sign-in.
        call = Call(
            method="POST",
            path="/auth/refresh",
            headers={"Authorization": f"Bearer {refresh_token}"},
            is_authorized=False,
            repeatable=False,
        )
        return read(Session, self._data(call))

    def _renewed(self, refresh_token: str) -> tuple[str, str]:
        session = self._renew(refresh_token)
        return session.access_token, session.refresh_token
