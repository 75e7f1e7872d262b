"""What the portal's pages read and do, without a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.cast import PASSWORD, Cast, Clock, DeskFor
from ticket_app.core.conversation import commenting
from ticket_app.core.people import sign_in
from ticket_app.core.people.sign_in import Caller
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import open_desk
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.tickets import merging, tickets
from ticket_app.core.tickets.ticket_list import count_mine_by_status
from ticket_app.core.tickets.tickets import TicketDraft
from ticket_app.core.timeline import drafts
from ticket_app.ui import bridge, live, routes
from ticket_app.ui.pages.portal.filing.draft import Form, similar
from ticket_app.ui.pages.portal.filing.state import NewTicket, file_form, keep_draft, read_draft
from ticket_app.ui.pages.portal.mine.state import TABS, Wish, named_by, read_part
from ticket_app.ui.pages.portal.ticket.reading import SomebodyElses, read_ticket
from ticket_app.ui.pages.portal.ticket.state import PortalTicket, answer
from ticket_app.ui.pages.sign_in import placed

FILLED = Form(title="The lamp flickers", description="Since **noon**.", tags="hall,lamp")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def filed(desk_for: DeskFor, by: Actor, **told: Any) -> int:
    draft = TicketDraft(**{"title": "The lamp flickers", "description": "Since noon."} | told)
    with desk_for(by) as desk:
        ticket_id = tickets.open_ticket(desk, draft).id
    assert ticket_id is not None
    return ticket_id


def test_every_status_is_behind_exactly_one_tab() -> None:
    behind = [status for tab, (_, some) in TABS.items() if tab != "all" for status in some]
    assert sorted(behind) == sorted(Status)


def test_the_address_says_what_is_wished_and_back() -> None:
    wish = Wish(tab="open", q="a & b", kind="bug", filed="30d", sort="oldest")
    address = wish.address()
    asked = dict(part.split("=") for part in address.partition("?")[2].split("&"))
    assert asked["q"] == "a+%26+b"
    assert Wish.of(asked | {"q": "a & b"}) == wish
    assert Wish().address() == routes.PORTAL


@pytest.mark.parametrize(
    "asked", [{"tab": "no"}, {"kind": "x' OR 1"}, {"sort": "id"}, {"filed": "x..y"}, {"filed": "1"}]
)
def test_unknown_words_in_the_address_wish_for_nothing(asked: dict[str, str]) -> None:
    assert Wish.of(asked) == Wish()


def test_counts_agree_with_the_lists_with_filters_and_without(
    desk_for: DeskFor, cast: Cast
) -> None:
    for n, status in enumerate(Status):
        kind = Kind.BUG if n % 2 else Kind.SUPPORT
        ticket_id = filed(desk_for, cast.owner, kind=kind, priority=Priority.HIGH)
        if status not in (Status.NEW, Status.PENDING_APPROVAL):
            with desk_for(cast.agent) as desk:
                tickets.change_status(desk, tickets.hold(desk, ticket_id), status)
    filed(desk_for, cast.colleague)
    for wish in (Wish(), Wish(kind="bug"), Wish(q="lamp"), Wish(priority="low"), Wish(filed="7d")):
        with desk_for(cast.owner, writes=False) as desk:
            whole = read_part(desk, wish, 100)
            for tab in TABS:
                part = read_part(desk, Wish.of({**wish.__dict__, "tab": tab}), 100)
                assert len(part.cards) == part.filtered[tab], (wish, tab)
            assert whole.counts["all"] == sum(count_mine_by_status(desk).values()) == len(Status)


def test_staff_sees_only_what_they_filed_themselves(desk_for: DeskFor, cast: Cast) -> None:
    filed(desk_for, cast.owner)
    own = filed(desk_for, cast.agent, kind=Kind.BUG)
    with desk_for(cast.agent, writes=False) as desk:
        part = read_part(desk, Wish(), 20)
    assert [card.number for card in part.cards] == ["BUG-1"]
    assert own == 2


def test_a_number_leads_to_ones_own_ticket_only(desk_for: DeskFor, cast: Cast) -> None:
    filed_by_owner = TicketDraft(title="Lamp", description="Dark", kind=Kind.BUG)
    with desk_for(cast.owner) as desk:
        tickets.open_ticket(desk, filed_by_owner)
        assert named_by(desk, "bug 1") == named_by(desk, "#1") == "/portal/tickets/BUG-1"
        assert named_by(desk, "lamp") == named_by(desk, "BUG-2") == ""
    for actor in (cast.stranger, cast.agent):
        with desk_for(actor, writes=False) as desk:
            assert named_by(desk, "BUG-1") == ""


def test_the_list_goes_on_where_it_ended(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    for n in range(7):
        filed(desk_for, cast.owner, title=f"Lamp {n}")
        clock.forward(minutes=1)
    with desk_for(cast.owner, writes=False) as desk:
        first = read_part(desk, Wish(sort="newest"), 4)
        rest = read_part(desk, Wish(sort="newest"), 4, first.cursor)
    titles = [card.title for card in [*first.cards, *rest.cards]]
    assert titles == [f"Lamp {n}" for n in reversed(range(7))]
    assert rest.cursor is None


def test_a_span_of_days_has_its_last_day(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    filed(desk_for, cast.owner)
    day = clock.now.date()
    for filed_in, found in (
        (f"{day}..{day}", 1),
        (f"{day}..", 1),
        (f"..{day - timedelta(days=1)}", 0),
        (f"{day + timedelta(days=1)}..", 0),
    ):
        with desk_for(cast.owner, writes=False) as desk:
            part = read_part(desk, Wish.of({"filed": filed_in}), 20)
        assert len(part.cards) == found, filed_in


def test_a_form_filed_twice_is_one_ticket(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        keep_draft(desk, FILLED, "one attempt")
        first = file_form(desk, FILLED, "one attempt")
    with desk_for(cast.owner) as desk:
        assert file_form(desk, FILLED, "one attempt") == first
        assert drafts.find(desk, drafts.NEW_TICKET) is None
        assert sum(count_mine_by_status(desk).values()) == 1


def test_another_form_under_the_same_attempt_is_another_ticket(
    desk_for: DeskFor, cast: Cast
) -> None:
    with desk_for(cast.owner) as desk:
        first = file_form(desk, FILLED, "one attempt")
        other = Form(title="Another lamp", description="It is dark.")
        assert file_form(desk, other, "one attempt") != first


def test_a_draft_comes_back_as_it_was(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        assert not read_draft(desk).is_draft
        keep_draft(desk, FILLED, "one attempt")
    with desk_for(cast.owner, writes=False) as desk:
        begun = read_draft(desk)
    assert (begun.form, begun.attempt, begun.is_draft) == (FILLED, "one attempt", True)
    with desk_for(cast.stranger, writes=False) as desk:
        assert not read_draft(desk).is_draft


def test_fields_for_bugs_are_filed_with_bugs_only() -> None:
    told = FILLED.__dict__ | {"steps_to_reproduce": "Look up", "reproduction_rate": "always"}
    bug, wish = Form.of(told), Form.of(told | {"kind": "feature_request"})
    assert bug.ticket().steps_to_reproduce == "Look up"
    assert wish.ticket().steps_to_reproduce is None
    assert wish.ticket().reproduction_rate is None
    assert bug.ticket().tags == ["hall", "lamp"]


def test_problems_name_their_fields() -> None:
    wrong = Form.of({"title": "x" * 501, "client_version": "1" * 61, "tags": "y" * 61})
    assert set(wrong.problems()) == {"title", "description", "client_version", "tags"}
    assert wrong.problems()["title"] == "A title must have at most 500 characters"
    assert FILLED.problems() == {}


def test_words_that_are_no_choice_are_left_out() -> None:
    form = Form.of({"kind": "nonsense", "priority": 7, "severity": None, "unknown": "x"})
    assert form == Form()


def test_other_sections_are_named_in_ones_own_words() -> None:
    assert Form(section="other", section_other="The hall").value("section") == "The hall"
    assert Form(section="other").value("section") == "other"
    assert Form(section="api", section_other="The hall").value("section") == "api"


def test_own_open_tickets_like_the_title_are_found(desk_for: DeskFor, cast: Cast) -> None:
    mine = filed(desk_for, cast.owner, title="The kitchen lamp flickers at noon")
    filed(desk_for, cast.owner, title="The door squeaks")
    filed(desk_for, cast.colleague, title="The kitchen lamp flickers at noon")
    with desk_for(cast.owner, writes=False) as desk:
        assert [row.id for row in similar(desk, "kitchen lamp flickers again")] == [mine]
        assert similar(desk, "") == []


def test_nothing_internal_is_in_what_the_page_holds(desk_for: DeskFor, cast: Cast) -> None:
    for requester in (cast.owner, cast.agent):
        ticket_id = filed(desk_for, requester)
        with desk_for(cast.manager) as desk:
            ticket = tickets.hold(desk, ticket_id)
            commenting.comment(desk, ticket, "A fuse, I think", internal=True)
            commenting.comment(desk, ticket, "We look at it")
            tickets.edit(desk, ticket, {"internal_notes": "A fuse, I am sure"})
        with desk_for(requester, writes=False) as desk:
            seen = read_ticket(desk, str(ticket_id))
        assert "fuse" not in repr(seen)
        assert [message.id > 0 for message in seen.messages] == [False, True]


def test_staff_is_told_that_the_ticket_is_somebody_elses(desk_for: DeskFor, cast: Cast) -> None:
    ticket_id = filed(desk_for, cast.owner)
    with pytest.raises(SomebodyElses), desk_for(cast.agent, writes=False) as desk:
        read_ticket(desk, str(ticket_id))
    with pytest.raises(NotFound) as missing, desk_for(cast.stranger, writes=False) as desk:
        read_ticket(desk, str(ticket_id))
    assert type(missing.value) is NotFound


def test_an_answer_may_reopen_and_takes_its_draft_along(desk_for: DeskFor, cast: Cast) -> None:
    ticket_id = filed(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        tickets.change_status(desk, tickets.hold(desk, ticket_id), Status.RESOLVED)
    with desk_for(cast.owner) as desk:
        drafts.keep(desk, drafts.reply_to(ticket_id), {"text": "It flickers"})
        assert answer(desk, ticket_id, "It flickers again").ticket.status == Status.REOPENED
        assert drafts.find(desk, drafts.reply_to(ticket_id)) is None
    with desk_for(cast.owner, writes=False) as desk:
        seen = read_ticket(desk, str(ticket_id))
    assert seen.messages[-1].html == "<p>It flickers again</p>\n"
    assert "reopened it: Resolved to Reopened" in [step.did for step in seen.steps]


@pytest.mark.parametrize(
    ("status", "days", "label", "notice", "can_reopen"),
    [
        (Status.OPEN, 0, "Reply", "", False),
        (Status.PENDING_USER, 0, "Reply", "", False),
        (
            Status.RESOLVED,
            13,
            "Reply and reopen",
            "Your reply will reopen this ticket.",
            True,
        ),
        (Status.CLOSED, 13, "Reply and reopen", "Your reply will reopen this ticket.", True),
        (
            Status.CLOSED,
            15,
            "Reply in a new ticket",
            "This ticket was closed more than 14 days ago. "
            "Your reply will open a new ticket linked to it.",
            False,
        ),
        (
            Status.WONT_FIX,
            0,
            "Reply",
            "Your reply will be added here. This ticket stays closed.",
            False,
        ),
    ],
)
def test_the_page_says_what_a_reply_will_do(
    desk_for: DeskFor,
    cast: Cast,
    clock: Clock,
    status: Status,
    days: int,
    label: str,
    notice: str,
    can_reopen: bool,
) -> None:
    ticket_id = filed(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        tickets.change_status(desk, tickets.hold(desk, ticket_id), status)
    clock.forward(days=days)
    with desk_for(cast.owner, writes=False) as desk:
        seen = read_ticket(desk, str(ticket_id))
    assert (seen.send_label, seen.reply_notice, seen.can_reopen) == (label, notice, can_reopen)


def test_a_late_reply_is_read_in_the_new_ticket_with_its_files(
    desk_for: DeskFor, cast: Cast, clock: Clock
) -> None:
    ticket_id = filed(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        tickets.change_status(desk, tickets.hold(desk, ticket_id), Status.CLOSED)
    clock.forward(days=15)
    with desk_for(cast.owner) as desk:
        posted = answer(desk, ticket_id, "It flickers again")
        number = ticket_numbers.key(posted.ticket)
    with desk_for(cast.owner, writes=False) as desk:
        old, new = read_ticket(desk, str(ticket_id)), read_ticket(desk, number)
    assert (old.follow_up, old.follow_up_href) == (number, f"/portal/tickets/{number}")
    assert old.reply_notice == (
        f"This ticket is closed. Your reply will be added to {number}, which continues it."
    )
    assert [message.html for message in new.messages] == ["<p>It flickers again</p>\n"]
    assert new.standing == "We have your request"


@pytest.fixture
def at_the_tab(
    database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> Any:  # signs somebody in at the tab that all handlers of a test run in
    watched: list[set[str]] = []
    monkeypatch.setattr(live, "watch", lambda _page, _refresh, topics: watched.append(topics))

    def come_in(username: str) -> list[set[str]]:
        with open_desk(writes=True) as desk:
            proven = sign_in.check_credentials(desk, username, PASSWORD, Caller())
            cookie = sign_in.sign_in_browser(desk, proven, Caller())
        monkeypatch.setattr(bridge, "session_secret", lambda _page: cookie)
        return watched

    return come_in


@pytest.mark.anyio
async def test_a_refresh_never_touches_what_is_being_written(
    at_the_tab: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = at_the_tab("owner")
    page = PortalTicket(_reflex_internal_init=True)  # type: ignore[call-arg]
    with open_desk(writes=True, actor=cast.owner) as desk:
        ticket = tickets.open_ticket(desk, TicketDraft(title="Dark", description="It is."))
        ticket_id = ticket.id
        assert ticket_id is not None
        drafts.keep(desk, drafts.reply_to(ticket_id), {"text": "I was about"})
        seen = read_ticket(desk, str(ticket_id))
    page._show(seen, with_draft=True)
    with open_desk(writes=True, actor=cast.agent) as desk:
        commenting.comment(desk, tickets.hold(desk, ticket_id), "Lit again")
    with open_desk(writes=True, actor=cast.owner) as desk:
        drafts.keep(desk, drafts.reply_to(ticket_id), {"text": "from another device"})
    await PortalTicket.refresh.fn(page)
    assert page.messages[-1].html == "<p>Lit again</p>\n"
    assert page.draft == "I was about"
    assert watched == []


@pytest.mark.anyio
async def test_keeping_a_draft_asks_whether_the_ticket_is_theirs(
    at_the_tab: Any, cast: Cast
) -> None:
    with open_desk(writes=True, actor=cast.owner) as desk:
        ticket_id = tickets.open_ticket(desk, TicketDraft(title="Dark", description="It is.")).id
        assert ticket_id is not None
    at_the_tab("stranger")
    page = PortalTicket(_reflex_internal_init=True)  # type: ignore[call-arg]
    await PortalTicket.keep.fn(page, ticket_id, "Mine now")
    with open_desk(writes=False, actor=cast.stranger) as desk:
        assert drafts.find(desk, drafts.reply_to(ticket_id)) is None


@pytest.mark.anyio
async def test_filing_shows_what_is_wrong_and_keeps_the_form(at_the_tab: Any) -> None:
    at_the_tab("owner")
    page = NewTicket(_reflex_internal_init=True)  # type: ignore[call-arg]
    await NewTicket.file.fn(page, {"title": "Dark", "description": " "})
    assert page.errors["description"] == "A description is required"
    assert page.errors["title"] == ""


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("Username is too short; Email must be an e-mail address", {"username", "email"}),
        ("Somebody with this e-mail address is registered already", {"email"}),
        ("This username is taken, or looks like somebody else's", {"username"}),
        ("This name looks like that of somebody who works here", {"first_name"}),
        ("Password is too common", {"password"}),
        ("Too many sign-in attempts. Try again in a minute.", {""}),
        ("", set()),
    ],
)
def test_a_refused_registration_says_it_at_the_field(told: str, at: set[str]) -> None:
    assert set(placed(told)) == at


def test_a_merged_ticket_leads_to_where_it_goes_on(desk_for: DeskFor, cast: Cast) -> None:
    first, second = filed(desk_for, cast.owner), filed(desk_for, cast.owner)
    with desk_for(cast.agent) as desk:
        merging.merge(desk, second, first)
    with desk_for(cast.owner) as desk:
        seen = read_ticket(desk, str(second))
        assert (seen.is_merged, seen.can_reopen, seen.answers_here) == (True, False, False)
        assert (seen.goes_on_in, seen.goes_on_href) == ("SUP-1", "/portal/tickets/SUP-1")
        assert "put it together with SUP-1" in {step.did for step in seen.steps}
        assert "put it together with SUP-2" in {step.did for step in read_ticket(desk, "1").steps}
        drafts.keep(desk, drafts.reply_to(second), {"text": "I was just writing"})
        assert read_ticket(desk, str(second)).answers_here
    with desk_for(cast.agent) as desk:
        tickets.delete_ticket(desk, tickets.hold(desk, first))
    with desk_for(cast.owner, writes=False) as desk:
        seen = read_ticket(desk, str(second))
        assert (seen.is_merged, seen.goes_on_in, seen.goes_on_href) == (True, "", "")
