"""The log of outgoing email: filters, content, retry, resend, drop, retention."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_distribution import comment, distribute
from tests.core.test_outgoing_email import Refusing, compose, deliver, emails, parsed
from ticket_app.core.email.message_ids import read_message_id
from ticket_app.core.email.outgoing import delivery, failures, log
from ticket_app.core.email.outgoing.log import EmailFilters
from ticket_app.core.email.outgoing.transport import Envelope, FailureScope
from ticket_app.core.operations import processes
from ticket_app.core.platform.errors import Forbidden, NotFound, RuleViolation
from ticket_app.tables import audit_entry_table, email_template_table


class Accepting:
    """A transport that accepts everything."""

    def __init__(self) -> None:
        self.sent: list[Envelope] = []

    def send(self, envelope: Envelope) -> None:
        self.sent.append(envelope)

    def close(self) -> None:
        """There is no connection."""


@pytest.fixture
def sent(uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock) -> int:
    """Two tickets with a reply each, emailed to their requesters; the first one's id."""
    first, second = file_ticket(), file_ticket(cast.colleague)
    for ticket_id in (first, second):
        comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    deliver(uow_for, Accepting())
    return first


def listed(uow_for: UowFor, cast: Cast, **filters: object) -> list[str]:
    with uow_for(cast.admin) as uow:
        rows = log.list_emails(uow, EmailFilters(**filters))  # type: ignore[arg-type]
    return [row.recipient.partition("@")[0] for row in rows]


def test_log_lists_the_newest_first_with_person_and_ticket(
    uow_for: UowFor, sent: int, cast: Cast
) -> None:
    with uow_for(cast.admin) as uow:
        row = log.list_emails(uow, EmailFilters())[-1]
        assert (row.recipient, row.person_name) == (cast.owner.email, "Olive Ownby")
        assert (row.key_prefix, row.key_number) == ("SUP", 1)
        assert (row.state, row.attempts, row.kind) == ("sent", 1, "reply")
        assert log.count_by_state(uow) == {"waiting": 0, "sent": 2, "failed": 0, "dropped": 0}
        (older,) = log.list_emails(uow, EmailFilters(), before_id=row.id + 1)
        assert older.id == row.id


def test_each_filter_narrows_the_log(uow_for: UowFor, sent: int, cast: Cast, clock: Clock) -> None:
    assert listed(uow_for, cast) == ["colleague", "owner"]
    assert listed(uow_for, cast, state="sent", kind="reply") == ["colleague", "owner"]
    assert listed(uow_for, cast, state="failed") == []
    assert listed(uow_for, cast, kind="note") == []
    assert listed(uow_for, cast, address="OWNER@") == ["owner"]
    assert listed(uow_for, cast, address="%") == []
    assert listed(uow_for, cast, ticket="sup-1") == ["owner"]
    assert listed(uow_for, cast, ticket="nothing at all") == []
    assert listed(uow_for, cast, since=clock.now) == ["colleague", "owner"]
    assert listed(uow_for, cast, until=clock.now) == []


def test_only_administrators_read_the_log(uow_for: UowFor, sent: int, cast: Cast) -> None:
    email = emails(uow_for)[0]
    for actor in (cast.owner, cast.agent):
        with uow_for(actor) as uow:
            for refused in (
                lambda uow=uow: log.list_emails(uow, EmailFilters()),
                lambda uow=uow: log.count_by_state(uow),
                lambda uow=uow: log.get_email(uow, email.uuid),
                lambda uow=uow: log.retry(uow, email.uuid),
                lambda uow=uow: log.resend(uow, email.uuid),
                lambda uow=uow: log.drop(uow, email.uuid),
            ):
                with pytest.raises(Forbidden):
                    refused()


def test_content_is_headers_and_both_bodies(uow_for: UowFor, sent: int, cast: Cast) -> None:
    email = emails(uow_for)[0]
    with uow_for(cast.admin) as uow:
        content = log.read_content(log.get_email(uow, email.uuid).source)
    assert ("Subject", "[SUP-1] The lamp flickers") in content.headers
    assert "Look at the lamp." in content.text
    assert "<p>Look at the lamp.</p>" in content.html


@pytest.mark.parametrize("path", ["reset-password", "invitation", "verify", "rate"])
def test_links_that_give_access_to_an_account_are_hidden(
    uow_for: UowFor, sent: int, cast: Cast, path: str
) -> None:
    email = emails(uow_for)[0]
    source = email.source.replace(
        "Look at the lamp.", f"Open http://x/{path}/secret{'0' * 20} now."
    )
    content = log.read_content(source)
    assert f"http://x/{path}/… now" in content.text
    assert "secret" not in content.text + content.html


def test_resent_email_is_a_copy_with_a_message_id_of_its_own(
    uow_for: UowFor, sent: int, cast: Cast, clock: Clock
) -> None:
    original = emails(uow_for)[0]
    clock.forward(minutes=5)
    with uow_for(cast.admin) as uow:
        copy_uuid = log.resend(uow, original.uuid)
    copy = next(row for row in emails(uow_for) if row.uuid == copy_uuid)
    assert (copy.state, copy.recipient, copy.ticket_id) == ("waiting", original.recipient, sent)
    assert copy.message_id != original.message_id
    ticket_of = [read_message_id(row.message_id)[0] for row in (copy, original)]  # type: ignore[index]
    assert ticket_of[0] == ticket_of[1]
    first, second = parsed(original), parsed(copy)
    assert second["Message-ID"] == copy.message_id
    assert second["Date"].datetime == clock.now
    assert first.get_body(("html",)).as_string() == second.get_body(("html",)).as_string()  # type: ignore[union-attr]
    transport = Accepting()
    deliver(uow_for, transport)
    assert [envelope.recipient for envelope in transport.sent] == [original.recipient]
    with uow_for(None) as uow:
        recorded = select(audit_entry_table.c.action, audit_entry_table.c.subject_type)
        assert ("retried", "outgoing_email") in [
            tuple(row) for row in uow.connection.execute(recorded)
        ]


def test_failed_email_is_retried_now_with_the_same_message_id(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    comment(uow_for, cast.agent, file_ticket())
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.INSTALLATION))
    (failed,) = emails(uow_for)
    with uow_for(cast.admin) as uow:
        log.retry(uow, failed.uuid)
    deliver(uow_for, Accepting())
    (row,) = emails(uow_for)
    assert (row.state, row.attempts, row.message_id) == ("sent", 2, failed.message_id)
    assert [attempt["result"] for attempt in row.attempt_log] == [
        "550 5.1.1 No such user",
        "accepted",
    ]
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation):
        log.retry(uow, failed.uuid)


def test_nothing_is_resent_to_an_undeliverable_address(
    uow_for: UowFor, sent: int, cast: Cast
) -> None:
    email = emails(uow_for)[0]
    with uow_for(None) as uow:
        failures.mark_undeliverable(uow, email.recipient, "550")
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation, match="undeliverable"):
        log.resend(uow, email.uuid)


def test_waiting_email_is_dropped_once(uow_for: UowFor, sent: int, cast: Cast) -> None:
    email = emails(uow_for)[0]
    with uow_for(cast.admin) as uow:
        copy = log.resend(uow, email.uuid)
    with uow_for(cast.admin) as uow:
        log.drop(uow, copy)
    transport = Accepting()
    deliver(uow_for, transport)
    assert transport.sent == []
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation):
        log.drop(uow, copy)
    with uow_for(cast.admin) as uow, pytest.raises(NotFound):
        log.drop(uow, cast.owner.uuid)


def test_emails_are_deleted_after_90_days(
    uow_for: UowFor, sent: int, cast: Cast, clock: Clock
) -> None:
    clock.forward(days=89)
    with uow_for(None) as uow:
        assert log.delete_expired_batch(uow) == 0
    clock.forward(days=1)
    with uow_for(None) as uow:
        assert log.delete_expired_batch(uow) == 2
    assert emails(uow_for) == []


def test_own_template_that_cannot_be_filled_in_falls_back_to_the_default(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    with uow_for(None) as uow:
        uow.connection.execute(
            email_template_table.insert(),
            {
                "kind": "reply",
                "subject": "{{ 1 // 0 }}",
                "body": "{{ ticket.key / 2 }}",
                "updated_at": uow.now,
            },
        )
    comment(uow_for, cast.agent, file_ticket())
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    (row,) = emails(uow_for)
    assert row.subject == "[SUP-1] The lamp flickers"


def test_claims_of_a_dead_process_are_released(
    uow_for: UowFor, sent: int, cast: Cast, clock: Clock
) -> None:
    with uow_for(None) as uow:
        process = processes.record_heartbeat_and_release_dead(uow, None)
    email = emails(uow_for)[0]
    with uow_for(cast.admin) as uow:
        log.resend(uow, email.uuid)
    with uow_for(None) as uow:
        assert len(delivery.drop_pointless_and_claim_due(uow, 10, process_uuid=process)) == 1
        assert delivery.drop_pointless_and_claim_due(uow, 10) == []
    clock.forward(seconds=21)
    with uow_for(None) as uow:
        processes.release_work_of_dead_processes(uow)
        assert len(delivery.drop_pointless_and_claim_due(uow, 10)) == 1
