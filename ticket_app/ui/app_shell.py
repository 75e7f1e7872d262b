"""What runs around every page, and stays when the page changes."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui.components import page_commands
from ticket_app.ui.components.keyboard_shortcuts import KeyboardShortcuts
from ticket_app.ui.components.offline_feedback import OfflineFeedback
from ticket_app.ui.components.page_commands import PageCommands


def app_shell() -> rx.Component:
    """Messages and commands of the server, shortcuts, and what a click while offline means."""
    return rx.fragment(
        PageCommands.create(id=page_commands.ID),
        KeyboardShortcuts.create(),
        OfflineFeedback.create(),
    )
