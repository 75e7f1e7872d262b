"""People are told once, see only what they may, and what they have read is read."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.notifications import Notice
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.tickets.tickets import delete_ticket, hold
from ticket_app.core.timeline.live_changes import NoticeTail


def tell(desk_for: DeskFor, cast: Cast, to: int, ticket_id: int | None = None) -> None:
    with desk_for(cast.agent) as desk:
        notifications.tell(desk, to, Notice.MENTION, "Agnes Hale named you", ticket_id=ticket_id)


def test_it_works(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    tell(desk_for, cast, cast.owner.id, ticket_id)
    with desk_for(cast.owner, writes=False) as desk:
        assert notifications.unread(desk) == 1
        told = notifications.mine(desk)
    assert [(row.kind, row.says, row.key_number, row.actor_name) for row in told] == [
        ("mention", "Agnes Hale named you", 1, "Agnes Hale")
    ]
    with desk_for(cast.owner) as desk:
        notifications.read(desk, told[0].id)
        assert notifications.unread(desk) == 0
        assert notifications.mine(desk, unread=True) == []


def test_nobody_is_told_of_what_they_did_themselves(desk_for: DeskFor, cast: Cast) -> None:
    tell(desk_for, cast, cast.agent.id)
    with desk_for(cast.agent, writes=False) as desk:
        assert notifications.unread(desk) == 0


def test_nobody_reads_what_somebody_else_was_told(desk_for: DeskFor, cast: Cast) -> None:
    tell(desk_for, cast, cast.owner.id)
    with desk_for(cast.owner, writes=False) as desk:
        notice_id = notifications.mine(desk)[0].id
    with desk_for(cast.stranger) as desk:
        assert notifications.mine(desk) == []
        notifications.read_these(desk, [notice_id])
        with pytest.raises(NotFound):
            notifications.read(desk, notice_id)
    with desk_for(cast.owner, writes=False) as desk:
        assert notifications.unread(desk) == 1


def test_a_notice_about_a_ticket_one_may_not_see_is_not_shown(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    tell(desk_for, cast, cast.stranger.id, ticket_id)
    tell(desk_for, cast, cast.manager.id, ticket_id)
    with desk_for(cast.stranger, writes=False) as desk:
        assert notifications.mine(desk) == []
        assert notifications.unread(desk) == 0
    with desk_for(cast.agent) as desk:
        delete_ticket(desk, hold(desk, ticket_id))
    with desk_for(cast.manager, writes=False) as desk:
        assert notifications.unread(desk) == 0


def test_opening_a_ticket_reads_what_was_told_about_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    tell(desk_for, cast, cast.owner.id, file_ticket())
    tell(desk_for, cast, cast.owner.id, file_ticket())
    with desk_for(cast.owner) as desk:
        about = notifications.unread_about(desk, "SUP-1")
        notifications.read_these(desk, about)
        assert len(about) == 1
        assert notifications.unread(desk) == 1
        assert notifications.unread_about(desk, "no number") == []
        assert notifications.read_all(desk) == 1
        assert notifications.unread(desk) == 0


def test_the_next_page_begins_where_the_last_ended(desk_for: DeskFor, cast: Cast) -> None:
    for _ in range(5):
        tell(desk_for, cast, cast.owner.id)
    with desk_for(cast.owner, writes=False) as desk:
        first = notifications.mine(desk, most=3)
        rest = notifications.mine(desk, most=3, before=first[-1].id)
    ids = [row.id for row in (*first, *rest)]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 5


def test_old_notices_go(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    tell(desk_for, cast, cast.owner.id)
    clock.forward(days=91)
    tell(desk_for, cast, cast.owner.id)
    with desk_for(None) as desk:
        assert notifications.sweep(desk) == 1
    with desk_for(cast.owner, writes=False) as desk:
        assert notifications.unread(desk) == 1


def test_open_pages_learn_who_was_told(desk_for: DeskFor, cast: Cast) -> None:
    tail = NoticeTail()
    with desk_for(None, writes=False) as desk:
        assert tail.read(desk) == set()
    tell(desk_for, cast, cast.owner.id)
    with desk_for(None, writes=False) as desk:
        assert tail.read(desk) == {cast.owner.id}
        assert tail.read(desk) == set()
