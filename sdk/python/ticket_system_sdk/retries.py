"""Whether a request is sent again, and after which delay."""

from __future__ import annotations

import random
from dataclasses import dataclass

import httpx

from ticket_system_sdk.call import Call
from ticket_system_sdk.errors import ConnectionFailed
from ticket_system_sdk.responses import raise_for_response, retry_after

NOT_PROCESSED = frozenset({429, 503})
"""Statuses of requests that the server has not processed."""
TEMPORARY = NOT_PROCESSED | {502, 504}
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
INVALID_REQUESTS = (httpx.LocalProtocolError, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a request is sent again, and how long to wait before that, in seconds."""

    max_retries: int = 3
    first_wait: float = 0.5
    max_wait: float = 60.0

    def wait(self, attempts: int, requested: float | None) -> float | None:
        """Return the seconds until the next attempt, or None if there is none.

        There is none after `max_retries`, or if the server requests more than `max_wait` seconds.
        """
        if attempts >= self.max_retries or (requested is not None and requested > self.max_wait):
            return None
        spread = random.uniform(0.5, 1.0)  # noqa: S311
        return max(requested or 0.0, min(self.first_wait * 2**attempts, self.max_wait) * spread)


class Attempts:
    """The attempts of one call so far, and whether there is another one."""

    def __init__(self, call: Call, retries: Retries) -> None:
        self._call = call
        self._retries = retries
        self._count = 0
        self._was_renewed = False
        self._may_have_taken_effect = False

    def delay_after_connection_error(self, error: httpx.TransportError) -> float:
        """Return the seconds until the next attempt. Raises `ConnectionFailed` if there is none."""
        is_valid = not isinstance(error, INVALID_REQUESTS)
        was_sent = is_valid and not isinstance(error, NOT_SENT)
        wait = self._retries.wait(self._count, None) if is_valid else None
        self._may_have_taken_effect |= was_sent
        if wait is None or (was_sent and not self._call.repeatable):
            message = (
                f"{self._call.method} {self._call.path} got no response: {type(error).__name__}"
            )
            raise ConnectionFailed(message, was_sent=self._may_have_taken_effect) from error
        self._count += 1
        return wait

    def delay_after_error_response(self, response: httpx.Response) -> float:
        """Return the seconds until the next attempt. Raises the error if there is none."""
        is_temporary = response.status_code in (
            TEMPORARY if self._call.repeatable else NOT_PROCESSED
        )
        wait = None
        if is_temporary or self._conflicts_with_own_attempt(response):
            wait = self._retries.wait(self._count, retry_after(response))
        if wait is None:
            raise_for_response(response)
        self._may_have_taken_effect |= response.status_code not in NOT_PROCESSED
        self._count += 1
        return wait

    def should_renew_token(self, response: httpx.Response) -> bool:
        """Return whether to renew the access token: true at most once."""
        if response.status_code != 401 or not self._call.is_authorized or self._was_renewed:
            return False
        self._was_renewed = True
        return True

    def was_already_deleted(self, response: httpx.Response) -> bool:
        """Return whether an earlier attempt has deleted the resource."""
        is_gone = self._call.method == "DELETE" and response.status_code == 404
        return is_gone and self._may_have_taken_effect

    def _conflicts_with_own_attempt(self, response: httpx.Response) -> bool:
        """Return whether a conflict may be with an earlier attempt that is still in progress."""
        is_conflict = self._call.method == "POST" and response.status_code == 409
        return is_conflict and self._may_have_taken_effect
