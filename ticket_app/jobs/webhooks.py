"""Telling those outside: from lines on timelines to messages, and from messages to receivers."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from ticket_app.core.platform import outbox, outgoing_http
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.outgoing_http import Unreached
from ticket_app.core.platform.unit_of_work import open_desk
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import signatures as webhook_signatures
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import MOST_AT_ONCE, Claimed, Outcome
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.jobs.lane import Task

TOGETHER = 50
"""Messages of the outbox that become deliveries in one transaction."""
AGENT = "ticket-app-webhooks/1"

_TOPICS = (outbox.CHANGES_TOPIC,)


def take_changes(_most: int = 1) -> list[Task]:
    """Lease what the timelines have new; one task for all of it."""
    with open_desk(writes=False) as desk:
        if not outbox.any_due(desk, _TOPICS):
            return []
    with open_desk(writes=True) as desk:
        messages = outbox.claim(desk, TOGETHER, _TOPICS, process=heartbeat.process_id)
    return [partial(fan_out, messages)] if messages else []


def fan_out(messages: Sequence[Any]) -> None:
    """Write down for each receiver what it is to be told of these changes, and forget them.

    All in one transaction; if one of them cannot be told, each is tried alone.
    """
    try:
        with open_desk(writes=True) as desk:
            webhook_deliveries.fan_out(desk, messages)
    except Exception as broken:  # noqa: BLE001 - it comes back later, and the log says why
        if len(messages) > 1:
            for message in messages:
                fan_out([message])
            return
        (message,) = messages
        why = repr(broken)
        log().warning("job_postponed", topic=message.topic, message_id=message.id, why=why)
        with open_desk(writes=True) as desk:
            outbox.postpone(desk, message.id, message.attempts + 1, why)


_on_their_way: Counter[int] = Counter()
_counting = threading.Lock()
_outcomes: SimpleQueue[tuple[Claimed, Outcome]] = SimpleQueue()


def take_deliveries(most: int) -> list[Task]:
    """Write down what came of messages, and lease up to `most` that are due, in one transaction.

    Of each receiver a few are taken, of one that fails, one.
    """
    done = _came_back()
    with open_desk(writes=False) as desk:
        waiting = webhook_deliveries.waiting(desk)
    with _counting:
        room = {
            row.id: (1 if row.failures else MOST_AT_ONCE) - _on_their_way[row.id] for row in waiting
        }
    chosen = [webhook_id for webhook_id, places in room.items() if places > 0]
    if not done and not chosen:
        return []
    random.shuffle(chosen)
    taken: list[Claimed] = []
    try:
        with open_desk(writes=True) as desk:
            for claimed, outcome in done:
                webhook_deliveries.record(desk, claimed, outcome)
            for webhook_id in chosen:
                if len(taken) < most:
                    free = min(room[webhook_id], most - len(taken))
                    taken += webhook_deliveries.claim(
                        desk, webhook_id, free, process=heartbeat.process_id
                    )
    except Exception:
        _write_down(done)
        raise
    with _counting:
        _on_their_way.update(claimed.webhook_id for claimed in taken)
    return [partial(_send, claimed) for claimed in taken]


def _came_back() -> list[tuple[Claimed, Outcome]]:
    done: list[tuple[Claimed, Outcome]] = []
    with suppress(Empty):
        while True:
            done.append(_outcomes.get_nowait())
    with _counting:
        _on_their_way.subtract(claimed.webhook_id for claimed, _ in done)
    return done


def _write_down(done: Sequence[tuple[Claimed, Outcome]]) -> None:
    """Write each outcome down alone; where that fails, the message will be sent again."""
    for claimed, outcome in done:
        try:
            with open_desk(writes=True) as desk:
                webhook_deliveries.record(desk, claimed, outcome)
        except Exception as broken:  # noqa: BLE001 - its lease runs out
            log().warning("outcome_lost", delivery_id=claimed.id, why=repr(broken))


def write_down_rest() -> None:
    """Write down what came back after nothing more was taken."""
    _write_down(_came_back())


def _send(claimed: Claimed) -> None:
    outcome = Outcome(error="the message could not be sent")
    try:
        outcome = send(claimed)
    finally:
        _outcomes.put((claimed, outcome))


def deliver_once() -> int:
    """Send what is due now, here; how many messages."""
    tasks = take_deliveries(webhook_subscriptions.MOST_WEBHOOKS)
    for task in tasks:
        task()
    write_down_rest()
    return len(tasks)


def send(claimed: Claimed) -> Outcome:
    """Send one message and say what came of it; no transaction is open meanwhile."""
    if not claimed.secrets:
        return Outcome(error="the secret cannot be read any more; rotate it")
    began = time.monotonic()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        **webhook_signatures.signed(
            claimed.payload,
            message_id=claimed.message_id,
            event=claimed.event,
            at=claimed.lease - webhook_deliveries.LEASE,
            secrets=claimed.secrets,
        ),
    }
    try:
        answer = outgoing_http.post(claimed.url, claimed.payload.encode(), headers)
    except Unreached as broken:
        return Outcome(error=str(broken), milliseconds=_since(began))
    except Invalid as wrong:
        return Outcome(error=f"the URL {wrong.reason}", milliseconds=_since(began))
    return Outcome(
        status=answer.status,
        body=answer.body,
        milliseconds=_since(began),
        retry_after=answer.headers.get("retry-after"),
        error=None if 200 <= answer.status < 300 else "the receiver refused it",
    )


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
