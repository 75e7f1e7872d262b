"""The state of the dialog that edits a field of a ticket."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from ticket_app.core.platform.errors import Invalid, NotFound, VersionConflict
from ticket_app.core.tickets.bulk import ExpectedState
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.ui import bridge, change_feed, live
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    close_dialog,
    ensure_dialog_is_current,
    is_dialog_open,
    open_dialog,
)
from ticket_app.ui.pages.desk import texts, ticket_actions
from ticket_app.ui.pages.desk.ticket.details import TicketDetails
from ticket_app.ui.pages.desk.ticket.editing import (
    DUPLICATE,
    NO_VALUE,
    dialog_fields,
    dialog_title,
    editable_text,
    make_save,
    read_field,
)
from ticket_app.ui.pages.desk.ticket.state import TicketPage, show_own_change
from ticket_app.ui.pages.undo import remember_for_undo

EDIT_DIALOG: Final = "edit-ticket"


class FieldDialog(rx.State):
    """The field in the open dialog: its value, and what others have changed it to since."""

    editing: str = ""
    heading: str = ""
    value: str = ""
    error: str = ""
    current_value: str = ""
    is_plain_text: bool = False

    _ticket: TicketDetails = TicketDetails()
    _original_value: Any = None

    @bridge.event
    async def edit(self, name: str) -> None:
        """Open the dialog of a field of the shown ticket."""
        if name not in (DUPLICATE, *dialog_fields()):
            return
        self._ticket = (await self.get_state(TicketPage)).ticket
        self._original_value, self.is_plain_text = (
            ("", False)
            if name == DUPLICATE
            else await bridge.read(self, read_field, self._ticket.id, name)
        )
        self.value = editable_text(self._original_value)
        self.error = self.current_value = ""
        self.editing, self.heading = name, dialog_title(name, self._ticket.number)
        await open_dialog(self, EDIT_DIALOG, self._ticket.version_token, name)
        live.watch(self, FieldDialog.refresh, {change_feed.staff_topic(self._ticket.id)})

    @bridge.event
    async def refresh(self) -> None:
        """Show the value that someone else has set in the meantime."""
        if self.editing == DUPLICATE or not await is_dialog_open(self, EDIT_DIALOG):
            return
        try:
            value, _ = await bridge.read(self, read_field, self._ticket.id, self.editing)
        except NotFound:
            return
        has_changed = value != self._original_value
        self.current_value = editable_text(value) or NO_VALUE if has_changed else ""

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Save the field, unless someone else has changed it since."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        page = await self.get_state(TicketPage)
        save_field = make_save(self.editing, str(form.get("value", "")), self._original_value)
        try:
            if self.editing == DUPLICATE:
                expected = ExpectedState(page.ticket.version, page.ticket.assignee_id or None)
                result = await bridge.write(
                    self, ticket_actions.change_one, page.ticket.id, expected, save_field
                )
            else:
                result = await bridge.write(
                    self, ticket_actions.edit_one, page.ticket.id, save_field
                )
        except Invalid as error:
            self.error = texts.ticket_edit_invalid(error.reason)
            return None
        except VersionConflict as stale:
            return await self._show_conflict(stale)
        await close_dialog(self)
        await show_own_change(self, result.version)
        if result.step is None:
            return None
        undo_id = await remember_for_undo(self, [result.step])
        message = (
            texts.TICKET_MARKED_AS_DUPLICATE
            if self.editing == DUPLICATE
            else texts.ticket_field_changed(FIELDS[self.editing].label)
        )
        return w.toast(f"{page.ticket.number}: {message}", tone="green", undo_button_id=undo_id)

    async def _show_conflict(self, stale: VersionConflict) -> bridge.Events:
        """Show the current value; saving again replaces it."""
        if self.editing == DUPLICATE:
            self.error = stale.message
            return TicketPage.refresh
        self._original_value, self.is_plain_text = await bridge.read(
            self, read_field, self._ticket.id, self.editing
        )
        self.current_value = editable_text(self._original_value) or NO_VALUE
        self.error = texts.TICKET_EDIT_CONFLICT
        return None
