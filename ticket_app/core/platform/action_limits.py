"""Limits on actions (submissions, uploads, sign-ins); `rate_limits` has those on requests."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.rate_limits import (
    LimitCategory,
    RateLimitExceeded,
    RateLimitStatus,
    address_key,
    window_store,
)
from ticket_app.settings import settings

USERNAME_CHECKS_PER_MINUTE = 60
FAILURE_REPORTS_PER_MINUTE = 10
LINKS_PER_EMAIL, LINKS_PER_CLIENT = 5, 30
"""Emails with an account link that may be asked for in an hour, to one address and by a client."""
UPLOADS_PER_HOUR = 300
"""Files that one requester may upload: enough for three full tickets."""


SUBMISSION = "submission"
HOUR, MINUTE = 3600, 60
"""Seconds of the windows of actions."""


_limits_disabled: ContextVar[bool] = ContextVar("limits_disabled", default=False)


@contextmanager
def limits_disabled() -> Generator[None]:
    """Count no actions inside the block, for example while demo data is created."""
    reset_token = _limits_disabled.set(True)
    try:
        yield
    finally:
        _limits_disabled.reset(reset_token)


def count_action(
    limit: int, action: str, key: str, *, message: str, window_seconds: int = HOUR
) -> None:
    """Count one action. Raises `RateLimitExceeded` with `message` if the limit is used up.

    `key` is whose action it is.
    """
    if _limits_disabled.get():
        return
    used, resets_at = window_store().increment(_window_name(action, key), window_seconds)
    if used > limit:
        status = RateLimitStatus(action, limit, 0, resets_at, window_seconds)
        raise RateLimitExceeded(status, message)


def _window_name(action: str, key: str) -> str:
    return f"action:{action}:{key}"


def count_submission(person_id: int) -> None:
    """Count a submitted ticket (Centcom, "Best Practices"). Raises `RateLimitExceeded`."""
    limit = settings().submissions_per_hour
    if not limit:
        return
    count_action(
        limit,
        SUBMISSION,
        str(person_id),
        message=f"You have created {limit} tickets within an hour. Try again later",
    )


def count_failure_report(person_id: int) -> None:
    """Count a report of failures in a person's browser. Raises `RateLimitExceeded`."""
    count_action(
        FAILURE_REPORTS_PER_MINUTE,
        "failure_report",
        str(person_id),
        message="Too many failures were reported",
        window_seconds=MINUTE,
    )


def submission_limit(person_id: int) -> RateLimitStatus | None:
    """Return how many tickets a person may still submit, or None if that is not limited."""
    limit = settings().submissions_per_hour
    if not limit or _limits_disabled.get():
        return None
    window = window_store().get(_window_name(SUBMISSION, str(person_id)))
    used, resets_at = window or (0, time.time() + HOUR)
    return RateLimitStatus(SUBMISSION, limit, max(0, limit - used), resets_at, HOUR)


def count_upload(person_id: int) -> None:
    """Count an uploaded file, whether it is kept or not. Raises `RateLimitExceeded`."""
    count_action(
        UPLOADS_PER_HOUR,
        "upload",
        str(person_id),
        message=f"You have uploaded {UPLOADS_PER_HOUR} files within an hour. Try again later",
    )


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """A counted attempt to sign in, with the limits of its username and of its address."""

    address: str
    username_limit: RateLimitStatus | None
    address_limit: RateLimitStatus | None

    @property
    def tightest_limit(self) -> RateLimitStatus | None:
        """Return the limit with the fewest attempts left, or None if nothing is limited."""
        limits = [limit for limit in (self.username_limit, self.address_limit) if limit is not None]
        return min(limits, key=lambda limit: limit.remaining, default=None)

    def mark_succeeded(self) -> SignInAttempt:
        """Stop counting the attempt for its address, which a whole office may share."""
        if self.address_limit is None:
            return self
        uncounted = rate_limits.uncount_request(
            LimitCategory.AUTHENTICATION_BY_ADDRESS, address_key(self.address), self.address_limit
        )
        return replace(self, address_limit=uncounted)


def count_sign_in_attempt(username: str, address: str) -> SignInAttempt:
    """Count one attempt to sign in for the username and for the address, if given.

    A username may be tried ten times a minute (specs/enterprise, "Rate Limiting"). An address has a
    much larger limit, which successful attempts do not use up. Raises `RateLimitExceeded`.
    """
    address_limit = username_limit = None
    if address:
        address_limit = rate_limits.count_address_request(LimitCategory.AUTHENTICATION, address)
    if username:
        username_limit = rate_limits.count_request(
            LimitCategory.AUTHENTICATION, f"name:{username.casefold()[:150]}"
        )
    return SignInAttempt(address, username_limit, address_limit)


def count_registration(address: str) -> RateLimitStatus | None:
    """Count one registration from this address, ten a minute. Raises `RateLimitExceeded`."""
    return rate_limits.count_request(
        LimitCategory.AUTHENTICATION, f"registration:{address_key(address)}"
    )


def count_link_request(email: str, address: str) -> None:
    """Count an email with an account link, for its recipient and for the client's address.

    Raises `RateLimitExceeded`.
    """
    for limit, key in ((LINKS_PER_EMAIL, f"email:{email}"), (LINKS_PER_CLIENT, address)):
        if key:
            count_action(
                limit,
                "account_link",
                key if limit == LINKS_PER_EMAIL else address_key(key),
                message="Too many emails were asked for. Try again in an hour",
            )


def count_username_check(address: str) -> None:
    """Count one check of a username from this address. Raises `RateLimitExceeded`."""
    count_action(
        USERNAME_CHECKS_PER_MINUTE,
        "username_check",
        address_key(address),
        message="Too many usernames checked. Try again in a minute",
        window_seconds=MINUTE,
    )
