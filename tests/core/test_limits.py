"""Nobody does more of a thing in a time than is their share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from limits import RateLimitItemPerMinute

from ticket_app.core.platform import action_limits
from ticket_app.core.platform.errors import TooMany
from ticket_app.settings import reload_settings


def test_it_works() -> None:
    item = RateLimitItemPerMinute(2)
    for _ in range(2):
        action_limits.spend(item, "a", says="Enough")
    with pytest.raises(TooMany) as refusal:
        action_limits.spend(item, "a", says="Enough")
    assert refusal.value.message == "Enough"
    now = datetime.now(UTC)
    assert now < refusal.value.retry_at <= now + timedelta(minutes=1, seconds=1)
    action_limits.spend(item, "b", says="Enough")
    action_limits.forget()
    action_limits.spend(item, "a", says="Enough")


def test_a_name_is_counted_whatever_its_case() -> None:
    for n in range(10):
        action_limits.spend_sign_in("Owner" if n % 2 else "OWNER", f"192.0.2.{n}")
    with pytest.raises(TooMany):
        action_limits.spend_sign_in("owner", "192.0.2.99")


def test_the_addresses_of_one_network_are_counted_as_one() -> None:
    for n in range(100):
        action_limits.spend_sign_in(f"name {n}", f"2001:db8:1:2::{n:x}:1")
    with pytest.raises(TooMany):
        action_limits.spend_sign_in("another", "2001:db8:1:2:ffff::1")
    action_limits.spend_sign_in("another", "2001:db8:1:3::1")
    for n in range(100):
        action_limits.spend_sign_in(f"other {n}", f"::ffff:192.0.2.{n}")


def test_an_unknown_address_is_not_counted() -> None:
    for n in range(300):
        action_limits.spend_sign_in(f"name {n}", "")


def test_nothing_is_counted_where_limits_are_lifted() -> None:
    with action_limits.lifted():
        for _ in range(500):
            action_limits.spend_submission(1)
    action_limits.spend_submission(1)


def test_work_goes_on_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_REDIS_URL", "redis://127.0.0.1:1/0")
    reload_settings()
    action_limits.forget()
    for _ in range(3):
        action_limits.spend(RateLimitItemPerMinute(1), "a", says="Enough")
