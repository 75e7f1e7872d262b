"""Who is notified of what: recipients of each kind, preferences, following, reading (MAIL.md)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting, distribution
from ticket_app.core.notifications import followers, notifications, preferences
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.platform import outbox
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import assigning, locking, status_changes
from ticket_app.tables import notification_table, person_table


def distribute(uow_for: UowFor) -> None:
    """Do what the background job does with everything that happened so far."""
    with uow_for(None) as uow:
        messages = outbox.claim_due(uow, 100, (outbox.NOTIFICATIONS_TOPIC,))
    with uow_for(None) as uow:
        for message in messages:
            payload: Any = message.payload
            distribution.distribute(uow, payload["ticket_id"], payload["entries"])
            outbox.mark_done(uow, message.id)


def received(uow_for: UowFor, since: int = 0) -> list[tuple[str, str, str]]:
    """Username, kind and message of each notification after an id, sorted."""
    with uow_for(None) as uow:
        rows = uow.connection.execute(
            select(person_table.c.username, notification_table)
            .join_from(
                notification_table,
                person_table,
                notification_table.c.person_id == person_table.c.id,
            )
            .where(notification_table.c.id > since)
        ).all()
    return sorted((row.username, row.kind, row.message) for row in rows)


def comment(uow_for: UowFor, by: Actor, ticket_id: int, *, internal: bool = False) -> None:
    with uow_for(by) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        commenting.add_comment(uow, ticket, "Look at the lamp.", internal=internal)


def assign(uow_for: UowFor, by: Actor, ticket_id: int, person_id: int | None) -> None:
    with uow_for(by) as uow:
        assigning.assign(uow, locking.lock_ticket(uow, ticket_id), person_id)


def last_id(uow_for: UowFor) -> int:
    distribute(uow_for)
    with uow_for(None) as uow:
        ids = uow.connection.execute(select(notification_table.c.id)).scalars().all()
    return max(ids, default=0)


def test_reply_notifies_the_requester_and_their_answer_the_assignee(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    assign(uow_for, cast.manager, ticket_id, cast.agent.id)
    since = last_id(uow_for)
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    assert received(uow_for, since) == [("owner", "reply", "Agnes Hale replied to SUP-1")]
    since = last_id(uow_for)
    comment(uow_for, cast.owner, ticket_id)
    distribute(uow_for)
    assert [row[:2] for row in received(uow_for, since)] == [("agent", "requester_reply")]


def test_internal_note_reaches_staff_only(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    assign(uow_for, cast.manager, ticket_id, cast.agent.id)
    with uow_for(cast.stranger) as uow:
        followers.follow(uow, ticket_id, cast.stranger.id, FollowReason.CC)
    since = last_id(uow_for)
    comment(uow_for, cast.manager, ticket_id, internal=True)
    distribute(uow_for)
    assert [row[:2] for row in received(uow_for, since)] == [("agent", "note")]


def test_assignment_reaches_the_new_and_the_previous_assignee(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    assign(uow_for, cast.manager, ticket_id, cast.agent.id)
    distribute(uow_for)
    assert received(uow_for)[0][:2] == ("agent", "assigned")
    since = last_id(uow_for)
    assign(uow_for, cast.admin, ticket_id, cast.manager.id)
    distribute(uow_for)
    assert [row[:2] for row in received(uow_for, since)] == [
        ("agent", "assigned"),
        ("manager", "assigned"),
    ]


@pytest.mark.parametrize(
    ("status", "is_announced"),
    [(Status.RESOLVED, True), (Status.PENDING_USER, True), (Status.IN_PROGRESS, False)],
)
def test_requester_is_notified_of_a_status_that_concerns_them(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, status: Status, is_announced: bool
) -> None:
    ticket_id = file_ticket()
    since = last_id(uow_for)
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
    distribute(uow_for)
    expected = [("owner", "status_changed")] if is_announced else []
    assert [row[:2] for row in received(uow_for, since)] == expected


def test_distribution_repeated_notifies_nobody_twice(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    with uow_for(None) as uow:
        messages = outbox.claim_due(uow, 100, (outbox.NOTIFICATIONS_TOPIC,))
    for _ in range(2):
        with uow_for(None) as uow:
            for message in messages:
                payload: Any = message.payload
                distribution.distribute(uow, payload["ticket_id"], payload["entries"])
    assert [row[:2] for row in received(uow_for)] == [("owner", "reply")]


def test_staff_who_replied_follow_until_they_choose_not_to(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    since = last_id(uow_for)
    comment(uow_for, cast.manager, ticket_id)
    distribute(uow_for)
    assert ("agent", "reply", "Maude Okafor replied to SUP-1")[:2] in [
        row[:2] for row in received(uow_for, since)
    ]
    with uow_for(cast.agent) as uow:
        followers.unfollow(uow, ticket_id, cast.agent.id)
    comment(uow_for, cast.agent, ticket_id)
    since = last_id(uow_for)
    comment(uow_for, cast.manager, ticket_id)
    distribute(uow_for)
    assert "agent" not in [row[0] for row in received(uow_for, since)]


def test_switches_decide_the_channels(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    with uow_for(cast.owner) as uow:
        chosen = preferences.update_own_preferences(uow, {"reply": {"email": False}})
        assert not chosen.switches["reply"]["email"]
        assert chosen.switches["reply"]["app"]
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    with uow_for(None) as uow:
        (row,) = uow.connection.execute(select(notification_table)).all()
    assert (row.is_in_app, row.email_state, row.email_due_at) == (True, "none", None)
    with uow_for(cast.owner) as uow:
        preferences.update_own_preferences(uow, {"reply": {"app": False}})
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    assert len(received(uow_for)) == 1


def test_reading_the_ticket_drops_the_email_that_waits(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    with uow_for(None) as uow:
        (row,) = uow.connection.execute(select(notification_table)).all()
        assert row.email_state == "waiting"
        assert row.email_due_at - row.created_at == timedelta(seconds=60)
    with uow_for(cast.owner) as uow:
        assert notifications.list_unread_tickets(uow, [ticket_id]) == {ticket_id}
        assert notifications.list_unread_entry_ids(uow, ticket_id) == [row.entry_id]
        assert notifications.list_unread_ids(uow, ticket_id)
        notifications.mark_ticket_read(uow, ticket_id)
        assert notifications.list_unread_tickets(uow, [ticket_id]) == frozenset()
        assert not notifications.list_unread_ids(uow, ticket_id)
    with uow_for(None) as uow:
        (row,) = uow.connection.execute(select(notification_table)).all()
        assert row.email_state == "dropped"


def test_quiet_hours_and_the_digest_postpone_email(uow_for: UowFor, cast: Cast) -> None:
    hours = {"start": "22:00", "end": "07:30"}
    with uow_for(cast.owner) as uow:
        quiet = preferences.update_own_preferences(
            uow, {"quiet_hours": hours, "time_zone": "Europe/Berlin"}
        )
        night = uow.now.replace(hour=23, minute=30)
        assert quiet.email_due_at(night).isoformat()[11:16] == "06:30"
        noon = uow.now.replace(hour=12)
        assert quiet.email_due_at(noon) == noon + timedelta(seconds=60)
        digest = preferences.update_own_preferences(uow, {"daily_digest": True})
        assert digest.email_due_at(noon).isoformat()[11:16] == "07:00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"replies": {"email": False}},
        {"reply": {"email": "no"}},
        {"reply": {"fax": True}},
        {"reply": True},
        {"quiet_hours": {"start": "25:00", "end": "07:00"}},
        {"time_zone": "Mars/Olympus"},
        {"daily_digest": 1},
    ],
)
def test_wrong_preferences_are_refused(
    uow_for: UowFor, cast: Cast, wrong: dict[str, object]
) -> None:
    with uow_for(cast.owner) as uow, pytest.raises(Invalid):
        preferences.update_own_preferences(uow, wrong)


def test_unreadable_preferences_count_as_none(uow_for: UowFor, cast: Cast) -> None:
    stored: dict[str, object] = {"notification_preferences": {"reply": 7, "quiet_hours": "x"}}
    chosen = preferences.read_preferences(stored, is_staff=False)
    assert chosen == preferences.read_preferences({}, is_staff=False)


def test_mentioned_person_is_notified_once(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        commenting.add_comment(uow, ticket, f"Hello @{cast.owner.username}, it is fixed.")
    distribute(uow_for)
    assert [row[:2] for row in received(uow_for)] == [("owner", "mention")]
