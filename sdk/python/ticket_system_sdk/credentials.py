"""Who is asking, and how that stays true beyond an hour."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from ticket_system_sdk.errors import AuthenticationRequired, ConnectionFailed


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
