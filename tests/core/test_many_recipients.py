"""One change that many people are notified of: short transactions, and nobody twice or never."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_distribution import comment, last_id, received
from ticket_app.core.conversation import distribution
from ticket_app.core.email.outgoing import notifying
from ticket_app.core.notifications import followers, notifications
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.jobs.notifications import notify_people
from ticket_app.tables import notification_table, outgoing_email_table


@pytest.fixture
def many_followers(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> int:
    """A ticket that five people hear of, with a comment that is not announced yet."""
    ticket_id = file_ticket()
    with uow_for(None) as uow:
        for person in (cast.colleague, cast.stranger, cast.manager, cast.admin):
            followers.follow(uow, ticket_id, person.id, FollowReason.CHOSEN)
    last_id(uow_for)
    comment(uow_for, cast.agent, ticket_id)
    return ticket_id


def waiting_payload(uow_for: UowFor) -> dict[str, Any]:
    with uow_for(None) as uow:
        (payload,) = outbox.list_waiting_payloads(uow, outbox.NOTIFICATIONS_TOPIC)
    return dict(payload)


def test_a_crash_between_batches_leaves_nobody_out_and_nobody_twice(
    many_followers: int, uow_for: UowFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distribution, "BATCH_SIZE", 2)
    payload = waiting_payload(uow_for)
    sizes: list[int] = []
    insert = notifications.insert_notifications

    def insert_two_batches(uow: UnitOfWork, rows: Sequence[dict[str, object]]) -> None:
        if len(sizes) == 2:
            raise ConnectionError
        sizes.append(len(rows))
        insert(uow, rows)

    with monkeypatch.context() as patched:
        patched.setattr(notifications, "insert_notifications", insert_two_batches)
        with pytest.raises(ConnectionError):
            notify_people(payload)
    assert sizes == [2, 2]
    assert len(received(uow_for)) == 4
    notify_people(payload)
    notify_people(payload)
    names = [name for name, kind, _ in received(uow_for) if kind == "reply"]
    assert names == ["admin", "colleague", "manager", "owner", "stranger"]


def test_email_composed_before_its_notification_was_read_is_not_saved(
    many_followers: int, uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    notify_people(waiting_payload(uow_for))
    clock.forward(minutes=2)
    with uow_for(None, writes=False) as uow:
        people = (cast.owner.id, cast.colleague.id)
        emails = [notifying.build_email(uow, person_id, many_followers) for person_id in people]
    composed = [email for email in emails if email is not None]
    assert len(composed) == 2
    with uow_for(cast.owner) as uow:
        notifications.mark_ticket_read(uow, many_followers)
    for saved_count in (1, 0):
        with uow_for(None) as uow:
            assert notifying.save_emails(uow, composed) == saved_count
    with uow_for(None) as uow:
        sent = uow.connection.execute(select(outgoing_email_table.c.person_id)).scalars().all()
        states = uow.connection.execute(
            select(notification_table.c.person_id, notification_table.c.email_state)
        ).all()
    assert sent == [cast.colleague.id]
    assert (cast.owner.id, "dropped") in [tuple(row) for row in states]
