"""Measure how fast emails leave, and what 10,000 notified people cost the requests of others.

    python benchmarks/outgoing_email.py [PEOPLE]

Uses a SQLite database of its own, or the empty one of `TICKET_DATABASE_URL`. Prints messages per
second and per CPU second, to a folder and to an SMTP server in this process (aiosmtpd), and the
95th percentile of a request that reads a ticket and its comments, and of one that adds a comment to
another ticket: without other work, and while this process notifies people of one change and writes
the emails.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = Path(tempfile.mkdtemp(prefix="outgoing-"))
os.environ |= {
    "TICKET_ENV": "test",
    "TICKET_VAR": str(FOLDER),
    "TICKET_DATABASE_URL": os.environ.get("TICKET_DATABASE_URL", f"sqlite:///{FOLDER}/desk.db"),
    "TICKET_SECRET_KEY": "k" * 40,
    "TICKET_MAIL_HOLD_SECONDS": "0",
    "TICKET_DATABASE_POOL": "20",
}

from sqlalchemy import insert, select  # noqa: E402

from tests.cast import gathered, move_in  # noqa: E402
from tests.core.smtp_server import Mailroom, serving  # noqa: E402
from ticket_app.core.conversation import commenting  # noqa: E402
from ticket_app.core.email.outgoing import delivery  # noqa: E402
from ticket_app.core.email.outgoing.transport import (  # noqa: E402
    FolderTransport,
    SmtpTransport,
    Transport,
)
from ticket_app.core.operations import installation  # noqa: E402
from ticket_app.core.platform import database  # noqa: E402
from ticket_app.core.platform.unit_of_work import open_unit_of_work  # noqa: E402
from ticket_app.core.tickets import locking, ticket_lookup  # noqa: E402
from ticket_app.core.tickets.opening import TicketDraft, open_ticket  # noqa: E402
from ticket_app.core.timeline import timeline  # noqa: E402
from ticket_app.jobs import email as email_jobs  # noqa: E402
from ticket_app.jobs.notifications import NOTIFICATIONS  # noqa: E402
from ticket_app.jobs.worker import SWITCH_INTERVAL_SECONDS  # noqa: E402
from ticket_app.tables import follower_table, person_table  # noqa: E402


def add_people(count: int, ticket_id: int) -> None:
    """Add requesters who follow a ticket."""
    with open_unit_of_work(writes=True) as uow:
        template = dict(uow.connection.execute(select(person_table).limit(1)).mappings().one())
        for first in range(0, count, 500):
            names = [f"person{n}" for n in range(first, min(first + 500, count))]
            rows = [
                {
                    **{key: value for key, value in template.items() if key != "id"},
                    "uuid": uuid4(),
                    "username": name,
                    "username_folded": name,
                    "username_skeleton": name,
                    "email": f"{name}@example.com",
                    "email_folded": f"{name}@example.com",
                    "full_name": name,
                }
                for name in names
            ]
            uow.connection.execute(insert(person_table), rows)
        ids = uow.connection.execute(
            select(person_table.c.id).where(person_table.c.username.like("person%"))
        ).scalars()
        followers = [
            {"ticket_id": ticket_id, "person_id": one, "reason": "chosen", "created_at": uow.now}
            for one in ids
        ]
        uow.connection.execute(insert(follower_table), followers)


def time_requests(
    requests: Sequence[Callable[[], None]], stop: Callable[[int], bool]
) -> list[float]:
    """Return the 95th percentile of each request, in milliseconds."""
    times: list[list[float]] = [[] for _ in requests]
    while not stop(len(times[0])):
        for request, request_times in zip(requests, times, strict=True):
            started = time.perf_counter()
            request()
            request_times.append((time.perf_counter() - started) * 1000)
            time.sleep(0.005)
    return [statistics.quantiles(request_times, n=20)[-1] for request_times in times]


def report(name: str, count: int, started: float, cpu_started: float) -> None:
    """Print a rate."""
    elapsed, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    print(f"{name}: {count / elapsed:.0f} a second, {count / cpu:.0f} a CPU second")


def main() -> None:
    """Set up a ticket with many followers, and measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    engine = database.get_engine()
    installation.migrate(engine)
    with database.write_connection(engine) as connection:
        move_in(connection)
    with database.read_connection(engine) as connection:
        cast = gathered(connection)
    with open_unit_of_work(writes=True, actor=cast.owner) as uow:
        ticket_id = open_ticket(uow, TicketDraft("The lamp flickers", "Since noon.")).id
    assert ticket_id is not None
    add_people(count, ticket_id)
    with open_unit_of_work(writes=True, actor=cast.owner) as uow:
        other_id = open_ticket(uow, TicketDraft("The door squeaks", "Since noon.")).id
    assert other_id is not None
    with open_unit_of_work(writes=True, actor=cast.agent) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, ticket_id), "Look at the lamp.")

    def read() -> None:
        with open_unit_of_work(writes=False, actor=cast.agent) as uow:
            ticket_lookup.read_ticket(uow, str(ticket_id))
            timeline.list_comments(uow, ticket_id)

    def write() -> None:
        with open_unit_of_work(writes=True, actor=cast.agent) as uow:
            ticket = locking.lock_ticket(uow, other_id)
            commenting.add_comment(uow, ticket, "I look at it.", internal=True)

    without = time_requests((read, write), lambda done: done >= 300)

    def work() -> None:
        for task in NOTIFICATIONS.claim_tasks(1000):
            task()
        email_jobs.compose_due()

    started, cpu_started = time.perf_counter(), time.process_time()
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)  # as `serve` does
    thread = threading.Thread(target=work)
    thread.start()
    during = time_requests((read, write), lambda done: done >= 20 and not thread.is_alive())
    thread.join()
    report(f"{count} emails written", count, started, cpu_started)
    for name, alone, beside in zip(("read", "write"), without, during, strict=True):
        print(f"p95 of a {name}: {alone:.1f} ms, {beside:.1f} ms meanwhile: {beside / alone:.2f}")
    with open_unit_of_work(writes=True) as uow:
        waiting = delivery.drop_pointless_and_claim_due(uow, count + 10)
    half = len(waiting) // 2
    for name, emails in (("folder", waiting[:half]), ("SMTP", waiting[half:])):
        room = Mailroom()
        with serving(room) as port:
            transport: Transport = (
                FolderTransport(FOLDER / "mail")
                if name == "folder"
                else SmtpTransport(f"smtp://127.0.0.1:{port}")
            )
            started, cpu_started = time.perf_counter(), time.process_time()
            for email in emails:
                attempt = delivery.send(email, transport)
                with open_unit_of_work(writes=True) as uow:
                    delivery.record(uow, attempt)
            report(f"sent to {name}", len(emails), started, cpu_started)
            transport.close()


if __name__ == "__main__":
    main()
