"""The state of a ticket's page for staff: conversation, composer and properties."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

import reflex as rx

from ticket_app.core.attachments import attachments
from ticket_app.core.platform.errors import Invalid, NotFound, VersionConflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import assigning, editing, trash
from ticket_app.core.tickets.bulk import ExpectedState
from ticket_app.core.tickets.transitions import SOLVED_STATUS
from ticket_app.ui import bridge, change_feed, live, routes, theme
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    close_dialog,
    ensure_dialog_is_current,
    is_dialog_open,
    open_dialog,
)
from ticket_app.ui.double_click import LastSubmission
from ticket_app.ui.pages.desk import texts, ticket_actions, ticket_changes
from ticket_app.ui.pages.desk.queue.state import Queue, adjacent_tickets
from ticket_app.ui.pages.desk.queue.views import DEFAULT_VIEW
from ticket_app.ui.pages.desk.ticket import rows as ticket_rows
from ticket_app.ui.pages.desk.ticket.composing import (
    AUDIENCES,
    ComposerDraft,
    load_composer_draft,
    save_draft,
    send_comment,
)
from ticket_app.ui.pages.desk.ticket.conversation import ConversationItem, mark_new
from ticket_app.ui.pages.desk.ticket.details import SEVERITY_LABELS, TicketDetails
from ticket_app.ui.pages.desk.ticket.editing import (
    DUE_HOURS,
    DUE_LABELS,
    EDITABLE_FIELDS,
    NO_VALUE,
    dialog_title,
    editable_text,
    make_save,
    read_field,
)
from ticket_app.ui.pages.desk.ticket.rows import SidePanel, TicketPageData
from ticket_app.ui.pages.desk.ticket_changes import SetStatus, describe_change, parse_change
from ticket_app.ui.pages.desk.undo import remember_for_undo
from ticket_app.ui.rows import FileRow

COMPOSER_ID: Final = "composer-text"
EMPTY_SIDE_PANEL: Final = SidePanel([], "0", [], [], [], [], "")
EDIT_DIALOG: Final = "edit-ticket"
FIRST_NEW_ID: Final = "first-change"


def _load_page(uow: UnitOfWork, reference: str | int, shown_kind: str) -> TicketPageData:
    return ticket_rows.load_ticket_page(uow, reference, shown_kind)


def _load_page_and_draft(
    uow: UnitOfWork, reference: str | int, shown_kind: str
) -> tuple[TicketPageData, ComposerDraft]:
    found = ticket_rows.load_ticket_page(uow, reference, shown_kind)
    return found, load_composer_draft(uow, found.ticket.id)


class TicketPage(rx.State):
    """A ticket, opened by staff."""

    ticket: TicketDetails = TicketDetails()
    items: list[ConversationItem] = []
    files: list[FileRow] = []
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

    audience: str = "reply"
    draft_text: str = ""
    draft_files: list[FileRow] = []
    saved_at: str = ""
    saved_length: int = 0
    is_busy: bool = False

    editing: str = ""
    editing_title: str = ""
    edit_value: str = ""
    edit_error: str = ""
    current_value: str = ""
    edits_plain_text: bool = False

    _reference: str = ""
    _last_seen_event_id: int = 0
    _unsent_text: str = ""
    _last_submission: LastSubmission = LastSubmission()
    _original_value: Any = None
    _versions: list[int] = []
    """The version shown, and earlier ones that only this tab has changed since."""
    _new_event_ids: list[int] = []
    """The events of other people that "Show changes" has highlighted."""

    @bridge.event
    async def load(self) -> AsyncIterator[None]:
        """Load the ticket of the URL with its unsent draft."""
        reference = unquote(self.router.url.path.rstrip("/").rpartition("/tickets/")[2])
        if reference != self._reference:
            self.is_loaded = False
            yield
        self.shown_kind, self.is_deleted = "all", False
        self._reference, self.editing, self.changed_by, self.is_missing = reference, "", "", False
        self._new_event_ids = []
        try:
            found, draft = await bridge.read(self, _load_page_and_draft, reference, self.shown_kind)
        except NotFound:
            self.is_missing, self.is_loaded = True, True
            self.ticket, self.items, self.files = TicketDetails(), [], []
            return
        self._show_page(found)
        self._last_seen_event_id = max((line for line, _ in found.changes_by_others), default=0)
        self.audience, self._unsent_text = draft.audience, draft.text
        self.draft_text, self.draft_files = draft.text, draft.files
        self.saved_at, self.is_busy = draft.saved_at, False
        queue = await self.get_state(Queue)
        self.previous_href, self.next_href = adjacent_tickets(queue, found.ticket.id)
        self.list_href = queue.current_href or routes.desk_view(DEFAULT_VIEW)
        self.is_loaded = True
        live.watch(self, TicketPage.refresh, {change_feed.staff_topic(found.ticket.id)})

    def _show_page(self, found: TicketPageData) -> None:
        if found.ticket.id != self.ticket.id or found.ticket.version not in self._versions:
            self._versions = [found.ticket.version]
        items = mark_new(found.items, self._new_event_ids)
        self.ticket, self.items, self.files = found.ticket, items, found.files
        self.side_panel, self.server_time = found.side_panel, found.now

    @bridge.event
    async def refresh(self) -> None:
        """Load the ticket again; the composer keeps its text."""
        await self._reload()

    async def _reload(self) -> None:
        try:
            found = await bridge.read(self, _load_page, self.ticket.id, self.shown_kind)
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
        is_editing = self.editing in EDITABLE_FIELDS and await is_dialog_open(self, EDIT_DIALOG)
        if is_editing and self.editing != "duplicate_of":
            value, _ = await bridge.read(self, read_field, self.ticket.id, self.editing)
            self.current_value = (
                editable_text(value) or NO_VALUE if value != self._original_value else ""
            )

    @bridge.event
    async def filter_conversation(self, shown_kind: str) -> None:
        """Show the whole conversation, or one kind of item."""
        self.shown_kind = shown_kind if shown_kind in ("all", "talk", "notes", "history") else "all"
        await self._reload()
        self._mark_changes_seen()

    def _mark_changes_seen(self) -> None:
        self.changed_by = ""
        self._last_seen_event_id = max(
            (event.id for item in self.items for event in item.events), default=0
        )

    @bridge.event
    async def show_changes(self) -> bridge.Events:
        """Show the whole conversation and highlight the changes of others."""
        self.shown_kind = "all"
        found = await bridge.read(self, _load_page, self.ticket.id, self.shown_kind)
        self._new_event_ids = [
            line for line, _ in found.changes_by_others if line > self._last_seen_event_id
        ]
        self._show_page(found)
        self._mark_changes_seen()
        return w.focus_on(FIRST_NEW_ID)

    @bridge.event
    def dismiss_changes(self) -> None:
        """Dismiss the notice about changes."""
        self._mark_changes_seen()

    # --- writing ---

    @bridge.event
    async def autosave(self, ticket_id: int, text: str) -> None:
        """Save the draft; the page may have moved on to another ticket since the last key."""
        if not ticket_id:
            return
        if ticket_id != self.ticket.id:
            await bridge.write(self, save_draft, ticket_id, self.audience, text[:50_000], False)
            return
        if text and self._is_sent(text.strip(), self.audience):
            return
        self._unsent_text, self.saved_length = text, len(text)
        self.saved_at = await bridge.write(
            self, save_draft, self.ticket.id, self.audience, text[:50_000], False
        )

    def _is_sent(self, text: str, audience: str) -> bool:
        """Return whether the same text was sent a moment ago, as by a double click."""
        return self._last_submission.is_double_click(str(self.ticket.id), audience, text)

    @bridge.event
    async def choose_audience(self, audience: str) -> None:
        """Switch between reply and note; the text stays."""
        self.audience = audience if audience in AUDIENCES else "reply"
        if self._unsent_text:
            self.saved_at = await bridge.write(
                self, save_draft, self.ticket.id, self.audience, self._unsent_text, True
            )

    @bridge.event
    async def reload_draft_files(self) -> None:
        """Show the files of the draft after an upload."""
        draft = await bridge.read(self, load_composer_draft, self.ticket.id)
        self.draft_files = draft.files

    @bridge.event
    async def remove_file(self, file_id: str) -> None:
        """Remove a file from the draft."""
        await bridge.write(self, attachments.remove_file, UUID(file_id))
        self.draft_files = [file for file in self.draft_files if file.id != file_id]

    @bridge.submission
    async def send(self, ticket_id: int, form: bridge.FormData) -> AsyncIterator[bridge.Events]:
        """Send the comment, and set the status if one was chosen."""
        self._ensure_shown(ticket_id)
        text = str(form.get("body", "")).strip()
        internal = form.get("audience") == "note"
        new_status = str(form.get("then") or "")
        if not text:
            yield w.toast(
                texts.TICKET_COMPOSER_NOTE_EMPTY if internal else texts.TICKET_COMPOSER_REPLY_EMPTY,
                tone="amber",
            )
            return
        audience = "note" if internal else "reply"
        if self._is_sent(text, audience):
            return
        if self.draft_files and any(file.state == "failed" for file in self.draft_files):
            yield w.toast(texts.TICKET_COMPOSER_FILE_FAILED, tone="red")
            return
        self.is_busy = True
        yield
        try:
            follow_up_number, version, step = await bridge.write(
                self, send_comment, self.ticket.id, text, internal, "" if internal else new_status
            )
            self._versions = [*self._versions, version]
        finally:
            self.is_busy = False
        self._last_submission = LastSubmission.now(str(self.ticket.id), audience, text)
        self._unsent_text = self.draft_text = ""
        self.draft_files, self.saved_at = [], ""
        await self._reload()
        yield w.clear_text(COMPOSER_ID)
        if follow_up_number:
            yield rx.redirect(routes.desk_ticket(follow_up_number))
            return
        if new_status and not internal:
            message = describe_change(SetStatus(Status(new_status)), [self.ticket.number])
            undo_id = await remember_for_undo(self, [step] if step else [])
            yield w.toast(message, tone="green", undo=undo_id)

    # --- properties ---

    def _ensure_shown(self, ticket_id: int) -> None:
        if not ticket_id or ticket_id != self.ticket.id:
            raise VersionConflict(texts.DESK_ERROR_OTHER_TICKET_OPEN)

    def _expected(self, seen: str) -> ExpectedState:
        """Return the expected state of the ticket for a change that the page sent as `seen`.

        Raises `VersionConflict` if the page showed another ticket, or this one before someone else
        changed it.
        """
        ticket_id, _, version = seen.partition(":")
        self._ensure_shown(int(ticket_id) if ticket_id.isdecimal() else 0)
        if not version.isdecimal() or int(version) not in self._versions:
            raise VersionConflict(texts.ticket_has_changed(self.ticket.number))
        return ExpectedState(self.ticket.version, self.ticket.assignee_id or None)

    async def _change_ticket(
        self,
        seen: str,
        change: Callable[[UnitOfWork, Any], Any],
        message: str | Callable[[str], str],
    ) -> Any:
        """Change the ticket and return the toast; `message` may depend on the assignee."""
        expected = self._expected(seen)
        number = self.ticket.number
        result = await bridge.write(
            self, ticket_actions.change_one, self.ticket.id, expected, change
        )
        self._versions = [*self._versions, result.version]
        await self._reload()
        if result.version == expected.version:
            return None
        message_text = message if isinstance(message, str) else message(result.assignee)
        undo_id = await remember_for_undo(self, [result.step] if result.step else [])
        return w.toast(f"{number} {message_text}", tone="green", undo=undo_id)

    @bridge.event
    async def change_field(self, seen: str, field: str, value: str) -> bridge.Events:
        """Change the status, priority or assignee."""
        if field not in ticket_changes.FIELDS:
            return None
        change = parse_change(field, value)
        return await self._change_ticket(seen, change.apply, change.describe)

    @bridge.event
    async def resolve_and_next(self, seen: str) -> bridge.Events:
        """Resolve the ticket and open the next one of the list."""
        has_response, next_href = self.ticket.has_response, self.next_href or self.list_href
        number, expected = self.ticket.number, self._expected(seen)
        change = SetStatus(SOLVED_STATUS)
        result = await bridge.write(
            self, ticket_actions.change_one, self.ticket.id, expected, change.apply
        )
        undo_id = await remember_for_undo(self, [result.step] if result.step else [])
        detail = "" if has_response else texts.TICKET_RESOLVED_WITHOUT_REPLY
        message = describe_change(change, [number])
        return [w.toast(message, tone="green", detail=detail, undo=undo_id), rx.redirect(next_href)]

    @bridge.event
    async def change_choice(self, seen: str, name: str, value: str) -> bridge.Events:
        """Set the kind or the severity."""
        if name not in ("kind", "severity"):
            return None
        labels = {label: look.word for label, look in theme.KIND_LOOKS.items()}
        label = (labels if name == "kind" else SEVERITY_LABELS).get(value, value)
        return await self._change_ticket(
            seen,
            lambda uow, ticket: editing.edit(uow, ticket, {name: value}),
            texts.change_set_to(f"{name} {label}"),
        )

    @bridge.event
    async def move_to(self, seen: str, group: str, row_id: str, label: str) -> bridge.Events:
        """Move the ticket to a company, department or team; an empty id removes it."""
        chosen = int(row_id) if row_id.isdecimal() else None
        setters = {
            "company": editing.set_company,
            "department": editing.set_department,
            "team": assigning.set_team,
        }
        if group not in setters:
            return None
        message = texts.change_moved(group, label[:200]) if chosen else texts.change_removed(group)
        return await self._change_ticket(
            seen, lambda uow, ticket: setters[group](uow, ticket, chosen), message
        )

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
        )

    @bridge.event
    async def open_edit_dialog(self, name: str) -> None:
        """Open the edit dialog of a field."""
        if name not in EDITABLE_FIELDS:
            return
        self._original_value, self.edits_plain_text = (
            ("", False)
            if name == "duplicate_of"
            else await bridge.read(self, read_field, self.ticket.id, name)
        )
        self.edit_value = editable_text(self._original_value)
        self.edit_error = self.current_value = ""
        self.editing, self.editing_title = name, dialog_title(name, self.ticket.number)
        await open_dialog(self, EDIT_DIALOG, self.ticket.version_token, name)

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Save the field of the dialog, unless someone else has changed it since."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        text, name = str(form.get("value", "")), self.editing
        try:
            act = make_save(name, text, self._original_value)
            if name == "duplicate_of":
                result = await bridge.write(
                    self,
                    ticket_actions.change_one,
                    self.ticket.id,
                    self._expected(self.ticket.version_token),
                    act,
                )
            else:
                result = await bridge.write(self, ticket_actions.edit_one, self.ticket.id, act)
        except Invalid as wrong:
            self.edit_error = texts.ticket_edit_invalid(wrong.reason.removesuffix("."))
            return None
        except VersionConflict as stale:
            if name == "duplicate_of":
                self.edit_error = stale.message
                await self._reload()
                return None
            value, self.edits_plain_text = await bridge.read(
                self, read_field, self.ticket.id, self.editing
            )
            self.current_value = editable_text(value) or NO_VALUE
            self._original_value = value
            self.edit_error = texts.TICKET_EDIT_CONFLICT
            return None
        await close_dialog(self)
        number = self.ticket.number
        self._versions = [*self._versions, result.version]
        await self._reload()
        if result.step is None:
            return None
        undo_id = await remember_for_undo(self, [result.step])
        message = (
            texts.TICKET_MARKED_AS_DUPLICATE
            if name == "duplicate_of"
            else f"{EDITABLE_FIELDS[name].lower()} changed"
        )
        return w.toast(f"{number}: {message}", tone="green", undo=undo_id)

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
