"""Presence on the pages for staff: rows, tabs of this process, and the last replier."""

from __future__ import annotations

import pytest

from tests.cast import Cast, UowFor
from ticket_app.core.conversation import presence
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.conversation.presence import Activity
from ticket_app.core.tickets import locking
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.ui import change_feed, live, open_tabs
from ticket_app.ui.open_tabs import CHECK_SECONDS, OpenTabs
from ticket_app.ui.pages.desk.presence.rows import (
    LEVELS,
    load_present,
    load_present_in_queue,
    typing_line,
)
from ticket_app.ui.pages.desk.queue.filters import QueueFilters
from ticket_app.ui.pages.desk.queue.rows import load_queue
from ticket_app.ui.pages.desk.queue.ticket_rows import new_tickets_button
from ticket_app.ui.pages.desk.ticket.editing import make_save


@pytest.fixture
def ticket_id(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.owner) as uow:
        opened = open_ticket(uow, TicketDraft(title="The lamp", description="Dark."))
        assert opened.id is not None
        return opened.id


def test_people_on_a_ticket_are_shown_with_a_sentence_and_a_level(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    assert set(LEVELS) == set(Activity)
    assert set(LEVELS.values()) == {"idle", "viewing", "editing"}
    tabs = OpenTabs()
    for actor, activity in ((cast.agent, Activity.REPLY), (cast.admin, Activity.AWAY)):
        with uow_for(actor) as uow:
            presence.report(uow, tabs.id_of(actor.username), ticket_id, activity)
    with uow_for(cast.manager, writes=False) as uow:
        people = load_present(uow, ticket_id)
        in_queue = load_present_in_queue(uow, [ticket_id])
    assert [(p.initials, p.level, p.label) for p in people] == [
        ("AH", "editing", "Agnes Hale is writing a reply"),
        ("AM", "idle", "Addie Minton has this open"),
    ]
    assert in_queue[ticket_id].label == (
        "Agnes Hale is writing a reply, Addie Minton has this open"
    )
    assert typing_line(people) == "Agnes Hale is writing a reply"


def test_tab_that_stops_watching_is_closed_unless_it_only_loads_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watching: set[str] = {"tab"}
    monkeypatch.setattr(live.watches, "is_connected", lambda token: True)
    monkeypatch.setattr(live.watches, "has", lambda token, event: token in watching)
    tabs = OpenTabs()
    tab = tabs.id_of("tab")
    assert tabs.id_of("tab") == tab
    assert tabs.take_closed("refresh", 0) == []
    watching.clear()
    assert tabs.take_closed("refresh", 1) == []
    watching.add("tab")
    assert tabs.take_closed("refresh", 2) == []
    watching.clear()
    assert tabs.take_closed("refresh", 3) == []
    assert tabs.take_closed("refresh", 3 + CHECK_SECONDS) == [tab]
    assert tabs.by_token == {}
    assert tabs.id_of("tab") != tab


def test_tab_whose_socket_is_gone_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.watches, "is_connected", lambda token: False)
    monkeypatch.setattr(live.watches, "has", lambda token, event: True)
    tabs = OpenTabs()
    tab = tabs.id_of("tab")
    assert [tabs.take_closed("refresh", now) for now in (0, 1)] == [[], [tab]]


def test_presence_has_a_topic_that_no_change_of_a_ticket_publishes() -> None:
    assert change_feed.presence_topic(7) not in (
        change_feed.ticket_topic(7),
        change_feed.staff_topic(7),
    )
    assert open_tabs.CHECK_SECONDS < presence.HEARTBEAT.total_seconds() < 30


def test_new_tickets_are_shown_with_the_people_who_have_them_open() -> None:
    page = str(new_tickets_button().render())
    assert 0 < page.find("queue.show_new_tickets") < page.find("queue_presence.load")


def test_row_of_the_queue_names_who_replied_last(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    for actor, expected in ((cast.owner, "Olive replied"), (cast.agent, "You replied")):
        with uow_for(actor) as uow:
            add_comment(uow, locking.lock_ticket(uow, ticket_id), "It is me.")
        with uow_for(cast.agent, writes=False) as uow:
            [row] = load_queue(uow, QueueFilters.from_url("all", {})).rows
        assert (row.replied, row.last_comment) == (expected, "It is me.")


def test_tags_saved_in_the_dialog_keep_what_a_colleague_has_added(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    with uow_for(cast.manager) as uow:
        make_save("tags", "urgent", [])(uow, locking.lock_ticket(uow, ticket_id))
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        make_save("tags", "lamp", [])(uow, ticket)
        assert sorted(ticket.tags) == ["lamp", "urgent"]
