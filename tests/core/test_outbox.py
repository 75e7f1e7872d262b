"""What must follow a change is asked for with it, and done at least once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cast import Cast, Clock, UowFor
from ticket_app.core.platform import outbox
from ticket_app.tables import OutboxMessage

TOPICS = ("mail", "later", *map(str, range(60)))


def claimed(uow_for: UowFor, limit: int = 20) -> list[str]:
    with uow_for(None) as uow:
        return [message.topic for message in outbox.claim_due(uow, limit, TOPICS)]


def test_due_message_is_claimed_until_it_is_done(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    with uow_for(None) as uow:
        outbox.enqueue(uow, "mail", to="a", n=[1, {"b": None}])
        outbox.enqueue(uow, "later", due_at=clock.now + timedelta(minutes=1))
    with uow_for(None) as uow:
        (message,) = outbox.claim_due(uow, 20, TOPICS)
        assert (message.topic, message.payload, message.attempts) == (
            "mail",
            {"to": "a", "n": [1, {"b": None}]},
            0,
        )
        outbox.mark_done(uow, message.id)
    clock.forward(minutes=1)
    assert claimed(uow_for) == ["later"]
    clock.forward(days=1)
    assert claimed(uow_for) == ["later"]


def test_nothing_is_asked_for_by_what_failed(uow_for: UowFor, cast: Cast) -> None:
    def put_and_fail() -> None:
        with uow_for(None) as uow:
            outbox.enqueue(uow, "mail")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    assert claimed(uow_for) == []


def test_a_lease_runs_out(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    with uow_for(None) as uow:
        outbox.enqueue(uow, "mail")
    assert claimed(uow_for) == ["mail"]
    clock.forward(seconds=outbox.LEASE.total_seconds() - 1)
    assert claimed(uow_for) == []
    clock.forward(seconds=1)
    assert claimed(uow_for) == ["mail"]


def test_what_fails_comes_back_ever_later_and_at_last_no_more(
    uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    with uow_for(None) as uow:
        outbox.enqueue(uow, "mail")
    waits = []
    for attempt in range(outbox.MAX_ATTEMPTS):
        began = clock.now
        with uow_for(None) as uow:
            (message,) = outbox.claim_due(uow, 20, TOPICS)
            assert message.attempts == attempt
            outbox.reschedule(uow, message.id, message.attempts, "no answer " * 100)
            due_at = uow.connection.execute(select(OutboxMessage)).one().due_at
            waits.append(due_at - began)
        clock.now = due_at - timedelta(seconds=1)
        assert claimed(uow_for) == []
        clock.now = due_at
    assert waits[:3] == [timedelta(seconds=n) for n in (15, 30, 60)]
    assert waits == sorted(waits)
    assert waits[-1] == outbox.MAX_RETRY_DELAY
    assert claimed(uow_for) == []


def test_two_workers_take_each_message_once(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        for n in range(60):
            outbox.enqueue(uow, str(n))
    with ThreadPoolExecutor(6) as pool:
        taken = [
            topic for part in pool.map(lambda _: claimed(uow_for, 10), range(8)) for topic in part
        ]
    taken += claimed(uow_for, 100)
    assert sorted(map(int, taken)) == list(range(60))


def test_a_topic_waits_for_who_does_it(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        outbox.enqueue(uow, "mail")
    with uow_for(None) as uow:
        assert not outbox.has_due_messages(uow, ("later",))
        assert outbox.claim_due(uow, 20, ("later",)) == []
        assert outbox.has_due_messages(uow, ("later", "mail"))
    assert claimed(uow_for) == ["mail"]


def test_what_was_done_is_thrown_away_after_a_week(
    uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    with uow_for(None) as uow:
        outbox.enqueue(uow, "mail")
        outbox.enqueue(uow, "later")
        done, forgotten = outbox.claim_due(uow, 2, TOPICS)
        outbox.mark_done(uow, done.id)
        outbox.delete_messages(uow, [forgotten.id])
    clock.forward(days=6)
    with uow_for(None) as uow:
        assert outbox.delete_expired_batch(uow) == 0
    clock.forward(days=1)
    with uow_for(None) as uow:
        assert outbox.delete_expired_batch(uow) == 1
        assert uow.connection.execute(select(OutboxMessage)).all() == []


def test_the_worker_of_this_process_is_woken_by_a_commit_only(uow_for: UowFor, cast: Cast) -> None:
    outbox.WAKE_EVENTS["mail"].clear()
    with uow_for(None) as uow:
        outbox.enqueue(uow, "mail")
        assert not outbox.WAKE_EVENTS["mail"].is_set()
    assert outbox.WAKE_EVENTS["mail"].is_set()
