"""Whether a call is worth another try, and how long to wait for it."""

from __future__ import annotations

import random
from dataclasses import dataclass

import httpx

from ticket_system_sdk.answers import refuse, retry_after
from ticket_system_sdk.call import Call
from ticket_system_sdk.errors import ConnectionFailed

NEVER_ACTED_ON = frozenset({429, 503})
"""What a server answers before it has done anything."""
PASSING = NEVER_ACTED_ON | {502, 504}
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
NEVER_SENDABLE = (httpx.LocalProtocolError, httpx.UnsupportedProtocol)


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


class Tries:
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
        self._may_have_been_heeded |= was_sent
        if wait is None or (was_sent and not self._call.repeatable):
            message = (
                f"{self._call.method} {self._call.path} got no answer: {type(broken).__name__}"
            )
            raise ConnectionFailed(message, was_sent=self._may_have_been_heeded) from broken
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
