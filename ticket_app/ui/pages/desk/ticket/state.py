"""The state of a ticket's page for staff: conversation and properties."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import reflex as rx

from ticket_app.core.conversation.newer_messages import NewerMessages, ensure_none_newer
from ticket_app.core.platform.errors import NotFound, VersionConflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import editing, trash
from ticket_app.core.tickets.bulk import ExpectedState
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.tickets.transitions import SOLVED_STATUS
from ticket_app.tables import Ticket
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, ensure_dialog_is_current
from ticket_app.ui.pages.desk import texts, ticket_actions
from ticket_app.ui.pages.desk.presence.newer_state import (
    NEWER_DIALOG,
    mark_conversation_seen,
    mark_newer_seen,
    open_newer_dialog,
    take_seen_messages,
)
from ticket_app.ui.pages.desk.queue.state import Queue, adjacent_ticket_hrefs
from ticket_app.ui.pages.desk.queue.views import DEFAULT_VIEW
from ticket_app.ui.pages.desk.ticket.conversation import (
    ConversationItem,
    mark_new_events,
    mark_unread,
)
from ticket_app.ui.pages.desk.ticket.details import TicketDetails
from ticket_app.ui.pages.desk.ticket.editing import (
    DUE_HOURS,
    DUE_LABELS,
)
from ticket_app.ui.pages.desk.ticket.email_rows import RecipientChip
from ticket_app.ui.pages.desk.ticket.held_rows import HeldReplyItem
from ticket_app.ui.pages.desk.ticket.rows import SidePanel, TicketPageData, load_ticket_page
from ticket_app.ui.pages.desk.ticket_changes import SetStatus, describe_change, parse_change
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge, mark_read
from ticket_app.ui.pages.inbox.unread_messages import UnreadMessages
from ticket_app.ui.pages.undo import remember_for_undo
from ticket_app.ui.rows import FileRow

EMPTY_SIDE_PANEL: Final = SidePanel([], "0", [], [], [], [], [], "")
FIRST_NEW_ID: Final = "first-change"
STATUS_COLUMN: Final = FIELDS["status"].column
MAX_REMEMBERED_VERSIONS: Final = 5


class TicketPage(rx.State):
    """A ticket, opened by staff."""

    ticket: TicketDetails = TicketDetails()
    items: list[ConversationItem] = []
    message_count: int = 0
    files: list[FileRow] = []
    held_replies: list[HeldReplyItem] = []
    recipients: list[RecipientChip] = []
    side_panel: SidePanel = EMPTY_SIDE_PANEL
    is_loaded: bool = False
    is_missing: bool = False
    is_deleted: bool = False
    shown_kind: str = "all"
    server_time: str = ""
    previous_href: str = ""
    next_href: str = ""
    list_href: str = routes.DESK
    changed_by: str = ""

    unread: UnreadMessages = UnreadMessages()
    """The messages that were unread when the ticket was opened, or seen again."""

    _reference: str = ""
    _unread_entry_ids: list[int] = []
    _last_seen_event_id: int = 0
    _versions: list[int] = []
    """The version shown, and earlier ones that only this tab has changed since."""
    _shown_values: dict[str, dict[str, object]] = {}
    """The values of the properties at the versions that the page has shown last."""
    _opens_next: bool = False
    _new_event_ids: list[int] = []
    """The events of other people that "Show changes" has highlighted."""

    @bridge.event
    async def load(self) -> AsyncIterator[None]:
        """Load the ticket of the URL."""
        reference = routes.ticket_reference(self.router.url.path)
        if reference != self._reference:
            self.is_loaded = False
            yield
        self.shown_kind, self.is_deleted = "all", False
        self._reference, self.changed_by, self.is_missing = reference, "", False
        self._new_event_ids, self._unread_entry_ids = [], []
        try:
            found = await bridge.read(self, load_ticket_page, reference, self.shown_kind)
        except NotFound:
            self.is_missing, self.is_loaded = True, True
            self.ticket, self.items, self.files = TicketDetails(), [], []
            return
        self._unread_entry_ids = found.unread_entry_ids
        self._show_page(found)
        await mark_conversation_seen(self, found.items)
        self._last_seen_event_id = max((line for line, _ in found.changes_by_others), default=0)
        queue = await self.get_state(Queue)
        self.previous_href, self.next_href = adjacent_ticket_hrefs(queue, found.ticket.id)
        self.list_href = queue.current_href or routes.desk_view(DEFAULT_VIEW)
        self.is_loaded = True
        live.watch(self, TicketPage.refresh, {change_feed.staff_topic(found.ticket.id)})

    def _show_page(self, found: TicketPageData) -> None:
        if found.ticket.id != self.ticket.id or found.ticket.version not in self._versions:
            self._versions = [found.ticket.version]
        kept = self._shown_values if found.ticket.id == self.ticket.id else {}
        shown = {**kept, str(found.ticket.version): found.values}
        self._shown_values = dict(list(shown.items())[-MAX_REMEMBERED_VERSIONS:])
        items = mark_new_events(found.items, self._new_event_ids)
        self.items, self.unread = mark_unread(items, self._unread_entry_ids)
        self.message_count = sum(item.kind != "events" for item in items)
        self.ticket, self.files = found.ticket, found.files
        self.side_panel, self.server_time = found.side_panel, found.now
        self.held_replies = found.held_replies
        self.recipients = found.recipients

    @bridge.event
    async def refresh(self) -> None:
        """Load the ticket again."""
        await self._reload()

    async def _reload(self) -> None:
        try:
            found = await bridge.read(self, load_ticket_page, self.ticket.id, self.shown_kind)
        except NotFound:
            self.is_deleted = True
            return
        self._show_page(found)
        self.is_deleted = False
        new_names = [
            name for line, name in found.changes_by_others if line > self._last_seen_event_id
        ]
        if new_names:
            self.changed_by = new_names[-1]

    @bridge.event
    async def filter_conversation(self, shown_kind: str) -> None:
        """Show the whole conversation, or one kind of item."""
        self.shown_kind = shown_kind if shown_kind in ("all", "talk", "notes", "history") else "all"
        await self._reload()
        self._mark_changes_seen()

    @bridge.event
    async def mark_read(self, was_hidden: bool) -> bridge.Events:
        """Mark the ticket as read; what arrived while the page was hidden is shown as new."""
        ticket_id = self.ticket.id
        read_entry_ids = await bridge.write(self, mark_read, ticket_id)
        if was_hidden and ticket_id == self.ticket.id:
            self._unread_entry_ids = read_entry_ids
            self.items, self.unread = mark_unread(self.items, read_entry_ids)
        return UnreadBadge.refresh

    @bridge.event
    async def show_first_unread(self) -> bridge.Events:
        """Go to the first message that was not read; the button that does so goes."""
        await mark_conversation_seen(self, self.items)
        anchor, self.unread = self.unread.first_anchor, UnreadMessages()
        self._unread_entry_ids = []
        return w.focus_on(anchor) if anchor else None

    def _mark_changes_seen(self) -> None:
        self.changed_by = ""
        self._last_seen_event_id = max(
            (event.id for item in self.items for event in item.events), default=0
        )

    @bridge.event
    async def show_changes(self) -> bridge.Events:
        """Show the whole conversation and highlight the changes of others."""
        self.shown_kind = "all"
        found = await bridge.read(self, load_ticket_page, self.ticket.id, self.shown_kind)
        self._new_event_ids = [
            line for line, _ in found.changes_by_others if line > self._last_seen_event_id
        ]
        self._show_page(found)
        self._mark_changes_seen()
        await mark_conversation_seen(self, self.items)
        return w.focus_on(FIRST_NEW_ID)

    @bridge.event
    def dismiss_changes(self) -> None:
        """Dismiss the notice about changes."""
        self._mark_changes_seen()

    def _ensure_shown(self, ticket_id: int) -> None:
        if not ticket_id or ticket_id != self.ticket.id:
            raise VersionConflict(texts.DESK_ERROR_OTHER_TICKET_OPEN)

    def _expected(self, seen: str, column: str = "") -> ExpectedState:
        """Return the expected state of the ticket for a change that the page sent as `seen`.

        Raises `VersionConflict` if the page showed another ticket, or this one before someone else
        changed it. With a `column`, only changes of that column count.
        """
        ticket_id, _, version = seen.partition(":")
        self._ensure_shown(int(ticket_id) if ticket_id.isdecimal() else 0)
        values = self._shown_values.get(version, {})
        if column in values:
            expected_values = {column: values[column]}
            return ExpectedState(self.ticket.version, values=expected_values)
        if not version.isdecimal() or int(version) not in self._versions:
            raise VersionConflict(texts.ticket_has_changed(self.ticket.number))
        return ExpectedState(self.ticket.version, self.ticket.assignee_id or None)

    async def _show_own_change(self, version: int) -> None:
        self._versions = [*self._versions, version]
        await self._reload()

    async def _change_ticket(
        self,
        seen: str,
        change: Callable[[UnitOfWork, Any], Any],
        message: str | Callable[[str], str],
        column: str = "",
    ) -> Any:
        """Change the ticket and return the toast; `message` may depend on the assignee.

        A change of one `column` conflicts only with changes of that column.
        """
        expected = self._expected(seen, column)
        number = self.ticket.number
        result = await bridge.write(
            self, ticket_actions.change_one, self.ticket.id, expected, change
        )
        await self._show_own_change(result.version)
        if result.version == expected.version:
            return None
        message_text = message if isinstance(message, str) else message(result.assignee)
        undo_id = await remember_for_undo(self, [result.step] if result.step else [])
        return w.toast(f"{number} {message_text}", tone="green", undo_button_id=undo_id)

    @bridge.event
    async def change_field(self, seen: str, field: str, value: str, label: str) -> bridge.Events:
        """Set a field to a value of a menu, which calls it `label`; an empty value clears it."""
        change = parse_change(field, value, label)
        if change == SetStatus(SOLVED_STATUS):
            return await self._resolve(self._expected(seen, STATUS_COLUMN), opens_next=False)
        column = FIELDS[field].column
        return await self._change_ticket(seen, change.apply, change.describe, column)

    @bridge.event
    async def resolve_and_next(self, seen: str) -> bridge.Events:
        """Resolve the ticket and open the next one of the list."""
        return await self._resolve(self._expected(seen, STATUS_COLUMN), opens_next=True)

    @bridge.event
    async def resolve_anyway(self, seen: str) -> bridge.Events:
        """Resolve the ticket although others have written since."""
        await ensure_dialog_is_current(self, NEWER_DIALOG, seen)
        await mark_newer_seen(self)
        await close_dialog(self)
        expected = self._expected(self.ticket.version_token, STATUS_COLUMN)
        return await self._resolve(expected, opens_next=self._opens_next)

    async def _resolve(self, expected: ExpectedState, *, opens_next: bool) -> bridge.Events:
        has_response, next_href = self.ticket.has_response, self.next_href or self.list_href
        number, change = self.ticket.number, SetStatus(SOLVED_STATUS)
        seen_messages = await take_seen_messages(self, self.items)

        def resolve(uow: UnitOfWork, ticket: Ticket) -> None:
            ensure_none_newer(uow, ticket, seen_messages)
            change.apply(uow, ticket)

        try:
            result = await bridge.write(
                self, ticket_actions.change_one, self.ticket.id, expected, resolve
            )
        except NewerMessages as newer:
            self._opens_next = opens_next
            await open_newer_dialog(self, newer, resolves=True)
            return TicketPage.refresh
        undo_id = await remember_for_undo(self, [result.step] if result.step else [])
        detail = "" if has_response else texts.TICKET_RESOLVED_WITHOUT_REPLY
        toast = w.toast(
            describe_change(change, [number]), tone="green", detail=detail, undo_button_id=undo_id
        )
        if opens_next:
            return [toast, rx.redirect(next_href)]
        await self._show_own_change(result.version)
        return toast

    @bridge.event
    async def change_due_date(self, seen: str, delay: str) -> bridge.Events:
        """Set the due date relative to now; an empty delay removes it."""
        hours = DUE_HOURS.get(delay)
        at = datetime.now(UTC).replace(second=0, microsecond=0)
        due = at + timedelta(hours=hours) if hours else None
        return await self._change_ticket(
            seen,
            lambda uow, ticket: editing.edit(uow, ticket, {"due_at": due}),
            texts.change_due(DUE_LABELS[delay]) if hours else texts.TICKET_DUE_DATE_REMOVED,
            FIELDS["due_at"].column,
        )

    @bridge.event
    async def delete(self, seen: str) -> bridge.Events:
        """Move the ticket to the trash."""
        toast = await self._change_ticket(seen, trash.delete_ticket, "deleted")
        self.is_deleted = True
        return toast

    @bridge.event
    async def undo_delete(self, ticket_id: int) -> None:
        """Restore a ticket that the actor has just deleted."""
        self._ensure_shown(ticket_id)
        await bridge.write(self, ticket_actions.undo_delete, ticket_id)
        await self._reload()


async def show_own_change(page: rx.State, version: int) -> None:
    """Show the ticket after a change that another state of this tab made.

    `version` is the ticket's version after the change: the page may still send an earlier one.
    """
    shown = await page.get_state(TicketPage)
    await shown._show_own_change(version)  # noqa: SLF001 - a public method would be open to every page


async def reload_ticket(page: rx.State) -> None:
    """Show the ticket again after a change that has no version."""
    shown = await page.get_state(TicketPage)
    await shown._reload()  # noqa: SLF001 - a public method would be open to every page
