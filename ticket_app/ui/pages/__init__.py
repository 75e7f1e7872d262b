"""The pages, each a view and the state it shows."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import bridge
from ticket_app.ui.pages import admin, desk, portal, sign_in


def add_pages(app: rx.App) -> None:
    """Add every page of the web app, and close what Reflex opens on each state by itself."""
    sign_in.add_pages(app)
    portal.add_pages(app)
    desk.add_pages(app)
    admin.add_pages(app)
    bridge.seal()
