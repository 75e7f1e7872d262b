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
from ticket_app.core.platform.rate_limits import Allowance, Category, Spent, of_address
from ticket_app.settings import settings

LOOK_UPS_PER_MINUTE = 60
UPLOADS_PER_HOUR = 300
"""Files one requester may send: three full tickets, and no full disk."""


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    storage = storage_from_string(settings().redis_url or "memory://")
    if not isinstance(storage, Storage):
        raise TypeError("the limits need a synchronous store")
    return MovingWindowRateLimiter(storage)


def forget() -> None:
    """Begin all counts anew (a test's own world)."""
    _limiter.cache_clear()
    rate_limits.forget()


_lifted: ContextVar[bool] = ContextVar("lifted", default=False)


@contextmanager
def lifted() -> Iterator[None]:
    """Count nothing within: a history that is written down is nobody's burst of requests."""
    before = _lifted.set(True)
    try:
        yield
    finally:
        _lifted.reset(before)


def spend(item: RateLimitItem, *whose: str, says: str) -> None:
    """Use one of what `whose` may do. Raises `Spent` (`says`) when none is left.

    While Redis is away nothing is counted: work goes on, and the log says so.
    """
    if _lifted.get():
        return
    limiter = _limiter()
    try:
        if limiter.hit(item, *whose):
            return
        reset = limiter.get_window_stats(item, *whose).reset_time
    except (RedisError, OSError) as away:
        log().warning("limit_not_counted", why=str(away)[:200])
        return
    raise Spent(Allowance(whose[0], item.amount, 0, reset, item.get_expiry()), says)


def spend_submission(person_id: int) -> None:
    """One ticket filed by this person (Centcom, "Best Practices": rate limiting)."""
    most = settings().submissions_per_hour
    if not most:
        return
    spend(
        RateLimitItemPerHour(most),
        "submission",
        str(person_id),
        says=f"You have filed {most} tickets within an hour; try again later",
    )


def spend_upload(person_id: int) -> None:
    """One file sent by this person, kept or not."""
    spend(
        RateLimitItemPerHour(UPLOADS_PER_HOUR),
        "upload",
        str(person_id),
        says=f"You have sent {UPLOADS_PER_HOUR} files within an hour; try again later",
    )


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """One attempt to sign in: what is left to the username and to the address it comes from."""

    address: str
    by_name: Allowance | None
    by_address: Allowance | None

    @property
    def tightest(self) -> Allowance | None:
        """The limit of which the least is left; None where nothing is limited."""
        limits = [one for one in (self.by_name, self.by_address) if one is not None]
        return min(limits, key=lambda limit: limit.left, default=None)

    def succeed(self) -> SignInAttempt:
        """Give back what the attempt used of the address's limit: an office may share it."""
        if self.by_address is None:
            return self
        left = rate_limits.take_back(
            Category.AUTHENTICATION_BY_ADDRESS, of_address(self.address), self.by_address
        )
        return replace(self, by_address=left)


def spend_sign_in(name: str, address: str) -> SignInAttempt:
    """Count one attempt to sign in, for the username and for the address, where they are given.

    A username may be tried ten times a minute (specs/enterprise, "Rate Limiting"). An address has a
    much larger limit, which successful attempts do not use up. Raises `Spent`.
    """
    by_address = by_name = None
    if address:
        by_address = rate_limits.count_address(Category.AUTHENTICATION, address)
    if name:
        by_name = rate_limits.count(Category.AUTHENTICATION, f"name:{name.casefold()[:150]}")
    return SignInAttempt(address, by_name, by_address)


def spend_registration(address: str) -> Allowance | None:
    """Count one new account that this address makes, ten a minute. Raises `Spent`."""
    return rate_limits.count(Category.AUTHENTICATION, f"registration:{of_address(address)}")


def spend_look_up(address: str) -> None:
    """One question whether a name is free, from this address."""
    spend(
        RateLimitItemPerMinute(LOOK_UPS_PER_MINUTE),
        "look-up",
        of_address(address),
        says="Too many names tried; wait a minute",
    )
