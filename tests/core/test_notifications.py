"""Notifications: one for each event, visible only with access, and marked as read."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.trash import delete_ticket
from ticket_app.core.timeline.live_changes import NotificationTail


def add_notification(uow_for: UowFor, cast: Cast, to: int, ticket_id: int | None = None) -> None:
    with uow_for(cast.agent) as uow:
        notifications.notify(
            uow, to, NotificationKind.MENTION, "Agnes Hale named you", ticket_id=ticket_id
        )


def test_notification_is_listed_and_marked_as_read(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    add_notification(uow_for, cast, cast.owner.id, ticket_id)
    with uow_for(cast.owner, writes=False) as uow:
        assert notifications.count_unread(uow) == 1
        listed = notifications.list_own(uow)
    assert [(row.kind, row.message, row.key_number, row.actor_name) for row in listed] == [
        ("mention", "Agnes Hale named you", 1, "Agnes Hale")
    ]
    with uow_for(cast.owner) as uow:
        notifications.mark_read(uow, listed[0].id)
        assert notifications.count_unread(uow) == 0
        assert notifications.list_own(uow, unread_only=True) == []


def test_own_actions_create_no_notification(uow_for: UowFor, cast: Cast) -> None:
    add_notification(uow_for, cast, cast.agent.id)
    with uow_for(cast.agent, writes=False) as uow:
        assert notifications.count_unread(uow) == 0


def test_notifications_of_another_person_cannot_be_read(uow_for: UowFor, cast: Cast) -> None:
    add_notification(uow_for, cast, cast.owner.id)
    with uow_for(cast.owner, writes=False) as uow:
        notice_id = notifications.list_own(uow)[0].id
    with uow_for(cast.stranger) as uow:
        assert notifications.list_own(uow) == []
        notifications.mark_read_by_ids(uow, [notice_id])
        with pytest.raises(NotFound):
            notifications.mark_read(uow, notice_id)
    with uow_for(cast.owner, writes=False) as uow:
        assert notifications.count_unread(uow) == 1


def test_a_notice_about_a_ticket_one_may_not_see_is_not_shown(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    add_notification(uow_for, cast, cast.stranger.id, ticket_id)
    add_notification(uow_for, cast, cast.manager.id, ticket_id)
    with uow_for(cast.stranger, writes=False) as uow:
        assert notifications.list_own(uow) == []
        assert notifications.count_unread(uow) == 0
    with uow_for(cast.agent) as uow:
        delete_ticket(uow, lock_ticket(uow, ticket_id))
    with uow_for(cast.manager, writes=False) as uow:
        assert notifications.count_unread(uow) == 0


def test_opening_a_ticket_marks_its_notifications_as_read(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    add_notification(uow_for, cast, cast.owner.id, file_ticket())
    add_notification(uow_for, cast, cast.owner.id, file_ticket())
    with uow_for(cast.owner) as uow:
        about = notifications.list_unread_ids_of_ticket(uow, "SUP-1")
        notifications.mark_read_by_ids(uow, about)
        assert len(about) == 1
        assert notifications.count_unread(uow) == 1
        assert notifications.list_unread_ids_of_ticket(uow, "no number") == []
        assert notifications.mark_all_read(uow) == 1
        assert notifications.count_unread(uow) == 0


def test_the_next_page_begins_where_the_last_ended(uow_for: UowFor, cast: Cast) -> None:
    for _ in range(5):
        add_notification(uow_for, cast, cast.owner.id)
    with uow_for(cast.owner, writes=False) as uow:
        first = notifications.list_own(uow, limit=3)
        rest = notifications.list_own(uow, limit=3, before_id=first[-1].id)
    ids = [row.id for row in (*first, *rest)]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 5


def test_old_notices_go(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    add_notification(uow_for, cast, cast.owner.id)
    clock.forward(days=91)
    add_notification(uow_for, cast, cast.owner.id)
    with uow_for(None) as uow:
        assert notifications.delete_expired_batch(uow) == 1
    with uow_for(cast.owner, writes=False) as uow:
        assert notifications.count_unread(uow) == 1


def test_open_pages_receive_the_recipients_of_notifications(uow_for: UowFor, cast: Cast) -> None:
    tail = NotificationTail()
    with uow_for(None, writes=False) as uow:
        assert tail.read_changed_person_ids(uow) == set()
    add_notification(uow_for, cast, cast.owner.id)
    with uow_for(None, writes=False) as uow:
        assert tail.read_changed_person_ids(uow) == {cast.owner.id}
        assert tail.read_changed_person_ids(uow) == set()
