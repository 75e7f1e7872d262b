"""Limits on sign-ins and other actions by person, name and network."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from ticket_app.core.platform import action_limits, rate_limits
from ticket_app.core.platform.errors import RateLimited
from ticket_app.settings import reload_settings


def test_action_above_its_limit_is_rejected_until_a_given_time() -> None:
    def count(key: str) -> None:
        action_limits.count_action(2, "wave", key, message="Enough", window_seconds=60)

    for _ in range(2):
        count("a")
    with pytest.raises(RateLimited) as error:
        count("a")
    assert error.value.message == "Enough"
    now = datetime.now(UTC)
    assert now < error.value.retry_at <= now + timedelta(minutes=1, seconds=1)
    count("b")
    rate_limits.reset()
    count("a")


def test_remaining_submissions_are_stated_without_counting_one() -> None:
    action_limits.count_submission(7)
    for _ in range(2):
        limit = action_limits.submission_limit(7)
        assert limit is not None
        assert (limit.limit, limit.remaining, limit.window_seconds) == (200, 199, 3600)
        assert 3590 < limit.resets_at - time.time() <= 3600
    other = action_limits.submission_limit(8)
    assert other is not None
    assert other.remaining == 200


def test_a_name_is_counted_whatever_its_case() -> None:
    for n in range(10):
        action_limits.count_sign_in_attempt("Owner" if n % 2 else "OWNER", f"192.0.2.{n}")
    with pytest.raises(RateLimited):
        action_limits.count_sign_in_attempt("owner", "192.0.2.99")


def test_the_addresses_of_one_network_are_counted_as_one() -> None:
    for n in range(100):
        action_limits.count_sign_in_attempt(f"name {n}", f"2001:db8:1:2::{n:x}:1")
    with pytest.raises(RateLimited):
        action_limits.count_sign_in_attempt("another", "2001:db8:1:2:ffff::1")
    action_limits.count_sign_in_attempt("another", "2001:db8:1:3::1")
    for n in range(100):
        action_limits.count_sign_in_attempt(f"other {n}", f"::ffff:192.0.2.{n}")


def test_an_unknown_address_is_not_counted() -> None:
    for n in range(300):
        action_limits.count_sign_in_attempt(f"name {n}", "")


def test_nothing_is_counted_when_limits_are_disabled() -> None:
    with action_limits.limits_disabled():
        for _ in range(500):
            action_limits.count_submission(1)
    action_limits.count_submission(1)


def test_actions_are_counted_in_memory_while_redis_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TICKET_REDIS_URL", "redis://127.0.0.1:1/0")
    reload_settings()
    rate_limits.reset()
    for _ in range(3):
        action_limits.count_action(3, "wave", "a", message="Enough")
    with pytest.raises(RateLimited):
        action_limits.count_action(3, "wave", "a", message="Enough")
