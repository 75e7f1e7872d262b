"""Read mailboxes by IMAP from a real server: folders, new mail, failures, several mailboxes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.cast import Cast, UowFor
from tests.core.mailing import emails, ticket_row, write
from tests.operations.dovecot import Dovecot
from ticket_app.core.email.incoming import mailboxes
from ticket_app.core.email.incoming.mailboxes import MailboxDraft
from ticket_app.core.people import teams
from ticket_app.core.platform.errors import Unavailable
from ticket_app.jobs import mailboxes as mailbox_jobs
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.settings import reload_settings
from ticket_app.tables import mailbox_table


@pytest.fixture(params=["sqlite"])
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    path = tmp_path / "desk.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A running IMAP server."""
    dovecot = Dovecot()
    dovecot.start()
    yield dovecot
    dovecot.remove()


@pytest.fixture
def read_from(
    database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """Starts to read the default mailbox, and those in the database."""
    monkeypatch.setenv("TICKET_MAIL_FROM", "Acme <support@desk.example.com>")
    monkeypatch.setattr(heartbeat, "is_first_registered", True)
    monkeypatch.setattr(mailbox_jobs, "FIRST_RETRY_SECONDS", 0.1)

    def start(url: str = "") -> None:
        monkeypatch.setenv("TICKET_IMAP_URL", url)
        reload_settings()
        mailbox_jobs.read_mailboxes()

    yield start
    mailbox_jobs.stop_readers()


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_message_becomes_a_ticket_and_moves_unchanged(
    server: Dovecot, read_from: Any, uow_for: UowFor
) -> None:
    source = write().replace(b"\n", b"\r\n")
    server.append("support", source)
    read_from(server.url("support"))
    wait_for(lambda: server.sources("support", "Processed"))
    assert server.sources("support", "Processed") == [source]
    assert server.sources("support", "INBOX") == []
    (email,) = emails(uow_for)
    assert (email.channel, email.state) == ("imap", "accepted")
    assert ticket_row(uow_for, "SUP-1").title == "The lamp flickers"


def test_new_message_is_read_while_the_connection_is_idle(
    server: Dovecot, read_from: Any, uow_for: UowFor
) -> None:
    read_from(server.url("support"))
    server.append("support", write())
    wait_for(lambda: emails(uow_for))
    started_at = time.monotonic()
    server.append("support", write("Bob <bob@customer.example>"))
    wait_for(lambda: len(emails(uow_for)) == 2)
    assert time.monotonic() - started_at < 10


def test_refused_messages_move_to_their_own_folder(
    server: Dovecot, read_from: Any, uow_for: UowFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_MAIL_UNKNOWN_SENDERS", "refuse")
    server.append("support", write())
    read_from(server.url("support"))
    wait_for(lambda: server.sources("support", "Rejected"))
    assert server.sources("support", "Processed") == []


def test_server_with_all_folders_below_the_inbox_is_supported(
    read_from: Any, uow_for: UowFor
) -> None:
    server = Dovecot(prefix="INBOX/")
    server.start()
    try:
        server.append("support", write())
        read_from(server.url("support"))
        wait_for(lambda: server.sources("support", "INBOX/Processed"))
    finally:
        mailbox_jobs.stop_readers()
        server.remove()


def test_message_stays_until_it_is_committed(
    server: Dovecot, read_from: Any, uow_for: UowFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []
    receive = mailbox_jobs.receive

    def fail_twice(*arguments: Any, **options: Any) -> Any:
        attempts.append(1)
        if len(attempts) < 3:
            raise Unavailable("The database is not available right now")
        return receive(*arguments, **options)

    monkeypatch.setattr(mailbox_jobs, "receive", fail_twice)
    server.append("support", write())
    read_from(server.url("support"))
    wait_for(lambda: server.sources("support", "Processed"))
    assert len(attempts) == 3
    assert len(emails(uow_for)) == 1


def test_message_that_was_committed_and_not_moved_is_a_duplicate(
    server: Dovecot, read_from: Any, uow_for: UowFor
) -> None:
    source = write()
    server.append("support", source)
    server.append("support", source)
    read_from(server.url("support"))
    wait_for(lambda: len(server.sources("support", "Processed")) == 2)
    assert len(emails(uow_for)) == 1


def test_reader_connects_again_after_the_server_was_away(
    server: Dovecot, read_from: Any, uow_for: UowFor
) -> None:
    read_from(server.url("support"))
    server.append("support", write())
    wait_for(lambda: emails(uow_for))
    server.stop()
    server.start()
    server.append("support", write("Bob <bob@customer.example>"))
    wait_for(lambda: len(emails(uow_for)) == 2, seconds=40)


def test_each_mailbox_has_its_team_and_its_own_error(
    server: Dovecot, read_from: Any, uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.admin) as uow:
        team_id = teams.create_team(uow, "Sales").id
        sales = MailboxDraft("Sales", "sales@desk.example.com", server.url("sales"), team_id)
        sales_id = mailboxes.save_mailbox(uow, sales)
        broken = MailboxDraft("Old", "old@desk.example.com", server.url("old", "wrong"))
        broken_id = mailboxes.save_mailbox(uow, broken)
        stored = uow.connection.execute(select(mailbox_table.c.encrypted_url)).scalars().all()
        assert not any("sesame" in url for url in stored if url)
    server.append("sales", write(to="sales@desk.example.com"))
    server.append("support", write("bob@customer.example"))
    read_from(server.url("support"))

    def errors() -> dict[int, str | None]:
        with uow_for(None) as uow:
            rows = uow.connection.execute(select(mailbox_table).order_by(mailbox_table.c.id))
            return {row.id: row.last_error for row in rows if row.last_checked_at}

    wait_for(lambda: len(emails(uow_for)) == 2 and len(errors()) == 2)
    of_sales = next(row for row in emails(uow_for) if row.mailbox_id == sales_id)
    with uow_for(cast.agent) as uow:
        ticket = uow.connection.exec_driver_sql(
            f"SELECT team_id FROM ticket WHERE id = {of_sales.ticket_id}"
        ).one()
    assert ticket.team_id == team_id
    assert errors()[sales_id] is None
    assert "uthenticat" in (errors()[broken_id] or "")


def test_changed_mailbox_is_read_from_its_new_address(
    server: Dovecot, read_from: Any, uow_for: UowFor
) -> None:
    server.append("new", write())
    read_from(server.url("old"))
    read_from(server.url("new"))
    wait_for(lambda: (read_from(server.url("new")), emails(uow_for))[1])
