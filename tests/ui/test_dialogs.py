"""Every dialog closes with its page, names its object and is refused once it has moved on."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import reflex as rx

from tests.cast import Cast, UowFor
from ticket_app.core.platform.errors import VersionConflict
from ticket_app.core.tickets import locking, opening
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.ui import dialogs
from ticket_app.ui.dialogs import OpenDialog

UI = Path(dialogs.__file__).parent
MAKERS = {"overlays.py", "dialogs.py"}
"""The only modules that make an overlay."""
OVERLAY = re.compile(
    r"rx\.(dropdown_menu|popover|dialog|alert_dialog|context_menu|drawer|hover_card)\.root\("
)
NEED_NO_DIALOG = {
    "WaitingApprovals": "opens dialogs, writes nothing",
    "DecisionDialog.withdraw": "names the request that its button shows",
    "Inbox": "one's own notices",
    "UnreadBadge": "one's own notices",
    "Following": "names the ticket that its button shows",
    "TicketPage.mark_read": "one's own notices",
    "NotificationSettings": "one's own preferences",
    "MyTickets": "one's own view of one's own tickets",
    "NewTicket": "a draft that becomes a ticket",
    "Profile": "one's own account",
    "LookupMenu": "reads only",
    "Trash.restore": "names the ticket that its row shows",
    "HeldReplies.take_back": "names the reply, which only its author may change",
    "HeldReplies.send_now": "names the reply, which only its author may change",
    "HeldReplies.save_time": "changes a reply of the actor, whose form names it on the server",
    "UndoStack.undo": "names the action that its toast shows",
    "QueueChanges.assign_to_me": "names the ticket and the version that its row shows",
    "QueueChanges.delete_selected": "names the tickets that the page shows selected",
    "TicketMerge.undo": "names the ticket that the page shows",
    "TicketPresence.report_and_assign": "what its author does in their own tab; names its ticket",
    "TicketComposer.autosave": "one's own draft, named by its ticket",
    "TicketComposer.choose_audience": "one's own draft",
    "TicketComposer.remove_file": "names the file that its tile shows",
    "DeskEditor": "names the comment or file whose form is open, and refuses an older text",
    "PortalEditor": "names the comment or file whose form is open, and refuses an older text",
    "TicketComposer.send": "names the ticket that the composer shows",
    "TicketEmail.add_to_cc": "names the ticket that the composer shows",
    "TicketEmail.remove_from_cc": "names the ticket and the person that its chip shows",
    "TicketEmail.retry": "names the ticket and the email that its row shows",
    "TicketPage.undo_delete": "names the ticket that the page shows",
    "ReplyComposer": "one's own draft, named by its ticket",
    "PortalTicket": "names the ticket that the page shows, see test_portal",
    "PolicyDialog.toggle_active": "a switch; names the policy of its row",
    "SlaPolicyDialog.toggle_active": "a switch; names the service level of its row",
    "TemplateDialog.toggle_active": "a switch; names the template of its row",
    "TicketComposer.count_saved_reply": "counts one's own use of the reply that was inserted",
    "MacroMenu.apply_to_ticket": "names the ticket and the version that the page shows",
    "MacroMenu.apply_to_selection": "names the tickets that the page shows selected",
    "RoutingRuleDialog.toggle_active": "a switch; names the rule of its row",
    "SectionDialog.toggle_active": "a switch; names the section of its row",
    "SectionList.load": "stores the configured sections once",
    "WebhookDialogs.toggle_active": "a switch; names the webhook of its row",
    "WebhookLog.send_test": "sends a test message to the webhook of the address",
    "BackgroundJobs": "retries the job of its row, or all that were given up",
    "MailAddresses": "names the address that its row shows",
    "Mailboxes.toggle_active": "a switch; names the mailbox of its row",
    "EmailLog.send_test": "sends an email to oneself",
    "SignIn": "nobody is signed in yet",
    "ForgotPassword": "nobody is signed in; names the address of the form",
    "ResetPassword": "names the account by the link of the address",
    "AcceptInvitation": "names the invitation by the link of the address",
    "VerifyAddress": "names the address by the link of the address bar",
    "SavedViews.save_changes": "names the view and the state that the page shows",
    "SavedViews.duplicate": "names the view that the page shows",
    "SavedViews.delete": "names the view that the page shows; its toast takes it back",
    "SavedViews.pin": "one's own sidebar",
    "SavedViews.make_default": "one's own start page",
    "SnoozeDialog.end": "names the ticket whose notice has the button",
    "RateTicket": "names the ticket by the link of the address",
    "RatingSettings": "the only settings of their kind",
    "InviteDialog.resend": "names the invitation of its row",
    "InviteDialog.revoke": "names the invitation of its row",
}
"""Handlers that write without `seen`, and why they cannot change another object than is shown."""


@pytest.fixture(scope="module", autouse=True)
def app() -> Any:
    import ticket_app.ticket_app as product

    return product.app


def sources() -> Iterator[tuple[Path, str]]:
    for path in UI.rglob("*.py"):
        yield path, path.read_text()


def states(above: type[Any] = rx.State) -> Iterator[type[Any]]:
    for state in above.get_substates():
        if state.__module__.startswith("ticket_app."):
            yield state
        yield from states(state)


def test_menus_and_dialogs_are_made_in_one_place() -> None:
    made = {path.name for path, text in sources() if OVERLAY.search(text)}
    assert made == MAKERS


def test_every_page_closes_the_open_dialog_first(app: Any) -> None:
    loads = {route: events for route, events in app._load_events.items() if events}
    assert len(loads) > 15
    close = OpenDialog.close
    for route, events in loads.items():
        assert events[0] == close, route
    assert {*app._unevaluated_pages} <= {*loads}


def writes(handler: Any) -> bool:
    return "bridge.write(" in inspect.getsource(inspect.unwrap(handler.fn))


def test_every_handler_that_writes_carries_what_was_seen() -> None:
    missing = []
    found = 0
    for state in states():
        for name, handler in state.event_handlers.items():
            if not writes(handler):
                continue
            found += 1
            known = {state.__name__, f"{state.__name__}.{name}"} & NEED_NO_DIALOG.keys()
            if "seen" not in inspect.signature(handler.fn).parameters and not known:
                missing.append(f"{state.__name__}.{name}")
    assert found > 20
    assert missing == []


def test_every_handler_of_a_dialog_confirms_it_first() -> None:
    """A handler that takes what its dialog showed compares it before it does anything else."""
    checked = 0
    for state in states():
        for name, handler in state.event_handlers.items():
            if "seen" not in inspect.signature(handler.fn).parameters:
                continue
            tree = ast.parse(inspect.cleandoc(inspect.getsource(inspect.unwrap(handler.fn))))
            body = ast.unparse(tree)
            assert re.search(
                r"ensure_dialog_is_current\(self, \w+, seen\)|_expected\(seen[,)]|"
                r"_change_ticket\(seen",
                body,
            ), f"{state.__name__}.{name}"
            checked += 1
    assert checked > 15


def test_every_title_of_a_dialog_names_its_object() -> None:
    """The title is a Var of a state: words alone cannot say which object it is about."""
    titles = []
    for path, text in sources():
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called in ("fields.dialog", "fields.confirm_dialog"):
                titles.append((path.name, ast.unparse(node.args[0])))
            elif called in ("rx.dialog.title", "rx.alert_dialog.title"):
                titles.append((path.name, " ".join(ast.unparse(one) for one in node.args)))
    named = [
        one for one in titles if re.search(r"[A-Z]\w+\.\w+|\b(row|form|one|dialog)\.\w+", one[1])
    ]
    assert {*titles} - {*named} == {
        ("shortcut_help.py", "texts.SHORTCUTS_TITLE"),
        ("fields.py", "title"),
        ("invite_dialog.py", "texts.TITLE"),
        ("view.py", "texts.AVAILABILITY"),
    }
    assert len(named) >= 10


def test_a_dialog_is_confirmed_only_as_it_was_opened_and_where() -> None:
    class Page:
        def __init__(self, path: str) -> None:
            self.router = type("R", (), {"url": type("U", (), {"path": path})})
            self.dialog = OpenDialog(_reflex_internal_init=True)  # type: ignore[call-arg]

        async def get_state(self, _kind: Any) -> OpenDialog:
            return self.dialog

    async def play() -> None:
        page: Any = Page("/desk/tickets/BUG-1")
        await dialogs.open_dialog(page, "decide", 1, 7)
        fingerprint = page.dialog.fingerprint
        await dialogs.ensure_dialog_is_current(page, "decide", fingerprint)
        for name, sent_fingerprint in (
            ("merge", fingerprint),
            ("decide", ""),
            ("decide", "0" * 32),
        ):
            with pytest.raises(VersionConflict, match="no longer open"):
                await dialogs.ensure_dialog_is_current(page, name, sent_fingerprint)
        page.router.url.path = "/desk/tickets/BUG-2"
        with pytest.raises(VersionConflict):
            await dialogs.ensure_dialog_is_current(page, "decide", fingerprint)
        page.router.url.path = "/desk/tickets/BUG-1"
        await dialogs.open_dialog(page, "decide", 1, 8)
        with pytest.raises(VersionConflict):
            await dialogs.ensure_dialog_is_current(page, "decide", fingerprint)
        await dialogs.close_dialog(page)
        with pytest.raises(VersionConflict):
            await dialogs.ensure_dialog_is_current(page, "decide", page.dialog.fingerprint)

    import asyncio

    asyncio.run(play())


def test_an_object_that_has_changed_is_refused(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        ticket_id = opening.open_ticket(uow, TicketDraft("Lamp", "Dark")).id
    assert ticket_id is not None

    def title(uow: Any, key: int) -> str:
        found: str = locking.lock_ticket(uow, key).title
        return found

    with uow_for(cast.agent) as uow:
        dialogs.ensure_unchanged(uow, title, ticket_id, "Lamp", "The ticket")
        with pytest.raises(VersionConflict, match="has been changed since you opened this dialog"):
            dialogs.ensure_unchanged(uow, title, ticket_id, "Lantern", "The ticket")
        with pytest.raises(VersionConflict, match="was deleted in the meantime"):
            dialogs.ensure_unchanged(uow, title, 404, "Lamp", "The ticket")
