"""What must follow a change is asked for with it, and done at least once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cast import Cast, Clock, DeskFor
from ticket_app.core.platform import outbox
from ticket_app.tables import OutboxMessage

TOPICS = ("mail", "later", *map(str, range(60)))


def claimed(desk_for: DeskFor, most: int = 20) -> list[str]:
    with desk_for(None) as desk:
        return [message.topic for message in outbox.claim(desk, most, TOPICS)]


def test_it_works(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    with desk_for(None) as desk:
        outbox.put(desk, "mail", to="a", n=[1, {"b": None}])
        outbox.put(desk, "later", due_at=clock.now + timedelta(minutes=1))
    with desk_for(None) as desk:
        (message,) = outbox.claim(desk, 20, TOPICS)
        assert (message.topic, message.payload, message.attempts) == (
            "mail",
            {"to": "a", "n": [1, {"b": None}]},
            0,
        )
        outbox.finish(desk, message.id)
    clock.forward(minutes=1)
    assert claimed(desk_for) == ["later"]
    clock.forward(days=1)
    assert claimed(desk_for) == ["later"]


def test_nothing_is_asked_for_by_what_failed(desk_for: DeskFor, cast: Cast) -> None:
    def put_and_fail() -> None:
        with desk_for(None) as desk:
            outbox.put(desk, "mail")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    assert claimed(desk_for) == []


def test_a_lease_runs_out(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    with desk_for(None) as desk:
        outbox.put(desk, "mail")
    assert claimed(desk_for) == ["mail"]
    clock.forward(seconds=outbox.LEASE.total_seconds() - 1)
    assert claimed(desk_for) == []
    clock.forward(seconds=1)
    assert claimed(desk_for) == ["mail"]


def test_what_fails_comes_back_ever_later_and_at_last_no_more(
    desk_for: DeskFor, cast: Cast, clock: Clock
) -> None:
    with desk_for(None) as desk:
        outbox.put(desk, "mail")
    waits = []
    for attempt in range(outbox.MOST_ATTEMPTS):
        began = clock.now
        with desk_for(None) as desk:
            (message,) = outbox.claim(desk, 20, TOPICS)
            assert message.attempts == attempt
            outbox.postpone(desk, message.id, message.attempts, "no answer " * 100)
            due_at = desk.db.execute(select(OutboxMessage)).one().due_at
            waits.append(due_at - began)
        clock.now = due_at - timedelta(seconds=1)
        assert claimed(desk_for) == []
        clock.now = due_at
    assert waits[:3] == [timedelta(seconds=n) for n in (15, 30, 60)]
    assert waits == sorted(waits)
    assert waits[-1] == outbox.LONGEST_WAIT
    assert claimed(desk_for) == []


def test_two_workers_take_each_message_once(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(None) as desk:
        for n in range(60):
            outbox.put(desk, str(n))
    with ThreadPoolExecutor(6) as pool:
        taken = [
            topic for part in pool.map(lambda _: claimed(desk_for, 10), range(8)) for topic in part
        ]
    taken += claimed(desk_for, 100)
    assert sorted(map(int, taken)) == list(range(60))


def test_a_topic_waits_for_who_does_it(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(None) as desk:
        outbox.put(desk, "mail")
    with desk_for(None) as desk:
        assert not outbox.any_due(desk, ("later",))
        assert outbox.claim(desk, 20, ("later",)) == []
        assert outbox.any_due(desk, ("later", "mail"))
    assert claimed(desk_for) == ["mail"]


def test_what_was_done_is_thrown_away_after_a_week(
    desk_for: DeskFor, cast: Cast, clock: Clock
) -> None:
    with desk_for(None) as desk:
        outbox.put(desk, "mail")
        outbox.put(desk, "later")
        done, forgotten = outbox.claim(desk, 2, TOPICS)
        outbox.finish(desk, done.id)
        outbox.forget(desk, [forgotten.id])
    clock.forward(days=6)
    with desk_for(None) as desk:
        assert outbox.sweep(desk) == 0
    clock.forward(days=1)
    with desk_for(None) as desk:
        assert outbox.sweep(desk) == 1
        assert desk.db.execute(select(OutboxMessage)).all() == []


def test_the_worker_of_this_process_is_woken_by_a_commit_only(
    desk_for: DeskFor, cast: Cast
) -> None:
    outbox.bell.clear()
    with desk_for(None) as desk:
        outbox.put(desk, "mail")
        assert not outbox.bell.is_set()
    assert outbox.bell.is_set()
