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
from standardwebhooks import Webhook as Standard

from tests.cast import Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from tests.core.receiver import Receiver, receiving
from tests.core.webhooks import fan_out, subscribed
from ticket_app.core.notifications import notifications
from ticket_app.core.platform import outgoing_http, secrets
from ticket_app.core.platform.errors import Invalid, NotFound, RuleBroken
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk, utc_now
from ticket_app.core.tickets import tickets, trash
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import signatures as webhook_signatures
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import MOST_TRIES, WAITS, Claimed, Outcome, State
from ticket_app.jobs import webhooks as jobs
from ticket_app.settings import reload_settings
from ticket_app.tables import webhook_delivery_table

REFUSED = Outcome(status=500, body="no", error="the receiver refused it")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def webhook(desk_for: DeskFor, cast: Cast) -> Any:
    with desk_for(cast.admin) as desk:
        return subscribed(desk, "ticket.created", secret=SECRET)


@pytest.fixture
def message(webhook: Any, desk_for: DeskFor, file_ticket: FileTicket) -> Any:
    """A delivery that waits for its first try."""
    file_ticket()
    fan_out(desk_for)
    return webhook


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, own_settings: Any) -> Iterator[Receiver]:
    monkeypatch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
    reload_settings()
    with receiving() as found:
        yield found


def delivery(desk: Desk) -> Any:
    return desk.db.execute(select(webhook_delivery_table)).one()


def claim(desk_for: DeskFor, webhook: Any, most: int = 1) -> list[Claimed]:
    with desk_for(None) as desk:
        return webhook_deliveries.claim(desk, webhook.id, most)


def attempt(desk_for: DeskFor, webhook: Any, outcome: Outcome) -> Any:
    """One try with this outcome; the delivery as it then stands."""
    (claimed,) = claim(desk_for, webhook)
    with desk_for(None) as desk:
        webhook_deliveries.record(desk, claimed, outcome)
        return delivery(desk)


def waiting(desk_for: DeskFor) -> list[int]:
    with desk_for(None, writes=False) as desk:
        return [row.id for row in webhook_deliveries.waiting(desk)]


def test_it_works(desk_for: DeskFor, message: Any, clock: Clock) -> None:
    assert waiting(desk_for) == [message.id]
    clock.forward(seconds=1)
    done = attempt(desk_for, message, Outcome(status=204, milliseconds=12))
    assert (done.state, done.attempts, done.response_status) == (State.DELIVERED, 1, 204)
    assert done.delivered_at == clock.now
    assert done.next_try_at is None
    assert done.tries == [
        {"at": "2026-11-20T09:00:01Z", "status": 204, "error": None, "milliseconds": 12}
    ]
    assert waiting(desk_for) == claim(desk_for, message) == []


def test_a_real_receiver_can_verify_it_in_both_ways(
    desk_for: DeskFor, cast: Cast, receiver: Receiver, file_ticket: FileTicket, clock: Clock
) -> None:
    with desk_for(cast.admin) as desk:
        webhook = subscribed(desk, "ticket.created", url=receiver.url, secret=SECRET)
    file_ticket()
    fan_out(desk_for)
    clock.now = utc_now()  # as the receiver's
    (claimed,) = claim(desk_for, webhook)
    outcome = jobs.send(claimed)
    assert outcome.is_success
    (got,) = receiver.got
    Standard(SECRET).verify(got.body, got.headers)
    plain = hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-webhook-signature"] == f"sha256={plain}"
    assert got.headers["x-webhook-event"] == "ticket.created"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"].startswith("ticket-app-webhooks/")
    assert got.headers["webhook-id"].startswith("msg_")
    assert got.told["webhook_id"] == webhook_subscriptions.printed(webhook.uuid)


@pytest.mark.parametrize("secret", ["your_webhook_secret", "with space", "пароль для нас"])
def test_a_secret_that_somebody_chose_is_its_own_key(clock: Clock, secret: str) -> None:
    webhook_signatures.checked_secret(secret)
    headers = webhook_signatures.signed(
        "{}", message_id="msg_1", event="ping", at=clock.now, secrets=[secret]
    )
    assert headers["webhook-signature"] == Standard(secret.encode()).sign("msg_1", clock.now, "{}")
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
        webhook_signatures.checked_secret(secret)
    assert refused.value.field == "secret"
    assert len(secret) <= len(webhook_signatures.PREFIX) or secret not in str(refused.value)


def test_secrets_are_made_strong_and_kept_sealed(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin) as desk:
        row, made = webhook_subscriptions.subscribe(desk, "https://a.example/", ["ticket.created"])
        kept = desk.db.execute(text("SELECT secret_sealed FROM webhook")).scalar_one()
    assert made == webhook_signatures.checked_secret(made)
    assert len(webhook_signatures.key_of(made)) == 32
    assert made not in kept
    assert webhook_signatures.unseal(kept) == made
    assert secrets.take_out("another purpose", kept.encode()) is None
    assert not any(made in str(value) for value in row)


def test_after_a_rotation_both_secrets_sign_for_a_day(
    desk_for: DeskFor, cast: Cast, message: Any, clock: Clock
) -> None:
    with desk_for(cast.admin) as desk:
        _, second = webhook_subscriptions.rotate_secret(desk, message.id)
    (claimed,) = claim(desk_for, message)
    assert claimed.secrets == (second, SECRET)
    headers = webhook_signatures.signed(
        "{}", message_id="m", event="e", at=clock.now, secrets=claimed.secrets
    )
    assert headers["webhook-signature"].count("v1,") == 2
    assert headers["webhook-signature"].split(" ")[1] == Standard(SECRET).sign("m", clock.now, "{}")
    clock.forward(hours=24)
    (claimed,) = claim(desk_for, message)
    assert claimed.secrets == (second,)


def test_under_another_key_nothing_is_sent_unsigned(
    desk_for: DeskFor, message: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_SECRET_KEY", "quite another key, long enough to be taken")
    reload_settings()
    (claimed,) = claim(desk_for, message)
    assert claimed.secrets == ()
    assert "rotate it" in (jobs.send(claimed).error or "")


def test_a_message_is_tried_for_days_ever_more_rarely(
    desk_for: DeskFor, message: Any, clock: Clock
) -> None:
    began, ids, row = clock.now, set(), None
    for tries in range(1, MOST_TRIES + 1):
        (claimed,) = claim(desk_for, message)
        ids.add(claimed.message_id)
        assert claimed.attempts == tries
        with desk_for(None) as desk:
            webhook_deliveries.record(desk, claimed, REFUSED)
            row = delivery(desk)
        assert len(row.tries) == tries
        if tries == MOST_TRIES:
            break
        assert row.state == State.PENDING
        wait = row.next_try_at - clock.now
        assert abs(wait / WAITS[tries - 1] - 1) <= 0.1001
        clock.now = row.next_try_at - timedelta(milliseconds=1)
        assert claim(desk_for, message) == []
        clock.now = row.next_try_at
        if tries == 2:
            assert clock.now - began < timedelta(minutes=1)
    assert row is not None
    assert (row.state, row.next_try_at, row.response_body) == (State.FAILED, None, "no")
    assert clock.now - began > timedelta(days=2, hours=12)
    assert len(ids) == 1
    assert claim(desk_for, message) == []


def test_days_without_a_success_switch_it_off_and_its_owner_is_told(
    desk_for: DeskFor, cast: Cast, message: Any, clock: Clock
) -> None:
    for _ in range(MOST_TRIES):
        row = attempt(desk_for, message, REFUSED)
        clock.now = row.next_try_at or clock.now
    with desk_for(cast.admin, writes=False) as desk:
        found = webhook_subscriptions.find(desk, message.id)
        (notice,) = notifications.mine(desk)
    assert not found.is_active
    assert found.switched_off_why == "It has taken nothing for days"
    assert notice.says == f"Your webhook {message.id} was switched off. {found.switched_off_why}"
    assert notice.kind == "webhook"


def test_a_success_between_keeps_it_on(
    desk_for: DeskFor, cast: Cast, message: Any, clock: Clock, file_ticket: FileTicket
) -> None:
    for _ in range(MOST_TRIES - 1):
        clock.now = attempt(desk_for, message, REFUSED).next_try_at
    with desk_for(cast.admin) as desk:
        ping = delivery_log.send_ping(desk, message.id)
    claimed = claim(desk_for, message, 2)
    with desk_for(None) as desk:
        for one in sorted(claimed, key=lambda one: one.id != ping.id):
            outcome = Outcome(status=200) if one.id == ping.id else REFUSED
            webhook_deliveries.record(desk, one, outcome)
    with desk_for(cast.admin, writes=False) as desk:
        assert webhook_subscriptions.find(desk, message.id).is_active
        ends = {one.id: delivery_log.find(desk, message.id, one.id).state for one in claimed}
    assert ends.pop(ping.id) == State.DELIVERED
    assert list(ends.values()) == [State.FAILED]


def test_gone_switches_it_off_at_once(desk_for: DeskFor, cast: Cast, message: Any) -> None:
    row = attempt(desk_for, message, Outcome(status=410))
    assert row.state == State.FAILED
    with desk_for(cast.admin, writes=False) as desk:
        found = webhook_subscriptions.find(desk, message.id)
        assert len(notifications.mine(desk)) == 1
    assert not found.is_active
    assert "410" in found.switched_off_why


@pytest.mark.parametrize("status", [301, 302, 304, 400, 401, 404, 429, 500, 503])
def test_only_a_2xx_is_a_success(desk_for: DeskFor, message: Any, status: int) -> None:
    assert attempt(desk_for, message, Outcome(status=status)).state == State.PENDING


def test_retry_after_is_honoured_and_bounded(clock: Clock) -> None:
    def wait(retry_after: str | None, attempts: int = 1) -> timedelta:
        outcome = Outcome(status=429, retry_after=retry_after)
        return webhook_deliveries.wait_after(attempts, outcome, clock.now, chance=lambda: 0.5)

    assert wait(None) == WAITS[0]
    assert wait("120") == timedelta(minutes=2)
    assert wait(format_datetime(clock.now + timedelta(hours=1))) == timedelta(hours=1)
    assert wait("999999999999") == timedelta(hours=24)
    assert wait("1", attempts=5) == WAITS[4]
    for nonsense in ("", "soon", "-5", "1e3", "٣", "\x00", "Fri, 99 Nov 2026"):
        assert wait(nonsense) == WAITS[0]


def test_waits_differ_a_little_by_chance(clock: Clock) -> None:
    ends = [
        webhook_deliveries.wait_after(4, REFUSED, clock.now, chance=lambda end=end: end)
        for end in (0.0, 1.0)
    ]
    assert ends == [timedelta(minutes=27), timedelta(minutes=33)]


def test_what_a_crash_left_under_way_is_due_again(
    desk_for: DeskFor, message: Any, clock: Clock
) -> None:
    (lost,) = claim(desk_for, message)
    assert claim(desk_for, message) == []
    clock.forward(seconds=webhook_deliveries.LEASE.total_seconds())
    (again,) = claim(desk_for, message)
    assert (again.message_id, again.attempts) == (lost.message_id, 2)
    with desk_for(None) as desk:
        webhook_deliveries.record(desk, lost, REFUSED)
        assert delivery(desk).tries == []
        webhook_deliveries.record(desk, again, Outcome(status=200))
        webhook_deliveries.record(desk, lost, REFUSED)
        assert delivery(desk).state == State.DELIVERED


def test_the_lease_outlives_the_longest_call() -> None:
    assert webhook_deliveries.LEASE.total_seconds() > 2 * outgoing_http.SECONDS


def test_two_workers_take_each_message_once(
    desk_for: DeskFor, webhook: Any, file_ticket: FileTicket
) -> None:
    for _ in range(12):
        file_ticket()
    fan_out(desk_for)
    with ThreadPoolExecutor(4) as pool:
        taken = [
            claimed.id
            for part in pool.map(lambda _: claim(desk_for, webhook, 3), range(6))
            for claimed in part
        ]
    assert len(taken) == len(set(taken)) == 12


def test_a_webhook_switched_off_holds_what_waits(
    desk_for: DeskFor, cast: Cast, message: Any
) -> None:
    with desk_for(cast.admin) as desk:
        webhook_subscriptions.change(desk, message.id, {"active": False})
    assert waiting(desk_for) == claim(desk_for, message) == []
    with desk_for(cast.admin) as desk:
        webhook_subscriptions.change(desk, message.id, {"active": True})
    assert len(claim(desk_for, message)) == 1


def test_an_answer_is_kept_shortened(desk_for: DeskFor, message: Any) -> None:
    row = attempt(desk_for, message, Outcome(status=500, body="ü\x00" * 5_000))
    assert row.response_body == "ü" * 2_000


def test_a_message_is_sent_again_with_its_id(
    desk_for: DeskFor, cast: Cast, message: Any, clock: Clock
) -> None:
    with desk_for(cast.admin, writes=False) as desk:
        waits = delivery(desk)
    with desk_for(cast.admin) as desk, pytest.raises(RuleBroken):
        delivery_log.replay(desk, message.id, waits.id)
    attempt(desk_for, message, Outcome(status=200))
    with desk_for(cast.admin) as desk:
        again = delivery_log.replay(desk, message.id, webhook_deliveries.message_id(waits.uuid))
    assert (again.state, again.attempts, len(again.tries)) == (State.PENDING, 0, 1)
    (claimed,) = claim(desk_for, message)
    assert claimed.message_id == webhook_deliveries.message_id(waits.uuid)


def test_a_time_is_sent_again_in_bounds(
    desk_for: DeskFor, cast: Cast, webhook: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_log, "MOST_REPLAYED", 3)
    rows = [
        {
            "uuid": UUID(int=n + 1),
            "webhook_id": webhook.id,
            "event": "ticket.created",
            "entry_id": n,
            "payload": "{}",
            "state": State.FAILED if n % 2 else State.DELIVERED,
            "attempts": 11,
            "tries": [],
            "created_at": clock.now + timedelta(minutes=n),
        }
        for n in range(10)
    ]
    with desk_for(cast.admin) as desk:
        desk.db.execute(insert(webhook_delivery_table), rows)
    start = clock.now
    clock.forward(hours=1)
    with desk_for(cast.admin) as desk:
        assert delivery_log.replay_since(
            desk, webhook.id, start, start + timedelta(minutes=5), state=State.DELIVERED
        ) == (3, False)
        assert delivery_log.replay_since(desk, webhook.id, start) == (3, True)
        assert delivery_log.replay_since(desk, webhook.id, start) == (2, False)
        assert delivery_log.replay_since(desk, webhook.id, start) == (0, False)
        with pytest.raises(Invalid):
            delivery_log.replay_since(desk, webhook.id, clock.now, start)
        with pytest.raises(Invalid):
            delivery_log.replay_since(desk, webhook.id, start, state=State.PENDING)


def test_the_log_lists_by_state_and_event(
    desk_for: DeskFor, cast: Cast, message: Any, clock: Clock
) -> None:
    attempt(desk_for, message, Outcome(status=200))
    with desk_for(cast.admin) as desk:
        delivery_log.send_ping(desk, message.id)
        page = Slice(limit=20)
        both, total = delivery_log.listed(desk, message.id, page)
        assert [row.event for row in both] == ["ping", "ticket.created"]
        assert total == 2
        (row,), total = delivery_log.listed(desk, message.id, page, state=State.DELIVERED)
        assert (row.event, total) == ("ticket.created", 1)
        (row,), total = delivery_log.listed(desk, message.id, page, event="ping")
        assert (row.state, total) == (State.PENDING, 1)
        with pytest.raises(Invalid):
            delivery_log.listed(desk, message.id, page, event="ticket.exploded")
        other = subscribed(desk)
        with pytest.raises(NotFound):
            delivery_log.find(desk, other.id, both[0].id)


def test_the_log_is_kept_for_a_month_and_goes_with_its_webhook(
    desk_for: DeskFor, cast: Cast, message: Any, clock: Clock
) -> None:
    clock.forward(days=30, seconds=-1)
    with desk_for(None) as desk:
        assert webhook_deliveries.sweep(desk) == 0
    clock.forward(seconds=1)
    with desk_for(cast.admin) as desk:
        delivery_log.send_ping(desk, message.id)
        assert webhook_deliveries.sweep(desk) == 1
        webhook_subscriptions.remove(desk, message.id)
        with pytest.raises(NotFound):
            webhook_subscriptions.find(desk, message.id)
        assert webhook_subscriptions.listed(desk) == []
        assert webhook_deliveries.sweep(desk) == 1
        assert desk.db.execute(text("SELECT count(*) FROM webhook")).scalar_one() == 0


def test_what_was_told_of_a_destroyed_ticket_goes_with_it(
    desk_for: DeskFor, cast: Cast, message: Any, file_ticket: FileTicket
) -> None:
    kept = file_ticket()
    fan_out(desk_for)
    with desk_for(cast.admin) as desk:
        delivery_log.send_ping(desk, message.id)
        first = desk.db.execute(select(func.min(webhook_delivery_table.c.ticket_id))).scalar_one()
        tickets.delete_ticket(desk, tickets.hold(desk, first))
        trash.purge(desk, first)
        left = desk.db.execute(select(webhook_delivery_table.c.ticket_id)).scalars().all()
    assert sorted(left, key=str) == [kept, None]
