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

from ticket_app.core.platform.errors import TooMany
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.secrets import fingerprint
from ticket_app.settings import Settings, settings

MOST_WINDOWS = 200_000
"""Windows kept in memory: about 40 MB, when as many addresses ask within an hour."""
PATIENCE = 0.5
"""Seconds to wait for Redis."""
RETRY_AFTER = 5.0
"""Seconds to count in memory before Redis is asked again."""


class Category(StrEnum):
    """What a request asks for (specs/enterprise, "Rate Limiting")."""

    AUTHENTICATION = "authentication"
    AUTHENTICATION_BY_ADDRESS = "authentication_by_address"
    GENERAL = "general"
    UPLOAD = "upload"
    SEARCH = "search"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a category's window is, and which setting says how much is allowed in it."""

    seconds: int
    most: Callable[[Settings], int]
    says: str


RULES: dict[Category, Rule] = {
    Category.AUTHENTICATION: Rule(
        60,
        lambda s: s.sign_in_tries_per_minute,
        "Too many sign-in attempts. Try again in a minute.",
    ),
    Category.AUTHENTICATION_BY_ADDRESS: Rule(
        60,
        lambda s: s.sign_in_failures_per_minute,
        "Too many failed sign-in attempts from your network. Try again in a minute.",
    ),
    Category.GENERAL: Rule(
        3600, lambda s: s.rate_general_per_hour, "You have made {most:,} requests within an hour"
    ),
    Category.UPLOAD: Rule(
        3600, lambda s: s.rate_uploads_per_hour, "You have sent {most:,} files within an hour"
    ),
    Category.SEARCH: Rule(
        3600, lambda s: s.rate_searches_per_hour, "You have searched {most:,} times within an hour"
    ),
    Category.REPORTS: Rule(
        3600, lambda s: s.rate_reports_per_hour, "You have asked for {most:,} reports in an hour"
    ),
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """One limit and what is left of it: `left` of `most` in `seconds`, all again at `resets_at`."""

    name: str
    most: int
    left: int
    resets_at: float
    seconds: int


class Spent(TooMany):
    """Nothing is left of a limit; every refusal for too many of anything is one of these."""

    def __init__(self, allowance: Allowance, message: str) -> None:
        super().__init__(message, retry_at=datetime.fromtimestamp(allowance.resets_at, UTC))
        self.allowance = allowance


class Windows(Protocol):
    """Where requests are counted."""

    def add(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one under a name: how many there are in its window, and when that ends (epoch)."""
        ...

    def take_back(self, name: str) -> None:
        """Count one less under a name, if any is counted."""
        ...


class InMemory:
    """Windows of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, list[float]] = {}
        self._lock = threading.Lock()
        self._sweep_at = 10_000

    def add(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one, as `Windows` promises."""
        now = time.time()
        with self._lock:
            window = self._kept.get(name)
            if window is None or window[1] <= now:
                if len(self._kept) >= self._sweep_at:
                    self._sweep(now)
                window = self._kept[name] = [0, now + seconds]
            window[0] += 1
            return int(window[0]), window[1]

    def take_back(self, name: str) -> None:
        """Count one less, as `Windows` promises."""
        with self._lock:
            window = self._kept.get(name)
            if window is not None and window[0] > 0:
                window[0] -= 1

    def _sweep(self, now: float) -> None:
        self._kept = {name: window for name, window in self._kept.items() if window[1] > now}
        for name in list(islice(self._kept, max(0, len(self._kept) - MOST_WINDOWS // 2))):
            del self._kept[name]
        self._sweep_at = min(MOST_WINDOWS, max(10_000, 2 * len(self._kept)))


_ADD = """
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}
"""
_TAKE_BACK = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then
  redis.call('DECR', KEYS[1])
end
"""


class InRedis:
    """Windows that several processes share; each counts for itself while Redis is away."""

    def __init__(self, url: str) -> None:
        redis = Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._add: Any = redis.register_script(_ADD)
        self._take_back: Any = redis.register_script(_TAKE_BACK)
        self._meanwhile = InMemory()
        self._ask_again_at = 0.0

    def add(self, name: str, seconds: int) -> tuple[int, float]:
        """Count one, as `Windows` promises; whether Redis answers or not."""
        answer = self._ask(self._add, name, seconds * 1000)
        if answer is None:
            return self._meanwhile.add(name, seconds)
        count, left = answer
        return int(count), time.time() + left / 1000

    def take_back(self, name: str) -> None:
        """Count one less, as `Windows` promises; where Redis is away, of what is counted here."""
        if self._ask(self._take_back, name, 0, otherwise=[]) is None:
            self._meanwhile.take_back(name)

    def _ask(self, script: Any, name: str, argument: int, *, otherwise: Any = None) -> Any:
        """What Redis answers (`otherwise` for nothing); None while it is away."""
        if time.monotonic() < self._ask_again_at:
            return None
        try:
            answer = script(keys=[f"desk:rate:{name}"], args=[argument])
        except (RedisError, OSError) as away:
            self._ask_again_at = time.monotonic() + RETRY_AFTER
            log().warning("limits_counted_here", why=str(away)[:200])
            return None
        return otherwise if answer is None else answer


@lru_cache(maxsize=1)
def _windows() -> Windows:
    url = settings().redis_url
    return InRedis(url) if url else InMemory()


def forget() -> None:
    """Begin all windows anew (a test's own world)."""
    _windows.cache_clear()
    _spent.clear()


def of_person(person_id: int) -> str:
    """Under which name somebody's requests are counted, whatever token they come with."""
    return f"person:{person_id}"


@lru_cache(maxsize=4096)
def of_address(address: str) -> str:
    """Under which name an address is counted: of IPv6, the network in which one may have any."""
    try:
        known = ip_address(address)
    except ValueError:
        return f"address:{address}"
    if isinstance(known, IPv6Address):
        return f"address:{known.ipv4_mapped or ip_network((int(known), 64), strict=False)}"
    return f"address:{known}"


def count(category: Category, whose: str) -> Allowance | None:
    """Use one of what `whose` may do of a category; None where that has no limit.

    Raises `Spent` when none is left (specs/enterprise, "Rate Limiting").
    """
    rule = RULES[category]
    most = rule.most(settings())
    if most <= 0:
        return None
    used, resets_at = _windows().add(f"{category}:{whose}", rule.seconds)
    allowance = Allowance(category, most, max(0, most - used), resets_at, rule.seconds)
    if used > most:
        raise Spent(allowance, rule.says.format(most=most))
    return allowance


def count_address(category: Category, address: str) -> Allowance | None:
    """Count one request of an address whose caller is not known. Raises `Spent`.

    Signing in has another limit for an address than for a username: many people share an address.
    """
    return count(_by_address(category), of_address(address))


def take_back(category: Category, whose: str, counted: Allowance) -> Allowance:
    """Undo a `count`; returns what is left then."""
    if counted.resets_at > time.time():
        _windows().take_back(f"{category}:{whose}")
    return replace(counted, left=min(counted.most, counted.left + 1))


def _by_address(category: Category) -> Category:
    if category is Category.AUTHENTICATION:
        return Category.AUTHENTICATION_BY_ADDRESS
    return category


_spent: dict[tuple[Category, str], Spent] = {}
"""What was refused, by category and credential: refused again without asking who that is."""
MOST_SPENT = 10_000


def remember(category: Category, spent: Spent, credential: str) -> None:
    """Keep in mind that whoever comes with this credential has spent what they may."""
    if len(_spent) >= MOST_SPENT:
        _spent.clear()
    _spent[category, fingerprint(credential)] = spent


def recall(category: Category, credential: str) -> None:
    """Raises `Spent` if whoever comes with this credential is known to have spent what they may."""
    if not _spent:
        return
    known = category, fingerprint(credential)
    spent = _spent.get(known)
    if spent is None:
        return
    if spent.allowance.resets_at > time.time():
        raise Spent(spent.allowance, spent.message)
    _spent.pop(known, None)
