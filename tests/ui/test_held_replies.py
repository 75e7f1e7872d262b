"""The composer holds replies of staff, and what is taken back is its draft again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.cast import PASSWORD, Cast, Clock, UowFor
from ticket_app.core.conversation import commenting, held_replies
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import ticket_lookup
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.ui import bridge
from ticket_app.ui.pages.composer.comments import ChosenTime, hold_or_send_reply, load_draft
from ticket_app.ui.pages.desk.ticket import held_state
from ticket_app.ui.pages.desk.ticket.held_rows import load_held_replies
from ticket_app.ui.pages.desk.ticket.held_state import HeldReplies
from ticket_app.ui.pages.desk.ticket.rows import load_ticket_page
from ticket_app.ui.pages.portal.profile.state import Profile
from ticket_app.ui.pages.portal.ticket.rows import load_ticket
from ticket_app.ui.pages.undo import UndoStack


@pytest.fixture
def ticket_id(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.owner) as uow:
        return open_ticket(uow, TicketDraft(title="A lamp", description="Dark.")).id or 0


@pytest.fixture
def tab(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent's tab."""
    with open_unit_of_work(writes=True) as uow:
        proven = verify_credentials(uow, "agent", PASSWORD, ClientInfo())
        cookie = start_browser_session(uow, proven, ClientInfo())
    monkeypatch.setattr(bridge, "session_secret", lambda _page: cookie)


def test_reply_is_held_for_the_seconds_of_its_author(
    uow_for: UowFor, cast: Cast, ticket_id: int, clock: Clock
) -> None:
    with uow_for(cast.agent) as uow:
        sent = hold_or_send_reply(
            uow, ticket_id, "Change *it*.", new_status="resolved", chosen=None
        )
        assert sent.undo_seconds == 10
        (item,) = load_ticket_page(uow, ticket_id, "all").held_replies
        assert (item.id, item.state, item.is_own) == (sent.held_id, "held", True)
        assert item.send_at == (clock.now + timedelta(seconds=10)).isoformat()
        assert "<em>it</em>" in item.html
        assert item.details == "Sets the status to Resolved."
        assert commenting.list_comments(uow, ticket_id) == []
    with uow_for(cast.manager) as uow:
        assert load_held_replies(uow, ticket_id) == []
    with uow_for(cast.owner) as uow:
        assert "Change" not in repr(load_ticket(uow, str(ticket_id)))


def test_reply_is_sent_at_once_if_undo_is_off(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(cast.agent) as uow:
        held_replies.set_own_undo_seconds(uow, 0)
        sent = hold_or_send_reply(uow, ticket_id, "Change it.", new_status="resolved", chosen=None)
        assert (sent.held_id, sent.undo_seconds) == ("", 0)
        assert sent.undo_step is not None
        assert [entry.body for entry in commenting.list_comments(uow, ticket_id)] == ["Change it."]
        assert ticket_lookup.read_ticket(uow, ticket_id).status == "resolved"


def test_scheduled_reply_is_shown_to_colleagues_without_its_buttons(
    uow_for: UowFor, cast: Cast, ticket_id: int, clock: Clock
) -> None:
    chosen = ChosenTime(clock.now + timedelta(days=1), is_cancelled_by_reply=True)
    with uow_for(cast.agent) as uow:
        held_replies.set_own_undo_seconds(uow, 0)
        sent = hold_or_send_reply(uow, ticket_id, "Change it.", new_status="", chosen=chosen)
        assert (sent.undo_seconds, bool(sent.held_id)) == (0, True)
    with uow_for(cast.manager) as uow:
        (item,) = load_held_replies(uow, ticket_id)
        assert (item.state, item.is_own, item.name) == ("scheduled", False, "Agnes Hale")
        assert item.details == "Cancelled if the requester replies first."
    with uow_for(cast.owner) as uow:
        commenting.add_comment(uow, lock_ticket(uow, ticket_id), "It works again.")
    with uow_for(cast.agent) as uow:
        (item,) = load_held_replies(uow, ticket_id)
        assert (item.state, item.details) == ("stopped", held_replies.REQUESTER_WROTE_FIRST)
    with uow_for(cast.manager) as uow:
        assert load_held_replies(uow, ticket_id) == []


@pytest.mark.anyio
async def test_undo_takes_back_the_last_reply_once(
    tab: None, uow_for: UowFor, cast: Cast, ticket_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with uow_for(cast.agent) as uow:
        sent = hold_or_send_reply(uow, ticket_id, "Change it.", new_status="resolved", chosen=None)
    stack: Any = UndoStack(_reflex_internal_init=True)  # type: ignore[call-arg]
    stack._held_ids, stack.tokens = {"token": sent.held_id}, ["token"]
    async for _ in UndoStack.undo.fn(stack, "token"):
        pass
    assert stack.tokens == []
    assert (stack._taken_back.content, stack._taken_back.new_status) == ("Change it.", "resolved")
    with uow_for(cast.agent) as uow:
        draft = load_draft(uow, ticket_id)
        assert (draft.text, draft.audience) == ("Change it.", "reply")
        assert load_held_replies(uow, ticket_id) == []
    events = [event async for event in UndoStack.undo.fn(stack, "token")]
    assert "no longer be undone" in str(events)


@pytest.mark.anyio
async def test_author_changes_the_time_of_a_scheduled_reply_and_sends_it_now(
    tab: None, uow_for: UowFor, cast: Cast, ticket_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_unit_of_work(writes=True, actor=cast.agent) as uow:
        at = uow.now + timedelta(days=1)
        chosen = ChosenTime(at, is_cancelled_by_reply=False)
        sent = hold_or_send_reply(uow, ticket_id, "Change it.", new_status="", chosen=chosen)
    page: Any = HeldReplies(_reflex_internal_init=True)  # type: ignore[call-arg]
    HeldReplies.edit_time.fn(page, sent.held_id, at.isoformat())
    assert page.edited_id == sent.held_id
    for wrong in ("", "soon", "2020-01-01T00:00:00Z"):
        assert "in the future" in str(await HeldReplies.save_time.fn(page, {"send_at": wrong}))
        assert page.edited_id == sent.held_id
    later = (at + timedelta(hours=3)).replace(microsecond=0)
    await HeldReplies.save_time.fn(page, {"send_at": later.isoformat()})
    assert page.edited_id == ""
    with uow_for(cast.agent) as uow:
        assert load_held_replies(uow, ticket_id)[0].send_at == later.isoformat()

    async def forget(*_: Any) -> Any:
        """Forget nothing: there is no stack of this tab in the test."""
        return None

    monkeypatch.setattr(held_state, "forget_held_reply", forget)
    await HeldReplies.send_now.fn(page, sent.held_id)
    with uow_for(cast.owner) as uow:
        assert [entry.body for entry in commenting.list_comments(uow, ticket_id)] == ["Change it."]
    assert "not found" in str(await HeldReplies.send_now.fn(page, "0" * 32))


@pytest.mark.anyio
async def test_undo_send_is_chosen_on_the_profile(tab: None, uow_for: UowFor, cast: Cast) -> None:
    page: Any = Profile(_reflex_internal_init=True)  # type: ignore[call-arg]
    await Profile.choose_undo_seconds.fn(page, "25")
    assert page.undo_seconds == "25"
    await Profile.choose_undo_seconds.fn(page, "31")
    await Profile.choose_undo_seconds.fn(page, "many")
    assert page.undo_seconds == "25"
    with uow_for(cast.agent) as uow:
        assert held_replies.get_own_undo_seconds(uow) == 25
