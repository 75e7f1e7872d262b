"""The comment, file or ticket that a requester edits in its place."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.errors import Invalid, RuleViolation, VersionConflict
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.field_values import field_label
from ticket_app.ui.pages.inline_editing import texts as editing_texts
from ticket_app.ui.pages.inline_editing.state import InlineEditor
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.ticket import editing
from ticket_app.ui.pages.portal.ticket.editing import EDITED_TEXTS
from ticket_app.ui.pages.portal.ticket.state import PortalTicket
from ticket_app.ui.pages.undo import remember_for_undo

TITLE_ID = "edited-title"
DESCRIPTION_ID = "edited-description"


class PortalEditor(InlineEditor, rx.State):
    """The comment, file or texts of the ticket being edited on the requester's page."""

    ticket_id: int = 0
    """The ticket whose title and description are in the open form."""
    title: str = ""
    description: str = ""

    _original_texts: dict[str, str] = {}

    def _close(self) -> None:
        super()._close()
        self.ticket_id = 0

    def _reload_page(self) -> bridge.Events:
        return PortalTicket.refresh

    def _show_texts(self, shown: dict[str, str]) -> None:
        self._original_texts = shown
        self.title, self.description = (shown[name] for name in EDITED_TEXTS)

    @bridge.event
    async def edit_ticket(self, ticket_id: int) -> bridge.Events:
        """Open the form with the title and the description of the ticket."""
        self._close()
        self._show_texts(await bridge.read(self, editing.read_texts, ticket_id))
        self.ticket_id = ticket_id
        return w.focus_on(DESCRIPTION_ID)

    @bridge.submission
    async def save_ticket(self, ticket_id: int, form: bridge.FormData) -> bridge.Events:
        """Save the texts, unless another person has changed them since the form was opened."""
        if ticket_id != self.ticket_id:
            return None
        changes = {
            "title": str(form.get(TITLE_ID, "")),
            "description": str(form.get(DESCRIPTION_ID, "")),
        }
        try:
            step = await bridge.write(
                self, editing.change_ticket, ticket_id, changes, self._original_texts
            )
        except VersionConflict:
            newer = await bridge.read(self, editing.read_texts, ticket_id)
            self._original_texts, self.newer_text = newer, "\n\n".join(newer.values())
            self.error = editing_texts.CONFLICT
            return None
        except Invalid as error:
            label = field_label(FIELDS[error.field])
            self.error = editing_texts.invalid_field(label, error.reason)
            return w.focus_on(TITLE_ID if error.field == "title" else DESCRIPTION_ID)
        except RuleViolation as error:
            self.error = error.message
            return None
        self._close()
        if step is None:
            return None
        number = (await self.get_state(PortalTicket)).number
        undo_id = await remember_for_undo(self, [step])
        return [
            PortalTicket.refresh,
            w.toast(texts.ticket_saved(number), tone="green", undo_button_id=undo_id),
        ]
