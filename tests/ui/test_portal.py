"""What the portal's pages read and do, without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.cast import PASSWORD, Cast, Clock, UowFor
from ticket_app.core.conversation import commenting
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, NotFound, RuleViolation, VersionConflict
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import ContactChannel, Kind, Priority, Status
from ticket_app.core.tickets import (
    editing,
    locking,
    merging,
    opening,
    related,
    status_changes,
    templates,
    trash,
)
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.ticket_list import count_own_by_status
from ticket_app.core.timeline import drafts
from ticket_app.core.timeline.live_changes import TimelineChange
from ticket_app.ui import bridge, live, routes
from ticket_app.ui.change_feed import topics_of
from ticket_app.ui.pages.composer.comments import REPLY, send_comment
from ticket_app.ui.pages.composer.comments import load_draft as load_reply
from ticket_app.ui.pages.desk.ticket.rows import load_ticket_page
from ticket_app.ui.pages.portal.my_tickets.state import (
    TABS,
    TicketFilters,
    find_ticket_href,
    load_tickets,
)
from ticket_app.ui.pages.portal.new_ticket.form import (
    RequesterTicketForm,
    with_offered_choices,
)
from ticket_app.ui.pages.portal.new_ticket.state import (
    NewTicket,
    load_draft,
    submit_form,
)
from ticket_app.ui.pages.portal.ticket import editing as portal_editing
from ticket_app.ui.pages.portal.ticket.composer import ReplyComposer
from ticket_app.ui.pages.portal.ticket.rows import NotOwnTicket, load_ticket
from ticket_app.ui.pages.portal.ticket.state import PortalTicket
from ticket_app.ui.pages.sign_in import split_error_by_field
from ticket_app.ui.pages.ticket_form import form as ticket_form
from ticket_app.ui.pages.ticket_form.form import save_draft

FILLED = RequesterTicketForm(
    title="The lamp flickers", description="Since **noon**.", tags="hall,lamp"
)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def create_ticket(uow_for: UowFor, by: Actor, **given: Any) -> int:
    draft = TicketDraft(**{"title": "The lamp flickers", "description": "Since noon."} | given)
    with uow_for(by) as uow:
        ticket_id = opening.open_ticket(uow, draft).id
    assert ticket_id is not None
    return ticket_id


def test_every_status_is_behind_exactly_one_tab() -> None:
    behind = [status for tab, (_, some) in TABS.items() if tab != "all" for status in some]
    assert sorted(behind) == sorted(Status)


def test_filters_survive_the_round_trip_through_the_address() -> None:
    filters = TicketFilters(tab="open", q="a & b", kind="bug", created="30d", sort="oldest")
    address = filters.href()
    asked = dict(part.split("=") for part in address.partition("?")[2].split("&"))
    assert asked["q"] == "a+%26+b"
    assert TicketFilters.from_url(asked | {"q": "a & b"}) == filters
    assert TicketFilters().href() == routes.PORTAL


@pytest.mark.parametrize(
    "asked",
    [{"tab": "no"}, {"kind": "x' OR 1"}, {"sort": "id"}, {"created": "x..y"}, {"created": "1"}],
)
def test_unknown_values_in_the_address_are_ignored(asked: dict[str, str]) -> None:
    assert TicketFilters.from_url(asked) == TicketFilters()


def test_counts_agree_with_the_lists_with_filters_and_without(uow_for: UowFor, cast: Cast) -> None:
    for n, status in enumerate(Status):
        kind = Kind.BUG if n % 2 else Kind.SUPPORT
        ticket_id = create_ticket(uow_for, cast.owner, kind=kind, priority=Priority.HIGH)
        if status not in (Status.NEW, Status.PENDING_APPROVAL):
            with uow_for(cast.agent) as uow:
                status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
    create_ticket(uow_for, cast.colleague)
    for filters in (
        TicketFilters(),
        TicketFilters(kind="bug"),
        TicketFilters(q="lamp"),
        TicketFilters(priority="low"),
        TicketFilters(created="7d"),
    ):
        with uow_for(cast.owner, writes=False) as uow:
            whole = load_tickets(uow, filters, 100)
            for tab in TABS:
                part = load_tickets(
                    uow, TicketFilters.from_url({**filters.__dict__, "tab": tab}), 100
                )
                assert len(part.cards) == part.filtered_counts[tab], (filters, tab)
            assert whole.counts["all"] == sum(count_own_by_status(uow).values()) == len(Status)


def test_staff_sees_only_what_they_created_themselves(uow_for: UowFor, cast: Cast) -> None:
    create_ticket(uow_for, cast.owner)
    own = create_ticket(uow_for, cast.agent, kind=Kind.BUG)
    with uow_for(cast.agent, writes=False) as uow:
        part = load_tickets(uow, TicketFilters(), 20)
    assert [card.number for card in part.cards] == ["BUG-1"]
    assert own == 2


def test_company_list_is_refreshed_by_public_changes_of_its_tickets(
    uow_for: UowFor, cast: Cast
) -> None:
    reader = replace(cast.colleague, shared_company_id=1)
    with uow_for(reader, writes=False) as uow:
        own = load_tickets(uow, TicketFilters(), 20).topic
        shared = load_tickets(uow, TicketFilters(scope="company"), 20).topic
    with uow_for(cast.colleague, writes=False) as uow:
        assert load_tickets(uow, TicketFilters(scope="company"), 20).topic == own
    change = TimelineChange(1, 7, cast.owner.id, frozenset({1}), "comment", False, cast.agent.id)
    assert shared in topics_of(change)
    assert own not in topics_of(change)
    assert shared not in topics_of(replace(change, is_internal=True))
    assert shared not in topics_of(replace(change, company_ids=frozenset({2})))


def test_a_number_leads_to_ones_own_ticket_only(uow_for: UowFor, cast: Cast) -> None:
    created_by_owner = TicketDraft(title="Lamp", description="Dark", kind=Kind.BUG)
    with uow_for(cast.owner) as uow:
        opening.open_ticket(uow, created_by_owner)
        assert (
            find_ticket_href(uow, "bug 1") == find_ticket_href(uow, "#1") == "/portal/tickets/BUG-1"
        )
        assert find_ticket_href(uow, "lamp") == find_ticket_href(uow, "BUG-2") == ""
    for actor in (cast.stranger, cast.agent):
        with uow_for(actor, writes=False) as uow:
            assert find_ticket_href(uow, "BUG-1") == ""


def test_the_list_goes_on_where_it_ended(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    for n in range(7):
        create_ticket(uow_for, cast.owner, title=f"Lamp {n}")
        clock.forward(minutes=1)
    with uow_for(cast.owner, writes=False) as uow:
        first = load_tickets(uow, TicketFilters(sort="newest"), 4)
        rest = load_tickets(uow, TicketFilters(sort="newest"), 4, first.cursor)
    titles = [card.title for card in [*first.cards, *rest.cards]]
    assert titles == [f"Lamp {n}" for n in reversed(range(7))]
    assert rest.cursor is None


def test_period_of_days_includes_its_last_day(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    create_ticket(uow_for, cast.owner)
    day = clock.now.date()
    for created_in, found in (
        (f"{day}..{day}", 1),
        (f"{day}..", 1),
        (f"..{day - timedelta(days=1)}", 0),
        (f"{day + timedelta(days=1)}..", 0),
    ):
        with uow_for(cast.owner, writes=False) as uow:
            part = load_tickets(uow, TicketFilters.from_url({"created": created_in}), 20)
        assert len(part.cards) == found, created_in


def test_a_form_submitted_twice_is_one_ticket(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        save_draft(uow, drafts.NEW_TICKET_PLACE, FILLED, "one attempt")
        first = submit_form(uow, FILLED, "one attempt")
    with uow_for(cast.owner) as uow:
        assert submit_form(uow, FILLED, "one attempt") == first
        assert drafts.find_draft(uow, drafts.NEW_TICKET_PLACE) is None
        assert sum(count_own_by_status(uow).values()) == 1


def test_another_form_under_the_same_attempt_is_another_ticket(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        first = submit_form(uow, FILLED, "one attempt")
        other = RequesterTicketForm(title="Another lamp", description="It is dark.")
        assert submit_form(uow, other, "one attempt") != first


def test_a_draft_comes_back_as_it_was(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        assert not load_draft(uow).is_draft
        save_draft(uow, drafts.NEW_TICKET_PLACE, FILLED, "one attempt")
    with uow_for(cast.owner, writes=False) as uow:
        begun = load_draft(uow)
    assert (begun.form, begun.stored.attempt, begun.is_draft) == (FILLED, "one attempt", True)
    with uow_for(cast.stranger, writes=False) as uow:
        assert not load_draft(uow).is_draft


def test_fields_for_bugs_are_saved_with_bugs_only() -> None:
    given = FILLED.__dict__ | {"steps_to_reproduce": "Look up", "reproduction_rate": "always"}
    bug, filters = (
        RequesterTicketForm.from_data(given),
        RequesterTicketForm.from_data(given | {"kind": "feature_request"}),
    )
    assert bug.to_ticket_draft().steps_to_reproduce == "Look up"
    assert filters.to_ticket_draft().steps_to_reproduce is None
    assert filters.to_ticket_draft().reproduction_rate is None
    assert bug.to_ticket_draft().tags == ["hall", "lamp"]


def test_problems_name_their_fields() -> None:
    wrong = RequesterTicketForm.from_data(
        {"title": "x" * 501, "client_version": "1" * 61, "tags": "y" * 61}
    )
    assert set(wrong.problems()) == {"title", "description", "client_version", "tags"}
    assert wrong.problems()["title"] == "A title must have at most 500 characters"
    assert FILLED.problems() == {}


def test_words_that_are_no_choice_are_left_out() -> None:
    form = RequesterTicketForm.from_data(
        {"kind": "nonsense", "priority": 7, "severity": None, "unknown": "x"}
    )
    assert form == RequesterTicketForm()


def test_other_sections_are_named_in_ones_own_words() -> None:
    assert (
        RequesterTicketForm(section="other", section_other="The hall").core_value("section")
        == "The hall"
    )
    assert RequesterTicketForm(section="other").core_value("section") == "other"
    assert (
        RequesterTicketForm(section="api", section_other="The hall").core_value("section") == "api"
    )


def test_own_open_tickets_like_the_title_are_found(uow_for: UowFor, cast: Cast) -> None:
    mine = create_ticket(uow_for, cast.owner, title="The kitchen lamp flickers at noon")
    create_ticket(uow_for, cast.owner, title="The door squeaks")
    create_ticket(uow_for, cast.colleague, title="The kitchen lamp flickers at noon")
    with uow_for(cast.owner, writes=False) as uow:
        assert [row.id for row in related.find_similar(uow, "kitchen lamp flickers again")] == [
            mine
        ]
        assert related.find_similar(uow, "") == []


def test_requester_edits_an_unfinished_ticket(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = create_ticket(uow_for, cast.owner)
    with uow_for(cast.owner) as uow:
        seen = load_ticket(uow, str(ticket_id))
        assert (seen.can_edit, seen.messages[0].edited_at) == (True, "")
        original = portal_editing.read_texts(uow, ticket_id)
        changes = {**original, "description": "Since **ten**.", "category": "billing"}
        step = portal_editing.change_ticket(uow, ticket_id, changes, original)
        assert step is not None
        seen = load_ticket(uow, str(ticket_id))
        assert "<strong>ten</strong>" in seen.messages[0].html
        assert seen.messages[0].edited_at != ""
        assert seen.choices["category"] == "billing"
        assert [line.action for line in seen.history[1:]] == [
            "changed the description",
            "changed the category to Billing",
        ]
        with pytest.raises(VersionConflict):
            portal_editing.change_ticket(uow, ticket_id, {"description": "Noon"}, original)
    with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
        portal_editing.change_ticket(uow, ticket_id, {"priority": "low"})
    reader = replace(cast.colleague, shared_company_id=1)
    with uow_for(reader) as uow:
        assert not load_ticket(uow, str(ticket_id)).can_edit
        with pytest.raises(Forbidden):
            portal_editing.change_ticket(uow, ticket_id, {"priority": "low"})
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), Status.RESOLVED)
    with uow_for(cast.owner) as uow:
        assert not load_ticket(uow, str(ticket_id)).can_edit
        with pytest.raises(RuleViolation):
            portal_editing.change_ticket(uow, ticket_id, {"priority": "low"})


def test_portal_ticket_shows_similar_tickets_that_its_reader_may_read(
    uow_for: UowFor, cast: Cast
) -> None:
    ticket_id = create_ticket(uow_for, cast.owner, title="The kitchen lamp flickers")
    own = create_ticket(uow_for, cast.owner, title="Kitchen lamp flickers again", kind=Kind.BUG)
    create_ticket(uow_for, cast.stranger, title="Kitchen lamp flickers again")
    create_ticket(uow_for, cast.colleague, title="Our kitchen lamp flickers", kind=Kind.INCIDENT)
    sharing = replace(cast.owner, shared_company_id=cast.owner.company_id)
    for actor, numbers in ((cast.owner, ["BUG-1"]), (sharing, ["INC-1", "BUG-1"])):
        with uow_for(actor, writes=False) as uow:
            seen = load_ticket(uow, str(ticket_id))
            typed = related.find_similar(uow, "kitchen lamp flickers")
        assert [ticket.number for ticket in seen.similar] == numbers
        assert seen.similar[-1].href == "/portal/tickets/BUG-1"
        assert {row.id for row in typed} >= {ticket_id, own}
        assert len(typed) == len(numbers) + 1


def test_ticket_created_for_a_customer_shows_its_creator_and_channel(
    uow_for: UowFor, cast: Cast
) -> None:
    ticket_id = create_ticket(
        uow_for, cast.agent, requester_id=cast.owner.id, channel=ContactChannel.PHONE
    )
    with uow_for(cast.owner, writes=False) as uow:
        assert load_ticket(uow, str(ticket_id)).created_for == (
            "Created by Agnes Hale for you by phone"
        )
    with uow_for(cast.manager, writes=False) as uow:
        page = load_ticket_page(uow, ticket_id, "all")
        assert page.ticket.created_for == "Created by Agnes Hale for Olive Ownby by phone"
    own = create_ticket(uow_for, cast.owner)
    with uow_for(cast.owner, writes=False) as uow:
        assert load_ticket(uow, str(own)).created_for == ""


def test_nothing_internal_is_in_what_the_page_holds(uow_for: UowFor, cast: Cast) -> None:
    for requester in (cast.owner, cast.agent):
        ticket_id = create_ticket(uow_for, requester)
        with uow_for(cast.manager) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            commenting.add_comment(uow, ticket, "A fuse, I think", internal=True)
            commenting.add_comment(uow, ticket, "We look at it")
            editing.edit(uow, ticket, {"internal_notes": "A fuse, I am sure"})
        with uow_for(requester, writes=False) as uow:
            seen = load_ticket(uow, str(ticket_id))
        assert "fuse" not in repr(seen)
        assert [message.id > 0 for message in seen.messages] == [False, True]


def test_staff_see_that_the_ticket_belongs_to_another_requester(
    uow_for: UowFor, cast: Cast
) -> None:
    ticket_id = create_ticket(uow_for, cast.owner)
    with pytest.raises(NotOwnTicket), uow_for(cast.agent, writes=False) as uow:
        load_ticket(uow, str(ticket_id))
    with pytest.raises(NotFound) as missing, uow_for(cast.stranger, writes=False) as uow:
        load_ticket(uow, str(ticket_id))
    assert type(missing.value) is NotFound


def test_an_answer_may_reopen_and_takes_its_draft_along(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = create_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), Status.RESOLVED)
    with uow_for(cast.owner) as uow:
        drafts.save_draft(uow, drafts.reply_place(ticket_id), {"text": "It flickers"})
        send_comment(uow, ticket_id, "It flickers again", audiences=(REPLY,))
        assert drafts.find_draft(uow, drafts.reply_place(ticket_id)) is None
    with uow_for(cast.owner, writes=False) as uow:
        seen = load_ticket(uow, str(ticket_id))
    assert seen.status == Status.REOPENED
    assert seen.messages[-1].html == "<p>It flickers again</p>\n"
    assert "reopened the ticket: Resolved to Reopened" in [step.action for step in seen.history]


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
            "This ticket was finished more than 14 days ago. "
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
def test_page_explains_what_a_reply_will_do(
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    status: Status,
    days: int,
    label: str,
    notice: str,
    can_reopen: bool,
) -> None:
    ticket_id = create_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
    clock.forward(days=days)
    with uow_for(cast.owner, writes=False) as uow:
        seen = load_ticket(uow, str(ticket_id))
    assert (seen.send_label, seen.reply_notice, seen.can_reopen) == (label, notice, can_reopen)


def test_a_late_reply_is_read_in_the_new_ticket_with_its_files(
    uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    ticket_id = create_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), Status.CLOSED)
    clock.forward(days=15)
    with uow_for(cast.owner) as uow:
        sent = send_comment(uow, ticket_id, "It flickers again", audiences=(REPLY,))
        number = sent.follow_up_number
    with uow_for(cast.owner, writes=False) as uow:
        old, new = load_ticket(uow, str(ticket_id)), load_ticket(uow, number)
    assert (old.follow_up, old.follow_up_href) == (number, f"/portal/tickets/{number}")
    assert old.reply_notice == (
        f"This ticket is closed. Your reply will be added to its follow-up {number}."
    )
    assert [message.html for message in new.messages] == ["<p>It flickers again</p>\n"]
    assert new.status_text == "We received your request"


@pytest.fixture
def at_the_tab(
    database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> Any:  # signs somebody in at the tab that all handlers of a test run in
    watched: list[set[str]] = []
    monkeypatch.setattr(live, "watch", lambda _page, _refresh, topics: watched.append(topics))

    def come_in(username: str) -> list[set[str]]:
        with open_unit_of_work(writes=True) as uow:
            proven = verify_credentials(uow, username, PASSWORD, ClientInfo())
            cookie = start_browser_session(uow, proven, ClientInfo())
        monkeypatch.setattr(bridge, "session_secret", lambda _page: cookie)
        return watched

    return come_in


@pytest.mark.anyio
async def test_a_refresh_never_touches_what_is_being_written(
    at_the_tab: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = at_the_tab("owner")
    page = PortalTicket(_reflex_internal_init=True)  # type: ignore[call-arg]
    composer = ReplyComposer(_reflex_internal_init=True)  # type: ignore[call-arg]
    with open_unit_of_work(writes=True, actor=cast.owner) as uow:
        ticket = opening.open_ticket(uow, TicketDraft(title="Dark", description="It is."))
        ticket_id = ticket.id
        assert ticket_id is not None
        drafts.save_draft(uow, drafts.reply_place(ticket_id), {"text": "I was about"})
        page._show_ticket(load_ticket(uow, str(ticket_id)))
        composer._show_draft(load_reply(uow, ticket_id, (REPLY,)))
    with open_unit_of_work(writes=True, actor=cast.agent) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, ticket_id), "Lit again")
    with open_unit_of_work(writes=True, actor=cast.owner) as uow:
        drafts.save_draft(uow, drafts.reply_place(ticket_id), {"text": "from another device"})
    await PortalTicket.refresh.fn(page)
    assert page.messages[-1].html == "<p>Lit again</p>\n"
    assert composer.draft_text == "I was about"
    assert watched == []


@pytest.mark.anyio
async def test_keeping_a_draft_asks_whether_the_ticket_is_theirs(
    at_the_tab: Any, cast: Cast
) -> None:
    with open_unit_of_work(writes=True, actor=cast.owner) as uow:
        ticket_id = opening.open_ticket(uow, TicketDraft(title="Dark", description="It is.")).id
        assert ticket_id is not None
    at_the_tab("stranger")
    page = ReplyComposer(_reflex_internal_init=True)  # type: ignore[call-arg]
    await ReplyComposer.autosave.fn(page, ticket_id, "Mine now")
    with open_unit_of_work(writes=False, actor=cast.stranger) as uow:
        assert drafts.find_draft(uow, drafts.reply_place(ticket_id)) is None


@pytest.mark.anyio
async def test_a_rejected_form_shows_what_is_wrong_and_keeps_its_values(at_the_tab: Any) -> None:
    at_the_tab("owner")
    page = NewTicket(_reflex_internal_init=True)  # type: ignore[call-arg]
    await NewTicket.submit.fn(page, {"title": "Dark", "description": " "})
    assert page.errors["description"] == "A description is required"
    assert page.errors["title"] == ""


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("Username is too short; Email must be a valid email address", {"username", "email"}),
        ("An account with this email address already exists", {"email"}),
        ("This username is taken or too similar to another one", {"username"}),
        ("This name is too similar to the name of a staff member", {"first_name"}),
        ("Password is too common", {"password"}),
        ("Too many sign-in attempts. Try again in a minute.", {""}),
        ("", set()),
    ],
)
def test_rejected_registration_shows_the_error_at_the_field(given: str, at: set[str]) -> None:
    assert set(split_error_by_field(given)) == at


def test_a_merged_ticket_leads_to_where_it_goes_on(uow_for: UowFor, cast: Cast) -> None:
    first, second = create_ticket(uow_for, cast.owner), create_ticket(uow_for, cast.owner)
    with uow_for(cast.agent) as uow:
        merging.merge(uow, second, first)
    with uow_for(cast.owner) as uow:
        seen = load_ticket(uow, str(second))
        assert (seen.is_merged, seen.can_reopen, seen.can_reply) == (True, False, False)
        assert (seen.merged_into, seen.merged_into_href) == ("SUP-1", "/portal/tickets/SUP-1")
        assert "merged the ticket with SUP-1" in {step.action for step in seen.history}
        assert "merged the ticket with SUP-2" in {
            step.action for step in load_ticket(uow, "1").history
        }
        drafts.save_draft(uow, drafts.reply_place(second), {"text": "I was just writing"})
        assert load_ticket(uow, str(second)).can_reply
    with uow_for(cast.agent) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, first))
    with uow_for(cast.owner, writes=False) as uow:
        seen = load_ticket(uow, str(second))
        assert (seen.is_merged, seen.merged_into, seen.merged_into_href) == (True, "", "")


def test_a_template_fills_in_the_form_and_keeps_what_was_written(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.admin) as uow:
        first, second = (
            templates.create_template(uow, name, summary=summary, ticket_values=values).id
            for name, summary, values in (
                (
                    "Password",
                    "Locked out",
                    {
                        "title": "Reset a password",
                        "description": "Account:",
                        "kind": "support",
                        "priority": "high",
                        "section": "Doors",
                        "category": "account",
                        "tags": ["password", "login"],
                    },
                ),
                ("Slow", "", {"title": "It is slow", "kind": "bug"}),
            )
        )
        templates.create_template(uow, "Staff", is_staff_only=True)
    with uow_for(cast.owner, writes=False) as uow:
        assert ticket_form.template_options(uow) == [
            (str(first), "Password – Locked out"),
            (str(second), "Slow"),
        ]
        values, later = (ticket_form.read_template_values(uow, id_) for id_ in (first, second))
    form = ticket_form.apply_template(RequesterTicketForm(description="My own words"), values, {})
    form = with_offered_choices(form, [("api", "API")])
    assert (form.title, form.description, form.kind, form.priority, form.tags) == (
        "Reset a password",
        "My own words",
        "support",
        "high",
        "password,login",
    )
    assert (form.section, form.section_other) == ("other", "Doors")
    assert form.more["category"] == "account"
    form = ticket_form.apply_template(form, later, values)
    assert (form.title, form.description, form.kind, form.priority, form.tags) == (
        "It is slow",
        "My own words",
        "bug",
        "medium",
        "",
    )
    assert ticket_form.apply_template(form, {}, later).title == ""
