"""Sending to a real SMTP server: connections, encryption, sign-in, and what each answer means."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from sqlalchemy import func, select

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.smtp_server import Mailroom, serving
from tests.core.test_distribution import comment, distribute
from tests.core.test_outgoing_email import compose, deliver, emails, parsed
from ticket_app.core.email.outgoing import delivery
from ticket_app.core.email.outgoing.transport import (
    Envelope,
    FailureScope,
    SendingFailed,
    SmtpTransport,
)
from ticket_app.tables import entry_table, undeliverable_address_table

SOURCE = b"Subject: Hello\r\n\r\nA line.\r\n"


def envelope(recipient: str = "olive@example.com") -> Envelope:
    return Envelope("u", "support@desk.example.com", recipient, SOURCE)


@pytest.fixture
def room() -> Mailroom:
    return Mailroom()


@pytest.fixture
def transport_to() -> Iterator[Callable[..., SmtpTransport]]:
    """Make transports, which are closed when the test ends."""
    made: list[SmtpTransport] = []

    def make(port: int, query: str = "", *, scheme: str = "smtp", user: str = "") -> SmtpTransport:
        host = "localhost" if "s" in scheme[-1] or "starttls" in query else "127.0.0.1"
        made.append(SmtpTransport(f"{scheme}://{user}{host}:{port}{query}"))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certificate(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ssl.SSLContext:
    """The TLS context of a server whose certificate this process trusts."""
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return server_context(authority)


def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def failure_of(transport: SmtpTransport, recipient: str = "olive@example.com") -> SendingFailed:
    with pytest.raises(SendingFailed) as failed:
        transport.send(envelope(recipient))
    return failed.value


def test_messages_are_delivered_over_one_connection(room: Mailroom, transport_to: Any) -> None:
    with serving(room) as port:
        transport = transport_to(port)
        for _ in range(5):
            transport.send(envelope())
        assert len(room.messages) == 5
        assert room.connections == 1
        assert room.messages[0].mail_from == "support@desk.example.com"
        assert room.messages[0].rcpt_tos == ["olive@example.com"]
        assert room.messages[0].content == SOURCE
        transport.close()


def test_connection_is_kept_after_a_refused_message(room: Mailroom, transport_to: Any) -> None:
    room.on_recipient = lambda address: "550 5.1.1 No such user" if "gone" in address else None
    with serving(room) as port:
        transport = transport_to(port)
        assert failure_of(transport, "gone@example.com").scope is FailureScope.RECIPIENT
        transport.send(envelope())
        assert (room.connections, len(room.messages)) == (1, 1)
        transport.close()


def test_message_is_sent_again_after_the_server_closed_an_idle_connection(
    room: Mailroom, transport_to: Any
) -> None:
    with serving(room) as port:
        transport = transport_to(port)
        transport.send(envelope())
    with serving(room, port=port):
        transport.send(envelope())
        assert len(room.messages) == 2
        transport.close()


@pytest.mark.parametrize("query", ["?starttls=required", "?starttls=auto", ""])
def test_starttls_encrypts_where_it_is_offered(
    room: Mailroom, transport_to: Any, certificate: ssl.SSLContext, query: str
) -> None:
    with serving(room, tls=certificate) as port:
        transport = transport_to(port, query or "?starttls=auto")
        transport.send(envelope())
        transport.close()
    assert room.encrypted == [True]


def test_required_starttls_is_not_sent_without_it(room: Mailroom, transport_to: Any) -> None:
    with serving(room) as port:
        failure = failure_of(transport_to(port, "?starttls=required"))
    assert failure.scope is FailureScope.INSTALLATION
    assert failure.is_connection
    assert "STARTTLS" in failure.reason
    assert room.messages == []


def test_auto_sends_without_encryption_where_none_is_offered(
    room: Mailroom, transport_to: Any
) -> None:
    with serving(room) as port:
        transport = transport_to(port, "?starttls=auto")
        transport.send(envelope())
        transport.close()
    assert room.encrypted == [False]


def test_off_never_encrypts(room: Mailroom, transport_to: Any, certificate: ssl.SSLContext) -> None:
    with serving(room, tls=certificate) as port:
        transport = transport_to(port, "?starttls=off")
        transport.send(envelope())
        transport.close()
    assert room.encrypted == [False]


def test_certificate_of_an_unknown_authority_is_refused_where_encryption_is_required(
    room: Mailroom, transport_to: Any, certificate: ssl.SSLContext
) -> None:
    unknown = server_context(trustme.CA())
    with serving(room, tls=unknown) as port:
        failure = failure_of(transport_to(port, "?starttls=required"))
        assert (failure.scope, failure.is_connection) == (FailureScope.INSTALLATION, True)
        assert "certificate" in failure.reason
        transport = transport_to(port, "?starttls=auto")
        transport.send(envelope())
        transport.close()
    assert room.encrypted == [True]


def test_smtps_is_encrypted_from_the_first_byte(
    room: Mailroom, transport_to: Any, certificate: ssl.SSLContext
) -> None:
    with serving(room, tls=certificate, implicit_tls=True) as port:
        transport = transport_to(port, scheme="smtps")
        transport.send(envelope())
        transport.close()
    assert len(room.messages) == 1


def test_password_is_sent_decoded(room: Mailroom, transport_to: Any) -> None:
    with serving(room, needs_login=True) as port:
        transport = transport_to(port, user="me%40example.com:open%20sesame@")
        transport.send(envelope())
        transport.close()
    assert room.logins == ["me@example.com"]
    assert len(room.messages) == 1


def test_refused_sign_in_is_the_installations_trouble(room: Mailroom, transport_to: Any) -> None:
    with serving(room, needs_login=True) as port:
        failure = failure_of(transport_to(port, user="me:wrong@"))
    assert (failure.scope, failure.is_connection) == (FailureScope.INSTALLATION, True)
    assert "sign-in" in failure.reason
    assert "wrong" not in failure.reason


ANSWERS = [
    ("recipient", "550 5.1.1 No such user", FailureScope.RECIPIENT),
    ("recipient", "550 No such user", FailureScope.RECIPIENT),
    ("recipient", "554 5.2.1 Mailbox disabled", FailureScope.RECIPIENT),
    ("recipient", "450 4.2.1 Greylisted", FailureScope.LATER),
    ("recipient", "550 5.7.1 Blocked by policy", FailureScope.INSTALLATION),
    ("recipient", "530 Authentication required", FailureScope.INSTALLATION),
    ("recipient", "550 5.1.8 Sender address rejected", FailureScope.INSTALLATION),
    ("data", "550 5.1.1 No such user", FailureScope.RECIPIENT),
    ("data", "552 5.3.4 Message too big", FailureScope.INSTALLATION),
    ("data", "451 4.3.0 Try again", FailureScope.LATER),
    ("data", "554 5.7.1 Message rejected as spam", FailureScope.INSTALLATION),
    ("mail", "451 4.7.1 Wait", FailureScope.LATER),
    ("mail", "553 5.7.1 Sender not owned by user", FailureScope.INSTALLATION),
]


@pytest.mark.parametrize(("command", "answer", "scope"), ANSWERS)
def test_answer_of_the_server_decides_whose_trouble_it_is(
    room: Mailroom, transport_to: Any, command: str, answer: str, scope: FailureScope
) -> None:
    setattr(room, f"on_{command}", lambda _address: answer)
    with serving(room) as port:
        transport = transport_to(port)
        failure = failure_of(transport)
        transport.close()
    assert failure.scope is scope
    assert not failure.is_connection
    assert answer[:3] in failure.reason


def test_server_that_is_away_is_tried_later(transport_to: Any, room: Mailroom) -> None:
    with serving(room) as port:
        pass
    failure = failure_of(transport_to(port))
    assert (failure.scope, failure.is_connection) == (FailureScope.LATER, True)


def test_address_with_other_letters_needs_smtputf8(room: Mailroom, transport_to: Any) -> None:
    with serving(room, utf8=False) as port:
        transport = transport_to(port)
        failure = failure_of(transport, "jürgen@example.com")
        assert (failure.scope, failure.is_connection) == (FailureScope.INSTALLATION, False)
        transport.send(envelope("olive@bücher.example"))
        assert room.messages[0].rcpt_tos == ["olive@xn--bcher-kva.example"]
        transport.close()
    with serving(room) as port:
        transport = transport_to(port)
        transport.send(envelope("jürgen@example.com"))
        assert room.messages[-1].rcpt_tos == ["jürgen@example.com"]
        transport.close()


@pytest.fixture
def waiting(uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock) -> int:
    """A ticket whose requester is about to be sent a reply."""
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    return ticket_id


def test_message_refused_for_now_is_accepted_within_two_minutes(
    uow_for: UowFor, waiting: int, clock: Clock, room: Mailroom, transport_to: Any
) -> None:
    room.on_recipient = lambda _address: "451 4.7.1 Greylisted"
    with serving(room) as port:
        transport = transport_to(port)
        deliver(uow_for, transport)
        room.on_recipient = lambda _address: None
        clock.forward(seconds=119)
        deliver(uow_for, transport)
        transport.close()
    (row,) = emails(uow_for)
    assert (row.state, row.attempts) == ("sent", 2)
    assert len(room.messages) == 1


def test_mail_flows_within_two_minutes_after_the_server_returns(
    uow_for: UowFor, waiting: int, clock: Clock, room: Mailroom, transport_to: Any
) -> None:
    with serving(room) as port:
        pass
    transport = transport_to(port)
    for _ in range(30):
        deliver(uow_for, transport)
        clock.forward(seconds=61)
    with serving(room, port=port):
        deliver(uow_for, transport)
        transport.close()
    (row,) = emails(uow_for)
    assert row.state == "sent"
    assert len(room.messages) == 1


def test_refused_sign_in_and_policy_mark_no_address(
    uow_for: UowFor, waiting: int, clock: Clock, room: Mailroom, transport_to: Any
) -> None:
    with serving(room, needs_login=True) as port:
        deliver(uow_for, transport_to(port, user="me:wrong@"))
    (row,) = emails(uow_for)
    assert row.state == "waiting"
    assert "refused the sign-in" in row.reason
    clock.forward(seconds=61)
    room.on_data = lambda _address: "554 5.7.1 Rejected"
    with serving(room) as port:
        deliver(uow_for, transport_to(port))
    (row,) = emails(uow_for)
    assert row.state == "failed"
    with uow_for(None) as uow:
        assert uow.connection.execute(select(undeliverable_address_table)).all() == []


def test_refused_address_is_marked_and_nothing_more_is_sent_to_it(
    uow_for: UowFor, waiting: int, cast: Cast, clock: Clock, room: Mailroom, transport_to: Any
) -> None:
    comment(uow_for, cast.manager, waiting)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    room.on_recipient = lambda _address: "550 5.1.1 No such user"
    with serving(room) as port:
        with uow_for(None) as uow:
            (first,) = delivery.drop_pointless_and_claim_due(uow, 1)
        attempt = delivery.send(first, transport_to(port))
        with uow_for(None) as uow:
            delivery.record(uow, attempt)
    of_owner = [row.state for row in emails(uow_for) if row.person_id == cast.owner.id]
    assert of_owner == ["failed", "dropped"]
    with uow_for(None) as uow:
        notes = select(func.count()).where(
            entry_table.c.ticket_id == waiting, entry_table.c.audience == "internal"
        )
        assert uow.connection.execute(notes).scalar_one() == 1


def test_message_is_sent_again_with_the_same_message_id_after_a_crash(
    uow_for: UowFor, waiting: int, clock: Clock, room: Mailroom, transport_to: Any
) -> None:
    with serving(room) as port:
        transport = transport_to(port)
        with uow_for(None) as uow:
            (claimed,) = delivery.drop_pointless_and_claim_due(uow, 10)
        delivery.send(claimed, transport)
        # The process dies here: what the server accepted is not recorded.
        deliver(uow_for, transport)
        assert len(room.messages) == 1
        clock.forward(seconds=delivery.LEASE.total_seconds() + 1)
        deliver(uow_for, transport)
        transport.close()
    contents = [message.content for message in room.messages]
    assert len(contents) == 2
    assert contents[0] == contents[1]
    (row,) = emails(uow_for)
    assert parsed(row)["Message-ID"] == row.message_id
    assert row.state == "sent"


def test_concurrent_workers_never_send_a_message_twice(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    clock: Clock,
    room: Mailroom,
    transport_to: Any,
) -> None:
    for _ in range(12):
        comment(uow_for, cast.agent, file_ticket())
    distribute(uow_for)
    clock.forward(seconds=61)
    workers = 4
    barrier = threading.Barrier(workers)
    problems: list[BaseException] = []

    def work(transport: SmtpTransport) -> None:
        try:
            barrier.wait(20)
            compose(uow_for)
            for _ in range(20):
                with uow_for(None) as uow:
                    claimed = delivery.drop_pointless_and_claim_due(uow, 3)
                for email in claimed:
                    attempt = delivery.send(email, transport)
                    with uow_for(None) as uow:
                        delivery.record(uow, attempt)
        except BaseException as problem:
            problems.append(problem)
            raise

    with serving(room) as port:
        threads = [
            threading.Thread(target=work, args=(transport_to(port),)) for _ in range(workers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert problems == []
    assert len(room.messages) == 12
    assert {row.state for row in emails(uow_for)} == {"sent"}
    assert {row.attempts for row in emails(uow_for)} == {1}


def test_gives_up_after_two_days(
    uow_for: UowFor, waiting: int, clock: Clock, room: Mailroom, transport_to: Any
) -> None:
    room.on_recipient = lambda _address: "451 4.7.1 Busy"
    with serving(room) as port:
        transport = transport_to(port)
        started = clock.now
        while emails(uow_for)[0].state == "waiting" and clock.now - started < timedelta(days=4):
            deliver(uow_for, transport)
            clock.forward(minutes=30)
        transport.close()
    (row,) = emails(uow_for)
    assert row.state == "failed"
    assert timedelta(days=2) <= clock.now - started < timedelta(days=2, hours=3)
