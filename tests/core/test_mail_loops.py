"""No loops: automatic mail, delivery reports, limits, and machines that answer each other."""

from __future__ import annotations

from email import message_from_string
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.mailing import (
    Deliver,
    emails,
    entries,
    reply_address,
    sent,
    ticket_row,
    write,
)
from tests.core.test_distribution import assign, comment, received
from tests.core.test_incoming_email import set_status
from tests.core.test_outgoing_email import compose
from ticket_app.core.email.incoming import loops
from ticket_app.core.platform.vocabulary import Status
from ticket_app.settings import reload_settings
from ticket_app.tables import (
    blocked_sender_table,
    outgoing_email_table,
    person_table,
    undeliverable_address_table,
)

AUTOMATIC = [
    {"Auto-Submitted": "auto-replied"},
    {"Auto-Submitted": "auto-generated"},
    {"Precedence": "bulk"},
    {"Precedence": "junk"},
    {"Precedence": "list"},
    {"Precedence": "auto_reply"},
    {"List-Id": "<news.example.com>"},
    {"X-Autoreply": "yes"},
    {"X-Autorespond": "yes"},
    {"X-Auto-Response-Suppress": "All"},
    {"X-Auto-Response-Suppress": "DR, OOF"},
    {"Return-Path": "<>"},
]


@pytest.mark.parametrize("headers", AUTOMATIC, ids=lambda headers: " ".join(*headers.items()))
def test_automatic_mail_becomes_a_ticket_without_an_acknowledgement(
    deliver: Deliver, uow_for: UowFor, clock: Clock, headers: dict[str, str]
) -> None:
    receipt = deliver(write(headers=headers))
    assert (receipt.status, receipt.ticket) == ("accepted", "SUP-1")
    assert emails(uow_for)[0].is_automatic
    clock.forward(minutes=2)
    compose(uow_for)
    assert sent(uow_for) == []


def test_mail_marked_as_not_automatic_is_acknowledged(
    deliver: Deliver, uow_for: UowFor, clock: Clock
) -> None:
    deliver(write(headers={"Auto-Submitted": "no"}))
    clock.forward(minutes=2)
    compose(uow_for)
    assert [email.kind for email in sent(uow_for)] == ["ticket_created"]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.PENDING_USER, Status.CLOSED])
def test_automatic_reply_is_recorded_and_changes_no_status(
    deliver: Deliver,
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    status: Status,
) -> None:
    ticket_id = file_ticket()
    assign(uow_for, cast.manager, ticket_id, cast.agent.id)
    set_status(uow_for, cast.agent, ticket_id, status)
    clock.forward(days=30)
    compose(uow_for)
    since = len(sent(uow_for))
    source = write(
        "owner@example.com",
        text="I am away.",
        to=reply_address(uow_for, ticket_id),
        headers={"Auto-Submitted": "auto-replied"},
    )
    assert deliver(source).ticket == "SUP-1"
    assert ticket_row(uow_for, "SUP-1").status == status
    assert [entry.body for entry in entries(uow_for, "SUP-1")] == ["I am away."]
    clock.forward(minutes=2)
    compose(uow_for)
    assert sent(uow_for)[since:] == []
    assert ("agent", "requester_reply") in [row[:2] for row in received(uow_for)]


def test_automatic_reply_of_an_agent_is_no_answer_to_the_customer(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    source = write(
        "agent@example.com",
        to=reply_address(uow_for, file_ticket()),
        headers={"Auto-Submitted": "auto-replied"},
    )
    assert deliver(source).status == "accepted"
    assert [entry.audience for entry in entries(uow_for, "SUP-1")] == ["internal"]


@pytest.mark.parametrize(
    "sender",
    ["support@desk.example.com", "Support@Desk.Example.com", "support+x.y@desk.example.com"],
)
def test_own_mail_is_ignored(deliver: Deliver, uow_for: UowFor, sender: str) -> None:
    receipt = deliver(write(sender))
    assert (receipt.status, receipt.ticket) == ("ignored", None)
    assert receipt.reason
    assert [email.state for email in emails(uow_for)] == ["ignored"]


def report(message_id: str, recipient: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report as mail servers write it."""
    return (
        "From: Mail Delivery System <mailer-daemon@mx.example>\r\n"
        "To: support@desk.example.com\r\nSubject: Undelivered Mail\r\n"
        f"Message-ID: <{recipient}{status}@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\n"
        "Subject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def send_reply(uow_for: UowFor, cast: Cast, clock: Clock, ticket_id: int) -> Any:
    """An email about an agent's reply, as sent to the owner."""
    comment(uow_for, cast.agent, ticket_id)
    clock.forward(minutes=2)
    compose(uow_for)
    with uow_for(None) as uow:
        uow.connection.execute(update(outgoing_email_table).values(state="sent"))
    return sent(uow_for)[-1]


@pytest.mark.parametrize(
    ("status", "action", "is_marked", "has_note"),
    [
        ("5.1.1", "failed", True, True),
        ("5.7.1", "failed", False, True),
        ("4.4.1", "delayed", False, False),
        ("2.0.0", "delivered", False, False),
    ],
)
def test_delivery_report_is_matched_to_its_email(
    deliver: Deliver,
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    status: str,
    action: str,
    is_marked: bool,
    has_note: bool,
) -> None:
    email = send_reply(uow_for, cast, clock, file_ticket())
    receipt = deliver(report(email.message_id, "owner@example.com", status, action))
    assert (receipt.status, receipt.ticket) == ("ignored", None)
    with uow_for(None) as uow:
        marked = uow.connection.execute(select(undeliverable_address_table.c.address)).scalars()
        assert list(marked) == (["owner@example.com"] if is_marked else [])
    notes = [entry for entry in entries(uow_for, "SUP-1") if entry.audience == "internal"]
    assert len(notes) == has_note
    if has_note:
        assert "owner@example.com" in notes[0].body
        assert sent(uow_for)[-1].state == "failed"


@pytest.mark.parametrize("forged", ["recipient", "message"])
def test_forged_delivery_report_marks_no_address(
    deliver: Deliver,
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    forged: str,
) -> None:
    email = send_reply(uow_for, cast, clock, file_ticket())
    if forged == "recipient":
        source = report(email.message_id, "agent@example.com")
    else:
        source = report("<other@desk.example.com>", "owner@example.com")
    assert deliver(source).status == "ignored"
    with uow_for(None) as uow:
        assert uow.connection.execute(select(undeliverable_address_table)).all() == []


def test_mail_from_an_address_clears_its_mark(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    email = send_reply(uow_for, cast, clock, file_ticket())
    deliver(report(email.message_id, "owner@example.com"))
    deliver(write("Owner@example.com"))
    with uow_for(None) as uow:
        assert uow.connection.execute(select(undeliverable_address_table)).all() == []


def test_eleventh_message_within_ten_minutes_is_parked(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    address = reply_address(uow_for, file_ticket())
    for n in range(10):
        assert deliver(write("owner@example.com", text=f"{n}", to=address)).status == "accepted"
    receipt = deliver(write("owner@example.com", text="11", to=address))
    assert (receipt.status, receipt.reason) == ("parked", loops.TOO_MANY_MESSAGES)
    assert deliver(write("colleague@example.com")).status == "accepted"
    clock.forward(minutes=11)
    assert deliver(write("owner@example.com", text="12", to=address)).status == "accepted"


def test_sixth_acknowledgement_within_an_hour_is_parked(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    for _ in range(5):
        assert deliver(write()).status == "accepted"
        clock.forward(minutes=4)
    receipt = deliver(write())
    assert (receipt.status, receipt.reason) == ("parked", loops.TOO_MANY_ACKNOWLEDGEMENTS)
    clock.forward(minutes=50)
    assert deliver(write()).status == "accepted"


@pytest.mark.parametrize("sender", ["owner@example.com", "monitor@customer.example"])
def test_automatic_mail_is_not_acknowledged_and_not_limited_by_that(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock, sender: str
) -> None:
    for _ in range(7):
        assert deliver(write(sender, headers={"Precedence": "bulk"})).status == "accepted"
        clock.forward(minutes=4)
    assert deliver(write(sender)).status == "accepted"


def test_same_words_again_and_again_are_parked(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    address = reply_address(uow_for, file_ticket())
    statuses: list[str] = []
    for _ in range(4):
        statuses.append(deliver(write("owner@example.com", text="Away.", to=address)).status)
        clock.forward(minutes=20)
    assert statuses == ["accepted"] * 3 + ["parked"]


@pytest.mark.parametrize("pattern", ["uma@customer.example", "customer.example", "example"])
def test_blocked_sender_is_ignored(
    deliver: Deliver, uow_for: UowFor, clock: Clock, pattern: str
) -> None:
    with uow_for(None) as uow:
        row = {"pattern": pattern, "created_at": clock.now}
        uow.connection.execute(insert(blocked_sender_table), row)
    receipt = deliver(write("UMA@customer.example"))
    assert (receipt.status, receipt.is_rejected) == ("ignored", True)
    assert deliver(write("uma@other.test")).status == "accepted"


class Responders:
    """Machines that answer every email at once, and do not say that they are machines."""

    def __init__(self, deliver: Deliver, *, text_changes: bool, answers_sender: bool) -> None:
        self._deliver = deliver
        self._text_changes = text_changes
        self._answers_sender = answers_sender
        self.answer_count = 0

    def answer(self, row: Any) -> None:
        message = message_from_string(row.source, policy=default)
        self.answer_count += 1
        to = message["From"] if self._answers_sender else message["Reply-To"] or message["From"]
        headers = {} if self._answers_sender else {"In-Reply-To": row.message_id}
        text = f"I am away ({self.answer_count})." if self._text_changes else "I am away."
        self._deliver(write(row.recipient, "Re: away", text, str(to), headers=headers))


@pytest.mark.parametrize("text_changes", [True, False])
@pytest.mark.parametrize("answers_sender", [True, False])
@pytest.mark.parametrize("hold_seconds", [0, 60, 600])
def test_machines_that_answer_everything_fall_silent(
    deliver: Deliver,
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    text_changes: bool,
    answers_sender: bool,
    hold_seconds: int,
) -> None:
    monkeypatch.setenv("TICKET_MAIL_HOLD_SECONDS", str(hold_seconds))
    reload_settings()
    with uow_for(None) as uow:
        # Staff only read the app, so that the two machines are the customers'.
        uow.connection.execute(
            update(person_table).where(person_table.c.role != "user").values(team_id=None)
        )
    responders = Responders(deliver, text_changes=text_changes, answers_sender=answers_sender)
    deliver(write("owner@example.com", headers={"Cc": "nia@customer.example"}))
    assign(uow_for, cast.manager, ticket_row(uow_for, "SUP-1").id, cast.agent.id)
    comment(uow_for, cast.agent, ticket_row(uow_for, "SUP-1").id)
    done = quiet_steps = 0
    for _ in range(300):
        clock.forward(seconds=hold_seconds + 1)
        compose(uow_for)
        rows = sent(uow_for)
        for row in rows[done:]:
            responders.answer(row)
        quiet_steps = quiet_steps + 1 if len(rows) == done else 0
        done = len(rows)
        if quiet_steps == 10:
            break
    assert quiet_steps == 10
    assert 0 < responders.answer_count <= 150
