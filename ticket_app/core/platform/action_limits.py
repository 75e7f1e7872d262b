"""How much of a thing one person or address may do in a time, besides asking (`allowances`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.rate_limits import (
    LimitCategory,
    RateLimitExceeded,
    RateLimitStatus,
    address_key,
)
from ticket_app.settings import settings

USERNAME_CHECKS_PER_MINUTE = 60
UPLOADS_PER_HOUR = 300
"""Files one requester may send: three full tickets, and no full disk."""


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    storage = storage_from_string(settings().redis_url or "memory://")
    if not isinstance(storage, Storage):
        raise TypeError("the limits need a synchronous store")
    return MovingWindowRateLimiter(storage)


def reset() -> None:
    """Begin all counts anew (a test's own world)."""
    _limiter.cache_clear()
    rate_limits.reset()


_limits_disabled: ContextVar[bool] = ContextVar("limits_disabled", default=False)


@contextmanager
def limits_disabled() -> Iterator[None]:
    """Count nothing within: a history that is written down is nobody's burst of requests."""
    reset_token = _limits_disabled.set(True)
    try:
        yield
    finally:
        _limits_disabled.reset(reset_token)


def count_action(limit: RateLimitItem, *key_parts: str, message: str) -> None:
    """Use one of what `whose` may do. Raises `RateLimitExceeded` (`says`) when none is left.

    While Redis is away nothing is counted: work goes on, and the log says so.
    """
    if _limits_disabled.get():
        return
    limiter = _limiter()
    try:
        if limiter.hit(limit, *key_parts):
            return
        resets_at = limiter.get_window_stats(limit, *key_parts).reset_time
    except (RedisError, OSError) as error:
        log().warning("limit_not_counted", why=str(error)[:200])
        return
    raise RateLimitExceeded(
        RateLimitStatus(key_parts[0], limit.amount, 0, resets_at, limit.get_expiry()), message
    )


def count_submission(person_id: int) -> None:
    """One ticket filed by this person (Centcom, "Best Practices": rate limiting)."""
    limit = settings().submissions_per_hour
    if not limit:
        return
    count_action(
        RateLimitItemPerHour(limit),
        "submission",
        str(person_id),
        message=f"You have filed {limit} tickets within an hour; try again later",
    )


def count_upload(person_id: int) -> None:
    """One file sent by this person, kept or not."""
    count_action(
        RateLimitItemPerHour(UPLOADS_PER_HOUR),
        "upload",
        str(person_id),
        message=f"You have sent {UPLOADS_PER_HOUR} files within an hour; try again later",
    )


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """One attempt to sign in: what is left to the username and to the address it comes from."""

    address: str
    username_limit: RateLimitStatus | None
    address_limit: RateLimitStatus | None

    @property
    def tightest_limit(self) -> RateLimitStatus | None:
        """The limit of which the least is left; None where nothing is limited."""
        limits = [limit for limit in (self.username_limit, self.address_limit) if limit is not None]
        return min(limits, key=lambda limit: limit.remaining, default=None)

    def mark_succeeded(self) -> SignInAttempt:
        """Give back what the attempt used of the address's limit: an office may share it."""
        if self.address_limit is None:
            return self
        refunded = rate_limits.refund(
            LimitCategory.AUTHENTICATION_BY_ADDRESS, address_key(self.address), self.address_limit
        )
        return replace(self, address_limit=refunded)


def count_sign_in_attempt(username: str, address: str) -> SignInAttempt:
    """Count one attempt to sign in, for the username and for the address, where they are given.

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
    """Count one new account that this address makes, ten a minute. Raises `RateLimitExceeded`."""
    return rate_limits.count_request(
        LimitCategory.AUTHENTICATION, f"registration:{address_key(address)}"
    )


def count_username_check(address: str) -> None:
    """One question whether a name is free, from this address."""
    count_action(
        RateLimitItemPerMinute(USERNAME_CHECKS_PER_MINUTE),
        "look-up",
        address_key(address),
        message="Too many names tried; wait a minute",
    )
