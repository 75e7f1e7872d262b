"""The desk's pages below their looks: addresses, rows, and what is done with several tickets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest

from tests.cast import MORNING, Cast, Clock, UowFor
from ticket_app.core.attachments import attachments, uploading
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Priority, Status, StatusGroup
from ticket_app.core.tickets import (
    assigning,
    bulk,
    editing,
    locking,
    merging,
    opening,
    status_changes,
    ticket_lookup,
    trash,
)
from ticket_app.core.tickets.bulk import ExpectedState
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.timeline import drafts
from ticket_app.ui.pages.composer.comments import load_draft, send_comment
from ticket_app.ui.pages.desk import ticket_actions
from ticket_app.ui.pages.desk.lookup import LOOKUPS
from ticket_app.ui.pages.desk.queue import rows as queue_rows
from ticket_app.ui.pages.desk.queue.filters import QueueFilters
from ticket_app.ui.pages.desk.queue.page_trail import PageTrail
from ticket_app.ui.pages.desk.queue.rows import (
    count_views,
    find_ticket_href,
    load_queue,
    load_rows_for_bulk,
    refresh_rows,
    select_more_label,
)
from ticket_app.ui.pages.desk.queue.view import queue_page
from ticket_app.ui.pages.desk.queue.views import VIEWS
from ticket_app.ui.pages.desk.ticket import rows as ticket_rows
from ticket_app.ui.pages.desk.ticket.editing import _parse_value
from ticket_app.ui.pages.desk.ticket.merge import load_merge_status
from ticket_app.ui.pages.desk.ticket_changes import AssignTo, SetPriority


def file_ticket(uow_for: UowFor, by: Actor, **values: object) -> int:
    with uow_for(by) as uow:
        draft = TicketDraft("The lamp flickers", "Since noon.", **values)  # type: ignore[arg-type]
        ticket_id = opening.open_ticket(uow, draft).id
    assert ticket_id is not None
    return ticket_id


def test_address_and_filters_convert_into_each_other() -> None:
    asked = QueueFilters.from_url(
        "all",
        {
            "status": "open,new",
            "priority": "high",
            "kind": "bug",
            "assignee": "sam",
            "company": "7",
            "tag": "lamp,cold",
            "since": "2026-11-01",
            "until": "2026-11-20",
            "section": "Orders & bills",
            "q": "50% off?",
            "sort": "due",
            "dir": "asc",
        },
    )
    path, _, query = asked.href(after="abc", start=51).partition("?")
    again = QueueFilters.from_url("all", dict(parse_qsl(query)))
    assert path == "/desk/views/all"
    assert (again.after, again.start) == ("abc", 51)
    assert again.without_page == asked


@pytest.mark.parametrize(
    "values",
    [
        {"status": "nonsense", "sort": "password_hash", "n": "-4", "company": "x"},
        {"since": "yesterday", "until": "2026-13-01", "priority": "%00", "kind": ",,"},
        {"company": "٣", "n": "99999999999999"},
    ],
)
def test_an_address_that_makes_no_sense_is_the_plain_view(values: dict[str, str]) -> None:
    assert QueueFilters.from_url("mine", values) == QueueFilters.from_url("mine", {})
    assert QueueFilters.from_url("no such view", values).view == "open"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_lists_and_counts_the_same_tickets(
    view: str, uow_for: UowFor, cast: Cast
) -> None:
    for status in (None, Status.PENDING_USER, Status.RESOLVED):
        ticket_id = file_ticket(uow_for, cast.owner)
        with uow_for(cast.agent) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            editing.edit(uow, ticket, {"due_at": MORNING + timedelta(hours=2)})
            if status:
                assigning.assign(uow, ticket, cast.agent.id)
                status_changes.change_status(uow, ticket, status)
    with uow_for(cast.agent, writes=False) as uow:
        listed = load_queue(uow, QueueFilters.from_url(view, {}))
        assert count_views(uow)[view] == str(len(listed.rows))
        assert listed.total == len(listed.rows)
    with uow_for(cast.owner, writes=False) as uow, pytest.raises(Forbidden):
        load_queue(uow, QueueFilters.from_url(view, {}))


def test_a_status_inside_the_view_narrows_it_and_one_outside_finds_nothing() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    inside = QueueFilters.from_url("open", {"status": "new,closed"}).to_query(now=now, actor_id=1)
    assert (inside.status, inside.group) == (frozenset({Status.NEW}), frozenset())
    outside = QueueFilters.from_url("open", {"status": "closed"}).to_query(now=now, actor_id=1)
    assert outside.status == {Status.CLOSED}
    assert StatusGroup.DONE not in outside.group


def test_a_search_in_a_view_counts_what_matches_elsewhere(uow_for: UowFor, cast: Cast) -> None:
    for assignee in (None, cast.agent.id, cast.agent.id):
        ticket_id = file_ticket(uow_for, cast.owner)
        with uow_for(cast.agent) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            editing.edit(uow, ticket, {"title": "Scanner"})
            if assignee:
                assigning.assign(uow, ticket, assignee)
    expected = {
        ("mine", "scanner"): (2, "1"),
        ("unassigned", "scanner"): (1, "2"),
        ("waiting", "scanner"): (0, "3"),
        ("open", "scanner"): (3, ""),
        ("all", "scanner"): (3, ""),
        ("mine", "toaster"): (0, ""),
        ("mine", ""): (2, ""),
    }
    with uow_for(cast.agent, writes=False) as uow:
        for (view, words), (total, elsewhere) in expected.items():
            listed = load_queue(uow, QueueFilters.from_url(view, {"q": words}))
            assert (listed.total, listed.elsewhere) == (total, elsewhere), (view, words)
        narrowed = QueueFilters.from_url(
            "all", {"q": "scanner", "assignee": "none", "sort": "created"}
        )
        assert load_queue(uow, narrowed).elsewhere == "2"
        assert load_queue(uow, narrowed.search_everywhere).total == 3
        assert (
            find_ticket_href(uow, "sup 2") == find_ticket_href(uow, "#2") == "/desk/tickets/SUP-2"
        )
        assert find_ticket_href(uow, "scanner") == ""


def test_filters_of_the_first_page_stay_at_its_address() -> None:
    home = QueueFilters.from_url("", {"q": "scanner"})
    assert home.view == "open"
    assert home.href() == "/desk?q=scanner"
    assert home.with_choice("status", "new").href(search="") == "/desk?status=new"
    assert home == QueueFilters.from_url("open", {"q": "scanner"})
    assert QueueFilters.from_url("open", {"q": "scanner"}).href() == "/desk/views/open?q=scanner"


def test_previous_leads_back_the_way_one_came() -> None:
    first = QueueFilters.from_url("all", {})
    second = QueueFilters.from_url("all", {"after": "a", "n": "51"})
    third = QueueFilters.from_url("all", {"after": "b", "n": "101"})
    trail = PageTrail().visit(first).visit(second).visit(third)
    assert trail.previous == ("a", 51)
    assert trail.visit(second).previous == ("", 1)
    assert PageTrail().visit(third).previous == ("", 1)
    assert trail.visit(QueueFilters.from_url("mine", {})).previous == ("", 1)


def test_news_waits_and_rows_keep_their_places(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    old = [file_ticket(uow_for, cast.owner) for _ in range(3)]
    clock.forward(minutes=5)
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, old[0]), Status.RESOLVED)
    new = file_ticket(uow_for, cast.owner)
    with uow_for(cast.agent, writes=False) as uow:
        rows, news = refresh_rows(uow, QueueFilters.from_url("open", {}), [*reversed(old)])
    assert [row.id for row in rows] == [*reversed(old)]
    assert rows[-1].status == Status.RESOLVED
    assert news == [new]


def seen(uow: UnitOfWork, *ids: int) -> dict[int, ExpectedState]:
    """What a person who looks at these tickets now sees of them."""
    rows = [ticket_lookup.read_ticket(uow, one) for one in ids]
    return {row.id: ExpectedState(row.version, row.assignee_id) for row in rows}


def test_several_tickets_change_together_and_go_back_together(uow_for: UowFor, cast: Cast) -> None:
    ids = [file_ticket(uow_for, cast.owner, priority=p) for p in (Priority.LOW, Priority.HIGH)]
    with uow_for(cast.agent) as uow:
        done = ticket_actions.change_tickets(uow, SetPriority(Priority.URGENT), seen(uow, *ids))
        assert {row.priority for row in done.rows} == {"urgent"}
        assert len(done.numbers) == 2
        bulk.undo_steps(uow, done.steps)
        assert [ticket_lookup.read_ticket(uow, one).priority for one in ids] == ["low", "high"]


def test_all_tickets_of_a_view_are_selected_up_to_what_is_changed_at_once(
    uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = {file_ticket(uow_for, cast.owner) for _ in range(7)}
    monkeypatch.setattr(queue_rows, "MAX_PAGE_SIZE", 3)
    with uow_for(cast.agent) as uow:
        second_page = QueueFilters.from_url("open", {"after": "somewhere", "n": "51"})
        assert {row.id for row in load_rows_for_bulk(uow, second_page)} == created
        monkeypatch.setattr(queue_rows, "MAX_BULK_TICKETS", 5)
        newest = [row.id for row in load_rows_for_bulk(uow, QueueFilters.from_url("all", {}))]
        assert len(newest) == 5
        assert set(newest) < created
    assert select_more_label("50", 50, 50) == ""
    assert select_more_label("5", 5, 3) == "Select all 5 in this view"
    assert select_more_label("134", 134, 50) == "Select the first 5 of 134 in this view"


def test_giving_back_a_new_ticket_makes_it_new_again(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = file_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        done = ticket_actions.change_tickets(uow, AssignTo("me"), seen(uow, ticket_id))
        assert [(row.status, row.assignee) for row in done.rows] == [("open", "Agnes Hale")]
        bulk.undo_steps(uow, done.steps)
        back = queue_rows.load_row(uow, ticket_id)
        assert back is not None
        assert (back.status, back.assignee) == ("new", "")


def test_what_somebody_else_took_is_refused_and_the_rest_is_done(
    uow_for: UowFor, cast: Cast
) -> None:
    taken, free = file_ticket(uow_for, cast.owner), file_ticket(uow_for, cast.owner)
    with uow_for(cast.agent, writes=False) as uow:
        stale = seen(uow, taken, free)
    with uow_for(cast.manager) as uow:
        ticket_actions.change_tickets(uow, AssignTo("me"), seen(uow, taken))
    with uow_for(cast.agent) as uow:
        done = ticket_actions.change_tickets(uow, AssignTo("me"), stale)
    assert len(done.numbers) == 1
    assert done.errors[0].startswith("Manny Gere has taken")


def test_a_page_has_the_conversation_the_notes_and_the_changes(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = file_ticket(uow_for, cast.owner, steps_to_reproduce="1. Look up")
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        commenting.add_comment(uow, ticket, "An *answer*")
        commenting.add_comment(uow, ticket, "A secret thought", internal=True)
        status_changes.change_status(uow, ticket, Status.IN_PROGRESS)
    with uow_for(cast.agent, writes=False) as uow:
        page = ticket_rows.load_ticket_page(uow, ticket_id, "all")
        kinds = [item.kind for item in page.items]
        assert kinds == ["message", "message", "note", "events"]
        assert "Look up" in page.items[0].html
        assert page.items[-1].events[0].new == "In progress"
        for show, wanted in (
            ("talk", ["message", "message"]),
            ("notes", ["note"]),
            ("history", ["events"]),
        ):
            assert [
                i.kind for i in ticket_rows.load_ticket_page(uow, ticket_id, show).items
            ] == wanted
    for nosy in (cast.owner, cast.stranger):
        with uow_for(nosy, writes=False) as uow, pytest.raises((Forbidden, NotFound)):
            ticket_rows.load_ticket_page(uow, ticket_id, "all")


def test_many_changes_in_a_row_are_one_line(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = file_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        for priority in (Priority.LOW, Priority.HIGH, Priority.URGENT, Priority.CRITICAL):
            editing.edit(uow, ticket, {"priority": priority})
    with uow_for(cast.agent, writes=False) as uow:
        assert ticket_rows.load_ticket_page(uow, ticket_id, "all").items[-1].summary == (
            "4 changes by Agnes Hale"
        )
        assert ticket_rows.load_ticket_page(uow, ticket_id, "history").items[-1].summary == ""


def test_a_sent_reply_takes_its_draft_and_sets_the_status(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = file_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        drafts.save_draft(uow, drafts.note_place(ticket_id), {"body": "Half a thought"})
        assert load_draft(uow, ticket_id).audience == "note"
        send_comment(uow, ticket_id, "Done.", new_status="resolved")
        assert load_draft(uow, ticket_id).text == ""
        ticket = locking.lock_ticket(uow, ticket_id)
        assert (ticket.status, ticket.comments_count) == (Status.RESOLVED, 1)
    with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
        send_comment(uow, ticket_id, "Let me in")


@pytest.mark.parametrize("sort", LOOKUPS)
def test_what_menus_find_is_for_staff_only(sort: str, uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent, writes=False) as uow:
        assert len(LOOKUPS[sort](uow, "")) <= 20
    with uow_for(cast.owner, writes=False) as uow, pytest.raises(Forbidden):
        LOOKUPS[sort](uow, "")


def test_a_files_tile_is_a_picture_only_once_it_is_clean(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = file_ticket(uow_for, cast.owner)
    examined = uploading.StoredUpload(
        uuid=uuid4(),
        original_name="shot.png",
        stored_name="a.png",
        mime_type="image/png",
        size=2048,
        sha256="0" * 64,
        storage_key="k",
        scan_status=attachments.ScanStatus.PENDING,
        scan_reason=None,
    )
    with uow_for(cast.owner) as uow:
        attachments.attach(uow, locking.lock_ticket(uow, ticket_id), examined)
    with uow_for(cast.agent, writes=False) as uow:
        file = ticket_rows.load_ticket_page(uow, ticket_id, "all").files[0]
    assert (file.state, file.thumbnail, file.note) == ("scanning", "", "Scanning")


def test_merged_ticket_links_to_its_target_and_can_be_unmerged(
    uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    first, second = file_ticket(uow_for, cast.owner), file_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, second), "Which lamp?")
        merging.merge(uow, second, first)
    with uow_for(cast.agent, writes=False) as uow:
        gone, into = load_merge_status(uow, second), load_merge_status(uow, "SUP-1")
        assert gone.is_merged
        assert gone.can_undo
        assert [other.number for other in gone.merged_into] == ["SUP-1"]
        assert (into.is_merged, into.merged_into, into.can_undo) == (False, [], False)
        assert [other.number for other in into.sources] == ["SUP-2"]
        for ticket_id, values in (
            (second, "merged this into SUP-1"),
            (first, "merged in SUP-2"),
        ):
            shown = ticket_rows.load_ticket_page(uow, ticket_id, "history").items
            events = [event for item in shown for event in item.events]
            assert values in {f"{event.action} {event.new}" for event in events}
        assert [item.html for item in ticket_rows.load_ticket_page(uow, first, "talk").items][
            1:
        ] == ["<p>Which lamp?</p>\n"]
    clock.forward(minutes=11)
    with uow_for(cast.agent, writes=False) as uow:
        assert not load_merge_status(uow, second).can_undo
    with uow_for(cast.admin) as uow:
        assert load_merge_status(uow, second).can_undo
        trash.delete_ticket(uow, locking.lock_ticket(uow, first))
        assert load_merge_status(uow, second).merged_into == []
    with uow_for(cast.owner, writes=False) as uow, pytest.raises(Forbidden):
        load_merge_status(uow, second)


def test_a_duplicate_of_a_ticket_in_the_trash_still_opens(uow_for: UowFor, cast: Cast) -> None:
    first, second = file_ticket(uow_for, cast.owner), file_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        status_changes.mark_duplicate(uow, locking.lock_ticket(uow, second), first)
        assert [
            one.id for one in ticket_rows.load_ticket_page(uow, second, "all").side_panel.original
        ] == [first]
        trash.delete_ticket(uow, locking.lock_ticket(uow, first))
        assert ticket_rows.load_ticket_page(uow, second, "all").side_panel.original == []


@pytest.mark.parametrize(
    ("values", "meant"),
    [
        ("2027-03-15T13:30:00.000Z", datetime(2027, 3, 15, 13, 30, tzinfo=UTC)),
        ("2027-03-15T13:30:00+00:00", datetime(2027, 3, 15, 13, 30, tzinfo=UTC)),
        ("2027-03-15T09:30:00-04:00", datetime(2027, 3, 15, 13, 30, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_due_date_comes_in_with_its_zone(values: str, meant: datetime | None) -> None:
    assert _parse_value("due_at", values, []) == meant


@pytest.mark.parametrize(
    "values",
    ["2027-03-15T13:30", "tomorrow", "+275760-09-13T00:00:00.000Z", "9999-12-31T23:59:59-12:00"],
)
def test_a_due_date_without_a_zone_is_refused(values: str) -> None:
    with pytest.raises(Invalid):
        _parse_value("due_at", values, [])


def test_queue_explains_what_of_a_search_could_not_be_applied(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent, writes=False) as uow:
        page = load_queue(uow, QueueFilters.from_url("all", {"q": "is:purple"}))
    assert page.rows == []
    assert page.search_hints[0].startswith("“is:purple” is unknown.")
    assert "search-hints" in str(queue_page().render())
