"""The desk's pages below their looks: addresses, rows, and what is done with several tickets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest

from tests.cast import MORNING, Cast, Clock, DeskFor
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Group, Priority, Status
from ticket_app.core.tickets import merging, ticket_list, tickets
from ticket_app.core.tickets.bulk import Seen
from ticket_app.core.tickets.tickets import TicketDraft
from ticket_app.core.timeline import drafts
from ticket_app.ui.pages.desk import ticket_rows, ticket_state, work
from ticket_app.ui.pages.desk.finder import FINDERS
from ticket_app.ui.pages.desk.merging import together
from ticket_app.ui.pages.desk.ticket_state import _meant
from ticket_app.ui.pages.desk.views import ME, VIEWS, Asked, Trail


def file_ticket(desk_for: DeskFor, by: Actor, **told: object) -> int:
    with desk_for(by) as desk:
        draft = TicketDraft("The lamp flickers", "Since noon.", **told)  # type: ignore[arg-type]
        ticket_id = tickets.open_ticket(desk, draft).id
    assert ticket_id is not None
    return ticket_id


def test_an_address_says_what_it_was_made_of() -> None:
    asked = Asked.read(
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
    again = Asked.read("all", dict(parse_qsl(query)))
    assert path == "/desk/views/all"
    assert (again.after, again.start) == ("abc", 51)
    assert again.list_only == asked


@pytest.mark.parametrize(
    "told",
    [
        {"status": "nonsense", "sort": "password_hash", "n": "-4", "company": "x"},
        {"since": "yesterday", "until": "2026-13-01", "priority": "%00", "kind": ",,"},
        {"company": "٣", "n": "99999999999999"},
    ],
)
def test_an_address_that_makes_no_sense_is_the_plain_view(told: dict[str, str]) -> None:
    assert Asked.read("mine", told) == Asked.read("mine", {})
    assert Asked.read("no such view", told).view == "open"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_lists_and_counts_the_same_tickets(
    view: str, desk_for: DeskFor, cast: Cast
) -> None:
    for status in (None, Status.PENDING_USER, Status.RESOLVED):
        ticket_id = file_ticket(desk_for, cast.owner)
        with desk_for(cast.agent) as desk:
            ticket = tickets.hold(desk, ticket_id)
            tickets.edit(desk, ticket, {"due_at": MORNING + timedelta(hours=2)})
            if status:
                tickets.assign(desk, ticket, cast.agent.id)
                tickets.change_status(desk, ticket, status)
    with desk_for(cast.agent, writes=False) as desk:
        listed = work.load_list(desk, Asked.read(view, {}))
        assert work.counted(desk)[view] == str(len(listed.rows))
        assert listed.total == len(listed.rows)
    with desk_for(cast.owner, writes=False) as desk, pytest.raises(Forbidden):
        work.load_list(desk, Asked.read(view, {}))


def test_a_status_inside_the_view_narrows_it_and_one_outside_finds_nothing() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    inside = Asked.read("open", {"status": "new,closed"}).query(now=now, me=1)
    assert (inside.status, inside.group) == (frozenset({Status.NEW}), frozenset())
    outside = Asked.read("open", {"status": "closed"}).query(now=now, me=1)
    assert outside.status == {Status.CLOSED}
    assert Group.DONE not in outside.group


def test_a_search_in_a_view_counts_what_matches_elsewhere(desk_for: DeskFor, cast: Cast) -> None:
    for assignee in (None, cast.agent.id, cast.agent.id):
        ticket_id = file_ticket(desk_for, cast.owner)
        with desk_for(cast.agent) as desk:
            ticket = tickets.hold(desk, ticket_id)
            tickets.edit(desk, ticket, {"title": "Scanner"})
            if assignee:
                tickets.assign(desk, ticket, assignee)
    expected = {
        ("mine", "scanner"): (2, "1"),
        ("unassigned", "scanner"): (1, "2"),
        ("waiting", "scanner"): (0, "3"),
        ("open", "scanner"): (3, ""),
        ("all", "scanner"): (3, ""),
        ("mine", "toaster"): (0, ""),
        ("mine", ""): (2, ""),
    }
    with desk_for(cast.agent, writes=False) as desk:
        for (view, words), (total, elsewhere) in expected.items():
            listed = work.load_list(desk, Asked.read(view, {"q": words}))
            assert (listed.total, listed.elsewhere) == (total, elsewhere), (view, words)
        narrowed = Asked.read("all", {"q": "scanner", "assignee": "none", "sort": "created"})
        assert work.load_list(desk, narrowed).elsewhere == "2"
        assert work.load_list(desk, narrowed.everywhere).total == 3
        assert work.named_by(desk, "sup 2") == work.named_by(desk, "#2") == "/desk/tickets/SUP-2"
        assert work.named_by(desk, "scanner") == ""


def test_filters_of_the_first_page_stay_at_its_address() -> None:
    home = Asked.read("", {"q": "scanner"})
    assert home.view == "open"
    assert home.href() == "/desk?q=scanner"
    assert home.href(search="", status=(Status.NEW,)) == "/desk?status=new"
    assert home == Asked.read("open", {"q": "scanner"})
    assert Asked.read("open", {"q": "scanner"}).href() == "/desk/views/open?q=scanner"


def test_previous_leads_back_the_way_one_came() -> None:
    first = Asked.read("all", {})
    second = Asked.read("all", {"after": "a", "n": "51"})
    third = Asked.read("all", {"after": "b", "n": "101"})
    trail = Trail().walk(first).walk(second).walk(third)
    assert trail.previous == ("a", 51)
    assert trail.walk(second).previous == ("", 1)
    assert Trail().walk(third).previous == ("", 1)
    assert trail.walk(Asked.read("mine", {})).previous == ("", 1)


def test_news_waits_and_rows_keep_their_places(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    old = [file_ticket(desk_for, cast.owner) for _ in range(3)]
    clock.forward(minutes=5)
    with desk_for(cast.agent) as desk:
        tickets.change_status(desk, tickets.hold(desk, old[0]), Status.RESOLVED)
    new = file_ticket(desk_for, cast.owner)
    with desk_for(cast.agent, writes=False) as desk:
        rows, news = work.look_again(desk, Asked.read("open", {}), [*reversed(old)])
    assert [row.id for row in rows] == [*reversed(old)]
    assert rows[-1].status == Status.RESOLVED
    assert news == [new]


def seen(desk: Desk, *ids: int) -> dict[int, Seen]:
    """What a person who looks at these tickets now sees of them."""
    rows = [ticket_list.read(desk, one) for one in ids]
    return {row.id: Seen(row.version, row.assignee_id) for row in rows}


def test_several_tickets_change_together_and_go_back_together(
    desk_for: DeskFor, cast: Cast
) -> None:
    ids = [file_ticket(desk_for, cast.owner, priority=p) for p in (Priority.LOW, Priority.HIGH)]
    with desk_for(cast.agent) as desk:
        done = work.change(desk, "priority", "urgent", seen(desk, *ids))
        assert {row.priority for row in done.rows} == {"urgent"}
        assert len(done.numbers) == 2
        back = work.put_back(desk, done.steps)
        assert [row.priority for row in back.rows] == ["low", "high"]


def test_all_tickets_of_a_view_are_selected_up_to_what_is_changed_at_once(
    desk_for: DeskFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = {file_ticket(desk_for, cast.owner) for _ in range(7)}
    monkeypatch.setattr(work, "LONGEST_PAGE", 3)
    with desk_for(cast.agent) as desk:
        second_page = Asked.read("open", {"after": "somewhere", "n": "51"})
        assert {row.id for row in work.load_whole(desk, second_page)} == filed
        monkeypatch.setattr(work, "MOST_AT_ONCE", 5)
        newest = [row.id for row in work.load_whole(desk, Asked.read("all", {}))]
        assert len(newest) == 5
        assert set(newest) < filed
    assert work.more_words("50", 50, 50) == ""
    assert work.more_words("5", 5, 3) == "Select all 5 in this view"
    assert work.more_words("134", 134, 50) == "Select the first 5 of 134 in this view"


def test_giving_back_a_new_ticket_makes_it_new_again(desk_for: DeskFor, cast: Cast) -> None:
    ticket_id = file_ticket(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        done = work.change(desk, "assignee", ME, seen(desk, ticket_id))
        assert [(row.status, row.assignee) for row in done.rows] == [("open", "Agnes Hale")]
        back = work.put_back(desk, done.steps)
        assert [(row.status, row.assignee) for row in back.rows] == [("new", "")]


def test_what_somebody_else_took_is_refused_and_the_rest_is_done(
    desk_for: DeskFor, cast: Cast
) -> None:
    taken, free = file_ticket(desk_for, cast.owner), file_ticket(desk_for, cast.owner)
    with desk_for(cast.agent, writes=False) as desk:
        stale = seen(desk, taken, free)
    with desk_for(cast.manager) as desk:
        work.change(desk, "assignee", ME, seen(desk, taken))
    with desk_for(cast.agent) as desk:
        done = work.change(desk, "assignee", ME, stale)
    assert len(done.numbers) == 1
    assert done.refused[0].startswith("Manny Gere has taken")


def test_a_page_has_the_conversation_the_notes_and_the_changes(
    desk_for: DeskFor, cast: Cast
) -> None:
    ticket_id = file_ticket(desk_for, cast.owner, steps_to_reproduce="1. Look up")
    with desk_for(cast.agent) as desk:
        ticket = tickets.hold(desk, ticket_id)
        commenting.comment(desk, ticket, "An *answer*")
        commenting.comment(desk, ticket, "A secret thought", internal=True)
        tickets.change_status(desk, ticket, Status.IN_PROGRESS)
    with desk_for(cast.agent, writes=False) as desk:
        page = ticket_rows.opened(desk, ticket_id, "all")
        kinds = [item.sort for item in page.items]
        assert kinds == ["message", "message", "note", "events"]
        assert "Look up" in page.items[0].html
        assert page.items[-1].events[0].new == "In progress"
        for show, wanted in (
            ("talk", ["message", "message"]),
            ("notes", ["note"]),
            ("history", ["events"]),
        ):
            assert [i.sort for i in ticket_rows.opened(desk, ticket_id, show).items] == wanted
    for nosy in (cast.owner, cast.stranger):
        with desk_for(nosy, writes=False) as desk, pytest.raises((Forbidden, NotFound)):
            ticket_rows.opened(desk, ticket_id, "all")


def test_many_changes_in_a_row_are_one_line(desk_for: DeskFor, cast: Cast) -> None:
    ticket_id = file_ticket(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        ticket = tickets.hold(desk, ticket_id)
        for priority in (Priority.LOW, Priority.HIGH, Priority.URGENT, Priority.CRITICAL):
            tickets.edit(desk, ticket, {"priority": priority})
    with desk_for(cast.agent, writes=False) as desk:
        assert ticket_rows.opened(desk, ticket_id, "all").items[-1].more == (
            "4 changes by Agnes Hale"
        )
        assert ticket_rows.opened(desk, ticket_id, "history").items[-1].more == ""


def test_a_sent_reply_takes_its_draft_and_sets_the_status(desk_for: DeskFor, cast: Cast) -> None:
    ticket_id = file_ticket(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        drafts.keep(desk, drafts.note_on(ticket_id), {"body": "Half a thought"})
        assert ticket_rows.writing(desk, ticket_id).audience == "note"
        ticket_state._send(desk, ticket_id, "Done.", False, "resolved")
        assert ticket_rows.writing(desk, ticket_id).text == ""
        ticket = tickets.hold(desk, ticket_id)
        assert (ticket.status, ticket.comments_count) == (Status.RESOLVED, 1)
    with desk_for(cast.stranger) as desk, pytest.raises(NotFound):
        ticket_state._send(desk, ticket_id, "Let me in", False, "")


@pytest.mark.parametrize("sort", FINDERS)
def test_what_menus_find_is_for_staff_only(sort: str, desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.agent, writes=False) as desk:
        assert len(FINDERS[sort](desk, "")) <= 20
    with desk_for(cast.owner, writes=False) as desk, pytest.raises(Forbidden):
        FINDERS[sort](desk, "")


def test_a_files_tile_is_a_picture_only_once_it_is_clean(desk_for: DeskFor, cast: Cast) -> None:
    ticket_id = file_ticket(desk_for, cast.owner)
    examined = attachments.Examined(
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
    with desk_for(cast.owner) as desk:
        attachments.attach(desk, tickets.hold(desk, ticket_id), examined)
    with desk_for(cast.agent, writes=False) as desk:
        file = ticket_rows.opened(desk, ticket_id, "all").files[0]
    assert (file.state, file.thumbnail, file.note) == ("scanning", "", "Being checked")


def test_a_merged_ticket_says_where_it_goes_on_and_may_be_taken_out(
    desk_for: DeskFor, cast: Cast, clock: Clock
) -> None:
    first, second = file_ticket(desk_for, cast.owner), file_ticket(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        commenting.comment(desk, tickets.hold(desk, second), "Which lamp?")
        merging.merge(desk, second, first)
    with desk_for(cast.agent, writes=False) as desk:
        gone, into = together(desk, second), together(desk, "SUP-1")
        assert gone.is_merged
        assert gone.may_undo
        assert [other.number for other in gone.into] == ["SUP-1"]
        assert (into.is_merged, into.into, into.may_undo) == (False, [], False)
        assert [other.number for other in into.sources] == ["SUP-2"]
        for ticket_id, told in (
            (second, "merged this into SUP-1"),
            (first, "merged in SUP-2"),
        ):
            shown = ticket_rows.opened(desk, ticket_id, "history").items
            events = [event for item in shown for event in item.events]
            assert told in {f"{event.did} {event.new}" for event in events}
        assert [item.html for item in ticket_rows.opened(desk, first, "talk").items][1:] == [
            "<p>Which lamp?</p>\n"
        ]
    clock.forward(minutes=11)
    with desk_for(cast.agent, writes=False) as desk:
        assert not together(desk, second).may_undo
    with desk_for(cast.admin) as desk:
        assert together(desk, second).may_undo
        tickets.delete_ticket(desk, tickets.hold(desk, first))
        assert together(desk, second).into == []
    with desk_for(cast.owner, writes=False) as desk, pytest.raises(Forbidden):
        together(desk, second)


def test_a_duplicate_of_a_ticket_in_the_trash_still_opens(desk_for: DeskFor, cast: Cast) -> None:
    first, second = file_ticket(desk_for, cast.owner), file_ticket(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        tickets.mark_duplicate(desk, tickets.hold(desk, second), first)
        assert [one.id for one in ticket_rows.opened(desk, second, "all").side.original] == [first]
        tickets.delete_ticket(desk, tickets.hold(desk, first))
        assert ticket_rows.opened(desk, second, "all").side.original == []


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2027-03-15T13:30:00.000Z", datetime(2027, 3, 15, 13, 30, tzinfo=UTC)),
        ("2027-03-15T13:30:00+00:00", datetime(2027, 3, 15, 13, 30, tzinfo=UTC)),
        ("2027-03-15T09:30:00-04:00", datetime(2027, 3, 15, 13, 30, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_due_date_comes_in_with_its_zone(told: str, meant: datetime | None) -> None:
    assert _meant("due_at", told, []) == meant


@pytest.mark.parametrize(
    "told",
    ["2027-03-15T13:30", "tomorrow", "+275760-09-13T00:00:00.000Z", "9999-12-31T23:59:59-12:00"],
)
def test_a_due_date_without_a_zone_is_refused(told: str) -> None:
    with pytest.raises(Invalid):
        _meant("due_at", told, [])
