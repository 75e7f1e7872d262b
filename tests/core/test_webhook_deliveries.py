"""A message reaches its receiver at least once, however long that is away, and is then left."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text
from standardwebhooks import Webhook as StandardWebhook

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.receiver import Receiver, receiving
from tests.core.webhooks import fan_out, subscribed
from ticket_app.core.notifications import notifications
from ticket_app.core.platform import outgoing_http, secrets
from ticket_app.core.platform.errors import Invalid, NotFound, RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork, utc_now
from ticket_app.core.tickets import locking, purging, trash
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import signatures as webhook_signatures
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import (
    MAX_ATTEMPTS,
    RETRY_DELAYS,
    AttemptResult,
    ClaimedDelivery,
    DeliveryState,
)
from ticket_app.jobs import webhooks as jobs
from ticket_app.settings import reload_settings
from ticket_app.tables import webhook_delivery_table

REFUSED = AttemptResult(status=500, body="no", error="the receiver refused it")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def webhook(uow_for: UowFor, cast: Cast) -> Any:
    with uow_for(cast.admin) as uow:
        return subscribed(uow, "ticket.created", secret=SECRET)


@pytest.fixture
def message(webhook: Any, uow_for: UowFor, file_ticket: FileTicket) -> Any:
    """A delivery that waits for its first try."""
    file_ticket()
    fan_out(uow_for)
    return webhook


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, own_settings: Any) -> Iterator[Receiver]:
    monkeypatch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
    reload_settings()
    with receiving() as found:
        yield found


def delivery(uow: UnitOfWork) -> Any:
    return uow.connection.execute(select(webhook_delivery_table)).one()


def claim(uow_for: UowFor, webhook: Any, maximum: int = 1) -> list[ClaimedDelivery]:
    with uow_for(None) as uow:
        return webhook_deliveries.claim(uow, webhook.id, maximum)


def attempt(uow_for: UowFor, webhook: Any, outcome: AttemptResult) -> Any:
    """One try with this outcome; the delivery as it then stands."""
    (claimed,) = claim(uow_for, webhook)
    with uow_for(None) as uow:
        webhook_deliveries.record_attempt(uow, claimed, outcome)
        return delivery(uow)


def waiting(uow_for: UowFor) -> list[int]:
    with uow_for(None, writes=False) as uow:
        return [row.id for row in webhook_deliveries.list_webhooks_with_due_deliveries(uow)]


def test_accepted_message_is_delivered_once(uow_for: UowFor, message: Any, clock: Clock) -> None:
    assert waiting(uow_for) == [message.id]
    clock.forward(seconds=1)
    done = attempt(uow_for, message, AttemptResult(status=204, duration_ms=12))
    assert (done.state, done.attempts, done.response_status) == (DeliveryState.DELIVERED, 1, 204)
    assert done.delivered_at == clock.now
    assert done.next_try_at is None
    assert done.attempt_log == [
        {"at": "2026-11-20T09:00:01Z", "status": 204, "error": None, "milliseconds": 12}
    ]
    assert waiting(uow_for) == claim(uow_for, message) == []


def test_a_real_receiver_can_verify_it_in_both_ways(
    uow_for: UowFor, cast: Cast, receiver: Receiver, file_ticket: FileTicket, clock: Clock
) -> None:
    with uow_for(cast.admin) as uow:
        webhook = subscribed(uow, "ticket.created", url=receiver.url, secret=SECRET)
    file_ticket()
    fan_out(uow_for)
    clock.now = utc_now()  # as the receiver's
    (claimed,) = claim(uow_for, webhook)
    outcome = jobs.send(claimed)
    assert outcome.is_success
    (got,) = receiver.got
    StandardWebhook(SECRET).verify(got.body, got.headers)
    plain = hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-webhook-signature"] == f"sha256={plain}"
    assert got.headers["x-webhook-event"] == "ticket.created"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"].startswith("ticket-app-webhooks/")
    assert got.headers["webhook-id"].startswith("msg_")
    assert got.payload["webhook_id"] == webhook_subscriptions.format_public_id(webhook.uuid)


@pytest.mark.parametrize("secret", ["your_webhook_secret", "with space", "пароль для нас"])
def test_a_secret_that_somebody_chose_is_its_own_key(clock: Clock, secret: str) -> None:
    webhook_signatures.validate_secret(secret)
    headers = webhook_signatures.signature_headers(
        "{}", message_id="msg_1", event="ping", sent_at=clock.now, signing_secrets=[secret]
    )
    assert headers["webhook-signature"] == StandardWebhook(secret.encode()).sign(
        "msg_1", clock.now, "{}"
    )
    plain = hmac.new(secret.encode(), b"{}", hashlib.sha256).hexdigest()
    assert headers["X-Webhook-Signature"] == f"sha256={plain}"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "x" * 201,
        "with\nline",
        "whsec_",
        "whsec_c2hvcnQ=",
        "whsec_!",
        "whsec_" + "A" * 120,
    ],
)
def test_a_secret_that_is_no_good_is_refused(secret: str) -> None:
    with pytest.raises(Invalid) as refused:
        webhook_signatures.validate_secret(secret)
    assert refused.value.field == "secret"
    assert len(secret) <= len(webhook_signatures.SECRET_PREFIX) or secret not in str(refused.value)


def test_secrets_are_made_strong_and_kept_sealed(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        row, made = webhook_subscriptions.subscribe(uow, "https://a.example/", ["ticket.created"])
        kept = uow.connection.execute(text("SELECT encrypted_secret FROM webhook")).scalar_one()
    assert made == webhook_signatures.validate_secret(made)
    assert len(webhook_signatures.signing_key(made)) == 32
    assert made not in kept
    assert webhook_signatures.decrypt_secret(kept) == made
    assert secrets.decrypt("another purpose", kept.encode()) is None
    assert made not in str(row)


def test_after_a_rotation_both_secrets_sign_for_a_day(
    uow_for: UowFor, cast: Cast, message: Any, clock: Clock
) -> None:
    with uow_for(cast.admin) as uow:
        _, second = webhook_subscriptions.rotate_secret(uow, message.id)
    (claimed,) = claim(uow_for, message)
    assert claimed.secrets == (second, SECRET)
    headers = webhook_signatures.signature_headers(
        "{}", message_id="m", event="e", sent_at=clock.now, signing_secrets=claimed.secrets
    )
    assert headers["webhook-signature"].count("v1,") == 2
    assert headers["webhook-signature"].split(" ")[1] == StandardWebhook(SECRET).sign(
        "m", clock.now, "{}"
    )
    clock.forward(hours=24)
    (claimed,) = claim(uow_for, message)
    assert claimed.secrets == (second,)


def test_under_another_key_nothing_is_sent_unsigned(
    uow_for: UowFor, message: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_SECRET_KEY", "quite another key, long enough to be taken")
    reload_settings()
    (claimed,) = claim(uow_for, message)
    assert claimed.secrets == ()
    assert "rotate it" in (jobs.send(claimed).error or "")


def test_a_message_is_tried_for_days_ever_more_rarely(
    uow_for: UowFor, message: Any, clock: Clock
) -> None:
    began, ids, row = clock.now, set(), None
    for tries in range(1, MAX_ATTEMPTS + 1):
        (claimed,) = claim(uow_for, message)
        ids.add(claimed.message_id)
        assert claimed.attempts == tries
        with uow_for(None) as uow:
            webhook_deliveries.record_attempt(uow, claimed, REFUSED)
            row = delivery(uow)
        assert len(row.attempt_log) == tries
        if tries == MAX_ATTEMPTS:
            break
        assert row.state == DeliveryState.PENDING
        wait = row.next_try_at - clock.now
        assert abs(wait / RETRY_DELAYS[tries - 1] - 1) <= 0.1001
        clock.now = row.next_try_at - timedelta(milliseconds=1)
        assert claim(uow_for, message) == []
        clock.now = row.next_try_at
        if tries == 2:
            assert clock.now - began < timedelta(minutes=1)
    assert row is not None
    assert (row.state, row.next_try_at, row.response_body) == (DeliveryState.FAILED, None, "no")
    assert clock.now - began > timedelta(days=2, hours=12)
    assert len(ids) == 1
    assert claim(uow_for, message) == []


def test_webhook_failing_for_days_is_disabled_and_its_owner_notified(
    uow_for: UowFor, cast: Cast, message: Any, clock: Clock
) -> None:
    for _ in range(MAX_ATTEMPTS):
        row = attempt(uow_for, message, REFUSED)
        clock.now = row.next_try_at or clock.now
    with uow_for(cast.admin, writes=False) as uow:
        found = webhook_subscriptions.find(uow, message.id)
        (notice,) = notifications.list_own(uow)
    assert not found.is_active
    assert found.deactivation_reason == "No delivery has succeeded for two days"
    assert (
        notice.message
        == f"Your webhook to your-app.com was deactivated. {found.deactivation_reason}."
    )
    assert notice.kind == "webhook_disabled"


def test_a_success_between_keeps_it_on(
    uow_for: UowFor, cast: Cast, message: Any, clock: Clock, file_ticket: FileTicket
) -> None:
    for _ in range(MAX_ATTEMPTS - 1):
        clock.now = attempt(uow_for, message, REFUSED).next_try_at
    with uow_for(cast.admin) as uow:
        ping = delivery_log.send_ping(uow, message.id)
    claimed = claim(uow_for, message, 2)
    with uow_for(None) as uow:
        for one in sorted(claimed, key=lambda one: one.id != ping.id):
            outcome = AttemptResult(status=200) if one.id == ping.id else REFUSED
            webhook_deliveries.record_attempt(uow, one, outcome)
    with uow_for(cast.admin, writes=False) as uow:
        assert webhook_subscriptions.find(uow, message.id).is_active
        ends = {one.id: delivery_log.find(uow, message.id, one.id).state for one in claimed}
    assert ends.pop(ping.id) == DeliveryState.DELIVERED
    assert list(ends.values()) == [DeliveryState.FAILED]


def test_gone_switches_it_off_at_once(uow_for: UowFor, cast: Cast, message: Any) -> None:
    row = attempt(uow_for, message, AttemptResult(status=410))
    assert row.state == DeliveryState.FAILED
    with uow_for(cast.admin, writes=False) as uow:
        found = webhook_subscriptions.find(uow, message.id)
        assert len(notifications.list_own(uow)) == 1
    assert not found.is_active
    assert "410" in (found.deactivation_reason or "")


@pytest.mark.parametrize("status", [301, 302, 304, 400, 401, 404, 429, 500, 503])
def test_only_a_2xx_is_a_success(uow_for: UowFor, message: Any, status: int) -> None:
    assert attempt(uow_for, message, AttemptResult(status=status)).state == DeliveryState.PENDING


def test_retry_after_is_honoured_and_bounded(clock: Clock) -> None:
    def wait(retry_after: str | None, attempts: int = 1) -> timedelta:
        outcome = AttemptResult(status=429, retry_after=retry_after)
        return webhook_deliveries.retry_delay(
            attempts, outcome, clock.now, random_fraction=lambda: 0.5
        )

    assert wait(None) == RETRY_DELAYS[0]
    assert wait("120") == timedelta(minutes=2)
    assert wait(format_datetime(clock.now + timedelta(hours=1))) == timedelta(hours=1)
    assert wait("999999999999") == timedelta(hours=24)
    assert wait("1", attempts=5) == RETRY_DELAYS[4]
    for nonsense in ("", "soon", "-5", "1e3", "٣", "\x00", "Fri, 99 Nov 2026"):
        assert wait(nonsense) == RETRY_DELAYS[0]


def test_waits_differ_a_little_by_chance(clock: Clock) -> None:
    ends = [
        webhook_deliveries.retry_delay(4, REFUSED, clock.now, random_fraction=lambda end=end: end)
        for end in (0.0, 1.0)
    ]
    assert ends == [timedelta(minutes=27), timedelta(minutes=33)]


def test_what_a_crash_left_under_way_is_due_again(
    uow_for: UowFor, message: Any, clock: Clock
) -> None:
    (lost,) = claim(uow_for, message)
    assert claim(uow_for, message) == []
    clock.forward(seconds=webhook_deliveries.LEASE_DURATION.total_seconds())
    (again,) = claim(uow_for, message)
    assert (again.message_id, again.attempts) == (lost.message_id, 2)
    with uow_for(None) as uow:
        webhook_deliveries.record_attempt(uow, lost, REFUSED)
        assert delivery(uow).attempt_log == []
        webhook_deliveries.record_attempt(uow, again, AttemptResult(status=200))
        webhook_deliveries.record_attempt(uow, lost, REFUSED)
        assert delivery(uow).state == DeliveryState.DELIVERED


def test_lease_lasts_longer_than_the_slowest_call() -> None:
    assert webhook_deliveries.LEASE_DURATION.total_seconds() > 2 * outgoing_http.TIMEOUT_SECONDS


def test_two_workers_take_each_message_once(
    uow_for: UowFor, webhook: Any, file_ticket: FileTicket
) -> None:
    for _ in range(12):
        file_ticket()
    fan_out(uow_for)
    with ThreadPoolExecutor(4) as pool:
        taken = [
            claimed.id
            for part in pool.map(lambda _: claim(uow_for, webhook, 3), range(6))
            for claimed in part
        ]
    assert len(taken) == len(set(taken)) == 12


def test_a_webhook_switched_off_holds_what_waits(uow_for: UowFor, cast: Cast, message: Any) -> None:
    with uow_for(cast.admin) as uow:
        webhook_subscriptions.update_webhook(uow, message.id, {"active": False})
    assert waiting(uow_for) == claim(uow_for, message) == []
    with uow_for(cast.admin) as uow:
        webhook_subscriptions.update_webhook(uow, message.id, {"active": True})
    assert len(claim(uow_for, message)) == 1


def test_an_answer_is_kept_shortened(uow_for: UowFor, message: Any) -> None:
    row = attempt(uow_for, message, AttemptResult(status=500, body="ü\x00" * 5_000))
    assert row.response_body == "ü" * 2_000


def test_a_message_is_sent_again_with_its_id(
    uow_for: UowFor, cast: Cast, message: Any, clock: Clock
) -> None:
    with uow_for(cast.admin, writes=False) as uow:
        waits = delivery(uow)
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation):
        delivery_log.replay(uow, message.id, waits.id)
    attempt(uow_for, message, AttemptResult(status=200))
    with uow_for(cast.admin) as uow:
        again = delivery_log.replay(
            uow, message.id, webhook_deliveries.format_message_id(waits.uuid)
        )
    assert (again.state, again.attempts, len(again.attempt_log)) == (DeliveryState.PENDING, 0, 1)
    (claimed,) = claim(uow_for, message)
    assert claimed.message_id == webhook_deliveries.format_message_id(waits.uuid)


def test_a_time_is_sent_again_in_bounds(
    uow_for: UowFor, cast: Cast, webhook: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_log, "MAX_REPLAYED", 3)
    rows = [
        {
            "uuid": UUID(int=n + 1),
            "webhook_id": webhook.id,
            "event": "ticket.created",
            "entry_id": n,
            "payload": "{}",
            "state": DeliveryState.FAILED if n % 2 else DeliveryState.DELIVERED,
            "attempts": 11,
            "attempt_log": [],
            "created_at": clock.now + timedelta(minutes=n),
        }
        for n in range(10)
    ]
    with uow_for(cast.admin) as uow:
        uow.connection.execute(insert(webhook_delivery_table), rows)
    start = clock.now
    clock.forward(hours=1)
    with uow_for(cast.admin) as uow:
        assert delivery_log.replay_since(
            uow, webhook.id, start, start + timedelta(minutes=5), state=DeliveryState.DELIVERED
        ) == (3, False)
        assert delivery_log.replay_since(uow, webhook.id, start) == (3, True)
        assert delivery_log.replay_since(uow, webhook.id, start) == (2, False)
        assert delivery_log.replay_since(uow, webhook.id, start) == (0, False)
        with pytest.raises(Invalid):
            delivery_log.replay_since(uow, webhook.id, clock.now, start)
        with pytest.raises(Invalid):
            delivery_log.replay_since(uow, webhook.id, start, state=DeliveryState.PENDING)


def test_the_log_lists_by_state_and_event(
    uow_for: UowFor, cast: Cast, message: Any, clock: Clock
) -> None:
    attempt(uow_for, message, AttemptResult(status=200))
    with uow_for(cast.admin) as uow:
        delivery_log.send_ping(uow, message.id)
        page = PageRequest(limit=20)
        both, total = delivery_log.list_deliveries(uow, message.id, page)
        assert [row.event for row in both] == ["ping", "ticket.created"]
        assert total == 2
        (row,), total = delivery_log.list_deliveries(
            uow, message.id, page, state=DeliveryState.DELIVERED
        )
        assert (row.event, total) == ("ticket.created", 1)
        (row,), total = delivery_log.list_deliveries(uow, message.id, page, event="ping")
        assert (row.state, total) == (DeliveryState.PENDING, 1)
        with pytest.raises(Invalid):
            delivery_log.list_deliveries(uow, message.id, page, event="ticket.exploded")
        other = subscribed(uow)
        with pytest.raises(NotFound):
            delivery_log.find(uow, other.id, both[0].id)


def test_the_log_is_kept_for_a_month_and_goes_with_its_webhook(
    uow_for: UowFor, cast: Cast, message: Any, clock: Clock
) -> None:
    clock.forward(days=30, seconds=-1)
    with uow_for(None) as uow:
        assert webhook_deliveries.delete_expired_batch(uow) == 0
    clock.forward(seconds=1)
    with uow_for(cast.admin) as uow:
        delivery_log.send_ping(uow, message.id)
        assert webhook_deliveries.delete_expired_batch(uow) == 1
        webhook_subscriptions.delete_webhook(uow, message.id)
        with pytest.raises(NotFound):
            webhook_subscriptions.find(uow, message.id)
        assert webhook_subscriptions.list_all(uow) == []
        assert webhook_deliveries.delete_expired_batch(uow) == 1
        assert uow.connection.execute(text("SELECT count(*) FROM webhook")).scalar_one() == 0


def test_deliveries_of_a_purged_ticket_are_deleted_with_it(
    uow_for: UowFor, cast: Cast, message: Any, file_ticket: FileTicket
) -> None:
    kept = file_ticket()
    fan_out(uow_for)
    with uow_for(cast.admin) as uow:
        delivery_log.send_ping(uow, message.id)
        first = uow.connection.execute(
            select(func.min(webhook_delivery_table.c.ticket_id))
        ).scalar_one()
        trash.delete_ticket(uow, locking.lock_ticket(uow, first))
        purging.purge(uow, first)
        left = uow.connection.execute(select(webhook_delivery_table.c.ticket_id)).scalars().all()
    assert sorted(left, key=str) == [kept, None]
