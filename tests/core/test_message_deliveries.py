"""Staff see how each message came in, and whether its recipients were reached."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_outgoing_email import Refusing, comment, compose, deliver
from ticket_app.core.email import forwarding
from ticket_app.core.email.deliveries import (
    Reached,
    RecipientDelivery,
    list_message_deliveries,
    retry_email,
)
from ticket_app.core.email.outgoing import failures
from ticket_app.core.email.outgoing.transport import FailureScope
from ticket_app.core.notifications import notifications
from ticket_app.core.platform.errors import Forbidden, NotFound, RuleViolation
from ticket_app.tables import outgoing_email_table


def reached(uow_for: UowFor, cast: Cast, ticket_id: int) -> list[RecipientDelivery]:
    with uow_for(cast.agent) as uow:
        deliveries = list_message_deliveries(uow, ticket_id)
    return deliveries[min(deliveries)].recipients


def test_message_waits_is_delivered_and_is_read(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    compose(uow_for)
    assert reached(uow_for, cast, ticket_id) == [RecipientDelivery("Olive Ownby", Reached.WAITING)]
    clock.forward(minutes=2)
    compose(uow_for)
    assert reached(uow_for, cast, ticket_id) == [RecipientDelivery("Olive Ownby", Reached.WAITING)]
    with uow_for(None) as uow:
        uow.connection.execute(update(outgoing_email_table).values(state="sent", sent_at=clock.now))
    assert reached(uow_for, cast, ticket_id) == [
        RecipientDelivery("Olive Ownby", Reached.DELIVERED, clock.now)
    ]
    clock.forward(minutes=2)
    with uow_for(cast.owner) as uow:
        notifications.mark_ticket_read(uow, ticket_id)
    assert reached(uow_for, cast, ticket_id) == [
        RecipientDelivery("Olive Ownby", Reached.READ, clock.now)
    ]


def test_failed_message_names_the_reason(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    compose(uow_for)
    clock.forward(minutes=2)
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.RECIPIENT))
    (delivery,) = reached(uow_for, cast, ticket_id)
    assert delivery.reached is Reached.FAILED
    assert "No such user" in delivery.reason
    assert delivery.at == clock.now


def test_channel_is_that_of_the_request_and_for_staff_only(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        uow.channel = "email"
    comment(uow_for, cast.agent, ticket_id)
    with uow_for(cast.agent) as uow:
        (delivery,) = list_message_deliveries(uow, ticket_id).values()
        assert delivery.channel == "system"
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        list_message_deliveries(uow, ticket_id)


def test_failed_email_is_sent_again_by_staff(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    other_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    compose(uow_for)
    clock.forward(minutes=2)
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.RECIPIENT))
    (failed,) = reached(uow_for, cast, ticket_id)
    email = failed.email
    assert email is not None
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match="undeliverable"):
        retry_email(uow, ticket_id, email)
    with uow_for(None) as uow:
        failures.clear_undeliverable(uow, cast.owner.email)
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        retry_email(uow, ticket_id, email)
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match="failed"):
        retry_email(uow, other_id, email)
    with uow_for(cast.agent) as uow, pytest.raises(NotFound):
        retry_email(uow, 999_999, email)
    with uow_for(cast.agent) as uow:
        retry_email(uow, ticket_id, email)
    (waiting,) = reached(uow_for, cast, ticket_id)
    assert (waiting.reached, waiting.email) == (Reached.WAITING, None)


def test_forwarded_message_shows_its_delivery(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        forwarding.forward(uow, ticket_id, "fix@vendor.example", message_id=0)
    assert reached(uow_for, cast, ticket_id) == [
        RecipientDelivery("fix@vendor.example", Reached.WAITING)
    ]
