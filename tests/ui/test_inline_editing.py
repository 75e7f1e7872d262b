"""Pages offer to change comments and files to those who may, and describe what was changed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.cast import PASSWORD, Cast, UowFor
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.ui import bridge
from ticket_app.ui.pages.desk.ticket.inline_editor import DeskEditor
from ticket_app.ui.pages.desk.ticket.rows import load_ticket_page
from ticket_app.ui.pages.inline_editing import texts
from ticket_app.ui.pages.inline_editing.rows import read_versions
from ticket_app.ui.pages.portal.ticket.rows import load_ticket


def file_ticket(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.owner) as uow:
        ticket = open_ticket(uow, TicketDraft(title="A lamp", description="Dark."))
        assert ticket.id is not None
        return ticket.id


def post(uow_for: UowFor, actor: Actor, ticket_id: int, text: str) -> int:
    with uow_for(actor) as uow:
        return commenting.add_comment(uow, lock_ticket(uow, ticket_id), text)


def test_requester_is_offered_only_own_comments(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = file_ticket(uow_for, cast)
    own = post(uow_for, cast.owner, ticket_id, "It is purple")
    answer = post(uow_for, cast.agent, ticket_id, "We look into it")
    for entry_id, text in ((own, "It is green"), (answer, "We have found it")):
        with uow_for(cast.agent) as uow:
            commenting.edit_comment(uow, entry_id, text)
    with uow_for(cast.owner, writes=False) as uow:
        messages = load_ticket(uow, str(ticket_id)).messages
        offered = [(m.can_change, m.can_read_history, m.edited_at != "") for m in messages]
        assert offered == [(False, False, False), (True, True, True), (False, False, True)]
        versions = read_versions(uow, own)
        assert [(one.name, "green" in one.html, "purple" in one.html) for one in versions] == [
            ("Agnes Hale", True, False),
            ("Olive Ownby", False, True),
        ]


def test_staff_are_offered_every_comment_but_the_description(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = file_ticket(uow_for, cast)
    own = post(uow_for, cast.owner, ticket_id, "It is purple")
    gone = post(uow_for, cast.owner, ticket_id, "It is blue")
    with uow_for(cast.agent) as uow:
        commenting.edit_comment(uow, own, "It is green")
        commenting.delete_comment(uow, gone)
    with uow_for(cast.agent, writes=False) as uow:
        page = load_ticket_page(uow, ticket_id, "all")
    shown = [(item.kind, item.can_change, item.can_read_history) for item in page.items]
    assert shown == [
        ("message", False, False),
        ("message", True, True),
        ("events", False, False),
    ]
    assert [(event.action, event.old) for event in page.items[-1].events] == [
        ("edited a comment:", "It is purple"),
        ("deleted a comment", "It is blue"),
    ]


@pytest.fixture
def editor(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The editor in an agent's tab."""
    with open_unit_of_work(writes=True) as uow:
        proven = verify_credentials(uow, "agent", PASSWORD, ClientInfo())
        cookie = start_browser_session(uow, proven, ClientInfo())
    monkeypatch.setattr(bridge, "session_secret", lambda _page: cookie)
    return DeskEditor(_reflex_internal_init=True)  # type: ignore[call-arg]


@pytest.mark.anyio
async def test_edit_with_an_outdated_text_shows_the_newer_one(
    editor: Any, uow_for: UowFor, cast: Cast
) -> None:
    entry_id = post(uow_for, cast.owner, file_ticket(uow_for, cast), "It is purple")
    await DeskEditor.edit_comment.fn(editor, entry_id)
    assert (editor.comment_id, editor.comment_text) == (entry_id, "It is purple")
    with uow_for(cast.owner) as uow:
        commenting.edit_comment(uow, entry_id, "It is green")
    await DeskEditor.save_comment.fn(editor, entry_id, {"body": "It is blue"})
    assert (editor.comment_id, editor.newer_text, editor.error) == (
        entry_id,
        "It is green",
        texts.CONFLICT,
    )
    await DeskEditor.save_comment.fn(editor, entry_id, {"body": "  "})
    assert editor.error == texts.COMMENT_EMPTY
    await DeskEditor.save_comment.fn(editor, entry_id, {"body": "It is blue"})
    assert (editor.comment_id, editor.error) == (0, "")
    with uow_for(cast.agent, writes=False) as uow:
        assert activity.get_comment(uow, entry_id).body == "It is blue"


@pytest.mark.anyio
async def test_only_the_comment_that_was_asked_about_is_deleted(
    editor: Any, uow_for: UowFor, cast: Cast
) -> None:
    ticket_id = file_ticket(uow_for, cast)
    first, second = (post(uow_for, cast.owner, ticket_id, text) for text in ("One", "Two"))
    await DeskEditor.ask_to_delete.fn(editor, first)
    await DeskEditor.delete_comment.fn(editor, second)
    with uow_for(cast.agent, writes=False) as uow:
        assert len(commenting.list_comments(uow, ticket_id)) == 2
    await DeskEditor.delete_comment.fn(editor, first)
    with uow_for(cast.agent, writes=False) as uow:
        assert [line.body for line in commenting.list_comments(uow, ticket_id)] == ["Two"]
