"""Processes that are killed (SIGKILL) in the middle of notifying, sending and receiving (MAIL.md).

What a dead process held is finished by another one: each notification is there once, each email
arrives at least once and with the same Message-ID, and no acknowledged message is lost.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from http.client import HTTPException
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, func, select, text

from tests.api.serving import free_port, start_api
from tests.cast import Cast
from tests.conftest import KEY
from tests.core.mailing import SUPPORT, write
from tests.core.smtp_server import Mailroom, serving
from tests.operations.test_command_line import ROOT, environment
from ticket_app.core.conversation import commenting
from ticket_app.core.notifications import followers
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.operations import processes
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform import database as databases
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import locking
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.jobs.email import EMAIL_THREADS
from ticket_app.settings import reload_settings
from ticket_app.tables import (
    background_process_table,
    incoming_email_table,
    notification_table,
    outgoing_email_table,
    ticket_table,
)

Worker = subprocess.Popen[bytes]
FOLLOWERS = 24
BATCH_SIZE = 5
TOKEN = "the post office's own token"
WORKER = ("-m", "ticket_app", "worker")
DIES_BETWEEN_BATCHES = f"""
import os, signal, threading
from ticket_app.core.conversation import distribution
from ticket_app.jobs import notifications, worker

distribution.BATCH_SIZE = {BATCH_SIZE}
notifications.pause_for_other_writers = lambda: os.kill(os.getpid(), signal.SIGKILL)
worker.run_worker(threading.Event())
"""


@pytest.fixture
def variables(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings of all processes of a test, this one too."""
    values = {
        "TICKET_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "TICKET_FILES_URL": (tmp_path / "files").as_uri(),
        "TICKET_MAIL_FROM": f"Acme Support <{SUPPORT}>",
        "TICKET_MAIL_HOLD_SECONDS": "0",
        "TICKET_MAIL_INBOUND_TOKEN": TOKEN,
        "TICKET_SECRET_KEY": KEY,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    file_storage.cache_clear()
    reload_settings()
    return environment(tmp_path, **values)


@pytest.fixture
def start_worker(variables: dict[str, str]) -> Iterator[Callable[..., Worker]]:
    """Starts a process that does background work; what still runs at the end is killed."""
    started: list[Worker] = []

    def start(*arguments: str, **more: str) -> Worker:
        command = [sys.executable, *(arguments or WORKER)]
        started.append(subprocess.Popen(command, cwd=ROOT, env={**variables, **more}))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def ticket_id(cast: Cast, variables: dict[str, str]) -> int:
    """A ticket with followers, at the time of the real clock as other processes have it."""
    with open_unit_of_work(writes=True, actor=cast.owner) as uow:
        ticket_id = open_ticket(uow, TicketDraft("The lamp flickers", "Since noon.")).id
        assert ticket_id is not None
    with open_unit_of_work(writes=True) as uow:
        for n in range(FOLLOWERS):
            name = f"follower{n}"
            person = create_person(
                uow, username=name, email=f"{name}@customer.example", password=None
            )
            assert person.id is not None
            followers.follow(uow, ticket_id, person.id, FollowReason.CHOSEN)
    return ticket_id


def wait_for(condition: Callable[[], object], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def reply(cast: Cast, ticket_id: int) -> None:
    with open_unit_of_work(writes=True, actor=cast.agent) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, ticket_id), "Look at the lamp.")


def rows_of(*columns: Any) -> Sequence[Any]:
    with open_unit_of_work(writes=False) as uow:
        return uow.connection.execute(select(*columns)).all()


def count_living() -> int:
    with open_unit_of_work(writes=False) as uow:
        return len(processes.list_living(uow))


def list_notified() -> list[int]:
    """Whom replies were notified to, a row each."""
    columns = (notification_table.c.person_id, notification_table.c.kind)
    return [row.person_id for row in rows_of(*columns) if row.kind == "reply"]


def all_are_sent(count: int) -> bool:
    states = [row.state for row in rows_of(outgoing_email_table.c.state)]
    return states == ["sent"] * count


def message_ids_by_recipient(mailroom: Mailroom) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for envelope in list(mailroom.messages):
        assert isinstance(envelope.content, bytes)
        (recipient,) = envelope.rcpt_tos
        found[recipient].append(str(message_from_bytes(envelope.content)["Message-ID"]))
    return dict(found)


def test_email_of_a_worker_killed_before_it_records_it_is_sent_by_another(
    cast: Cast, database: Engine, ticket_id: int, start_worker: Callable[..., Worker]
) -> None:
    """No worker can record what it sent while the test has the lock, so the moment is certain."""
    mailroom = Mailroom()
    first_recipient: list[str] = []
    has_first, may_accept = threading.Event(), threading.Event()

    def accept_when_allowed(recipient: str) -> None:
        if not first_recipient:
            first_recipient.append(recipient)
            has_first.set()
            assert may_accept.wait(60)

    mailroom.on_data = accept_when_allowed
    with serving(mailroom) as port:
        url = f"smtp://127.0.0.1:{port}?starttls=off"
        workers = [start_worker(TICKET_SMTP_URL=url) for _ in range(2)]
        wait_for(lambda: count_living() == 2)
        reply(cast, ticket_id)
        assert has_first.wait(90)
        with databases.write_connection(database) as connection:
            if database.dialect.name != "sqlite":
                connection.execute(text("LOCK TABLE outgoing_email IN EXCLUSIVE MODE"))
            may_accept.set()
            wait_for(lambda: mailroom.messages)
            holder = connection.execute(
                select(background_process_table.c.pid)
                .join(
                    outgoing_email_table,
                    outgoing_email_table.c.claimed_by == background_process_table.c.id,
                )
                .where(outgoing_email_table.c.recipient == first_recipient[0])
            ).scalar_one()
            (victim,) = (worker for worker in workers if worker.pid == holder)
            victim.kill()
            assert victim.wait() == -signal.SIGKILL
        wait_for(lambda: all_are_sent(FOLLOWERS + 1))

    notified = list_notified()
    assert len(notified) == len(set(notified)) == FOLLOWERS + 1
    delivered = message_ids_by_recipient(mailroom)
    addresses = {f"follower{n}@customer.example" for n in range(FOLLOWERS)} | {cast.owner.email}
    assert set(delivered) == addresses
    assert all(len(set(message_ids)) == 1 for message_ids in delivered.values())
    assert len(delivered[first_recipient[0]]) == 2
    repeated = sum(len(message_ids) - 1 for message_ids in delivered.values())
    assert repeated <= EMAIL_THREADS


def test_people_are_notified_once_by_two_workers_of_which_one_is_killed_between_batches(
    cast: Cast, ticket_id: int, start_worker: Callable[..., Worker]
) -> None:
    mailroom = Mailroom()
    with serving(mailroom) as port:
        url = f"smtp://127.0.0.1:{port}?starttls=off"
        first = start_worker("-c", DIES_BETWEEN_BATCHES, TICKET_SMTP_URL=url)
        wait_for(lambda: count_living() == 1)
        reply(cast, ticket_id)
        assert first.wait(90) == -signal.SIGKILL
        assert len(list_notified()) == BATCH_SIZE
        start_worker(TICKET_SMTP_URL=url)
        wait_for(lambda: all_are_sent(FOLLOWERS + 1))
    notified = list_notified()
    assert len(notified) == len(set(notified)) == FOLLOWERS + 1
    delivered = message_ids_by_recipient(mailroom)
    assert len(delivered) == FOLLOWERS + 1
    assert all(len(set(message_ids)) == 1 for message_ids in delivered.values())


class Inbound:
    """Posts emails to `/mail/inbound`, and keeps what was acknowledged."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/mail/inbound"
        self.tickets: dict[bytes, str] = {}
        """The ticket of each message that was answered with 202."""
        self.statuses: Counter[str] = Counter()

    def post(self, source: bytes) -> None:
        """Post a message; an answer that does not come leaves it unacknowledged."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "message/rfc822"}
        request = urllib.request.Request(self.url, data=source, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                assert response.status == 202
                receipt = orjson.loads(response.read())
        except urllib.error.HTTPError:
            raise
        except (OSError, HTTPException):
            return
        assert self.tickets.setdefault(source, receipt["ticket"]) == receipt["ticket"]
        self.statuses[receipt["status"]] += 1


def test_no_acknowledged_message_is_lost_when_the_server_is_killed(
    variables: dict[str, str],
    tmp_path: Path,
    start_worker: Callable[..., Worker],
) -> None:
    """The worker of another process goes on with what the killed server has accepted."""
    port = free_port()
    inbound = Inbound(port)
    sources = [write(f"Person {n} <person{n}@customer.example>") for n in range(30)]
    start_worker(TICKET_SMTP_URL=(tmp_path / "mail").as_uri())
    server = start_api(tmp_path, port, variables)

    def post_and_kill_the_server(source: bytes) -> None:
        inbound.post(source)
        if len(inbound.tickets) >= 8:
            os.killpg(server.pid, signal.SIGKILL)

    try:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(post_and_kill_the_server, sources))
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    acknowledged = set(inbound.tickets)
    assert 8 <= len(acknowledged) < len(sources)

    inbound.statuses.clear()
    server = start_api(tmp_path, port, variables)
    try:
        for source in sources:
            inbound.post(source)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    assert set(inbound.tickets) == set(sources)
    assert set(inbound.statuses) <= {"accepted", "duplicate"}
    assert inbound.statuses["duplicate"] >= len(acknowledged)
    assert len(set(inbound.tickets.values())) == len(sources)
    with open_unit_of_work(writes=False) as uow:
        count = uow.connection.execute(select(func.count(ticket_table.c.id))).scalar_one()
    assert count == len(sources)
    stored = rows_of(incoming_email_table.c.state, incoming_email_table.c.storage_key)
    assert [row.state for row in stored] == ["accepted"] * len(sources)
    kept = sorted(b"".join(file_storage().stream(row.storage_key)) for row in stored)
    assert kept == sorted(sources)
    wait_for(lambda: all_are_sent(len(sources)))
    acknowledgements = rows_of(outgoing_email_table.c.recipient, outgoing_email_table.c.kind)
    assert sorted(acknowledgements) == sorted(
        (f"person{n}@customer.example", "ticket_created") for n in range(len(sources))
    )
