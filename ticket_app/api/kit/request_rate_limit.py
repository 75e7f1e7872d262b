"""Count a request against the caller's rate limit and report the limit in response headers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.types import Scope

from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.rate_limits import LimitCategory, RateLimitExceeded, RateLimitStatus


class RequestRateLimit:
    """The rate limit state of one request, which is counted at most once.

    It is kept in the request's scope, where `kit.request_log` reads it for the response headers.
    Requests without a category (the web app's own) are not counted.
    """

    def __init__(self, scope: Scope) -> None:
        self._state: dict[str, Any] = scope.setdefault("state", {})

    def set_category(self, category: LimitCategory | None) -> None:
        """Set the category of the request before it is counted."""
        self._state["category"] = category

    @property
    def is_counted(self) -> bool:
        """Return whether the request was counted, for a person or for an address."""
        return "is_counted" in self._state

    @property
    def is_limited(self) -> bool:
        """Return whether the request has a category with a limit; the web app's own requests have
        none.
        """
        return self._state.get("category") is not None

    @property
    def must_be_counted(self) -> bool:
        """Return whether the request still has to be counted."""
        return self.is_limited and not self.is_counted

    def count_request(
        self,
        subject: str,
        credential: str = "",
        *,
        own_limits: Mapping[str, int] | None = None,
    ) -> None:
        """Count the request for `subject` with their `own_limits`. Raises `RateLimitExceeded`.

        A request is counted once.

        From then on `raise_if_exhausted` rejects the credential without looking up its owner.
        """
        if not self.must_be_counted:
            return
        self._count(
            partial(rate_limits.count_request, key=subject, own_limits=own_limits), credential
        )

    def count_address(self, address: str, credential: str = "") -> None:
        """Count the request for the client's address, for callers who are not identified."""
        if self.must_be_counted:
            self._count(partial(rate_limits.count_address_request, address=address), credential)

    def _count(
        self, count: Callable[[LimitCategory], RateLimitStatus | None], credential: str
    ) -> None:
        try:
            self.record(count(self._state["category"]))
        except RateLimitExceeded as exceeded:
            self.record(exceeded.limit_status)
            if credential:
                rate_limits.remember_exceeded(self._state["category"], exceeded, credential)
            raise

    def record(self, status: RateLimitStatus | None) -> None:
        """Report this limit in the response headers and mark the request as counted."""
        self._state.update(is_counted=True, allowance=status)

    def raise_if_exhausted(self, credential: str) -> None:
        """Raise `RateLimitExceeded` if the credential is known to be over its limit. Needs no
        database.
        """
        if not self.must_be_counted:
            return
        try:
            rate_limits.raise_if_exceeded(self._state["category"], credential)
        except RateLimitExceeded as exceeded:
            self.record(exceeded.limit_status)
            raise


def headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return the rate limit headers (specs/enterprise, "Rate Limiting"; IETF RateLimit)."""
    status: RateLimitStatus | None = scope["state"].get("allowance")
    if status is None:
        return []
    seconds_left = max(0, math.ceil(status.resets_at - time.time()))
    return [
        (b"x-ratelimit-limit", b"%d" % status.limit),
        (b"x-ratelimit-remaining", b"%d" % status.remaining),
        (b"x-ratelimit-reset", b"%d" % math.ceil(status.resets_at)),
        (
            b"ratelimit-policy",
            b'"%s";q=%d;w=%d' % (status.name.encode(), status.limit, status.window_seconds),
        ),
        (b"ratelimit", b'"%s";r=%d;t=%d' % (status.name.encode(), status.remaining, seconds_left)),
    ]
