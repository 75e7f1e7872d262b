"""The comment or file that a requester edits in its place."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import bridge
from ticket_app.ui.pages.inline_editing.state import InlineEditor
from ticket_app.ui.pages.portal.ticket.state import PortalTicket


class PortalEditor(InlineEditor, rx.State):
    """The comment or file being edited on the requester's page."""

    def _reload_page(self) -> bridge.Events:
        return PortalTicket.refresh
