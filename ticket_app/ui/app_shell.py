"""Components that every page contains and that stay mounted when the page changes."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui.components import page_commands
from ticket_app.ui.components.browser_notifications import Alert, BrowserNotifications
from ticket_app.ui.components.installed_app import InstalledApp
from ticket_app.ui.components.keyboard_shortcuts import KeyboardShortcuts
from ticket_app.ui.components.offline_feedback import OfflineFeedback
from ticket_app.ui.components.page_commands import PageCommands


def app_shell(
    unread: rx.Var[int] | int,
    alerts: rx.Var[list[Alert]] | None = None,
    palette: rx.Component | None = None,
) -> rx.Component:
    """Return page commands, keyboard shortcuts, offline feedback and the installed app.

    `unread` is the number on the app's icon, `alerts` what the browser shows notifications of,
    `palette` the command palette.
    """
    return rx.fragment(
        PageCommands.create(id=page_commands.ID),
        KeyboardShortcuts.create(),
        OfflineFeedback.create(),
        InstalledApp.create(unread=unread),
        *([] if palette is None else [palette]),
        *([] if alerts is None else [BrowserNotifications.create(alerts=alerts)]),
    )
