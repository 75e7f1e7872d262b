"""The jobs run beside the desk and by themselves, and one that waits holds up no other."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.cast import Cast, gathered
from tests.core.receiver import receiving
from tests.core.webhooks import subscribed
from ticket_app.core.operations import processes
from ticket_app.core.platform import database, outbox
from ticket_app.core.platform.errors import Unavailable
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import DeliveryState
from ticket_app.jobs import registry, worker, worker_pool
from ticket_app.jobs.heartbeat import Heartbeat
from ticket_app.jobs.registry import OutboxQueue
from ticket_app.jobs.worker_pool import WorkerPool
from ticket_app.settings import reload_settings
from ticket_app.tables import outbox_message_table, webhook_delivery_table

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 15
LOAD_WORKER = """
import signal, sys
from ticket_app.__main__ import worker
from ticket_app.jobs import worker as jobs
jobs.run_worker = lambda stop: print(*sys.modules)
worker()
"""


@pytest.fixture(autouse=True)
def _allowed(monkeypatch: pytest.MonkeyPatch, own_settings: Any) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
    reload_settings()


@contextmanager
def working() -> Iterator[None]:
    """A worker in this process."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_worker, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


def until(true: Callable[[], Any]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def file(cast: Cast, count: int = 1) -> None:
    for n in range(count):
        with open_unit_of_work(writes=True, actor=cast.owner) as uow:
            open_ticket(uow, TicketDraft(f"Lamp {n}", "Dark"))


def left(state: DeliveryState = DeliveryState.PENDING) -> int:
    counted = select(func.count()).where(webhook_delivery_table.c.state == state)
    with open_unit_of_work(writes=False) as uow:
        return uow.connection.execute(counted).scalar_one()


def test_new_event_is_delivered_without_waiting_for_the_poll(
    database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks for minutes: what comes was rung for."""
    monkeypatch.setattr(worker_pool, "POLL_SECONDS", 600.0)
    with receiving() as receiver, working():
        with open_unit_of_work(writes=True, actor=cast.admin) as uow:
            subscribed(uow, "ticket.created", url=receiver.url)
        file(cast)
        (got,) = receiver.wait_for(1)
        assert got.payload["data"]["ticket"]["title"] == "Lamp 0"
        until(lambda: left(DeliveryState.DELIVERED) == 1)
        with open_unit_of_work(writes=True, actor=cast.admin) as uow:
            delivery_log.send_ping(uow, 1)
        receiver.wait_for(2)


def test_a_receiver_that_hangs_holds_up_nobody_else(database: Engine, cast: Cast) -> None:
    with receiving() as hanging, receiving() as quick:
        hanging.hold = threading.Event()
        with open_unit_of_work(writes=True, actor=cast.admin) as uow:
            for receiver in (hanging, quick):
                subscribed(uow, "ticket.created", url=receiver.url)
        with working():
            file(cast, 12)
            quick.wait_for(12)
            assert len(hanging.got) == webhook_deliveries.MAX_CONCURRENT_PER_WEBHOOK
            hanging.hold.set()
            hanging.wait_for(12)
            until(lambda: left() == 0)


def test_a_receiver_that_fails_gets_one_at_a_time(database: Engine, cast: Cast) -> None:
    from ticket_app.jobs import webhooks as jobs

    with receiving() as failing:
        failing.status = 500
        with open_unit_of_work(writes=True, actor=cast.admin) as uow:
            subscribed(uow, "ticket.created", url=failing.url)
        file(cast, 6)
        for task in jobs.CHANGES.claim_tasks(1):
            task()
        assert jobs.deliver_due() == webhook_deliveries.MAX_CONCURRENT_PER_WEBHOOK
        assert jobs.deliver_due() == 1
        failing.status = 200
        assert jobs.deliver_due() == 1
        assert jobs.deliver_due() == webhook_deliveries.MAX_CONCURRENT_PER_WEBHOOK


def test_a_redirect_leads_nowhere(database: Engine, cast: Cast) -> None:
    with receiving() as inner, receiving() as receiver, working():
        receiver.status, receiver.headers = 307, {"Location": inner.url}
        with open_unit_of_work(writes=True, actor=cast.admin) as uow:
            subscribed(uow, "ticket.created", url=receiver.url)
        file(cast)
        receiver.wait_for(1)
        until(lambda: webhook_of(cast).failures == 1)
        assert inner.got == []


@pytest.mark.parametrize("jobs", ["true", "false"])
def test_worker_runs_in_the_server_if_enabled(
    database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch, jobs: str
) -> None:
    monkeypatch.setenv("TICKET_JOBS", jobs)
    reload_settings()

    async def live() -> int:
        async with worker.background_worker():
            if jobs == "true":
                await asyncio.to_thread(receiver.wait_for, 1)
            return sum(thread.name == "webhooks" for thread in threading.enumerate())

    with receiving() as receiver:
        with open_unit_of_work(writes=True, actor=cast.admin) as uow:
            subscribed(uow, "ticket.created", url=receiver.url)
        file(cast)
        assert asyncio.run(live()) == len(receiver.got) == (jobs == "true")
    assert "webhooks" not in {thread.name for thread in threading.enumerate()}


def webhook_of(cast: Cast) -> Any:
    with open_unit_of_work(writes=False, actor=cast.admin) as uow:
        return webhook_subscriptions.list_all(uow)[0]


@pytest.fixture
def own_queue() -> Iterator[OutboxQueue]:
    """A queue that no other test sees."""
    queue = OutboxQueue("own", concurrency=lambda: 1)
    yield queue
    registry.OUTBOX_QUEUES.remove(queue)
    registry.WORK_QUEUES.pop()
    for topic in queue.topics:
        del outbox.WAKE_EVENTS[topic]


def test_a_job_that_fails_comes_back(database: Engine, cast: Cast, own_queue: OutboxQueue) -> None:
    @own_queue.handles_without_transaction("fails")
    def fail(payload: dict[str, Any]) -> None:
        raise Unavailable("The scanner is away")

    done: list[dict[str, Any]] = []
    own_queue.handles_without_transaction("works")(done.append)
    with open_unit_of_work(writes=True) as uow:
        outbox.enqueue(uow, "fails")
        outbox.enqueue(uow, "works", n=1)
    assert worker.run_due_jobs() == 2
    assert worker.run_due_jobs() == 0
    assert done == [{"n": 1}]
    with open_unit_of_work(writes=False) as uow:
        failed, worked = uow.connection.execute(
            select(outbox_message_table).order_by(outbox_message_table.c.id)
        ).all()
    assert (failed.last_error, failed.done_at) == ("The scanner is away", None)
    assert worked.done_at is not None


def test_what_a_job_writes_is_kept_together_with_its_end(
    database: Engine, cast: Cast, own_queue: OutboxQueue
) -> None:
    @own_queue.handles("relay")
    def relay(uow: UnitOfWork, payload: dict[str, Any]) -> None:
        outbox.enqueue(uow, "relayed", n=payload["n"])
        if payload["n"] == 1:
            raise Unavailable("too early")

    with open_unit_of_work(writes=True) as uow:
        for n in range(3):
            outbox.enqueue(uow, "relay", n=n)
    assert worker.run_due_jobs() == 3
    assert worker.run_due_jobs() == 0
    with open_unit_of_work(writes=False) as uow:
        rows = uow.connection.execute(select(outbox_message_table)).all()
    assert [row.payload["n"] for row in rows if row.topic == "relayed"] == [0, 2]
    waiting = [row for row in rows if row.topic == "relay" and row.done_at is None]
    assert [(row.payload["n"], row.last_error) for row in waiting] == [(1, "too early")]


def test_a_topic_has_one_handler(own_queue: OutboxQueue) -> None:
    with pytest.raises(ValueError, match=r"attachment\.scan"):
        own_queue.handles("attachment.scan")(lambda uow, payload: None)


def test_work_of_one_queue_does_not_wait_for_that_of_another(
    database: Engine, cast: Cast, own_queue: OutboxQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "POLL_SECONDS", 600.0)
    go, busy, done = threading.Event(), threading.Semaphore(0), threading.Event()
    slow = OutboxQueue("slow", concurrency=lambda: 2)

    @slow.handles_without_transaction("slow")
    def wait(payload: dict[str, Any]) -> None:
        busy.release()
        go.wait(SECONDS)

    own_queue.handles("quick")(lambda uow, payload: uow.after_commit.append(done.set))
    with working():
        with open_unit_of_work(writes=True) as uow:
            for _ in range(4):
                outbox.enqueue(uow, "slow")
        assert busy.acquire(timeout=SECONDS)
        with open_unit_of_work(writes=True) as uow:
            outbox.enqueue(uow, "quick")
        assert done.wait(SECONDS)
        go.set()
    registry.OUTBOX_QUEUES.remove(slow)
    registry.WORK_QUEUES.remove(
        next(queue for queue in registry.WORK_QUEUES if queue.name == "slow")
    )


def test_one_process_of_all_runs_periodic_tasks(
    database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one takes over when it is gone."""
    ran = threading.Event()
    tried = threading.Event()

    class WatchedHeartbeat(Heartbeat):
        def send(self) -> None:
            super().send()
            tried.set()

    monkeypatch.setattr(worker, "PERIODIC_TASKS", [(0.01, ran.set)])
    monkeypatch.setattr(worker, "heartbeat", WatchedHeartbeat())
    monkeypatch.setattr(processes, "HEARTBEAT_INTERVAL", timedelta(seconds=0.05))
    with open_unit_of_work(writes=True) as uow:
        other = processes.record_heartbeat_and_release_dead(uow, None)
        assert processes.is_first_registered(uow, other)
    with working():
        for _ in range(2):
            tried.clear()
            assert tried.wait(SECONDS)
        assert not ran.is_set()
        with open_unit_of_work(writes=True) as uow:
            processes.unregister(uow, other)
        assert ran.wait(SECONDS)


def test_a_database_that_is_away_is_waited_for() -> None:
    wake_signal, stop, done, asked = threading.Event(), threading.Event(), threading.Event(), []

    def take(limit: int) -> list[worker_pool.Task]:
        asked.append(limit)
        if len(asked) == 1:
            raise Unavailable("away")
        return [done.set] if len(asked) == 2 else []

    one = WorkerPool("one", concurrency=2, claim_tasks=take, wake_event=wake_signal)
    thread = threading.Thread(target=one.run, args=(stop,), daemon=True)
    thread.start()
    until(lambda: asked)
    one.wake()
    assert done.wait(SECONDS)
    stop.set()
    one.wake()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_pool_claims_no_more_tasks_than_it_can_run() -> None:
    stop, go, taken = threading.Event(), threading.Event(), []

    def wait() -> None:
        go.wait(SECONDS)

    def take(limit: int) -> list[worker_pool.Task]:
        taken.append(limit)
        return [wait] * limit

    one = WorkerPool("one", concurrency=3, claim_tasks=take, wake_event=threading.Event())
    thread = threading.Thread(target=one.run, args=(stop,), daemon=True)
    thread.start()
    until(lambda: taken)
    one.wake()
    stop.set()
    go.set()
    thread.join(SECONDS)
    assert taken[0] == 3
    assert max(taken) <= 3


def test_a_task_that_breaks_leaves_its_place(caplog: pytest.LogCaptureFixture) -> None:
    stop, done = threading.Event(), threading.Event()
    tasks = iter([[lambda: 1 / 0], [done.set]])
    one = WorkerPool(
        "one",
        concurrency=1,
        claim_tasks=lambda limit: next(tasks, []),
        wake_event=threading.Event(),
    )  # type: ignore[arg-type]
    thread = threading.Thread(target=one.run, args=(stop,), daemon=True)
    thread.start()
    assert done.wait(SECONDS)
    stop.set()
    one.wake()
    thread.join(SECONDS)
    assert not thread.is_alive()


def worker_process(url: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "TICKET_VAR": str(folder),
        "TICKET_DATABASE_URL": url,
        "TICKET_WEBHOOK_ALLOW_HOSTS": "127.0.0.1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "ticket_app", "worker"], cwd=ROOT, env=environment
    )


def test_worker_process_imports_no_web_framework() -> None:
    """Importing all routes for the format of the payloads more than doubled the start."""
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD_WORKER], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "ticket_app.jobs.worker" in loaded
    assert not {"fastapi", "starlette", "reflex"} & set(loaded)


def test_a_crash_at_any_moment_loses_nothing(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real workers are killed between commit and delivery, and in the middle of deliveries."""
    path = tmp_path / "desk.db"
    shutil.copy(sqlite_template, path)
    monkeypatch.setenv("TICKET_DATABASE_URL", f"sqlite:///{path}")
    reload_settings()
    with database.get_engine().connect() as connection:
        cast = gathered(connection)
    with receiving() as receiver:
        with open_unit_of_work(writes=True, actor=cast.admin) as uow:
            subscribed(uow, "ticket.created", url=receiver.url)
        file(cast, 3)
        receiver.hold = threading.Event()
        killed = worker_process(f"sqlite:///{path}", tmp_path)
        receiver.wait_for(webhook_deliveries.MAX_CONCURRENT_PER_WEBHOOK, seconds=60)
        killed.kill()
        killed.wait()
        receiver.hold.set()
        receiver.hold = None
        assert left() == 3
        with open_unit_of_work(writes=True) as uow:
            # The killed one's leases, as if their minute had passed.
            uow.connection.execute(webhook_delivery_table.update().values(next_try_at=uow.now))
        file(cast, 2)
        again = worker_process(f"sqlite:///{path}", tmp_path)
        until(lambda: left(DeliveryState.DELIVERED) == 5)
        again.send_signal(signal.SIGTERM)
        assert again.wait(SECONDS) == 0
    titles = {got.payload["data"]["ticket"]["id"] for got in receiver.got}
    ids = {got.headers["webhook-id"] for got in receiver.got}
    assert len(titles) == len(ids) == 5
    assert len(receiver.got) == 5 + webhook_deliveries.MAX_CONCURRENT_PER_WEBHOOK
