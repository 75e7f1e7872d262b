"""How much of a thing one person or address may do in a time, besides asking (`allowances`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from ticket_app.core import allowances
from ticket_app.core.allowances import Category, of_address
from ticket_app.core.errors import TooMany
from ticket_app.core.logs import log
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
    allowances.forget()


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
    """Use one of what `whose` may do. Raises `TooMany` (`says`) when none is left.

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
    raise TooMany(says, retry_at=datetime.fromtimestamp(reset, UTC))


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


def spend_sign_in(name: str, address: str) -> None:
    """One try to sign in, counted for the name and for the address it comes from, where told."""
    if name:
        allowances.count(Category.AUTHENTICATION, f"name:{name.casefold()[:150]}")
    if address:
        allowances.count(Category.AUTHENTICATION, of_address(address))


def spend_look_up(address: str) -> None:
    """One question whether a name is free, from this address."""
    spend(
        RateLimitItemPerMinute(LOOK_UPS_PER_MINUTE),
        "look-up",
        of_address(address),
        says="Too many names tried; wait a minute",
    )
