"""The credentials of requests."""

from __future__ import annotations


def _token(text: str | None) -> str | None:
    """Return a token without surrounding whitespace. Raises `ValueError` if it is malformed."""
    token = text.strip() if text else None
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise ValueError("a token or API key may contain printable ASCII characters only")
    return token or None


class Credentials:
    """An API key, or an access token and its refresh token."""

    def __init__(self, api_key: str | None = None) -> None:
        self._api_key = _token(api_key)
        self._tokens: tuple[str | None, str | None] = (None, None)

    def __repr__(self) -> str:
        return "Credentials(...)"

    def use(self, access: str | None, refresh: str | None = None) -> None:
        """Use this access token, and renew it if a refresh token is given.

        Raises `ValueError`.
        """
        access, refresh = _token(access), _token(refresh)
        if refresh is None and access == self._tokens[0]:
            return
        self._tokens = (access, refresh)

    @property
    def refresh_token(self) -> str | None:
        """The refresh token of the access token."""
        return self._tokens[1]

    @property
    def access_token(self) -> str | None:
        """The current access token."""
        return self._tokens[0]

    def headers(self, access: str | None) -> dict[str, str]:
        """Return the header that authenticates a request."""
        if access is not None:
            return {"Authorization": f"Bearer {access}"}
        return {"X-API-Key": self._api_key} if self._api_key else {}

    def forget_refresh_token(self) -> None:
        """Keep the access token without its refresh token."""
        self._tokens = (self._tokens[0], None)
