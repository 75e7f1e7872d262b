"""Compare engines for background work: ours (the outbox and its workers) and DBOS.

    python -m venv /tmp/engines && /tmp/engines/bin/pip install 'dbos==3.4.0'
    export PYTHONPATH=$(echo $PWD/.venv/lib/python3*/site-packages)
    /tmp/engines/bin/python benchmarks/background_engines.py ours|dbos latency|throughput|kill|...

Works on a migrated, otherwise unused database named by TICKET_DATABASE_URL; `--dbos-url` puts the
tables of DBOS elsewhere. Each test starts workers as processes of their own and prints one line.
Results and the decision are in docs/decisions/0035-background-work.md.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import text

from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work
from ticket_app.tables import outbox_message_table

POLL_SECONDS = 0.1
TOPIC = "trial"
TABLE = """CREATE TABLE IF NOT EXISTS trial (n INTEGER, receiver INTEGER, lag DOUBLE PRECISION,
    started DOUBLE PRECISION, pid INTEGER)"""
HEARTBEATS = "CREATE TABLE IF NOT EXISTS trial_alive (id VARCHAR(40) PRIMARY KEY, seen FLOAT)"


def execute(statement: str, **values: object) -> Any:
    """Run one statement in its own transaction."""
    with open_unit_of_work(writes=True) as uow:
        result = uow.connection.execute(text(statement), values)
        return result.scalar() if result.returns_rows else None


def run_job(payload: dict[str, Any]) -> None:
    """The job: wait as long as its payload says, and write one row."""
    started = time.time()
    time.sleep(payload.get("seconds", 0))
    execute(
        "INSERT INTO trial VALUES (:n, :receiver, :lag, :started, :pid)",
        n=payload["n"],
        receiver=payload.get("receiver", 0),
        lag=started - payload["at"],
        started=started,
        pid=os.getpid(),
    )


def enqueue(
    first: int, count: int, payload: Callable[[int], dict[str, Any]] = lambda _: {}
) -> None:
    """Queue jobs in one transaction, as a request would."""
    with open_unit_of_work(writes=True) as uow:
        for n in range(first, first + count):
            outbox.enqueue(uow, TOPIC, n=n, at=time.time(), **payload(n))


# Ours.


def work_ours(stop: threading.Event, options: argparse.Namespace) -> None:
    """Run the product's own worker."""
    from ticket_app.jobs import registry, worker, worker_pool

    worker_pool.POLL_SECONDS = options.poll
    registry.JOBS.handles_without_transaction(TOPIC)(run_job)
    worker.run_worker(stop)


def run_relay(stop: threading.Event, options: argparse.Namespace, hand_over: Any) -> None:
    """Hand due outbox messages to another engine, woken by commits of this process."""
    while not stop.is_set():
        outbox.WAKE_EVENTS[TOPIC].clear()
        try:
            with open_unit_of_work(writes=False) as uow:
                is_due = outbox.has_due_messages(uow, (TOPIC,))
            if not is_due:
                outbox.WAKE_EVENTS[TOPIC].wait(options.poll)
                continue
            with open_unit_of_work(writes=True) as uow:
                messages = outbox.claim_due(uow, 100, (TOPIC,))
                hand_over(uow, messages)
                # Not deleted: SQLite gives the id of the last row again, and DBOS would skip it.
                done = outbox_message_table.c.id.in_([message.id for message in messages])
                uow.connection.execute(
                    outbox_message_table.update().where(done).values(done_at=uow.now)
                )
        except Exception as error:  # noqa: BLE001 - it tries again
            print("relay waits", repr(error)[:100], file=sys.stderr)
            outbox.WAKE_EVENTS[TOPIC].wait(options.poll)


# DBOS: a relay passes each outbox message to a workflow whose id is the message's.


def work_dbos(stop: threading.Event, options: argparse.Namespace) -> None:  # noqa: C901
    """Launch DBOS in this process, with the relay and the recovery of dead processes."""
    dbos = importlib.import_module("dbos")
    DBOS, DBOSClient = dbos.DBOS, dbos.DBOSClient  # noqa: N806 - names of the library

    url = options.dbos_url or os.environ["TICKET_DATABASE_URL"]
    executor = f"{os.getpid()}-{time.time():.0f}"
    DBOS(
        config={
            "name": "trial",
            "system_database_url": url,
            "executor_id": executor,
            "application_version": "1",
            "log_level": os.environ.get("TRIAL_LOG", "WARNING"),
            "max_executor_threads": 32,
        }
    )

    @DBOS.workflow(name="job")
    def job(payload: dict[str, Any]) -> None:
        run_job(payload)

    @DBOS.workflow(name="tick")
    def tick(at: Any, _context: Any) -> None:
        run_job({"n": int(at.timestamp()), "at": at.timestamp(), "receiver": -1})

    DBOS.launch()
    limits: Any = {"partition_worker_concurrency": 2} if options.partitions else {}
    DBOS.register_queue(
        "jobs", worker_concurrency=options.concurrency, polling_interval_sec=options.poll, **limits
    )
    if options.schedule:
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": "tick",
                    "workflow_fn": tick,
                    "schedule": "* * * * * *",
                    "context": None,
                }
            ]
        )
    client = DBOSClient(system_database_url=url)

    def hand_over(uow: UnitOfWork, messages: list[outbox.OutboxMessageRow]) -> None:
        for message in messages:
            target: Any = {
                "queue_name": "jobs",
                "workflow_name": "job",
                "workflow_id": f"outbox-{message.id}",
                "app_version": "1",
            }
            if options.partitions:
                target["queue_partition_key"] = str(message.payload.get("receiver", 0))
            if options.dbos_url:
                client.enqueue(target, message.payload)
            else:
                client.enqueue_in_transaction(uow.connection, target, message.payload)

    def relay() -> None:
        run_relay(stop, options, hand_over)

    def stay_alive() -> None:
        execute(HEARTBEATS)
        while True:
            now = time.time()
            try:
                execute(
                    "INSERT INTO trial_alive VALUES (:id, :now)"
                    " ON CONFLICT (id) DO UPDATE SET seen = :now",
                    id=executor,
                    now=now,
                )
                with open_unit_of_work(writes=False) as uow:
                    dead = uow.connection.execute(
                        text("SELECT id FROM trial_alive WHERE seen < :since"), {"since": now - 15}
                    ).scalars()
                    dead_ids = list(dead)
                if dead_ids:
                    DBOS._recover_pending_workflows(dead_ids)  # noqa: SLF001 - there is no other
                    for dead_id in dead_ids:
                        execute("DELETE FROM trial_alive WHERE id = :id", id=dead_id)
            except Exception as error:  # noqa: BLE001 - it tries again
                print("heartbeat", repr(error)[:100], file=sys.stderr)
            if stop.wait(5):
                return

    threads = [threading.Thread(target=target) for target in (relay, stay_alive)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    DBOS.destroy(workflow_completion_timeout_sec=5)


# The tests.


class Trial:
    """Worker processes of one engine, and what the jobs wrote."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.workers: list[subprocess.Popen[bytes]] = []
        execute(TABLE)
        execute("DELETE FROM trial")

    def start(self, *arguments: str, count: int = 1) -> None:
        """Start worker processes, and wait until each has done a job."""
        extra = ["--poll", str(self.options.poll), "--concurrency", str(self.options.concurrency)]
        if self.options.dbos_url:
            extra += ["--dbos-url", self.options.dbos_url]
        for _ in range(count):
            command = [sys.executable, __file__, self.options.engine, "worker", *extra, *arguments]
            self.workers.append(subprocess.Popen(command))
            enqueue(-1, 1)
            worked = "SELECT COUNT(*) FROM trial WHERE n = -1"
            wait_for(lambda: execute(worked) >= len(self.workers), 60)  # noqa: B023
        execute("DELETE FROM trial")

    def stop(self) -> None:
        """End the workers that are left."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            try:
                worker.wait(20)
            except subprocess.TimeoutExpired:
                worker.kill()
        execute("DELETE FROM trial")

    def cpu_seconds(self) -> float:
        """CPU time of the workers and of all PostgreSQL processes so far."""
        total = 0.0
        pids = {str(worker.pid) for worker in self.workers}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = path.read_text().rpartition(") ")
            except OSError:
                continue
            if path.parent.name in pids or name.endswith("(postgres"):
                ticks = rest.split()
                total += (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
        return total

    def wait_until_done(self, count: int, seconds: float = 240) -> None:
        """Wait until so many different jobs have written their row."""
        wait_for(lambda: execute("SELECT COUNT(DISTINCT n) FROM trial") >= count, seconds)

    def lags(self, where: str = "1 = 1") -> str:
        """The time from the commit to the start of the job, in milliseconds."""
        with open_unit_of_work(writes=False) as uow:
            rows = uow.connection.execute(text(f"SELECT lag FROM trial WHERE {where}"))
            lags = sorted(row[0] * 1000 for row in rows)
        p95 = lags[int(len(lags) * 0.95)]
        return f"p50 {statistics.median(lags):.0f} p95 {p95:.0f} max {lags[-1]:.0f} ms"


def wait_for(is_true: Callable[[], bool], seconds: float) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def latency(trial: Trial) -> None:
    """Single jobs from another process (and, with --inside, from the worker's own)."""
    trial.start(*(["--inside", "100"] if trial.options.inside else []))
    if not trial.options.inside:
        for n in range(100):
            enqueue(n, 1)
            time.sleep(random.uniform(0.05, 0.25))
    trial.wait_until_done(100)
    print("latency", trial.lags())
    cpu = trial.cpu_seconds()
    time.sleep(10)
    print(
        f"idle {(trial.cpu_seconds() - cpu) * 100:.0f} ms of CPU a second".replace(" ms", "/1000 s")
    )


def throughput(trial: Trial) -> None:
    """Many jobs at once."""
    trial.start()
    count = trial.options.count
    cpu = trial.cpu_seconds()
    began = time.monotonic()
    enqueue(0, count)
    cpu_of_queueing = trial.cpu_seconds() - cpu
    trial.wait_until_done(count)
    seconds = time.monotonic() - began
    used = trial.cpu_seconds() - cpu - cpu_of_queueing
    memory = Path(f"/proc/{trial.workers[0].pid}/status").read_text().split("VmRSS:")[1].split()[0]
    rate = count / seconds
    print(f"{rate:.0f} jobs/s, CPU {used / count * 1000:.2f} ms a job, {int(memory) // 1024} MB")


def kill(trial: Trial) -> None:
    """Kill one of two workers with jobs in flight."""
    trial.start(count=2)
    enqueue(0, 300, lambda _: {"seconds": 0.3})
    trial.wait_until_done(60)
    trial.workers[0].kill()
    killed_at = time.time()
    trial.wait_until_done(300)
    rows = execute("SELECT COUNT(*) FROM trial")
    last = execute("SELECT MAX(started) FROM trial") - killed_at
    print(f"{rows} rows of 300 jobs; the last one began {last:.1f} s after the kill")


def fairness(trial: Trial) -> None:
    """Twenty receivers, one of which takes two seconds for each job."""
    trial.start("--partitions")
    slow = {"receiver": 0, "seconds": trial.options.slow}
    for n in range(20):
        enqueue(n * 20, 20, lambda n: slow if n % 20 == 0 else {"receiver": n % 20})
    trial.wait_until_done(400)
    print("other receivers", trial.lags("receiver > 0"))


def schedule(trial: Trial) -> None:
    """A task each second, in three processes."""
    trial.start("--schedule", count=3)
    time.sleep(20)
    runs = execute("SELECT COUNT(*) FROM trial WHERE receiver = -1")
    ticks = execute("SELECT COUNT(DISTINCT n) FROM trial WHERE receiver = -1")
    print(f"{runs} runs for {ticks} seconds")


def writers(trial: Trial) -> None:
    """How long a small write of another process takes while jobs are worked on."""
    trial.start()
    enqueue(0, trial.options.count)
    waits = []
    while execute("SELECT COUNT(*) FROM trial WHERE n >= 0") < trial.options.count:
        began = time.monotonic()
        execute("INSERT INTO trial VALUES (-2, 0, 0, 0, 0)")
        waits.append((time.monotonic() - began) * 1000)
        time.sleep(0.02)
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)]
    print(f"write beside: p50 {statistics.median(waits):.1f} p95 {p95:.1f} ms")


def run_worker(options: argparse.Namespace) -> None:
    """Work until a signal comes."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    work = threading.Thread(target=ENGINES[options.engine], args=(stop, options))
    work.start()
    if options.inside:
        time.sleep(5)
        for n in range(options.inside):
            enqueue(n, 1)
            time.sleep(random.uniform(0.05, 0.25))
    work.join()


ENGINES = {"ours": work_ours, "dbos": work_dbos}
TESTS = {test.__name__: test for test in (latency, throughput, kill, fairness, schedule, writers)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=[*ENGINES])
    parser.add_argument("test", choices=[*TESTS, "worker"])
    parser.add_argument("--dbos-url")
    parser.add_argument("--poll", type=float, default=POLL_SECONDS)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--slow", type=float, default=2)
    parser.add_argument("--inside", type=int, default=0)
    parser.add_argument("--partitions", action="store_true")
    parser.add_argument("--schedule", action="store_true")
    options = parser.parse_args()
    if options.test == "worker":
        run_worker(options)
    else:
        trial = Trial(options)
        try:
            TESTS[options.test](trial)
        finally:
            trial.stop()
