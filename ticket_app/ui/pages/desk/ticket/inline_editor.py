"""The comment or file that staff edit in its place."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import bridge
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.pages.inline_editing.state import InlineEditor


class DeskEditor(InlineEditor, rx.State):
    """The comment or file being edited on the page for staff."""

    def _reload_page(self) -> bridge.Events:
        return TicketPage.refresh
