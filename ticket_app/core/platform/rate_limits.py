"""How many requests one person or address may make in a time, by category of what they ask for.

A window begins with the first request counted in it, so that what is left and when all is there
again are exact. Counted in the process's memory; in Redis, where it is configured, for all
processes together. (The `limits` package keeps its windows in memory by a thread that it starts at
nearly every count: 0.2 ms at low load, against 2 us here; and in Redis it asks twice.)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import islice
from typing import Any, Protocol

from redis import Redis, RedisError

from ticket_app.core.platform.errors import RateLimited
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.secrets import hash_token
from ticket_app.settings import Settings, settings

MAX_WINDOWS = 200_000
"""Windows kept in memory: about 40 MB, when as many addresses ask within an hour."""
REDIS_TIMEOUT_SECONDS = 0.5
"""Seconds to wait for Redis."""
REDIS_RETRY_SECONDS = 5.0
"""Seconds to count in memory before Redis is asked again."""


class LimitCategory(StrEnum):
    """What a request asks for (specs/enterprise, "Rate Limiting")."""

    AUTHENTICATION = "authentication"
    AUTHENTICATION_BY_ADDRESS = "authentication_by_address"
    GENERAL = "general"
    UPLOAD = "upload"
    SEARCH = "search"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class LimitRule:
    """How long a category's window is, and which setting says how much is allowed in it."""

    window_seconds: int
    get_limit: Callable[[Settings], int]
    message: str


LIMIT_RULES: dict[LimitCategory, LimitRule] = {
    LimitCategory.AUTHENTICATION: LimitRule(
        60,
        lambda s: s.sign_in_tries_per_minute,
        "Too many sign-in attempts. Try again in a minute.",
    ),
    LimitCategory.AUTHENTICATION_BY_ADDRESS: LimitRule(
        60,
        lambda s: s.sign_in_failures_per_minute,
        "Too many failed sign-in attempts from your network. Try again in a minute.",
    ),
    LimitCategory.GENERAL: LimitRule(
        3600, lambda s: s.rate_general_per_hour, "You have made {most:,} requests within an hour"
    ),
    LimitCategory.UPLOAD: LimitRule(
        3600, lambda s: s.rate_uploads_per_hour, "You have sent {most:,} files within an hour"
    ),
    LimitCategory.SEARCH: LimitRule(
        3600, lambda s: s.rate_searches_per_hour, "You have searched {most:,} times within an hour"
    ),
    LimitCategory.REPORTS: LimitRule(
        3600, lambda s: s.rate_reports_per_hour, "You have asked for {most:,} reports in an hour"
    ),
}


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """One limit and what is left of it: `left` of `most` in `seconds`, all again at `resets_at`."""

    name: str
    limit: int
    remaining: int
    resets_at: float
    window_seconds: int


class RateLimitExceeded(RateLimited):
    """Nothing is left of a limit; every refusal for too many of anything is one of these."""

    def __init__(self, limit_status: RateLimitStatus, message: str) -> None:
        super().__init__(message, retry_at=datetime.fromtimestamp(limit_status.resets_at, UTC))
        self.limit_status = limit_status


class WindowStore(Protocol):
    """Where requests are counted."""

    def increment(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one under a name: how many there are in its window, and when that ends (epoch)."""
        ...

    def decrement(self, name: str) -> None:
        """Count one less under a name, if any is counted."""
        ...


class MemoryWindowStore:
    """Windows of this process."""

    def __init__(self) -> None:
        self._windows: dict[str, list[float]] = {}
        self._lock = threading.Lock()
        self._cleanup_size = 10_000

    def increment(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one, as `WindowStore` promises."""
        now = time.time()
        with self._lock:
            window = self._windows.get(name)
            if window is None or window[1] <= now:
                if len(self._windows) >= self._cleanup_size:
                    self._delete_expired(now)
                window = self._windows[name] = [0, now + seconds]
            window[0] += 1
            return int(window[0]), window[1]

    def decrement(self, name: str) -> None:
        """Count one less, as `WindowStore` promises."""
        with self._lock:
            window = self._windows.get(name)
            if window is not None and window[0] > 0:
                window[0] -= 1

    def _delete_expired(self, now: float) -> None:
        self._windows = {name: window for name, window in self._windows.items() if window[1] > now}
        for name in list(islice(self._windows, max(0, len(self._windows) - MAX_WINDOWS // 2))):
            del self._windows[name]
        self._cleanup_size = min(MAX_WINDOWS, max(10_000, 2 * len(self._windows)))


_INCREMENT_SCRIPT = """
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}
"""
_DECREMENT_SCRIPT = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then
  redis.call('DECR', KEYS[1])
end
"""


class RedisWindowStore:
    """Windows that several processes share; each counts for itself while Redis is away."""

    def __init__(self, url: str) -> None:
        redis = Redis.from_url(
            url, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS
        )
        self._increment: Any = redis.register_script(_INCREMENT_SCRIPT)
        self._decrement: Any = redis.register_script(_DECREMENT_SCRIPT)
        self._fallback = MemoryWindowStore()
        self._retry_at = 0.0

    def increment(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one, as `WindowStore` promises; whether Redis answers or not."""
        result = self._run_script(self._increment, name, seconds * 1000)
        if result is None:
            return self._fallback.increment(name, seconds)
        count, remaining = result
        return int(count), time.time() + remaining / 1000

    def decrement(self, name: str) -> None:
        """Count one less; without Redis, in the memory of this process."""
        if self._run_script(self._decrement, name, 0, default=[]) is None:
            self._fallback.decrement(name)

    def _run_script(self, script: Any, name: str, argument: int, *, default: Any = None) -> Any:
        """What Redis answers (`otherwise` for nothing); None while it is away."""
        if time.monotonic() < self._retry_at:
            return None
        try:
            result = script(keys=[f"desk:rate:{name}"], args=[argument])
        except (RedisError, OSError) as error:
            self._retry_at = time.monotonic() + REDIS_RETRY_SECONDS
            log().warning("limits_counted_here", why=str(error)[:200])
            return None
        return default if result is None else result


@lru_cache(maxsize=1)
def _window_store() -> WindowStore:
    url = settings().redis_url
    return RedisWindowStore(url) if url else MemoryWindowStore()


def reset() -> None:
    """Begin all windows anew (a test's own world)."""
    _window_store.cache_clear()
    _exceeded_limits.clear()


def person_key(person_id: int) -> str:
    """Under which name somebody's requests are counted, whatever token they come with."""
    return f"person:{person_id}"


@lru_cache(maxsize=4096)
def address_key(address: str) -> str:
    """Under which name an address is counted: of IPv6, the network in which one may have any."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"address:{address}"
    if isinstance(parsed, IPv6Address):
        return f"address:{parsed.ipv4_mapped or ip_network((int(parsed), 64), strict=False)}"
    return f"address:{parsed}"


def count_request(category: LimitCategory, key: str) -> RateLimitStatus | None:
    """Use one of what `whose` may do of a category; None where that has no limit.

    Raises `RateLimitExceeded` when none is left (specs/enterprise, "Rate Limiting").
    """
    rule = LIMIT_RULES[category]
    limit = rule.get_limit(settings())
    if limit <= 0:
        return None
    used, resets_at = _window_store().increment(f"{category}:{key}", rule.window_seconds)
    status = RateLimitStatus(category, limit, max(0, limit - used), resets_at, rule.window_seconds)
    if used > limit:
        raise RateLimitExceeded(status, rule.message.format(most=limit))
    return status


def count_address_request(category: LimitCategory, address: str) -> RateLimitStatus | None:
    """Count one request of an address whose caller is not known. Raises `RateLimitExceeded`.

    Signing in has another limit for an address than for a username: many people share an address.
    """
    return count_request(_address_category(category), address_key(address))


def refund(category: LimitCategory, key: str, status: RateLimitStatus) -> RateLimitStatus:
    """Undo a `count`; returns what is left then."""
    if status.resets_at > time.time():
        _window_store().decrement(f"{category}:{key}")
    return replace(status, remaining=min(status.limit, status.remaining + 1))


def _address_category(category: LimitCategory) -> LimitCategory:
    if category is LimitCategory.AUTHENTICATION:
        return LimitCategory.AUTHENTICATION_BY_ADDRESS
    return category


_exceeded_limits: dict[tuple[LimitCategory, str], RateLimitExceeded] = {}
"""What was refused, by category and credential: refused again without asking who that is."""
MAX_EXCEEDED_LIMITS = 10_000


def remember_exceeded(category: LimitCategory, error: RateLimitExceeded, credential: str) -> None:
    """Keep in mind that whoever comes with this credential has spent what they may."""
    if len(_exceeded_limits) >= MAX_EXCEEDED_LIMITS:
        _exceeded_limits.clear()
    _exceeded_limits[category, hash_token(credential)] = error


def raise_if_exceeded(category: LimitCategory, credential: str) -> None:
    """Raises `RateLimitExceeded` if whoever comes with this credential is known to have spent what
    they may.
    """
    if not _exceeded_limits:
        return
    key = category, hash_token(credential)
    error = _exceeded_limits.get(key)
    if error is None:
        return
    if error.limit_status.resets_at > time.time():
        raise RateLimitExceeded(error.limit_status, error.message)
    _exceeded_limits.pop(key, None)
