"""What a request uses of what its caller may, and how every answer tells it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.types import Scope

from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.rate_limits import Allowance, Category, Spent


class RequestAllowance:
    """A request's part in its caller's allowance: counted once, whoever asks first.

    It lives in the request's scope, where the layer around every answer finds it (`kit.trace`).
    Requests that are marked with no category (the web app's own) are not counted.
    """

    def __init__(self, scope: Scope) -> None:
        self._state: dict[str, Any] = scope.setdefault("state", {})

    def mark(self, category: Category | None) -> None:
        """Say what the request asks for, before it is counted."""
        self._state["category"] = category

    @property
    def is_counted(self) -> bool:
        """Whether it was counted, for whomever."""
        return "is_counted" in self._state

    @property
    def is_limited(self) -> bool:
        """Whether it is of a category that has a limit; the web app's own requests are not."""
        return self._state.get("category") is not None

    @property
    def is_due(self) -> bool:
        """Whether it is still to be counted."""
        return self.is_limited and not self.is_counted

    def spend(self, whose: str, credential: str = "") -> None:
        """Count the request for `whose`, once. Raises `Spent`, and by the credential from then on.

        Who has spent what they may is refused by `recall` before they are looked up again.
        """
        if not self.is_due:
            return
        self._count(partial(rate_limits.count, whose=whose), credential)

    def spend_address(self, address: str, credential: str = "") -> None:
        """The same for a caller who is not known, by the address the request comes from."""
        if self.is_due:
            self._count(partial(rate_limits.count_address, address=address), credential)

    def _count(self, count: Callable[[Category], Allowance | None], credential: str) -> None:
        try:
            self.describe(count(self._state["category"]))
        except Spent as spent:
            self.describe(spent.allowance)
            if credential:
                rate_limits.remember(self._state["category"], spent, credential)
            raise

    def describe(self, allowance: Allowance | None) -> None:
        """Describe this limit in the headers of the answer, and take the request as counted."""
        self._state.update(is_counted=True, allowance=allowance)

    def recall(self, credential: str) -> None:
        """Raises `Spent` if the credential is known to have nothing left; costs no look-up."""
        if not self.is_due:
            return
        try:
            rate_limits.recall(self._state["category"], credential)
        except Spent as spent:
            self.describe(spent.allowance)
            raise


def headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The headers that tell what is left (specs/enterprise, "Rate Limiting"; IETF RateLimit)."""
    left: Allowance | None = scope["state"].get("allowance")
    if left is None:
        return []
    wait = max(0, math.ceil(left.resets_at - time.time()))
    return [
        (b"x-ratelimit-limit", b"%d" % left.most),
        (b"x-ratelimit-remaining", b"%d" % left.left),
        (b"x-ratelimit-reset", b"%d" % math.ceil(left.resets_at)),
        (
            b"ratelimit-policy",
            b'"%s";q=%d;w=%d' % (left.name.encode(), left.most, left.seconds),
        ),
        (b"ratelimit", b'"%s";r=%d;t=%d' % (left.name.encode(), left.left, wait)),
    ]
