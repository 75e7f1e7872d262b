"""Email that waits for a member of staff does not leave once they are none any more."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_distribution import assign, comment, distribute
from tests.core.test_email_digest import states
from tests.core.test_outgoing_email import Refusing, compose, deliver, emails, text_of
from ticket_app.core.email.deliveries import retry_email
from ticket_app.core.email.outgoing import account_mail, delivery, failures, log
from ticket_app.core.email.outgoing.transport import FailureScope
from ticket_app.core.notifications import preferences
from ticket_app.core.people import accounts
from ticket_app.core.people.account_links import LinkPurpose
from ticket_app.core.people.accounts import AccountChanges
from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.tickets import locking, trash
from ticket_app.tables import outgoing_email_table

CHANGES: list[AccountChanges] = [{"role": "user"}, {"is_active": False}]
NO_STAFF: AccountChanges = {"role": "user"}


@pytest.fixture
def noted(uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock) -> int:
    """A ticket with an internal note that is due to be emailed to its assignee, the agent."""
    with uow_for(cast.agent) as uow:
        preferences.update_own_preferences(uow, {"note": {"email": True}})
    ticket_id = file_ticket()
    assign(uow_for, cast.manager, ticket_id, cast.agent.id)
    comment(uow_for, cast.manager, ticket_id, internal=True)
    distribute(uow_for)
    clock.forward(seconds=61)
    return ticket_id


def change_agent(uow_for: UowFor, cast: Cast, changes: AccountChanges) -> None:
    with uow_for(cast.admin) as uow:
        accounts.update_account(uow, cast.agent.id, changes)


def row_of_agent(uow_for: UowFor, cast: Cast) -> Any:
    (row,) = [row for row in emails(uow_for) if row.person_id == cast.agent.id]
    return row


@pytest.mark.parametrize("changes", CHANGES)
def test_written_email_with_internal_notes_is_dropped(
    uow_for: UowFor, cast: Cast, noted: int, changes: AccountChanges
) -> None:
    compose(uow_for)
    assert "Internal note" in text_of(row_of_agent(uow_for, cast))
    change_agent(uow_for, cast, changes)
    row = row_of_agent(uow_for, cast)
    assert (row.state, row.next_try_at) == (DeliveryState.DROPPED, None)
    assert row.reason == "The recipient is no longer staff, or was deactivated"


@pytest.mark.parametrize("changes", CHANGES)
def test_notification_that_is_not_emailed_yet_is_dropped(
    uow_for: UowFor, cast: Cast, noted: int, changes: AccountChanges
) -> None:
    assert set(states(uow_for, cast.agent.id)) == {"waiting"}
    change_agent(uow_for, cast, changes)
    assert set(states(uow_for, cast.agent.id)) == {"dropped"}
    compose(uow_for)
    assert [row for row in emails(uow_for) if row.person_id == cast.agent.id] == []


def test_email_dropped_during_a_failing_attempt_is_not_tried_again(
    uow_for: UowFor, cast: Cast, noted: int, clock: Clock
) -> None:
    compose(uow_for)
    with uow_for(None) as uow:
        due = delivery.drop_pointless_and_claim_due(uow, 10)
    (email,) = [row for row in due if row.person_id == cast.agent.id]
    attempt = delivery.send(email, Refusing(FailureScope.LATER))
    change_agent(uow_for, cast, NO_STAFF)
    with uow_for(None) as uow:
        delivery.record(uow, attempt)
    assert row_of_agent(uow_for, cast).state == DeliveryState.DROPPED


@pytest.mark.parametrize("changes", CHANGES)
def test_failed_email_with_internal_notes_is_never_sent_again(
    uow_for: UowFor, cast: Cast, noted: int, changes: AccountChanges
) -> None:
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.INSTALLATION))
    failed = row_of_agent(uow_for, cast)
    assert failed.state == DeliveryState.FAILED
    change_agent(uow_for, cast, changes)
    with uow_for(cast.manager) as uow, pytest.raises(RuleViolation):
        retry_email(uow, noted, failed.uuid)
    for send_again in (log.retry, log.resend):
        with uow_for(cast.admin) as uow, pytest.raises(RuleViolation, match="no longer staff"):
            send_again(uow, failed.uuid)
    assert row_of_agent(uow_for, cast).state == DeliveryState.DROPPED


def test_email_dropped_before_its_recipient_left_staff_is_not_resent(
    uow_for: UowFor, cast: Cast, noted: int
) -> None:
    compose(uow_for)
    email = row_of_agent(uow_for, cast)
    with uow_for(cast.admin) as uow:
        log.drop(uow, email.uuid)
    change_agent(uow_for, cast, NO_STAFF)
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation, match="no longer staff"):
        log.resend(uow, email.uuid)


@pytest.mark.parametrize("kind", ["note", "assigned"])
def test_email_that_only_staff_get_is_not_sent_again_to_others(
    uow_for: UowFor, cast: Cast, noted: int, kind: str
) -> None:
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.INSTALLATION))
    change_agent(uow_for, cast, NO_STAFF)
    with uow_for(None) as uow:  # as it was left before such email was dropped
        uow.connection.execute(
            outgoing_email_table.update().values(state="failed", reason="550", kind=kind)
        )
        failures.clear_undeliverable(uow, "agent@example.com")
    email = row_of_agent(uow_for, cast)
    for send_again in (log.retry, log.resend):
        with uow_for(cast.admin) as uow, pytest.raises(RuleViolation, match="no longer staff"):
            send_again(uow, email.uuid)
    with uow_for(cast.manager) as uow, pytest.raises(RuleViolation, match="no longer staff"):
        retry_email(uow, noted, email.uuid)


def test_account_links_of_former_staff_are_still_sent(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        account_mail.compose(
            uow,
            cast.agent.id,
            LinkPurpose.PASSWORD_RESET,
            address="agent@example.com",
            token="a token",
        )
    change_agent(uow_for, cast, NO_STAFF)
    email = row_of_agent(uow_for, cast)
    assert email.state == DeliveryState.WAITING
    with uow_for(cast.admin) as uow:
        log.retry(uow, email.uuid)


def test_digest_marks_only_the_notifications_in_it_as_sent(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    with uow_for(cast.owner) as uow:
        preferences.update_own_preferences(uow, {"daily_digest": True, "time_zone": "UTC"})
    kept, deleted = file_ticket(), file_ticket()
    for ticket_id in (kept, deleted):
        comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    with uow_for(cast.admin) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, deleted))
    clock.forward(days=1)
    compose(uow_for)
    assert states(uow_for, cast.owner.id) == ["sent", "dropped"]
