"""Limits on the requests that one person or address may make in a period, by category.

A window begins with the first request counted in it, so the remaining number and the reset time are
exact. Requests are counted in memory, or in Redis, if configured, for all processes together. (The
`limits` package starts a thread at nearly every count to clean its memory, which takes 0.2 ms
against 2 us here; and it calls Redis twice.)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import islice
from typing import Protocol, cast

from redis import Redis, RedisError
from redis.commands.core import Script

from ticket_app.core.platform.errors import Invalid, RateLimited
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.secrets import hash_token
from ticket_app.settings import Settings, settings

MAX_WINDOWS = 200_000
"""Windows kept in memory, about 40 MB."""
REDIS_TIMEOUT_SECONDS = 0.5
"""Seconds to wait for Redis."""
REDIS_RETRY_SECONDS = 5.0
"""Seconds to count in memory before Redis is tried again."""


class LimitCategory(StrEnum):
    """The category of a request (specs/enterprise, "Rate Limiting")."""

    AUTHENTICATION = "authentication"
    AUTHENTICATION_BY_ADDRESS = "authentication_by_address"
    GENERAL = "general"
    UPLOAD = "upload"
    SEARCH = "search"
    REPORTS = "reports"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class LimitRule:
    """The window of a category, the setting with its limit, and the message when it is used up."""

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
        3600, lambda s: s.rate_general_per_hour, "You have made {limit:,} requests within an hour"
    ),
    LimitCategory.UPLOAD: LimitRule(
        3600, lambda s: s.rate_uploads_per_hour, "You have uploaded {limit:,} files within an hour"
    ),
    LimitCategory.SEARCH: LimitRule(
        3600, lambda s: s.rate_searches_per_hour, "You have searched {limit:,} times within an hour"
    ),
    LimitCategory.REPORTS: LimitRule(
        3600,
        lambda s: s.rate_reports_per_hour,
        "You have requested {limit:,} reports within an hour",
    ),
    LimitCategory.IMPORT: LimitRule(
        3600,
        lambda s: s.rate_imports_per_hour,
        "You have imported {limit:,} files within an hour",
    ),
}


ADJUSTABLE_CATEGORIES = (
    LimitCategory.GENERAL,
    LimitCategory.UPLOAD,
    LimitCategory.SEARCH,
    LimitCategory.REPORTS,
    LimitCategory.IMPORT,
)
"""The categories whose limit can be set for one person."""
MAX_OWN_LIMIT = 1_000_000


def validate_own_limits(limits: Mapping[str, int] | None) -> dict[str, int] | None:
    """Return a person's own limits by category, or None without any. Raises `Invalid`."""
    problems: list[tuple[str, str]] = []
    for name, limit in (limits or {}).items():
        if name not in ADJUSTABLE_CATEGORIES:
            reason = f"must contain only {', '.join(ADJUSTABLE_CATEGORIES)}"
            problems.append(("rate_limits", reason))
        elif not 1 <= limit <= MAX_OWN_LIMIT:
            problems.append((f"rate_limits.{name}", f"must be from 1 to {MAX_OWN_LIMIT:,}"))
    if problems:
        raise Invalid.from_problems(problems)
    # JSON takes plain strings only as keys.
    return {LimitCategory(name).value: limit for name, limit in (limits or {}).items()} or None


def default_limits() -> dict[str, int]:
    """Return the installation's limit of each adjustable category; 0 for no limit."""
    return {
        category: LIMIT_RULES[category].get_limit(settings()) for category in ADJUSTABLE_CATEGORIES
    }


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """The state of a limit: `remaining` of `limit` requests until `resets_at` (epoch seconds)."""

    name: str
    limit: int
    remaining: int
    resets_at: float
    window_seconds: int


class RateLimitExceeded(RateLimited):
    """A limit is used up."""

    def __init__(self, limit_status: RateLimitStatus, message: str) -> None:
        super().__init__(message, retry_at=datetime.fromtimestamp(limit_status.resets_at, UTC))
        self.limit_status = limit_status


class WindowStore(Protocol):
    """Counts requests in windows."""

    def increment(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one; return the number in the current window and when it ends (epoch seconds).

        Without a current window, one of `seconds` begins.
        """
        ...

    def decrement(self, name: str) -> None:
        """Undo one count, if there is one in the current window."""
        ...

    def get(self, name: str) -> tuple[int, float] | None:
        """Return the number in the current window and when it ends (epoch seconds), if any."""
        ...


class MemoryWindowStore:
    """Windows in the memory of this process."""

    def __init__(self) -> None:
        # Tuples of numbers, which the garbage collector need not look at.
        self._windows: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._cleanup_size = 10_000

    def increment(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one in memory."""
        now = time.time()
        with self._lock:
            window = self._windows.get(name)
            if window is None or window[1] <= now:
                if len(self._windows) >= self._cleanup_size:
                    self._delete_expired(now)
                window = (0, now + seconds)
            window = self._windows[name] = (window[0] + 1, window[1])
            return window

    def decrement(self, name: str) -> None:
        """Undo one count in memory."""
        with self._lock:
            window = self._windows.get(name)
            if window is not None and window[0] > 0:
                self._windows[name] = (window[0] - 1, window[1])

    def get(self, name: str) -> tuple[int, float] | None:
        """Return the current window in memory."""
        window = self._windows.get(name)
        return window if window is not None and window[1] > time.time() else None

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
_GET_SCRIPT = """
return {tonumber(redis.call('GET', KEYS[1]) or '0'), redis.call('PTTL', KEYS[1])}
"""
_DECREMENT_SCRIPT = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then
  redis.call('DECR', KEYS[1])
end
"""


def _connect(url: str) -> Redis:
    return Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
        url, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS
    )


def is_redis_reachable(url: str) -> bool:
    """Return whether the Redis server of a URL answers."""
    try:
        return bool(_connect(url).ping())  # pyright: ignore[reportUnknownMemberType]
    except (RedisError, OSError):
        return False


class RedisWindowStore:
    """Windows that processes share in Redis, with a fallback to memory while it is unreachable."""

    def __init__(self, url: str) -> None:
        redis = _connect(url)
        self._get = redis.register_script(_GET_SCRIPT)
        self._increment = redis.register_script(_INCREMENT_SCRIPT)
        self._decrement = redis.register_script(_DECREMENT_SCRIPT)
        self._fallback = MemoryWindowStore()
        self._retry_at = 0.0

    def increment(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one in Redis, or in memory while it is unreachable."""
        result = self._run_script(self._increment, name, seconds * 1000)
        if result is None:
            return self._fallback.increment(name, seconds)
        count, remaining = cast("list[int]", result)
        return count, time.time() + remaining / 1000

    def decrement(self, name: str) -> None:
        """Undo one count in Redis, or in memory while it is unreachable."""
        if self._run_script(self._decrement, name, 0, default=[]) is None:
            self._fallback.decrement(name)

    def get(self, name: str) -> tuple[int, float] | None:
        """Return the current window in Redis, or in memory while it is unreachable."""
        result = self._run_script(self._get, name, 0)
        if result is None:
            return self._fallback.get(name)
        count, remaining = cast("list[int]", result)
        return (count, time.time() + remaining / 1000) if remaining > 0 else None

    def _run_script(
        self, script: Script, name: str, argument: int, *, default: object = None
    ) -> object:
        """Run a script; return its result or `default`, or None if Redis is unreachable."""
        if time.monotonic() < self._retry_at:
            return None
        try:
            result = cast("object", script(keys=[f"desk:rate:{name}"], args=[argument]))
        except (RedisError, OSError) as error:
            self._retry_at = time.monotonic() + REDIS_RETRY_SECONDS
            log().warning("redis_unreachable_for_limits", reason=str(error)[:200])
            return None
        return default if result is None else result


@lru_cache(maxsize=1)
def window_store() -> WindowStore:
    """Return the store of this process for the windows of all limits."""
    url = settings().redis_url
    return RedisWindowStore(url) if url else MemoryWindowStore()


def reset() -> None:
    """Forget all counts, so that each test starts from zero."""
    window_store.cache_clear()
    _exceeded_limits.clear()


def person_key(person_id: int) -> str:
    """Return the key that a person's requests are counted under, whatever token they use."""
    return f"person:{person_id}"


@lru_cache(maxsize=4096)
def address_key(address: str) -> str:
    """Return the key that an address is counted under; for IPv6, that of its /64 network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"address:{address}"
    if isinstance(parsed, IPv6Address):
        return f"address:{parsed.ipv4_mapped or ip_network((int(parsed), 64), strict=False)}"
    return f"address:{parsed}"


def count_request(
    category: LimitCategory, key: str, own_limits: Mapping[str, int] | None = None
) -> RateLimitStatus | None:
    """Count one request; return the state of its limit, or None if the category has no limit.

    A person's `own_limits`, by category, replace those of the installation.
    Raises `RateLimitExceeded` if the limit is used up (specs/enterprise, "Rate Limiting").
    """
    rule = LIMIT_RULES[category]
    limit = (own_limits or {}).get(category, rule.get_limit(settings()))
    if limit <= 0:
        return None
    used, resets_at = window_store().increment(f"{category}:{key}", rule.window_seconds)
    status = RateLimitStatus(category, limit, max(0, limit - used), resets_at, rule.window_seconds)
    if used > limit:
        raise RateLimitExceeded(status, rule.message.format(limit=limit))
    return status


def count_address_request(category: LimitCategory, address: str) -> RateLimitStatus | None:
    """Count one anonymous request of an address. Raises `RateLimitExceeded`.

    Sign-in attempts have a higher limit for an address than for a username, as many people can
    share an address.
    """
    return count_request(_address_category(category), address_key(address))


def uncount_request(category: LimitCategory, key: str, status: RateLimitStatus) -> RateLimitStatus:
    """Take back one counted request; return the state of its limit after that."""
    if status.resets_at > time.time():
        window_store().decrement(f"{category}:{key}")
    return replace(status, remaining=min(status.limit, status.remaining + 1))


def _address_category(category: LimitCategory) -> LimitCategory:
    if category is LimitCategory.AUTHENTICATION:
        return LimitCategory.AUTHENTICATION_BY_ADDRESS
    return category


_exceeded_limits: dict[tuple[LimitCategory, str], tuple[RateLimitExceeded, float]] = {}
"""Exceeded limits by category and credential hash, to reject without looking the person up."""
MAX_EXCEEDED_LIMITS = 10_000
MAX_REMEMBERED_SECONDS = 30.0
"""Seconds after which an exceeded limit is looked up again, as it may have been raised."""


def remember_exceeded(category: LimitCategory, error: RateLimitExceeded, credential: str) -> None:
    """Remember that the owner of a credential has used up a limit."""
    if len(_exceeded_limits) >= MAX_EXCEEDED_LIMITS:
        _exceeded_limits.clear()
    _exceeded_limits[category, hash_token(credential)] = error, time.time() + MAX_REMEMBERED_SECONDS


def raise_if_exceeded(category: LimitCategory, credential: str) -> None:
    """Raise `RateLimitExceeded` if the owner of a credential is known to have used up a limit."""
    if not _exceeded_limits:
        return
    key = category, hash_token(credential)
    exceeded = _exceeded_limits.get(key)
    if exceeded is None:
        return
    error, remembered_until = exceeded
    if min(error.limit_status.resets_at, remembered_until) > time.time():
        raise RateLimitExceeded(error.limit_status, error.message)
    _exceeded_limits.pop(key, None)
