"""Email about notifications: one a person and ticket, complete, and without what is internal."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_distribution import assign, comment, distribute
from ticket_app.core.conversation import commenting
from ticket_app.core.email.message_ids import read_message_id
from ticket_app.core.email.outgoing import delivery, failures, notifying
from ticket_app.core.email.outgoing.transport import (
    Envelope,
    FailureScope,
    FolderTransport,
    SendingFailed,
)
from ticket_app.core.email.own_addresses import read_reply_address
from ticket_app.core.notifications import notifications
from ticket_app.core.tickets import locking
from ticket_app.core.timeline import timeline
from ticket_app.tables import notification_table, outgoing_email_table, undeliverable_address_table


class Refusing:
    """A transport that refuses everything for one reason."""

    def __init__(self, scope: FailureScope, *, is_connection: bool = False) -> None:
        self.failure = SendingFailed(scope, "550 5.1.1 No such user", is_connection=is_connection)

    def send(self, envelope: Envelope) -> None:
        raise self.failure

    def close(self) -> None:
        """There is no connection."""


def compose(uow_for: UowFor) -> None:
    distribute(uow_for)
    while True:
        with uow_for(None) as uow:
            pairs = notifying.list_due(uow)
            for pair in pairs:
                notifying.compose(uow, pair.person_id, pair.ticket_id)
        if not pairs:
            return


def emails(uow_for: UowFor) -> list[Any]:
    with uow_for(None) as uow:
        return list(uow.connection.execute(select(outgoing_email_table).order_by("id")))


def parsed(row: Any) -> EmailMessage:
    message = message_from_bytes(row.source.encode(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(row: Any, kind: str = "plain") -> str:
    body = parsed(row).get_body((kind,))
    assert body is not None
    return body.get_content()


def deliver(uow_for: UowFor, transport: Any) -> None:
    with uow_for(None) as uow:
        due = delivery.drop_pointless_and_claim_due(uow, 100)
    for email in due:
        attempt = delivery.send(email, transport)
        with uow_for(None) as uow:
            delivery.record(uow, attempt)


@pytest.fixture
def answered(uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock) -> int:
    """A ticket with a public reply, whose email is due."""
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    clock.forward(seconds=61)
    return ticket_id


def test_reply_is_emailed_to_the_requester_with_all_headers(
    uow_for: UowFor, answered: int, cast: Cast
) -> None:
    compose(uow_for)
    (row,) = emails(uow_for)
    message = parsed(row)
    assert message["Subject"] == "[SUP-1] The lamp flickers"
    assert message["To"].addresses[0].addr_spec == cast.owner.email.casefold()
    assert message["From"].addresses[0].addr_spec == "support@localhost"
    assert read_reply_address(message["Reply-To"].addresses[0].addr_spec) == "SUP-1"
    assert isinstance(read_message_id(message["Message-ID"]), tuple)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/mail/unsubscribe/" in message["List-Unsubscribe"]
    assert message["Date"]
    assert message["MIME-Version"]
    assert message["Bcc"] is None
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "Reply above this line" in text_of(row)
    for kind in ("plain", "html"):
        assert "Look at the lamp." in text_of(row, kind)
        assert "Since noon." in text_of(row, kind)


def test_newest_message_comes_first(uow_for: UowFor, answered: int) -> None:
    compose(uow_for)
    (row,) = emails(uow_for)
    text = text_of(row)
    assert text.index("Look at the lamp.") < text.index("Since noon.")


def test_nothing_is_sent_before_the_hold_is_over(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    comment(uow_for, cast.agent, file_ticket())
    compose(uow_for)
    assert emails(uow_for) == []
    clock.forward(seconds=61)
    compose(uow_for)
    assert len(emails(uow_for)) == 1


def test_reading_meanwhile_drops_the_email(uow_for: UowFor, answered: int, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        notifications.mark_ticket_read(uow, answered)
    compose(uow_for)
    assert emails(uow_for) == []


def test_several_events_are_one_email_and_the_next_one_answers_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    comment(uow_for, cast.manager, ticket_id)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    (first,) = [row for row in emails(uow_for) if row.person_id == cast.owner.id]
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    second = [row for row in emails(uow_for) if row.person_id == cast.owner.id][-1]
    assert second.id != first.id
    assert parsed(second)["In-Reply-To"] == first.message_id
    assert parsed(second)["References"] == first.message_id


def test_internal_notes_are_never_sent_to_the_requester(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    assign(uow_for, cast.manager, ticket_id, cast.agent.id)
    with uow_for(cast.agent) as uow:
        commenting.add_comment(
            uow, locking.lock_ticket(uow, ticket_id), "The secret reason", internal=True
        )
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    mine = [row for row in emails(uow_for) if row.person_id == cast.owner.id]
    assert mine
    for row in mine:
        assert "secret" not in text_of(row)
        assert "secret" not in text_of(row, "html")


def test_title_with_line_breaks_makes_no_header(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    with uow_for(None) as uow:
        uow.connection.exec_driver_sql(
            "UPDATE ticket SET title = 'Hi\r\nBcc: evil@example.com\r\n\r\nx'"
        )
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    (row,) = emails(uow_for)
    assert parsed(row)["Bcc"] is None
    assert parsed(row)["Subject"] == "[SUP-1] Hi Bcc: evil@example.com x"


def test_message_is_written_to_the_folder_once(
    uow_for: UowFor, answered: int, tmp_path: Path
) -> None:
    compose(uow_for)
    deliver(uow_for, FolderTransport(tmp_path / "mail"))
    (file,) = (tmp_path / "mail").glob("*.eml")
    (row,) = emails(uow_for)
    assert file.read_bytes() == row.source.encode()
    assert (row.state, row.attempts) == ("sent", 1)


def test_temporary_failure_is_tried_again_and_gives_up_after_two_days(
    uow_for: UowFor, answered: int, clock: Clock
) -> None:
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.LATER))
    (row,) = emails(uow_for)
    assert (row.state, row.attempts) == ("waiting", 1)
    with uow_for(None) as uow:
        assert (row.next_try_at - uow.now).total_seconds() <= 120
    clock.forward(days=2, seconds=1)
    deliver(uow_for, Refusing(FailureScope.LATER))
    (row,) = emails(uow_for)
    assert row.state == "failed"


def test_unreachable_server_is_tried_every_minute(
    uow_for: UowFor, answered: int, clock: Clock
) -> None:
    compose(uow_for)
    for _ in range(10):
        deliver(uow_for, Refusing(FailureScope.LATER, is_connection=True))
        clock.forward(seconds=61)
    (row,) = emails(uow_for)
    assert (row.state, row.attempts) == ("waiting", 10)


def test_refused_address_is_marked_and_noted_on_the_ticket(
    uow_for: UowFor, answered: int, cast: Cast, clock: Clock
) -> None:
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.RECIPIENT))
    (row,) = emails(uow_for)
    assert (row.state, row.attempts) == ("failed", 1)
    with uow_for(cast.agent) as uow:
        assert failures.is_undeliverable(uow, cast.owner.email)
        note = timeline.list_comments(uow, answered)[-1]
        assert "could not be delivered" in (note.body or "")
        assert note.audience == "internal"
    comment(uow_for, cast.agent, answered)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    assert len([one for one in emails(uow_for) if one.person_id == cast.owner.id]) == 1
    with uow_for(None) as uow:
        states = uow.connection.execute(
            select(notification_table.c.email_state).where(
                notification_table.c.person_id == cast.owner.id
            )
        ).scalars()
        assert [*states] == ["sent", "dropped"]


def test_trouble_of_the_installation_marks_no_address(uow_for: UowFor, answered: int) -> None:
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.INSTALLATION))
    (row,) = emails(uow_for)
    assert row.state == "failed"
    with uow_for(None) as uow:
        assert uow.connection.execute(select(undeliverable_address_table)).all() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ticket SET deleted_at = created_at",
        "UPDATE person SET is_active = false WHERE username = 'owner'",
    ],
)
def test_email_is_dropped_when_its_ticket_or_its_recipient_is_gone(
    uow_for: UowFor, answered: int, tmp_path: Path, change: str
) -> None:
    compose(uow_for)
    with uow_for(None) as uow:
        uow.connection.exec_driver_sql(change)
    deliver(uow_for, FolderTransport(tmp_path / "mail"))
    (row,) = emails(uow_for)
    assert row.state == "dropped"
    assert not [*(tmp_path / "mail").glob("*.eml")]
