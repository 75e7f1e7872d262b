"""Components that every page contains and that stay mounted when the page changes."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui.components import page_commands
from ticket_app.ui.components.keyboard_shortcuts import KeyboardShortcuts
from ticket_app.ui.components.offline_feedback import OfflineFeedback
from ticket_app.ui.components.page_commands import PageCommands


def app_shell() -> rx.Component:
    """Return the components for page commands, keyboard shortcuts and offline feedback."""
    return rx.fragment(
        PageCommands.create(id=page_commands.ID),
        KeyboardShortcuts.create(),
        OfflineFeedback.create(),
    )
